import type { SecurityGroup, SecurityMatch, SecurityRule } from '../model/snapshot.ts'
import type { Family } from './addresses.ts'
import { firstMatch, type Outcome } from './first-match.ts'
import { ALL_PORTS } from './ports.ts'
import type { CompiledReferences } from './references.ts'
import { type CompiledRule, type Decider, type RuleList, ruleList } from './rule-list.ts'
import {
  anything,
  eitherOf,
  given,
  groupCidr,
  type Match,
  type Meaning,
  meaningOf,
  meaningOfAll,
  type Probe,
  serviceMatcher,
  unsure,
  verdictOf,
} from './terms.ts'
import { securityRuleWords } from './words.ts'

/** The inbound rules of one group, by PolicyIndex whatever the array's order (platform facts A). */
export const compileSecurityGroup = (group: SecurityGroup, references: CompiledReferences): RuleList =>
  ruleList(
    group.id,
    ({ protocol, port, sources }) => `${sources.family} ${protocol} ${port}`,
    () =>
      [...group.ingress]
        .sort((a, b) => a.index - b.index)
        .map((rule) => compileRule(group.id, rule, references)),
  )

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

function compileRule(groupId: string, rule: SecurityRule, references: CompiledReferences): CompiledRule {
  return {
    verdict: verdictOf(rule.action),
    by: () => ({
      kind: 'security-group',
      id: groupId,
      index: rule.index,
      ruleId: null,
      get words() {
        return securityRuleWords(rule)
      },
    }),
    proberPorts: ALL_PORTS,
    meaningFor: rule.expanded
      ? anyRow(rule.expanded.map((row) => compileMatch(row, references)))
      : compileMatch(rule, references),
  }
}

const anyRow =
  (rows: readonly CompiledRule['meaningFor'][]): CompiledRule['meaningFor'] =>
  (probe) =>
    eitherOf(
      probe.sources.family,
      rows.map((row) => row(probe)),
    )

function compileMatch(match: SecurityMatch, references: CompiledReferences): CompiledRule['meaningFor'] {
  const service = serviceOf(match, references)
  const sources: { [F in Family]?: Meaning } = {}
  return (probe) => {
    const { family } = probe.sources
    return given(service(probe), family, () => {
      sources[family] ??= sourceOf(match, family, references)
      return sources[family]
    })
  }
}

function serviceOf(
  { protocol, port, service }: SecurityMatch,
  references: CompiledReferences,
): (probe: Probe) => Match {
  const own = serviceMatcher(protocol, port)
  if (service === null) return own
  const named = references.services(service)
  const hasOwn = protocol !== null && port !== null && protocol.trim().toUpperCase() !== 'ALL'
  if (!hasOwn) return named
  // The API excludes a rule with both; where both say the same, that is what it says.
  return (probe) => (own(probe) === named(probe) ? own(probe) : 'maybe')
}

function sourceOf(match: SecurityMatch, family: Family, references: CompiledReferences): Meaning {
  const named: Meaning[] = []
  const { cidr, ipv6Cidr } = match
  if (cidr !== null && ipv6Cidr !== null) named.push(meaningOfAll([groupCidr(cidr), ipv6Cidr], family))
  else if (cidr !== null) named.push(meaningOf(groupCidr(cidr), family))
  else if (ipv6Cidr !== null) named.push(meaningOf(ipv6Cidr, family))
  if (match.sourceGroupId !== null) named.push(references.members(match.sourceGroupId, family))
  if (match.address !== null) named.push(references.addresses(match.address, family))
  const [only] = named
  if (!only) return anything(family)
  // The API allows one kind of source; several are one of them, nobody knows which.
  return named.length === 1 ? only : unsure(eitherOf(family, named))
}
