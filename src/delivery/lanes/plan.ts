import type { Window } from '../receiver.ts'
import type { Group } from './entry.ts'

// What a lane does next. Pure.

/** What is known of a receiver. Shared by all instances. */
export interface LaneState {
  /** When messages were sent, ms since the epoch, the oldest first. */
  readonly sentAt: readonly number[]
  /** Set while the receiver does not answer. */
  readonly away: {
    readonly since: number
    readonly failures: number
    readonly nextAt: number
  } | null
  /** The receiver asked for silence until then: no message goes to it. 0: it did not ask. */
  readonly heldUntil: number
}

export const FRESH: LaneState = { sentAt: [], away: null, heldUntil: 0 }

export type Plan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'wait'; readonly until: number }
  /** `why`: several incidents in one message, because the receiver was away or its limit is used up. */
  | { readonly kind: 'send'; readonly groups: readonly Group[]; readonly why: 'away' | 'limit' | null }
  /** They are older than a day. */
  | { readonly kind: 'drop'; readonly groups: readonly Group[] }

export const DAY_MS = 24 * 3_600_000
/** After so many failures in a row a receiver counts as away. */
export const MOST_FAILURES = 4

export const isAway = ({ away }: LaneState): boolean => away !== null && away.failures >= MOST_FAILURES

/** The most incidents in one message. So many fit into 4,096 bytes, if names and links are not long. */
const MOST_IN_DIGEST = 12

export interface PlanOptions {
  readonly now: number
  /** The receiver keeps each incident by itself, so there are no digests. */
  readonly isSeparate?: boolean
  /** About so many incidents fit into one message of the receiver. */
  readonly digestSize?: number | undefined
}

export function planOf(
  groups: readonly Group[],
  state: LaneState,
  windows: readonly Window[],
  { now, isSeparate = false, digestSize = MOST_IN_DIGEST }: PlanOptions,
): Plan {
  if (groups.length === 0) return { kind: 'nothing' }
  const old = groups.filter(({ takenAt, isMissed }) => isMissed && now - takenAt >= DAY_MS)
  if (old.length > 0) return { kind: 'drop', groups: old }
  const due = triedNow(
    groups.filter(({ nextAt }) => nextAt <= now),
    state,
  )
  if (due.length === 0) return { kind: 'wait', until: Math.min(...groups.map(({ nextAt }) => nextAt)) }
  const away = isAway(state) ? state.away : null
  if (away && now < away.nextAt && away.nextAt <= now + AWAY_MS) return { kind: 'wait', until: away.nextAt }
  if (now < state.heldUntil) return { kind: 'wait', until: state.heldUntil }
  const free = slotsOf(windows, state.sentAt, now)
  if (free.count === 0) return { kind: 'wait', until: free.nextAt }
  if (isSeparate) return { kind: 'send', groups: due.slice(0, 1), why: null }
  const missed = due.some(({ isMissed }) => isMissed)
  if (missed && due.length > 1) return { kind: 'send', groups: due.slice(0, MOST_IN_DIGEST), why: 'away' }
  // As many messages of their own as leave room to tell all others together.
  if (due.length > free.count && free.count <= Math.ceil(due.length / digestSize))
    return { kind: 'send', groups: due.slice(0, MOST_IN_DIGEST), why: 'limit' }
  return { kind: 'send', groups: due.slice(0, 1), why: null }
}

/** Five to ten minutes. Until then a receiver that is back gets all that it missed in one message. */
const LONG_AWAY_FAILURES = 20

/**
 * A receiver that fails at one message only looks as if it were away. So after some minutes each fourth attempt leaves out
 * the message that was tried most.
 */
function triedNow(due: readonly Group[], { away }: LaneState): readonly Group[] {
  const failures = away?.failures ?? 0
  if (due.length < 2 || failures < LONG_AWAY_FAILURES || failures % 4 !== 0) return due
  const most = Math.max(...due.map(({ attempts }) => attempts))
  const suspect = due.find(({ attempts }) => attempts === most)
  return due.filter((group) => group !== suspect)
}

/** How many messages may be sent now, and when the next one may be. */
export function slotsOf(
  windows: readonly Window[],
  sentAt: readonly number[],
  now: number,
): { readonly count: number; readonly nextAt: number } {
  let count = Number.POSITIVE_INFINITY
  let nextAt = now
  for (const { most, perMs } of windows) {
    const recent = sentAt.filter(isWithin(perMs, now))
    const left = Math.max(0, most - recent.length)
    count = Math.min(count, left)
    const freed = recent[recent.length - most]
    if (left === 0 && freed !== undefined) nextAt = Math.max(nextAt, freed + perMs)
  }
  return { count, nextAt }
}

/** A clock that was set back must not stop the lane until it is there again. */
const isWithin =
  (ms: number, now: number) =>
  (at: number): boolean =>
    at > now - ms && at <= now

/** What counts towards a window that is still open. `count`: so many messages were sent now. */
export function withSent(state: LaneState, windows: readonly Window[], now: number, count = 1): LaneState {
  const longest = Math.max(0, ...windows.map(({ perMs }) => perMs))
  const sent = Array.from({ length: count }, () => now)
  return { ...state, sentAt: [...state.sentAt.filter(isWithin(longest, now)), ...sent] }
}

const FIRST_BACKOFF_MS = 500
const LONGEST_BACKOFF_MS = 15_000
/** A receiver that is away is tried so often. */
const AWAY_MS = 30_000

/** The wait before the next attempt, in whole ms. `jitter` is from 0 up to, but not including, 1. */
export const backoff = (attempts: number, jitter: number): number =>
  Math.round(
    Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempts - 1, 10)) * (0.5 + jitter / 2),
  )

/** The receiver did not answer, or answered that it cannot. */
export function withFailure({ away, ...state }: LaneState, now: number, jitter: number): LaneState {
  const failures = (away?.failures ?? 0) + 1
  return {
    ...state,
    away: {
      since: away?.since ?? now,
      failures,
      nextAt: now + Math.round(AWAY_MS * (0.5 + jitter / 2)),
    },
  }
}
