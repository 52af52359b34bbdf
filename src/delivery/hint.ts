import { INNER } from './post.ts'
import type { Outcome } from './receiver.ts'

/**
 * What a person has to look at after an outcome, where its reason does not say it. `none`: the reason does.
 * - Not reached: `refused`, `name`, `silent`, `tls`, `proxy`; reached without an answer in time: `late`.
 * - Not now: `limit`, `server`. Other reasons of this kind: `away`.
 * - Refused: `login`, `permission`, `path`, `redirect`, `form`. Other answers: `answer`.
 * - No usable answer: `stranger`, if something else seems to answer; else `lost`.
 */
export type Hint =
  | 'none'
  | ('refused' | 'name' | 'silent' | 'tls' | 'proxy' | 'late')
  | ('limit' | 'server' | 'away')
  | ('login' | 'permission' | 'path' | 'redirect' | 'form' | 'answer')
  | ('stranger' | 'lost')

type Failure = Exclude<Outcome, { readonly kind: 'delivered' }>

/** Reads the reasons that the receivers write. */
export function hintOf(outcome: Failure): Hint {
  const reason = outcome.reason.replace(/^gettoken: /, '')
  switch (outcome.kind) {
    case 'unknown':
      return /^the answer (has|is)\b/.test(reason) ? 'stranger' : 'lost'
    case 'retry':
      return first(LATER, reason) ?? 'away'
    case 'permanent':
      if (outcome === INNER || saysItself(reason)) return 'none'
      return first(REFUSED, reason) ?? 'answer'
  }
}

type Sign = readonly [RegExp, Hint]

const first = (signs: readonly Sign[], reason: string): Hint | undefined =>
  signs.find(([sign]) => sign.test(reason))?.[1]

/** An answer that only names its code leaves open what to do. */
const saysItself = (reason: string): boolean =>
  reason.includes(';') || /^(HTTP|SMTP) \d+[^:]*: ./.test(reason) || /^EAUTH: /.test(reason)

const LATER: readonly Sign[] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^(ENOTFOUND|EAI_AGAIN|EDNS)$/, 'name'],
  [/^(no connection in time|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, 'silent'],
  [/^TLS: /, 'tls'],
  [/proxy/i, 'proxy'],
  [/^no answer in time$/, 'late'],
  [/^HTTP 429|too many|^errcode (-1|45009|45033)$/, 'limit'],
  [/^(HTTP 5\d\d|SMTP \d+)/, 'server'],
]

const REFUSED: readonly Sign[] = [
  [/^HTTP 30\d/, 'redirect'],
  [/^HTTP 401$/, 'login'],
  [/^HTTP 403$/, 'permission'],
  [/^HTTP (404|405|410)$/, 'path'],
  [/^HTTP 4\d\d$/, 'form'],
]
