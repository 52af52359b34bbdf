import type { Alarm } from '../model/alarm.ts'
import type { Pool } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { t, timeFor } from '../text/index.ts'
import { TEXTS } from './texts.ts'

/**
 * Says that every health check passes, and what this means for the alarm. Call it for the verdict `healthy` only. If
 * the alarm's backend is no longer bound or probed, the text does not say that it has recovered.
 */
export function passingText(
  alarm: Alarm | null,
  pools: readonly Pool[],
  alive: number,
  language: Language,
): string {
  const word = alarm && isPassing(alarm, pools) ? wordFor(alarm) : 'passing'
  const began = alarm?.firstOccurredAt ?? null
  const of = began === null ? '' : t(TEXTS.ofTime, { time: timeFor(began, language) }, language)
  return t(TEXTS.recovery[word], { alive, of }, language)
}

function wordFor({ state, subject }: Alarm): keyof typeof TEXTS.recovery {
  const isAboutHealth = ABOUT_HEALTH.test(subject ?? '')
  if (state === 'resolved') return isAboutHealth ? 'confirmed' : 'passing'
  return isAboutHealth ? 'over' : 'perhaps'
}

/** UnhealthRsCount, Rspacketloss, RsPortStatusChange. The names differ between views (intake facts 2). */
const ABOUT_HEALTH = /unhealth|healthrs|health.?check|packetloss|rsport|健康检查/i

/** True if the alarm's listener and backend still exist and every matching target is Alive. */
function isPassing({ listener, backend }: Alarm, pools: readonly Pool[]): boolean {
  const port = listener?.port ?? null
  const meant = pools.filter((pool) => port === null || pool.port === port)
  const targets = meant
    .flatMap((pool) => pool.targets)
    .filter(({ ip }) => backend === null || ip === backend.ip)
  return targets.length > 0 && targets.every(({ status }) => status === 'Alive')
}
