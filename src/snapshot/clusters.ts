import type { ResponseOf } from '../cloud/actions.ts'
import type { CallOptions, CloudSession, Kind } from '../cloud/cloud.ts'
import { readAll } from '../cloud/paging.ts'
import { known } from '../model/fact.ts'
import type { ById, Cluster, ClusterNode, HealthCheck, LoadBalancer, Snapshot } from '../model/snapshot.ts'
import { clusterIdOf, isIngress, isNodePort } from '../model/tke.ts'
import { readEach, readMany } from './collect.ts'
import { text } from './fields.ts'
import type { FrontFacts } from './listeners.ts'

type ApiCluster = NonNullable<ResponseOf<'tke:DescribeClusters'>['Clusters']>[number]

const CLUSTERS: Kind = { action: 'tke:DescribeClusters', size: 100, keep: 200 }
const NODES: Kind = { action: 'tke:DescribeClusterInstances', size: 1, keep: 50 }

/** The cluster that a CLB's tag names, and only what the backends make worth asking. */
export async function readClusterFacts(
  cloud: CloudSession,
  balancer: LoadBalancer | undefined,
  front: FrontFacts,
  where: CallOptions,
): Promise<Pick<Snapshot, 'clusters' | 'clusterNodes'>> {
  const id = balancer ? clusterIdOf(balancer) : null
  if (!balancer || id === null) return { clusters: {}, clusterNodes: {} }
  const [clusters, clusterNodes] = await Promise.all([
    mayLoopBack(balancer, front) ? readClusters(cloud, [id], where) : {},
    hasNodePorts(front) ? readNodes(cloud, [id], where) : {},
  ])
  return { clusters, clusterNodes }
}

/** Only probes of a private CLB that carry its VIP, to what its nodes answer for. */
function mayLoopBack(balancer: LoadBalancer, { listeners, registrations }: FrontFacts): boolean {
  if (balancer.networkType !== 'INTERNAL' || balancer.generation !== 'application') return false
  const read = known(listeners)
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
  const onNodes = known(registrations)?.some(({ type }) => type === 'CVM' || type === 'GLOBALROUTE') ?? true
  return groups.length > 0 || (onNodes && checks.some(fromVip))
}

/** Members of a target group are known by then from the health answer alone. */
const hasNodePorts = ({ registrations, health }: FrontFacts): boolean => {
  const probed = (known(health) ?? []).filter(({ port }) => isNodePort(port))
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
  readMany(
    cloud,
    { kind: CLUSTERS, ids, where },
    async (chunk, at) => {
      const request = { ClusterIds: [...chunk], Offset: 0, Limit: 100 }
      const found = await readAll(cloud, 'tke:DescribeClusters', request, at, (answer) => ({
        items: answer.Clusters,
        total: answer.TotalCount,
      }))
      return found.map((api) => ({
        id: api.ClusterId ?? '',
        name: text(api.ClusterName) ?? '',
        ipvs: ipvsOf(api),
      }))
    },
    (found) => [found.id],
  )

/**
 * `Ipvs` and `KubeProxyMode` are written independently, and a documented answer has false beside "ipvs". With
 * `DataPlaneV2`, Cilium stands in for kube-proxy. What contradicts itself, or is another mode, says nothing.
 */
function ipvsOf({ ClusterNetworkSettings: settings }: ApiCluster): boolean | null {
  const mode = text(settings?.KubeProxyMode)?.toLowerCase() ?? null
  const votes: readonly (boolean | null | undefined)[] = [
    settings?.Ipvs ?? undefined,
    mode === null ? undefined : mode === 'ipvs' ? true : mode === 'iptables' ? false : null,
    settings?.DataPlaneV2 === true ? false : undefined,
  ]
  const [first, ...others] = new Set(votes.filter((vote) => vote !== undefined))
  return first === undefined || others.length > 0 ? null : first
}

/** The worker nodes of each cluster: the action gives no other where none is asked for. */
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
    return found.map((node) => ({ id: node.InstanceId ?? '', ip: text(node.LanIP) }))
  })
