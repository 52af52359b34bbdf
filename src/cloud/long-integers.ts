import type { AbstractClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/abstract_client'

/** A whole string, or a number: what looks like a number within a string is part of the string. */
const STRINGS_AND_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g

const isLong = (token: string): boolean => /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))

/**
 * JSON in which integers that a double does not hold come as strings of their digits; all else is what `JSON.parse`
 * gives.
 * @throws SyntaxError where the text is not JSON
 */
export function parseExactly(text: string): unknown {
  const rounded: unknown = JSON.parse(text)
  const quoted = text.replace(STRINGS_AND_NUMBERS, (token) => (isLong(token) ? `"${token}"` : token))
  return quoted === text ? rounded : JSON.parse(quoted)
}

interface Body {
  text(): Promise<string>
}

/** Private in the SDK's types, and the one place at which it reads an answer. */
type AnswerReader = { parseResponse(response: Body): Promise<unknown> }

/** The SDK reads answers with `JSON.parse`, which rounds the paging tokens of the audit log (platform facts G). */
export function keepLongIntegers(client: AbstractClient): void {
  const reader = client as unknown as AnswerReader
  const parse = reader.parseResponse.bind(client)
  reader.parseResponse = (response) =>
    parse(Object.assign(response, { json: async () => parsed(await response.text()) }))
}

/** Fails as node-fetch does. */
function parsed(text: string): unknown {
  try {
    return parseExactly(text)
  } catch (cause) {
    throw Object.assign(new Error('the body is not JSON', { cause }), { type: 'invalid-json' })
  }
}
