import type { SecurityGroup, SecurityRule, TemplateReference } from '../model/snapshot.ts'
import { type AddressSet, emptySet, intersect, isEmpty, subtract, union } from './addresses.ts'
import { type Decider, firstMatch, type Outcome, type Term } from './first-match.ts'
import { ALL_PORTS, type PortSet } from './ports.ts'
import {
  all,
  anyOf,
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
  /** The group that accepts them, or may: one of its rules is not understood. */
  readonly accepting: string
  readonly denying: string
}

/**
 * Would another order of the bound groups give another verdict? It would where one group is sure to speak of an
 * address and another may say of it what the first does not: whichever is first decides. Groups that may all leave an
 * address to the next are asked one and all, in any order.
 */
export function orderConflict(
  groups: readonly SecurityGroup[],
  probe: Probe,
  templates: TemplateSource,
): OrderConflict | null {
  const own = groups.map((group) => ({ id: group.id, ...sayings(group, probe, templates) }))
  for (const first of own)
    for (const other of own) {
      const spoken = subtract(probe.sources, first.silent)
      const accepted = intersect(spoken, subtract(other.accepts, first.accepts))
      if (!isEmpty(accepted)) return { sources: accepted, accepting: other.id, denying: first.id }
      const denied = intersect(spoken, subtract(other.denies, first.denies))
      if (!isEmpty(denied)) return { sources: denied, accepting: first.id, denying: other.id }
    }
  return null
}

/** What the rules of one group may say of each address, its implicit deny left out; `silent` where none may decide. */
function sayings(
  group: SecurityGroup,
  probe: Probe,
  templates: TemplateSource,
): { readonly accepts: AddressSet; readonly denies: AddressSet; readonly silent: AddressSet } {
  let [accepts, denies] = [emptySet(probe.sources.family), emptySet(probe.sources.family)]
  let silent = probe.sources
  for (const { sure, maybe, verdict } of termsOf(group, probe, templates)) {
    const decided = intersect(silent, union(sure, maybe))
    if (verdict !== 'deny') accepts = union(accepts, decided)
    if (verdict !== 'accept') denies = union(denies, decided)
    silent = subtract(silent, sure)
  }
  return { accepts, denies, silent }
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
  const named = members === null ? 'maybe' : anyOf(members.map((member) => memberMatch(member, probe)))
  const hasOwn = rule.protocol !== null && rule.port !== null && rule.protocol.trim().toUpperCase() !== 'ALL'
  if (!hasOwn) return named
  // The API excludes a rule with both; where both say the same, that is what it says.
  const own = all(matchProtocol(rule.protocol, probe), matchPort(rule.protocol, rule.port, probe.port))
  return own === named ? own : 'maybe'
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
