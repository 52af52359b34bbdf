import { type CallOptions, type CloudSession, type Kind, type ResponseOf, readAll } from '../cloud/index.ts'
import { servicesOnPorts } from '../model/clb-services.ts'
import { statusIn } from '../model/diagnosis.ts'
import { known as valueIn } from '../model/fact.ts'
import type { Kubernetes } from '../model/kubernetes.ts'
import type { ById, Cluster, ClusterNode, HealthCheck, LoadBalancer, Snapshot } from '../model/snapshot.ts'
import { clusterIdOf, isIngress, isManagedByTke, isNodePort } from '../model/tke.ts'
import { readEach, readMany } from './collect.ts'
import { lower, text } from './fields.ts'
import { balancerOf, wholeFront } from './front.ts'
import { type Asking, type Front, type Known, type Lead, leadsAt, single } from './known.ts'

type ApiCluster = NonNullable<ResponseOf<'tke:DescribeClusters'>['Clusters']>[number]

export const CLUSTERS: Kind = { action: 'tke:DescribeClusters', size: 100, keep: 200 }
const NODES: Kind = { action: 'tke:DescribeClusterInstances', size: 1, keep: 50 }

/** The cluster in the CLB's tag, if the ipvs-loopback check needs it. */
export const clusterLeads = (known: Known): readonly Lead[] => clusterIf(known, mayLoopBack)

/** The cluster in the CLB's tag, if its nodes are needed. */
export const nodeLeads = (known: Known): readonly Lead[] =>
  clusterIf(known, (_, front) => hasNodePorts(front))

/** The CLB itself, if a cluster can be asked and the backends may be its nodes or pods. */
export function kubernetesLeads(known: Known): readonly Lead[] {
  const { root } = known
  const balancer = balancerOf(known)
  const front = wholeFront(known)
  if (root.of !== 'clb' || !root.moment.cluster || !balancer || !front) return []
  const isWorthIt = isLikely(balancer, front.facts) || hasMachines(front.facts)
  return isWorthIt ? leadsAt(front.depth, [balancer.id]) : []
}

const isLikely = (balancer: LoadBalancer, front: Front): boolean =>
  isManagedByTke(balancer) || hasNodePorts(front) || hasPods(front)

/** A cluster that people built themselves may have NodePorts of another range. */
const hasMachines = ({ registrations }: Front): boolean =>
  valueIn(registrations)?.some(({ type }) => type === 'CVM') === true

const hasPods = ({ registrations }: Front): boolean =>
  valueIn(registrations)?.some(({ type }) => type === 'GLOBALROUTE') === true

/** Asks the cluster itself. NodePorts name a Service only if no tag names the cluster. */
export async function readKubernetes(ids: readonly string[], { known }: Asking): Promise<ById<Kubernetes>> {
  const { root } = known
  const balancer = balancerOf(known)
  const facts = wholeFront(known)?.facts
  const cluster = root.of === 'clb' ? root.moment.cluster : undefined
  if (!cluster || !balancer || !facts) return {}
  const bound = [...(valueIn(facts.registrations) ?? []), ...(valueIn(facts.health) ?? [])]
  const ports = isManagedByTke(balancer) ? [] : bound.map(({ port }) => port)
  const fact = await cluster({ ...balancer, nodePorts: [...new Set(ports)] })
  return Object.fromEntries(ids.map((id) => [id, fact]))
}

/** Left out if it was not asked for, or only in case, and has no node with this NodePort. */
export function kubernetesOf(known: Known): Pick<Snapshot, 'kubernetes'> {
  const fact = single(known.kubernetes)?.fact
  const balancer = balancerOf(known)
  const front = wholeFront(known)
  if (!fact || !balancer || !front) return fact ? { kubernetes: fact } : {}
  return isLikely(balancer, front.facts) || isBound(valueIn(fact), front.facts) ? { kubernetes: fact } : {}
}

function isBound(view: Kubernetes | undefined, { registrations }: Front): boolean {
  const ips = new Set((valueIn(view?.nodes) ?? []).flatMap(({ addresses }) => addresses))
  const ports = (valueIn(registrations) ?? []).filter(({ ip }) => ip !== null && ips.has(ip))
  return servicesOnPorts(valueIn(view?.services) ?? [], new Set(ports.map(({ port }) => port))).length > 0
}

