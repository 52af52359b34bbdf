import type { GuestReason } from '../guest/index.ts'
import type { Resource } from '../model/diagnosis.ts'
import type { PoolTarget } from './check.ts'
import type { Doubt } from './doubts.ts'

/** A target, and one thing on its machine that stops its probes. */
export interface GuestHit extends PoolTarget {
  readonly reason: GuestReason
  /** `part`: some of the addresses that probe it get through. */
  readonly extent: 'whole' | 'part'
  readonly doubts: readonly Doubt[]
}

/** One machine and its targets. All machines of a finding have the same reason. */
export interface GuestMachine {
  readonly resource: Resource
  readonly hits: readonly GuestHit[]
}

/** What is to be let in or out past a rule, for one port. */
export interface Opening {
  readonly rule: NonNullable<GuestReason['rule']>
  readonly from: readonly string[]
  readonly isReply: boolean
  readonly isNeighbour: boolean
  readonly isForwarded: boolean
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6'
  readonly port: number | null
  /** All rule lists of the machine, as text. */
  readonly machine: string
}
