import type { FixCommand, HopStage } from '../../model/diagnosis.ts'
import { type Fact, ok } from '../../model/fact.ts'
import type { Text } from '../../model/language.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { blockingRulesOf, type EvaluatedTarget } from '../../path/index.ts'
import type { Decider } from '../../rules/index.ts'

/** A changed rule list: the snapshot after the edit, and the commands that make it. */
export interface RuleEdit {
  /** Id of the security group or ACL. */
  readonly id: string
  /** Where the new rules go, for use within a sentence. */
  readonly position: Text
  /** What the new rules let through, e.g. `TCP 8080`. */
  readonly opens: readonly string[]
  /** What else to know: why more ports than the probe's are let through, and what to do if the command is refused. */
  readonly notes: readonly Text[]
  /** What new ACL entries let through, in both directions, for use within a sentence. */
  readonly adds?: Text
  readonly snapshot: Snapshot
  readonly commands: readonly FixCommand[]
  /** True if an earlier command of the report already does this or a part of it. That part is left out here. */
  readonly inTurn: boolean
}

export const DESCRIPTION = 'CLB health check'

/** The rules of a hop that an edit has to stand before. Null: it can stand last. */
export const blockingRulesAt = (target: EvaluatedTarget, stage: HopStage): readonly (Decider | null)[] => {
  const hop = target.path.find((one) => one.stage === stage)
  return hop ? blockingRulesOf(hop) : []
}

export const withFact = <T>(facts: Readonly<Record<string, Fact<T>>>, id: string, value: T) => ({
  ...facts,
  [id]: ok(value),
})
