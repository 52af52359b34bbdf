import type { Draft, OpenPlan } from '../../checks/index.ts'
import type { Fix } from '../../model/diagnosis.ts'
import type { Language, Text } from '../../model/language.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget, Paths } from '../../path/index.ts'

/** A finding whose rules are to be changed. */
export interface Case {
  readonly language: Language
  readonly draft: Draft
  readonly plan: OpenPlan
  /** What to change, in the words of the check. */
  readonly text: Text
  /** Their hops are those on `paths.snapshot`. */
  readonly targets: readonly EvaluatedTarget[]
  /** The targets of all findings of the same rule. Null if this is the only one. */
  readonly wider: readonly EvaluatedTarget[] | null
  /** With the fixes of the findings before this one. */
  readonly paths: Paths
  /** As everything was read. */
  readonly read: Paths
}

/** A fix, and the snapshot after it. */
export interface Step {
  readonly fix: Fix
  readonly after: Snapshot
}
