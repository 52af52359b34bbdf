import { isIPv6 } from 'node:net'

// The API says "unset" with null, with "" and by leaving a field out (platform facts A); here it is always null.

export const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null

/**
 * An IPv6 address in the form of RFC 5952, because answers write it in full or shortened. Other texts stay as they are.
 */
export const address = (value: unknown): string | null => {
  const found = text(value)
  return found !== null && isIPv6(found) && URL.canParse(`http://[${found}]/`)
    ? new URL(`http://[${found}]/`).hostname.slice(1, -1)
    : found
}

export const upper = (value: unknown): string | null => text(value)?.toUpperCase() ?? null

export const integer = (value: unknown): number | null => {
  const n = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof n === 'number' && Number.isInteger(n) ? n : null
}

export const list = <T>(value: readonly T[] | null | undefined): readonly T[] =>
  Array.isArray(value) ? value : []

/** Distinct non-empty strings, in order of first appearance. */
export const texts = (value: readonly unknown[] | null | undefined): readonly string[] => [
  ...new Set(list(value).flatMap((item) => text(item) ?? [])),
]

/** The same of addresses. */
export const addresses = (value: readonly unknown[] | null | undefined): readonly string[] =>
  texts(list(value).map(address))

/** An object as it is, or as JSON. */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> | null {
  const found = typeof value === 'string' ? parsed(value) : value
  return typeof found === 'object' && found !== null && !Array.isArray(found)
    ? (found as Record<string, unknown>)
    : null
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
