import { intersect, isEmpty, unionOf } from './addresses.ts'
import type { Outcome } from './first-match.ts'
import { intersection, uniteAll } from './intervals.ts'
import type { Decider } from './rule-list.ts'

/**
 * A new rule that lets in all sources must stand before the returned rule, the first that denies some of them or may
 * deny them. Null if the new rule can stand last.
 */
export function firstBlockingRule({ terms, pieces, blocked }: Outcome): Decider | null {
  const closed = pieces.filter(({ verdict }) => verdict !== 'accept')
  const sources = unionOf(
    blocked.family,
    closed.map((piece) => piece.sources),
  )
  const ports = uniteAll(closed.map((piece) => piece.ports))
  const first = terms.find(
    ({ verdict, sure, maybe, ports: own }) =>
      verdict !== 'accept' &&
      intersection(ports, own).length > 0 &&
      !(isEmpty(intersect(sure, sources)) && isEmpty(intersect(maybe, sources))),
  )
  return first ? first.by() : null
}
