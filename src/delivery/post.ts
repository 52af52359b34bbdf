import type { IncomingHttpHeaders } from 'node:http'
import { isObject, parseJson } from '../model/untrusted.ts'
import { createAgent, guardedLookup, isInnerHost, PostError, type Proxies, post } from '../net/index.ts'
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

export interface Content {
  /** Default: POST. */
  readonly method?: 'GET' | 'POST' | 'PATCH'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
  /**
   * True if the owner of the configuration allowed loopback, link-local and metadata addresses by name. Plain HTTP is for
   * loopback only, so it is never guarded.
   */
  readonly allowPrivate?: boolean
  /** The service may work before it answers. A chat answers at once. */
  readonly isPatient?: boolean
}

/** Sends one request to a receiver. */
export type PostOnce = (address: string, content: Content, signal: AbortSignal) => Promise<Posted>

const LIMITS = { connect: 4_000, head: 8_000, body: 8_000 }
/** Standard Webhooks gives a receiver 15 to 30 s (delivery facts 5). */
const PATIENT_LIMITS = { ...LIMITS, head: 20_000 }
/** One attempt at such a service: its requests may all be slow. */
export const PATIENT_ATTEMPT_MS = 45_000
const MOST_BYTES = 64 * 1024

/**
 * Before the connection is open nothing has left, so a failure is `retry`: then every byte of the request is handed to
 * the socket at once. After that it is `unknown`. Reasons hold only error codes: the runtime's messages can contain the
 * URL, which is secret.
 */
export const createPost =
  (proxies: Proxies): PostOnce =>
  async (address, { allowPrivate = false, isPatient = false, ...content }, signal) => {
    const url = new URL(address)
    const isOpen = allowPrivate || url.protocol === 'http:'
    if (!isOpen && isInnerHost(url.hostname)) return { kind: 'failed', outcome: INNER }
    // A new connection each time, because a kept one may have died while the function was frozen. A proxy resolves names
    // itself, so through a proxy only the written host is checked.
    const agent = await createAgent(url, proxies, isOpen ? {} : { lookup: guardedLookup })
    try {
      const limits = isPatient ? PATIENT_LIMITS : LIMITS
      const options = { ...content, agent, signal, limits, mostBytes: MOST_BYTES }
      const { status, headers, body } = await post(url, options)
      return { kind: 'answer', status, headers, body: body.toString('utf8') }
    } catch (error) {
      if (!(error instanceof PostError)) throw error
      return { kind: 'failed', outcome: outcomeOf(error) }
    } finally {
      agent.destroy()
    }
  }

const OPENED = new WeakMap<PostOnce, PostOnce>()

/** The same for a receiver that may lead inside. One for each, because receivers of one service share what goes with it. */
export function openPost(post: PostOnce): PostOnce {
  const opened: PostOnce =
    OPENED.get(post) ?? ((to, content, signal) => post(to, { ...content, allowPrivate: true }, signal))
  OPENED.set(post, opened)
  return opened
}

/** Where no receiver leads by itself. */
export const INNER: Outcome = {
  kind: 'permanent',
  reason:
    'its host is, or leads to, a loopback, link-local or metadata address; if you mean that, write "allowPrivate": true beside its url in clb-doctor.json',
}

/** Only a forbidden address stays forbidden. A certificate can be renewed, and a proxy can be repaired. */
function outcomeOf({ code, message, isConnected, isTls }: PostError): Outcome {
  if (isConnected) return { kind: 'unknown', reason: code === 'Timeout' ? 'no answer in time' : code }
  if (code === 'InnerAddress') return INNER
  const retry = (reason: string): Outcome => ({ kind: 'retry', afterMs: 0, reason })
  if (isTls) return retry(`TLS: ${code}`)
  if (code.startsWith('Proxy')) return retry(message)
  return retry(code === 'Timeout' ? 'no connection in time' : code)
}

/** The outcome that the HTTP status decides. Null at 200: the body decides. Redirects are never followed. */
export function outcomeOfStatus(
  { status, headers }: { readonly status: number; readonly headers: IncomingHttpHeaders },
  now: number,
): Outcome | null {
  if (status === 200) return null
  if (status === 429 || status >= 500) {
    const afterMs = retryAfterMs(headers['retry-after'], now)
    const silence = afterMs > LONG_MS ? `, asks for silence for ${Math.ceil(afterMs / 60_000)} minutes` : ''
    return { kind: 'retry', afterMs, reason: `HTTP ${status}${silence}` }
  }
  const redirect = status >= 300 && status < 400 ? ', a redirect, which is not followed' : ''
  return { kind: 'permanent', reason: `HTTP ${status}${redirect}` }
}

/** Machines answer machines without one. A login page in front of a receiver is one, with HTTP 200. */
export const isWebPage = ({
  headers,
  body,
}: {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}): boolean => /^text\/html\b/i.test(headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(body)

export const WEB_PAGE: Outcome = { kind: 'unknown', reason: 'the answer is a web page' }

/** The number in a field of an answer in JSON. Null if it is missing. Then the answer proves nothing. */
export function codeIn(body: string, field: string): number | null {
  const answer = parseJson(body)
  const code = isObject(answer) ? answer[field] : null
  return typeof code === 'number' ? code : null
}

/** A longer silence is named. */
const LONG_MS = 10 * 60_000
/** A message is dropped after a day anyway, and a wrong header must not silence a receiver for longer. */
const LONGEST_WAIT_MS = 24 * 3_600_000

/** Parses Retry-After, in seconds or as a date, to ms. 0 if the header is missing. */
export function retryAfterMs(header: string | undefined, now: number): number {
  const text = header?.trim() ?? ''
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : 0
}
