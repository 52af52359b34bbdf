import type { FixCommand, HopStage } from '../../model/diagnosis.ts'
import { type Fact, ok } from '../../model/fact.ts'
import type { Text } from '../../model/language.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { blockingRulesOf, type EvaluatedTarget } from '../../path/index.ts'
import type { Decider } from '../../rules/index.ts'

/** A changed rule list, as the snapshot it gives and the commands that would make it so. */
export interface RuleEdit {
  /** Of the security group or ACL. */
  readonly id: string
  /** Where the new rules go, for a sentence. */
  readonly position: Text
  /** What new ACL entries let through, for a sentence. */
  readonly adds?: Text
  readonly snapshot: Snapshot
  readonly commands: readonly FixCommand[]
  /** An earlier command of the report does this already, or a part of it, which is left out here. */
  readonly inTurn: boolean
}

export const DESCRIPTION = 'CLB health check'

/** The rules of a hop that a change has to come before; null where it can come last. */
export const blockingRulesAt = (target: EvaluatedTarget, stage: HopStage): readonly (Decider | null)[] => {
  const hop = target.path.find((one) => one.stage === stage)
  return hop ? blockingRulesOf(hop) : []
}

export const withFact = <T>(facts: Readonly<Record<string, Fact<T>>>, id: string, value: T) => ({
  ...facts,
  [id]: ok(value),
})
