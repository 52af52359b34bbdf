import { anywhere, inCidr, inPorts, isIpv6 } from './cidr.ts'
import { isAddressTemplate, isOf } from './ids.ts'
import { nicsOf } from './nics.ts'
import type { Acl, AclEntry, GroupRule, World } from './world.ts'

// The filters between a prober and a backend, for one packet at a time. The first rule that matches decides; if none
// matches, the packet is denied (platform facts A, B).

export interface Packet {
  readonly source: string
  /** The port of the prober. */
  readonly sourcePort: number
  readonly target: string
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  /** The port of the backend. Ignored for ICMP. */
  readonly port: number
}

const isProtocol = (name: string, { protocol, source }: Packet): boolean => {
  const own = protocol === 'icmp' && isIpv6(source) ? 'icmpv6' : protocol
  return ['all', own].includes(name.toLowerCase())
}

/** Rules for protocol `ALL` and ICMP packets have no ports. */
const hasPorts = (name: string, { protocol }: Packet): boolean =>
  name.toLowerCase() !== 'all' && protocol !== 'icmp'

/** The decision of a rule list about one packet. */
export interface Decision {
  readonly passes: boolean
  readonly id: string
  /** PolicyIndex or Priority of the rule that matched. Null if no rule matched; the packet is then denied. */
  readonly index: number | null
}

export function aclDecidesIn(acl: Acl, packet: Packet): Decision {
  const matches = (entry: AclEntry): boolean =>
    isProtocol(entry.protocol, packet) &&
    inCidr(packet.source, entry.cidr) &&
    (entry.destinationCidr === undefined || inCidr(packet.target, entry.destinationCidr)) &&
    (!hasPorts(entry.protocol, packet) ||
      (inPorts(packet.port, entry.port) && inPorts(packet.sourcePort, entry.sourcePort ?? 'all')))
  return decisionOf(acl, acl.ingress, acl.ingress.find(matches))
}

/** The reply goes from the backend's port to the prober's port. A triple entry has only the prober's address. */
export function aclDecidesReply(world: World, acl: Acl, packet: Packet): Decision {
  const { type, egress } = acl
  const triple = (entry: AclEntry): boolean =>
    inCidr(packet.source, entry.cidr) &&
    (!hasPorts(entry.protocol, packet) ||
      inPorts(world.aclEgressPort === 'destination' ? packet.sourcePort : packet.port, entry.port))
  const quintuple = (entry: AclEntry): boolean =>
    inCidr(packet.target, entry.cidr) &&
    inCidr(packet.source, entry.destinationCidr ?? anywhere(entry.cidr)) &&
    (!hasPorts(entry.protocol, packet) ||
      (inPorts(packet.sourcePort, entry.port) && inPorts(packet.port, entry.sourcePort ?? 'all')))
  const matches = type === 'TRIPLE' ? triple : quintuple
  return decisionOf(
    acl,
    egress,
    egress.find((entry) => isProtocol(entry.protocol, packet) && matches(entry)),
  )
}

/** The decision and the priority of its entry. Triple ACLs number IPv4 and IPv6 entries separately. */
function decisionOf({ id, type }: Acl, list: readonly AclEntry[], entry: AclEntry | undefined): Decision {
  if (!entry) return { passes: false, id, index: null }
  const isSix = isIpv6(entry.cidr)
  const counted = list.filter(({ cidr }) => type === 'QUINTUPLE' || isIpv6(cidr) === isSix)
  return { passes: entry.action === 'Accept', id, index: counted.indexOf(entry) + 1 }
}

export const aclLetsIn = (acl: Acl, packet: Packet): boolean => aclDecidesIn(acl, packet).passes

export const aclLetsReplyOut = (world: World, acl: Acl, packet: Packet): boolean =>
  aclDecidesReply(world, acl, packet).passes

/** Does the ACL of the SNAT IP's subnet let the probe out and its reply in? */
export const aclLetsPass = (world: World, acl: Acl, packet: Packet): boolean => {
  const { source, sourcePort, target, port } = packet
  const seen = { ...packet, source: target, sourcePort: port, target: source, port: sourcePort }
  return aclLetsReplyOut(world, acl, seen) && aclLetsIn(acl, seen)
}

/** Groups are tried in the order in which they are bound. If no rule of any group matches, the packet is denied. */
export function groupsDecide(world: World, ids: readonly string[], packet: Packet): Decision {
  for (const id of ids) {
    const rules = world.groups.find((group) => group.id === id)?.rules ?? []
    const index = rules.findIndex((rule) => ruleMatches(world, rule, packet))
    const decided = rules[index]
    if (decided) return { passes: decided.action === 'ACCEPT', id, index }
  }
  return { passes: false, id: ids.join(), index: null }
}

export const groupsLetIn = (world: World, ids: readonly string[], packet: Packet): boolean =>
  groupsDecide(world, ids, packet).passes

function ruleMatches(world: World, { protocol, port, service, source }: GroupRule, packet: Packet): boolean {
  const services = service ? servicesOf(world, service) : [`${protocol}:${port}`]
  const isServed = services.some((one) => {
    const [name = '', ports = 'all'] = one.split(':')
    return isProtocol(name, packet) && (!hasPorts(name, packet) || inPorts(packet.port, ports))
  })
  return isServed && addressesOf(world, source).some((cidr) => inCidr(packet.source, cidr))
}

const servicesOf = (world: World, id: string): readonly string[] =>
  (world.serviceGroups[id] ?? [id]).flatMap((one) => world.serviceTemplates[one] ?? [])

/** The addresses of a rule's source. A group stands for the private addresses of its members (platform facts A). */
function addressesOf(world: World, source: string): readonly string[] {
  if (isOf('sg', source))
    return [
      ...nicsOf(world)
        .filter(({ groups }) => groups.includes(source))
        .flatMap(({ ips }) => ips),
      ...world.balancers
        .filter(({ memberOf = [] }) => memberOf.includes(source))
        .flatMap(({ vip, snatIps }) => [vip, ...snatIps]),
    ]
  if (isAddressTemplate(source))
    return (world.addressGroups[source] ?? [source]).flatMap((id) => world.addressTemplates[id] ?? [])
  return [source]
}
