import { kept } from '../model/memo.ts'
import type { TemplateReference } from '../model/snapshot.ts'
import {
  type AddressSet,
  everything,
  type Family,
  PROBE_100_64,
  PROBE_169_254,
  subtract,
  unionOf,
} from './addresses.ts'
import {
  anyOf,
  anything,
  type Match,
  type Meaning,
  matchService,
  meaningOfAll,
  type Probe,
  portKeyOf,
} from './terms.ts'

/** What a rule refers to by id. */
export interface References {
  /** The members of address and service templates, with template groups resolved. Null if they could not be read. */
  addresses(reference: TemplateReference): readonly string[] | null
  services(reference: TemplateReference): readonly string[] | null
  /**
   * Private addresses of machines that are known to be in a security group, and of machines that are known to be
   * outside it.
   */
  members(groupId: string): { readonly inside: readonly string[]; readonly outside: readonly string[] }
}

/** The same references, parsed once for all rules. */
export interface CompiledReferences {
  addresses(reference: TemplateReference, family: Family): Meaning
  services(reference: TemplateReference, probe: Probe): Match
  members(groupId: string, family: Family): Meaning
}

export function compileReferences(references: References): CompiledReferences {
  const meanings = new Map<string, Meaning>()
  const matches = new Map<string, Match>()
  return {
    addresses: (reference, family) =>
      kept(meanings, `${family} ${nameOf(reference)}`, () => {
        const members = references.addresses(reference)
        return members ? meaningOfAll(members, family) : anything(family)
      }),
    services: (reference, probe) =>
      kept(matches, `${probe.protocol} ${portKeyOf(probe)} ${nameOf(reference)}`, () => {
        const members = references.services(reference)
        return members ? anyOf(members.map((member) => matchMember(member, probe))) : 'maybe'
      }),
    members: (groupId, family) =>
      kept(meanings, `${family} ${groupId}`, () => groupMembers(references.members(groupId), family)),
  }
}

const nameOf = ({ id, groupId }: TemplateReference): string => `${id}/${groupId}`

/** A template member is written as `tcp:80,443`, `udp:all`, `icmp` or `all`. */
function matchMember(member: string, probe: Probe): Match {
  const [protocol = '', port, ...more] = member.split(':')
  if (more.length > 0) return 'maybe'
  const name = protocol.trim()
  const bare = port === undefined || port.trim() === '' || port.trim() === '-'
  // A protocol without a port means all its ports. For TCP and UDP this spelling is not documented.
  return matchService(name, bare ? (/^(tcp|udp)$/i.test(name) ? null : 'all') : port, probe)
}

/**
 * A group as a source means the private IPv4 addresses of its machines. CLB's own probe ranges are never among them. It
 * is not documented whether a CLB's VIP or SNAT address is, or what holds for IPv6 (platform facts A).
 */
function groupMembers({ inside, outside }: ReturnType<References['members']>, family: Family): Meaning {
  if (family === 6) return anything(6)
  const addresses = (texts: readonly string[]): AddressSet => meaningOfAll(texts, 4).sure
  const sure = addresses(inside)
  const ruledOut = unionOf(4, [sure, addresses(outside), PROBE_100_64, PROBE_169_254])
  return { sure, maybe: subtract(everything(4), ruledOut) }
}
