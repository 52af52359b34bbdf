import { type AddressSet, emptySet, intersect, isEmpty, subtract, union, unionOf } from './addresses.ts'
import { decide } from './decide.ts'
import type { Outcome } from './first-match.ts'
import type { RuleList, Term } from './rule-list.ts'
import { evaluateSecurityGroups } from './security-group.ts'
import type { PieceVerdict, Probe } from './terms.ts'

/** Addresses whose verdict depends on which group is asked first, and what becomes of them under two orders. */
export interface OrderConflict {
  readonly sources: AddressSet
  readonly outcomes: readonly { readonly first: string; readonly outcome: Outcome }[]
}

/**
 * Would another order of the bound groups give another verdict? It would where one group surely decides an address and
 * another group may decide it otherwise: whichever is first wins. Groups that may all leave an address to the next one
 * are all asked, in any order.
 */
export function orderConflict(groups: ReadonlyMap<RuleList, Sayings>, probe: Probe): OrderConflict | null {
  for (const [one, own] of groups)
    for (const [other, others] of groups)
      for (const verdict of ['accept', 'deny'] as const) {
        const sources = one === other ? null : intersect(own.speaks, subtract(others[verdict], own[verdict]))
        if (sources === null || isEmpty(sources)) continue
        const outcomes = [one, other].map((first) => {
          const order = [first, ...[...groups.keys()].filter((group) => group !== first)]
          return { first: first.id, outcome: evaluateSecurityGroups(order, { ...probe, sources }) }
        })
        return { sources, outcomes }
      }
  return null
}

/** What one group says of the sources, whichever groups stand beside it. */
export interface Sayings {
  /** Addresses that one of its rules surely decides. */
  readonly speaks: AddressSet
  /** Addresses that its rules may accept, and addresses that they may deny; its implicit deny is left out. */
  readonly accept: AddressSet
  readonly deny: AddressSet
}

export function sayings(group: RuleList, probe: Probe): Sayings {
  const { family } = probe.sources
  const concerns = (set: AddressSet): boolean => !isEmpty(intersect(set, probe.sources))
  const terms = group.termsFor(probe).filter(({ sure, maybe }) => concerns(sure) || concerns(maybe))
  const speaks = unionOf(
    family,
    terms.map(({ sure }) => intersect(sure, probe.sources)),
  )
  const decidedAs = (own: readonly Term[]): ((verdict: PieceVerdict) => AddressSet) => {
    const { areas } = decide(probe.sources, own, [...own.keys()])
    // The implicit deny has no rule's rank.
    return (verdict) =>
      unionOf(
        family,
        areas.flatMap((area) => (area.verdict === verdict && area.rank < own.length ? area.sources : [])),
      )
  }
  if (terms.every(({ maybe, verdict }) => isEmpty(maybe) && verdict !== 'unknown')) {
    const sets = decidedAs(terms)
    return { speaks, accept: sets('accept'), deny: sets('deny') }
  }
  // A rule that may give the verdict counts as giving it. Of the others only the sure ones count.
  const may = (wanted: 'accept' | 'deny'): AddressSet =>
    decidedAs(
      terms.map((term): Term => {
        const says = term.verdict === wanted || term.verdict === 'unknown'
        const sure = says ? union(term.sure, term.maybe) : term.sure
        return { ...term, sure, maybe: emptySet(family), verdict: says ? 'accept' : 'deny' }
      }),
    )('accept')
  return { speaks, accept: may('accept'), deny: may('deny') }
}
