import { kept, lazy } from '../model/memo.ts'
import type { AclEntry, NetworkAcl } from '../model/snapshot.ts'
import { type AddressSet, contains, type Family, intersect, isEmpty, parseAddresses } from './addresses.ts'
import { firstMatch, type Outcome } from './first-match.ts'
import { ALL_PORTS, type PortSet, PROBER_PORTS } from './ports.ts'
import { type Decider, hasPorts, type RuleList, ruleList, type Term } from './rule-list.ts'
import {
  all,
  anything,
  given,
  type Match,
  type Meaning,
  matchPort,
  matchProtocol,
  meaningOf,
  meansNobody,
  type Probe,
  portKeyOf,
  portsOf,
  verdictOf,
} from './terms.ts'
import {
  distinct,
  type UnclearFor,
  type UnclearPart,
  unclearAction,
  unclearIf,
  unclearPort,
  unclearProtocol,
} from './unclear.ts'
import { aclEntryLine, aclEntryWords, type RuleLine } from './words.ts'

/** The port that a triple egress entry means: of two, one is documented in each place (platform facts B). */
export type PortReading = 'destination' | 'source'

/** The entries of one ACL, compiled for the probe, and for the reply under either reading. */
export interface CompiledAcl {
  readonly id: string
  readonly ingress: RuleList
  /** At departure the probe goes out, so the port of a triple entry has two readings. At arrival both are the same. */
  readonly ingressBySourcePort: RuleList
  readonly reply: Readonly<Record<PortReading, RuleList>>
}

type Direction = 'ingress' | 'egress'

/** The ACL of the subnet that the probe is sent to, or of the subnet that it comes from. */
export type Side = 'arrival' | 'departure'

/**
 * At departure the ACL sees the same packets from the other end: the probe goes out and its reply comes in. There the
 * `sources` of a Probe hold the target, and `destination` is the address that the probe comes from.
 */
export function compileAcl(acl: NetworkAcl, side: Side = 'arrival'): CompiledAcl {
  const compile = (direction: Direction, reading: PortReading): RuleList => {
    const listed = side === 'arrival' ? direction : OPPOSITE[direction]
    // Is the port of a triple entry that of the prober? The port of an inbound entry is always the destination's.
    const isProberPort =
      direction === 'egress'
        ? listed === 'ingress' || reading === 'destination'
        : listed === 'egress' && reading === 'source'
    // Many entries name the same few subnets.
    const ownEnds = new Map<string, OwnEnd>()
    const entries = lazy(() =>
      inOrder(acl[listed]).map(({ entry, isRanked }): Compiled => {
        const asked = side === 'arrival' ? entry : fromTheOtherEnd(entry)
        return {
          entry: asked,
          isRanked,
          own: ownEndOf(asked, direction, ownEnds),
          words: () => aclEntryWords(entry, acl.kind, listed),
          line: () => aclEntryLine(entry, acl.kind, listed),
        }
      }),
    )
    const distinctEnds = lazy(() => [...new Set(entries().map(({ own }) => own))])
    // Only quintuple entries check the target's address. Targets that match the same entries get the same answers.
    const heldBy = (probe: Probe): string => {
      const target = parseAddresses(probe.destination)
      return distinctEnds()
        .map((own) => matchAddress(own[probe.sources.family](), target))
        .join()
    }
    return ruleList(
      acl.id,
      (probe) =>
        `${probe.sources.family} ${probe.protocol} ${portKeyOf(probe)}${acl.kind === 'quintuple' ? ` ${heldBy(probe)}` : ''}`,
      (probe) => entries().map((compiled) => termOf(acl, compiled, probe, direction, isProberPort)),
    )
  }
  return {
    id: acl.id,
    ingress: compile('ingress', 'destination'),
    ingressBySourcePort: compile('ingress', 'source'),
    reply: { destination: compile('egress', 'destination'), source: compile('egress', 'source') },
  }
}

const OPPOSITE: Readonly<Record<Direction, Direction>> = { ingress: 'egress', egress: 'ingress' }

