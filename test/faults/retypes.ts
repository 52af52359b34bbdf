import type { Fault } from '../../src/simulator/faults.ts'

// Every value of an answer in another type, or with a value that no answer has.

type Values = Record<string, unknown>

const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const NOTHING = Symbol('the value already has that type')
const JUNK = { null: null, text: 'retyped', number: 7, object: { retyped: 1 }, list: [7] } as const

/** The API documents a port as a string, but some of its samples have a number. Both mean the same. */
const PORTS = /(^|\.)(Source|Destination)?Port$/

/** For each retype, the replacement of `value`. */
export const RETYPES: Readonly<Record<string, (value: unknown, path: string) => unknown>> = {
  null: (value) => (value === null ? NOTHING : JUNK.null),
  text: (value) => (typeof value === 'string' || value === null ? NOTHING : JUNK.text),
  number(value, path) {
    if (value === null) return NOTHING
    if (typeof value === 'number') return 1.5
    if (!PORTS.test(path) || typeof value !== 'string') return JUNK.number
    return /^\d+$/.test(value) ? Number(value) : NOTHING
  },
  object: (value) => (isRecord(value) ? NOTHING : JUNK.object),
  list: (value) => (Array.isArray(value) ? NOTHING : JUNK.list),
  negative: (value) => (typeof value === 'number' && value >= 0 ? -1 - value : NOTHING),
  huge: (value) => (typeof value === 'number' ? 2 ** 53 : NOTHING),
  long: (value) => (typeof value === 'string' ? JUNK.text.repeat(3_000) : NOTHING),
  empty: (value) => (typeof value === 'string' && value !== '' ? '' : NOTHING),
  'no items': (value) => (Array.isArray(value) && value.length > 0 ? [] : NOTHING),
  missing: () => undefined,
  'null element': (value) => (Array.isArray(value) ? [null, ...value] : NOTHING),
  'wrong element': (value) =>
    Array.isArray(value) ? [isRecord(value[0]) ? JUNK.text : JUNK.number, ...value] : NOTHING,
}

type Path = readonly string[]

/** Calls `change` for every value at the path, in every item of a list. */
export function visit(
  value: unknown,
  [key, ...rest]: Path,
  change: (holder: Values, key: string) => void,
): void {
  if (key === undefined) return
  if (Array.isArray(value)) for (const item of value) visit(item, [key, ...rest], change)
  else if (isRecord(value) && Object.hasOwn(value, key)) {
    if (rest.length === 0) change(value, key)
    else visit(value[key], rest, change)
  }
}

export function pathsOf(value: unknown, at: Path = []): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, at))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, own]) => [
    [...at, key].join('.'),
    ...pathsOf(own, [...at, key]),
  ])
}

/** Retypes every value at the path, or only the first one. */
export function retyped(path: string, retype: string, everywhere: boolean): Fault {
  return {
    kind: 'changed',
    change(answer) {
      let left = everywhere ? Number.POSITIVE_INFINITY : 1
      visit(answer, path.split('.'), (holder, key) => {
        const next = RETYPES[retype]?.(holder[key], path)
        if (next === NOTHING || left === 0) return
        left -= 1
        if (next === undefined) delete holder[key]
        else holder[key] = next
      })
    },
  }
}
