import type { SourceOutcome } from '../../guest/index.ts'
import type { Certainty, FindingCode } from '../../model/diagnosis.ts'

export interface GuestFinding {
  readonly code: FindingCode
  readonly certainty: Certainty
  /** CIDRs. */
  readonly sources: readonly string[]
  readonly title: string
  readonly detail: string
  readonly fix: string
}

/** The JSON of `clb-doctor guest-judge` (contract 8). */
export interface GuestAnswer {
  readonly target: string
  /** What a reader has to know of the output: another backend, other sources, when it was made. */
  readonly notes?: readonly string[]
  readonly outcomes: readonly SourceOutcome[]
  readonly findings: readonly GuestFinding[]
  readonly notSeen: readonly string[]
}
