import type { Verdict } from '../../src/model/diagnosis.ts'

/** What each scenario must come to; the simulated cloud knows nothing of it. */
export interface Expectation {
  readonly verdict: Verdict
  /** `code certainty` of every cause, in order. */
  readonly causes: readonly string[]
  /** Sum over the CLB's pools: alive, dead, unknown, off. */
  readonly counts: readonly [alive: number, dead: number, unknown: number, off: number]
  /** Further findings that must be there, `code role`. */
  readonly also?: readonly string[]
  /** Dead backends are left open, with commands to run by hand. */
  readonly byHand?: true
  /** The CAM action that a gap asks for. */
  readonly grant?: string
}
