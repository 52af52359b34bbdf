import type { CheckOutcome, Evidence } from '../../model/diagnosis.ts'
import { endpointOf, poolName } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Text } from '../../model/language.ts'
import type { Cluster } from '../../model/snapshot.ts'
import { clusterIdOf, isIngress, isNodePort } from '../../model/tke.ts'
import { isUnprobed, type Paths } from '../../path/index.ts'
import { filled, following, NOTHING, texts } from '../../text/index.ts'
import {
  type Check,
  type CheckResult,
  type Draft,
  everyTarget,
  type FixLine,
  findingTarget,
  isGone,
  type PoolTarget,
  result,
} from '../check.ts'
import { serviceConfigText, settingCommands } from '../check-settings.ts'
import { clusterOf } from '../cluster.ts'
import { clusterEvidence } from '../cluster-drafts.ts'
import { doubtTexts } from '../doubts.ts'
import { isReachedFrom } from '../inside.ts'
import { aboutHits } from '../several.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })
const { reasons } = TEXTS

/**
 * Guide 3: if the nodes of an IPVS cluster bind the VIP of its CLB, the reply to a probe from the VIP never leaves the
 * node. kube-proxy binds every address of a Service's status, so the CLB may be public. The documents disagree on whether the nodes bind it (platform facts E). Pods with their own
 * interface are not affected.
 */
export const ipvsLoopback: Check = { id: 'ipvs-loopback', reasons, run }

/** `unsaid`: the API does not say whether the probes carry the VIP. */
type Held = PoolTarget & { readonly fate: 'vip' | 'unsaid' }

const isPublic = ({ balancer }: Paths): boolean => balancer?.networkType !== 'INTERNAL'

/** Public addresses are seldom bound, so without a Dead backend there is nothing to tell. */
const isWorthTelling = (held: readonly Held[], paths: Paths): boolean =>
  held.length > 0 && (!isPublic(paths) || held.some(({ target }) => target.status === 'Dead'))

