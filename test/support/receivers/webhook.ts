import { Webhook } from 'standardwebhooks'
import { objectIn, type StandIn, standIn } from './stand-in.ts'

/** A receiver of signed CloudEvents that verifies the signature with every key, as Standard Webhooks asks for. */
export function startWebhook(path: string, keys: readonly string[]): Promise<StandIn> {
  return standIn(path, ({ headers, body }, show) => {
    const signed = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]),
    )
    try {
      // `verify` knows one clock, that of the machine. So the signature is made again.
      const expected = keys.map((key) =>
        new Webhook(key).sign(String(signed['webhook-id']), timeOf(signed), body),
      )
      if (signed['webhook-signature'] !== expected.join(' ')) return { status: 401, body: '' }
    } catch {
      return { status: 401, body: '' }
    }
    const event = objectIn(body)
    const isEvent = event?.specversion === '1.0' && event.id === headers['webhook-id']
    if (!isEvent || headers['content-type'] !== 'application/cloudevents+json; charset=UTF-8')
      return { status: 415, body: '' }
    show({ text: body, mentions: [] })
    return { status: 204, body: '' }
  })
}

const timeOf = (signed: Readonly<Record<string, string>>): Date =>
  new Date(Number(signed['webhook-timestamp']) * 1000)
