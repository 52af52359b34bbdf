import { inCidr, isIpv6 } from './cidr.ts'
import { aclLetsIn, aclLetsPass, aclLetsReplyOut, groupsLetIn, type Packet } from './gates.ts'
import { behind, type Fate, inside } from './inside.ts'
import { withNodePorts } from './kubernetes/forward.ts'
import { interfacesAt, machineOf, machinesAt, subnetById } from './seen.ts'
import type {
  Backend,
  Balancer,
  Ccn,
  Guest,
  HealthCheck,
  Listener,
  Machine,
  Rule,
  Subnet,
  World,
} from './world.ts'

// Follows one probe packet at a time from a node of the CLB to the backend, and its reply back.

export type { Fate }

export type Status = 'Alive' | 'Dead' | 'Close' | 'Unknown'

/** Probes use these source ports in turn. All are in the ephemeral range. */
const EPHEMERAL = [1024, 2049, 5000, 20_011, 32_768, 40_123, 49_152, 61_000, 65_535]

/**
 * The status that the CLB reports for one backend. Every node probes from its own address. A backend is Dead if most nodes
 * get no answer.
 */
export function statusOf(
  world: World,
  balancer: Balancer,
  listener: Listener,
  rule: Rule,
  backend: Backend,
): Status {
  const check = checkOf(world, rule)
  if (!check.on || listener.stopped) return 'Close'
  if (backend.fresh) return 'Unknown'
  if (backend.warming) return 'Dead'
  const fates = fatesOf(world, balancer, listener, rule, backend)
  const answered = fates.filter((fate) => fate === 'answered').length
  return answered * 2 > fates.length ? 'Alive' : 'Dead'
}

/** The fate of each probe packet. A single `no-route` if no probe can be sent. */
export function fatesOf(
  world: World,
  balancer: Balancer,
  listener: Listener,
  rule: Rule,
  backend: Backend,
): readonly Fate[] {
  const packets = packetsOf(world, balancer, listener, rule, backend)
  if (packets.length === 0) return ['no-route']
  const check = checkOf(world, rule)
  const home = homeOf(world, balancer, backend)
  return packets.map((packet) =>
    probe({ world, balancer, check, backend, home, domain: rule.domain }, packet),
  )
}

/** Three probes from each node. None if a probe needs a SNAT IP and the CLB has none. */
export function packetsOf(
  world: World,
  balancer: Balancer,
  listener: Listener,
  rule: Rule,
  backend: Backend,
): readonly Packet[] {
  const check = checkOf(world, rule)
  return sourcesOf(world, balancer, check, backend).flatMap((source, i) =>
    [0, 1, 2].map((n) => ({
      source,
      sourcePort: EPHEMERAL[(i + n * 3) % EPHEMERAL.length] ?? 40_000,
      target: backend.ip,
      protocol: transportOf(listener, check),
      port: check.port ?? portOf(world, listener, backend, i * 3 + n),
    })),
  )
}

/** The ports of a backend that a listener forwards to: of a range, as many as the listener has (platform facts C3). */
export const portsBehind = ({ port, endPort = port }: Listener, backend: Backend): readonly number[] =>
  Array.from({ length: endPort - port + 1 }, (_, i) => backend.port + i).filter((one) => one <= 65_535)

/** The port that the n-th probe is sent to. */
function portOf({ portOfRange }: World, listener: Listener, backend: Backend, n: number): number {
  const ports = portsBehind(listener, backend)
  const at = { first: 0, last: ports.length - 1, each: (3 * n) % ports.length }[portOfRange ?? 'first']
  return ports[at] ?? backend.port
}

export function checkOf(world: World, rule: Rule): HealthCheck {
  const group = world.targetGroups.find(({ id }) => id === rule.targetGroupId)
  return group?.type === 'v2' && group.check ? group.check : rule.check
}

/** Some addresses of 169.254.128.0/17, from which classic private CLBs probe (platform facts C1). */
const CLASSIC_PROBERS = ['169.254.128.7', '169.254.201.9', '169.254.255.3']

function sourcesOf(
  world: World,
  balancer: Balancer,
  check: HealthCheck,
  backend: Backend,
): readonly string[] {
  if (backend.type === 'CCN') return balancer.snatIps
  if (balancer.classic && balancer.type === 'INTERNAL') return CLASSIC_PROBERS
  if (isIpv6(backend.ip)) return [balancer.vip]
  if (check.source === 0 && !balancer.nat64 && balancer.domain === undefined) return [balancer.vip]
  return world.probers
}

