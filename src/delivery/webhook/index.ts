import { createHmac } from 'node:crypto'
import { isDiagnosis, isNotice, kindOf } from '../../model/message.ts'
import { Secret } from '../../model/secret.ts'
import { jsonFormOf, renderAlert } from '../../render/index.ts'
import { filled } from '../../text/index.ts'
import { type Address, type Fail, identityOf, queryOf, type ReceiverKind, webAddress } from '../address.ts'
import { isWebPage, outcomeOfStatus, PATIENT_ATTEMPT_MS, type PostOnce, WEB_PAGE } from '../post.ts'
import type { Delivery, Receiver } from '../receiver.ts'
import { TEXTS } from '../texts.ts'
import { alertGroupOf } from './alert-group.ts'

interface WebhookAddress extends Address {
  readonly kind: 'webhook'
  readonly url: Secret
  /** Decoded signing keys. Several during a rotation. Empty: messages are not signed. */
  readonly keys: readonly Secret[]
  /** `cloudevent`: what we call it. `alertmanager-v4`: as an Alertmanager tells its webhooks. */
  readonly body: Body
}

type Body = 'cloudevent' | 'alertmanager-v4'

export const webhook = {
  parse(given, fail): WebhookAddress | null {
    const url = webAddress(given, 'webhook', fail)
    if (!url) return null
    const keys = queryOf(url)
      .getAll('secret')
      .map((secret) => keyIn(secret, url, fail))
    const body = bodyIn(url, fail)
    // The other parameters stay as written. searchParams would encode them again and break a URL that is itself signed.
    url.search = url.search
      .slice(1)
      .split('&')
      .filter((pair) => !/^(secret|body)=/.test(pair))
      .join('&')
    const address: WebhookAddress = {
      kind: 'webhook',
      label: `webhook ${url.host}`,
      // Nobody knows which of its parameters may rotate.
      identity: identityOf('webhook', url.host, url.pathname, url.search),
      variant: body,
      url: new Secret(url.href),
      keys,
      body,
      connect: ({ post, now }) => createWebhookReceiver(address, post, now),
    }
    return address
  },
} satisfies ReceiverKind

function keyIn(secret: string, { hostname }: URL, fail: Fail): Secret {
  const body = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  const bytes = body === undefined ? 0 : Buffer.from(body, 'base64').length
  if (body === undefined || bytes < 24 || bytes > 64)
    throw fail(filled(TEXTS.wrong.secret, { where: `webhook ${hostname}` }))
  return new Secret(body)
}

function bodyIn(url: URL, fail: Fail): Body {
  const given = queryOf(url).getAll('body')
  if (given.some((body) => body !== 'alertmanager-v4'))
    throw fail(filled(TEXTS.wrong.body, { where: `webhook ${url.hostname}` }))
  return given.length > 0 ? 'alertmanager-v4' : 'cloudevent'
}

/**
 * The Diagnosis or Scan as a structured CloudEvent 1.0, signed by Standard Webhooks 1.0. `webhook-id` is the event's id
 * and the same for every attempt, so that the receiver can drop repeats.
 */
export function createWebhookReceiver(receiver: WebhookAddress, post: PostOnce, now: () => number): Receiver {
  return {
    kind: 'webhook',
    label: receiver.label,
    idempotent: true,
    attemptMs: PATIENT_ATTEMPT_MS,
    async send(delivery, signal) {
      const content = await contentOf(receiver.body, delivery, now())
      if (!content) return { kind: 'delivered', reason: 'a scan makes no alert' }
      const { body, type, reference } = content
      const timestamp = String(Math.floor(now() / 1000))
      const headers = {
        'content-type': type,
        'webhook-id': delivery.id,
        'webhook-timestamp': timestamp,
        ...(receiver.keys.length > 0
          ? { 'webhook-signature': sign(receiver, `${delivery.id}.${timestamp}.${body}`) }
          : {}),
      }
      const posted = await post(receiver.url.reveal(), { headers, body, isPatient: true }, signal)
      if (posted.kind === 'failed') return posted.outcome
      const isTaken = posted.status >= 200 && posted.status < 300
      const refusal = isTaken ? null : outcomeOfStatus(posted, now())
      // A message counts by its status alone. A person who tests wants to know that a web page answers.
      if (isTaken && kindOf(delivery.message) === 'test' && isWebPage(posted)) return WEB_PAGE
      return refusal ?? { kind: 'delivered', ...(reference === undefined ? {} : { reference }) }
    },
  }
}

interface Written {
  readonly body: string
  readonly type: string
  readonly reference?: string
}

/** Null: a message that this kind of body cannot hold. */
async function contentOf(body: Body, delivery: Delivery, now: number): Promise<Written | null> {
  if (body === 'cloudevent')
    return {
      body: JSON.stringify(cloudEvent(delivery)),
      type: 'application/cloudevents+json; charset=UTF-8',
    }
  const { message, reference } = delivery
  const group = alertGroupOf(message, { words: await renderAlert(message), now, reference })
  return group && { body: JSON.stringify(group.body), type: 'application/json', reference: group.reference }
}

const sign = ({ keys }: WebhookAddress, content: string): string =>
  keys
    .map((key) => Buffer.from(key.reveal(), 'base64'))
    .map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`)
    .join(' ')

/**
 * An incident of one CLB is its Diagnosis, with the incident in attributes of the event. One of several CLBs is the whole
 * notice.
 */
function cloudEvent({ id, message }: Delivery): Readonly<Record<string, unknown>> {
  const notice = isNotice(message) ? message : null
  const content = notice && notice.members.length <= 1 ? notice.lead : message
  const clb = isDiagnosis(content) ? content.loadBalancer : null
  return {
    specversion: '1.0',
    id,
    source: clb
      ? `/clb-doctor/${encodeURIComponent(clb.region)}/${encodeURIComponent(clb.id)}`
      : '/clb-doctor',
    type: `dev.clb-doctor.${kindOf(content)}.v1`,
    time: message.createdAt,
    ...(clb ? { subject: clb.id } : {}),
    ...(notice
      ? { incident: notice.incident.id, incidentstate: notice.incident.state, reason: notice.news.join(', ') }
      : {}),
    datacontenttype: 'application/json',
    data: jsonFormOf(content),
  }
}
