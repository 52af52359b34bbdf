import { inCidr } from './cidr.ts'
import { aclLetsIn, aclLetsReplyOut, groupsLetIn, type Packet } from './gates.ts'
import type { Backend, Balancer, Guest, HealthCheck, Listener, Machine, Rule, World } from './world.ts'

// The rules of the road: one probe packet at a time from a node of the CLB to the backend, and its reply back.

export type Fate =
  | 'answered'
  | 'acl-in'
  | 'security-group'
  | 'no-machine'
  | 'guest-firewall'
  | 'not-listening'
  | 'too-slow'
  | 'wrong-answer'
  | 'acl-out'
  | 'no-route'

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
  const home = homeOf(world, balancer.vpcId, backend)
  if (!home) return 'no-machine'
  const subnet = world.subnets.find(({ id }) => id === home.subnetId)
  const acl = world.acls.find(({ id }) => id === subnet?.aclId)
  const isNeighbour =
    subnet !== undefined &&
    balancer.vpcId === subnet.vpcId &&
    [subnet.cidr, subnet.ipv6Cidr].some((cidr) => cidr !== '' && inCidr(packet.source, cidr))
  const filter = isNeighbour ? undefined : acl
  if (filter && !aclLetsIn(filter, packet)) return 'acl-in'
  if (!skipsGroups(world, balancer, packet) && !groupsLetIn(world, home.groups, packet))
    return 'security-group'
  if (home.guest === null) return 'no-machine'
  const fate = inside(home.guest, check, packet)
  if (fate !== 'answered') return fate
  if (filter && !aclLetsReplyOut(world, filter, packet)) return 'acl-out'
  return 'answered'
}

/** Where the address lives in the CLB's VPC, and what runs there; a machine that is not running answers nobody. */
function homeOf(
  world: World,
  vpcId: string,
  { ip }: Backend,
): { subnetId: string; groups: string[]; guest: Guest | null } | null {
  const inVpc = world.machines.filter((one) => one.vpcId === vpcId)
  const machine = inVpc.find((one) => one.ip === ip || one.ipv6 === ip)
  if (machine) return { ...machine, guest: guestOf(machine) }
  const nic = world.interfaces.find((one) => one.vpcId === vpcId && one.ips.includes(ip))
  return nic ? { ...nic, guest: guestOf(inVpc.find(({ id }) => id === nic.machineId)) } : null
}

const guestOf = (machine: Machine | undefined): Guest | null =>
  machine?.state === 'RUNNING' && machine.restrictState === 'NORMAL' ? machine.guest : null

/** Where the groups of the backend are not asked: CLB's own group stands for them, or the platform's exemption. */
const skipsGroups = (world: World, balancer: Balancer, { source }: Packet): boolean =>
  balancer.passToTarget || balancer.ipv6 || (world.exempts10064 && inCidr(source, '100.64.0.0/10'))

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
  if (guest.latencyMs !== undefined && guest.latencyMs >= check.timeout * 1000) return 'too-slow'
  const bit = 1 << (Math.floor(guest.http / 100) - 1)
  return (check.codes & bit) !== 0 ? 'answered' : 'wrong-answer'
}
