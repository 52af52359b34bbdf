import type { DeliveryOutcome } from '../../model/incident.ts'
import type { Change, Put } from '../../store/index.ts'
import type { Outcome, Receiver } from '../receiver.ts'
import { type Entry, type Group, outboxOf, waiting } from './entry.ts'
import { backoff, DAY_MS, type LaneState, withFailure } from './plan.ts'
import { writtenLaneState } from './state.ts'

// What follows the outcome of an attempt. Pure.

/** Behind everything that is news. */
const LAST_RANK = 99

/** How telling one thing to one receiver ended, or stands. */
export interface LaneReport {
  readonly receiver: string
  readonly about: string
  readonly news: readonly string[]
  readonly outcome: DeliveryOutcome
  readonly attempts: number
  readonly at: number
  readonly reference?: string
  readonly ticket?: string
  readonly why?: string
}

export interface Ended {
  readonly change: Required<Pick<Change, 'put' | 'remove'>>
  /** Of what waits for another attempt, too. */
  readonly reports: readonly LaneReport[]
}

interface Attempted {
  readonly attempts: number
  readonly now: number
  /** How long the attempt took, in ms. */
  readonly tookMs: number
  readonly jitter: number
}

type NamedReceiver = {
  readonly name: string
  readonly receiver: Pick<Receiver, 'idempotent' | 'resendMs'>
}

/** What an outcome means for the entries and the lane. Pure. */
export function after(
  own: NamedReceiver,
  groups: readonly Group[],
  state: LaneState,
  outcome: Outcome,
  attempted: Attempted,
): Ended {
  const { now, jitter } = attempted
  const well = { ...state, away: null }
  const withLane = ({ change, reports }: Ended, next: LaneState): Ended => ({
    change: { ...change, put: [...change.put, writtenLaneState(own.name, next, now)] },
    reports,
  })
  switch (outcome.kind) {
    case 'delivered':
    case 'permanent':
      return withLane(over(own, groups, outcome, attempted), well)
    case 'unknown': {
      const isLast = (group: Group): boolean => !own.receiver.idempotent && unknownsOf(group) > 0
      const last = parked(own, groups.filter(isLast), outcome, attempted)
      const more = again(
        own,
        groups.filter((group) => !isLast(group)),
        outcome,
        attempted,
      )
      const change = { remove: [], put: [...last.change.put, ...more.change.put] }
      const ended = { change, reports: [...last.reports, ...more.reports] }
      return withLane(ended, withFailure(state, now, jitter))
    }
    case 'retry': {
      const isLimit = outcome.afterMs > 0
      // A limit is the receiver's, not the message's: whatever comes before its end makes it worse.
      const next = outcome.isOwn
        ? well
        : isLimit
          ? { ...well, heldUntil: now + Math.ceil(outcome.afterMs) }
          : withFailure(state, now, jitter)
      return withLane(again(own, groups, outcome, attempted), next)
    }
  }
}

/** An attempt that was cut off may have arrived. */
export const unknownsOf = ({ unknowns, isCutOff }: Group): number => unknowns + (isCutOff ? 1 : 0)

function over(
  { name, receiver }: NamedReceiver,
  groups: readonly Group[],
  outcome: Exclude<Outcome, { kind: 'retry' }>,
  { attempts, now }: Attempted,
): Ended {
  return {
    change: {
      remove: removalsOf(name, groups),
      put: outcome.kind === 'delivered' ? resendsOf(name, groups, receiver, now) : [],
    },
    reports: reportsOf(name, groups, outcome.kind, now, {
      attempts,
      ...(outcome.reason ? { why: outcome.reason } : {}),
      ...(outcome.kind === 'delivered' && outcome.reference ? { reference: outcome.reference } : {}),
      ...(outcome.kind === 'delivered' && outcome.ticket ? { ticket: outcome.ticket } : {}),
    }),
  }
}

/** After the last retry that the receiver allows. */
const SPENT_MS = 30_000

/** An attempt that took so long found a receiver that hangs. Its one repeat is not spent while it still does. */
const HANGS_MS = 3_000
const HANGING_MS = 60_000

function again(
  { name, receiver }: NamedReceiver,
  groups: readonly Group[],
  outcome: Extract<Outcome, { kind: 'retry' | 'unknown' }>,
  { attempts, now, jitter, tookMs }: Attempted,
): Ended {
  const { afterMs = 0, retries = attempts } = outcome.kind === 'retry' ? outcome : {}
  const hangs = outcome.kind === 'unknown' && !receiver.idempotent && tookMs >= HANGS_MS
  const wait = Math.max(
    Math.ceil(afterMs),
    backoff(attempts, jitter),
    attempts > retries ? SPENT_MS : 0,
    hangs ? HANGING_MS : 0,
  )
  const isLimit = afterMs > 0
  const isUntried = outcome.kind === 'retry' && (outcome.isUntried ?? false)
  const changed = (group: Group): Partial<Entry> => ({
    attempts: group.attempts + 1,
    unknowns: unknownsOf(group) + (outcome.kind === 'unknown' ? 1 : 0),
    why: outcome.reason,
    ...(isUntried ? {} : { triedAt: now }),
    state: isLimit ? limitedStateOf(group, now) : stateOf(group, now),
  })
  return {
    change: {
      remove: [],
      put: groups.flatMap((group) =>
        putsOf(name, group, changed(group), isLimit ? now + wait : nextAt(group, wait, now)),
      ),
    },
    reports: reportsOf(name, groups, 'waiting', now, { attempts, why: outcome.reason }),
  }
}

