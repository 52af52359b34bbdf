import type { CheckOutcome } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import type { Cluster } from '../../model/snapshot.ts'
import { clusterIdOf, isIngress, isNodePort } from '../../model/tke.ts'
import { type Assessment, isUnprobed } from '../../path/index.ts'
import {
  type Check,
  type CheckResult,
  cover,
  type Draft,
  everyTarget,
  type FixLine,
  isGone,
  type Placed,
  result,
} from '../check.ts'
import { tccli } from '../commands.ts'
import { said } from '../doubts.ts'
import { reasons } from './messages.ts'

/**
 * Guide 3: where the nodes of an IPVS cluster bind the VIP of its private CLB, the reply to a probe that carries the VIP
 * never leaves them; whether they do is documented both ways (platform facts E). A pod with an interface of its own
 * answers through that, and is not concerned.
 */
export const ipvsLoopback: Check = { id: 'ipvs-loopback', reasons, run }

function run(assessment: Assessment): CheckResult {
  const { balancer, snapshot } = assessment
  if (!balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  const id = clusterIdOf(balancer)
  if (id === null || balancer.networkType !== 'INTERNAL' || balancer.generation !== 'application')
    return { outcome: 'not-applicable', drafts: [] }
  const cluster = known(snapshot.clusters[id])
  const outcomes: CheckOutcome[] = []
  const held: Record<'vip' | 'unsaid', Placed[]> = { vip: [], unsaid: [] }
  for (const placed of everyTarget(assessment)) {
    const fate = isIngress(balancer, placed.pool) ? 'not-applicable' : fateOf(placed, id, cluster, assessment)
    if (fate === 'vip' || fate === 'unsaid') held[fate].push(placed)
    else outcomes.push(fate)
  }
  return result(
    cluster
      ? (['vip', 'unsaid'] as const).flatMap((source) => draft(source, held[source], cluster, assessment))
      : [],
    outcomes,
  )
}

/** `vip`: the reply stays on the node; `unsaid`: it does if the probe carries the VIP, which the API does not say. */
function fateOf(
  { target }: Placed,
  clusterId: string,
  cluster: Cluster | null | undefined,
  assessment: Assessment,
): CheckOutcome | 'vip' | 'unsaid' {
  const onNode = target.type === 'GLOBALROUTE' || (target.type === 'CVM' && isNodePort(target.port))
  if (target.type === 'UNKNOWN') return 'unknown'
  if (!onNode || isUnprobed(target.plan) || isGone(target, assessment)) return 'not-applicable'
  const nodes = known(assessment.snapshot.clusterNodes[clusterId])
  const isNode = nodes?.some((node) => node.id === target.instanceId || node.ip === target.ip) ?? true
  if (target.type === 'CVM' && !isNode) return 'not-applicable'
  // That probes of IPv6 backends carry the VIP is inferred.
  if (target.plan.kind === 'none' || target.plan.inferred) return 'unknown'
  const sources = target.plan.origins.map(({ via }) => via)
  if (!sources.includes('vip')) return 'pass'
  if (cluster?.ipvs !== true) return cluster?.ipvs === false ? 'pass' : 'unknown'
  return sources.length === 1 ? 'vip' : 'unsaid'
}

function draft(
  source: 'vip' | 'unsaid',
  held: readonly Placed[],
  { id, name }: Cluster,
  { snapshot, balancer }: Assessment,
): readonly Draft[] {
  if (held.length === 0) return []
  return [
    {
      code: 'ipvs-loopback/vip-on-node',
      subject: `${id}#${source}`,
      predicts: 'dead',
      covers: held.map(cover),
      certainty: 'possible',
      role: 'risk',
      severity: 'high',
      order: 5,
      resources: [
        {
          type: 'cluster',
          id,
          region: balancer?.targetRegion ?? snapshot.region,
          ...(name === '' ? {} : { name }),
        },
      ],
      params: {
        cluster: id,
        clb: snapshot.loadBalancerId,
        vip: balancer?.vips ?? [],
        count: held.length,
        doubt: said([
          ...(source === 'vip' ? [] : (['unsaid'] as const)),
          ...(known(snapshot.clusterNodes[id]) ? [] : (['nodes'] as const)),
          'bound',
        ]),
      },
      evidence: [
        { source: 'tke:DescribeClusters', fact: `${id} ClusterNetworkSettings.Ipvs`, value: true },
        {
          source: 'clb:DescribeListeners',
          fact: `SourceIpType of ${poolsOf(held)}`,
          value: source === 'vip' ? 0 : null,
        },
      ],
      fix: { kind: 'advice', ...(source === 'vip' ? { commands: commands(held, snapshot) } : {}) },
    },
  ]
}

/** The listeners and rules that they are in. */
const poolsOf = (held: readonly Placed[]): string =>
  [...new Set(held.map(({ pool }) => pool.locationId ?? pool.listenerId))].join(', ')

/** One a listener or rule (SDK, `ModifyListenerRequest`, `ModifyRuleRequest`). */
const commands = (
  held: readonly Placed[],
  { region, loadBalancerId }: Assessment['snapshot'],
): readonly FixLine[] =>
  [...new Set(held.map(({ pool }) => pool))].map(({ listenerId, locationId }) =>
    tccli(locationId === null ? 'clb ModifyListener' : 'clb ModifyRule', region, {
      LoadBalancerId: loadBalancerId,
      ListenerId: listenerId,
      ...(locationId === null ? {} : { LocationId: locationId }),
      HealthCheck: { SourceIpType: 1 },
    }),
  )
