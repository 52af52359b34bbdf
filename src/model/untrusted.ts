import { parseIp } from './ip.ts'

// Readers of values from outside. They take a value for what it is or give null. They never throw, and never complete a
// half-given value.

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Longer strings are not a name or an id. */
const MAX_TEXT = 1_024

/** A trimmed, non-empty string of at most `limit` characters; a finite number counts as its digits. */
export function text(value: unknown, limit = MAX_TEXT): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  if (typeof value !== 'string' || value.length > limit) return null
  const trimmed = value.trim()
  return trimmed === '' ? null : trimmed
}

/** An IPv4 or IPv6 address without a zone. */
export const address = (value: unknown): string | null => parseIp(text(value) ?? '')

/** The value of a JSON text; undefined if the text is not JSON. */
export function parseJson(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
