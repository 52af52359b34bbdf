import { isOfOtherTime } from '../../checks/index.ts'
import type { Gap } from '../../model/diagnosis.ts'
import { endpointOf } from '../../model/endpoint.ts'
import type { Language } from '../../model/language.ts'
import {
  type EvaluatedPool,
  type EvaluatedTarget,
  type Paths,
  reasonsOf,
  reportOf,
} from '../../path/index.ts'
import { isEmpty, toCidrs, union } from '../../rules/index.ts'
import { listed, sentences, type TimeZone, t, timeFor } from '../../text/index.ts'
import { notSeenText, observedText } from '../unknown/index.ts'
import { commandsFor, type TargetKind } from './by-hand.ts'
import { type ProbeKind, sendCommand } from './send.ts'
import { TEXTS } from './texts.ts'

/**
 * What a look inside a machine left:
 * - `unlooked`: nobody looked
 * - `passes`: everything inside lets all probes through and answers
 * - `stopped`: something inside stops some of them
 * - `same`: something inside would stop all of them, and healthy backends or connections of probes refute it
 * - `open`: something inside could not be read or understood
 */
export type Look = 'unlooked' | 'passes' | 'stopped' | 'same' | 'open'

export function lookOf(target: EvaluatedTarget): Look {
  const { guest } = target
  if (!guest) return 'unlooked'
  if (guest.parts.some(({ outcome }) => outcome === 'unknown')) return 'open'
  const isAnyStopped = guest.parts.some(({ outcome }) => outcome !== 'ok')
  if (!isAnyStopped || reasonsOf(target).length === 0) return 'passes'
  // A target without a cause is asked about here. What stops all of its probes is a cause unless something refutes it.
  return guest.parts.some(({ outcome }) => outcome === 'ok') ? 'stopped' : 'same'
}

interface Looked {
  readonly kind: TargetKind
  readonly probe: ProbeKind
  readonly look: Exclude<Look, 'unlooked'>
  readonly own: readonly EvaluatedTarget[]
  /** What else leaves the way to these targets open. */
  readonly subjects: readonly string[]
  /** The calls about them that failed. */
  readonly actions: readonly string[]
}

/** Dead targets without a cause, whose machines somebody looked into. */
export function lookedGap(
  pool: EvaluatedPool,
  { kind, probe, look, own, subjects, actions }: Looked,
  paths: Paths,
  language: Language,
  zone: TimeZone,
): Gap {
  const texts = TEXTS.looked
  const params = {
    count: own.length,
    targets: own.map(endpointOf),
    at: lookedAt(own, paths, language, zone),
    subjects: [...subjects, ...actions],
    notSeen: notSeenOn(own, language),
  }
  const isAnswering = probe === 'http' || probe === 'grpc' || probe === 'custom'
  const outside =
    subjects.length + actions.length > 0
      ? texts.outside.open
      : texts.outside[isAnswering ? 'answers' : 'passes']
  const seen = observedOn(own, language)
  const why = [
    ...(look === 'open' && seen.length > 0
      ? [t(texts.observed, { ...params, seen }, language)]
      : [t(texts[look], params, language)]),
    ...(look === 'open' ? [] : [...seenTexts(own, language), t(outside, params, language)]),
    ...(own.some(({ guest }) => guest?.facts.isComplete === false) ? [texts.cut[language]] : []),
    ...(own.some(isOfRange) ? [texts.firstPort[language]] : []),
    ...(own.some((target) => isOfOtherTime(target, paths)) ? [texts.stale[language]] : []),
  ]
  return {
    what: t(TEXTS.gaps.unexplained.what, params, language),
    why: sentences(why, language),
    byHand:
      look === 'open' && seen.length === 0
        ? commandsFor(kind, pool, own, paths, language)
        : own
            .slice(0, 1)
            .flatMap((target) => sendCommand(pool, target, TEXTS.where.neighbour[language], language)),
  }
}

const isOfRange = ({ plan }: EvaluatedTarget): boolean => plan.kind === 'probe' && plan.endPort !== null

/** The earliest of the looks. */
function lookedAt(
  own: readonly EvaluatedTarget[],
  { snapshot }: Paths,
  language: Language,
  zone: TimeZone,
): string {
  const times = own.flatMap((target) => reportOf(snapshot, target)?.at ?? []).sort()
  return timeFor(times[0] ?? '', language, zone)
}

/** What could not be read, and what could not be told from it. */
function notSeenOn(own: readonly EvaluatedTarget[], language: Language): readonly string[] {
  const guests = own.flatMap(({ guest }) => guest ?? [])
  const unread = guests.flatMap(({ notSeen }) => notSeen.map((one) => notSeenText(one, language)))
  const unclear = guests.flatMap(({ parts }) =>
    parts.flatMap(({ outcome, decidedBy }) => (outcome === 'unknown' ? (decidedBy ?? []) : [])),
  )
  const all = [...new Set([...unread, ...unclear])]
  return all.length > 0 ? all : [TEXTS.looked.nothing[language]]
}

/** What connections show where all that was evaluated passes. */
const observedOn = (own: readonly EvaluatedTarget[], language: Language): readonly string[] => [
  ...new Set(
    own.flatMap(({ path }) =>
      path.flatMap(({ notes }) =>
        notes.flatMap((note) => (note.code === 'guest-observed' ? [observedText(note, language)] : [])),
      ),
    ),
  ),
]

/** Connections with probes that the machines show. */
function seenTexts(own: readonly EvaluatedTarget[], language: Language): readonly string[] {
  const peersIn = (of: 'connected' | 'halfOpen'): readonly string[] => {
    const sets = own.flatMap(({ guest }) => (guest && !isEmpty(guest.seen[of]) ? guest.seen[of] : []))
    return sets.length === 0 ? [] : toCidrs(sets.reduce(union))
  }
  return (['connected', 'halfOpen'] as const).flatMap((of) => {
    const peers = peersIn(of)
    return peers.length > 0 ? [t(TEXTS.looked.seen[of], { peers: listed(peers, language) }, language)] : []
  })
}
