import { inCidr, inPorts } from './cidr.ts'
import type { AclEntry, Backend, Balancer, Guest, HealthCheck, Listener, Rule, World } from './world.ts'

// The rules of the road: one probe packet at a time from a node of the CLB to the backend, and its reply back.

export type Fate =
  | 'answered'
  | 'acl-in'
  | 'security-group'
  | 'no-machine'
  | 'guest-firewall'
  | 'not-listening'
  | 'wrong-answer'
  | 'acl-out'
  | 'no-route'

interface Packet {
  readonly source: string
  /** The prober's own port. */
  readonly sourcePort: number
  readonly target: string
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  readonly port: number
}

export type Status = 'Alive' | 'Dead' | 'Close'

/** Ports that nodes happen to use: somewhere in the ephemeral range, each time another. */
const EPHEMERAL = [1024, 2049, 5000, 20_011, 32_768, 40_123, 49_152, 61_000, 65_535]

/**
 * What the CLB reports of one backend. Every node probes from its own address; a backend is Dead when most of the nodes
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
  const fates = fatesOf(world, balancer, listener, rule, backend)
  const answered = fates.filter((fate) => fate === 'answered').length
  return answered * 2 > fates.length ? 'Alive' : 'Dead'
}

/** What becomes of each node's probe. */
export function fatesOf(
  world: World,
  balancer: Balancer,
  listener: Listener,
  rule: Rule,
  backend: Backend,
): readonly Fate[] {
  const check = checkOf(world, rule)
  const sources = sourcesOf(world, balancer, check, backend)
  if (sources.length === 0) return ['no-route']
  return sources.flatMap((source, i) =>
    [0, 1, 2].map((n) =>
      probe(world, balancer, check, backend, {
        source,
        sourcePort: EPHEMERAL[(i + n * 3) % EPHEMERAL.length] ?? 40_000,
        target: backend.ip,
        protocol: transportOf(listener, check),
        port: check.port ?? backend.port,
      }),
    ),
  )
}

function checkOf(world: World, rule: Rule): HealthCheck {
  const group = world.targetGroups.find(({ id }) => id === rule.targetGroupId)
  return group?.type === 'v2' && group.check ? group.check : rule.check
}

function sourcesOf(
  world: World,
  balancer: Balancer,
  check: HealthCheck,
  backend: Backend,
): readonly string[] {
  if (backend.type === 'CCN') return balancer.snatIps
  if (backend.ip.includes(':') || check.source === 0) return [balancer.vip]
  return world.probers
}

const transportOf = (listener: Listener, check: HealthCheck): Packet['protocol'] =>
  check.type === 'PING' ? 'icmp' : check.type === 'CUSTOM' && listener.protocol === 'UDP' ? 'udp' : 'tcp'

function probe(world: World, balancer: Balancer, check: HealthCheck, backend: Backend, packet: Packet): Fate {
  if (backend.type === 'CCN') {
    const remote = world.remotes.find(({ ip }) => ip === backend.ip)
    return remote ? inside(remote.guest, check, packet) : 'no-machine'
  }
  const home = homeOf(world, backend)
  if (!home) return 'no-machine'
  const subnet = world.subnets.find(({ id }) => id === home.subnetId)
  const acl = world.acls.find(({ id }) => id === subnet?.aclId)
  const isNeighbour =
    subnet !== undefined &&
    balancer.vpcId === subnet.vpcId &&
    [subnet.cidr, subnet.ipv6Cidr].some((cidr) => cidr !== '' && inCidr(packet.source, cidr))
  const filtered = acl !== undefined && !isNeighbour
  if (
    filtered &&
    !aclAccepts(acl.ingress, packet.source, packet.sourcePort, packet.target, packet.port, packet.protocol)
  )
    return 'acl-in'
  if (!groupsAccept(world, balancer, home.groups, packet)) return 'security-group'
  if (home.guest === null) return 'no-machine'
  const fate = inside(home.guest, check, packet)
  if (fate !== 'answered') return fate
  if (filtered && !replyGetsOut(world, acl.type, acl.egress, packet)) return 'acl-out'
  return 'answered'
}

