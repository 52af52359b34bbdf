/** Matches whole strings and numbers, so that digits within a string are skipped. */
const STRINGS_AND_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g

const isLong = (token: string): boolean => /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))

/**
 * Parses JSON, but gives integers that a double cannot hold as strings of their digits. `JSON.parse` would round them,
 * for example the paging tokens of the audit log (platform facts G).
 * @throws SyntaxError if the text is not JSON
 */
export function parseExactly(text: string): unknown {
  const rounded: unknown = JSON.parse(text)
  const quoted = text.replace(STRINGS_AND_NUMBERS, (token) => (isLong(token) ? `"${token}"` : token))
  return quoted === text ? rounded : JSON.parse(quoted)
}

/** Writes JSON with each bigint as a number with all its digits. */
export const writeExactly = (value: object): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `\0${part}` : part)).replace(
    /"\\u0000(-?\d+)"/g,
    '$1',
  )
