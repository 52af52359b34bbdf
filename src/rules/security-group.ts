import { lazy } from '../model/memo.ts'
import type { SecurityGroup, SecurityRule } from '../model/snapshot.ts'
import type { Family } from './addresses.ts'
import { firstMatch, type Outcome } from './first-match.ts'
import { groupKeyOf, type Meanings } from './meanings.ts'
import { ALL_PORTS } from './ports.ts'
import { type Decider, type RuleList, ruleList, type Term } from './rule-list.ts'
import { eitherOf, meansNobody, type Probe, verdictOf } from './terms.ts'
import { distinct, unclearAction } from './unclear.ts'
import { securityRuleLine, securityRuleWords } from './words.ts'

/** Compiles the inbound rules of one group, sorted by PolicyIndex (platform facts A). */
export function compileSecurityGroup(group: SecurityGroup, meanings: (probe: Probe) => Meanings): RuleList {
  const rules = lazy(() => [...group.ingress].sort((a, b) => a.index - b.index))
  return ruleList(group.id, groupKeyOf, (probe) => {
    const meaning = meanings(probe)
    return rules().map((rule) => termOf(group.id, rule, probe.sources.family, meaning))
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
 * All groups in binding order form one list: first match wins, then deny (platform facts A). A group is stateful and
 * checks only the destination port, so the prober's own ports do not matter.
 */
export const evaluateSecurityGroups = (groups: readonly RuleList[], probe: Probe): Outcome =>
  firstMatch(
    probe.sources,
    ALL_PORTS,
    groups.flatMap((group) => group.termsFor(probe)),
    implicitDeny(groups.map(({ id }) => id)),
  )

function termOf(groupId: string, rule: SecurityRule, family: Family, meanings: Meanings): Term | null {
  const meaning = rule.expanded ? eitherOf(family, rule.expanded.map(meanings.of)) : meanings.of(rule)
  if (meansNobody(meaning)) return null
  const verdict = verdictOf(rule.action)
  return {
    sure: meaning.sure,
    maybe: meaning.maybe,
    ports: ALL_PORTS,
    verdict,
    by: lazy(() => ({
      kind: 'security-group',
      id: groupId,
      index: rule.index,
      ruleId: null,
      words: securityRuleWords(rule),
      line: securityRuleLine(rule),
    })),
    unclear: (sources) =>
      distinct([
        ...unclearAction(rule.action, verdict),
        ...(rule.expanded ?? [rule]).flatMap((row) => meanings.unclear(row, sources)),
      ]),
  }
}