/** Where the address lives, and what runs there; a stopped machine answers nobody. */
function homeOf(
  world: World,
  { ip }: Backend,
): { subnetId: string; groups: string[]; guest: Guest | null } | null {
  const machine = world.machines.find((one) => one.ip === ip || one.ipv6 === ip)
  if (machine) {
    const up = machine.state === 'RUNNING' && machine.restrictState === 'NORMAL'
    return { ...machine, guest: up ? machine.guest : null }
  }
  const nic = world.interfaces.find(({ ips }) => ips.includes(ip))
  if (!nic) return null
  const owner = world.machines.find(({ id }) => id === nic.machineId)
  return { ...nic, guest: owner?.state === 'RUNNING' ? owner.guest : null }
}

function aclAccepts(
  entries: readonly AclEntry[],
  source: string,
  sourcePort: number,
  target: string,
  port: number,
  protocol: Packet['protocol'],
): boolean {
  for (const entry of entries) {
    const name = entry.protocol.toLowerCase()
    if (name !== 'all' && name !== protocol) continue
    if (!inCidr(source, entry.cidr)) continue
    if (entry.destinationCidr && !inCidr(target, entry.destinationCidr)) continue
    if (name !== 'all' && protocol !== 'icmp') {
      if (!inPorts(port, entry.port)) continue
      if (entry.sourcePort && !inPorts(sourcePort, entry.sourcePort)) continue
    }
    return entry.action === 'Accept'
  }
  return false
}

/** Entries of the way out name the destination: the prober. */
function replyGetsOut(
  world: World,
  type: 'TRIPLE' | 'QUINTUPLE',
  entries: readonly AclEntry[],
  packet: Packet,
): boolean {
  for (const entry of entries) {
    const name = entry.protocol.toLowerCase()
    if (name !== 'all' && name !== packet.protocol) continue
    const destination = type === 'TRIPLE' ? entry.cidr : (entry.destinationCidr ?? '0.0.0.0/0')
    if (!inCidr(packet.source, destination)) continue
    if (type === 'QUINTUPLE' && !inCidr(packet.target, entry.cidr)) continue
    if (name !== 'all' && packet.protocol !== 'icmp') {
      const asDestination = type === 'QUINTUPLE' || world.aclEgressPort === 'destination'
      if (!inPorts(asDestination ? packet.sourcePort : packet.port, entry.port)) continue
      if (entry.sourcePort && !inPorts(packet.port, entry.sourcePort)) continue
    }
    return entry.action === 'Accept'
  }
  return false
}

function groupsAccept(world: World, balancer: Balancer, ids: readonly string[], packet: Packet): boolean {
  if (balancer.passToTarget || balancer.ipv6) return true
  if (world.exempts10064 && inCidr(packet.source, '100.64.0.0/10')) return true
  for (const id of ids) {
    for (const rule of world.groups.find((group) => group.id === id)?.rules ?? []) {
      const services = rule.service ? servicesOf(world, rule.service) : [`${rule.protocol}:${rule.port}`]
      const served = services.some((service) => {
        const [name = '', ports = 'all'] = service.toLowerCase().split(':')
        return (
          name === 'all' ||
          (name === packet.protocol && (packet.protocol === 'icmp' || inPorts(packet.port, ports)))
        )
      })
      if (served && addressesOf(world, rule.source).some((cidr) => inCidr(packet.source, cidr)))
        return rule.action === 'ACCEPT'
    }
  }
  return false
}

const servicesOf = (world: World, id: string): readonly string[] =>
  (world.serviceGroups[id] ?? [id]).flatMap((one) => world.serviceTemplates[one] ?? [])

function addressesOf(world: World, source: string): readonly string[] {
  if (source.startsWith('sg-'))
    return world.machines.filter(({ groups }) => groups.includes(source)).map(({ ip }) => ip)
  if (source.startsWith('ipm'))
    return (world.addressGroups[source] ?? [source]).flatMap((id) => world.addressTemplates[id] ?? [])
  return [source]
}

function inside(guest: Guest, check: HealthCheck, packet: Packet): Fate {
  if (guest.drops.some((cidr) => inCidr(packet.source, cidr))) return 'guest-firewall'
  if (packet.protocol === 'icmp') return guest.ping ? 'answered' : 'not-listening'
  const socket = guest.listens.find(
    ({ port, protocol, address }) =>
      port === packet.port &&
      protocol === packet.protocol &&
      (address === undefined || address === packet.target),
  )
  if (!socket) return 'not-listening'
  if (check.type !== 'HTTP' && check.type !== 'HTTPS') return 'answered'
  const bit = 1 << (Math.floor(guest.http / 100) - 1)
  return (check.codes & bit) !== 0 ? 'answered' : 'wrong-answer'
}
