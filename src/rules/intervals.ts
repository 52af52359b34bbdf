/** An IPv4 address or a port as a number, an IPv6 address as a bigint. The code here only compares points. */
export type Point = number | bigint

/** A set of points as its sorted, distinct borders: start, end (exclusive), start, end … */
export type Borders<P extends Point = Point> = readonly P[]

const earlier = <P extends Point>(a: P | undefined, b: P | undefined): P | undefined =>
  a === undefined ? b : b === undefined || a <= b ? a : b

/** Walks over the borders of both sets once. `keep` says which points belong to the result. */
function combine<P extends Point>(
  a: Borders<P>,
  b: Borders<P>,
  keep: (inA: boolean, inB: boolean) => boolean,
): Borders<P> {
  const borders: P[] = []
  let [i, j] = [0, 0]
  let inside = false
  for (;;) {
    const at = earlier(a[i], b[j])
    if (at === undefined) return borders
    if (a[i] === at) i++
    if (b[j] === at) j++
    if (keep(i % 2 === 1, j % 2 === 1) === inside) continue
    borders.push(at)
    inside = !inside
  }
}

export const unite = <P extends Point>(a: Borders<P>, b: Borders<P>): Borders<P> =>
  combine(a, b, (inA, inB) => inA || inB)

/** The common cases return early: an empty set, sets far apart, and rules within one CIDR. */
export function intersection<P extends Point>(a: Borders<P>, b: Borders<P>): Borders<P> {
  const [first, last, from, end]: readonly (P | undefined)[] = [a[0], a[a.length - 1], b[0], b[b.length - 1]]
  if (first === undefined || last === undefined || from === undefined || end === undefined) return NOWHERE
  if (last <= from || end <= first) return NOWHERE
  if (b.length === 2 && from <= first && last <= end) return a
  if (b.length !== 2 || a.length < LONG) return combine(a, b, (inA, inB) => inA && inB)
  const [start, stop] = [countTo<P>(a, from), countBefore<P>(a, end)]
  const inner: P[] = a.slice(start, stop)
  if (start % 2 === 1) inner.unshift(from)
  if (stop % 2 === 1) inner.push(end)
  return inner
}

const NOWHERE: Borders<never> = []

/** A set with more borders than this is searched, not walked, if the other one is a single range. */
const LONG = 16

/** How many borders are before a point. */
function countBefore<P extends Point>(borders: Borders<P>, point: P): number {
  let [low, high] = [0, borders.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((borders[middle] as P) < point) low = middle + 1
    else high = middle
  }
  return low
}

/** The same with the point itself. */
function countTo<P extends Point>(borders: Borders<P>, point: P): number {
  const before = countBefore(borders, point)
  return borders[before] === point ? before + 1 : before
}

export function difference<P extends Point>(a: Borders<P>, b: Borders<P>): Borders<P> {
  const [from, end] = b
  if (from === undefined || end === undefined || b.length !== 2 || a.length < LONG)
    return combine(a, b, (inA, inB) => inA && !inB)
  const [start, stop] = [countBefore(a, from), countTo(a, end)]
  const gap = [...(start % 2 === 1 ? [from] : []), ...(stop % 2 === 1 ? [end] : [])]
  return a.slice(0, start).concat(gap, a.slice(stop))
}

/** Unites halves recursively, so that no set is walked more than log n times. */
export const uniteAll = <P extends Point>(sets: readonly Borders<P>[]): Borders<P> =>
  uniteBetween(
    sets.filter((set) => set.length > 0),
    0,
  )

function uniteBetween<P extends Point>(
  sets: readonly Borders<P>[],
  from: number,
  end = sets.length,
): Borders<P> {
  if (end - from <= 1) return sets[from] ?? []
  const half = (from + end) >> 1
  const [a, b] = [uniteBetween(sets, from, half), uniteBetween(sets, half, end)]
  // Sets that follow one another need no walk. The ranges of most rules are apart.
  return (a[a.length - 1] as P) < (b[0] as P) ? [...a, ...b] : unite(a, b)
}

export const holds = <P extends Point>(borders: Borders<P>, point: P): boolean =>
  borders.filter((border) => border <= point).length % 2 === 1

/** The set as ranges. `end` is exclusive. */
export function* rangesOf<P extends Point>(borders: Borders<P>): Generator<readonly [from: P, end: P]> {
  let from: P | undefined
  for (const border of borders) {
    if (from === undefined) {
      from = border
      continue
    }
    yield [from, border]
    from = undefined
  }
}
