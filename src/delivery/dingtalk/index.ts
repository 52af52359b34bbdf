import { createHmac } from 'node:crypto'
import { Secret } from '../../model/secret.ts'
import { reportOf } from '../../render/index.ts'
import { printDingtalk } from '../../render/printers/dingtalk.ts'
import { filled } from '../../text/index.ts'
import { type Address, identityOf, type Means, queryOf, type ReceiverKind, webAddress } from '../address.ts'
import { codeIn, outcomeOfStatus } from '../post.ts'
import type { Outcome, Receiver } from '../receiver.ts'
import { TEXTS } from '../texts.ts'

/** A bot that sent too fast is blocked for this long, whatever `wait` its answer names (delivery facts 3). */
const BLOCKED_MS = 10 * 60_000
/** The service's own advice for the answer "busy" (delivery facts 3). */
const BUSY_RETRIES = 3

interface DingtalkAddress extends Address {
  readonly kind: 'dingtalk'
  readonly url: Secret
  /** Null: the bot does not ask for signatures. */
  readonly key: Secret | null
}

export const dingtalk = {
  parse(pasted, fail): DingtalkAddress | null {
    const isPasted = pasted.protocol === 'https:' && pasted.hostname === 'oapi.dingtalk.com'
    const url = isPasted ? pasted : webAddress(pasted, 'dingtalk', fail)
    if (!url) return null
    const where = `dingtalk ${url.hostname}`
    const query = queryOf(url)
    const [token, ...others] = query.getAll('access_token')
    if (!token || others.length > 0 || !/^\w+$/.test(token.replaceAll('-', '')))
      throw fail(filled(TEXTS.wrong.parameter, { where, name: 'access_token' }))
    const [secret] = query.getAll('secret')
    if (secret !== undefined && !/^SEC\w+$/.test(secret))
      throw fail(filled(TEXTS.wrong.dingtalkSecret, { where }))
    // A pasted `timestamp` or `sign` is of the past.
    url.search = new URLSearchParams({ access_token: token }).toString()
    const address: DingtalkAddress = {
      kind: 'dingtalk',
      label: `dingtalk ${url.host}`,
      // The token is the bot. `secret` only signs.
      identity: identityOf('dingtalk', url.host, url.pathname, token),
      url: new Secret(url.href),
      key: secret === undefined ? null : new Secret(secret),
      connect: (means) => createDingtalkReceiver(address, means),
    }
    return address
  },
} satisfies ReceiverKind

/** DingTalk group bot: one markdown message, in a body of at most 20,000 bytes. `errcode` decides. */
export function createDingtalkReceiver(receiver: DingtalkAddress, { post, now }: Means): Receiver {
  return {
    kind: 'dingtalk',
    label: receiver.label,
    idempotent: false,
    // The bot takes 20 a minute. One more costs ten minutes.
    windows: [{ most: 18, perMs: 60_000 }],
    namesIn: async (digest, mentions) =>
      printDingtalk(await reportOf(digest), { mentions, mayRepeat: true }).incidents,
    async send({ message, mentions, mayRepeat }, signal) {
      const { text: body } = printDingtalk(await reportOf(message), { mentions, mayRepeat })
      const headers = { 'content-type': 'application/json; charset=utf-8' }
      const posted = await post(signed(receiver, now()), { headers, body }, signal)
      if (posted.kind === 'failed') return posted.outcome
      return outcomeOfStatus(posted, now()) ?? outcomeOf(posted.body)
    },
  }
}

/** The time and the signature stand in the query, the time in milliseconds (delivery facts 3). */
function signed({ url, key }: DingtalkAddress, now: number): string {
  if (!key) return url.reveal()
  const text = `${now}\n${key.reveal()}`
  const sign = createHmac('sha256', key.reveal()).update(text).digest('base64')
  return `${url.reveal()}&timestamp=${now}&sign=${encodeURIComponent(sign)}`
}

function outcomeOf(body: string): Outcome {
  const errcode = codeIn(body, 'errcode')
  switch (errcode) {
    case null:
      return { kind: 'unknown', reason: 'the answer has no errcode' }
    case 0:
      return { kind: 'delivered' }
    case -1:
      return { kind: 'retry', afterMs: 0, retries: BUSY_RETRIES, reason: 'errcode -1' }
    case 130101:
      return { kind: 'retry', afterMs: BLOCKED_MS, reason: 'errcode 130101, too many messages' }
    case 310000:
      return {
        kind: 'permanent',
        reason:
          'errcode 310000: keyword, signature or address of the sender; compare the security setting of the bot',
      }
    default:
      return { kind: 'permanent', reason: `errcode ${errcode}` }
  }
}
