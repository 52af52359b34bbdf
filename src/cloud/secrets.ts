/** Shorter values are not real secrets, and hiding them would garble ordinary words. */
const SHORTEST_SECRET = 8
const PATTERNS = [/\bAKID\w{8,}/g, /\b[0-9a-f]{64}\b/g, /TC3-HMAC-SHA256 Credential=[^"]*/g]

/** Removes secrets from a received text, because an answer may echo the request with credentials and signature. */
export function createCleaner(secrets: readonly string[]): (text: string) => string {
  const values = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .sort((a, b) => b.length - a.length)
  return (text) => {
    const without = values.reduce((rest, value) => rest.replaceAll(value, '***'), text)
    return PATTERNS.reduce((rest, pattern) => rest.replace(pattern, '***'), without)
  }
}
