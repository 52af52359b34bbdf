import { known } from '../model/fact.ts'
import { codeBit } from '../model/http-codes.ts'
import { type Family, familyOf } from '../model/ip.ts'
import {
  type Endpoint,
  type EndpointSlice,
  fullName,
  hasEnded,
  type Kubernetes,
  type KubernetesNode,
  type KubernetesService,
  type Named,
  type Pod,
  type ServicePort,
} from '../model/kubernetes.ts'
import { remembered } from '../model/memo.ts'
import { isHttp } from '../model/protocol.ts'
import { isNodePort } from '../model/tke.ts'
import type { EvaluatedPool, EvaluatedTarget } from '../path/index.ts'
import type { PoolTarget } from './check.ts'
import type { OwnCluster } from './cluster.ts'
import { nodeOf } from './cluster-nodes.ts'

interface OfService {
  readonly service: KubernetesService
}

/**
 * What a backend is in the cluster.
 * - `node-port`: a node, by a NodePort of the Service. `node` is null if no node has the address, undefined if unread.
 * - `pod`: a pod, by its own address and port
 * - `other-port`: the Service has another port there
 * - `no-pod`: no pod of the Service has the address
 */
export type Link = OfService &
  (
    | {
        readonly kind: 'node-port'
        readonly port: ServicePort
        readonly node: KubernetesNode | null | undefined
      }
    | {
        readonly kind: 'pod'
        readonly port: ServicePort
        readonly endpoint: Endpoint
        /** Undefined: the pods were not read. */
        readonly pod: Pod | undefined
      }
    | { readonly kind: 'other-port'; readonly expected: number; readonly isPod: boolean }
    | { readonly kind: 'no-pod' }
  )

export type Linked<L extends Link = Link> = PoolTarget & { readonly link: L }

/** Types of backends that are pods by their own address. */
export const isPodType = (type: string): boolean => type === 'ENI' || type === 'GLOBALROUTE' || type === 'EKS'

/** Null if nothing in the cluster speaks of this backend. */
export function linkOf({ pool, target }: PoolTarget, cluster: OwnCluster): Link | null {
  const wanted = wantedPorts(pool, cluster)
  if (isPodType(target.type)) return podLink(target, wanted, cluster)
  if (target.type !== 'CVM' && target.type !== 'UNKNOWN') return null
  const all = cluster.services.flatMap((service) => service.ports.map((port) => ({ service, port })))
  // The port of the listener comes first: a NodePort of another Service may be left from before.
  const exact = [...wanted, ...all].find(({ port }) => port.nodePort === target.port)
  const isTaken = wanted.length > 0 && exact !== undefined && !wanted.includes(exact)
  if (exact && !isTaken) return { kind: 'node-port', ...exact, node: nodeOf(target, cluster.view) }
  const [only, ...others] = wanted.filter(({ port }) => port.nodePort !== null)
  if (
    !only?.port.nodePort ||
    others.length > 0 ||
    target.type !== 'CVM' ||
    !isNodePort(target.port) ||
    isOfPod(target, cluster)
  )
    return null
  return { kind: 'other-port', service: only.service, expected: only.port.nodePort, isPod: false }
}

/** A pod in the network of its node listens there by itself. */
const isOfPod = ({ ip, port }: EvaluatedTarget, { services, view }: OwnCluster): boolean =>
  services.some((service) =>
    slicesOf(service, view).some(
      (slice) => slice.ports.some((one) => one.port === port) && endpointsByAddress(slice).has(ip),
    ),
  )

/** Thousands of pods may be bound, each of which is looked up. */
const endpointsByAddress = remembered(
  ({ endpoints }: EndpointSlice): ReadonlyMap<string, Endpoint> =>
    new Map(endpoints.toReversed().flatMap((one) => one.addresses.map((ip) => [ip, one] as const))),
)

const podsByName = remembered(
  (pods: readonly Pod[]): ReadonlyMap<string, Pod> => new Map(pods.map((pod) => [fullName(pod), pod])),
)

/**
 * The same for the port that the health check asks, which may be another one than that of the backend. Null also for a
 * ping, which the machine answers itself. kube-proxy answers on a healthCheckNodePort by what it forwards.
 */
