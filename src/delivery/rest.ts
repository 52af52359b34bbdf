import type { IncomingHttpHeaders } from 'node:http'
import { parseJson } from '../model/untrusted.ts'
import type { Means } from './address.ts'
import { outcomeOfStatus, PATIENT_ATTEMPT_MS, type PostOnce, retryAfterMs } from './post.ts'
import type { Outcome, Receiver, Window } from './receiver.ts'
import { AttemptError, sendTicket, type Tracker } from './tickets.ts'

// A receiver that keeps tickets, and its requests to the API of their system.

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** Path and query, behind the base address. */
  readonly path: string
  /** Left out: none. */
  readonly body?: { readonly type: string; readonly text: string }
  /** It changes nothing, so an answer that was lost does no harm. Default: what GET says. */
  readonly isRead?: boolean
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Undefined if the body is not JSON. */
  readonly json: unknown
}

export interface Rest {
  /**
   * Any answer that came whole.
   * @throws AttemptError if none came, at 429 and 5xx, and for a redirect
   */
  send(request: Request): Promise<Answer>
}

export function createRest(
  {
    base,
    headers,
  }: {
    readonly base: string
    readonly headers: Readonly<Record<string, string>>
  },
  post: PostOnce,
  now: () => number,
  signal: AbortSignal,
): Rest {
  return {
    async send({ method, path, body, isRead = method === 'GET' }) {
      const posted = await post(
        `${base}${path}`,
        {
          method,
          headers: { ...headers, ...(body ? { 'content-type': body.type } : {}) },
          body: body?.text ?? '',
          isPatient: true,
        },
        signal,
      )
      if (posted.kind === 'failed') throw new AttemptError(failed(posted.outcome, isRead))
      const { status } = posted
      const wait = waitOf(posted, now())
      if (wait !== null)
        throw new AttemptError({
          kind: 'retry',
          afterMs: wait,
          isUntried: true,
          reason: `HTTP ${status}: too many requests`,
        })
      const outcome = status >= 500 || (status >= 300 && status < 400) ? outcomeOfStatus(posted, now()) : null
      if (outcome) throw new AttemptError(failed(outcome, isRead))
      return { status, headers: posted.headers, json: parseJson(posted.body) }
    },
  }
}

/** Null: it is no limit. GitHub also says it with 403, and when its hour ends in a header of its own. */
function waitOf(
  { status, headers }: { readonly status: number; readonly headers: IncomingHttpHeaders },
  now: number,
): number | null {
  const isSpent = headers['x-ratelimit-remaining'] === '0'
  const isLimit = status === 429 || (status === 403 && (headers['retry-after'] !== undefined || isSpent))
  if (!isLimit) return null
  const reset = Number(headers['x-ratelimit-reset'])
  if (headers['retry-after'] !== undefined || !isSpent || !Number.isFinite(reset))
    return retryAfterMs(headers['retry-after'], now)
  return Math.min(Math.max(reset * 1000 - now, 0), 3_600_000)
}

/** What only reads may be asked again. What was never connected, and what the service had no time for, was not done. */
function failed(outcome: Outcome, isRead: boolean): Outcome {
  if (outcome.kind === 'unknown' && isRead)
    return { kind: 'retry', afterMs: 0, isUntried: true, reason: outcome.reason }
  // 503 is said before the work, 500, 502 and 504 perhaps after it.
  const didArrive = outcome.kind === 'retry' && /^HTTP (?!503)/.test(outcome.reason)
  return outcome.kind === 'retry' && (isRead || !didArrive) ? { ...outcome, isUntried: true } : outcome
}

export const isTaken = ({ status }: Answer): boolean => status >= 200 && status < 300

/** What to change, behind the status. */
export const refused = (status: number, advice: string): AttemptError =>
  new AttemptError({ kind: 'permanent', reason: `HTTP ${status}${advice === '' ? '' : `: ${advice}`}` })

/** The product is reached, and what the address names cannot take tickets. The reason says what to change. */
export const unfit = (reason: string): AttemptError => new AttemptError({ kind: 'permanent', reason })

/** What answered is not the product: a login page in front of it, or another server. */
export const strange = (product: string): AttemptError =>
  unfit(
    `HTTP 200: the answer is not one of ${product}; check host and path of the address, and whether a login page stands in front`,
  )

/** For a 404 that is not in the form of the product: its API is not at this address at all. */
export const noApi = (api: string): string =>
  `what answers there is not ${api}; check host and path of the address`

/** The answer says that it was taken, but not what was made. */
export const unclear = (): AttemptError =>
  new AttemptError({ kind: 'unknown', reason: 'the answer does not say what was made' })

const MOST_NAMES = 20
const LONGEST_NAME = 40

/** Names that a server gave, for a reason: none that holds a secret. */
export const namesFor = (names: readonly string[], secrets: readonly string[]): string =>
  names
    .filter((name) => /^[\p{L}\p{N}][\p{L}\p{N} ._/&'()-]*$/u.test(name))
    .filter((name) => name.length <= LONGEST_NAME && secrets.every((secret) => !name.includes(secret)))
    .slice(0, MOST_NAMES)
    .map((name) => `"${name}"`)
    .join(', ')

interface TicketReceiver {
  readonly kind: string
  readonly label: string
  readonly base: string
  readonly windows: readonly Window[]
  /** Of every request, the login among them. */
  readonly headers: () => Readonly<Record<string, string>>
  readonly trackerOf: (rest: Rest) => Tracker
}

/** A receiver of tickets. It searches before it makes a second one, so a repeat does no harm. */
export const createTicketReceiver = (
  { kind, label, base, windows, headers, trackerOf }: TicketReceiver,
  { post, now }: Means,
): Receiver => ({
  kind,
  label,
  idempotent: true,
  keepsEach: true,
  attemptMs: PATIENT_ATTEMPT_MS,
  windows,
  send(delivery, signal) {
    const rest = createRest({ base, headers: headers() }, post, now, signal)
    return sendTicket(delivery, trackerOf(rest), now)
  },
})

/** The address below which the requests go. */
export const baseOf = (url: URL): string => `${url.origin}${url.pathname.replace(/\/+$/, '')}`