/** A triple entry names only the remote end, so its fields need no swap. */
const fromTheOtherEnd = (entry: AclEntry): AclEntry => ({
  ...entry,
  sourceCidr: entry.destinationCidr,
  destinationCidr: entry.sourceCidr,
  sourceIpv6Cidr: entry.destinationIpv6Cidr,
  destinationIpv6Cidr: entry.sourceIpv6Cidr,
})

/** Does the subnet's ACL let the probe in? An ACL is stateless: entries by priority, then deny. */
export const evaluateAclIngress = (
  acl: CompiledAcl,
  probe: Probe,
  proberPorts: PortSet = PROBER_PORTS,
): Outcome => evaluate(acl.ingress, probe, proberPorts)

/** Does it let the reply out to the probe's sources, from the target's port to any port that a prober may use? */
export const evaluateAclReply = (
  acl: CompiledAcl,
  probe: Probe,
  reading: PortReading,
  proberPorts: PortSet = PROBER_PORTS,
): Outcome => evaluate(acl.reply[reading], probe, proberPorts)

/** At departure: does the probe get out if the port of a triple egress entry means the source port? */
export const evaluateProbeBySourcePort = (acl: CompiledAcl, probe: Probe): Outcome =>
  evaluate(acl.ingressBySourcePort, probe, PROBER_PORTS)

function evaluate(list: RuleList, probe: Probe, proberPorts: PortSet): Outcome {
  const ports = hasPorts(probe) ? proberPorts : ALL_PORTS
  const otherwise: Decider = { kind: 'network-acl', id: list.id, index: null, ruleId: null, words: null }
  return firstMatch(probe.sources, ports, list.termsFor(probe), otherwise)
}

interface RankedEntry {
  readonly entry: AclEntry
  readonly isRanked: boolean
}

/**
 * IPv4 and IPv6 entries have separate priorities (platform facts B). One sorted list serves both, because an entry
 * matches one family only. An entry without a priority may stand anywhere, so it comes first and counts as one that may
 * match.
 */
function inOrder(entries: readonly AclEntry[]): readonly RankedEntry[] {
  const adrift = entries.filter(({ priority }) => priority === null)
  const placed = entries.filter(({ priority }) => priority !== null)
  return [
    ...adrift.map((entry) => ({ entry, isRanked: false })),
    ...placed
      .sort((a, b) => Number(a.priority) - Number(b.priority))
      .map((entry) => ({ entry, isRanked: true })),
  ]
}

/** An entry as seen from its side. Its texts are parsed when they are first needed. */
interface Compiled extends RankedEntry {
  readonly own: OwnEnd
  readonly words: () => string
  readonly line: () => RuleLine
}

/** The target addresses that a quintuple entry covers. */
type OwnEnd = Readonly<Record<Family, () => Meaning>>

function ownEndOf(entry: AclEntry, direction: Direction, known: Map<string, OwnEnd>): OwnEnd {
  const end: End =
    direction === 'ingress'
      ? [entry.destinationCidr, entry.destinationIpv6Cidr]
      : [entry.sourceCidr, entry.sourceIpv6Cidr]
  return kept(known, JSON.stringify(end), () => ({
    4: lazy(() => addressesOf(end, 4)),
    6: lazy(() => addressesOf(end, 6)),
  }))
}

function termOf(
  acl: NetworkAcl,
  compiled: Compiled,
  probe: Probe,
  direction: Direction,
  isProberPort: boolean,
): Term | null {
  const { entry, isRanked, words, line } = compiled
  const { probers, proberPorts, applies, unclear } =
    acl.kind === 'triple' ? triple(entry, probe, isProberPort) : quintuple(compiled, probe, direction)
  const isClear: Match = isRanked && proberPorts !== null ? 'yes' : 'maybe'
  const { family } = probe.sources
  const meaning = given(all(isClear, protocolOf(entry, probe), applies), family, () =>
    addressesOf(probers, family),
  )
  if (meansNobody(meaning)) return null
  const verdict = verdictOf(entry.action)
  return {
    sure: meaning.sure,
    maybe: meaning.maybe,
    ports: hasPorts(probe) ? (proberPorts ?? ALL_PORTS) : ALL_PORTS,
    verdict,
    by: lazy(() => ({
      kind: 'network-acl',
      id: acl.id,
      index: entry.priority,
      ruleId: entry.id,
      words: words(),
      line: line(),
    })),
    unclear: (sources) =>
      distinct([
        ...unclearAction(entry.action, verdict),
        ...(isRanked ? [] : [{ part: 'priority' } as const]),
        ...(protocolOf(entry, probe) === 'maybe' && matchProtocol(entry.protocol, probe) === 'no'
          ? [{ part: 'icmpv6' } as const]
          : unclearProtocol(entry.protocol, probe)),
        ...unclear(sources),
      ]),
  }
}

