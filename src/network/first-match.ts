import { type AddressSet, covers, intersect, isEmpty, sizeOf, subtract, unionOf } from './addresses.ts'
import { uniteAll } from './intervals.ts'
import { type Area, type Judgement, judge, type RankedTerm } from './judge.ts'
import { classesOf, formatPorts, type PortSet } from './ports.ts'
import type { Decider, Term } from './rule-list.ts'
import type { PieceVerdict } from './terms.ts'

/** A rectangle of prober addresses × prober ports with one answer. Pieces of one outcome do not overlap. */
export interface Piece {
  readonly sources: AddressSet
  readonly ports: PortSet
  readonly verdict: PieceVerdict
  /** For `unknown`: the first rule that leaves it open. */
  readonly by: Decider
}

export interface Outcome {
  readonly verdict: 'pass' | 'partial' | 'block' | 'unknown'
  /** In the order of the rules that decide them. */
  readonly pieces: readonly Piece[]
  /** Addresses that get through from no port at all. */
  readonly blocked: AddressSet
  /** Prober ports that are denied to addresses that get through from others. */
  readonly closedPorts: readonly string[]
  /** What was asked, in its order. */
  readonly terms: readonly Term[]
}

/** Of several pieces the one with most addresses, of equals the first. */
export const largest = (pieces: readonly Piece[]): Piece | null =>
  pieces.reduce<Piece | null>(
    (most, piece) => (most === null || sizeOf(piece.sources) > sizeOf(most.sources) ? piece : most),
    null,
  )

/**
 * First match over sets: the addresses are cut at every border of a term, and each cell belongs to the first term that
 * covers it; what none covers is denied. Where an earlier term might match, both ways are followed: if they end alike,
 * that is the answer, and only if they differ the cell is unknown. So an unclear rule never turns a deny into a pass.
 * Prober ports that the same terms speak of are judged once. Of no address at all nothing can be told.
 */
export function firstMatch(
  sources: AddressSet,
  ports: PortSet,
  terms: readonly Term[],
  otherwise: Decider,
): Outcome {
  const ranked: RankedTerm[] = []
  for (const [rank, term] of terms.entries()) {
    const sure = intersect(term.sure, sources)
    const maybe = intersect(term.maybe, sources)
    if (!isEmpty(sure) || !isEmpty(maybe))
      ranked.push({ rank, verdict: term.verdict, ports: term.ports, sure, maybe })
  }
  const judged = classesOf(
    ports,
    ranked.map((term) => term.ports),
  ).map(({ ports, members }) => ({
    ports,
    ...judge(
      sources,
      members.map((i) => ranked[i] as RankedTerm),
    ),
  }))
  const pieces = piecesOf(judged, (rank) => terms[rank]?.by() ?? otherwise)
  return { pieces, terms, ...summaryOf(sources, judged) }
}

/** A class of prober ports, and every address under it. */
interface Judged extends Judgement {
  readonly ports: PortSet
}

/** Areas that are alike under several classes of ports are one piece. */
function piecesOf(judged: readonly Judged[], decider: (rank: number) => Decider): readonly Piece[] {
  const found = new Map<string | Area, { readonly area: Area; readonly ports: PortSet[] }>()
  for (const { ports, areas } of judged)
    for (const area of areas) {
      // Under one class no two are alike.
      const key = judged.length === 1 ? area : `${area.rank} ${area.verdict} ${area.sources.borders.join()}`
      const twin = found.get(key)
      if (twin) twin.ports.push(ports)
      else found.set(key, { area, ports: [ports] })
    }
  return [...found.values()]
    .sort((a, b) => a.area.rank - b.area.rank)
    .map(({ area: { sources, verdict, rank }, ports }) => ({
      sources,
      ports: uniteAll(ports),
      verdict,
      by: decider(rank),
    }))
}

function summaryOf(
  sources: AddressSet,
  judged: readonly Judged[],
): Pick<Outcome, 'verdict' | 'blocked' | 'closedPorts'> {
  const anywhere = unionOf(
    sources.family,
    judged.map(({ reached }) => reached),
  )
  const closed = judged.filter(({ reached }) => !covers(reached, anywhere))
  return {
    verdict: verdictOf(judged.flatMap(({ areas }) => areas.map(({ verdict }) => verdict))),
    blocked: subtract(sources, anywhere),
    closedPorts: formatPorts(uniteAll(closed.map(({ ports }) => ports))),
  }
}

function verdictOf(verdicts: readonly PieceVerdict[]): Outcome['verdict'] {
  const found = new Set(verdicts)
  if (found.size === 0) return 'unknown'
  if (!found.has('deny')) return found.has('unknown') ? 'unknown' : 'pass'
  if (found.size === 1) return 'block'
  return found.has('unknown') ? 'unknown' : 'partial'
}
