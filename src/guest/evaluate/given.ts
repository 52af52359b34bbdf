import type { Filters } from '../../filter/index.ts'
import type { GuestCheck } from '../evaluation.ts'
import type { GuestFacts } from '../facts.ts'
import type { Machine } from './machine.ts'

/** What every stage is given. */
export interface Given {
  readonly facts: GuestFacts
  readonly check: GuestCheck
  readonly machine: Machine
  /** Of each sample, the first one first. */
  readonly filters: readonly Filters[]
}
