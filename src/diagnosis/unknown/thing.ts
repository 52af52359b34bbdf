import type { UnknownHop } from '../../model/diagnosis.ts'

/** One thing that leaves a hop unknown. */
export interface Unknown extends Required<Omit<UnknownHop, 'looked'>> {
  /** True if a gap of its own names it: a failed call, or what is behind CCN or Direct Connect. */
  readonly hasOwnGap: boolean
  /** The permission that settles it. */
  readonly grant?: string
}
