import { parseId } from '../model/ids.ts'
import { isObject, text } from '../model/untrusted.ts'

// Readers of single fields. They return the value if it is valid, else null. They never throw and never guess.

/** Returns the first of the named fields that is set. Undefined if no field is set. */
export type Fields = (...names: readonly string[]) => unknown

// Public receivers get `sessionID`, `unInstanceID` and `vPort` where the documents say `sessionId`, `unInstanceId` and
// `vport`. Prometheus labels say `loadbalancer_id` (intake facts 6). So case and separators are ignored.
const canonical = (name: string): string => name.toLowerCase().replace(/[_-]/g, '')

/**
 * The own fields of an object, without regard to case and separators. If two names differ only in these, the first one
 * with a value counts. A value that is not an object has no fields.
 */
export function fieldsOf(value: unknown): Fields {
  const found = new Map<string, unknown>()
  if (isObject(value)) {
    for (const [name, field] of Object.entries(value)) {
      const key = canonical(name)
      if (field !== null && field !== undefined && !found.has(key)) found.set(key, field)
    }
  }
  return (...names) => {
    const name = names.find((candidate) => found.has(canonical(candidate)))
    return name === undefined ? undefined : found.get(canonical(name))
  }
}

/** Joins the fields of several objects. An earlier object's field hides a later one's. */
export const layered =
  (...layers: readonly Fields[]): Fields =>
  (...names) => {
    for (const layer of layers) {
      const value = layer(...names)
      if (value !== undefined && value !== '') return value
    }
    return undefined
  }

/** Reads `[{key, value}]` or a plain object. Alarms use both for extra fields (intake facts 1.3, 3). */
export function pairsOf(value: unknown): Fields {
  if (!Array.isArray(value)) return fieldsOf(value)
  const pairs = value.slice(0, 100).flatMap((item: unknown) => {
    const pair = fieldsOf(item)
    const key = text(pair('key'))
    return key === null ? [] : [[key, pair('value')] as const]
  })
  return fieldsOf(Object.fromEntries(pairs))
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
