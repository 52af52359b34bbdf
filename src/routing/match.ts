import {
  ROUTE_KEYS,
  type RouteField,
  type RouteKey,
  type RouteMatch,
  type RouteSubject,
} from '../model/routing.ts'
import { fits } from './glob.ts'

/** Something that a route asks for and that is not seen to hold. */
export interface Mismatch {
  readonly key: RouteField
  /** The key of the tag. */
  readonly tag?: string
  readonly wanted: readonly string[]
  /** Empty: it has nothing, or it could not be read. */
  readonly found: readonly string[]
}

/** How a route was asked. */
export interface Asked {
  /** The first thing that certainly does not hold. Null: all of it holds, or may hold. */
  readonly mismatch: Mismatch | null
  /** What may hold, because it could not be read. */
  readonly unread: readonly Mismatch[]
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

/** Pure. */
export function askedOf(match: RouteMatch, subject: RouteSubject): Asked {
  const all = [...tagsOff(match, subject), ...keysOff(match, subject)]
  const isUnread = ({ key }: Mismatch): boolean => subject.unread.includes(key)
  return { mismatch: all.find((one) => !isUnread(one)) ?? null, unread: all.filter(isUnread) }
}

const tagsOff = ({ tag: asked = {} }: RouteMatch, { tag: own }: RouteSubject): readonly Mismatch[] =>
  Object.entries(asked).flatMap(([tag, wanted]) => {
    const found = Object.hasOwn(own, tag) ? [own[tag] ?? ''] : []
    return hasOne(wanted, found, fits) ? [] : [{ key: 'tag' as const, tag, wanted, found }]
  })

const keysOff = (match: RouteMatch, subject: RouteSubject): readonly Mismatch[] =>
  ROUTE_KEYS.flatMap((key) => {
    const wanted = match[key]
    return wanted === undefined || hasOne(wanted, subject[key], COMPARE[key])
      ? []
      : [{ key, wanted, found: subject[key] }]
  })

const hasOne = (
  wanted: readonly string[],
  found: readonly string[],
  compare: (wanted: string, found: string) => boolean,
): boolean => wanted.some((one) => found.some((other) => compare(one, other)))
