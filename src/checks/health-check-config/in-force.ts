import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import type { HealthCheck, Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedPool, EvaluatedTarget } from '../../path/index.ts'

/** One health check that is in force in a pool, and its targets. */
export interface InForce {
  readonly pool: EvaluatedPool
  readonly check: HealthCheck | null
  /** The target groups that set this check. Empty if the listener or rule sets it. */
  readonly groupIds: readonly string[]
  readonly targets: readonly EvaluatedTarget[]
}

/** Equal checks count as one, wherever they are set. */
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
