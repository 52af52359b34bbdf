import { emptySet } from './addresses.ts'
import { firstMatch, largest, type Outcome, type Piece } from './first-match.ts'

/**
 * What would become of a denied piece if nothing denied it: the part that the rule behind the denial would accept, for
 * the rule that would accept most of it. Null where no rule would, and for the implicit deny, which comes last.
 */
export function shadowedAllow({ terms }: Outcome, { sources, ports, by }: Piece): Piece | null {
  if (by.index === null) return null
  const accepting = terms
    .filter(({ verdict }) => verdict === 'accept')
    .map((term) => ({ ...term, maybe: emptySet(sources.family) }))
  const { pieces } = firstMatch(sources, ports, accepting, by)
  return largest(pieces.filter(({ verdict }) => verdict === 'accept'))
}
