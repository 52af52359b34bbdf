import { parseId } from '../model/ids.ts'
import { isObject, text } from '../model/untrusted.ts'

// Readers that take a value for what it is or give null: they never throw, and never complete a half-given value.

/** Looks a field up under the first of `names` that is there; undefined when none is. */
export type Fields = (...names: readonly string[]) => unknown

// Public receivers see `sessionID`, `unInstanceID`, `vPort` where the documents say `sessionId`, `unInstanceId`,
// `vport`, and Prometheus labels say `loadbalancer_id` (intake facts 6): case and separators do not count.
const canonical = (name: string): string => name.toLowerCase().replace(/[_-]/g, '')

/**
 * The own fields of an object, found whatever their case and separators. Of two that differ only in those, the
 * first with a value counts. Anything but an object has no fields.
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

/** The fields of several objects as one: an earlier object's field hides a later one's. */
export const layered =
  (...layers: readonly Fields[]): Fields =>
  (...names) => {
    for (const layer of layers) {
      const value = layer(...names)
      if (value !== undefined && value !== '') return value
    }
    return undefined
  }

/** `[{key, value}]` or a plain object, both of which alarms use for extra fields (intake facts 1.3, 3). */
export function pairsOf(value: unknown): Fields {
  if (!Array.isArray(value)) return fieldsOf(value)
  const pairs = value.slice(0, 100).flatMap((item: unknown) => {
    const pair = fieldsOf(item)
    const key = text(pair('key'))
    return key === null ? [] : [[key, pair('value')] as const]
  })
  return fieldsOf(Object.fromEntries(pairs))
}

/** A whole number above zero, given as a number or in digits. */
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

/** A CLB id that the API can be asked about; `clb-…`, which a documented sample has, is not one (intake facts 1.3). */
export const loadBalancerId = (value: unknown): string | null => parseId(text(value) ?? '', 'lb')

/** Upper case, as listeners give theirs. */
export function protocol(value: unknown): string | null {
  const candidate = text(value)
  return candidate !== null && /^[a-z][a-z0-9_]{1,15}$/i.test(candidate) ? candidate.toUpperCase() : null
}