const transportOf = (listener: Listener, check: HealthCheck): Packet['protocol'] =>
  check.type === 'PING' ? 'icmp' : check.type === 'CUSTOM' && listener.protocol === 'UDP' ? 'udp' : 'tcp'

interface Probed {
  readonly world: World
  readonly balancer: Balancer
  readonly check: HealthCheck
  readonly backend: Backend
  readonly home: Home | null
  readonly domain: string | null
}

function probe({ world, balancer, check, backend, home, domain }: Probed, packet: Packet): Fate {
  if (backend.type === 'CCN') {
    const stopped = beforeHome(world, balancer, packet, home)
    if (stopped) return stopped
    const remote = world.remotes.find(({ ip }) => ip === backend.ip)
    if (!home) return remote ? inside(remote.guest, check, packet, domain) : 'no-machine'
  }
  if (!home) return 'no-machine'
  const { regionWorld } = home
  if (isCutOff(world, balancer, backend, home)) return 'no-bandwidth'
  const subnet = subnetById(regionWorld, home.subnetId)
  const acl = regionWorld.acls.find(({ id }) => id === subnet?.aclId)
  const isNeighbour =
    subnet !== undefined &&
    balancer.vpcId === subnet.vpcId &&
    [subnet.cidr, subnet.ipv6Cidr].some((cidr) => cidr !== '' && inCidr(packet.source, cidr))
  const filter = isNeighbour ? undefined : acl
  if (filter && !aclLetsIn(filter, packet)) return 'acl-in'
  if (
    !home.groupless &&
    !skipsGroups(world, balancer, backend, packet) &&
    !groupsLetIn(regionWorld, home.groups, packet)
  )
    return 'security-group'
  if (home.guest === null) return 'no-machine'
  const fate = inside(home.guest, check, packet, domain)
  if (fate !== 'answered') return fate
  if (loopsBack(world, balancer, home.machineId, packet)) return 'loopback'
  if (filter && !aclLetsReplyOut(world, filter, packet)) return 'acl-out'
  return 'answered'
}

/** An account that pays at the machines: a public CLB reaches only machines with public bandwidth (platform facts F). */
const isCutOff = (
  world: World,
  balancer: Balancer,
  { type }: Backend,
  { regionWorld, machineId }: Home,
): boolean =>
  world.accountType === 'LEGACY' &&
  balancer.type === 'OPEN' &&
  !balancer.ipv6 &&
  balancer.targetRegion === null &&
  type === 'CVM' &&
  machineOf(regionWorld, machineId)?.publicBandwidth === 0

export interface Home {
  /** The world of the backend's region. */
  readonly regionWorld: World
  readonly vpcId: string
  readonly subnetId: string
  readonly groups: readonly string[]
  /** True if security groups do not apply to this kind of backend. */
  readonly groupless?: boolean
  readonly machineId: string | null
  /** What runs there. Null if nothing does. */
  readonly guest: Guest | null
}

/** Where the backend is, and what runs there. A stopped machine does not answer. */
export function homeOf(world: World, balancer: Balancer, { type, ip }: Backend): Home | null {
  if (type === 'CCN') {
    const places = [world, ...Object.values(world.others).map((other) => ({ ...world, ...other }))]
    for (const regionWorld of places) {
      const found = ownerOf(regionWorld, null, ip)
      if (found) return found
    }
    return null
  }
  const { targetRegion } = balancer
  if (targetRegion === null) return ownerOf(world, balancer.vpcId, ip)
  return ownerOf({ ...world, ...world.others[targetRegion.region] }, targetRegion.vpcId, ip)
}

function ownerOf(regionWorld: World, vpcId: string | null, ip: string): Home | null {
  const here = <T extends { vpcId: string }>(things: readonly T[]): readonly T[] =>
    things.filter((one) => vpcId === null || one.vpcId === vpcId)
  const [machine] = here(machinesAt(regionWorld, ip))
  if (machine) {
    const guest = guestOf(machine) && withNodePorts(regionWorld, machine)
    return { ...machine, regionWorld, machineId: machine.id, guest }
  }
  const [nic] = here(interfacesAt(regionWorld, ip))
  if (nic) return { ...nic, regionWorld, guest: guestOf(machineOf(regionWorld, nic.machineId)) }
  const service = here(regionWorld.services).find((one) => one.ip === ip)
  if (service) return { ...service, regionWorld, machineId: null, groupless: service.kind === 'cos' }
  const pod = regionWorld.pods.find((one) => one.ip === ip)
  const [node] = here([machineOf(regionWorld, pod?.machineId ?? null) ?? []].flat())
  return pod && node ? { ...node, regionWorld, machineId: node.id, guest: behind(guestOf(node), pod) } : null
}

