import { Secret } from '../../model/secret.ts'
import { reportOf } from '../../render/index.ts'
import { printSlack } from '../../render/printers/slack.ts'
import { filled } from '../../text/index.ts'
import { type Address, identityOf, type Means, type ReceiverKind, webAddress } from '../address.ts'
import { outcomeOfStatus } from '../post.ts'
import type { Outcome, Receiver } from '../receiver.ts'
import { TEXTS } from '../texts.ts'

const HOOK = /^\/services(\/[A-Za-z0-9]+)+$/

interface SlackAddress extends Address {
  readonly kind: 'slack'
  readonly url: Secret
}

export const slack = {
  parse(pasted, fail): SlackAddress | null {
    const isPasted = pasted.protocol === 'https:' && pasted.hostname === 'hooks.slack.com'
    const url = isPasted ? pasted : webAddress(pasted, 'slack', fail)
    if (!url) return null
    if (!HOOK.test(url.pathname))
      throw fail(filled(TEXTS.wrong.path, { where: `slack ${url.hostname}`, path: '/services/…' }))
    const address: SlackAddress = {
      kind: 'slack',
      label: `slack ${url.host}`,
      identity: identityOf('slack', url.host, hookIn(url.pathname)),
      url: new Secret(url.href),
      connect: (means) => createSlackReceiver(address, means),
    }
    return address
  },
} satisfies ReceiverKind

/** Team and webhook. The token behind them can be made anew. */
const hookIn = (path: string): string => /^\/services\/T\w+\/B\w+(?=\/\w+$)/.exec(path)?.[0] ?? path

/** Slack incoming webhook: blocks, and a text for notifications. Only the answer `ok` is success. */
export function createSlackReceiver(receiver: SlackAddress, { post, now }: Means): Receiver {
  return {
    kind: 'slack',
    label: receiver.label,
    idempotent: false,
    // About one a second (delivery facts 3).
    windows: [{ most: 1, perMs: 1_000 }],
    namesIn: async (digest, mentions) =>
      printSlack(await reportOf(digest), { mentions, mayRepeat: true }).incidents,
    async send({ message, mentions, mayRepeat }, signal) {
      const { text: body } = printSlack(await reportOf(message), { mentions, mayRepeat })
      const headers = { 'content-type': 'application/json; charset=utf-8' }
      const posted = await post(receiver.url.reveal(), { headers, body }, signal)
      if (posted.kind === 'failed') return posted.outcome
      const outcome = outcomeOfStatus(posted, now()) ?? outcomeOf(posted.body)
      const word = wordIn(posted.body)
      return outcome.kind === 'permanent' && posted.status !== 200 && word !== null
        ? { kind: 'permanent', reason: `${outcome.reason}: ${meant(word)}` }
        : outcome
    },
  }
}

function outcomeOf(body: string): Outcome {
  const word = wordIn(body)
  if (word === 'ok') return { kind: 'delivered' }
  if (word !== null) return { kind: 'permanent', reason: meant(word) }
  return /^[a-z_]{2,60}$/.test(body.trim()) && body.trim() !== 'null'
    ? { kind: 'permanent', reason: 'an error that clb-doctor does not know' }
    : { kind: 'unknown', reason: 'the answer is not a word of Slack' }
}

/** Slack's answers (delivery facts 3). Any other word stays out of the log: a server can echo the address. */
const WORDS = new Set([
  'ok',
  ...['invalid_payload', 'invalid_blocks', 'invalid_token', 'no_text', 'too_many_attachments'],
  ...['msg_blocks_too_long', 'no_service', 'service_not_found', 'no_active_hooks', 'no_team'],
  ...['team_disabled', 'user_not_found', 'channel_not_found', 'channel_is_archived', 'is_archived'],
  ...['action_prohibited', 'posting_to_general_channel_denied', 'rate_limited', 'rollup_error'],
])

const NEW_WEBHOOK = 'the webhook was removed or switched off; make a new one'
const OTHER_CHANNEL = 'the channel was archived or removed; make a webhook of another one'
const ADMINISTRATOR = 'an administrator of the workspace forbids it; ask one'
const MEANINGS: Readonly<Record<string, string>> = {
  invalid_token: NEW_WEBHOOK,
  no_service: NEW_WEBHOOK,
  service_not_found: NEW_WEBHOOK,
  no_active_hooks: NEW_WEBHOOK,
  channel_not_found: OTHER_CHANNEL,
  channel_is_archived: OTHER_CHANNEL,
  is_archived: OTHER_CHANNEL,
  action_prohibited: ADMINISTRATOR,
  posting_to_general_channel_denied: ADMINISTRATOR,
  team_disabled: ADMINISTRATOR,
}

const meant = (word: string): string => (MEANINGS[word] === undefined ? word : `${word}: ${MEANINGS[word]}`)

const wordIn = (body: string): string | null => (WORDS.has(body.trim()) ? body.trim() : null)
