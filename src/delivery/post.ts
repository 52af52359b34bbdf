import http from 'node:http'
import https from 'node:https'
import type { Outcome } from './receiver.ts'

/** What came back, its body capped; or why nothing usable did, already judged. */
export type Posted =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: http.IncomingHttpHeaders
      readonly body: string
    }
  | { readonly kind: 'failed'; readonly outcome: Outcome }

const CONNECT_TIMEOUT_MS = 4_000
const ANSWER_TIMEOUT_MS = 8_000
const MOST_BYTES = 64 * 1024

/**
 * One POST: redirects are not followed, and the answer is read up to 64 KB. Not by `fetch`, which does not tell whether
 * the request had left when it failed: before the connection stands nothing has, so it is `retry`; after that it is
 * `unknown`. Reasons hold error codes only: the runtime's messages can carry the URL, and the URL is the secret.
 */
export function post(
  address: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  signal: AbortSignal,
): Promise<Posted> {
  return new Promise((resolve) => {
    const url = new URL(address)
    const secure = url.protocol === 'https:'
    const request = (secure ? https : http).request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      // A connection of its own: one kept open may have died while the function was frozen.
      agent: false,
      signal,
    })
    let connected = false
    let late = false
    const tooLate = (): void => {
      late = true
      request.destroy()
    }
    let timer = setTimeout(tooLate, CONNECT_TIMEOUT_MS)
    const settle = (posted: Posted): void => {
      clearTimeout(timer)
      resolve(posted)
    }
    const fail = (error: unknown): void =>
      settle({ kind: 'failed', outcome: outcomeOf(error, connected, late || signal.aborted) })

    request.on('socket', (socket) =>
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true
        clearTimeout(timer)
        timer = setTimeout(tooLate, ANSWER_TIMEOUT_MS)
      }),
    )
    request.on('error', fail)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      const answered = (): void =>
        settle({
          kind: 'answer',
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8'),
        })
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size <= MOST_BYTES) return
        answered()
        request.destroy()
      })
      response.on('end', answered)
      response.on('error', fail)
      response.on('close', fail)
    })
    request.end(body)
  })
}

function outcomeOf(error: unknown, connected: boolean, late: boolean): Outcome {
  if (late)
    return connected
      ? { kind: 'unknown', reason: 'no answer in time' }
      : { kind: 'retry', afterMs: 0, reason: 'no connection in time' }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'connection failed'
  if (connected) return { kind: 'unknown', reason: code }
  return isTls(code)
    ? { kind: 'permanent', reason: `TLS: ${code}` }
    : { kind: 'retry', afterMs: 0, reason: code }
}

/** The far side's certificate or protocol is wrong, and will be so the next time. */
const isTls = (code: string): boolean =>
  code === 'EPROTO' || /CERT|TLS|SSL|SELF_SIGNED|ALTNAME|UNABLE_TO/.test(code)

const LONGEST_WAIT_MS = 10 * 60_000

/** Retry-After in seconds or as a date, in ms; 0 where there is none. */
export function retryAfterMs(header: string | undefined, now: number): number {
  const text = header?.trim() ?? ''
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : 0
}
