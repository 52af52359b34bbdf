import { ipFamily } from '../../model/ip.ts'
import { isObject, parseJson } from '../../model/untrusted.ts'
import { t } from '../../text/index.ts'
import { codeIn } from '../post.ts'
import type { Outcome } from '../receiver.ts'
import { TEXTS } from '../texts.ts'

// What WeCom's answers to an application mean (developer.work.weixin.qq.com/document/path/90313). Reasons hold codes, words
// of ours, an IP address and names that stand in the address of the receiver: other words of an answer can echo a secret.

/** After WeCom's answer 45009 it takes nothing for a minute (delivery facts 1.2). */
const RATE_WINDOW_MS = 60_000
/** WeCom's own advice for the answer "busy" (delivery facts 1.2). */
const BUSY_RETRIES = 3

/** 40001 a wrong secret, 40013 a wrong corpid. */
export const isWrongLogin = (errcode: number): boolean => errcode === 40001 || errcode === 40013

/** 40014 an invalid token, 42001 an expired one. */
export const isTokenRefused = (errcode: number | null): boolean => errcode === 40014 || errcode === 42001

const WRONG_AGENT =
  'agent= is not the application of this secret, or it may not send; write the AgentId that stands beside the secret'
const NOBODY =
  'it reaches nobody of to=, party= and tag=; write members that exist and that the application may see'

const MEANINGS: Readonly<Record<number, string>> = {
  40001: 'the secret is wrong; copy it from the application again',
  40013: "the corpid is wrong; copy it from the company's information again",
  40056: WRONG_AGENT,
  48002: WRONG_AGENT,
  301002: WRONG_AGENT,
  81013: NOBODY,
  82001: NOBODY,
}

/** For any code but 0. */
export function outcomeOfCode(errcode: number, body: string): Outcome {
  if (isTokenRefused(errcode))
    return {
      kind: 'retry',
      afterMs: 0,
      reason: `errcode ${errcode}: it refused the access token, also a new one`,
    }
  switch (errcode) {
    case -1:
      return { kind: 'retry', afterMs: 0, retries: BUSY_RETRIES, reason: 'errcode -1' }
    case 45033:
      return { kind: 'retry', afterMs: 0, reason: 'errcode 45033' }
    case 45009:
      return { kind: 'retry', afterMs: RATE_WINDOW_MS, reason: 'errcode 45009' }
    case 60020:
      return { kind: 'permanent', reason: `errcode 60020: ${notTrusted(body)}` }
    default: {
      const meaning = MEANINGS[errcode]
      return { kind: 'permanent', reason: `errcode ${errcode}${meaning === undefined ? '' : `: ${meaning}`}` }
    }
  }
}

/** The answer names the address that it saw: `not allow to access from your ip, hint: […], from ip: 203.0.113.7, …`. */
function notTrusted(body: string): string {
  const answer = parseJson(body)
  const words = isObject(answer) && typeof answer.errmsg === 'string' ? answer.errmsg : ''
  const seen = /\bfrom ip: ?([\da-f.:]{2,45})/i.exec(words)?.[1] ?? ''
  const ip = ipFamily(seen) === null ? 'the address that clb-doctor sends from' : seen
  // The console of WeCom has this name in Chinese. People look for it.
  const field = `${t(TEXTS.trustedIp, {}, 'en')} (${t(TEXTS.trustedIp, {}, 'zh-CN')})`
  return `WeCom does not trust ${ip}; add it to ${field} of the application; a function needs a fixed outbound address for that`
}

/** Whom the address names. */
export interface People {
  readonly touser: readonly string[]
  readonly toparty: readonly string[]
  readonly totag: readonly string[]
}

/** The lists of an answer with those that it left out, and the parameter of the address that each belongs to. */
const LEFT_OUT = [
  ['invaliduser', 'touser', 'to='],
  ['unlicenseduser', 'touser', 'to='],
  ['invalidparty', 'toparty', 'party='],
  ['invalidtag', 'totag', 'tag='],
] as const

/** What became of a message, by an answer with HTTP 200. */
export function outcomeOfAnswer(body: string, people: People): Outcome {
  const errcode = codeIn(body, 'errcode')
  if (errcode === null) return { kind: 'unknown', reason: 'the answer has no errcode' }
  if (errcode !== 0) return outcomeOfCode(errcode, body)
  const missed = LEFT_OUT.flatMap(([list, kind, parameter]) => missedIn(body, list, people[kind], parameter))
  if (missed.length === 0) return { kind: 'delivered' }
  return {
    kind: 'delivered',
    reason: `it did not reach ${missed.join(', ')}; they do not exist, or the application may not see them`,
  }
}

/** WeCom writes ids of members in small letters. */
function missedIn(
  body: string,
  list: string,
  named: readonly string[],
  parameter: string,
): readonly string[] {
  const answer = parseJson(body)
  const text = isObject(answer) ? answer[list] : null
  if (typeof text !== 'string' || text === '') return []
  const missed = new Set(text.toLowerCase().split('|'))
  const ours = named.filter((one) => missed.has(one.toLowerCase()))
  const others = missed.size - new Set(ours.map((one) => one.toLowerCase())).size
  return [
    ...(ours.length > 0 ? [`${parameter}${ours.join('|')}`] : []),
    ...(others > 0 ? [`${others} more (${list})`] : []),
  ]
}
