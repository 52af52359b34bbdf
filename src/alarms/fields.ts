import { parseId } from '../model/ids.ts'
import { isObject, text, unpacked } from '../model/untrusted.ts'

// Readers of single fields. They return the value if it is valid, else null. They never throw and never guess.

export interface Fields {
  /** Returns the first of the named fields that is set. Undefined if no field is set. */
  (...names: readonly string[]): unknown
  /** The values that are a CLB's id, whatever their names. Of very many only the first. */
  readonly ids: readonly string[]
}

// Public receivers get `sessionID`, `unInstanceID` and `vPort` where the documents say `sessionId`, `unInstanceId` and
// `vport`. Prometheus labels say `loadbalancer_id` (intake facts 6). So case and separators are ignored.
const canonical = (name: string): string => name.toLowerCase().replace(/[_-]/g, '')

/** The names that readers ask for. They stand in the code, so there are few. */
const asked = new Map<string, string>()
function canonicalOfAsked(name: string): string {
  const known = asked.get(name)
  if (known !== undefined) return known
  const found = canonical(name)
  asked.set(name, found)
  return found
}

/** A batch can have many entries, each of which is looked through. */
const MOST_IDS = 16

/**
 * The own fields of an object, without regard to case and separators. If two names differ only in these, the first one
 * with a value counts. The object may be JSON text inside a string. Any other value has no fields.
 */
export function fieldsOf(value: unknown): Fields {
  const object = unpacked(value)
  const found = new Map<string, unknown>()
  if (isObject(object)) {
    for (const [name, field] of Object.entries(object)) {
      const key = canonical(name)
      if (field !== null && field !== undefined && !found.has(key)) found.set(key, field)
    }
  }
  const read = (...names: readonly string[]): unknown => {
    for (const name of names) {
      const field = found.get(canonicalOfAsked(name))
      if (field !== undefined) return field
    }
    return undefined
  }
  const ids = [...found.values()].flatMap((field) => loadBalancerId(field) ?? [])
  return Object.assign(read, { ids: ids.slice(0, MOST_IDS) })
}

/** Joins the fields of several objects. An earlier object's field hides a later one's. */
export function layered(...layers: readonly Fields[]): Fields {
  const read = (...names: readonly string[]): unknown => {
    for (const layer of layers) {
      const value = layer(...names)
      if (value !== undefined && value !== '') return value
    }
    return undefined
  }
  return Object.assign(read, { ids: layers.flatMap((layer) => layer.ids) })
}

/**
 * Reads `[{key, value}]`, `[{name, value}]` or a plain object, also as JSON text. Alarms use all of them for extra fields
 * (intake facts 1.3, 3).
 */
export function pairsOf(value: unknown): Fields {
  const list = unpacked(value)
  if (!Array.isArray(list)) return fieldsOf(list)
  const pairs = list.slice(0, 100).flatMap((item: unknown) => {
    const pair = fieldsOf(item)
    const key = text(pair('key', 'name'))
    return key === null ? [] : [[key, pair('value')] as const]
  })
  return fieldsOf(Object.fromEntries(pairs))
}

/** The entries of a list, also as JSON text. Null for any other value. */
export function listOf(value: unknown): readonly unknown[] | null {
  const list = unpacked(value)
  return Array.isArray(list) ? list : null
}

/** A whole number above zero, as a number or in digits. */
export function positiveInteger(value: unknown): number | null {
  const digits = text(value)
  if (digits === null || !/^\d{1,15}$/.test(digits)) return null
  const number = Number(digits)
  return number > 0 ? number : null
}

/** A TCP or UDP port, 1–65535. */
export function port(value: unknown): number | null {
  const number = positiveInteger(value)
  return number !== null && number <= 65_535 ? number : null
}

/** A CLB id that the API accepts. A documented sample has `clb-…`, which the API does not accept (intake facts 1.3). */
export const loadBalancerId = (value: unknown): string | null => parseId(text(value) ?? '', 'lb')

/** In upper case, like the protocols of listeners. */
export function protocol(value: unknown): string | null {
  const candidate = text(value)
  return candidate !== null && /^[a-z][a-z0-9_]{1,15}$/i.test(candidate) ? candidate.toUpperCase() : null
}
