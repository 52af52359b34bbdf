import { shorten } from './errors.ts'

/** Shorter values are no real secrets, and hiding them would garble ordinary words. */
const SHORTEST_SECRET = 8
const PATTERNS = [/\bAKID\w{8,}/g, /\b[0-9a-f]{64}\b/g, /TC3-HMAC-SHA256 Credential=[^"]*/g]

/**
 * Makes an error of the SDK fit to be printed, in place: whoever answers may echo the request, credentials and
 * signature included, into a message, a status line or a request id. All its texts are cleaned and cut; the stack,
 * which repeats the message, goes.
 */
export function createScrubber(secrets: readonly string[]): (thrown: unknown) => unknown {
  const values = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .sort((a, b) => b.length - a.length)
  const clean = (text: string): string => {
    const without = values.reduce((rest, value) => rest.replaceAll(value, '***'), text)
    return shorten(PATTERNS.reduce((rest, pattern) => rest.replace(pattern, '***'), without))
  }
  return (thrown) => {
    if (!(thrown instanceof Error)) return thrown
    // JSON.parse quotes the first characters of what it cannot read, which may be the start of a secret.
    if ('type' in thrown && thrown.type === 'invalid-json')
      thrown.message = thrown.message.replace(/ reason:.*/s, '')
    thrown.message = clean(thrown.message)
    thrown.stack = `${thrown.name}: ${thrown.message}`
    for (const [key, value] of Object.entries(thrown))
      if (typeof value === 'string') Object.assign(thrown, { [key]: clean(value) })
    return thrown
  }
}