const guestOf = (machine: Machine | undefined): Guest | null =>
  machine?.state === 'RUNNING' && machine.restrictState === 'NORMAL' ? machine.guest : null

/** The subnet of an address in a VPC. */
export const subnetOf = (world: World, vpcId: string, ip: string): Subnet | undefined =>
  world.subnets.find(
    (one) => one.vpcId === vpcId && [one.cidr, one.ipv6Cidr].some((cidr) => cidr !== '' && inCidr(ip, cidr)),
  )

/** Checks the way from the SNAT IP to the backend's network and the route back. Null if the probe gets through. */
function beforeHome(world: World, balancer: Balancer, packet: Packet, home: Home | null): Fate | null {
  const snat = subnetOf(world, balancer.vpcId, packet.source)
  const acl = world.acls.find(({ id }) => id === snat?.aclId)
  const isLocal = home !== null && home.vpcId === balancer.vpcId
  if (acl && home?.subnetId !== snat?.id && !aclLetsPass(world, acl, packet)) return 'snat-acl'
  if (isLocal) return null
  const { vpcId } = balancer
  if (!leadsTo(world, world.ccns, snat?.routeTableId, vpcId, packet.target)) return 'no-route'
  const returns = world.ccns.some(
    ({ attached, routes }) =>
      attached.some(({ id, state }) => id === vpcId && state === 'ACTIVE') &&
      routes.some((one) => one.enabled && one.instanceId === vpcId && inCidr(packet.source, one.cidr)),
  )
  const direct = tableOf(world, snat?.routeTableId)?.routes.some(
    (one) => one.enabled && one.gatewayType === 'DIRECTCONNECT' && inCidr(packet.target, one.cidr),
  )
  if (!returns && !direct) return 'no-return'
  if (!home) return null
  const subnet = home.regionWorld.subnets.find(({ id }) => id === home.subnetId)
  return leadsTo(home.regionWorld, world.ccns, subnet?.routeTableId, home.vpcId, packet.source)
    ? null
    : 'no-return'
}

const tableOf = (regionWorld: World, id: string | undefined) =>
  regionWorld.routeTables.find((one) => one.id === id)

const lengthOf = (cidr: string): number => Number(cidr.split('/')[1] ?? 32)

/** Does the most specific route of the table lead to the address, over a CCN with a route to it or a direct line? */
function leadsTo(
  regionWorld: World,
  ccns: readonly Ccn[],
  tableId: string | undefined,
  vpcId: string,
  address: string,
): boolean {
  const [route] = (tableOf(regionWorld, tableId)?.routes ?? [])
    .filter(({ cidr, enabled }) => enabled && inCidr(address, cidr))
    .sort((a, b) => lengthOf(b.cidr) - lengthOf(a.cidr))
  if (!route) return false
  if (route.gatewayType !== 'CCN') return route.gatewayType === 'DIRECTCONNECT'
  const ccn = ccns.find(({ id }) => id === route.gatewayId)
  return (
    ccn?.attached.some(({ id, state }) => id === vpcId && state === 'ACTIVE') === true &&
    ccn.routes.some((one) => one.enabled && inCidr(address, one.cidr))
  )
}

/** An IPVS node may have the VIP of a Service's CLB as its own address. Then it sends the reply to itself. */
const loopsBack = (world: World, balancer: Balancer, machineId: string | null, { source }: Packet): boolean =>
  source === balancer.vip &&
  isOfService(balancer) &&
  world.clusters.some(
    ({ ipvs, unbound, machineIds }) =>
      ipvs && !unbound && machineId !== null && machineIds.includes(machineId),
  )

/** Can the CLB belong to a Service? kube-proxy knows only VIPs of Services. CLBs of an Ingress are layer 7 only. */
const isOfService = ({ tags, listeners }: Balancer): boolean =>
  !tags['tke-lb-ingress-uuid'] ||
  tags['tke-lb-serviceuuid'] !== undefined ||
  listeners.some(({ protocol }) => !protocol.startsWith('HTTP'))

/** Does the platform skip the backend's groups? E.g. the CLB's group replaces them, or 100.64.0.0/10 is exempt. */
const skipsGroups = (world: World, balancer: Balancer, backend: Backend, { source }: Packet): boolean =>
  backend.type !== 'CCN' &&
  ((balancer.passToTarget && !balancer.snatPro) ||
    (balancer.ipv6 && !balancer.nat64) ||
    (balancer.classic && balancer.type === 'INTERNAL') ||
    (world.exempts10064 && inCidr(source, '100.64.0.0/10')))
