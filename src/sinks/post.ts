import type { Outcome } from './sink.ts'

export type Fetch = typeof fetch

/** What came back, its body capped; or why nothing usable did, already judged. */
export type Posted =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'failed'; readonly outcome: Outcome }

const TIMEOUT_MS = 8_000
const MOST_BYTES = 64 * 1024

/** Errors from before a byte of the request can have left. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * One POST: redirects are not followed, and the answer is read up to 64 KB. A failure after the request may have left
 * is `unknown`. Reasons hold error codes only: the runtime's messages can carry the URL, and the URL is the secret.
 */
export async function post(
  url: string,
  init: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  signal: AbortSignal,
  send: Fetch = fetch,
): Promise<Posted> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
  try {
    const answer = await send(url, { method: 'POST', redirect: 'manual', signal: limited, ...init })
    return { kind: 'answer', status: answer.status, headers: answer.headers, body: await capped(answer) }
  } catch (error) {
    return { kind: 'failed', outcome: outcomeOf(error, limited.aborted) }
  }
}

async function capped(answer: Response): Promise<string> {
  const reader = answer.body?.getReader()
  if (!reader) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    size += value.length
    if (size > MOST_BYTES) {
      await reader.cancel()
      break
    }
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8')
}

function outcomeOf(error: unknown, timedOut: boolean): Outcome {
  if (timedOut) return { kind: 'unknown', reason: 'no answer in time' }
  const code = codeOf(error)
  if (NEVER_SENT.has(code)) return { kind: 'retry', afterMs: 0, reason: code }
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME|UNABLE_TO/.test(code))
    return { kind: 'permanent', reason: `TLS: ${code}` }
  return { kind: 'unknown', reason: code }
}

/** The innermost code: fetch wraps the socket's error as its cause. */
function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code
  return 'connection failed'
}

const LONGEST_WAIT_MS = 10 * 60_000

/** Retry-After in seconds or as a date, in ms; 0 where there is none. */
export function retryAfterMs(headers: Headers, now: number): number {
  const text = headers.get('retry-after')?.trim() ?? ''
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : 0
}
