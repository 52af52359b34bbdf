import type { Change } from '../../model/diagnosis.ts'
import type { Language, Text } from '../../model/language.ts'
import { timeFor } from '../../text/time.ts'
import type { ReasonText } from '../check.ts'

export const reasons = {
  'before-onset': {
    title: {
      'zh-CN': '{resource} 在异常发生前 {ago}被改动',
      en: '{resource} was changed {ago} before the trouble began',
    },
    detail: {
      'zh-CN':
        '{changes}。它在 {count} 个异常后端的探测路径上。时间在前不等于就是原因，请核对这次改了什么。{doubt}',
      en: '{changes}. It is on the way of the probes to {count|1 dead backend|# dead backends}. Coming before is no proof: see what it changed.{doubt}',
    },
    fix: null,
  },
} as const satisfies Record<string, ReasonText>

/** Who, from where, which action and when; of a rule's own time, that and the rule. */
export function changesText(changes: readonly Change[]): Text {
  const all = (language: Language, join: string): string =>
    changes.map((change) => said(change, language)).join(join)
  return { 'zh-CN': all('zh-CN', '；'), en: all('en', '; ') }
}

function said({ event, actor, sourceIp, at, resource }: Change, language: Language): string {
  const time = timeFor(at, language)
  const { ruleIndex } = resource
  if (typeof ruleIndex === 'number')
    return language === 'en' ? `rule ${ruleIndex}: ${event} ${time}` : `规则 ${ruleIndex}：${event} ${time}`
  return language === 'en'
    ? `${event}${actor === undefined ? '' : ` by ${actor}`}${sourceIp === undefined ? '' : ` from ${sourceIp}`} at ${time}`
    : `${actor ?? '未知操作者'}${sourceIp === undefined ? '' : `（来源 ${sourceIp}）`}于 ${time} 执行 ${event}`
}
