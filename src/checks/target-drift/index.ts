import type { CheckOutcome } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import type { ClusterNode } from '../../model/snapshot.ts'
import { clusterIdOf, isNodePort } from '../../model/tke.ts'
import type { EvaluatedTarget, Paths } from '../../path/index.ts'
import { type Check, type CheckResult, isGone, type PoolTarget, result } from '../check.ts'
import { clusterOf, type OwnCluster } from '../cluster.ts'
import { linkOf } from '../cluster-links.ts'
import { driftsByService } from './by-service.ts'
import { mismatchDraft, SURENESSES, type Sureness, staleDraft } from './findings.ts'
import { portMismatches } from './ports.ts'
import { TEXTS } from './texts.ts'

/**
 * Guide 3.2: do the machines, pods and ports still belong to the cluster? The Service itself decides if the cluster's API
 * was read, else tags and port patterns do.
 */
export const targetDrift: Check = { id: 'target-drift', reasons: TEXTS.reasons, run }

function run(paths: Paths): CheckResult {
  const { balancer } = paths
  if (!balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  const state = clusterOf(paths)
  const cluster = clusterIdOf(balancer)
  const tagged = byTags(paths, cluster, state.kind === 'own' ? state : null)
  if (state.kind !== 'own') return tagged
  const { drafts, outcomes } = driftsByService(paths, state)
  return result(
    [...drafts, ...tagged.drafts],
    [...outcomes, tagged.outcome === 'found' ? 'pass' : tagged.outcome],
    'nodes-unread',
  )
}

/** @param own the cluster itself, if it was read: its list of nodes counts, and of its Services driftsByService tells */
function byTags(paths: Paths, cluster: string | null, own: OwnCluster | null): CheckResult {
  const { snapshot } = paths
  const pools = paths.pools.filter(({ targets }) => targets.some(isOnNodePort))
  if (cluster === null || pools.length === 0) return { outcome: 'not-applicable', drafts: [] }
  const nodes = nodesOf(own, known(snapshot.clusterNodes[cluster]))
  const isNode = (target: EvaluatedTarget): boolean =>
    nodes?.some(({ id, ip }) => id === target.instanceId || ip === target.ip) ?? true

  const stale: Record<Sureness, PoolTarget[]> = { likely: [], possible: [] }
  for (const pool of pools) {
    const own = pool.targets.filter(isOnNodePort)
    // A pool without any node may not belong to the cluster.
    const sureness = own.some(isNode) ? 'likely' : 'possible'
    for (const target of own)
      if (!isNode(target) && !isGone(target, paths))
        // A target without an instance id may be a node by another of its addresses.
        stale[target.instanceId === null ? 'possible' : sureness].push({ pool, target })
  }
  // The NodePort stands for the Service, so pools with the same healthy NodePort are one finding.
  const odd = groupBy(
    pools.flatMap((pool) =>
      portMismatches(pool, isNode).flatMap(({ port, sureness, targets }) =>
        targets
          .filter((target) => own === null || linkOf({ pool, target }, own) === null)
          .map((target) => ({ port, sureness, of: { pool, target } })),
      ),
    ),
    ({ port, sureness }) => `${port} ${sureness}`,
  )
  const drafts = [
    ...SURENESSES.flatMap((sureness) => staleDraft(stale[sureness], { cluster, sureness, paths, own }) ?? []),
    ...[...odd.values()].flatMap((some) => {
      const [{ port, sureness } = { port: 0, sureness: 'possible' as const }] = some
      return (
        mismatchDraft(
          some.map(({ of }) => of),
          port,
          { cluster, sureness, paths, own },
        ) ?? []
      )
    }),
  ]
  const outcome: CheckOutcome = nodes ? 'pass' : 'unknown'
  return result(drafts, [outcome], 'nodes-unread')
}

/**
 * The nodes of the cluster in the tag, by its own API if that was read. Several clusters may share a CLB, so the cluster that
 * was read may be another one: without a node of the tagged one, it says nothing of that.
 */
function nodesOf(
  own: OwnCluster | null,
  tagged: readonly ClusterNode[] | undefined,
): readonly ClusterNode[] | undefined {
  if (!own) return tagged
  const read = known(own.view.nodes)?.flatMap(({ instanceId, addresses }) =>
    addresses.map((ip): ClusterNode => ({ id: instanceId ?? '', ip })),
  )
  const isSame = ({ id }: ClusterNode): boolean => tagged?.some((one) => one.id === id) === true
  return tagged && tagged.length > 0 && !read?.some(isSame) ? tagged : read
}

const isOnNodePort = ({ type, port }: EvaluatedTarget): boolean => type === 'CVM' && isNodePort(port)
