import { type AddressSet, emptySet, intersect, isEmpty, subtract, union, unionOf } from './addresses.ts'
import { firstMatch, type Outcome } from './first-match.ts'
import { ALL_PORTS } from './ports.ts'
import type { RuleList, Term } from './rule-list.ts'
import { evaluateSecurityGroups, implicitDeny } from './security-group.ts'
import type { Probe } from './terms.ts'

/** Addresses whose verdict depends on which group is asked first, and what becomes of them under two orders. */
export interface OrderConflict {
  readonly sources: AddressSet
  readonly outcomes: readonly { readonly first: string; readonly outcome: Outcome }[]
}

/**
 * Would another order of the bound groups give another verdict? It would where one group is sure to speak of an
 * address and another may say of it what the first does not: whichever is first decides. Groups that may all leave an
 * address to the next are asked one and all, in any order.
 */
export function orderConflict(groups: readonly RuleList[], probe: Probe): OrderConflict | null {
  const own = groups.map((group) => ({ group, ...sayings(group, probe) }))
  for (const one of own)
    for (const other of own)
      for (const verdict of ['accept', 'deny'] as const) {
        const sources = intersect(one.speaks, subtract(other[verdict], one[verdict]))
        if (isEmpty(sources)) continue
        const outcomes = [one.group, other.group].map((first) => {
          const order = [first, ...groups.filter((group) => group !== first)]
          return { first: first.id, outcome: evaluateSecurityGroups(order, { ...probe, sources }) }
        })
        return { sources, outcomes }
      }
  return null
}

interface Sayings {
  /** Addresses of which one of its rules is sure to speak. */
  readonly speaks: AddressSet
  /** Addresses that its rules may accept, and such as they may deny; its implicit deny left out. */
  readonly accept: AddressSet
  readonly deny: AddressSet
}

function sayings(group: RuleList, probe: Probe): Sayings {
  const terms = group.termsFor(probe)
  const { family } = probe.sources
  const speaks = unionOf(
    family,
    terms.map(({ sure }) => intersect(sure, probe.sources)),
  )
  const may = (verdict: 'accept' | 'deny'): AddressSet => {
    // Whoever may say so counts as saying so, and of the others only those that are sure.
    const asked = terms.map((term): Term => {
      const says = term.verdict === verdict || term.verdict === 'unknown'
      const sure = says ? union(term.sure, term.maybe) : term.sure
      return { ...term, sure, maybe: emptySet(family), verdict: says ? 'accept' : 'deny' }
    })
    const { pieces } = firstMatch(probe.sources, ALL_PORTS, asked, implicitDeny([group.id]))
    return unionOf(
      family,
      pieces.filter((piece) => piece.verdict === 'accept').map(({ sources }) => sources),
    )
  }
  return { speaks, accept: may('accept'), deny: may('deny') }
}
