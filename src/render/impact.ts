import type { Diagnosis, Finding } from '../model/diagnosis.ts'
import { endpointOf, poolName } from '../model/endpoint.ts'
import { groupBy } from '../model/group-by.ts'
import type { Language, Text } from '../model/language.ts'
import { alarmStateOf, flaps } from '../model/recovery.ts'
import {
  backendsIn,
  isShut,
  isUnchecked,
  NOT_SERVING,
  type PoolRequests,
  requestsIn,
  VIP_BLOCKED,
  WELL,
  weightedOf,
} from '../model/requests.ts'
import { filled, lengthOf, sentences, t } from '../text/index.ts'
import { meanwhileLines } from './meanwhile.ts'
import { some } from './some.ts'
import { TEXTS } from './texts.ts'

// What requests meet now, from the findings about the CLB and the statuses and weights of its backends.

export const isFound = (findings: readonly Pick<Finding, 'code'>[], codes: readonly string[]): boolean =>
  findings.some(({ code }) => codes.includes(code))

export interface Impact {
  /** The state in a word, for the title. */
  readonly state: string
  /** One sentence on what requests meet. */
  readonly text: string
  /** True if no pool is known to fail its requests. */
  readonly isWell: boolean
  /** The sick pools if there are several, and what is known of the clients' own step. For a recovery: what mended it. */
  readonly more: readonly string[]
}

/** The impact of a diagnosis that could read its CLB. */
export function impactIn(diagnosis: Diagnosis, language: Language): Impact {
  const all = requestsIn(diagnosis)
  const sick = all.filter(({ kind }) => !WELL.includes(kind))
  const state = stateIn(diagnosis, sick)[language]
  const whole = wholeText(diagnosis)
  if (whole) return { state, isWell: false, text: whole[language], more: [] }
  const [worst] = sick
  if (!worst)
    return {
      state,
      isWell: true,
      text: wellText(diagnosis, all)[language],
      more: meanwhileLines(diagnosis, language),
    }
  const still =
    alarmStateOf(diagnosis) === 'recovered-dead'
      ? [t(TEXTS.impact.recoveredDead, { count: deadIn(diagnosis) }, language)]
      : []
  const lines = linesOf(sick, language)
  const own = clientsLines(sick, language)
  const rest = listenersBut(all, sick)
  if (lines.length === 1 && (sick.length === 1 || sick.every(isKnown))) {
    const well = rest > 0 ? [t(TEXTS.impact.rest, { count: rest }, language)] : []
    return {
      state,
      isWell: false,
      text: sentences([...still, lines[0] ?? ''], language),
      more: [...own, ...well],
    }
  }
  const text = severalText(sick, rest, language)
  return { state, isWell: false, text: sentences([...still, text], language), more: [...lines, ...own] }
}

/** How many listeners are sick, cannot be told, and are well. */
function severalText(sick: readonly PoolRequests[], rest: number, language: Language): string {
  const known = listenersOf(sick.filter(isKnown))
  const unclear = listenersOf(sick) - known
  const counted: Text =
    known === 0
      ? filled(TEXTS.impact.allUnclear, { count: unclear })
      : filled(TEXTS.impact.several, { count: known })
  const kinds =
    known > 0 && unclear > 0
      ? t(TEXTS.impact.someUnclear, { kinds: counted[language], count: unclear }, language)
      : counted[language]
  return rest > 0 ? t(TEXTS.impact.severalOf, { kinds, count: rest }, language) : kinds
}

/** Different Dead backends (address and port), of any weight. */
const deadIn = ({ pools }: Diagnosis): number => backendsIn(pools, ({ status }) => status === 'Dead').size

/** The pool serves nobody or has a Dead backend. Of the others it is only not known whether they serve. */
const isKnown = ({ pool, kind }: PoolRequests): boolean =>
  kind === 'stopped' || kind === 'weightless' || kind === 'empty' || pool.counts.dead > 0

const listenersOf = (impacts: readonly PoolRequests[]): number =>
  new Set(impacts.map(({ pool }) => pool.listenerId)).size

/** Listeners all of whose pools are well. */
function listenersBut(all: readonly PoolRequests[], sick: readonly PoolRequests[]): number {
  return listenersOf(all) - listenersOf(sick)
}

/** Some backends are healthy, and no client gets to any. */
const isCutOff = ({ pool, kind }: Pick<PoolRequests, 'pool' | 'kind'>): boolean =>
  kind === 'some' && pool.clients?.verdict === 'block'

/** What blocks the probes blocks all clients, too, and the line about the pool says so. */
const isClosed = (one: Pick<PoolRequests, 'pool' | 'kind'>): boolean => isShut(one) || isCutOff(one)

/** The sentence about one pool holds for all backends of several pools, too. */
const JOINED: readonly PoolRequests['kind'][] = [
  'stopped',
  'weightless',
  'empty',
  'machineless',
  'unanswered',
  'fallback',
]
const MOST_POOLS = 3

/** Pools that meet the same are one line. Of the others, pools with the same backends are. */
function linesOf(sick: readonly PoolRequests[], language: Language): readonly string[] {
  const alike = groupBy(sick, ({ pool, kind }) =>
    JSON.stringify([
      kind,
      isClosed({ pool, kind }),
      JOINED.includes(kind) ? '' : [...weightedOf(pool), pool.counts.zeroWeight],
    ]),
  )
  return [...alike.values()].map((own) => lineOf(own, language))
}

