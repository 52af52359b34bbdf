import type { SecurityGroup, SecurityMatch, SecurityRule } from '../model/snapshot.ts'
import type { Family } from './addresses.ts'
import { firstMatch, type Outcome } from './first-match.ts'
import { kept, lazy } from './kept.ts'
import { ALL_PORTS } from './ports.ts'
import type { CompiledReferences } from './references.ts'
import { type Decider, type RuleList, ruleList, type Term } from './rule-list.ts'
import {
  anything,
  eitherOf,
  given,
  groupCidr,
  type Match,
  type Meaning,
  matchService,
  meaningOf,
  meaningOfAll,
  meansNobody,
  type Probe,
  unsure,
  verdictOf,
} from './terms.ts'
import { securityRuleWords } from './words.ts'

/** All that a group asks of a probe beside its source. */
export const groupKeyOf = ({ protocol, port, sources }: Probe): string =>
  `${sources.family} ${protocol} ${port}`

/** The inbound rules of one group, by PolicyIndex whatever the array's order (platform facts A). */
export function compileSecurityGroup(group: SecurityGroup, references: CompiledReferences): RuleList {
  const rules = lazy(() => [...group.ingress].sort((a, b) => a.index - b.index))
  return ruleList(group.id, groupKeyOf, (probe) => {
    const meaningFor = meaningsFor(probe, references)
    return rules().map((rule) => termOf(group.id, rule, probe.sources.family, meaningFor))
  })
}

export const implicitDeny = (ids: readonly string[]): Decider => ({
  kind: 'security-group',
  id: ids[0] ?? '',
  index: null,
  ruleId: null,
  words: null,
  groups: ids,
})

/**
 * All groups in binding order as one list; first match wins, then deny (platform facts A). A group is stateful and asks
 * only the destination port, so the prober's own ports do not matter.
 */
export const evaluateSecurityGroups = (groups: readonly RuleList[], probe: Probe): Outcome =>
  firstMatch(
    probe.sources,
    ALL_PORTS,
    groups.flatMap((group) => group.termsFor(probe)),
    implicitDeny(groups.map(({ id }) => id)),
  )

function termOf(
  groupId: string,
  rule: SecurityRule,
  family: Family,
  meaningFor: (match: SecurityMatch) => Meaning,
): Term | null {
  const meaning = rule.expanded ? eitherOf(family, rule.expanded.map(meaningFor)) : meaningFor(rule)
  if (meansNobody(meaning)) return null
  return {
    sure: meaning.sure,
    maybe: meaning.maybe,
    ports: ALL_PORTS,
    verdict: verdictOf(rule.action),
    by: lazy(() => ({
      kind: 'security-group',
      id: groupId,
      index: rule.index,
      ruleId: null,
      words: securityRuleWords(rule),
    })),
  }
}

/** Whom a rule means, of one probe. Most rules share their few protocols and ports, which are read once. */
function meaningsFor(probe: Probe, references: CompiledReferences): (match: SecurityMatch) => Meaning {
  const { family } = probe.sources
  const services = new Map<string | null, Map<string | null, Match>>()
  const ownService = ({ protocol, port }: SecurityMatch): Match => {
    const ofProtocol = kept(services, protocol, () => new Map<string | null, Match>())
    return kept(ofProtocol, port, () => matchService(protocol, port, probe))
  }
  /** Does the rule speak of the probe's protocol and port? */
  const asksFor = (match: SecurityMatch): Match => {
    const { protocol, port, service } = match
    if (service === null) return ownService(match)
    const named = references.services(service, probe)
    const hasOwn = protocol !== null && port !== null && protocol.trim().toUpperCase() !== 'ALL'
    if (!hasOwn) return named
    // The API excludes a rule with both; where both say the same, that is what it says.
    return ownService(match) === named ? named : 'maybe'
  }
  return (match) => given(asksFor(match), family, () => sourceOf(match, family, references))
}

function sourceOf(match: SecurityMatch, family: Family, references: CompiledReferences): Meaning {
  const { sourceGroupId, address } = match
  const byCidr = cidrsOf(match, family)
  if (sourceGroupId === null && address === null) return byCidr ?? anything(family)
  const byReference = [
    ...(sourceGroupId === null ? [] : [references.members(sourceGroupId, family)]),
    ...(address === null ? [] : [references.addresses(address, family)]),
  ]
  const named = byCidr ? [byCidr, ...byReference] : byReference
  // The API allows one kind of source; several are one of them, nobody knows which.
  return named.length === 1 ? (named[0] as Meaning) : unsure(eitherOf(family, named))
}

function cidrsOf({ cidr, ipv6Cidr }: SecurityMatch, family: Family): Meaning | null {
  if (cidr === null) return ipv6Cidr === null ? null : meaningOf(ipv6Cidr, family)
  const own = groupCidr(cidr)
  return ipv6Cidr === null ? meaningOf(own, family) : meaningOfAll([own, ipv6Cidr], family)
}