export function probedLinkOf({ pool, target }: PoolTarget, cluster: OwnCluster): Link | null {
  const { plan } = target
  if (plan.kind !== 'probe' || plan.port === null || plan.endPort !== null) return null
  const link = linkOf({ pool, target }, cluster)
  const isOwn = plan.port === target.port
  if (link?.kind === 'node-port' && plan.port === link.service.healthCheckNodePort)
    return isStatusAsked(target) ? link : null
  const asked =
    isOwn || link?.kind === 'pod' ? link : linkOf({ pool, target: { ...target, port: plan.port } }, cluster)
  if (asked?.kind === 'node-port') return asked.port.protocol.toLowerCase() === plan.protocol ? asked : null
  return asked?.kind === 'pod' && isOwn ? asked : null
}

/**
 * kube-proxy opens a healthCheckNodePort for everybody and answers 503 without a pod, which only a check of HTTP notices, and
 * only if it does not take 5xx.
 */
const isStatusAsked = ({ guestCheck: { kind, httpCodes } }: EvaluatedTarget): boolean =>
  kind === 'http' && (httpCodes & codeBit(503)) === 0

interface Wanted {
  readonly service: KubernetesService
  readonly port: ServicePort
}

/**
 * The ports of Services that a listener of TCP or UDP stands for: those with its own port. A rule of HTTP stands for the
 * port of a Service behind an Ingress, if there is only one.
 */
function wantedPorts(
  { protocol, port }: EvaluatedPool,
  { services, ingresses }: OwnCluster,
): readonly Wanted[] {
  const all = services.flatMap((service) => service.ports.map((one) => ({ service, port: one })))
  const transport = protocol === 'UDP' || protocol === 'QUIC' ? 'UDP' : 'TCP'
  if (!isHttp(protocol)) return all.filter((one) => one.port.port === port && one.port.protocol === transport)
  const behind = all.filter(({ service: { namespace, name } }) =>
    ingresses.some((one) => one.namespace === namespace && one.services.includes(name)),
  )
  return behind.length === 1 ? behind : []
}

function podLink(
  target: EvaluatedTarget,
  wanted: readonly Wanted[],
  { services, view }: OwnCluster,
): Link | null {
  const isRead = wanted.every(({ service }) => areSlicesRead(service, view))
  if (!known(view.slices) || !isRead) return null
  const own = (wanted.length > 0 ? wanted.map(({ service }) => service) : services).flatMap((service) =>
    slicesOf(service, view).map((slice) => ({ service, slice })),
  )
  const here = own.flatMap(({ service, slice }) => {
    const endpoint = endpointsByAddress(slice).get(target.ip)
    return endpoint ? [{ service, slice, endpoint }] : []
  })
  const ports = wanted.map(({ port }) => port)
  for (const { service, slice, endpoint } of here) {
    // Another port of the same Service is not the one that the listener stands for.
    const port = portsIn(slice, service, target.port).find((one) => ports.length === 0 || ports.includes(one))
    if (port) return { kind: 'pod', service, port, endpoint, pod: podNamed(endpoint, service, view) }
  }
  const [first] = here
  if (first) {
    const expected = expectedOf(here, wanted)
    return expected === null ? null : { kind: 'other-port', service: first.service, expected, isPod: true }
  }
  // With several Services behind one listener it cannot be told whose pod it was. A Service of nodes has no pods there.
  const [service, ...others] = new Set(wanted.map((one) => one.service))
  const isDirect = service?.isDirect || service?.ports.every(({ nodePort }) => nodePort === null)
  // Endpoints of the older form leave a pod out as soon as it is on its way out, and it stays bound until it has gone.
  const isGoing = known(view.pods)?.some(({ ips, isTerminating }) => isTerminating && ips.includes(target.ip))
  return service &&
    isDirect &&
    !isGoing &&
    others.length === 0 &&
    isWholeFor(target.ip, slicesOf(service, view))
    ? { kind: 'no-pod', service }
    : null
}

/** Endpoints of the older form are cut at 1000, and are of one family. */
const isWholeFor = (ip: string, slices: readonly EndpointSlice[]): boolean => {
  const families = slices.flatMap(({ endpoints }) =>
    endpoints.flatMap(({ addresses }) => addresses.map(familyOf)),
  )
  return !slices.some(({ isCut }) => isCut) && (families.length === 0 || families.includes(familyOf(ip)))
}

/** The container port of the listener's own Service port. Null if there are several, so that nobody knows which. */
function expectedOf(
  here: readonly { readonly service: KubernetesService; readonly slice: EndpointSlice }[],
  wanted: readonly Wanted[],
): number | null {
  const numbers = new Set(
    here.flatMap(({ service, slice }) => {
      const names = wanted.filter((one) => one.service === service).map(({ port }) => port.name)
      return slice.ports.flatMap(({ name, port }) =>
        port !== null && (wanted.length === 0 || names.includes(name)) ? port : [],
      )
    }),
  )
  const [only = null, ...others] = numbers
  return others.length > 0 ? null : only
}

