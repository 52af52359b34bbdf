import { kept } from '../model/memo.ts'
import { type AddressSet, intersect, isEmpty, unionOf } from './addresses.ts'
import type { Borders, Point } from './intervals.ts'
import { appendCell, BARE, type Canvas, canvasOf, cellsOf, type Painting, paint } from './painting.ts'
import type { Term } from './rule-list.ts'
import type { PieceVerdict } from './terms.ts'

/** The part of a term within the sources, and the term's place in the list. */
interface RankedTerm {
  readonly rank: number
  readonly verdict: PieceVerdict
  readonly sure: AddressSet
  readonly maybe: AddressSet
}

/** Addresses that one term decides in the same way. */
export interface Area {
  /** The rank of the term, or BARE for the implicit deny. */
  readonly rank: number
  readonly verdict: PieceVerdict
  readonly sources: AddressSet
}

export interface Split {
  readonly areas: readonly Area[]
  /** Addresses that are not certainly denied. */
  readonly reached: AddressSet
}

/** The number of terms in the first batch. Each further batch is twice as large. */
const FIRST = 128

/**
 * Decides every address of `sources` by the terms with these ranks, which all cover the same ports. It works in
 * batches, because the first few rules usually decide everything. The batches double, so that a long list still takes n
 * log n. A term that may match takes part in all later batches.
 */
export function decide(sources: AddressSet, terms: readonly Term[], ranks: readonly number[]): Split {
  const { family } = sources
  const areas: Area[] = []
  const unknown = new Map<number, AddressSet[]>()
  const reached: AddressSet[] = []
  let left = sources
  let unclear: readonly RankedTerm[] = []
  for (let from = 0, size = FIRST; !isEmpty(left); from += size, size *= 2) {
    const batch = within(sources, terms, ranks.slice(from, from + size))
    const painted = paintBatch(left, [...unclear, ...batch], from + size >= ranks.length)
    // Certain areas are final in their batch. An unknown area of one term can appear in several batches, so its parts
    // are joined.
    for (const area of painted.areas)
      if (area.verdict === 'unknown') kept(unknown, area.rank, () => []).push(area.sources)
      else areas.push(area)
    reached.push(painted.reached)
    left = painted.left
    unclear = [...unclear, ...batch.filter(({ maybe }) => !isEmpty(maybe))]
  }
  for (const [rank, sets] of unknown) areas.push({ rank, verdict: 'unknown', sources: unionOf(family, sets) })
  return { areas, reached: unionOf(family, reached) }
}

function within(
  sources: AddressSet,
  terms: readonly Term[],
  ranks: readonly number[],
): readonly RankedTerm[] {
  const found: RankedTerm[] = []
  for (const rank of ranks) {
    const term = terms[rank] as Term
    const sure = intersect(term.sure, sources)
    const maybe = intersect(term.maybe, sources)
    if (!isEmpty(sure) || !isEmpty(maybe)) found.push({ rank, verdict: term.verdict, sure, maybe })
  }
  return found
}

/**
 * Decides `sources` by these terms. `left` holds the addresses that no term surely decides; in the last batch the
 * implicit deny takes them.
 */
function paintBatch(
  sources: AddressSet,
  terms: readonly RankedTerm[],
  areLast: boolean,
): Split & { readonly left: AddressSet } {
  const unclear = terms.filter(({ maybe }) => !isEmpty(maybe))
  const canvas = canvasOf([sources, ...terms.map(({ sure }) => sure), ...unclear.map(({ maybe }) => maybe)])
  const decide = decisions(canvas, terms, unclear)
  const areas = new Map<number, Omit<Area, 'sources'> & { readonly borders: Point[] }>()
  const [reached, left]: [Point[], Point[]] = [[], []]
  for (const cell of cellsOf(canvas, sources)) {
    const { rank, verdict, isOpen } = decide(cell)
    if (isOpen && !areLast) {
      appendCell(left, canvas, cell)
      continue
    }
    // A term has two areas at most: the one with its own verdict, and the one that it leaves unknown.
    const area = kept(areas, verdict === 'unknown' ? -1 - rank : rank, () => ({ rank, verdict, borders: [] }))
    appendCell(area.borders, canvas, cell)
    if (verdict !== 'deny') appendCell(reached, canvas, cell)
  }
  const setOf = (borders: Borders): AddressSet => ({ family: sources.family, borders })
  return {
    areas: [...areas.values()].map(({ rank, verdict, borders }) => ({
      rank,
      verdict,
      sources: setOf(borders),
    })),
    reached: setOf(reached),
    left: setOf(left),
  }
}

interface Decision {
  readonly rank: number
  readonly verdict: PieceVerdict
  /** True if no term surely decides the cell. */
  readonly isOpen: boolean
}

/** The first term that surely matches decides, unless an earlier term may match with another verdict. */
function decisions(
  canvas: Canvas,
  terms: readonly RankedTerm[],
  unclear: readonly RankedTerm[],
): (cell: number) => Decision {
  const first = paint(
    canvas,
    terms.map(({ rank, sure }) => ({ rank, set: sure })),
  )
  const verdicts = new Map<number, PieceVerdict>()
  for (const { rank, verdict } of terms) verdicts.set(rank, verdict)
  const sureAt = (cell: number): Decision => {
    const rank = first[cell] as number
    return { rank, verdict: verdicts.get(rank) ?? 'deny', isOpen: rank === BARE }
  }
  if (unclear.length === 0) return sureAt
  const may = (verdict: PieceVerdict): Painting => {
    const saying = unclear.filter((term) => term.verdict === verdict)
    return paint(
      canvas,
      saying.map(({ rank, maybe }) => ({ rank, set: maybe })),
    )
  }
  const [accept, deny, unknown] = [may('accept'), may('deny'), may('unknown')]
  return (cell) => {
    const sure = sureAt(cell)
    const otherwise = Math.min(
      unknown[cell] as number,
      sure.verdict === 'accept' ? BARE : (accept[cell] as number),
      sure.verdict === 'deny' ? BARE : (deny[cell] as number),
    )
    return otherwise < sure.rank ? { ...sure, rank: otherwise, verdict: 'unknown' } : sure
  }
}
