import type { AclEntry, NetworkAcl } from '../model/snapshot.ts'
import { covers, type Family, intersect, isEmpty, parseAddresses } from './addresses.ts'
import { firstMatch, type Outcome } from './first-match.ts'
import { lazy } from './kept.ts'
import { ALL_PORTS, type PortSet, PROBER_PORTS } from './ports.ts'
import { type CompiledRule, type Decider, hasPorts, type RuleList, ruleList } from './rule-list.ts'
import {
  all,
  anything,
  given,
  type Match,
  type Meaning,
  matchPort,
  matchProtocol,
  meaningOf,
  type Probe,
  portsOf,
  verdictOf,
} from './terms.ts'
import { aclEntryWords } from './words.ts'

/** Which port of the reply a triple egress entry means: it is documented both ways (platform facts B). */
export type PortReading = 'destination' | 'source'

/** The entries of one ACL as they are asked of a probe, and of its reply under either reading. */
export interface CompiledAcl {
  readonly id: string
  readonly ingress: RuleList
  readonly reply: Readonly<Record<PortReading, RuleList>>
}

type Direction = 'ingress' | 'egress'

export function compileAcl(acl: NetworkAcl): CompiledAcl {
  const compile = (direction: Direction, reading: PortReading): RuleList =>
    ruleList(
      acl.id,
      ({ protocol, port, sources, destination }) =>
        // Only quintuple entries ask for the target's address.
        `${sources.family} ${protocol} ${port}${acl.kind === 'quintuple' ? ` ${destination}` : ''}`,
      () => inOrder(acl[direction]).map((placed) => compileEntry(acl, placed, direction, reading)),
    )
  return {
    id: acl.id,
    ingress: compile('ingress', 'destination'),
    reply: { destination: compile('egress', 'destination'), source: compile('egress', 'source') },
  }
}

/** Does the subnet's ACL let the probe in? Stateless, by priority, then deny. */
export const evaluateAclIngress = (
  acl: CompiledAcl,
  probe: Probe,
  proberPorts: PortSet = PROBER_PORTS,
): Outcome => evaluate(acl.ingress, probe, proberPorts)

/** Does it let the reply out: to the probe's sources, from our port, to any port that a prober may use? */
export const evaluateAclReply = (
  acl: CompiledAcl,
  probe: Probe,
  reading: PortReading,
  proberPorts: PortSet = PROBER_PORTS,
): Outcome => evaluate(acl.reply[reading], probe, proberPorts)

function evaluate(list: RuleList, probe: Probe, proberPorts: PortSet): Outcome {
  const ports = hasPorts(probe) ? proberPorts : ALL_PORTS
  const otherwise: Decider = { kind: 'network-acl', id: list.id, index: null, ruleId: null, words: null }
  return firstMatch(probe.sources, ports, list.termsFor(probe), otherwise)
}

interface Placed {
  readonly entry: AclEntry
  readonly isPlaced: boolean
}

/**
 * IPv4 and IPv6 entries count their priorities apart (platform facts B), which makes no difference here: an entry of
 * one family has nothing to say of the other. One without a priority may stand anywhere: it is asked first, as one that
 * might decide.
 */
function inOrder(entries: readonly AclEntry[]): readonly Placed[] {
  const adrift = entries.filter(({ priority }) => priority === null)
  const placed = entries.filter(({ priority }) => priority !== null)
  return [
    ...adrift.map((entry) => ({ entry, isPlaced: false })),
    ...placed
      .sort((a, b) => Number(a.priority) - Number(b.priority))
      .map((entry) => ({ entry, isPlaced: true })),
  ]
}

function compileEntry(
  acl: NetworkAcl,
  { entry, isPlaced }: Placed,
  direction: Direction,
  reading: PortReading,
): CompiledRule {
  const { probers, proberPorts, applies } =
    acl.kind === 'triple' ? triple(entry, direction, reading) : quintuple(entry, direction)
  const certain: Match = isPlaced && proberPorts !== null ? 'yes' : 'maybe'
  return {
    verdict: verdictOf(entry.action),
    by: () => ({
      kind: 'network-acl',
      id: acl.id,
      index: entry.priority,
      ruleId: entry.id,
      get words() {
        return aclEntryWords(entry, acl.kind, direction)
      },
    }),
    proberPorts: proberPorts ?? ALL_PORTS,
    meaningFor(probe) {
      const { family } = probe.sources
      return given(all(certain, protocolOf(entry, probe), applies(probe)), family, () => probers(family))
    },
  }
}

/** What an entry asks, from the side of the probers. */
interface Asked {
  /** Their addresses. */
  readonly probers: (family: Family) => Meaning
  /** Their ports; null where the text is not understood. */
  readonly proberPorts: PortSet | null
  /** Whether the target's own port and address fit. */
  readonly applies: (probe: Probe) => Match
}

function triple(entry: AclEntry, direction: Direction, reading: PortReading): Asked {
  const probers = addressesOf(entry.cidr, entry.ipv6Cidr)
  const ports = portsOf(entry.protocol, entry.port)
  return direction === 'egress' && reading === 'destination'
    ? { probers, proberPorts: ports, applies: () => 'yes' }
    : { probers, proberPorts: ALL_PORTS, applies: ({ port }) => matchPort(ports, port) }
}

function quintuple(entry: AclEntry, direction: Direction): Asked {
  const source = addressesOf(entry.sourceCidr, entry.sourceIpv6Cidr)
  const destination = addressesOf(entry.destinationCidr, entry.destinationIpv6Cidr)
  const sourcePorts = portsOf(entry.protocol, entry.sourcePort)
  const destinationPorts = portsOf(entry.protocol, entry.destinationPort)
  const [probers, own, proberPorts, ownPorts] =
    direction === 'ingress'
      ? [source, destination, sourcePorts, destinationPorts]
      : [destination, source, destinationPorts, sourcePorts]
  return {
    probers,
    proberPorts,
    applies: ({ port, sources, destination: address }) =>
      all(matchPort(ownPorts, port), has(own(sources.family), address)),
  }
}

/** An ACL knows TCP, UDP, ICMP and ALL (SDK NetworkAclEntry): whether its ICMP means ICMPv6 is not documented. */
const protocolOf = ({ protocol }: AclEntry, probe: Probe): Match =>
  probe.protocol === 'icmpv6' && protocol?.trim().toUpperCase() === 'ICMP'
    ? 'maybe'
    : matchProtocol(protocol, probe)

function addressesOf(cidr: string | null, ipv6Cidr: string | null): (family: Family) => Meaning {
  const of = (text: string | null, family: Family): Meaning =>
    text === null ? anything(family) : meaningOf(text, family)
  const meanings = { 4: lazy(() => of(cidr ?? ipv6Cidr, 4)), 6: lazy(() => of(ipv6Cidr ?? cidr, 6)) }
  return (family) => meanings[family]()
}

function has({ sure, maybe }: Meaning, address: string): Match {
  const own = parseAddresses(address)
  if (own === null) return 'maybe'
  if (covers(sure, own)) return 'yes'
  return isEmpty(intersect(maybe, own)) ? 'no' : 'maybe'
}
