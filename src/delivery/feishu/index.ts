import { createHmac } from 'node:crypto'
import { Secret } from '../../model/secret.ts'
import { isObject, parseJson } from '../../model/untrusted.ts'
import { reportOf } from '../../render/index.ts'
import { printFeishu } from '../../render/printers/feishu.ts'
import { filled } from '../../text/index.ts'
import { type Address, identityOf, type Means, queryOf, type ReceiverKind, webAddress } from '../address.ts'
import { codeIn, outcomeOfStatus } from '../post.ts'
import type { Outcome, Receiver } from '../receiver.ts'
import { TEXTS } from '../texts.ts'

const HOSTS = ['open.feishu.cn', 'open.larksuite.com', 'open.larkoffice.com']
const HOOK = /^\/open-apis\/bot\/v2\/hook\/[\w-]+$/
/** No answer says how long to wait. The limits are 100 a minute and 5 a second (delivery facts 3). */
const RATE_WAIT_MS = 10_000

interface FeishuAddress extends Address {
  readonly kind: 'feishu'
  readonly url: Secret
  /** Null: the bot does not ask for signatures. */
  readonly key: Secret | null
}

export const feishu = {
  parse(pasted, fail): FeishuAddress | null {
    const isPasted = pasted.protocol === 'https:' && HOSTS.includes(pasted.hostname)
    const url = isPasted ? pasted : (webAddress(pasted, 'feishu', fail) ?? webAddress(pasted, 'lark', fail))
    if (!url) return null
    const where = `feishu ${url.hostname}`
    if (!HOOK.test(url.pathname))
      throw fail(filled(TEXTS.wrong.path, { where, path: '/open-apis/bot/v2/hook/…' }))
    const [secret] = queryOf(url).getAll('secret')
    if (secret !== undefined && !/^[\w-]+$/.test(secret))
      throw fail(filled(TEXTS.wrong.feishuSecret, { where }))
    url.search = ''
    const address: FeishuAddress = {
      kind: 'feishu',
      label: `feishu ${url.host}`,
      // The path is the bot. `secret` only signs.
      identity: identityOf('feishu', url.host, url.pathname),
      url: new Secret(url.href),
      key: secret === undefined ? null : new Secret(secret),
      connect: (means) => createFeishuReceiver(address, means),
    }
    return address
  },
} satisfies ReceiverKind

/** Feishu and Lark group bot: one interactive card, in a body of at most 20 KB. `code` decides. */
export function createFeishuReceiver(receiver: FeishuAddress, { post, now }: Means): Receiver {
  return {
    kind: 'feishu',
    label: receiver.label,
    idempotent: false,
    // The bot takes 100 a minute and 5 a second.
    windows: [
      { most: 90, perMs: 60_000 },
      { most: 4, perMs: 1_000 },
    ],
    async namesIn(digest, mentions) {
      const signature = signed(receiver, now())
      return printFeishu(await reportOf(digest), { mentions, mayRepeat: true, signature }).incidents
    },
    async send({ message, mentions, mayRepeat }, signal) {
      const signature = signed(receiver, now())
      const { text: body } = printFeishu(await reportOf(message), { mentions, mayRepeat, signature })
      const headers = { 'content-type': 'application/json; charset=utf-8' }
      const posted = await post(receiver.url.reveal(), { headers, body }, signal)
      if (posted.kind === 'failed') return posted.outcome
      // HTTP 400 has a code as well, and one of them asks for a later attempt.
      return limited(posted.body) ?? outcomeOfStatus(posted, now()) ?? outcomeOf(posted.body)
    },
  }
}

/** The time, in seconds, and the secret are the key. The message is empty (delivery facts 3). */
function signed({ key }: FeishuAddress, now: number): { timestamp?: string; sign?: string } {
  if (!key) return {}
  const timestamp = String(Math.floor(now / 1000))
  const sign = createHmac('sha256', `${timestamp}\n${key.reveal()}`).update('').digest('base64')
  return { timestamp, sign }
}

/** 9499 also means a bad request, so its words decide (delivery facts 3). */
function limited(body: string): Outcome | null {
  const code = codeIn(body, 'code')
  const answer = parseJson(body)
  const words = isObject(answer) && typeof answer.msg === 'string' ? answer.msg : ''
  if (code !== 11232 && !(code === 9499 && /too many/i.test(words))) return null
  return { kind: 'retry', afterMs: RATE_WAIT_MS, reason: `code ${code}, too many messages` }
}

const MEANINGS: Readonly<Record<number, string>> = {
  19021: ': signature or clock; check secret= in the address, and the clock of this machine',
  19022: ': the address of the sender is not allowed; add the one that clb-doctor sends from to the bot',
  19024: ': the keyword of the bot is missing; set one that every message has, for example CLB',
  19036: ': too long',
}

function outcomeOf(body: string): Outcome {
  const code = codeIn(body, 'code')
  if (code === null) return { kind: 'unknown', reason: 'the answer has no code' }
  if (code === 0) return { kind: 'delivered' }
  return { kind: 'permanent', reason: `code ${code}${MEANINGS[code] ?? ''}` }
}
