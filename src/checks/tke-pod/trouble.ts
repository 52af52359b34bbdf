import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import { familyOf } from '../../model/ip.ts'
import {
  fullName,
  type Kubernetes,
  type KubernetesService,
  type Pod,
  type ServicePort,
} from '../../model/kubernetes.ts'
import type { Paths } from '../../path/index.ts'
import { everyTarget, isGone, type PoolTarget } from '../check.ts'
import type { OwnCluster } from '../cluster.ts'
import {
  areEndpointsRead,
  endedOf,
  endpointsOf,
  type Link,
  otherFamily,
  podsOf,
  portKey,
  probedLinkOf,
} from '../cluster-links.ts'
import { nodeNamed } from '../cluster-nodes.ts'
import { type PodState, stateOf } from './pods.ts'

type Sick = Exclude<PodState, { kind: 'ready' }>

/** A pod that is not ready, and why. */
export interface SickPod {
  readonly pod: Pod
  readonly state: Sick
}

/** What keeps the pods behind one port of a Service from answering. */
export interface Trouble {
  readonly service: KubernetesService
  readonly port: ServicePort
  /** The backends are pods by their own address. */
  readonly isDirect: boolean
  readonly hits: readonly PoolTarget[]
  readonly why:
    | {
        readonly reason: 'no-endpoints'
        readonly is: 'noPods' | 'ended' | 'unlisted' | 'none' | 'notReady' | 'otherFamily'
      }
    | { readonly reason: 'not-ready' | 'readiness-failing'; readonly pods: readonly SickPod[] }
    | {
        readonly reason: 'wrong-container-port'
        readonly declared: readonly string[]
        readonly isSure: boolean
      }
}

export interface Found {
  readonly troubles: readonly Trouble[]
  readonly outcomes: readonly ('pass' | 'unknown' | 'not-applicable')[]
}

type Placed = PoolTarget & { readonly link: Extract<Link, { kind: 'node-port' | 'pod' }> }

/** One trouble for each port of a Service: without a ready pod nothing else is told of it. */
export function troublesOf(paths: Paths, cluster: OwnCluster): Found {
  const placed: Placed[] = []
  const outcomes: Found['outcomes'][number][] = []
  for (const one of everyTarget(paths)) {
    const link = isGone(one.target, paths) ? null : probedLinkOf(one, cluster)
    // What a machine outside the cluster does with this port does not follow from the cluster.
    const isOutside = link?.kind === 'node-port' && link.node === null
    if (!isOutside && (link?.kind === 'node-port' || link?.kind === 'pod')) placed.push({ ...one, link })
    else outcomes.push('not-applicable')
  }
  const ports = groupBy(placed, ({ link: { kind, service, port }, target: { ip } }) =>
    [kind, fullName(service), portKey(port), familyOf(ip)].join(),
  )
  const troubles = [...ports.values()].flatMap((some): readonly Trouble[] => {
    const [first] = some
    if (!first) return []
    const found = first.link.kind === 'pod' ? ofPods(some, cluster) : ofNodePort(some, cluster)
    if (typeof found !== 'string') return found
    outcomes.push(found)
    return []
  })
  return { troubles, outcomes }
}

function ofNodePort(hits: readonly Placed[], cluster: OwnCluster): readonly Trouble[] | 'pass' | 'unknown' {
  const [first] = hits
  if (!first) return 'pass'
  const { service, port } = first.link
  const { view } = cluster
  const family = familyOf(first.target.ip)
  if (!areEndpointsRead(service, view, family)) return 'unknown'
  const all = endpointsOf(service, port, view, family)
  const base = { service, port, isDirect: false, hits }
  const pods = podsOf(service, view)
  if (all.some(({ isReady }) => isReady)) {
    // Requests are handed on to pods that do not run.
    const sick = service.publishesAll && pods ? sickIn(pods, view) : []
    if (sick.length > 0 && sick.length === pods?.length && !all.some(({ isServing }) => isServing))
      return [{ ...base, why: reasonOf(sick) }]
    const wrong = portTrouble(port, pods)
    return wrong && !wrong.isSure && isDown(hits) ? [{ ...base, why: wrong }] : 'pass'
  }
  // A pod on its way out still answers if no other does (kube-proxy, ProxyTerminatingEndpoints).
  if (all.some(({ isServing }) => isServing)) return 'unknown'
  const hasOther = endpointsOf(service, port, view, otherFamily(family)).some(({ isReady }) => isReady)
  if (all.length === 0 && hasOther) return [{ ...base, why: { reason: 'no-endpoints', is: 'otherFamily' } }]
  if (pods && pods.length > 0) {
    const sick = sickIn(pods, view)
    if (sick.length === pods.length) return [{ ...base, why: reasonOf(sick) }]
    const wrong = portTrouble(port, pods)
    // A number is taken as it stands, declared or not, and an endpoint shows that a name was found.
    if (wrong?.isSure && all.length === 0) return [{ ...base, why: wrong }]
  }
  // Pods that were read at another time, or in part, do not stand against an endpoint.
  const isUnlisted = pods?.some(
    ({ isReady, isTerminating, ips }) => isReady && !isTerminating && ips.length > 0,
  )
  const without = isUnlisted
    ? 'unlisted'
    : pods?.length !== 0
      ? 'none'
      : endedOf(service, view).length > 0
        ? 'ended'
        : 'noPods'
  const is = all.length > 0 ? 'notReady' : without
  return [{ ...base, why: { reason: 'no-endpoints', is } }]
}

