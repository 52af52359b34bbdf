import type { Alarm } from '../../model/alarm.ts'
import type { Put } from '../../store/index.ts'
import { type Heard, hashOf, written } from './records.ts'

// What has been heard of alarms lately. The history of alarms may name their object in another way than a callback does.

/** Null for an alarm that no policy and time identify. */
export function heardOf({ policy, firstOccurredAt, state, clb, listener, backend }: Alarm): Heard | null {
  if (policy.id === null || firstOccurredAt === null) return null
  return {
    policy: policy.id,
    began: firstOccurredAt,
    state,
    clb: clb.loadBalancerId,
    vip: clb.vip,
    port: listener?.port ?? null,
    backend: backend?.ip ?? null,
  }
}

/** What to write for an alarm that arrived. */
export function heardPut(alarm: Alarm, at: number): readonly Put[] {
  const heard = heardOf(alarm)
  return heard === null ? [] : [written('heard', hashOf(JSON.stringify(heard)), heard, at)]
}

const agree = <T>(one: T | null, other: T | null): boolean => one === null || other === null || one === other

/** May they be the same firing? What only one of them names does not tell them apart. */
export const isSameFiring = (one: Heard, other: Heard): boolean =>
  one.policy === other.policy &&
  one.began === other.began &&
  agree(one.clb, other.clb) &&
  agree(one.vip, other.vip) &&
  agree(one.port, other.port) &&
  agree(one.backend, other.backend)
