import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import type { HealthCheck, Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedPool, EvaluatedTarget } from '../../path/index.ts'

/** One check that is in force in a pool, and for whom. */
export interface InForce {
  readonly pool: EvaluatedPool
  readonly check: HealthCheck | null
  /** Target groups that have it themselves; none where it is the listener's or the rule's. */
  readonly groupIds: readonly string[]
  readonly targets: readonly EvaluatedTarget[]
}

/** Checks that are alike count as one, wherever in the pool they are set. */
export function checksOf(pool: EvaluatedPool, snapshot: Snapshot): readonly InForce[] {
  const groupOf = ({ targetGroupId: id, healthCheck }: EvaluatedTarget): readonly string[] =>
    id !== null && healthCheck !== null && known(snapshot.targetGroups[id])?.healthCheck === healthCheck
      ? [id]
      : []
  const same = [...groupBy(pool.targets, ({ healthCheck }) => healthCheck).values()].map((targets) => ({
    check: targets[0]?.healthCheck ?? null,
    groupIds: targets.slice(0, 1).flatMap(groupOf),
    targets,
  }))
  const alike = groupBy(same, ({ check, groupIds }) => JSON.stringify([groupIds.length, check]))
  return [...alike.values()].map((some) => ({
    pool,
    check: some[0]?.check ?? null,
    groupIds: some.flatMap(({ groupIds }) => groupIds),
    targets: some.flatMap(({ targets }) => targets),
  }))
}