/** The IPv4 and the IPv6 text of one end. */
type End = readonly [cidr: string | null, ipv6Cidr: string | null]

/** What an entry requires of the probers and of the target. */
interface Requirement {
  readonly probers: End
  /** The probers' ports. Null if the text is not understood. */
  readonly proberPorts: PortSet | null
  /** Do the target's own port and address match? */
  readonly applies: Match
  readonly unclear: UnclearFor
}

function triple(entry: AclEntry, probe: Probe, isProberPort: boolean): Requirement {
  const { protocol, port } = entry
  const probers: End = [entry.cidr, entry.ipv6Cidr]
  const ports = portsOf(protocol, port)
  return {
    probers,
    proberPorts: isProberPort ? ports : ALL_PORTS,
    applies: isProberPort ? 'yes' : matchPort(ports, probe),
    unclear: (sources) => [
      ...(isProberPort ? unclearProberPort(protocol, port) : unclearPort(protocol, port, probe)),
      ...unclearEnd(probers, sources),
    ],
  }
}

function quintuple({ entry, own }: Compiled, probe: Probe, direction: Direction): Requirement {
  const { protocol } = entry
  const source: End = [entry.sourceCidr, entry.sourceIpv6Cidr]
  const destination: End = [entry.destinationCidr, entry.destinationIpv6Cidr]
  const isIn = direction === 'ingress'
  const [probers, targets] = isIn ? [source, destination] : [destination, source]
  const [proberPort, ownPort] = isIn
    ? [entry.sourcePort, entry.destinationPort]
    : [entry.destinationPort, entry.sourcePort]
  const target = parseAddresses(probe.destination)
  const holdsTarget = matchAddress(own[probe.sources.family](), target)
  return {
    probers,
    proberPorts: portsOf(protocol, proberPort),
    applies: all(matchPort(portsOf(protocol, ownPort), probe), holdsTarget),
    unclear: (sources) => [
      ...unclearProberPort(protocol, proberPort),
      ...unclearPort(protocol, ownPort, probe),
      ...unclearEnd(probers, sources),
      ...(target ? unclearEnd(targets, target) : [{ part: 'address', text: probe.destination } as const]),
    ],
  }
}

const unclearProberPort = (protocol: string | null, text: string | null): readonly UnclearPart[] =>
  portsOf(protocol, text) === null ? [{ part: 'port', text }] : []

/** An end without any address is not understood either. */
const unclearEnd = (end: End, sources: AddressSet): readonly UnclearPart[] =>
  unclearIf(addressesOf(end, sources.family), sources, { part: 'address', text: textOf(end, sources.family) })

/** An ACL has TCP, UDP, ICMP and ALL (SDK NetworkAclEntry). It is not documented whether its ICMP includes ICMPv6. */
const protocolOf = ({ protocol }: AclEntry, probe: Probe): Match =>
  probe.protocol === 'icmpv6' && protocol?.trim().toUpperCase() === 'ICMP'
    ? 'maybe'
    : matchProtocol(protocol, probe)

const textOf = ([cidr, ipv6Cidr]: End, family: Family): string | null =>
  family === 4 ? (cidr ?? ipv6Cidr) : (ipv6Cidr ?? cidr)

function addressesOf(end: End, family: Family): Meaning {
  const text = textOf(end, family)
  return text === null ? anything(family) : meaningOf(text, family)
}

/** An address of null could not be parsed. */
function matchAddress({ sure, maybe }: Meaning, address: AddressSet | null): Match {
  if (address === null) return 'maybe'
  if (contains(sure, address)) return 'yes'
  return isEmpty(intersect(maybe, address)) ? 'no' : 'maybe'
}
