import {
  type AddressSet,
  emptySet,
  everything,
  type Family,
  isEmpty,
  parseAddresses,
  subtract,
  union,
  unionOf,
} from './addresses.ts'
import { difference, holds, intersection } from './intervals.ts'
import { ALL_PORTS, type PortSet, parsePorts } from './ports.ts'

/** What CLB sends to one target. */
export interface Probe {
  readonly sources: AddressSet
  /** Address of the target. */
  readonly destination: string
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6'
  /** Null for ICMP, or if the port is not known. */
  readonly port: number | null
  /** Set if it is not known which port from `port` to this one is probed. */
  readonly endPort?: number | null
}

/** Does a part of a rule match? `maybe` if it is not understood. */
export type Match = 'yes' | 'no' | 'maybe'

export const all = (...matches: readonly Match[]): Match =>
  matches.includes('no') ? 'no' : matches.includes('maybe') ? 'maybe' : 'yes'

export const anyOf = (matches: readonly Match[]): Match =>
  matches.includes('yes') ? 'yes' : matches.includes('maybe') ? 'maybe' : 'no'

/** A field's text in lower case, without blanks around it. */
const plain = (text: string | null): string => text?.trim().toLowerCase() ?? ''

/** The verdict of a rule, or of a rule list on a part of the sources. */
export type PieceVerdict = 'accept' | 'deny' | 'unknown'

/** The API gives ACCEPT or DROP. Any other text could mean either. */
export function verdictOf(action: string | null): PieceVerdict {
  switch (plain(action)) {
    case 'accept':
      return 'accept'
    case 'drop':
      return 'deny'
    default:
      return 'unknown'
  }
}

/** The protocols that probes use. */
const PROBED = ['tcp', 'udp', 'icmp', 'icmpv6']
/** Protocols without ports. A rule of theirs that names ports is not understood. */
const WITHOUT_PORTS = ['all', 'icmp', 'icmpv6', 'gre']

/** No probe uses GRE, so GRE does not match. An unknown protocol may match. */
export function matchProtocol(text: string | null, probe: Probe): Match {
  const name = plain(text)
  if (name === 'all' || name === probe.protocol) return 'yes'
  return PROBED.includes(name) || name === 'gre' ? 'no' : 'maybe'
}

const isAllPorts = (text: string | null): boolean =>
  text === null || ['all', '0-65535', '1-65535'].includes(plain(text))

/** The ports that a rule's text means. Null if it is not understood, for example a TCP rule without a port text. */
export function portsOf(protocol: string | null, text: string | null): PortSet | null {
  if (WITHOUT_PORTS.includes(plain(protocol))) return isAllPorts(text) ? ALL_PORTS : null
  return text === null ? null : parsePorts(text)
}

export function matchPort(ports: PortSet | null, { port, endPort }: Pick<Probe, 'port' | 'endPort'>): Match {
  if (ports === null) return 'maybe'
  if (port === null) return difference(ANY_PORT, ports).length === 0 ? 'yes' : 'maybe'
  if (endPort == null) return holds(ports, port) ? 'yes' : 'no'
  const range: PortSet = [port, endPort + 1]
  if (difference(range, ports).length === 0) return 'yes'
  return intersection(range, ports).length === 0 ? 'no' : 'maybe'
}

/** The ports of a probe as text, for keys. */
export const portKeyOf = ({ port, endPort }: Probe): string =>
  `${port}${endPort == null ? '' : `-${endPort}`}`

/** Do this protocol and port text match the probe? */
export function matchService(protocol: string | null, port: string | null, probe: Probe): Match {
  const named = matchProtocol(protocol, probe)
  // Most rules have another protocol. Their ports need not be parsed.
  return named === 'no' ? 'no' : all(named, matchPort(portsOf(protocol, port), probe))
}

/** The backend's port is not known, so it can be any of these. */
const ANY_PORT: PortSet = [1, 65536]

/** Addresses that a text surely means, and addresses that it may mean because it is not understood. */
export interface Meaning {
  readonly sure: AddressSet
  readonly maybe: AddressSet
}

const meaningsIn = (family: Family) => ({
  nothing: { sure: emptySet(family), maybe: emptySet(family) },
  anything: { sure: emptySet(family), maybe: everything(family) },
})
const MEANINGS = { 4: meaningsIn(4), 6: meaningsIn(6) } as const

export const nothing = (family: Family): Meaning => MEANINGS[family].nothing
export const anything = (family: Family): Meaning => MEANINGS[family].anything

export function meaningOf(text: string, family: Family): Meaning {
  const set = parseAddresses(text, family)
  if (set === null) return anything(family)
  return set.family === family ? { sure: set, maybe: emptySet(family) } : nothing(family)
}

export const meaningOfAll = (texts: readonly string[], family: Family): Meaning =>
  eitherOf(
    family,
    texts.map((text) => meaningOf(text, family)),
  )

/** The union of the meanings. An address that is sure in one of them is sure. */
export function eitherOf(family: Family, meanings: readonly Meaning[]): Meaning {
  const [only = nothing(family), ...others] = meanings
  if (others.length === 0) return only
  const sure = unionOf(
    family,
    meanings.map((one) => one.sure),
  )
  const maybe = unionOf(
    family,
    meanings.map((one) => one.maybe),
  )
  return { sure, maybe: subtract(maybe, sure) }
}

/** The meaning if a condition holds. If the condition fails, the meaning is not computed. */
export function given(condition: Match, family: Family, meaning: () => Meaning): Meaning {
  if (condition === 'no') return nothing(family)
  return condition === 'yes' ? meaning() : unsure(meaning())
}

export const meansNobody = ({ sure, maybe }: Meaning): boolean => isEmpty(sure) && isEmpty(maybe)

export const unsure = ({ sure, maybe }: Meaning): Meaning => ({
  sure: emptySet(sure.family),
  maybe: union(sure, maybe),
})

/** The API stores `0.0.0.0/n` as `0.0.0.0/0` (SDK SecurityGroupPolicy.CidrBlock). */
export const groupCidr = (text: string): string =>
  text.includes('0.0.0.0/') && /^0\.0\.0\.0\/([0-9]|[12][0-9]|3[012])$/.test(text.trim()) ? '0.0.0.0/0' : text
