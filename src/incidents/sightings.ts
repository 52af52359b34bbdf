import type { Alarm, Received } from '../model/alarm.ts'
import type { Counts, Diagnosis, Verdict } from '../model/diagnosis.ts'
import { isAboutHealth } from '../model/recovery.ts'

/**
 * `next`: the next look after its own. It is an event without a state, which no sender ends. `two`: two looks with a time
 * between, once a sender has ended another condition of the CLB. It is an alarm about health checks.
 */
export type Outvoted = 'next' | 'two'

/** What one alarm says and what was seen of its CLB at that time, in ms since the epoch. */
export interface Look {
  /** When it arrived. */
  readonly at: number
  /** When its last repeat arrived. */
  readonly until: number
  readonly state: Alarm['state']
  readonly policy: string
  /** What the policy watches: the metric, the listener and the backend. */
  readonly object: string
  /** Of the alarm. Absent in what an older version kept. */
  readonly identity?: string
  readonly firstOccurredAt: string | null
  /** By its sender, if that says that it is over. */
  readonly recoveredAt: string | null
  /** Which look that sees every backend healthy counts over it, if its recovery is missing. Left out: none. */
  readonly outvotedBy?: Outvoted
  readonly verdict: Verdict
  readonly counts: Pick<Counts, 'total' | 'alive' | 'dead'>
}

/** One firing of one alarm, with what was seen at its last repeat. */
export interface Sighting extends Omit<Look, 'state'> {
  /** True if its sender said that it is over. */
  readonly recovered: boolean
  /** False as long as only its recovery arrived. */
  readonly fired: boolean
}

/** Reads an alarm and the diagnosis that it led to. Fields are taken in a fixed order, because keys have none. */
export function look(
  { alarm, at, until }: Received,
  { verdict, pools }: Pick<Diagnosis, 'verdict' | 'pools'>,
): Look {
  const { state, firstOccurredAt, recoveredAt } = alarm
  const sum = (of: (counts: Counts) => number): number =>
    pools.reduce((total, { counts }) => total + of(counts), 0)
  return {
    at,
    until,
    state,
    ...namesOf(alarm),
    firstOccurredAt,
    recoveredAt,
    ...(alarm.isStateless
      ? { outvotedBy: 'next' as const }
      : isAboutHealth(alarm)
        ? { outvotedBy: 'two' as const }
        : {}),
    verdict,
    counts: {
      total: sum(({ total }) => total),
      alive: sum(({ alive }) => alive),
      dead: sum(({ dead }) => dead),
    },
  }
}

/** `policy` and `object` tell apart what has no identity. */
export const namesOf = (alarm: Alarm): Named => ({
  policy: alarm.policy.id ?? alarm.policy.name ?? '-',
  object: JSON.stringify([
    alarm.subject,
    alarm.listener?.port ?? null,
    alarm.listener?.protocol ?? null,
    alarm.backend?.ip ?? null,
    alarm.backend?.port ?? null,
    ...(alarm.source === 'alertmanager' ? [alarm.sessionId] : []),
  ]),
  ...(alarm.identity === undefined ? {} : { identity: alarm.identity }),
})

/** What `namesOf` wrote down. */
export function listenerAndBackendOf({
  object,
}: Pick<Sighting, 'object'>): Pick<Alarm, 'listener' | 'backend'> {
  const [, port, protocol, ip, ownPort] = JSON.parse(object) as [
    string | null,
    number | null,
    string | null,
    string | null,
    number | null,
  ]
  return {
    listener: port === null && protocol === null ? null : { port, protocol },
    backend: ip === null ? null : { ip, port: ownPort },
  }
}

/** The sightings of several lists, each once, as it was seen last. */
export function joined(lists: readonly (readonly Sighting[])[]): readonly Sighting[] {
  const latest = new Map<string, Sighting>()
  for (const one of lists.flat()) {
    const key = JSON.stringify([one.at, one.identity, one.policy, one.object, one.firstOccurredAt])
    const other = latest.get(key)
    if (!other || other.until < one.until || (other.until === one.until && one.recovered))
      latest.set(key, one)
  }
  return [...latest.values()]
}

export type Named = Pick<Look, 'policy' | 'object' | 'identity'>

/** The same condition. If only one of two has an identity, the other one is of an older version. */
export const isSame = (one: Named, other: Named): boolean =>
  one.identity !== undefined && other.identity !== undefined
    ? one.identity === other.identity
    : one.policy === other.policy && one.object === other.object

/** A condition that its sender was silent about for so long may be over. */
const SILENCE_MS = 24 * 60 * 60_000

/**
 * The last firing of each condition that its sender has not ended. A later firing takes the place of an earlier one. The
 * sender of an event without a state is always silent, so only a look ends it.
 */
export const stillFiring = (sightings: readonly Sighting[], now: number): readonly Sighting[] =>
  sightings.filter(
    (one) =>
      one.fired &&
      !one.recovered &&
      (now - one.until < SILENCE_MS || one.outvotedBy === 'next') &&
      !sightings.some((other) => other !== one && isSame(other, one) && isLater(other, one)),
  )

const isLater = (one: Sighting, other: Sighting): boolean =>
  (one.firstOccurredAt !== null && other.firstOccurredAt !== null
    ? Date.parse(one.firstOccurredAt) - Date.parse(other.firstOccurredAt)
    : one.at - other.at) > 0

/** True if only the recovery of a firing has arrived, without the time at which it began, and this firing is older. */
export const isEndOf = (one: Sighting, began: string | null): boolean =>
  !one.fired && one.firstOccurredAt === null && began !== null && began <= (one.recoveredAt ?? '')
