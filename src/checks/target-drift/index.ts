import type { CheckOutcome, Evidence, Resource } from '../../model/diagnosis.ts'
import { endpointOf, poolName } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import { clusterIdOf, isNodePort } from '../../model/tke.ts'
import type { EvaluatedPool, EvaluatedTarget, Paths } from '../../path/index.ts'
import { portRanges } from '../../rules/index.ts'
import { filled, texts } from '../../text/index.ts'
import {
  type Check,
  type CheckResult,
  type Draft,
  findingTarget,
  isGone,
  type PoolTarget,
  poolResource,
  result,
} from '../check.ts'
import { unbinding } from '../unbinding.ts'
import { en } from './en.ts'
import { portMismatches } from './ports.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })
const { reasons } = TEXTS

type Reason = keyof typeof reasons
type Sureness = 'likely' | 'possible'

/**
 * Guide 3.2: do the machines and NodePorts still belong to the cluster? Kubernetes Services cannot be read, so tags and
 * port patterns decide.
 */
export const targetDrift: Check = { id: 'target-drift', reasons, run }

function run(paths: Paths): CheckResult {
  const { balancer, snapshot } = paths
  if (!balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  const cluster = clusterIdOf(balancer)
  const pools = paths.pools.filter(({ targets }) => targets.some(isOnNodePort))
  if (cluster === null || pools.length === 0) return { outcome: 'not-applicable', drafts: [] }
  const nodes = known(snapshot.clusterNodes[cluster])
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
  const drafts = [
    ...(['likely', 'possible'] as const).flatMap((sureness) =>
      draft('stale-target', cluster, stale[sureness], sureness, paths),
    ),
    ...pools.flatMap((pool) =>
      portMismatches(pool, isNode).flatMap(({ port, targets, sureness }) => {
        const poolTarget = targets.map((target) => ({ pool, target }))
        return draft('port-mismatch', cluster, poolTarget, sureness, paths, { pool, port })
      }),
    ),
  ]
  const outcome: CheckOutcome = nodes ? 'pass' : 'unknown'
  return result(drafts, [outcome], 'nodes-unread')
}

const isOnNodePort = ({ type, port }: EvaluatedTarget): boolean => type === 'CVM' && isNodePort(port)

function draft(
  reason: Reason,
  cluster: string,
  poolTarget: readonly PoolTarget[],
  sureness: Sureness,
  paths: Paths,
  within?: { readonly pool: EvaluatedPool; readonly port: number },
): readonly Draft[] {
  if (poolTarget.length === 0) return []
  const { snapshot, balancer } = paths
  const region = balancer?.targetRegion ?? snapshot.region
  const targets = poolTarget.map(({ target }) => target)
  const endpoints = [...new Set(targets.map(endpointOf))]
  const port = String(within?.port ?? '')
  const commands = unbinding(poolTarget, paths)
  const resources: readonly Resource[] = [
    { type: 'cluster', id: cluster, region },
    ...(within
      ? [poolResource(within.pool, snapshot.region)]
      : [...new Set(targets.flatMap(({ instanceId }) => instanceId ?? []))].map((id) => ({
          type: 'cvm',
          id,
          region,
        }))),
  ]
  const evidence: Evidence = within
    ? { source: 'clb:DescribeTargetHealth', fact: 'Port of the healthy backends', value: within.port }
    : { source: 'tke:DescribeClusterInstances', fact: `${cluster} InstanceSet without`, value: endpoints }
  return [
    {
      code: `target-drift/${reason}`,
      subject: `${cluster}#${within?.pool.key ?? ''}#${sureness}`,
      predicts: 'dead',
      targets: poolTarget.map(findingTarget),
      certainty: sureness,
      role: 'risk',
      severity: 'high',
      order: 3,
      resources,
      params: {
        cluster,
        targets: endpoints,
        count: endpoints.length,
        ports: portRanges(targets.map((target) => target.port)),
        port,
        pool: within ? poolName(within.pool) : '',
      },
      doubts: [filled(TEXTS.doubts[reason][sureness], { port })],
      evidence: [evidence],
      fix: { kind: 'settings', ...(commands.length > 0 ? { commands } : {}) },
    },
  ]
}
