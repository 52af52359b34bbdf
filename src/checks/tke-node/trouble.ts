import { known } from '../../model/fact.ts'
import { type Family, familyOf } from '../../model/ip.ts'
import type { KubernetesNode, KubernetesService, Pod, ServicePort } from '../../model/kubernetes.ts'
import type { Paths } from '../../path/index.ts'
import { everyTarget, isGone, type PoolTarget } from '../check.ts'
import type { OwnCluster } from '../cluster.ts'
import { areEndpointsRead, endpointsOf, type Link, probedLinkOf } from '../cluster-links.ts'
import { nodeNamed } from '../cluster-nodes.ts'

/** What is wrong with the node of one backend. */
export type Trouble =
  | { readonly reason: 'not-ready' }
  | { readonly reason: 'kube-proxy-not-ready'; readonly proxy: Pod | null }
  | {
      readonly reason: 'local-policy-no-pod'
      readonly service: KubernetesService
      readonly port: ServicePort
    }

export type Hit = PoolTarget & { readonly node: KubernetesNode; readonly trouble: Trouble }

export interface Found {
  readonly hits: readonly Hit[]
  /** One for each backend without a trouble. */
  readonly outcomes: readonly ('pass' | 'unknown' | 'not-applicable')[]
}

/** One trouble for each backend: a node that is not ready explains its kube-proxy and its pods, too. */
export function troublesOf(paths: Paths, cluster: OwnCluster): Found {
  const hits: Hit[] = []
  const outcomes: Found['outcomes'][number][] = []
  for (const one of everyTarget(paths)) {
    const link = isGone(one.target, paths) ? null : probedLinkOf(one, cluster)
    const found = link === null ? 'not-applicable' : troubleOf(link, familyOf(one.target.ip), cluster)
    if (typeof found === 'string') outcomes.push(found)
    else hits.push({ ...one, ...found })
  }
  return { hits, outcomes }
}

type Answer = Pick<Hit, 'node' | 'trouble'> | Found['outcomes'][number]

function troubleOf(link: Link, family: Family, cluster: OwnCluster): Answer {
  const { view } = cluster
  if (link.kind === 'pod') {
    const node = nodeNamed(link.pod?.node ?? link.endpoint.node, view)
    if (!node) return view.nodes?.state === 'ok' ? 'not-applicable' : 'unknown'
    return node.isReady === false ? { node, trouble: { reason: 'not-ready' } } : 'pass'
  }
  if (link.kind !== 'node-port') return 'not-applicable'
  const { node, service, port } = link
  if (node === undefined) return 'unknown'
  if (node === null) return 'not-applicable'
  if (node.isReady === false) return { node, trouble: { reason: 'not-ready' } }
  const proxy = proxyTrouble(node, cluster)
  const local = service.isLocal ? hasLocalPod(node, { service, port, family }, cluster) : true
  if (local === false) return { node, trouble: { reason: 'local-policy-no-pod', service, port } }
  if (proxy !== 'unknown' && proxy !== 'pass') return { node, trouble: proxy }
  return proxy === 'unknown' || local === null ? 'unknown' : 'pass'
}

/** A cluster without kube-proxy has something else in its place, for example Cilium. */
function proxyTrouble(node: KubernetesNode, { view }: OwnCluster): Trouble | 'pass' | 'unknown' {
  const proxies = known(view.proxies)
  if (!proxies) return 'unknown'
  const own = proxies.filter((pod) => pod.node === node.name && !pod.isTerminating)
  const [first] = own
  if (own.some(({ isReady }) => isReady)) return 'pass'
  if (first) return { reason: 'kube-proxy-not-ready', proxy: first }
  // Whether one is to run there, its DaemonSet tells alone.
  const set = known(view.proxySet)
  if (set === undefined) return 'unknown'
  if (set === null) return proxies.length === 0 ? 'pass' : 'unknown'
  // It runs wherever it is to run. A node without it has something else, for example a Windows node.
  if (proxies.length >= set.desired) return 'pass'
  // What kubectl printed may be a part of its pods.
  if (set.placed !== undefined && proxies.length < set.placed) return 'unknown'
  return { reason: 'kube-proxy-not-ready', proxy: null }
}

interface Forwarding {
  readonly service: KubernetesService
  readonly port: ServicePort
  readonly family: Family
}

/**
 * Has the node a pod that answers? Null: not known. If no node has one, that is not the node's fault. A pod on its way out
 * still answers if no other does (kube-proxy, ProxyTerminatingEndpoints).
 */
function hasLocalPod(
  node: KubernetesNode,
  { service, port, family }: Forwarding,
  { view }: OwnCluster,
): boolean | null {
  if (!areEndpointsRead(service, view, family)) return null
  const all = endpointsOf(service, port, view, family)
  const isAnyReady = all.some(({ isReady }) => isReady)
  const answering = all.filter(({ isReady, isServing }) => isReady || isServing)
  if (answering.length === 0 || answering.some((endpoint) => endpoint.node === node.name)) return true
  // Only pods on their way out are left, so all will be different soon.
  if (!isAnyReady) return null
  return answering.some((endpoint) => endpoint.node === null) ? null : false
}
