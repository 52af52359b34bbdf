import type { Alarm } from '../model/alarm.ts'
import type { Pool } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { t, timeFor } from '../text/index.ts'

const TEXTS = {
  over: {
    'zh-CN': '{of}告警已经过去，现在 {alive} 个后端的健康检查全部正常',
    en: 'the alarm{of} is over: {alive|the one probed backend passes its health check|all # probed backends pass their health checks} now',
  },
  perhaps: {
    'zh-CN': '{of}告警如果与健康检查有关，已经过去：现在 {alive} 个后端的健康检查全部正常',
    en: 'if the alarm{of} was about health checks, it is over: {alive|the one probed backend passes its health check|all # probed backends pass their health checks} now',
  },
  confirmed: {
    'zh-CN': '确认已恢复，{alive} 个后端的健康检查全部正常',
    en: 'recovery confirmed, {alive|the one probed backend passes its health check|all # probed backends pass their health checks}',
  },
  passing: {
    'zh-CN': '{alive} 个后端的健康检查全部正常',
    en: '{alive|the one probed backend passes its health check|all # probed backends pass their health checks}',
  },
  of: { 'zh-CN': '{time}的', en: ' of {time}' },
} as const

/**
 * That every health check passes, and what this means for the alarm that asked; only where the verdict is `healthy`.
 * What the alarm is about is not taken for recovered where its checks were switched off or it is bound no more.
 */
export function passingText(
  alarm: Alarm | null,
  pools: readonly Pool[],
  alive: number,
  language: Language,
): string {
  const word = alarm && isPassing(alarm, pools) ? wordFor(alarm) : 'passing'
  const began = alarm?.firstOccurredAt ?? null
  const of = began === null ? '' : t(TEXTS.of, { time: timeFor(began, language) }, language)
  return t(TEXTS[word], { alive, of }, language)
}

function wordFor({ state, subject }: Alarm): keyof typeof TEXTS {
  const isAboutHealth = ABOUT_HEALTH.test(subject ?? '')
  if (state === 'resolved') return isAboutHealth ? 'confirmed' : 'passing'
  return isAboutHealth ? 'over' : 'perhaps'
}

/** UnhealthRsCount, Rspacketloss, RsPortStatusChange; names differ from view to view (intake facts 2). */
const ABOUT_HEALTH = /unhealth|healthrs|health.?check|packetloss|rsport|健康检查/i

/** All that the alarm is about, as far as it says so, is there, probed and Alive. */
function isPassing({ listener, backend }: Alarm, pools: readonly Pool[]): boolean {
  const port = listener?.port ?? null
  const meant = pools.filter((pool) => port === null || pool.port === port)
  const targets = meant
    .flatMap((pool) => pool.targets)
    .filter(({ ip }) => backend === null || ip === backend.ip)
  return targets.length > 0 && targets.every(({ status }) => status === 'Alive')
}
