import { Secret } from '../../model/secret.ts'
import { isObject, parseJson } from '../../model/untrusted.ts'
import type { Means } from '../address.ts'
import { codeIn, outcomeOfStatus, type PostOnce } from '../post.ts'
import type { Outcome } from '../receiver.ts'
import { isWrongLogin, outcomeOfCode } from './answer.ts'

// The access token of an application. All receivers of one process with the same application share it.

/** A token, or the outcome of a message that gets none. */
export type Granted =
  | { readonly kind: 'token'; readonly token: Secret }
  | { readonly kind: 'failed'; readonly outcome: Outcome }

export interface Tokens {
  /** `refused`: WeCom refused this token, so it is not given again. */
  get(signal: AbortSignal, refused?: Secret | null): Promise<Granted>
}

export interface Application {
  /** The address before `/cgi-bin/`. */
  readonly base: string
  readonly corpid: string
  readonly secret: Secret
}

/** A token is renewed so long before its end, but not before half of its life. */
const MARGIN_MS = 5 * 60_000
/** WeCom bans an address that asks with wrong secrets for an hour (delivery facts 1.3). */
const WRONG_LOGIN_MS = 3_600_000
const NOT_AGAIN = 'it is not tried again for an hour, because WeCom bans who asks with a wrong one repeatedly'

/** The tokens of each process part, by the function that sends for it. */
const SHARED = new WeakMap<PostOnce, Map<string, Tokens>>()

export function tokensOf(application: Application, means: Means): Tokens {
  const { base, corpid, secret } = application
  const key = `${base}\n${corpid}\n${secret.reveal()}`
  const all = SHARED.get(means.post) ?? new Map<string, Tokens>()
  SHARED.set(means.post, all)
  const tokens = all.get(key) ?? createTokens(application, means)
  all.set(key, tokens)
  return tokens
}

function createTokens(application: Application, means: Means): Tokens {
  const { now } = means
  let held: { readonly token: Secret; readonly until: number } | null = null
  let wrong: { readonly outcome: Outcome; readonly until: number } | null = null
  let asking: Joined<Granted> | null = null

  async function ask(signal: AbortSignal): Promise<Granted> {
    const answer = await answerOf(application, means, signal)
    if (answer.kind === 'failed') {
      if (answer.isWrongLogin) wrong = { outcome: answer.outcome, until: now() + WRONG_LOGIN_MS }
      return answer
    }
    held = { token: answer.token, until: now() + answer.keptMs }
    return answer
  }

  return {
    async get(signal, refused = null) {
      if (wrong && now() < wrong.until) return { kind: 'failed', outcome: wrong.outcome }
      if (held && held.token !== refused && now() < held.until) return { kind: 'token', token: held.token }
      if (asking === null || asking.isOver) asking = joined(ask)
      return asking.join(signal, LATE)
    },
  }
}

const LATE: Granted = {
  kind: 'failed',
  outcome: { kind: 'retry', afterMs: 0, reason: 'gettoken: no answer in time' },
}

type Answer =
  | { readonly kind: 'token'; readonly token: Secret; readonly keptMs: number }
  | { readonly kind: 'failed'; readonly outcome: Outcome; readonly isWrongLogin: boolean }

/** Without a token no message has left, so no outcome is unknown. */
async function answerOf(
  { base, corpid, secret }: Application,
  { post, now }: Means,
  signal: AbortSignal,
): Promise<Answer> {
  const failed = (outcome: Outcome, isWrongLogin = false): Answer => {
    const reason = `gettoken: ${outcome.reason ?? 'failed'}`
    return {
      kind: 'failed',
      isWrongLogin,
      outcome: outcome.kind === 'unknown' ? { kind: 'retry', afterMs: 0, reason } : { ...outcome, reason },
    }
  }
  const query = new URLSearchParams({ corpid, corpsecret: secret.reveal() })
  const content = { method: 'GET', headers: {}, body: '' } as const
  const posted = await post(`${base}/cgi-bin/gettoken?${query}`, content, signal)
  if (posted.kind === 'failed') return failed(posted.outcome)
  const outcome = outcomeOfStatus(posted, now())
  if (outcome) return failed(outcome)
  const errcode = codeIn(posted.body, 'errcode')
  if (errcode === null) return failed({ kind: 'unknown', reason: 'the answer has no errcode' })
  if (isWrongLogin(errcode)) {
    const { reason } = outcomeOfCode(errcode, posted.body)
    return failed({ kind: 'permanent', reason: `${reason}; ${NOT_AGAIN}` }, true)
  }
  if (errcode !== 0) return failed(outcomeOfCode(errcode, posted.body))
  const answer = parseJson(posted.body)
  const token = isObject(answer) ? answer.access_token : null
  if (typeof token !== 'string' || token === '')
    return failed({ kind: 'unknown', reason: 'the answer has no access_token' })
  const lifeMs = (codeIn(posted.body, 'expires_in') ?? 0) * 1000
  return { kind: 'token', token: new Secret(token), keptMs: Math.max(lifeMs - MARGIN_MS, lifeMs / 2) }
}

/** One run for all who wait for it. It is aborted when nobody waits any more. */
interface Joined<T> {
  readonly isOver: boolean
  /** `late`: the result if the signal aborts first. */
  join(signal: AbortSignal, late: T): Promise<T>
}

function joined<T>(run: (signal: AbortSignal) => Promise<T>): Joined<T> {
  const controller = new AbortController()
  let waiting = 0
  let isOver = false
  const result = run(controller.signal).finally(() => {
    isOver = true
  })
  return {
    get isOver() {
      return isOver
    },
    join: (signal, late) =>
      new Promise((resolve, reject) => {
        waiting += 1
        const leave = (): void => {
          waiting -= 1
          if (waiting === 0) {
            isOver = true
            controller.abort()
          }
          resolve(late)
        }
        result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
        if (signal.aborted) leave()
        else signal.addEventListener('abort', leave, { once: true })
      }),
  }
}
