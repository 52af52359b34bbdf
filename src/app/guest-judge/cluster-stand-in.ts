import type { GuestCheck } from '../../guest/index.ts'
import { known, mapped, ok } from '../../model/fact.ts'
import { type Family, familyOf } from '../../model/ip.ts'
import type {
  EndpointSlice,
  Kubernetes,
  KubernetesNode,
  KubernetesService,
  ServicePort,
} from '../../model/kubernetes.ts'
import type { Registration, Snapshot } from '../../model/snapshot.ts'
import type { AskedTarget } from './question.ts'
import { standInOf } from './stand-in.ts'

// A Service without a CLB that is known is diagnosed like every other: behind a stand-in for its CLB, with all its nodes or
// pods Dead.

/** One port of a Service, with the backends that are looked at. */
export interface ServicePoint {
  readonly service: KubernetesService
  readonly port: ServicePort
  readonly backends: readonly Backend[]
}

type Backend = Pick<Registration, 'type' | 'instanceId' | 'ip' | 'port'>

/** The port behind the target, else every port of every LoadBalancer Service. */
export function pointsIn(view: Kubernetes, target: AskedTarget | null): readonly ServicePoint[] {
  const all = (known(view.services) ?? []).flatMap((service) =>
    service.ports.map((port): ServicePoint => ({ service, port, backends: backendsOf(service, port, view) })),
  )
  if (target === null) return all.filter(({ service }) => service.type === 'LoadBalancer')
  return all
    .flatMap((point) => {
      // A pod may be bound directly although its Service has a NodePort: an Ingress can ask for it.
      const own = [...point.backends, ...podsOf(point.service, point.port, view)]
      const backends = own.filter(({ ip, port }) => ip === target.ip && port === target.port).slice(0, 1)
      // A node that the output does not hold may be one all the same.
      const isNode =
        backends.length === 0 && point.port.nodePort === target.port && point.port.nodePort !== null
      const found: readonly Backend[] = isNode
        ? [{ type: 'CVM', instanceId: null, ip: target.ip, port: target.port ?? 0 }]
        : backends
      return found.length > 0 ? [{ ...point, backends: found }] : []
    })
    .slice(0, 1)
}

/** Stands for the nodes if it is not known which are bound: what holds for all NodePorts follows all the same. */
const ANY_NODE = '0.0.0.0'

/** The pods of a Service that forwards to them directly, else the NodePort of each node. */
function backendsOf(service: KubernetesService, port: ServicePort, view: Kubernetes): readonly Backend[] {
  const { nodePort } = port
  if (nodePort === null || service.isDirect) return podsOf(service, port, view)
  const families = familiesOf(service, view)
  const nodes = boundNodes(service, view).flatMap((node): readonly Backend[] => {
    const ip = addressOf(node, families)
    return ip === null ? [] : [{ type: 'CVM', instanceId: node.instanceId, ip, port: nodePort }]
  })
  return nodes.length > 0 ? nodes : [{ type: 'CVM', instanceId: null, ip: ANY_NODE, port: nodePort }]
}

/** The nodes that a CLB of the Service has, as far as its annotations and their labels tell (457/45492, 457/51258). */
function boundNodes(service: KubernetesService, view: Kubernetes): readonly KubernetesNode[] {
  if (service.bindsLabelledNodes) return []
  const all = (known(view.nodes) ?? []).filter(({ isVirtual, isExcluded }) => !isVirtual && !isExcluded)
  if (!service.isLocal || !service.bindsNodesWithPods) return all
  const hosts = new Set(slicesOf(service, view).flatMap(({ endpoints }) => endpoints.map(({ node }) => node)))
  return all.filter(({ name }) => hosts.has(name))
}

/** By the family of the pods, if the node has an address of it. */
const addressOf = ({ addresses }: KubernetesNode, families: ReadonlySet<Family>): string | null =>
  addresses.find((one) => families.has(familyOf(one))) ?? addresses[0] ?? null

const familiesOf = (service: KubernetesService, view: Kubernetes): ReadonlySet<Family> =>
  new Set(
    slicesOf(service, view).flatMap(({ endpoints }) =>
      endpoints.flatMap(({ addresses }) => addresses.map(familyOf)),
    ),
  )

const slicesOf = (service: KubernetesService, view: Kubernetes): readonly EndpointSlice[] =>
  (known(view.slices) ?? []).filter(
    (slice) => slice.namespace === service.namespace && slice.service === service.name,
  )

const podsOf = (service: KubernetesService, { name }: ServicePort, view: Kubernetes): readonly Backend[] =>
  slicesOf(service, view).flatMap(({ ports, endpoints }) => {
    const port = ports.find((one) => one.name === name)?.port ?? null
    return port === null
      ? []
      : endpoints.flatMap(({ addresses: [ip] }) =>
          ip === undefined ? [] : [{ type: 'ENI', instanceId: null, ip, port }],
        )
  })

const LISTENER = 'lbl-00000000'

const CHECK: GuestCheck = {
  kind: 'tcp',
  ip: '0.0.0.0',
  port: 0,
  method: 'GET',
  host: null,
  path: '/',
  httpVersion: null,
  httpCodes: 0,
  extendedCode: null,
  sendHex: null,
  receiveHex: null,
  timeoutSeconds: 5,
  intervalSeconds: null,
}

const NOTHING = { kind: 'recorded', files: {}, by: 'hand', instanceId: null } as const

export function clusterStandIn(
  { service, port, backends }: ServicePoint,
  view: Kubernetes,
  at: string,
): Snapshot {
  const { serviceConfigs: _configs, nodes, ...rest } = view
  // The stand-in has an address that no node has.
  const isAny = backends.some(({ ip }) => ip === ANY_NODE)
  const { guests: _, ...empty } = standInOf({ check: CHECK, report: { ...NOTHING, at }, sources: null })
  const id = service.clbIds[0] ?? empty.loadBalancerId
  const tags: Readonly<Record<string, string>> =
    service.clbIds.length > 0 ? { 'tke-createdBy-flag': 'yes' } : {}
  return {
    ...empty,
    loadBalancerId: id,
    loadBalancer: mapped(empty.loadBalancer, (balancer) => ({ ...balancer, id, tags })),
    listeners: ok(
      (known(empty.listeners) ?? []).map((listener) => ({
        ...listener,
        healthCheck: listener.healthCheck && { ...listener.healthCheck, port: null },
        id: LISTENER,
        protocol: port.protocol === 'UDP' ? 'UDP' : 'TCP',
        port: port.port,
      })),
    ),
    registrations: ok(
      backends.map((backend) => ({
        listenerId: LISTENER,
        locationId: null,
        eniId: null,
        targetGroupId: null,
        name: null,
        weight: 10,
        ...backend,
      })),
    ),
    health: ok(
      backends.map(({ ip, port: own, instanceId }) => ({
        listenerId: LISTENER,
        locationId: null,
        protocol: null,
        listenerPort: port.port,
        ip,
        port: own,
        targetId: instanceId,
        targetGroupId: null,
        detail: 'Dead',
        weight: 10,
      })),
    ),
    // The health check of the stand-in is nobody's, so no config is compared with it.
    kubernetes: ok({
      ...rest,
      ...(nodes && !isAny ? { nodes } : {}),
      services: ok([{ ...service, clbIds: [id] }]),
      ingresses: ok([]),
    }),
  }
}
