import {
  type AddressSet,
  appendCell,
  canvasOf,
  cellsOf,
  emptySet,
  type Family,
  intersect,
  isEmpty,
  paint,
  subtract,
  unionOf,
} from '../rules/index.ts'
import { type Cut, cutOf, type Matched } from './matched.ts'
import type { Flow } from './program.ts'

interface Divided {
  readonly parts: readonly Cut[]
  readonly rest: AddressSet
}

/** First match: a source goes to the first match that is sure of it, and perhaps to those before it that may match. */
export const divide = (sources: AddressSet, cuts: readonly Cut[]): Divided =>
  cuts.length > FEW ? dividedAtOnce(sources, cuts) : dividedInTurn(sources, cuts)

/** So many are faster in turn. For more, the time would grow with the square of their number. */
const FEW = 8

function dividedInTurn(sources: AddressSet, cuts: readonly Cut[]): Divided {
  let rest = sources
  const parts = cuts.map(({ yes, maybe }) => {
    const part = { yes: intersect(rest, yes), maybe: intersect(rest, maybe) }
    rest = subtract(rest, yes)
    return part
  })
  return { parts, rest }
}

function dividedAtOnce(sources: AddressSet, cuts: readonly Cut[]): Divided {
  const { family } = sources
  const canvas = canvasOf([sources, ...cuts.flatMap(({ yes, maybe }) => [yes, maybe])])
  const painting = paint(
    canvas,
    cuts.map(({ yes: set }, rank) => ({ rank, set })),
  )
  const rankOf = (cell: number): number => painting[cell] as number
  const sure = cuts.map((): Points => [])
  const rest: Points = []
  for (const cell of cellsOf(canvas, sources)) appendCell(sure[rankOf(cell)] ?? rest, canvas, cell)
  const parts = cuts.map(({ maybe }, rank) => {
    const open: Points = []
    for (const cell of cellsOf(canvas, maybe)) if (rankOf(cell) > rank) appendCell(open, canvas, cell)
    return { yes: { family, borders: sure[rank] ?? [] }, maybe: { family, borders: open } }
  })
  return { parts, rest: { family, borders: rest } }
}

/** Of each set what no set before it has. */
export function firstOf(family: Family, sets: readonly AddressSet[]): readonly AddressSet[] {
  if (sets.length > FEW) {
    const cuts = sets.map((yes) => ({ yes, maybe: emptySet(family) }))
    return dividedAtOnce(unionOf(family, sets), cuts).parts.map(({ yes }) => yes)
  }
  return sets.map((set, i) => sets.slice(0, i).reduce(subtract, set))
}

type Points = AddressSet['borders'][number][]

/** What a match gets of a flow. Null: nothing. */
export interface Share {
  readonly sure: Flow | null
  readonly perhaps: Flow | null
}

/** What each match gets of a flow, and what is left of it. */
export function share(
  flow: Flow,
  matches: readonly Matched[],
): { readonly shares: readonly Share[]; readonly rest: Flow | null } {
  const narrowed = (sources: AddressSet): Flow | null =>
    isEmpty(sources) ? null : sources === flow.sources ? flow : { ...flow, sources }
  const { parts, rest } = divide(
    flow.sources,
    matches.map((matched) => cutOf(matched, flow.sources)),
  )
  const shares = parts.map(({ yes, maybe }) => ({ sure: narrowed(yes), perhaps: narrowed(maybe) }))
  return { shares, rest: narrowed(rest) }
}