/** Pods that are backends themselves: each stands for itself. */
function ofPods(hits: readonly Placed[], cluster: OwnCluster): readonly Trouble[] | 'pass' | 'unknown' {
  const [first] = hits
  if (!first) return 'pass'
  const { service, port } = first.link
  if (!known(cluster.view.pods)) return 'unknown'
  const base = { service, port, isDirect: true }
  const sick = hits.flatMap((hit) => {
    const pod = hit.link.kind === 'pod' ? hit.link.pod : undefined
    const state = pod && stateOf(pod)
    return pod && state && state.kind !== 'ready' ? [{ hit, pod, state }] : []
  })
  const alike = [
    ...groupBy(sick, ({ state, hit }) => `${state.kind} ${hit.target.status === 'Alive'}`).values(),
  ]
  const found = alike.map(
    (some): Trouble => ({
      ...base,
      hits: some.map(({ hit }) => hit),
      why: reasonOf(some.map(({ pod, state }) => ({ pod, state }))),
    }),
  )
  if (found.length > 0) return found
  const wrong = portTrouble(port, podsOf(service, cluster.view))
  return wrong && !wrong.isSure && isDown(hits) ? [{ ...base, hits, why: wrong }] : 'pass'
}

/** A declared port is a hint only, so a healthy backend shows that it is right. */
const isDown = (hits: readonly PoolTarget[]): boolean =>
  hits.every(({ target: { status } }) => status === 'Dead')

const sickIn = (pods: readonly Pod[], view: Kubernetes): readonly SickPod[] =>
  pods.flatMap((pod): readonly SickPod[] => {
    const state = stateOf(pod)
    if (state.kind !== 'ready') return [{ pod, state }]
    // The cluster takes a pod out if its node is cut off, whatever its containers last said.
    const isLost = !pod.isReady && nodeNamed(pod.node, view)?.isReady === false
    return isLost
      ? [{ pod, state: { kind: 'not-running', why: `NodeNotReady ${pod.node ?? ''}`, by: 'node' } }]
      : []
  })

/** Pods that do not run come first: a readiness probe can only fail in one that runs. */
function reasonOf(sick: readonly SickPod[]): Trouble['why'] {
  const isAnyDown = sick.some(({ state }) => state.kind === 'not-running')
  return { reason: isAnyDown ? 'not-ready' : 'readiness-failing', pods: sick }
}

/**
 * True if the Service sends to a port that its containers do not declare. An endpoint with a port shows that a name was found
 * somewhere, so a name is only wrong without one.
 */
function portTrouble(
  { targetPort, protocol }: ServicePort,
  pods: readonly Pod[] | undefined,
): Extract<Trouble['why'], { reason: 'wrong-container-port' }> | null {
  if (!pods || pods.length === 0) return null
  const declared = pods.map(({ containers }) =>
    containers.flatMap(({ ports }) => ports).filter((one) => one.protocol === protocol),
  )
  const isNamed = typeof targetPort === 'string'
  if (declared.some((ports) => ports.length === 0 && !isNamed)) return null
  if (declared.some((ports) => ports.some(({ name, port }) => (isNamed ? name : port) === targetPort)))
    return null
  const shown = [
    ...new Set(declared.flat().map(({ name, port }) => (name === null ? `${port}` : `${port} (${name})`))),
  ]
  return { reason: 'wrong-container-port', declared: shown, isSure: isNamed }
}
