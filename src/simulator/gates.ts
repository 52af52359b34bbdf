import { anywhere, inCidr, inPorts } from './cidr.ts'
import { nicsOf } from './nics.ts'
import type { Acl, AclEntry, World } from './world.ts'

// What stands between a prober and a backend, judged one packet at a time: first match decides, then deny
// (platform facts A, B).

export interface Packet {
  readonly source: string
  /** The prober's own port. */
  readonly sourcePort: number
  readonly target: string
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  /** Ignored for ICMP. */
  readonly port: number
}

const isProtocol = (name: string, { protocol, source }: Packet): boolean => {
  const own = protocol === 'icmp' && source.includes(':') ? 'icmpv6' : protocol
  return ['all', own].includes(name.toLowerCase())
}

/** `ALL` and ICMP have no ports. */
const hasPorts = (name: string, { protocol }: Packet): boolean =>
  name.toLowerCase() !== 'all' && protocol !== 'icmp'

export function aclLetsIn({ ingress }: Acl, packet: Packet): boolean {
  const matches = (entry: AclEntry): boolean =>
    isProtocol(entry.protocol, packet) &&
    inCidr(packet.source, entry.cidr) &&
    (entry.destinationCidr === undefined || inCidr(packet.target, entry.destinationCidr)) &&
    (!hasPorts(entry.protocol, packet) ||
      (inPorts(packet.port, entry.port) && inPorts(packet.sourcePort, entry.sourcePort ?? 'all')))
  return ingress.find(matches)?.action === 'Accept'
}

/** The reply goes from the backend's port to the prober's; an entry of a triple ACL names the prober alone. */
export function aclLetsReplyOut(world: World, { type, egress }: Acl, packet: Packet): boolean {
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
  const decided = egress.find((entry) => isProtocol(entry.protocol, packet) && matches(entry))
  return decided?.action === 'Accept'
}

/**
 * The same probe where it sets out, in the subnet of its SNAT IP: out to the backend's port, and its reply back in to
 * the prober's.
 */
export const aclLetsPass = (world: World, acl: Acl, packet: Packet): boolean => {
  const { source, sourcePort, target, port } = packet
  const seen = { ...packet, source: target, sourcePort: port, target: source, port: sourcePort }
  return aclLetsReplyOut(world, acl, seen) && aclLetsIn(acl, seen)
}

/** Several groups are asked in the order in which they are bound. */
export function groupsLetIn(world: World, ids: readonly string[], packet: Packet): boolean {
  const rules = ids.flatMap((id) => world.groups.find((group) => group.id === id)?.rules ?? [])
  const decided = rules.find(({ protocol, port, service, source }) => {
    const services = service ? servicesOf(world, service) : [`${protocol}:${port}`]
    const isServed = services.some((one) => {
      const [name = '', ports = 'all'] = one.split(':')
      return isProtocol(name, packet) && (!hasPorts(name, packet) || inPorts(packet.port, ports))
    })
    return isServed && addressesOf(world, source).some((cidr) => inCidr(packet.source, cidr))
  })
  return decided?.action === 'ACCEPT'
}

const servicesOf = (world: World, id: string): readonly string[] =>
  (world.serviceGroups[id] ?? [id]).flatMap((one) => world.serviceTemplates[one] ?? [])

/** A group as source stands for the private addresses of what is in it (platform facts A). */
function addressesOf(world: World, source: string): readonly string[] {
  if (source.startsWith('sg-'))
    return nicsOf(world)
      .filter(({ groups }) => groups.includes(source))
      .flatMap(({ ips }) => ips)
  if (source.startsWith('ipm'))
    return (world.addressGroups[source] ?? [source]).flatMap((id) => world.addressTemplates[id] ?? [])
  return [source]
}
