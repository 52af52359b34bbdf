import type { IncomingHttpHeaders } from 'node:http'
import { isObject, parseJson } from '../model/untrusted.ts'
import { createAgent, PostError, type Proxies, post } from '../net/index.ts'
import type { Outcome } from './receiver.ts'

/** The answer with its body capped, or the outcome of a request without a usable answer. */
export type Posted =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: IncomingHttpHeaders
      readonly body: string
    }
  | { readonly kind: 'failed'; readonly outcome: Outcome }

/** Sends one POST to a receiver. */
export type PostOnce = (
  address: string,
  content: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  signal: AbortSignal,
) => Promise<Posted>

const LIMITS = { connect: 4_000, head: 8_000, body: 8_000 }
const MOST_BYTES = 64 * 1024

/**
 * Before the connection is open nothing has left, so a failure is `retry`. After that it is `unknown`. Reasons hold
 * only error codes: the runtime's messages can contain the URL, which is secret.
 */
export const createPost =
  (proxies: Proxies): PostOnce =>
  async (address, content, signal) => {
    const url = new URL(address)
    // A new connection each time, because a kept one may have died while the function was frozen.
    const agent = await createAgent(url, proxies)
    try {
      const options = { ...content, agent, signal, limits: LIMITS, mostBytes: MOST_BYTES }
      const { status, headers, body } = await post(url, options)
      return { kind: 'answer', status, headers, body: body.toString('utf8') }
    } catch (error) {
      if (!(error instanceof PostError)) throw error
      return { kind: 'failed', outcome: outcomeOf(error) }
    } finally {
      agent.destroy()
    }
  }

function outcomeOf({ code, message, isConnected, isTls, proxyStatus }: PostError): Outcome {
  if (isConnected) return { kind: 'unknown', reason: code === 'Timeout' ? 'no answer in time' : code }
  if (isTls) return { kind: 'permanent', reason: `TLS: ${code}` }
  if (code.startsWith('Proxy'))
    return proxyStatus !== null && proxyStatus < 500 && proxyStatus !== 429
      ? { kind: 'permanent', reason: message }
      : { kind: 'retry', afterMs: 0, reason: message }
  return { kind: 'retry', afterMs: 0, reason: code === 'Timeout' ? 'no connection in time' : code }
}

/** The outcome that the HTTP status decides. Null at 200: the body decides. Redirects are never followed. */
export function outcomeOfStatus(
  { status, headers }: { readonly status: number; readonly headers: IncomingHttpHeaders },
  now: number,
): Outcome | null {
  if (status === 200) return null
  if (status === 429 || status >= 500)
    return { kind: 'retry', afterMs: retryAfterMs(headers['retry-after'], now), reason: `HTTP ${status}` }
  const redirect = status >= 300 && status < 400 ? ', a redirect, which is not followed' : ''
  return { kind: 'permanent', reason: `HTTP ${status}${redirect}` }
}

/** The number in a field of an answer in JSON. Null if it is missing. Then the answer proves nothing. */
export function codeIn(body: string, field: string): number | null {
  const answer = parseJson(body)
  const code = isObject(answer) ? answer[field] : null
  return typeof code === 'number' ? code : null
}

const LONGEST_WAIT_MS = 10 * 60_000

/** Parses Retry-After, in seconds or as a date, to ms. 0 if the header is missing. */
export function retryAfterMs(header: string | undefined, now: number): number {
  const text = header?.trim() ?? ''
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : 0
}
