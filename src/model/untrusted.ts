import { parseIp } from './ip.ts'

// Readers of values from outside. They return the value if it is valid, else null. They never throw and never guess.

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The longest name or id. Longer strings are refused. */
const MAX_TEXT = 1_024

/** A trimmed, non-empty string of at most `limit` characters. A finite number becomes its digits. */
export function text(value: unknown, limit = MAX_TEXT): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  if (typeof value !== 'string' || value.length > limit) return null
  const trimmed = value.trim()
  return trimmed === '' ? null : trimmed
}

/** An IPv4 or IPv6 address without a zone. */
export const address = (value: unknown): string | null => parseIp(text(value) ?? '')

/** Parses JSON. Undefined if the text is not JSON. */
export function parseJson(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
