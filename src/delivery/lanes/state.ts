import * as v from 'valibot'
import type { Key, Put } from '../../store/index.ts'
import { FRESH, type LaneState } from './plan.ts'

const State = v.object({
  sentAt: v.array(v.number()),
  away: v.nullable(v.object({ since: v.number(), failures: v.number(), nextAt: v.number() })),
  /** Older versions did not keep it. */
  heldUntil: v.optional(v.number(), 0),
})

/** One instance at a time has a lane. */
export const claimOf = (receiver: string): string => `lane:${receiver}`
export const CLAIM_MS = 15_000

/** By receiver. */
export const LANES = 'lanes'

export const laneStateKey = (receiver: string): Key => ({ collection: LANES, id: receiver })

export const writtenLaneState = (receiver: string, state: LaneState, at: number): Put => ({
  ...laneStateKey(receiver),
  value: JSON.stringify(state),
  at,
})

/** A record that cannot be read counts as none: the worst that follows is one message too many. */
export function laneStateOf(value: string | null): LaneState {
  if (value === null) return FRESH
  try {
    const read = v.safeParse(State, JSON.parse(value))
    return read.success ? read.output : FRESH
  } catch {
    return FRESH
  }
}

/** Until when a receiver asked for silence, ms since the epoch. 0: it did not ask. */
export const heldUntilOf = (value: string | null): number => laneStateOf(value).heldUntil

/**
 * What to write so that the lane tries at once what failed: a process that was frozen cannot wait for the end of a pause. The
 * silence that a receiver asked for stays, because a message before its end makes it longer.
 */
export function tryAtOnce(receiver: string, value: string | null, at: number): readonly Put[] {
  const { away, ...state } = laneStateOf(value)
  const nextAt = Math.min(away?.nextAt ?? 0, at)
  return value === null
    ? []
    : [writtenLaneState(receiver, { ...state, away: away && { ...away, nextAt } }, at)]
}
