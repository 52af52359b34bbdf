import type { Alarm } from '../model/alarm.ts'
import type { Counts, Diagnosis, Recent, Verdict } from '../model/diagnosis.ts'

// A repeat has the same policy, object and firstOccurTime. A new firstOccurTime, or a firing after a recovery, is another
// firing.

const MINUTE_MS = 60_000
const WINDOW_MS = 30 * MINUTE_MS
/** Without firstOccurTime, a firing this soon after the last one is a repeat. */
const REPEAT_MS = 5 * MINUTE_MS
/** The most sightings of one CLB. The oldest are dropped first. */
export const MOST_SIGHTINGS = 64

/** What one alarm says and what was seen of its CLB at that time, in ms since the epoch. */
export interface Look {
  readonly at: number
  readonly state: Alarm['state']
  readonly policy: string
  /** What the policy watches: the metric, the listener and the backend. */
  readonly object: string
  readonly firstOccurredAt: string | null
  readonly verdict: Verdict
  readonly counts: Pick<Counts, 'total' | 'alive' | 'dead'>
}

/** One firing of one alarm, with what was seen at its last repeat. */
export interface Sighting extends Omit<Look, 'state'> {
  /** The last time that its sender repeated it. */
  readonly until: number
  /** True if its sender said that it is over. */
  readonly recovered: boolean
  /** How many firings had begun by then. Null if another alarm had just begun to fire, and this one is its part. */
  readonly firing: number | null
  /** The beginning of the first of these firings. */
  readonly since: number
}

/** Reads an alarm and the diagnosis that it led to. Fields are taken in a fixed order, because keys have none. */
export function look(
  alarm: Alarm,
  { verdict, pools }: Pick<Diagnosis, 'verdict' | 'pools'>,
  at: number,
): Look {
  const { state, policy, subject, listener, backend, firstOccurredAt } = alarm
  const sum = (of: (counts: Counts) => number): number =>
    pools.reduce((total, { counts }) => total + of(counts), 0)
  return {
    at,
    state,
    policy: policy.id ?? policy.name ?? '-',
    object: JSON.stringify([
      subject,
      listener?.port ?? null,
      listener?.protocol ?? null,
      backend?.ip ?? null,
      backend?.port ?? null,
    ]),
    firstOccurredAt,
    verdict,
    counts: {
      total: sum(({ total }) => total),
      alive: sum(({ alive }) => alive),
      dead: sum(({ dead }) => dead),
    },
  }
}

/** The sightings of several lists, each once, as it was seen last. */
export function joined(lists: readonly (readonly Sighting[])[]): readonly Sighting[] {
  const latest = new Map<string, Sighting>()
  for (const one of lists.flat()) {
    const key = JSON.stringify([one.at, one.policy, one.object, one.firstOccurredAt])
    const other = latest.get(key)
    if (!other || other.until < one.until || (other.until === one.until && one.recovered))
      latest.set(key, one)
  }
  return [...latest.values()]
}

export interface Sighted {
  /** What to remember of the CLB. */
  readonly sightings: readonly Sighting[]
  /** Null for a recovery. */
  readonly recent: Recent | null
}

/** Adds a look to what is known of one CLB. Pure. */
export function see(known: readonly Sighting[], now: Look): Sighted {
  const live = known.filter(({ until }) => until >= now.at - WINDOW_MS).toSorted((a, b) => a.at - b.at)
  if (now.state === 'resolved')
    return {
      sightings: live.map((one) => (isEnded(one, now) ? { ...one, recovered: true } : one)),
      recent: null,
    }
  const repeated = live.findLast((one) => isRepeat(one, now))
  const sightings = repeated
    ? live.map((one) => (one === repeated ? repeatedAt(one, now) : one))
    : [...live, begun(live, now)].slice(-MOST_SIGHTINGS)
  return { sightings, recent: recentOf(sightings, now.at) }
}

type Named = Pick<Look, 'policy' | 'object'>

const isSame = (one: Named, other: Named): boolean =>
  one.policy === other.policy && one.object === other.object

const isEnded = (one: Sighting, recovery: Look): boolean =>
  isSame(one, recovery) &&
  (one.firstOccurredAt === null ||
    recovery.firstOccurredAt === null ||
    one.firstOccurredAt === recovery.firstOccurredAt)

function isRepeat(one: Sighting, now: Look): boolean {
  if (one.recovered || !isSame(one, now)) return false
  return one.firstOccurredAt === null || now.firstOccurredAt === null
    ? now.at - one.until <= REPEAT_MS
    : one.firstOccurredAt === now.firstOccurredAt
}

const repeatedAt = (one: Sighting, { at, verdict, counts }: Look): Sighting => ({
  ...one,
  until: Math.max(one.until, at),
  verdict,
  counts,
})

/** A firing that begins now. One trouble sets off the alarms of several listeners and backends at about the same time. */
function begun(live: readonly Sighting[], now: Look): Sighting {
  const { state: _, ...rest } = now
  const counted = live.filter(({ firing, at }) => firing !== null && at >= now.at - WINDOW_MS)
  const last = counted.at(-1)
  const isOwn = live.some((one) => isSame(one, now))
  const isPart = !isOwn && last !== undefined && now.at - last.at <= REPEAT_MS
  return {
    ...rest,
    until: now.at,
    recovered: false,
    firing: isPart ? null : counted.length + 1,
    since: Math.min(now.at, ...counted.map(({ at }) => at)),
  }
}

/** The last counted firing knows how many there were. */
function recentOf(sightings: readonly Sighting[], at: number): Recent {
  const last = sightings.findLast(({ firing }) => firing !== null)
  return {
    minutes: Math.max(1, Math.ceil((at - (last?.since ?? at)) / MINUTE_MS)),
    firings: last?.firing ?? 1,
  }
}
