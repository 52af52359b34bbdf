import { REPEAT_MS } from '../model/alarm.ts'
import type { Recent } from '../model/diagnosis.ts'
import { recentOf, retained } from './rounds.ts'
import { isEndOf, isSame, type Look, type Sighting } from './sightings.ts'

// A repeat has the same policy, object and firstOccurTime. A new firstOccurTime, or a firing after a recovery, is another
// firing.

/** The most sightings of one CLB. */
export const MOST_SIGHTINGS = 64

export interface Sighted {
  /** What to remember of the CLB. */
  readonly sightings: readonly Sighting[]
  /** Null for a recovery. */
  readonly recent: Recent | null
}

/** Adds a look to what is known of one CLB. Pure. */
export function see(known: readonly Sighting[], now: Look): Sighted {
  const live = retained(known, now.at, MOST_SIGHTINGS)
  if (now.state === 'resolved')
    return { sightings: retained(ended(live, now), now.until, MOST_SIGHTINGS), recent: null }
  const repeated = live.findLast((one) => isRepeat(one, now))
  if (repeated)
    return sighted(
      live.map((one) => (one === repeated ? repeatedAt(one, now) : one)),
      now,
    )
  // As some were dropped, it may be a repeat of one of those.
  const isDoubtful = now.firstOccurredAt === null && live.length >= MOST_SIGHTINGS
  if (isDoubtful && !live.some((one) => isSame(one, now))) return sighted(live, now)
  const { state: _, ...rest } = now
  return sighted([...live, { ...rest, recovered: false, fired: true }], now)
}

function sighted(all: readonly Sighting[], { until }: Look): Sighted {
  const sightings = retained(all, until, MOST_SIGHTINGS)
  return { sightings, recent: recentOf(sightings, until) }
}

/** The sightings after a recovery. If its firing is still on its way, the recovery is kept in its place. */
function ended(live: readonly Sighting[], recovery: Look): readonly Sighting[] {
  const { state: _, ...rest } = recovery
  if (recovery.recoveredAt !== null && !live.some((one) => isEnded(one, recovery)))
    return [...live, { ...rest, recovered: true, fired: false }]
  const { recoveredAt } = recovery
  return live.map((one) => (isEnded(one, recovery) ? { ...one, recovered: true, recoveredAt } : one))
}

const isEnded = (one: Sighting, recovery: Look): boolean =>
  isSame(one, recovery) &&
  (one.firstOccurredAt === null ||
    recovery.firstOccurredAt === null ||
    one.firstOccurredAt === recovery.firstOccurredAt)

function isRepeat(one: Sighting, now: Look): boolean {
  if (!isSame(one, now)) return false
  if (isEndOf(one, now.firstOccurredAt)) return true
  if (one.firstOccurredAt !== null && now.firstOccurredAt !== null)
    // Its sender says when the firing was over, so this alarm of the same firing only took longer.
    return one.firstOccurredAt === now.firstOccurredAt && (!one.recovered || one.recoveredAt !== null)
  return !one.recovered && Math.max(one.at - now.until, now.at - one.until) <= REPEAT_MS
}

const repeatedAt = (
  one: Sighting,
  { at, until, identity, firstOccurredAt, verdict, counts }: Look,
): Sighting => ({
  ...one,
  ...(identity === undefined ? {} : { identity }),
  at: one.fired ? Math.min(one.at, at) : at,
  until: Math.max(one.until, until),
  firstOccurredAt: one.firstOccurredAt ?? firstOccurredAt,
  fired: true,
  verdict,
  counts,
})
