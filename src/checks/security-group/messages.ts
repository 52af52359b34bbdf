import type { Text } from '../../model/language.ts'
import { largest, type OrderConflict, type Outcome } from '../../rules/index.ts'
import type { ReasonText } from '../check.ts'
import { DETAILS, FIXES } from '../denial-texts.ts'

export const reasons = {
  'probe-blocked': {
    title: {
      'zh-CN': '安全组 {all} {blocks}健康检查探测（{service}）',
      en: 'Security group {all} {blocks} the health probe ({service})',
    },
    detail: DETAILS.group,
    fix: FIXES.group,
  },
  'probe-partly-blocked': {
    title: {
      'zh-CN': '安全组 {all} 只放行了部分健康检查探测源（{service}）',
      en: 'Security group {all} lets in only part of the probe sources ({service})',
    },
    detail: DETAILS.groupPart,
    fix: FIXES.group,
  },
  'order-dependent': {
    title: {
      'zh-CN': '结论取决于安全组的绑定顺序：{groups}',
      en: 'The verdict depends on the order of the bound groups: {groups}',
    },
    detail: {
      'zh-CN':
        '{count} 个后端绑定了多个安全组，换一个顺序结论就会不同（{conflict}）：{outcomes}。API 不保证返回的顺序就是生效顺序，本报告按返回顺序判断。',
      en: '{count|1 backend has|# backends have} several groups, and another order would give another verdict for {conflict}: {outcomes}. The API does not promise that the order it returns is the one in force; this report follows the returned order.',
    },
    fix: {
      'zh-CN': '在控制台核对该实例安全组的优先级，或把放行规则合并到同一个安全组。',
      en: "Check the groups' priority on the console, or bring the allowing rules into one group.",
    },
  },
} as const satisfies Record<string, ReasonText>

const VERDICTS: Readonly<Record<Outcome['verdict'], Text>> = {
  pass: { 'zh-CN': '放行', en: 'allowed' },
  block: { 'zh-CN': '拦截', en: 'denied' },
  partial: { 'zh-CN': '部分放行', en: 'allowed in part' },
  unknown: { 'zh-CN': '无法判断', en: 'cannot tell' },
}

/** What becomes of the addresses under either order, by which rule. */
export function outcomesText({ outcomes }: OrderConflict): Text {
  const all = (
    language: keyof Text,
    say: (first: string, verdict: string, rule: string) => string,
  ): string[] =>
    outcomes.map(({ first, outcome }) => {
      const by = largest(outcome.pieces)?.by
      return say(first, VERDICTS[outcome.verdict][language], `${by?.id} #${by?.index}: ${by?.words}`)
    })
  return {
    'zh-CN': all('zh-CN', (first, verdict, rule) => `先匹配 ${first} 则${verdict}（${rule}）`).join('，'),
    en: all('en', (first, verdict, rule) => `${verdict} with ${first} first (${rule})`).join(', '),
  }
}