/**
 * It may have arrived twice, so it is not sent a third time until something else shows that the receiver is back. It ends
 * as unknown for now, and for good after a day.
 */
const parked = (
  { name }: NamedReceiver,
  groups: readonly Group[],
  outcome: Extract<Outcome, { kind: 'unknown' }>,
  { attempts, now }: Attempted,
): Ended => ({
  change: {
    remove: [],
    put: groups.flatMap((group) =>
      putsOf(
        name,
        group,
        {
          attempts: group.attempts + 1,
          unknowns: unknownsOf(group) + 1,
          why: outcome.reason,
          state: 'missed',
        },
        Math.max(now, group.takenAt) + DAY_MS,
      ),
    ),
  },
  reports: reportsOf(name, groups, 'unknown', now, { attempts, why: outcome.reason }),
})

/** The receiver is back, so it hears what it may not have heard. `told`: what it has just been told. */
export const parkedPuts = (
  name: string,
  all: readonly Group[],
  told: readonly Group[],
  now: number,
): readonly Put[] =>
  all
    .filter((group) => isParked(group, now) && told.every(({ about }) => about !== group.about))
    .flatMap((group) => putsOf(name, group, {}, now))

/**
 * The receiver asked for silence. What waits behind the message that it was asked with is not tried for longer than a day
 * either.
 */
export const outdatedPuts = (
  name: string,
  all: readonly Group[],
  tried: readonly Group[],
  outcome: Outcome,
  now: number,
): readonly Put[] =>
  outcome.kind === 'retry' && outcome.afterMs > 0
    ? all
        .filter((group) => isOutdated(group, now) && tried.every(({ about }) => about !== group.about))
        .flatMap((group) => putsOf(name, group, { state: 'missed' }, group.nextAt))
    : []

const isOutdated = ({ isMissed, takenAt, nextAt }: Group, now: number): boolean =>
  !isMissed && nextAt <= now && now - takenAt >= DAY_MS

const isParked = ({ isMissed, unknowns, nextAt }: Group, now: number): boolean =>
  isMissed && unknowns > 1 && nextAt > now

/** A receiver that answers misses nothing, but a message is not tried for longer than a day. */
const limitedStateOf = ({ isMissed, takenAt }: Group, now: number): Entry['state'] =>
  isMissed || now - takenAt >= DAY_MS ? 'missed' : 'waiting'

/** The last attempt of a message of its own comes at its deadline, not before. */
const nextAt = ({ deadline }: Group, wait: number, now: number): number =>
  now < deadline ? Math.min(now + wait, Math.max(deadline, now + 1)) : now + wait

const stateOf = ({ deadline }: Group, now: number): Entry['state'] => (now >= deadline ? 'missed' : 'waiting')

export const putsOf = (
  name: string,
  { entries }: Group,
  change: Partial<Entry>,
  at: number,
): readonly Put[] =>
  entries.map(({ id, entry }) => ({
    collection: outboxOf(name),
    id,
    value: JSON.stringify({ ...entry, ...change }),
    at,
  }))

/** The same once more later, for a receiver that forgets. It is no news. */
const resendsOf = (
  name: string,
  groups: readonly Group[],
  { resendMs }: Pick<Receiver, 'resendMs'>,
  now: number,
): readonly Put[] =>
  resendMs === undefined
    ? []
    : groups.map(({ about }) =>
        waiting(
          name,
          `${about}:again`,
          { about, news: [], rank: LAST_RANK, takenAt: now, deadline: now + resendMs },
          now + resendMs,
        ),
      )

export const removalsOf = (name: string, groups: readonly Group[]) =>
  groups.flatMap(({ entries }) => entries.map(({ id }) => ({ collection: outboxOf(name), id })))

export const reportsOf = (
  receiver: string,
  groups: readonly Group[],
  outcome: DeliveryOutcome,
  at: number,
  more: Pick<LaneReport, 'why'> & Partial<Pick<LaneReport, 'attempts' | 'reference' | 'ticket'>> = {},
): readonly LaneReport[] =>
  groups.map(({ about, news, attempts }) => ({
    receiver,
    about,
    news,
    outcome,
    attempts,
    at,
    ...more,
  }))
