import { ROUTE_KEYS, type RouteKey, type RouteMatch, type RouteSubject } from '../model/routing.ts'
import { fits } from './glob.ts'

/** The first thing that a route asks for and that does not hold. */
export interface Mismatch {
  readonly key: RouteKey | 'tag'
  /** The key of the tag. */
  readonly tag?: string
  readonly wanted: readonly string[]
  /** Empty: not known, or it has nothing. */
  readonly found: readonly string[]
}

const equal = (wanted: string, found: string): boolean => wanted === found

/** How a value is compared. */
const COMPARE: Readonly<Record<RouteKey, (wanted: string, found: string) => boolean>> = {
  name: fits,
  policy: fits,
  region: equal,
  vpc: equal,
  loadBalancer: equal,
  verdict: equal,
  attention: equal,
  source: equal,
  code: equal,
}

/** Null: all of it holds. Pure. */
export function mismatchOf(match: RouteMatch, subject: RouteSubject): Mismatch | null {
  for (const [tag, wanted] of Object.entries(match.tag ?? {})) {
    const found = Object.hasOwn(subject.tag, tag) ? [subject.tag[tag] ?? ''] : []
    if (!hasOne(wanted, found, fits)) return { key: 'tag', tag, wanted, found }
  }
  for (const key of ROUTE_KEYS) {
    const wanted = match[key]
    if (wanted !== undefined && !hasOne(wanted, subject[key], COMPARE[key]))
      return { key, wanted, found: subject[key] }
  }
  return null
}

const hasOne = (
  wanted: readonly string[],
  found: readonly string[],
  compare: (wanted: string, found: string) => boolean,
): boolean => wanted.some((one) => found.some((other) => compare(one, other)))
