import { type Family, isIpv6 } from '../../model/ip.ts'
import type { Text } from '../../model/language.ts'
import { type AclEntry, EMPTY_ACL_ENTRY, type NetworkAcl } from '../../model/snapshot.ts'
import { filled, inEachLanguage, t } from '../../text/index.ts'
import { type Opening, portText, servicesOf } from './openings.ts'
import { DESCRIPTION } from './rule-edit.ts'
import { TEXTS } from './texts.ts'

/** The way of a packet through an ACL: the first two at the target's subnet, the last two at the SNAT IPs' subnet. */
export type Passage = 'probe-in' | 'reply-out' | 'probe-out' | 'reply-in'

export type Direction = 'ingress' | 'egress'

export const directionOf = (passage: Passage): Direction => (passage.endsWith('-in') ? 'ingress' : 'egress')

/**
 * Entries that let exactly this traffic through. `opening.cidr` is the remote end as the ACL sees it. `opening.targets`
 * are addresses in the ACL's own subnet.
 */
export const entriesFor = (
  kind: NetworkAcl['kind'],
  opening: Opening,
  passage: Passage,
): readonly AclEntry[] => (kind === 'triple' ? triples(opening, passage) : quintuples(opening, passage))

/** The prober's own ports. The real range is not documented (platform facts B). */
const PROBER_PORTS = '1024-65535'

/** ALL and ICMP have no port (SDK NetworkAclEntry). ICMP means ICMP and ICMPv6 there. */
const blank = ({ protocol }: Opening): AclEntry => ({
  ...EMPTY_ACL_ENTRY,
  protocol: protocol === 'icmpv6' ? 'ICMP' : protocol.toUpperCase(),
  action: 'ACCEPT',
  description: DESCRIPTION,
})

const isPing = ({ protocol }: Opening): boolean => protocol === 'icmp' || protocol === 'icmpv6'
const ownPort = ({ ports }: Opening): string => (ports === null ? 'ALL' : portText(ports))

/**
 * The documents disagree on whether the port of a triple egress entry is the destination's or the source's (platform
 * facts B). So both ports are let through: the prober's and the backend's. The prober's range usually includes the
 * backend's port.
 */
function triples(opening: Opening, passage: Passage): readonly AclEntry[] {
  const { ports: needed, cidr } = opening
  const own = ownPort(opening)
  const either = needed !== null && needed.from >= 1024 ? [PROBER_PORTS] : [PROBER_PORTS, own]
  const ports: Readonly<Record<Passage, readonly string[]>> = {
    'probe-in': [own],
    'reply-in': [PROBER_PORTS],
    'reply-out': either,
    'probe-out': either,
  }
  const ends = isIpv6(cidr) ? { ipv6Cidr: cidr } : { cidr }
  return (isPing(opening) ? [null] : ports[passage]).map((one) => ({
    ...blank(opening),
    ...ends,
    port: one,
  }))
}

function quintuples(opening: Opening, passage: Passage): readonly AclEntry[] {
  const { cidr, targets } = opening
  const own = ownPort(opening)
  const ports = passage.startsWith('reply')
    ? { sourcePort: own, destinationPort: PROBER_PORTS }
    : { sourcePort: 'ALL', destinationPort: own }
  return targets.map((near) => {
    const [source, destination] = directionOf(passage) === 'egress' ? [near, cidr] : [cidr, near]
    return {
      ...blank(opening),
      ...(isPing(opening) ? {} : ports),
      ...(isIpv6(cidr)
        ? { sourceIpv6Cidr: source, destinationIpv6Cidr: destination }
        : { sourceCidr: source, destinationCidr: destination }),
    }
  })
}

/** What is let through in one direction, and the entries for it. */
export interface Added {
  readonly passage: Passage
  readonly openings: readonly Opening[]
  readonly wanted: readonly AclEntry[]
}

/** The protocols and ports of the entries, as they stand in the command. */
export const servicesIn = (entries: readonly AclEntry[]): readonly string[] => [
  ...new Set(
    entries.map(({ protocol, port, destinationPort }) =>
      `${protocol} ${port ?? destinationPort ?? ''}`.trim(),
    ),
  ),
]

/** What the entries let through, for use within a sentence. */
export function addsText(parts: readonly Added[]): Text {
  return inEachLanguage((language) => {
    const added = parts.map(({ passage, openings, wanted }) => {
      const far = openings.map(({ cidr }) => cidr)
      const said = TEXTS.adds[directionOf(passage)]
      return t(said, { far, services: servicesIn(wanted) }, language)
    })
    return added.join(TEXTS.adds.joint[language])
  })
}

/** Why entries name more ports than the service's, as sentences. */
export function whyTexts(kind: NetworkAcl['kind'], parts: readonly Added[]): readonly Text[] {
  const wide = parts.filter(({ wanted }) =>
    wanted.some(({ port, destinationPort }) => [port, destinationPort].includes(PROBER_PORTS)),
  )
  const isEither = kind === 'triple' && wide.some(({ passage }) => directionOf(passage) === 'egress')
  const replies = servicesOf(
    wide.filter(({ passage }) => passage.startsWith('reply')).flatMap(({ openings }) => openings),
  )
  return [
    ...(replies.length > 0 ? [filled(TEXTS.adds.replies, { replies })] : []),
    ...(isEither ? [TEXTS.adds.either] : []),
  ]
}

export const familyOfEntry = (entry: AclEntry): Family =>
  [entry.cidr, entry.ipv6Cidr, entry.sourceCidr, entry.sourceIpv6Cidr, entry.destinationIpv6Cidr].some(
    (cidr) => cidr !== null && isIpv6(cidr),
  )
    ? 6
    : 4

/** ALL and ICMP may not have a port (SDK NetworkAclEntry), though entries are read with one ("all"). */
const PORTED = ['TCP', 'UDP']

/** The entry as the API takes it. Fields that are not set are left out. */
export function entryForApi(kind: NetworkAcl['kind'], entry: AclEntry): Readonly<Record<string, unknown>> {
  const hasPorts = PORTED.includes(entry.protocol?.toUpperCase() ?? '')
  const ports =
    kind === 'triple'
      ? { Port: entry.port }
      : { SourcePort: entry.sourcePort, DestinationPort: entry.destinationPort }
  const ends =
    kind === 'triple'
      ? { CidrBlock: entry.cidr, Ipv6CidrBlock: entry.ipv6Cidr }
      : {
          SourceCidr: entry.sourceCidr,
          SourceIPv6Cidr: entry.sourceIpv6Cidr,
          DestinationCidr: entry.destinationCidr,
          DestinationIPv6Cidr: entry.destinationIpv6Cidr,
        }
  const fields = {
    Protocol: entry.protocol,
    ...(hasPorts ? ports : {}),
    ...ends,
    Action: entry.action,
    Priority: entry.priority,
    Description: entry.description,
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}
