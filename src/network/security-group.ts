import type { SecurityGroup, SecurityRule, TemplateReference } from '../model/snapshot.ts'
import { type AddressSet, intersect, isEmpty, union } from './addresses.ts'
import { type Decider, firstMatch, type Outcome, type Term } from './first-match.ts'
import { ALL_PORTS, type PortSet } from './ports.ts'
import {
  all,
  anything,
  either,
  given,
  groupCidr,
  groupMembers,
  type Match,
  type Meaning,
  matchPort,
  matchProtocol,
  meaningOf,
  meansNothing,
  nothing,
  type Probe,
  verdictOf,
} from './terms.ts'
import { securityRuleWords } from './words.ts'

/** Members of address and service templates, groups of them resolved; null where they could not be read. */
export interface TemplateSource {
  addresses(reference: TemplateReference): readonly string[] | null
  services(reference: TemplateReference): readonly string[] | null
}

/** A security group is stateful and asks only the destination port, so the prober's own ports do not matter. */
const ANY_PORT: PortSet = ALL_PORTS

/**
 * All groups in binding order as one list, each by PolicyIndex; first match wins, then deny (platform facts A).
 */
export function evaluateSecurityGroups(
  groups: readonly SecurityGroup[],
  probe: Probe,
  templates: TemplateSource,
): Outcome {
  const terms = groups.flatMap((group) => termsOf(group, probe, templates))
  const ids = groups.map(({ id }) => id)
  const otherwise: Decider = {
    kind: 'security-group',
    id: ids[0] ?? '',
    index: null,
    ruleId: null,
    words: null,
    groups: ids,
  }
  return firstMatch(probe.sources, ANY_PORT, terms, otherwise)
}

export interface OrderConflict {
  /** Addresses whose verdict depends on which group is asked first. */
  readonly sources: AddressSet
  readonly accepting: string
  readonly denying: string
}

/**
 * Would another order of the bound groups give another verdict? It would exactly where one group's own rules accept an
 * address that another's deny: whichever is first decides.
 */
export function orderConflict(
  groups: readonly SecurityGroup[],
  probe: Probe,
  templates: TemplateSource,
): OrderConflict | null {
  if (groups.length < 2) return null
  const own = groups.map((group) => {
    const { pieces } = evaluateSecurityGroups([group], probe, templates)
    const reach = (verdict: 'accept' | 'deny'): AddressSet =>
      pieces
        .filter((piece) => piece.verdict === verdict && piece.by.index !== null)
        .reduce<AddressSet>((sum, piece) => union(sum, piece.sources), {
          family: probe.sources.family,
          ranges: [],
        })
    return { id: group.id, accepts: reach('accept'), denies: reach('deny') }
  })
  for (const a of own)
    for (const b of own) {
      if (a.id === b.id) continue
      const sources = intersect(a.accepts, b.denies)
      if (!isEmpty(sources)) return { sources, accepting: a.id, denying: b.id }
    }
  return null
}

function termsOf(group: SecurityGroup, probe: Probe, templates: TemplateSource): readonly Term[] {
  const ordered = [...group.ingress].sort((a, b) => a.index - b.index)
  return ordered.flatMap((rule) => {
    const meaning = given(sourceOf(rule, probe, templates), serviceOf(rule, probe, templates))
    if (meansNothing(meaning)) return []
    const by: Decider = {
      kind: 'security-group',
      id: group.id,
      index: rule.index,
      ruleId: null,
      words: securityRuleWords(rule),
    }
    return [{ ...meaning, ports: ANY_PORT, verdict: verdictOf(rule.action), by }]
  })
}

function serviceOf(rule: SecurityRule, probe: Probe, templates: TemplateSource): Match {
  if (rule.service === null)
    return all(matchProtocol(rule.protocol, probe), matchPort(rule.protocol, rule.port, probe.port))
  const members = templates.services(rule.service)
  // A rule with both, which the API excludes, cannot be understood.
  if (
    members === null ||
    (rule.protocol !== null && rule.protocol.toUpperCase() !== 'ALL' && rule.port !== null)
  )
    return 'maybe'
  const matches = members.map((member) => memberMatch(member, probe))
  return matches.includes('yes') ? 'yes' : matches.includes('maybe') ? 'maybe' : 'no'
}

/** `tcp:80,443`, `udp:all`, `icmp`, `all` … */
function memberMatch(member: string, probe: Probe): Match {
  const [protocol = '', port, ...more] = member.split(':')
  if (more.length > 0) return 'maybe'
  const name = protocol.trim()
  const bare = port === undefined || port.trim() === '' || port.trim() === '-'
  // A protocol alone means all of it; for TCP and UDP that spelling is not documented.
  const ports = bare ? (/^(tcp|udp)$/i.test(name) ? null : 'all') : port
  return all(matchProtocol(name, probe), matchPort(name, ports, probe.port))
}

function sourceOf(rule: SecurityRule, probe: Probe, templates: TemplateSource): Meaning {
  const { family } = probe.sources
  const named: Meaning[] = []
  if (rule.cidr !== null || rule.ipv6Cidr !== null) {
    const texts = [rule.cidr, rule.ipv6Cidr].flatMap((text) => (text === null ? [] : groupCidr(text)))
    named.push(texts.map((text) => meaningOf(text, family)).reduce(either))
  }
  if (rule.sourceGroupId !== null) named.push(groupMembers(family))
  if (rule.address !== null) {
    const members = templates.addresses(rule.address)
    named.push(
      members === null
        ? anything(family)
        : members.map((text) => meaningOf(text, family)).reduce(either, nothing(family)),
    )
  }
  const [only, ...others] = named
  if (!only) return anything(family)
  // The API allows one kind of source; several are one of them, nobody knows which.
  return others.length === 0 ? only : given(named.reduce(either), 'maybe')
}
