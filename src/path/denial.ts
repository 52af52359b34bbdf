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
import type { Hop } from './path.ts'

// Targets share hops, and hops share outcomes. Each question about one of them is answered once.
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

/** Of the rules that deny for certain, over all origins, the one that denies most. */
export const mainDenial: (found: Hop) => Piece | null = remembered(({ findings }: Hop) =>
  largest(findings.flatMap(({ outcome }) => deniedMost(outcome) ?? [])),
)

/**
 * What would let the probe in has to come before these rules, one for each origin and reading of it that does not pass;
 * null where it can come last.
 */
export const blockingRulesOf = ({ findings, otherFindings = [] }: Hop): readonly (Decider | null)[] =>
  [...findings, ...otherFindings]
    .filter(({ outcome }) => outcome.verdict !== 'pass')
    .map(({ outcome }) => blockingRuleIn(outcome))

/** A rule that never gets to let a probe in, since one before it denies it first. */
export interface Shadowed {
  readonly by: Decider
  /** What it would let in, as the fewest CIDRs; null for all that the other denies. */
  readonly part: readonly string[] | null
}

/** Of the rule that denies most. */
export function shadowedBehind(found: Hop): Shadowed | null {
  const denial = mainDenial(found)
  const origin = found.findings.find(({ outcome }) => denial !== null && deniedMost(outcome) === denial)
  return origin ? shadowIn(origin.outcome) : null
}

/**
 * The addresses that do not get through to any of these, as the fewest CIDRs, sorted; empty for a reply that is only
 * short of ports.
 */
export function blockedCidrs(hops: readonly Hop[]): readonly string[] {
  const outcomes = new Set(hops.flatMap(({ findings }) => findings.map(({ outcome }) => outcome)))
  const [only, ...others] = outcomes
  return only && others.length === 0 ? cidrsIn(only) : cidrsOfAll([...outcomes].map(({ blocked }) => blocked))
}
