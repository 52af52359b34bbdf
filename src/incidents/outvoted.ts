import { TIMES } from './incident.ts'
import { isSame, type Named, type Sighting, stillFiring } from './sightings.ts'

// What we see ourselves counts over a recovery that is missing. A sender can lose it, and an event without a state has none.

/** What a look saw of a CLB, and what is known of it. */
export interface Vote {
  readonly now: number
  /** It saw every backend healthy, or that the CLB does not exist. */
  readonly isHealthy: boolean
  /** Since when all looks before it have. */
  readonly healthySince: number | undefined
  /** When a sender said last, before it, that a condition of the CLB is over. */
  readonly endHeardAt: number | undefined
  /** The conditions of the alarms that led to it. */
  readonly heard: readonly Named[]
  /** Those that their senders say are over. */
  readonly ended: readonly Named[]
}

export interface Counted {
  /** The outvoted ones are over. */
  readonly sightings: readonly Sighting[]
  /** Something fired, and all of it is outvoted. */
  readonly isOutvoted: boolean
  /** Something fires, and a later look can outvote all of it. */
  readonly isLeftToLooks: boolean
  /** A sender says now that a condition is over, and it does not fire again. */
  readonly hasHeardEnd: boolean
}

/** Pure. */
export function outvote(sightings: readonly Sighting[], given: Vote): Counted {
  const open = stillFiring(sightings, given.now)
  const hasHeardEnd = given.ended.some((one) => !open.some((other) => isSame(other, one)))
  const vote = hasHeardEnd ? { ...given, endHeardAt: given.now } : given
  const over = new Set(open.filter((one) => isOutvoted(one, vote)))
  const left = open.filter((one) => !over.has(one))
  return {
    sightings:
      over.size === 0
        ? sightings
        : sightings.map((one) => (over.has(one) ? { ...one, recovered: true } : one)),
    isOutvoted: over.size > 0 && left.length === 0,
    isLeftToLooks: left.length > 0 && left.every((one) => isOpenToLooks(one, vote)),
    hasHeardEnd,
  }
}

const isHeardNow = (one: Sighting, { heard }: Vote): boolean => heard.some((own) => isSame(one, own))

/** A metric alarm may fire on over backends that are healthy now, unless the end of another one was heard after it. */
const isOpenToLooks = ({ outvotedBy, until }: Sighting, { endHeardAt = 0 }: Vote): boolean =>
  outvotedBy === 'next' || (outvotedBy === 'two' && endHeardAt >= until)

function isOutvoted(one: Sighting, vote: Vote): boolean {
  if (!vote.isHealthy || isHeardNow(one, vote) || !isOpenToLooks(one, vote)) return false
  const since = Math.max(one.until, vote.healthySince ?? vote.now)
  return one.outvotedBy === 'next' || vote.now - since >= TIMES.outvote
}
