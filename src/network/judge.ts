import { type AddressSet, intersect, isEmpty, unionOf } from './addresses.ts'
import { kept } from './kept.ts'
import { BARE, bordersOf, type Canvas, canvasOf, type Layer, type Painting, paint } from './painting.ts'
import type { Term } from './rule-list.ts'
import type { PieceVerdict } from './terms.ts'

/** What a term asks of the sources alone, with its place in the list. */
interface RankedTerm {
  readonly rank: number
  readonly verdict: PieceVerdict
  readonly sure: AddressSet
  readonly maybe: AddressSet
}

/** Addresses that one term decides alike. */
export interface Area {
  /** Of the term; BARE for the implicit deny. */
  readonly rank: number
  readonly verdict: PieceVerdict
  readonly sources: AddressSet
}

export interface Judgement {
  readonly areas: readonly Area[]
  /** What is not denied for certain. */
  readonly reached: AddressSet
}

/** How many terms are painted at first; then twice as many, and so on, while anything is left. */
const FIRST = 128

/**
 * Every address of `sources` under those terms of a list, by their rank, that speak of the same ports. Batch by batch,
 * since the first few rules mostly decide it all, and doubling, so that a list which does not is still painted in
 * n log n. A term that may match goes along into the later batches.
 */
export function judge(sources: AddressSet, terms: readonly Term[], ranks: readonly number[]): Judgement {
  const { family } = sources
  const areas = new Map<string, Omit<Area, 'sources'> & { readonly sets: AddressSet[] }>()
  const reached: AddressSet[] = []
  let left = sources
  let unclear: readonly RankedTerm[] = []
  for (let from = 0, size = FIRST; !isEmpty(left); from += size, size *= 2) {
    const batch = within(sources, terms, ranks.slice(from, from + size))
    const painted = paintBatch(left, [...unclear, ...batch], from + size >= ranks.length)
    for (const { rank, verdict, sources: set } of painted.areas)
      kept(areas, `${rank} ${verdict}`, () => ({ rank, verdict, sets: [] })).sets.push(set)
    reached.push(painted.reached)
    left = painted.left
    unclear = [...unclear, ...batch.filter(({ maybe }) => !isEmpty(maybe))]
  }
  return {
    areas: [...areas.values()].map(({ rank, verdict, sets }) => ({
      rank,
      verdict,
      sources: unionOf(family, sets),
    })),
    reached: unionOf(family, reached),
  }
}

function within(
  sources: AddressSet,
  terms: readonly Term[],
  ranks: readonly number[],
): readonly RankedTerm[] {
  const found: RankedTerm[] = []
  for (const rank of ranks) {
    const { sure, maybe, verdict } = terms[rank] as Term
    const own = { rank, verdict, sure: intersect(sure, sources), maybe: intersect(maybe, sources) }
    if (!isEmpty(own.sure) || !isEmpty(own.maybe)) found.push(own)
  }
  return found
}

/** What these terms decide of `sources`, and what they leave to others; the last ones leave it to the implicit deny. */
function paintBatch(
  sources: AddressSet,
  terms: readonly RankedTerm[],
  areLast: boolean,
): Judgement & { readonly left: AddressSet } {
  const canvas = canvasOf([
    sources,
    ...terms.flatMap(({ sure, maybe }) => (isEmpty(maybe) ? sure : [sure, maybe])),
  ])
  const decide = decisions(canvas, terms)
  const own = paint(canvas, [{ rank: 0, set: sources }])
  const areas = new Map<number, { rank: number; verdict: PieceVerdict; cells: number[] }>()
  const [reached, left]: [number[], number[]] = [[], []]
  for (let cell = 0; cell < canvas.cells; cell++) {
    if (own[cell] === BARE) continue
    const { rank, verdict, isOpen } = decide(cell)
    if (isOpen && !areLast) {
      left.push(cell)
      continue
    }
    // A term decides by its own verdict or leaves it open: two areas at most.
    const key = verdict === 'unknown' ? -1 - rank : rank
    const area = areas.get(key)
    if (area) area.cells.push(cell)
    else areas.set(key, { rank, verdict, cells: [cell] })
    if (verdict !== 'deny') reached.push(cell)
  }
  const setOf = (cells: readonly number[]): AddressSet => ({
    family: sources.family,
    borders: bordersOf(canvas, cells),
  })
  return {
    areas: [...areas.values()].map(({ rank, verdict, cells }) => ({ rank, verdict, sources: setOf(cells) })),
    reached: setOf(reached),
    left: setOf(left),
  }
}

interface Decision {
  readonly rank: number
  readonly verdict: PieceVerdict
  /** None of the terms is sure to decide. */
  readonly isOpen: boolean
}

/** What is sure decides, unless a term before it that may match would decide otherwise. */
function decisions(canvas: Canvas, terms: readonly RankedTerm[]): (cell: number) => Decision {
  const first = paint(canvas, layersOf(terms, 'sure'))
  const verdicts = new Map<number, PieceVerdict>()
  for (const { rank, verdict } of terms) verdicts.set(rank, verdict)
  const unclear = terms.filter(({ maybe }) => !isEmpty(maybe))
  const open = (verdict: PieceVerdict): Painting =>
    paint(
      canvas,
      layersOf(
        unclear.filter((term) => term.verdict === verdict),
        'maybe',
      ),
    )
  const may = { accept: open('accept'), deny: open('deny'), unknown: open('unknown') }
  return (cell) => {
    const of = (painting: Painting): number => painting[cell] as number
    const rank = of(first)
    const isOpen = rank === BARE
    const verdict = verdicts.get(rank) ?? 'deny'
    const otherwise = Math.min(
      of(may.unknown),
      verdict === 'accept' ? BARE : of(may.accept),
      verdict === 'deny' ? BARE : of(may.deny),
    )
    return otherwise < rank ? { rank: otherwise, verdict: 'unknown', isOpen } : { rank, verdict, isOpen }
  }
}

const layersOf = (terms: readonly RankedTerm[], part: 'sure' | 'maybe'): readonly Layer[] =>
  terms.map((term) => ({ rank: term.rank, set: term[part] }))
