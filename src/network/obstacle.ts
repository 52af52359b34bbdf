import { intersect, isEmpty, union } from './addresses.ts'
import type { Outcome, Piece } from './first-match.ts'
import { intersection } from './intervals.ts'
import type { Decider, Term } from './rule-list.ts'

/**
 * The first rule that a new one, which is to let in all of the sources, has to come before: it denies a part of them,
 * or may. Null where the new one can come last.
 */
export function firstObstacle({ terms, pieces }: Outcome): Decider | null {
  const closed = pieces.filter(({ verdict }) => verdict !== 'accept')
  const first = terms.find(
    (term) => term.verdict !== 'accept' && closed.some((piece) => isTouchedBy(piece, term)),
  )
  return first ? first.by() : null
}

const isTouchedBy = (piece: Piece, term: Term): boolean =>
  !isEmpty(intersect(piece.sources, union(term.sure, term.maybe))) &&
  intersection(piece.ports, term.ports).length > 0