function lineOf(alike: readonly PoolRequests[], language: Language): string {
  const [first] = alike
  if (!first) return ''
  const { kind } = first
  const pools = some(
    alike.map(({ pool }) => poolName(pool)),
    MOST_POOLS,
    language,
  )
  const backends = new Set(alike.flatMap(({ pool }) => [...weightedOf(pool).keys()]))
  const count = JOINED.includes(kind) ? backends.size : first.count
  const words = isShut(first) ? 'shut' : isCutOff(first) ? 'cutOff' : kind
  return t(TEXTS.impact[words], { pool: pools, count }, language)
}

/** What the clients' own path says, once for all pools with the same text. */
function clientsLines(sick: readonly PoolRequests[], language: Language): readonly string[] {
  const told = sick.flatMap(({ pool, kind }) => {
    const { verdict = 'unknown', detail = '' } = pool.clients ?? {}
    // The details of the pool say why it is unknown.
    return verdict === 'unknown' || detail === '' || isClosed({ pool, kind }) ? [] : [{ pool, text: detail }]
  })
  const byText = groupBy(told, ({ text }) => text)
  return [...byText].map(([text, own]) =>
    byText.size === 1 && own.length === sick.length
      ? text
      : t(TEXTS.impact.clientsOf, { pools: own.map(({ pool }) => poolName(pool)), text }, language),
  )
}

/** What the whole CLB does, whatever its backends say. */
function wholeText({ findings }: Diagnosis): Text | null {
  const found = findings.find(({ code }) => NOT_SERVING.includes(code))
  if (found) return TEXTS.impact[found.certainty === 'certain' ? 'notServing' : 'maybeNotServing']
  const blocked = findings.find(({ code }) => code === VIP_BLOCKED)
  return blocked ? TEXTS.impact[blocked.certainty === 'certain' ? 'vipBlocked' : 'restricted'] : null
}

/** If no pool is sick: what the alarm and the look say. */
function wellText(diagnosis: Diagnosis, all: readonly PoolRequests[]): Text {
  const { verdict, recent } = diagnosis
  const count = new Set(all.flatMap(({ pool }) => pool.targets.map(endpointOf))).size
  if (isUnchecked(diagnosis)) return filled(TEXTS.impact.uncheckedAll, { count })
  if (verdict === 'inconclusive') return TEXTS.impact.unknown
  const alarm = alarmStateOf(diagnosis)
  if (recent && flaps(diagnosis))
    return filled(TEXTS.impact.flapping, { count, minutes: recent.minutes, firings: recent.firings })
  if (alarm === 'recovered') {
    const lasted = lastedOf(diagnosis)
    return lasted === null
      ? filled(TEXTS.impact.recovered, { count })
      : filled(TEXTS.impact.recoveredAfter, { count, length: lengthOf(lasted) })
  }
  if (
    alarm === 'firing-healthy' ||
    alarm === 'firing-other' ||
    alarm === 'gone' ||
    alarm === 'recovered-other'
  )
    return filled(TEXTS.impact[alarm], { count })
  return filled(TEXTS.impact.well, { count })
}

/** How long the alarm lasted, in seconds: until its sender's time of recovery, else until the look. */
export function lastedOf({ trigger, createdAt }: Pick<Diagnosis, 'trigger' | 'createdAt'>): number | null {
  const { firstOccurredAt = null, recoveredAt = null } = trigger.alarm ?? {}
  if (firstOccurredAt === null) return null
  const seconds = (Date.parse(recoveredAt ?? createdAt) - Date.parse(firstOccurredAt)) / 1000
  return seconds > 0 ? seconds : null
}

/** The state in a word. */
function stateIn(diagnosis: Diagnosis, sick: readonly PoolRequests[]): Text {
  const { findings, verdict } = diagnosis
  const own = ownState(diagnosis, sick)
  const isExpected = diagnosis.attention === 'none' && verdict !== 'healthy'
  if (own) return isExpected ? filled(TEXTS.state.expected, { state: own }) : own
  if (isUnchecked(diagnosis)) return TEXTS.state.unchecked
  if (verdict === 'inconclusive') return TEXTS.state.inconclusive
  const alarm = alarmStateOf(diagnosis)
  if (alarm === 'recovered' || alarm === 'recovered-other') return TEXTS.state.recovered
  if (diagnosis.trigger.alarm?.state === 'firing')
    return TEXTS.state[flaps(diagnosis) ? 'flapping' : 'firingHealthy']
  return TEXTS.state[findings.some(({ role }) => role === 'risk') ? 'atRisk' : 'healthy']
}

function ownState({ findings }: Diagnosis, sick: readonly PoolRequests[]): Text | null {
  if (isFound(findings, NOT_SERVING)) return TEXTS.state.notServing
  if (isFound(findings, [VIP_BLOCKED])) return TEXTS.state.vipBlocked
  const known = sick.filter(isKnown)
  const [worst, ...others] = known
  if (!worst) return sick.length > 0 ? TEXTS.state.inconclusive : null
  const listeners = listenersOf(known)
  if (others.length > 0)
    return listeners > 1
      ? filled(TEXTS.state.listeners, { count: listeners })
      : filled(TEXTS.state.rules, { count: known.length })
  if (worst.kind === 'stopped') return TEXTS.state.stopped
  if (worst.kind === 'weightless' || worst.kind === 'empty') return TEXTS.state[worst.kind]
  if (worst.kind === 'zeroDead') return filled(TEXTS.state.zeroDead, { count: worst.count })
  const weighted = [...weightedOf(worst.pool).values()]
  const dead = weighted.filter((status) => status === 'Dead').length
  return dead > 0 ? filled(TEXTS.state.dead, { dead, total: weighted.length }) : TEXTS.state.inconclusive
}
