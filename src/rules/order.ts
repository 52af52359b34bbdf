import { type AddressSet, emptySet, intersect, isEmpty, subtract, union, unionOf } from './addresses.ts'
import { decide } from './decide.ts'
import type { Outcome } from './first-match.ts'
import type { RuleList, Term } from './rule-list.ts'
import { evaluateSecurityGroups } from './security-group.ts'
import type { PieceVerdict, Probe } from './terms.ts'

/** Addresses whose verdict depends on the order of the groups, and the outcome under two orders. */
export interface OrderConflict {
  readonly sources: AddressSet
  readonly outcomes: readonly { readonly first: string; readonly outcome: Outcome }[]
}

/**
 * Would another order of the bound groups give another verdict? It would if one group surely decides an address and
 * another group may decide it differently: the first group wins. If every group may pass an address on to the next one,
 * the order does not matter.
 */
export function orderConflict(
  groups: ReadonlyMap<RuleList, GroupVerdicts>,
  probe: Probe,
): OrderConflict | null {
  for (const [one, own] of groups)
    for (const [other, others] of groups)
      for (const verdict of ['accept', 'deny'] as const) {
        const sources = one === other ? null : intersect(own.decided, subtract(others[verdict], own[verdict]))
        if (sources === null || isEmpty(sources)) continue
        const outcomes = [one, other].map((first) => {
          const order = [first, ...[...groups.keys()].filter((group) => group !== first)]
          return { first: first.id, outcome: evaluateSecurityGroups(order, { ...probe, sources }) }
        })
        return { sources, outcomes }
      }
  return null
}

/** How one group decides the sources, independent of the groups beside it. */
export interface GroupVerdicts {
  /** Addresses that one of its rules surely decides. */
  readonly decided: AddressSet
  /** Addresses that its rules may accept, and addresses that they may deny, without its implicit deny. */
  readonly accept: AddressSet
  readonly deny: AddressSet
}

export function groupVerdicts(group: RuleList, probe: Probe): GroupVerdicts {
  const { family } = probe.sources
  const concerns = (set: AddressSet): boolean => !isEmpty(intersect(set, probe.sources))
  const terms = group.termsFor(probe).filter(({ sure, maybe }) => concerns(sure) || concerns(maybe))
  const decided = unionOf(
    family,
    terms.map(({ sure }) => intersect(sure, probe.sources)),
  )
  const decidedAs = (own: readonly Term[]): ((verdict: PieceVerdict) => AddressSet) => {
    const { areas } = decide(probe.sources, own, [...own.keys()])
    // Areas of the implicit deny have a rank beyond the list.
    return (verdict) =>
      unionOf(
        family,
        areas.flatMap((area) => (area.verdict === verdict && area.rank < own.length ? area.sources : [])),
      )
  }
  if (terms.every(({ maybe, verdict }) => isEmpty(maybe) && verdict !== 'unknown')) {
    const sets = decidedAs(terms)
    return { decided, accept: sets('accept'), deny: sets('deny') }
  }
  // A rule that may give the verdict counts as giving it. Other rules count only if they surely match.
  const may = (wanted: 'accept' | 'deny'): AddressSet =>
    decidedAs(
      terms.map((term): Term => {
        const says = term.verdict === wanted || term.verdict === 'unknown'
        const sure = says ? union(term.sure, term.maybe) : term.sure
        return { ...term, sure, maybe: emptySet(family), verdict: says ? 'accept' : 'deny' }
      }),
    )('accept')
  return { decided, accept: may('accept'), deny: may('deny') }
}
