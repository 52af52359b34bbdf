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
  /** Of a snapshot: the listener or rule whose check this is about. */
  readonly pool?: AnsweredPool
  /** What a reader has to know of the output: another backend, other sources, when it was made. */
  readonly notes?: readonly string[]
  readonly outcomes: readonly SourceOutcome[]
  readonly findings: readonly GuestFinding[]
  readonly notSeen: readonly string[]
  /** The same for other checks of the backend, if the output does not tell which of them it is about. */
  readonly others?: readonly GuestAnswer[]
}

export interface AnsweredPool {
  /** For example `HTTPS:443 shop.example.com/`. */
  readonly name: string
  readonly listenerId: string
  readonly locationId: string | null
}
