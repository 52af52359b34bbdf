import type { HopStage, HopVerdict, ProbeVia, Resource } from '../model/diagnosis.ts'
import type { AddressSet, Outcome, Probe } from '../rules/index.ts'
import type { HopNote } from './notes.ts'

/** What the machine itself says about one stage. */
export interface Inside {
  /** The sources that are certainly stopped here. */
  readonly blocked: AddressSet
  /** The rule, socket, setting or answer that stops the most sources. Null if nothing is stopped. */
  readonly by: Resource | null
}

/** The result for one origin of the probes. */
export interface HopFinding {
  readonly via: ProbeVia
  readonly probe: Probe
  readonly outcome: Outcome
}

export interface Hop {
  readonly stage: HopStage
  readonly verdict: HopVerdict
  readonly notes: readonly HopNote[]
  /** One per evaluated origin. Empty if the hop was not evaluated. */
  readonly findings: readonly HopFinding[]
  /** acl-out of a triple ACL: the same hop if an entry's port means the source port. */
  readonly bySourcePort?: Hop
  /** Only inside a machine that somebody looked into. */
  readonly inside?: Inside
}
