import type { Change, FixCommand, FixKind, Resource } from '../../model/diagnosis.ts'
import type { Text } from '../../model/language.ts'
import type { SecurityRule, Snapshot } from '../../model/snapshot.ts'

/** A change of rules taken back: the snapshot after it, and the commands that make it. */
export interface Undo {
  readonly kind: Extract<FixKind, 'undo' | 'restore'>
  /** Id of the security group or ACL. */
  readonly id: string
  /** What to do, as a sentence. */
  readonly what: Text
  readonly change: Change
  /** How the change is told. */
  readonly did: 'added' | 'changed' | 'removed' | 'replaced' | 'bound' | 'stamped'
  readonly snapshot: Snapshot
  readonly commands: readonly FixCommand[]
  /** The rules of groups that the undoing takes away or puts back. Null if it cannot be said rule by rule. */
  readonly touched: readonly SecurityRule[] | null
  /** The rule whose verdict ends, if it is one. */
  readonly words: string | null
}

/** The rule that decides, as the finding names it. */
export type Decided = Pick<Resource, 'id' | 'ruleIndex' | 'ruleId'>
