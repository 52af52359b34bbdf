import type { AddressSet } from './addresses.ts'
import { BARE, bordersOf, type Canvas, canvasOf, type Layer, type Painting, paint } from './painting.ts'
import type { Term } from './rule-list.ts'
import type { PieceVerdict } from './terms.ts'

/** A term with its place in the list. */
export type RankedTerm = Omit<Term, 'by'> & { readonly rank: number }

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

/** Every address of `sources` under terms that all speak of the same ports; the terms' sets lie within `sources`. */
export function judge(sources: AddressSet, terms: readonly RankedTerm[]): Judgement {
  const { family } = sources
  const canvas = canvasOf([sources, ...terms.map(({ sure }) => sure), ...terms.map(({ maybe }) => maybe)])
  const decide = decisions(canvas, terms)
  const own = paint(canvas, [{ rank: 0, set: sources }])
  const areas = new Map<number, { rank: number; verdict: PieceVerdict; cells: number[] }>()
  const reached: number[] = []
  for (let cell = 0; cell < canvas.cells; cell++) {
    if (own[cell] === BARE) continue
    const { rank, verdict } = decide(cell)
    // A term decides by its own verdict or leaves it open: two areas at most.
    const key = verdict === 'unknown' ? -1 - rank : rank
    const area = areas.get(key)
    if (area) area.cells.push(cell)
    else areas.set(key, { rank, verdict, cells: [cell] })
    if (verdict !== 'deny') reached.push(cell)
  }
  const setOf = (cells: readonly number[]): AddressSet => ({ family, borders: bordersOf(canvas, cells) })
  return {
    areas: [...areas.values()].map(({ rank, verdict, cells }) => ({ rank, verdict, sources: setOf(cells) })),
    reached: setOf(reached),
  }
}

/** What is sure decides, unless a term before it that may match would decide otherwise. */
function decisions(
  canvas: Canvas,
  terms: readonly RankedTerm[],
): (cell: number) => { readonly rank: number; readonly verdict: PieceVerdict } {
  const first = paint(canvas, layersOf(terms, 'sure'))
  const verdicts = new Map(terms.map(({ rank, verdict }) => [rank, verdict]))
  const open = (verdict: PieceVerdict): Painting =>
    paint(
      canvas,
      layersOf(
        terms.filter((term) => term.verdict === verdict),
        'maybe',
      ),
    )
  const may = { accept: open('accept'), deny: open('deny'), unknown: open('unknown') }
  return (cell) => {
    const of = (painting: Painting): number => painting[cell] as number
    const rank = of(first)
    const verdict = verdicts.get(rank) ?? 'deny'
    const otherwise = Math.min(
      of(may.unknown),
      verdict === 'accept' ? BARE : of(may.accept),
      verdict === 'deny' ? BARE : of(may.deny),
    )
    return otherwise < rank ? { rank: otherwise, verdict: 'unknown' } : { rank, verdict }
  }
}

const layersOf = (terms: readonly RankedTerm[], part: 'sure' | 'maybe'): readonly Layer[] =>
  terms.map((term) => ({ rank: term.rank, set: term[part] }))
