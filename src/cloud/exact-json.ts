/** A whole string, or a number: what looks like a number within a string is part of the string. */
const STRINGS_AND_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g

const isLong = (token: string): boolean => /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))

/**
 * JSON in which integers that a double does not hold come as strings of their digits. Everything else is what
 * `JSON.parse` gives, which rounds such integers, for example the paging tokens of the audit log (platform facts G).
 * @throws SyntaxError where the text is not JSON
 */
export function parseExactly(text: string): unknown {
  const rounded: unknown = JSON.parse(text)
  const quoted = text.replace(STRINGS_AND_NUMBERS, (token) => (isLong(token) ? `"${token}"` : token))
  return quoted === text ? rounded : JSON.parse(quoted)
}

/** JSON in which a bigint is a number with all its digits. */
export const writeExactly = (value: object): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `\0${part}` : part)).replace(
    /"\\u0000(-?\d+)"/g,
    '$1',
  )
