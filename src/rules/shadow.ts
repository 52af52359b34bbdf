import { emptySet } from './addresses.ts'
import { firstMatch, largest, type Outcome, type Piece } from './first-match.ts'

/**
 * The rule behind a denial that would accept the most of the denied piece, with that part. Null if no rule would accept
 * any of it, and for the implicit deny, which comes last.
 */
export function shadowedAllow({ terms }: Outcome, { sources, ports, by }: Piece): Piece | null {
  if (by.index === null) return null
  const accepting = terms
    .filter(({ verdict }) => verdict === 'accept')
    .map((term) => ({ ...term, maybe: emptySet(sources.family) }))
  const { pieces } = firstMatch(sources, ports, accepting, by)
  return largest(pieces.filter(({ verdict }) => verdict === 'accept'))
}
