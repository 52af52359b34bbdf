import type { Recent } from '../model/diagnosis.ts'
import { type Named, type Sighting, stillFiring } from './sightings.ts'

// How many times the trouble of a CLB began. Times are those of the alarms: an alarm can wait on its way, and one look can
// serve several. Only the distance between such times counts, so a sender's clock may be wrong. All is computed anew from
// the sightings, so their order of arrival does not matter.

const MINUTE_MS = 60_000
export const WINDOW_MS = 30 * MINUTE_MS
/** One trouble sets off the alarms of several listeners and backends within this time. */
const PART_MS = 5 * MINUTE_MS

/** A firing with its parts. */
interface Round {
  readonly first: Sighting
  readonly began: number
  readonly objects: Set<string>
}

/** When a firing began, by the clock of its sender. A time in the future is that of a wrong clock: then the arrival. */
export function beganAt({ firstOccurredAt, at }: Pick<Sighting, 'firstOccurredAt' | 'at'>): number {
  const own = firstOccurredAt === null ? at : Date.parse(firstOccurredAt)
  return Math.min(own, at)
}

const nameOf = ({ identity, policy, object }: Named): string => identity ?? JSON.stringify([policy, object])

/** True if it was first heard of so long after it began that only its sender knows when that was. */
const isOld = (one: Sighting): boolean => one.at - beganAt(one) > WINDOW_MS

function roundsOf(sightings: readonly Sighting[]): readonly Round[] {
  const rounds: Round[] = []
  const known = new Set<string>()
  for (const one of sightings.toSorted((a, b) => beganAt(a) - beganAt(b) || a.at - b.at)) {
    if (!one.fired) continue
    const name = nameOf(one)
    const last = rounds.at(-1)
    const isSoon = last !== undefined && beganAt(one) - last.began <= PART_MS
    const isHearsay = last !== undefined && isOld(one) && !known.has(name)
    if (last && !last.objects.has(name) && (isSoon || isHearsay)) last.objects.add(name)
    else rounds.push({ first: one, began: beganAt(one), objects: new Set([name]) })
    known.add(name)
  }
  return rounds
}

/** How often it fired within the half hour before the last firing, that one included, and since when. */
export function recentOf(sightings: readonly Sighting[], now: number): Recent {
  const rounds = roundsOf(sightings)
  const last = rounds.at(-1)
  if (!last) return { minutes: 1, firings: 1 }
  const counted = rounds.filter(({ began }) => last.began - began <= WINDOW_MS)
  const between = last.began - (counted[0]?.began ?? last.began)
  // A clock that is half an hour off tells the time between firings, but not the time until now.
  const since = isOld(last.first) ? last.first.at : last.began
  return {
    minutes: Math.max(1, Math.ceil((between + now - since) / MINUTE_MS)),
    firings: counted.length,
  }
}

/**
 * The sightings of the last half hour, those that their firings are counted with, and the conditions that still fire. Of more than `most` the oldest go,
 * first those that only add to a firing that another one began.
 */
export function retained(sightings: readonly Sighting[], now: number, most: number): readonly Sighting[] {
  const dated = sightings.map((one) => ({ one, began: beganAt(one), isLive: one.until >= now - WINDOW_MS }))
  const live = dated.filter(({ isLive }) => isLive).map(({ began }) => began)
  const isCounted = (began: number): boolean =>
    live.some((later) => later >= began && later - began <= WINDOW_MS)
  const open = new Set(stillFiring(sightings, now))
  const kept = dated
    .filter(({ one, isLive, began }) => isLive || isCounted(began) || open.has(one))
    .map(({ one }) => one)
    .toSorted((a, b) => a.at - b.at)
  if (kept.length <= most) return kept
  const first = new Set(roundsOf(kept).map((round) => round.first))
  const excess = kept.length - most
  const spare = kept.filter((one) => !first.has(one)).slice(0, excess)
  const gone = new Set([...spare, ...kept.filter((one) => first.has(one)).slice(0, excess - spare.length)])
  return kept.filter((one) => !gone.has(one))
}
