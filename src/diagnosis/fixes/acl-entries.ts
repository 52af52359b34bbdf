import { isIpv6 } from '../../model/ip.ts'
import type { Text } from '../../model/language.ts'
import { type AclEntry, EMPTY_ACL_ENTRY, type NetworkAcl } from '../../model/snapshot.ts'
import { inEachLanguage, t } from '../../text/index.ts'
import type { Opening } from './openings.ts'
import { DESCRIPTION } from './rule-edit.ts'
import { TEXTS } from './texts.ts'

/** A packet at an ACL: of the target's subnet, or, for the last two, of the one that the probe sets out from. */
export type Passage = 'probe-in' | 'reply-out' | 'probe-out' | 'reply-in'

export type Direction = 'ingress' | 'egress'

export const directionOf = (passage: Passage): Direction => (passage.endsWith('-in') ? 'ingress' : 'egress')

/**
 * What lets it through and nothing else. `opening.cidr` is the far end, as the ACL sees it, and `opening.targets` are the
 * addresses of its own subnet.
 */
export const entriesFor = (
  kind: NetworkAcl['kind'],
  opening: Opening,
  passage: Passage,
): readonly AclEntry[] => (kind === 'triple' ? triples(opening, passage) : quintuples(opening, passage))

/** The prober's own ports, whose range is not documented (platform facts B). */
const PROBER_PORTS = '1024-65535'

/** ALL and ICMP take no port (SDK NetworkAclEntry); ICMP and ICMPv6 are one word there. */
const blank = ({ protocol }: Opening): AclEntry => ({
  ...EMPTY_ACL_ENTRY,
  protocol: protocol === 'icmpv6' ? 'ICMP' : protocol.toUpperCase(),
  action: 'ACCEPT',
  description: DESCRIPTION,
})

const isPing = ({ protocol }: Opening): boolean => protocol === 'icmp' || protocol === 'icmpv6'
const ownPort = ({ port }: Opening): string => (port === null ? 'ALL' : String(port))

/**
 * Which port a triple egress entry means is documented both ways (platform facts B): the destination's for one reading,
 * the source's for the other. One of them is the prober's, among which the backend's own mostly is.
 */
function triples(opening: Opening, passage: Passage): readonly AclEntry[] {
  const { port, cidr } = opening
  const own = ownPort(opening)
  const either = port !== null && port >= 1024 ? [PROBER_PORTS] : [PROBER_PORTS, own]
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

interface Added {
  readonly direction: Direction
  readonly openings: readonly Opening[]
  readonly wanted: readonly AclEntry[]
}

/** What the entries let through, and why they name a port other than the probe's own. */
export function addsText(kind: NetworkAcl['kind'], parts: readonly Added[]): Text {
  const isEither = parts.some(
    ({ direction, wanted }) =>
      kind === 'triple' && direction === 'egress' && wanted.some(({ port }) => port !== null),
  )
  return inEachLanguage((language) => {
    const added = parts.map(({ direction, openings, wanted }) => {
      const services = wanted.map(({ protocol, port, destinationPort }) =>
        `${protocol} ${port ?? destinationPort ?? ''}`.trim(),
      )
      const far = openings.map(({ cidr }) => cidr)
      return t(TEXTS.adds[direction], { far, services: [...new Set(services)] }, language)
    })
    return added.join(TEXTS.adds.joint[language]) + (isEither ? TEXTS.adds.either[language] : '')
  })
}

/** As the Create actions take it; what is not given is left out. */
export function entryForApi(kind: NetworkAcl['kind'], entry: AclEntry): Readonly<Record<string, unknown>> {
  const fields =
    kind === 'triple'
      ? { Port: entry.port, CidrBlock: entry.cidr, Ipv6CidrBlock: entry.ipv6Cidr }
      : {
          SourcePort: entry.sourcePort,
          SourceCidr: entry.sourceCidr,
          SourceIPv6Cidr: entry.sourceIpv6Cidr,
          DestinationPort: entry.destinationPort,
          DestinationCidr: entry.destinationCidr,
          DestinationIPv6Cidr: entry.destinationIpv6Cidr,
        }
  return {
    Protocol: entry.protocol,
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
    Action: entry.action,
    Priority: entry.priority,
    Description: entry.description,
  }
}