function run(paths: Paths): CheckResult {
  const { balancer, snapshot } = paths
  if (!balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  const id = clusterIdOf(balancer)
  if (id === null || balancer.generation !== 'application') return { outcome: 'not-applicable', drafts: [] }
  const cluster = withMode(id, known(snapshot.clusters[id]), paths)
  const outcomes: CheckOutcome[] = []
  const held: Held[] = []
  for (const poolTarget of everyTarget(paths)) {
    const fate = isIngress(balancer, poolTarget.pool)
      ? 'not-applicable'
      : fateOf(poolTarget, id, cluster, paths)
    if (fate === 'vip' || fate === 'unsaid') held.push({ ...poolTarget, fate })
    else outcomes.push(fate)
  }
  return result(
    cluster && isWorthTelling(held, paths) ? [aboutHits(held, (own) => draft(own, cluster, paths))] : [],
    outcomes,
    'cluster-unread',
  )
}

/** kube-proxy's own arguments tell the mode where the API contradicts itself or was not read. */
function withMode(id: string, cluster: Cluster | null | undefined, paths: Paths): Cluster | null | undefined {
  const own = clusterOf(paths)
  const mode = own.kind === 'own' ? known(own.view.proxySet)?.mode : undefined
  if (!mode || typeof cluster?.ipvs === 'boolean') return cluster
  return { id, name: cluster?.name ?? '', ipvs: mode === 'ipvs' }
}

/** Where the mode stands. */
function modeEvidence(id: string, { snapshot }: Paths): Evidence {
  return known(snapshot.clusters[id])?.ipvs === true
    ? { source: 'tke:DescribeClusters', fact: `${id} ClusterNetworkSettings.Ipvs`, value: true }
    : clusterEvidence('proxySet', 'kube-proxy --proxy-mode', 'ipvs')
}

/**
 * `vip`: the reply stays on the node. `unsaid`: it stays if the probe carries the VIP, but the API does not say whether
 * it does.
 */
function fateOf(
  { target }: PoolTarget,
  clusterId: string,
  cluster: Cluster | null | undefined,
  paths: Paths,
): CheckOutcome | 'vip' | 'unsaid' {
  const onNode = target.type === 'GLOBALROUTE' || (target.type === 'CVM' && isNodePort(target.port))
  if (target.type === 'UNKNOWN') return 'unknown'
  if (!onNode || isUnprobed(target.plan) || isGone(target, paths)) return 'not-applicable'
  const nodes = known(paths.snapshot.clusterNodes[clusterId])
  const isNode = nodes?.some((node) => node.id === target.instanceId || node.ip === target.ip) ?? true
  if (target.type === 'CVM' && !isNode) return 'not-applicable'
  // It is only inferred that probes to IPv6 backends carry the VIP.
  if (target.plan.kind === 'none') return 'unknown'
  if (target.plan.inferred !== null && target.plan.inferred !== 'range') return 'unknown'
  const sources = target.plan.origins.map(({ via }) => via)
  if (!sources.includes('vip')) return 'pass'
  if (cluster?.ipvs !== true) return cluster?.ipvs === false ? 'pass' : 'unknown'
  return sources.length === 1 ? 'vip' : 'unsaid'
}

function draft(held: readonly Held[], { id, name }: Cluster, paths: Paths): Draft {
  const { snapshot, balancer } = paths
  const [sure, unsaid] = [
    held.filter(({ fate }) => fate === 'vip'),
    held.filter(({ fate }) => fate !== 'vip'),
  ]
  const lines = commands(sure, paths)
  return {
    code: 'ipvs-loopback/vip-on-node',
    subject: id,
    predicts: 'dead',
    targets: held.map((one) => ({
      ...findingTarget(one),
      ...(isAnsweredFromVip(one, paths) ? { isReached: true } : {}),
    })),
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
      network: TEXTS.networks[isPublic(paths) ? 'public' : 'private'],
      tke: serviceConfigText(balancer),
      command: sure.length === 0 ? NOTHING : following([commandText(unsaid)]),
      vip: balancer?.vips ?? [],
      count: new Set(held.map(({ target }) => endpointOf(target))).size,
    },
    doubts: doubtTexts([
      ...(unsaid.length > 0 ? (['unsaid'] as const) : []),
      ...(known(snapshot.clusterNodes[id]) ? [] : (['nodes'] as const)),
      'bound',
    ]),
    evidence: [modeEvidence(id, paths), ...sourceEvidence(sure, 0), ...sourceEvidence(unsaid, null)],
    fix: { kind: 'settings', ...(sure.length > 0 ? { commands: lines } : {}) },
  }
}

/** A connection with the VIP shows that replies to it leave the node. */
const isAnsweredFromVip = ({ target }: Held, paths: Paths): boolean =>
  target.plan.kind === 'probe' &&
  target.plan.origins.some(
    ({ via, sources }) => via === 'vip' && sources && isReachedFrom(target, sources, 'both', paths),
  )

/** Where the API does not say which source the probes have, it has to be looked up before it is changed. */
const commandText = (unsaid: readonly Held[]): Text =>
  unsaid.length === 0
    ? TEXTS.command
    : filled(TEXTS.commandOfSome, { pools: [...new Set(unsaid.map(({ pool }) => poolName(pool)))] })

const sourceEvidence = (held: readonly Held[], value: 0 | null): readonly Evidence[] =>
  held.length === 0
    ? []
    : [{ source: 'clb:DescribeListeners', fact: `SourceIpType of ${poolsOf(held)}`, value }]

/** The ids of their listeners and rules. */
const poolsOf = (held: readonly PoolTarget[]): string =>
  [...new Set(held.map(({ pool }) => pool.locationId ?? pool.listenerId))].join(', ')

/** One command per listener or rule. */
const commands = (held: readonly PoolTarget[], paths: Paths): readonly FixLine[] => [
  // The commands that show the TkeServiceConfig are the same for all.
  ...new Map(
    [...groupBy(held, ({ pool }) => pool)]
      .flatMap(([pool, [first]]) => {
        const check = first?.target.healthCheck
        return check ? settingCommands({ pool, check, groupIds: [] }, { sourceIpType: 1 }, paths) : []
      })
      .map((command) => [command.line, command]),
  ).values(),
]
