import type { DeliveryOutcome } from '../../model/incident.ts'
import type { Change, Put } from '../../store/index.ts'
import type { Outcome, Receiver } from '../receiver.ts'
import { type Entry, type Group, outboxOf } from './entry.ts'
import { backoff, type LaneState, withFailure } from './plan.ts'
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
  readonly why?: string
}

export interface Ended {
  readonly change: Change
  readonly reports: readonly LaneReport[]
  /** Nothing more is tried. */
  readonly isOver: boolean
}

/** What an outcome means for the entries and the lane. Pure. */
export function after(
  { name, receiver }: { readonly name: string; readonly receiver: Pick<Receiver, 'idempotent' | 'resendMs'> },
  groups: readonly Group[],
  state: LaneState,
  outcome: Outcome,
  { attempts, now, jitter }: { readonly attempts: number; readonly now: number; readonly jitter: number },
): Ended {
  const over = (kind: DeliveryOutcome, next: LaneState): Ended => ({
    change: {
      remove: removalsOf(name, groups),
      put: [
        writtenLaneState(name, next, now),
        ...(kind === 'delivered' ? resendsOf(name, groups, receiver, now) : []),
      ],
    },
    reports: reportsOf(name, groups, kind, now, {
      attempts,
      ...(outcome.reason ? { why: outcome.reason } : {}),
      ...(outcome.kind === 'delivered' && outcome.reference ? { reference: outcome.reference } : {}),
    }),
    isOver: true,
  })
  const again = (
    next: LaneState,
    at: (group: Group) => number,
    entry: (group: Group) => Partial<Entry>,
  ): Ended => ({
    change: {
      put: [
        ...groups.flatMap((group) => putsOf(name, group, { attempts, ...entry(group) }, at(group))),
        writtenLaneState(name, next, now),
      ],
    },
    reports: reportsOf(name, groups, 'waiting', now, { attempts }),
    isOver: false,
  })
  const well = { ...state, away: null }
  const why = outcome.reason ?? ''
  switch (outcome.kind) {
    case 'delivered':
      return over('delivered', well)
    case 'permanent':
      return over('permanent', well)
    case 'unknown': {
      const unknowns = Math.max(...groups.map((group) => group.unknowns)) + 1
      const next = withFailure(state, now, jitter)
      if (!receiver.idempotent && unknowns > 1) return over('unknown', next)
      return again(
        next,
        (group) => nextAt(group, backoff(attempts, jitter), now),
        (group) => ({
          unknowns,
          why,
          state: stateOf(group, now),
        }),
      )
    }
    case 'retry': {
      const isLimit = outcome.afterMs > 0
      const isSpent = outcome.retries !== undefined && attempts > outcome.retries
      const next = isLimit ? well : withFailure(state, now, jitter)
      const wait = Math.max(Math.ceil(outcome.afterMs), backoff(attempts, jitter), isSpent ? 30_000 : 0)
      return again(
        next,
        (group) => (isLimit ? now + wait : nextAt(group, wait, now)),
        (group) => ({
          why,
          state: isLimit ? 'waiting' : stateOf(group, now),
        }),
      )
    }
  }
}

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
    : groups.map(({ about }) => ({
        collection: outboxOf(name),
        id: `${about}:again`,
        value: JSON.stringify({
          about,
          news: [],
          rank: LAST_RANK,
          takenAt: now,
          deadline: now + resendMs,
          attempts: 0,
          unknowns: 0,
          state: 'waiting',
        } satisfies Entry),
        at: now + resendMs,
      }))

export const removalsOf = (name: string, groups: readonly Group[]) =>
  groups.flatMap(({ entries }) => entries.map(({ id }) => ({ collection: outboxOf(name), id })))

export const reportsOf = (
  receiver: string,
  groups: readonly Group[],
  outcome: DeliveryOutcome,
  at: number,
  more: Pick<LaneReport, 'why'> & Partial<Pick<LaneReport, 'attempts' | 'reference'>> = {},
): readonly LaneReport[] =>
  groups.map(({ about, entries, attempts }) => ({
    receiver,
    about,
    news: [...new Set(entries.flatMap(({ entry }) => entry.news))],
    outcome,
    attempts,
    at,
    ...more,
  }))
