// The log keeps part of each refused payload: enough to see its shape, but no credentials.

const KEPT_BYTES = 2048
/** Masking may shorten the text, so more is read than is kept. */
const READ_CHARS = 4 * KEPT_BYTES
const MASK = '***'

const NAMES =
  'secret|token|passw|pwd|authorization|signature|cookie|credential|api[-_]?key|access[-_]?key|private[-_]?key'
const NAMED_SECRET = new RegExp(NAMES, 'i')

/** The first 2 KB of a payload. Everything that looks like a credential is masked. */
export function excerpt(payload: unknown): string {
  const text = masked(written(payload).slice(0, READ_CHARS))
  return Buffer.from(text, 'utf8')
    .subarray(0, KEPT_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
}

/** The payload as JSON, without the values of secret keys. `JSON.stringify` throws if it is nested too deeply. */
function written(payload: unknown): string {
  if (typeof payload === 'string') return payload
  try {
    return JSON.stringify(payload, withoutSecrets) ?? String(payload)
  } catch {
    return '[too deep to show]'
  }
}

/** Masks secrets by key. In `{"name":"Authorization","value":…}`, an entry of a list of headers, it masks the `value`. */
function withoutSecrets(key: string, value: unknown): unknown {
  if (NAMED_SECRET.test(key)) return MASK
  if (typeof value === 'string') return masked(value.slice(0, READ_CHARS))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const named = Object.values(value).some((one) => typeof one === 'string' && NAMED_SECRET.test(one))
  const holder = Object.keys(value).find((name) => name.toLowerCase() === 'value')
  return named && holder !== undefined ? { ...value, [holder]: MASK } : value
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // token=…, "token": "…", 'token':'…', \"token\":\"…\" (JSON in a string), token: {…}
  [
    new RegExp(
      String.raw`((?:${NAMES})[\w-]{0,40}\\{0,3}["']?\s{0,9}[:=]\s{0,9})(?:(?:Bearer|Basic)\s+)?(\\{0,3}"[^"]*"?|'[^']*'?|[[{][^\]}]*[\]}]?|[^\s,;&"'\\}\]]+)`,
      'gi',
    ),
    `$1${MASK}`,
  ],
  [/([?&](?:key|sign|sig)=)[^&"'\\\s]+/gi, `$1${MASK}`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${MASK}`],
  [/\bAKID\w{8,}/g, MASK],
  [/(:\/\/)[^\s/@"'\\]{1,200}@/g, `$1${MASK}@`],
  // In the URLs of some webhooks the path is the secret.
  [/(\/(?:services|hook)\/)[^\s"'\\]+/gi, `$1${MASK}`],
]

const masked = (text: string): string =>
  PATTERNS.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), text)