/** The ports of the Service that this container port serves. */
const portsIn = (slice: EndpointSlice, service: KubernetesService, port: number): readonly ServicePort[] => {
  const names = slice.ports.filter((one) => one.port === port).map(({ name }) => name)
  return service.ports.filter(({ name }) => names.includes(name))
}

export const slicesOf = ({ namespace, name }: Named, view: Kubernetes): readonly EndpointSlice[] =>
  (known(view.slices) ?? []).filter((slice) => slice.namespace === namespace && slice.service === name)

/**
 * False if what kubectl printed may be of other namespaces: the controller gives every Service with a selector a slice, though
 * an empty one. One without a selector need not have any, and every list of all namespaces holds that of the API itself.
 */
export const areSlicesRead = (service: KubernetesService, view: Kubernetes): boolean =>
  known(view.slices) !== undefined &&
  (view.by === 'api' ||
    slicesOf(service, view).length > 0 ||
    (service.selector === null && slicesOf({ namespace: 'default', name: 'kubernetes' }, view).length > 0))

/** False also if Endpoints of another family hide those of this one. */
export const areEndpointsRead = (service: KubernetesService, view: Kubernetes, family: Family): boolean =>
  areSlicesRead(service, view) &&
  slicesOf(service, view).every(
    ({ isOneFamily, endpoints }) =>
      !isOneFamily || endpoints.length === 0 || endpoints.some((one) => isOfFamily(one, family)),
  )

export const otherFamily = (family: Family): Family => (family === 4 ? 6 : 4)

const isOfFamily = ({ addresses }: Endpoint, family: Family): boolean =>
  addresses.some((one) => familyOf(one) === family)

/** A Service may have one number for TCP and for UDP. */
export const portKey = ({ protocol, port }: ServicePort): string => `${protocol}:${port}`

/** The slices whose endpoints serve this port of a Service, each with the number of the port there. */
export const slicesOfPort = (
  service: KubernetesService,
  { name, protocol }: ServicePort,
  view: Kubernetes,
): readonly { readonly endpoints: readonly Endpoint[]; readonly number: number }[] =>
  slicesOf(service, view).flatMap(({ ports, endpoints }) => {
    const number = ports.find((one) => one.protocol === protocol && one.name === name)?.port ?? null
    return number === null ? [] : [{ endpoints, number }]
  })

/** The endpoints behind one port of a Service. A node forwards what comes in by IPv4 to those of IPv4 alone. */
export const endpointsOf = (
  service: KubernetesService,
  port: ServicePort,
  view: Kubernetes,
  family: Family,
): readonly Endpoint[] =>
  slicesOfPort(service, port, view).flatMap(({ endpoints }) =>
    endpoints.filter((one) => isOfFamily(one, family)),
  )

const podNamed = (
  { pod, addresses }: Endpoint,
  { namespace }: KubernetesService,
  view: Kubernetes,
): Pod | undefined =>
  pod === null
    ? known(view.pods)?.find(({ ips }) => ips.some((ip) => addresses.includes(ip)))
    : podsByName(known(view.pods) ?? []).get(fullName({ namespace, name: pod }))

/** The pods that the Service selects and that can still serve. Undefined: see `selectedBy`. */
export const podsOf = (service: KubernetesService, view: Kubernetes): readonly Pod[] | undefined =>
  selectedBy(service, view)?.filter((pod) => !hasEnded(pod))

/** Those that will not run again, for example evicted ones. */
export const endedOf = (service: KubernetesService, view: Kubernetes): readonly Pod[] =>
  selectedBy(service, view)?.filter(hasEnded) ?? []

/** Undefined: the pods were not (all) read, or the Service selects none by itself. */
function selectedBy(
  { namespace, selector }: KubernetesService,
  view: Kubernetes,
): readonly Pod[] | undefined {
  const pods = known(view.pods)
  if (!pods || selector === null) return undefined
  // Every cluster has pods in kube-system. Without one the list may be of other namespaces.
  const isOfOthers =
    view.by === 'kubectl' &&
    !pods.some((one) => one.namespace === namespace || one.namespace === 'kube-system')
  if (isOfOthers) return undefined
  const wanted = Object.entries(selector)
  return pods.filter(
    (pod) => pod.namespace === namespace && wanted.every(([key, value]) => pod.labels[key] === value),
  )
}
