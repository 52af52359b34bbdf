import { parseIp } from './ip.ts'

// Readers of values from outside. They return the value if it is valid, else null. They never throw and never guess.

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The longest name or id. Longer strings are refused. */
const MAX_TEXT = 1_024

/**
 * A trimmed, non-empty string of at most `limit` characters. A finite number becomes its digits. Half of a surrogate pair,
 * which JSON may carry, becomes U+FFFD: addresses cannot hold it.
 */
export function text(value: unknown, limit = MAX_TEXT): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  if (typeof value !== 'string' || value.length > limit) return null
  const trimmed = value.trim().toWellFormed()
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

/** JSON text in a JSON string, at most this often. */
const MOST_WRAPPINGS = 3

/**
 * Parses JSON as senders write it. A byte order mark at the beginning is dropped. JSON text inside a JSON string is read,
 * too. Raw line breaks and other control characters inside strings, which JSON forbids, are escaped in a second try: users'
 * templates have them (intake facts 6). Undefined if the text is not JSON even then.
 */
export function parseSentJson(value: string, wrappings = MOST_WRAPPINGS): unknown {
  const given = value.replace(/^\uFEFF/, '')
  const first = parseJson(given)
  const found = first === undefined && CONTROL.test(given) ? parseJson(escaped(given)) : first
  if (typeof found !== 'string' || wrappings === 0) return found
  const inner = parseSentJson(found, wrappings - 1)
  return typeof inner === 'object' && inner !== null ? inner : found
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON forbids inside a string.
const CONTROL = /[\u0000-\u001f]/

/** The text with the control characters inside its strings escaped. One pass, because a hostile body can be long. */
function escaped(text: string): string {
  let isInside = false
  let begin = 0
  const parts: string[] = []
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) isInside = !isInside
    else if (isInside && code === BACKSLASH && text.charCodeAt(at + 1) >= SPACE) at += 1
    else if (isInside && code < SPACE) {
      parts.push(text.slice(begin, at), `\\u${code.toString(16).padStart(4, '0')}`)
      begin = at + 1
    }
  }
  return parts.join('') + text.slice(begin)
}

const [QUOTE, BACKSLASH, SPACE] = [0x22, 0x5c, 0x20]

/** An object or list as it is, or as JSON text. Any other value as it is. */
export function unpacked(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\uFEFF?\s*["[{]/.test(value)) return value
  const found = parseSentJson(value)
  return typeof found === 'object' && found !== null ? found : value
}
