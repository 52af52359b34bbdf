import { Secret } from '../../model/secret.ts'
import { reportOf } from '../../render/index.ts'
import { printSlack } from '../../render/printers/slack.ts'
import { filled } from '../../text/index.ts'
import { type Address, type Means, type ReceiverKind, webAddress } from '../address.ts'
import { outcomeOfStatus } from '../post.ts'
import type { Outcome, Receiver } from '../receiver.ts'
import { TEXTS } from '../texts.ts'

const HOOK = /^\/services(\/[A-Za-z0-9]+)+$/

interface SlackAddress extends Address {
  readonly kind: 'slack'
  readonly url: Secret
}

export const slack = {
  form: TEXTS.forms.slack,
  parse(pasted, fail): SlackAddress | null {
    const isPasted = pasted.protocol === 'https:' && pasted.hostname === 'hooks.slack.com'
    const url = isPasted ? pasted : webAddress(pasted, 'slack', fail)
    if (!url) return null
    if (!HOOK.test(url.pathname))
      throw fail(filled(TEXTS.wrong.noService, { where: `slack ${url.hostname}` }))
    const address: SlackAddress = {
      kind: 'slack',
      label: `slack ${url.host}`,
      url: new Secret(url.href),
      connect: (means) => createSlackReceiver(address, means),
    }
    return address
  },
} satisfies ReceiverKind

/** Slack incoming webhook: blocks, and a text for notifications. Only the answer `ok` is success. */
export function createSlackReceiver(receiver: SlackAddress, { post, now }: Means): Receiver {
  return {
    kind: 'slack',
    label: receiver.label,
    idempotent: false,
    // About one a second (delivery facts 3).
    windows: [{ most: 1, perMs: 1_000 }],
    async send({ message, mentions, mayRepeat }, signal) {
      const body = printSlack(await reportOf(message), { mentions, mayRepeat })
      const headers = { 'content-type': 'application/json; charset=utf-8' }
      const posted = await post(receiver.url.reveal(), { headers, body }, signal)
      if (posted.kind === 'failed') return posted.outcome
      const outcome = outcomeOfStatus(posted, now()) ?? outcomeOf(posted.body)
      const word = wordIn(posted.body)
      return outcome.kind === 'permanent' && posted.status !== 200 && word !== null
        ? { kind: 'permanent', reason: `${outcome.reason}: ${word}` }
        : outcome
    },
  }
}

function outcomeOf(body: string): Outcome {
  const word = wordIn(body)
  if (word === 'ok') return { kind: 'delivered' }
  return word === null
    ? { kind: 'unknown', reason: 'the answer is not a word of Slack' }
    : { kind: 'permanent', reason: word }
}

/** Slack's errors are words such as `channel_is_archived`. Anything else stays out of the log. */
const wordIn = (body: string): string | null => /^(?!null$)[a-z_]{2,60}$/.exec(body.trim())?.[0] ?? null
