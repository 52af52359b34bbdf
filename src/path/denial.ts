import { remembered } from '../model/memo.ts'
import {
  cidrsOfAll,
  contains,
  type Decider,
  firstBlockingRule,
  largest,
  type Outcome,
  type Piece,
  shadowedAllow,
  toCidrs,
} from '../rules/index.ts'
import type { Hop } from './hop.ts'

// Targets share hops, and hops share outcomes, so each answer is computed once per object.
const deniedMost = remembered(({ pieces }: Outcome) =>
  largest(pieces.filter(({ verdict }) => verdict === 'deny')),
)
const blockingRuleIn = remembered(firstBlockingRule)
const shadowIn = remembered((outcome: Outcome): Shadowed | null => {
  const denial = deniedMost(outcome)
  const behind = denial && shadowedAllow(outcome, denial)
  return (
    behind && {
      by: behind.by,
      part: contains(behind.sources, denial.sources) ? null : toCidrs(behind.sources),
    }
  )
})
const cidrsIn = remembered(({ blocked }: Outcome) => toCidrs(blocked))

/** Among the rules that certainly deny, over all origins, the one that denies the most addresses. */
export const mainDenial: (found: Hop) => Piece | null = remembered(({ findings }: Hop) =>
  largest(findings.flatMap(({ outcome }) => deniedMost(outcome) ?? [])),
)

/**
 * A rule that lets the probe in must stand before these rules. There is one entry for each origin and reading that does
 * not pass. Null: the new rule can stand last.
 */
export const blockingRulesOf = ({ findings, bySourcePort }: Hop): readonly (Decider | null)[] =>
  [...findings, ...(bySourcePort?.findings ?? [])]
    .filter(({ outcome }) => outcome.verdict !== 'pass')
    .map(({ outcome }) => blockingRuleIn(outcome))

/** A rule that would let the probe in, but a rule before it denies the probe first. */
export interface Shadowed {
  readonly by: Decider
  /** The part that it would let in, as the fewest CIDRs. Null: everything that the other rule denies. */
  readonly part: readonly string[] | null
}

/** The allow rule behind the rule that denies the most. */
export function shadowedBehind(found: Hop): Shadowed | null {
  const denial = mainDenial(found)
  const origin = found.findings.find(({ outcome }) => denial !== null && deniedMost(outcome) === denial)
  return origin ? shadowIn(origin.outcome) : null
}

/**
 * The addresses that at least one of these hops blocks, as the fewest CIDRs, sorted. Empty for a reply hop that only
 * closes some ports.
 */
export function blockedCidrs(hops: readonly Hop[]): readonly string[] {
  const outcomes = new Set(hops.flatMap(({ findings }) => findings.map(({ outcome }) => outcome)))
  const [only, ...others] = outcomes
  return only && others.length === 0 ? cidrsIn(only) : cidrsOfAll([...outcomes].map(({ blocked }) => blocked))
}
