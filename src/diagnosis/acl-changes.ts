import type { AssessedTarget } from '../assessment/index.ts'
import { tccli } from '../checks/index.ts'
import type { FixCommand } from '../model/diagnosis.ts'
import { known } from '../model/fact.ts'
import type { AclEntry, NetworkAcl, Snapshot } from '../model/snapshot.ts'
import { type Change, DESCRIPTION, obstaclesAt, withFact } from './change.ts'
import { isV6, type Opening } from './openings.ts'

type Direction = 'ingress' | 'egress'
type Family = 4 | 6

/** Entries before the first obstacle of any target; there is one ACL to change, or none. */
export function aclChanges(
  aclId: string,
  direction: Direction,
  targets: readonly AssessedTarget[],
  openings: readonly Opening[],
  snapshot: Snapshot,
): readonly Change[] {
  const acl = known(snapshot.networkAcls[aclId])
  return acl ? [aclChange(acl, direction, placesFor(acl, direction, targets), openings, snapshot)] : []
}

/** The priority that new entries need, IPv4 and IPv6 apart: they count their priorities each for itself. */
function placesFor(
  acl: NetworkAcl,
  direction: Direction,
  targets: readonly AssessedTarget[],
): Readonly<Record<Family, number>> {
  const stage = direction === 'egress' ? 'acl-out' : 'acl-in'
  const placeOf = (family: Family): number => {
    const own = acl[direction].filter((entry) => familyOf(entry) === family)
    const end = Math.max(0, ...own.map(({ priority }) => priority ?? 0)) + 1
    const obstacles = targets
      .filter(({ ip }) => isV6(ip) === (family === 6))
      .flatMap((target) => obstaclesAt(target, stage).map((by) => by?.index ?? end))
    return Math.min(end, ...obstacles)
  }
  return { 4: placeOf(4), 6: placeOf(6) }
}

const familyOf = (entry: AclEntry): Family =>
  [entry.cidr, entry.ipv6Cidr, entry.sourceCidr, entry.sourceIpv6Cidr, entry.destinationIpv6Cidr].some(
    (cidr) => cidr !== null && isV6(cidr),
  )
    ? 6
    : 4

/**
 * CreateNetworkAclEntries and CreateNetworkAclQuintupleEntries add entries; the Modify actions would replace the whole
 * direction (SDK vpc_client).
 */
function aclChange(
  acl: NetworkAcl,
  direction: Direction,
  places: Readonly<Record<Family, number>>,
  openings: readonly Opening[],
  snapshot: Snapshot,
): Change {
  const isReply = direction === 'egress'
  const next = { ...places }
  const entries = openings
    .flatMap((opening) => (acl.kind === 'triple' ? triples(opening, isReply) : quintuples(opening, isReply)))
    .map((entry): AclEntry => ({ ...entry, priority: next[familyOf(entry)]++ }))
  const added = (family: Family): number => next[family] - places[family]
  const moved = acl[direction].map((entry) => {
    const family = familyOf(entry)
    return entry.priority !== null && entry.priority >= places[family]
      ? { ...entry, priority: entry.priority + added(family) }
      : entry
  })
  const changed: NetworkAcl = { ...acl, [direction]: [...entries, ...moved] }
  const place = entries.map(({ priority }) => priority).join(', ')
  return {
    id: acl.id,
    place: { 'zh-CN': place.replaceAll(', ', '、'), en: place },
    snapshot: { ...snapshot, networkAcls: withFact(snapshot.networkAcls, acl.id, changed) },
    commands: [commandFor(acl, isReply ? 'Egress' : 'Ingress', entries)],
  }
}

function commandFor(
  acl: NetworkAcl,
  direction: 'Ingress' | 'Egress',
  entries: readonly AclEntry[],
): FixCommand {
  return acl.kind === 'triple'
    ? tccli('vpc CreateNetworkAclEntries', acl.region, {
        NetworkAclId: acl.id,
        NetworkAclEntrySet: { [direction]: entries.map(tripleForApi) },
      })
    : tccli('vpc CreateNetworkAclQuintupleEntries', acl.region, {
        NetworkAclId: acl.id,
        NetworkAclQuintupleSet: { [direction]: entries.map(quintupleForApi) },
      })
}

/** Where replies go: the prober's own ports, whose range is not documented (platform facts B). */
const PROBER_PORTS = '1024-65535'

/** ALL and ICMP take no port (SDK NetworkAclEntry); ICMP and ICMPv6 are one word there. */
const blank = ({ protocol }: Opening): AclEntry => ({
  id: null,
  priority: null,
  protocol: protocol === 'icmpv6' ? 'ICMP' : protocol.toUpperCase(),
  action: 'ACCEPT',
  description: DESCRIPTION,
  modifiedAt: null,
  port: null,
  cidr: null,
  ipv6Cidr: null,
  sourcePort: null,
  destinationPort: null,
  sourceCidr: null,
  destinationCidr: null,
  sourceIpv6Cidr: null,
  destinationIpv6Cidr: null,
})

const isPing = ({ protocol }: Opening): boolean => protocol === 'icmp' || protocol === 'icmpv6'

/**
 * Which port of a reply a triple entry means is documented both ways (platform facts B): the prober's ports for one
 * reading, and for the other the backend's own, which is mostly among them.
 */
function triples(opening: Opening, isReply: boolean): readonly AclEntry[] {
  const { port, cidr } = opening
  const ends = isV6(cidr) ? { ipv6Cidr: cidr } : { cidr }
  const own = port === null ? 'ALL' : String(port)
  const ports = !isReply ? [own] : port !== null && port >= 1024 ? [PROBER_PORTS] : [PROBER_PORTS, own]
  return (isPing(opening) ? [null] : ports).map((one) => ({ ...blank(opening), ...ends, port: one }))
}

function quintuples(opening: Opening, isReply: boolean): readonly AclEntry[] {
  const { port, cidr, targets } = opening
  const own = port === null ? 'ALL' : String(port)
  const ports = isReply
    ? { sourcePort: own, destinationPort: PROBER_PORTS }
    : { sourcePort: 'ALL', destinationPort: own }
  return targets.map((target) => {
    const [source, destination] = isReply ? [target, cidr] : [cidr, target]
    return {
      ...blank(opening),
      ...(isPing(opening) ? {} : ports),
      ...(isV6(cidr)
        ? { sourceIpv6Cidr: source, destinationIpv6Cidr: destination }
        : { sourceCidr: source, destinationCidr: destination }),
    }
  })
}

const tripleForApi = (entry: AclEntry) =>
  forApi(entry, { Port: entry.port, CidrBlock: entry.cidr, Ipv6CidrBlock: entry.ipv6Cidr })

const quintupleForApi = (entry: AclEntry) =>
  forApi(entry, {
    SourcePort: entry.sourcePort,
    SourceCidr: entry.sourceCidr,
    SourceIPv6Cidr: entry.sourceIpv6Cidr,
    DestinationPort: entry.destinationPort,
    DestinationCidr: entry.destinationCidr,
    DestinationIPv6Cidr: entry.destinationIpv6Cidr,
  })

/** What is not given is left out. */
const forApi = (entry: AclEntry, fields: Readonly<Record<string, string | null>>) => ({
  Protocol: entry.protocol,
  ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  Action: entry.action,
  Priority: entry.priority,
  Description: entry.description,
})
