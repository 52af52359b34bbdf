import {
  type AddressSet,
  emptySet,
  everything,
  type Family,
  isEmpty,
  PROBE_100_64,
  PROBE_169_254,
  parseAddresses,
  subtract,
  union,
} from './addresses.ts'
import type { PieceVerdict } from './first-match.ts'
import { hasPort, parsePorts } from './ports.ts'

/** What a CLB sends to one target: from where, to which address, by which protocol and port. */
export interface Probe {
  readonly sources: AddressSet
  /** Address of the target. */
  readonly destination: string
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6'
  /** Null for ICMP, or where it is not known. */
  readonly port: number | null
}

/** Does a part of a rule match? `maybe` where it cannot be understood. */
export type Match = 'yes' | 'no' | 'maybe'

export const all = (...matches: readonly Match[]): Match =>
  matches.includes('no') ? 'no' : matches.includes('maybe') ? 'maybe' : 'yes'

export const anyOf = (matches: readonly Match[]): Match =>
  matches.includes('yes') ? 'yes' : matches.includes('maybe') ? 'maybe' : 'no'

/** ACCEPT or DROP in any case; anything else could be either. */
export function verdictOf(action: string | null): PieceVerdict {
  switch (action?.trim().toUpperCase()) {
    case 'ACCEPT':
      return 'accept'
    case 'DROP':
      return 'deny'
    default:
      return 'unknown'
  }
}

/** Protocols that are known and are never a probe's. */
const OTHER_PROTOCOLS = new Set(['GRE'])

export function matchProtocol(text: string | null, probe: Probe): Match {
  const name = text?.trim().toUpperCase() ?? ''
  if (name === 'ALL') return 'yes'
  if (name === 'TCP' || name === 'UDP' || name === 'ICMP' || name === 'ICMPV6')
    return name === probe.protocol.toUpperCase() ? 'yes' : 'no'
  return OTHER_PROTOCOLS.has(name) ? 'no' : 'maybe'
}

/** Only TCP and UDP have ports; a TCP rule without any port text is not understood. */
export function matchPort(protocol: string | null, text: string | null, port: number | null): Match {
  if (hasNoPorts(protocol)) return isAllPorts(text) ? 'yes' : 'maybe'
  const ports = text === null ? null : parsePorts(text)
  if (ports === null) return 'maybe'
  if (port === null) return isAllPorts(text) ? 'yes' : 'maybe'
  return hasPort(ports, port) ? 'yes' : 'no'
}

/** Protocols whose rules say nothing of ports; one that does all the same is not understood. */
export const hasNoPorts = (protocol: string | null): boolean =>
  ['ALL', 'ICMP', 'ICMPV6', 'GRE'].includes(protocol?.trim().toUpperCase() ?? '')

export const isAllPorts = (text: string | null): boolean =>
  text === null || ['all', '0-65535', '1-65535'].includes(text.trim().toLowerCase())

/** Addresses that a text surely means and, where it is not understood, those that it might. */
export interface Meaning {
  readonly sure: AddressSet
  readonly maybe: AddressSet
}

export const nothing = (family: Family): Meaning => ({ sure: emptySet(family), maybe: emptySet(family) })
export const anything = (family: Family): Meaning => ({ sure: emptySet(family), maybe: everything(family) })

export function meaningOf(text: string, family: Family): Meaning {
  const parsed = parseAddresses(text)
  if (!parsed.ok) return anything(family)
  if (parsed.set.family !== family) return nothing(family)
  return { sure: parsed.set, maybe: emptySet(family) }
}

export const either = (a: Meaning, b: Meaning): Meaning => {
  const sure = union(a.sure, b.sure)
  return { sure, maybe: subtract(union(a.maybe, b.maybe), sure) }
}

/** A meaning under a condition: unsure conditions make all of it unsure. */
export function given({ sure, maybe }: Meaning, condition: Match): Meaning {
  if (condition === 'yes') return { sure, maybe }
  return condition === 'no'
    ? nothing(sure.family)
    : { sure: emptySet(sure.family), maybe: union(sure, maybe) }
}

/** `0.0.0.0/n` is stored as `0.0.0.0/0` (SDK SecurityGroupPolicy.CidrBlock). */
export const groupCidr = (text: string): string =>
  /^0\.0\.0\.0\/([0-9]|[12][0-9]|3[012])$/.test(text.trim()) ? '0.0.0.0/0' : text

/**
 * The members of a security group are not known here; the CLB's own probe ranges are never among them, and whether a
 * VIP is, is not documented (platform facts A).
 */
export function groupMembers(family: Family): Meaning {
  const unsure = everything(family)
  if (family === 6) return { sure: emptySet(6), maybe: unsure }
  return { sure: emptySet(4), maybe: subtract(subtract(unsure, PROBE_100_64), PROBE_169_254) }
}

export const meansNothing = ({ sure, maybe }: Meaning): boolean => isEmpty(sure) && isEmpty(maybe)
