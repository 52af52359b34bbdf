import { randomBytes } from 'node:crypto'
import { hintOf, type Outcome, type ReceiverAddress, sendOnce } from '../delivery/index.ts'
import type { TestMessage } from '../model/incident.ts'
import type { Language } from '../model/language.ts'
import { mark, sentences, t } from '../text/index.ts'
import type { ConfiguredReceiver } from './receivers.ts'
import { TEXTS } from './texts.ts'
import type { ToldConfig } from './told.ts'

const WORDS = TEXTS.test
const ATTEMPT_MS = 12_000

export interface TestAnswer {
  readonly isTaken: boolean
  /** One line: the receiver, what it answered, and what to do. Without secrets. */
  readonly line: string
}

/** Sends a harmless message once to each receiver, without mentions. The answers are in the order of the receivers. */
export function testReceivers(
  receivers: readonly ConfiguredReceiver[],
  config: Pick<ToldConfig, 'proxies'> & { readonly language: Language; readonly timeZone: string | null },
  reader: Language,
): Promise<readonly TestAnswer[]> {
  return Promise.all(
    receivers.map(async (one) => {
      const message: TestMessage = {
        kind: 'test',
        id: `te-${randomBytes(8).toString('hex')}`,
        createdAt: new Date().toISOString(),
        language: one.language ?? config.language,
        ...(config.timeZone === null ? {} : { timeZone: config.timeZone }),
        receiver: one.name,
      }
      const delivery = {
        id: message.id,
        threadId: message.id,
        subjectFor: (fresh: string) => fresh,
        message,
        attempt: 1,
        mayRepeat: false,
        triedAt: null,
        mentions: [],
        reference: null,
        room: 1,
      }
      const options = { proxies: config.proxies, now: Date.now, attemptMs: ATTEMPT_MS }
      return answerOf(one, await sendOnce(one.address, delivery, options), reader)
    }),
  )
}

/** What an outcome of success proves, by the kind of receiver. */
const PROVES = {
  wecom: 'delivered',
  wecomapp: 'delivered',
  dingtalk: 'delivered',
  feishu: 'delivered',
  slack: 'delivered',
  alertmanager: 'alert',
  jira: 'right',
  github: 'right',
  tapd: 'right',
  webhook: 'taken',
  smtp: 'mail',
} as const satisfies Readonly<Record<ReceiverAddress['kind'], keyof typeof WORDS>>

function answerOf({ name, address }: ConfiguredReceiver, outcome: Outcome, language: Language): TestAnswer {
  const answer =
    outcome.kind === 'delivered'
      ? successText(address.kind, outcome, language)
      : failureText(address.kind, outcome, language)
  return {
    isTaken: outcome.kind === 'delivered',
    line: t(WORDS.line, { name, label: address.label, answer }, language),
  }
}

function successText(
  kind: ReceiverAddress['kind'],
  { reason = '', isCheck }: Extract<Outcome, { readonly kind: 'delivered' }>,
  language: Language,
): string {
  if (reason === '') return t(WORDS[PROVES[kind]], {}, language)
  return t(WORDS[isCheck ? 'rightBut' : 'partly'], { reason }, language)
}

/** A ticket was not sent: it was only looked whether one can be made. */
function failureText(
  kind: ReceiverAddress['kind'],
  outcome: Exclude<Outcome, { readonly kind: 'delivered' }>,
  language: Language,
): string {
  const { reason } = outcome
  const hint = hintOf(outcome)
  const key = outcome.kind === 'retry' && PROVES[kind] === 'right' ? 'unchecked' : outcome.kind
  const text = t(WORDS[key], { reason }, language)
  if (hint === 'none') return text
  return sentences([`${text}${mark('stop', language)}`, WORDS.hints[hint][language]], language)
}
