import type { AddressSet } from './addresses.ts'
import type { Point } from './intervals.ts'

/** A line of addresses, cut at every border of the sets to be painted. Between two cuts every set is constant. */
export interface Canvas {
  /** Sorted. Cell `i` reaches from `cuts[i]` to `cuts[i + 1]`. */
  readonly cuts: ArrayLike<Point>
  readonly cells: number
}

export function canvasOf(sets: readonly AddressSet[]): Canvas {
  const isSix = sets[0]?.family === 6
  const cuts = isSix ? distinct(sets.flatMap(({ borders }) => borders)) : distinctNumbers(sets)
  return { cuts, cells: Math.max(0, cuts.length - 1) }
}

const distinct = (points: readonly Point[]): readonly Point[] =>
  [...new Set(points)].sort((a, b) => (a < b ? -1 : 1))

/** A typed array sorts numbers without a callback for each pair. */
function distinctNumbers(sets: readonly AddressSet[]): Float64Array {
  const points = new Float64Array(sets.reduce((sum, { borders }) => sum + borders.length, 0))
  let size = 0
  for (const { borders } of sets) {
    points.set(borders as readonly number[], size)
    size += borders.length
  }
  points.sort()
  let count = 0
  for (const point of points) if (point !== points[count - 1]) points[count++] = point
  return points.subarray(0, count)
}

/** The index of the cell that begins at a cut. */
function cellAt({ cuts }: Canvas, cut: Point): number {
  let [low, high] = [0, cuts.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    const at = cuts[middle] as Point
    if (at < cut) low = middle + 1
    else high = middle
  }
  return low
}

/** The cells of a set whose borders are all cuts. */
export function cellsOf(canvas: Canvas, { borders }: AddressSet): readonly number[] {
  const cells: number[] = []
  for (let i = 0; i < borders.length; i += 2) {
    const end = cellAt(canvas, borders[i + 1] as Point)
    for (let cell = cellAt(canvas, borders[i] as Point); cell < end; cell++) cells.push(cell)
  }
  return cells
}

/** The rank of a cell that no set covers. It is greater than any other rank. */
export const BARE = 0x7fffffff

/** For each cell the rank of the first set that covers it. */
export type Painting = Int32Array

export interface Layer {
  readonly rank: number
  readonly set: AddressSet
}

/**
 * Paints the layers in order, each on the cells that are still bare. A painted cell points to the next one, and the
 * pointers are halved as they are followed (union-find), so each cell is painted once. With the sort above this takes n
 * log n in the number of ranges.
 */
export function paint(canvas: Canvas, layers: readonly Layer[]): Painting {
  const { cells } = canvas
  const painting = new Int32Array(cells).fill(BARE)
  const next = new Int32Array(cells + 1)
  for (let cell = 0; cell <= cells; cell++) next[cell] = cell
  const after = (cell: number): number => next[cell] as number
  const bareFrom = (start: number): number => {
    let cell = start
    while (after(cell) !== cell) {
      next[cell] = after(after(cell))
      cell = after(cell)
    }
    return cell
  }
  for (const { rank, set } of layers)
    for (let i = 0; i < set.borders.length; i += 2) {
      const last = cellAt(canvas, set.borders[i + 1] as Point)
      for (let cell = bareFrom(cellAt(canvas, set.borders[i] as Point)); cell < last; cell = bareFrom(cell)) {
        painting[cell] = rank
        next[cell] = cell + 1
      }
    }
  return painting
}

/** Adds a cell to the end of a set. Cells must come in ascending order. */
export function appendCell(borders: Point[], { cuts }: Canvas, cell: number): void {
  const from = cuts[cell] as Point
  if (borders.at(-1) === from) borders.pop()
  else borders.push(from)
  borders.push(cuts[cell + 1] as Point)
}
