import type { Diagnosis, Finding, Pool, TargetStatus } from '../model/diagnosis.ts'
import { poolName } from '../model/endpoint.ts'
import type { Language, Text } from '../model/language.ts'
import { t } from '../text/index.ts'
import { TEXTS } from './texts.ts'

/** With one of these findings the whole CLB forwards nothing. */
export const NOT_SERVING = ['isolated', 'stopped', 'creating'].map(
  (reason) => `load-balancer-state/${reason}`,
)

export const isFound = (findings: readonly Pick<Finding, 'code'>[], codes: readonly string[]): boolean =>
  findings.some(({ code }) => codes.includes(code))

const stoppedListeners = (findings: readonly Finding[]): ReadonlySet<string> =>
  new Set(
    findings
      .filter(({ code }) => code === 'load-balancer-state/listener-stopped')
      .flatMap(({ resources }) => resources.map(({ id }) => id)),
  )

/** The verdict in a word. It says so if the CLB serves nothing, or if one listener of several is down. */
export function stateOf({ verdict, findings, pools }: Diagnosis): Text {
  const stopped = stoppedListeners(findings)
  const isIdle =
    isFound(findings, NOT_SERVING) ||
    (pools.length > 0 && pools.every(({ listenerId }) => stopped.has(listenerId)))
  if (isIdle) return TEXTS.titles.notServing
  const isPartly =
    verdict === 'down' && pools.some(({ fallback, targets }) => !fallback && targets.length > 0)
  return isPartly ? TEXTS.titles.partlyDown : TEXTS.verdicts[verdict]
}

/** What CLB does with requests now, by its findings and by the statuses and weights of its backends. */
export function trafficOf({ findings, pools }: Diagnosis, language: Language): readonly string[] {
  if (isFound(findings, NOT_SERVING)) return [t(TEXTS.words.trafficNotServing, {}, language)]
  const blocked = findings.find(({ code }) => code === 'load-balancer-state/vip-blocked')
  if (blocked)
    return [
      t(
        TEXTS.words[blocked.certainty === 'certain' ? 'trafficVipBlocked' : 'trafficRestricted'],
        {},
        language,
      ),
    ]
  const stopped = stoppedListeners(findings)
  return pools
    .filter(({ targets }) => targets.length > 0)
    .map((pool) => {
      const [word, count] = stopped.has(pool.listenerId)
        ? (['trafficListenerStopped', 0] as const)
        : trafficWord(pool)
      return t(TEXTS.words[word], { pool: poolName(pool), count }, language)
    })
}

type TrafficWord = Extract<keyof typeof TEXTS.words, `traffic${string}`>

function trafficWord({ counts, fallback, targets }: Pool): readonly [TrafficWord, number] {
  const weighted = targets.filter(({ weight }) => weight > 0)
  const having = (...statuses: readonly TargetStatus[]): number =>
    weighted.filter(({ status }) => statuses.includes(status)).length
  // `zeroWeight` does not count unread weights, although a target shows them as 0.
  const isWeightUnread = targets.length - weighted.length > counts.zeroWeight
  const isStatusUnread = weighted.some(
    ({ status, statusDetail }) => status === 'Unknown' && statusDetail !== undefined,
  )
  if (isWeightUnread || isStatusUnread) return ['trafficUnread', 0]
  if (fallback) return [counts.zeroWeight > 0 ? 'trafficFallbackExcept' : 'trafficFallback', weighted.length]
  if (weighted.length === 0) return ['trafficNone', 0]
  const [alive, off] = [having('Alive'), having('Close')]
  if (off === weighted.length) return ['trafficUnchecked', off]
  if (off > 0) return ['trafficSomeUnchecked', alive + off]
  if (alive > 0) return [alive < weighted.length ? 'trafficSome' : 'trafficAll', alive]
  return [having('Dead') > 0 ? 'trafficHalfPending' : 'trafficPending', having('Unknown')]
}
