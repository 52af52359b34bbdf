import { Secret } from '../../model/secret.ts'
import { reportOf } from '../../render/index.ts'
import { printWecom } from '../../render/printers/wecom.ts'
import { filled } from '../../text/index.ts'
import { type Address, identityOf, type Means, type ReceiverKind, webAddress } from '../address.ts'
import { codeIn, outcomeOfStatus } from '../post.ts'
import type { Outcome, Receiver } from '../receiver.ts'
import { TEXTS } from '../texts.ts'
import { createFileSender } from './file.ts'

/** The bot is blocked until the window of its rate limit, one minute, has passed (delivery facts 1.1). */
const RATE_WINDOW_MS = 60_000
/** WeCom's own advice for the answer "busy" (delivery facts 1.1). */
const BUSY_RETRIES = 3

/** The documented keys are UUIDs. */
const KEY = /^[a-z0-9][\w-]*$/i

/** What to write for the other receiver of WeCom. */
const APPLICATION = 'wecomapp+https://corpid:secret@qyapi.weixin.qq.com/?agent=1000002&to=zhangsan'
const OF_APPLICATION = ['agent', 'agentid', 'corpid', 'corpsecret', 'access_token']

/** The address of an application has a login, or parts that the API of applications has. */
const isOfApplication = ({ username, password, pathname, searchParams }: URL): boolean =>
  username + password !== '' ||
  /\/cgi-bin\/(gettoken|message\/send)\/?$/.test(pathname) ||
  OF_APPLICATION.some((name) => searchParams.has(name))

interface WecomAddress extends Address {
  readonly kind: 'wecom'
  readonly url: Secret
}

export const wecom = {
  form: TEXTS.forms.wecom,
  parse(pasted, fail): WecomAddress | null {
    const isPasted = pasted.protocol === 'https:' && pasted.hostname === 'qyapi.weixin.qq.com'
    const url = isPasted ? pasted : webAddress(pasted, 'wecom', fail)
    if (!url) return null
    const [key, ...others] = url.searchParams.getAll('key')
    const where = `wecom ${url.hostname}`
    if (!key && isOfApplication(url))
      throw fail(filled(TEXTS.wrong.application, { where, form: APPLICATION }))
    if (!key) throw fail(filled(TEXTS.wrong.parameter, { where, name: 'key' }))
    if (!KEY.test(key) || others.length > 0) throw fail(filled(TEXTS.wrong.badKey, { where }))
    const address: WecomAddress = {
      kind: 'wecom',
      label: `wecom ${url.host}`,
      // The key is the bot.
      identity: identityOf('wecom', url.host, url.pathname, key),
      url: new Secret(url.href),
      connect: (means) => createWecomReceiver(address, means),
    }
    return address
  },
} satisfies ReceiverKind

/**
 * WeCom group bot: one markdown message of at most 4096 bytes, and the whole report as a file if that was cut. The answer's `errcode` decides; HTTP 200 alone proves
 * nothing. The bot has no idempotency key, so a retry after an unknown outcome may show the message twice.
 */
export function createWecomReceiver(receiver: WecomAddress, means: Means): Receiver {
  const { post, now } = means
  const files = createFileSender(receiver.url.reveal(), means)
  return {
    kind: 'wecom',
    label: receiver.label,
    idempotent: false,
    // The bot takes 20 a minute (delivery facts 1.1). Files count, too.
    windows: [{ most: 18, perMs: 60_000 }],
    namesIn: async (digest, mentions) =>
      printWecom(await reportOf(digest), undefined, { mentions, mayRepeat: true }).incidents,
    async send({ message, mentions, mayRepeat, room }, signal) {
      const report = await reportOf(message)
      const { text: content } = printWecom(report, undefined, { mentions, mayRepeat })
      const body = JSON.stringify({ msgtype: 'markdown', markdown: { content } })
      const headers = { 'content-type': 'application/json; charset=utf-8' }
      const posted = await post(receiver.url.reveal(), { headers, body }, signal)
      if (posted.kind === 'failed') return posted.outcome
      const outcome = outcomeOfStatus(posted, now()) ?? outcomeOf(posted.body)
      const whole = printWecom(report, Number.POSITIVE_INFINITY, { mentions, mayRepeat })
      if (outcome.kind !== 'delivered' || content === whole.text) return outcome
      // The group has the message. Without the file it is delivered in part.
      const { problem, isCounted } = await files.send(message, room, signal)
      return {
        ...outcome,
        ...(isCounted ? { extra: 1 } : {}),
        ...(problem === null ? {} : { reason: `without the file: ${problem}` }),
      }
    },
  }
}

/** Answers that last until somebody changes something (delivery facts 1.2). */
const MEANINGS: Readonly<Record<number, string>> = {
  93000: 'the bot was removed, or its key is wrong; paste its address again',
  93004: 'the bot is disabled; enable it in the group',
  93008: 'the bot is not in the group any more; add it, and paste its address again',
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
    case 45033:
      return { kind: 'retry', afterMs: 0, reason: 'errcode 45033' }
    case 45009:
      return { kind: 'retry', afterMs: RATE_WINDOW_MS, reason: 'errcode 45009' }
    default: {
      const meaning = MEANINGS[errcode]
      return { kind: 'permanent', reason: `errcode ${errcode}${meaning === undefined ? '' : `: ${meaning}`}` }
    }
  }
}
