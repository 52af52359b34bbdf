import {
  cidrsOfAll,
  covers,
  type Decider,
  firstObstacle,
  largest,
  type Piece,
  shadowedAllow,
  toCidrs,
} from '../network/index.ts'
import type { Hop } from './path.ts'

/** Of the rules that deny for certain, over all origins, the one that denies most. */
export const mainDenial = (found: Hop): Piece | null =>
  largest(found.findings.flatMap(({ outcome }) => outcome.pieces.filter(({ verdict }) => verdict === 'deny')))

/**
 * What would let the probe in has to come before these rules, one for each origin and reading of it that does not pass;
 * null where it can come last.
 */
export const obstaclesOf = ({ findings, otherFindings = [] }: Hop): readonly (Decider | null)[] =>
  [...findings, ...otherFindings]
    .filter(({ outcome }) => outcome.verdict !== 'pass')
    .map(({ outcome }) => firstObstacle(outcome))

/** A rule that never gets to let a probe in, since one before it denies it first. */
export interface Shadowed {
  readonly by: Decider
  /** What it would let in, as the fewest CIDRs; null for all that the other denies. */
  readonly part: readonly string[] | null
}

export function shadowedBehind(found: Hop): Shadowed | null {
  const denial = mainDenial(found)
  const outcome = found.findings
    .map((one) => one.outcome)
    .find(({ pieces }) => pieces.some((p) => p === denial))
  const behind = denial && outcome ? shadowedAllow(outcome, denial) : null
  if (!denial || !behind) return null
  return { by: behind.by, part: covers(behind.sources, denial.sources) ? null : toCidrs(behind.sources) }
}

/**
 * The addresses that do not get through to any of these, as the fewest CIDRs, sorted; empty for a reply that is only
 * short of ports.
 */
export const blockedCidrs = (hops: readonly Hop[]): readonly string[] =>
  cidrsOfAll(hops.flatMap(({ findings }) => findings.map(({ outcome }) => outcome.blocked)))
