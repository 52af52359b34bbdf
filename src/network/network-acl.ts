import type { AclEntry, NetworkAcl } from '../model/snapshot.ts'
import { covers, emptySet, type Family, intersect, isEmpty, parseAddresses } from './addresses.ts'
import { type Decider, firstMatch, type Outcome, type Term } from './first-match.ts'
import { ALL_PORTS, type PortSet, PROBER_PORTS, parsePorts } from './ports.ts'
import {
  all,
  anything,
  given,
  hasNoPorts,
  isAllPorts,
  type Match,
  type Meaning,
  matchPort,
  matchProtocol,
  meaningOf,
  meansNothing,
  type Probe,
  verdictOf,
} from './terms.ts'
import { aclEntryWords } from './words.ts'

/** Which port of the reply a triple egress entry means: it is documented both ways (platform facts B). */
export type PortReading = 'destination' | 'source'

type Direction = 'ingress' | 'egress'

/** Does the subnet's ACL let the probe in? Stateless, by priority, then deny. */
export const evaluateAclIngress = (
  acl: NetworkAcl,
  probe: Probe,
  proberPorts: PortSet = PROBER_PORTS,
): Outcome => evaluate(acl, probe, 'ingress', 'destination', proberPorts)

/** Does it let the reply out: to the probe's sources, from our port, to any port that a prober may use? */
export const evaluateAclReply = (
  acl: NetworkAcl,
  probe: Probe,
  reading: PortReading,
  proberPorts: PortSet = PROBER_PORTS,
): Outcome => evaluate(acl, probe, 'egress', reading, proberPorts)

function evaluate(
  acl: NetworkAcl,
  probe: Probe,
  direction: Direction,
  reading: PortReading,
  ports: PortSet,
): Outcome {
  const hasPorts = probe.protocol === 'tcp' || probe.protocol === 'udp'
  const proberPorts = hasPorts ? ports : ALL_PORTS
  const { family } = probe.sources
  const terms = inOrder(acl[direction], acl.kind, family).flatMap(({ entry, placed }): readonly Term[] => {
    const rectangle =
      acl.kind === 'triple'
        ? tripleOf(entry, probe, direction, reading)
        : quintupleOf(entry, probe, direction)
    const meaning = given(rectangle.meaning, placed ? 'yes' : 'maybe')
    const ports = hasPorts ? rectangle.ports : ALL_PORTS
    if (meansNothing(meaning) || ports.length === 0) return []
    const by: Decider = {
      kind: 'network-acl',
      id: acl.id,
      index: entry.priority,
      ruleId: entry.id,
      words: aclEntryWords(entry, acl.kind, direction),
    }
    return [{ ...meaning, ports, verdict: verdictOf(entry.action), by }]
  })
  const otherwise: Decider = { kind: 'network-acl', id: acl.id, index: null, ruleId: null, words: null }
  return firstMatch(probe.sources, proberPorts, terms, otherwise)
}

/**
 * IPv4 and IPv6 entries count their priorities apart (platform facts B). An entry without a priority may stand
 * anywhere: it is asked first, as one that might decide.
 */
function inOrder(
  entries: readonly AclEntry[],
  kind: NetworkAcl['kind'],
  family: Family,
): readonly { readonly entry: AclEntry; readonly placed: boolean }[] {
  const own = entries.filter((entry) => familiesOf(entry, kind).includes(family))
  const placed = own.filter(({ priority }) => priority !== null)
  const adrift = own.filter(({ priority }) => priority === null)
  return [
    ...adrift.map((entry) => ({ entry, placed: false })),
    ...placed
      .sort((a, b) => Number(a.priority) - Number(b.priority))
      .map((entry) => ({ entry, placed: true })),
  ]
}

/** By the field that carries the address; an entry with none could belong to either. */
function familiesOf(entry: AclEntry, kind: NetworkAcl['kind']): readonly Family[] {
  const v4 = kind === 'triple' ? [entry.cidr] : [entry.sourceCidr, entry.destinationCidr]
  const v6 = kind === 'triple' ? [entry.ipv6Cidr] : [entry.sourceIpv6Cidr, entry.destinationIpv6Cidr]
  const texts = [...v4, ...v6].filter((text): text is string => text !== null)
  if (texts.length === 0) return [4, 6]
  const families = texts.flatMap((text): readonly Family[] => {
    const parsed = parseAddresses(text)
    return parsed.ok ? [parsed.set.family] : [4, 6]
  })
  return [...new Set(families)]
}

interface Rectangle {
  readonly meaning: Meaning
  /** Prober ports that the entry applies to. */
  readonly ports: PortSet
}

function tripleOf(entry: AclEntry, probe: Probe, direction: Direction, reading: PortReading): Rectangle {
  const meaning = addressesOf(entry.cidr, entry.ipv6Cidr, probe.sources.family)
  const protocol = protocolOf(entry, probe)
  if (direction === 'egress' && reading === 'destination') {
    const ports = portsOf(entry.protocol, entry.port)
    return { meaning: given(meaning, all(protocol, ports.understood)), ports: ports.set }
  }
  const port = matchPort(entry.protocol, entry.port, probe.port)
  return { meaning: given(meaning, all(protocol, port)), ports: ALL_PORTS }
}

/** An ACL knows TCP, UDP, ICMP and ALL (SDK NetworkAclEntry): whether its ICMP means ICMPv6 is not documented. */
const protocolOf = ({ protocol }: AclEntry, probe: Probe): Match =>
  probe.protocol === 'icmpv6' && protocol?.trim().toUpperCase() === 'ICMP'
    ? 'maybe'
    : matchProtocol(protocol, probe)

function quintupleOf(entry: AclEntry, probe: Probe, direction: Direction): Rectangle {
  const { family } = probe.sources
  const into = direction === 'ingress'
  const source = [entry.sourceCidr, entry.sourceIpv6Cidr] as const
  const destination = [entry.destinationCidr, entry.destinationIpv6Cidr] as const
  const [probers, own] = into ? [source, destination] : [destination, source]
  const [proberPort, ownPort] = into
    ? [entry.sourcePort, entry.destinationPort]
    : [entry.destinationPort, entry.sourcePort]
  const ports = portsOf(entry.protocol, proberPort)
  const condition = all(
    protocolOf(entry, probe),
    ports.understood,
    matchPort(entry.protocol, ownPort, probe.port),
    holds(addressesOf(own[0], own[1], family), probe.destination),
  )
  return { meaning: given(addressesOf(probers[0], probers[1], family), condition), ports: ports.set }
}

function addressesOf(cidr: string | null, ipv6Cidr: string | null, family: Family): Meaning {
  const text = family === 4 ? (cidr ?? ipv6Cidr) : (ipv6Cidr ?? cidr)
  return text === null ? anything(family) : meaningOf(text, family)
}

function holds({ sure, maybe }: Meaning, address: string): Match {
  const parsed = parseAddresses(address)
  const set = parsed.ok ? parsed.set : emptySet(sure.family)
  if (!isEmpty(set) && covers(sure, set)) return 'yes'
  return isEmpty(set) || !isEmpty(intersect(maybe, set)) ? 'maybe' : 'no'
}

/** Prober ports that a port text means; all of them, unsure, where it is not understood. */
function portsOf(protocol: string | null, text: string | null): { set: PortSet; understood: Match } {
  if (hasNoPorts(protocol)) return { set: ALL_PORTS, understood: isAllPorts(text) ? 'yes' : 'maybe' }
  const ports = text === null ? null : parsePorts(text)
  return ports === null ? { set: ALL_PORTS, understood: 'maybe' } : { set: ports, understood: 'yes' }
}