function clusterIf(
  known: Known,
  isWorthIt: (balancer: LoadBalancer, front: Front) => boolean,
): readonly Lead[] {
  const balancer = balancerOf(known)
  const front = wholeFront(known)
  return balancer && front && isWorthIt(balancer, front.facts)
    ? leadsAt(front.depth, [clusterIdOf(balancer)])
    : []
}

/**
 * True for a CLB whose probes may come from its VIP and go to cluster nodes. For a public CLB it only matters if a
 * backend is Dead.
 */
function mayLoopBack(balancer: LoadBalancer, { listeners, registrations, health }: Front): boolean {
  if (balancer.generation !== 'application') return false
  if (
    balancer.networkType !== 'INTERNAL' &&
    !valueIn(health)?.some(({ detail }) => statusIn(detail) === 'Dead')
  )
    return false
  const read = valueIn(listeners)
  if (read?.every((one) => isIngress(balancer, one))) return false
  const all = read ?? []
  const checks = all.flatMap(({ healthCheck, rules }) => [
    healthCheck,
    ...rules.map((one) => one.healthCheck),
  ])
  const groups = all.flatMap(({ targetGroupIds, rules }) => [
    ...targetGroupIds,
    ...rules.flatMap((one) => one.targetGroupIds),
  ])
  const fromVip = (check: HealthCheck | null): boolean =>
    check !== null && check.enabled !== false && check.sourceIpType !== 1
  const onNodes = valueIn(registrations)?.some(({ type }) => type === 'CVM' || type === 'GLOBALROUTE') ?? true
  return groups.length > 0 || (onNodes && checks.some(fromVip))
}

/** At this time only the health answer shows members of target groups. */
const hasNodePorts = ({ registrations, health }: Front): boolean => {
  const probed = (valueIn(health) ?? []).filter(({ port }) => isNodePort(port))
  return registrations.state === 'ok'
    ? registrations.value.some(({ type, port }) => type === 'CVM' && isNodePort(port)) ||
        probed.some(({ targetGroupId }) => targetGroupId !== null)
    : probed.length > 0
}

export const readClusters = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<Cluster | null>> =>
  readMany(cloud, { kind: CLUSTERS, ids, where }, async (chunk, at) => {
    const request = { ClusterIds: [...chunk], Offset: 0, Limit: 100 }
    const found = await readAll(cloud, 'tke:DescribeClusters', request, at, (answer) => ({
      items: answer.Clusters,
      total: answer.TotalCount,
    }))
    return found.map((api) => [api.ClusterId, cluster(api)])
  })

const cluster = (api: ApiCluster): Cluster => ({
  id: api.ClusterId,
  name: text(api.ClusterName) ?? '',
  ipvs: ipvsOf(api),
})

/**
 * `Ipvs` and `KubeProxyMode` are written independently, and a documented answer has false beside "ipvs". With
 * `DataPlaneV2`, Cilium replaces kube-proxy. Null for a contradiction and for any other mode.
 */
function ipvsOf({ ClusterNetworkSettings: settings }: ApiCluster): boolean | null {
  const mode = lower(settings?.KubeProxyMode)
  const votes: readonly (boolean | null | undefined)[] = [
    settings?.Ipvs ?? undefined,
    mode === null ? undefined : mode === 'ipvs' ? true : mode === 'iptables' ? false : null,
    settings?.DataPlaneV2 === true ? false : undefined,
  ]
  const [first, ...others] = new Set(votes.filter((vote) => vote !== undefined))
  return first === undefined || others.length > 0 ? null : first
}

/** The worker nodes of each cluster. The action returns only workers if the request names no role. */
export const readNodes = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<readonly ClusterNode[]>> =>
  readEach(cloud, { kind: NODES, ids, where }, async (id, at) => {
    const request = { ClusterId: id, Offset: 0, Limit: 100 }
    const found = await readAll(cloud, 'tke:DescribeClusterInstances', request, at, (answer) => ({
      items: answer.InstanceSet,
      total: answer.TotalCount,
    }))
    return found.map((node) => ({ id: node.InstanceId, ip: text(node.LanIP) }))
  })
