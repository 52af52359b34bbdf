import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { parseReceiverAddresses } from '../../src/delivery/index.ts'
import { createPost } from '../../src/delivery/post.ts'
import { createWebhookReceiver } from '../../src/delivery/webhook/index.ts'
import { NO_PROXIES } from '../../src/net/index.ts'
import { startWebhook } from '../support/receivers/webhook.ts'
import { expectDiagnosis } from '../support/schema.ts'
import { delivery } from './contract.ts'
import { everyHttpReceiver } from './http-contract.ts'
import { httpReceiver, type Taken } from './http-rig.ts'

const OLD = Buffer.from('planted-old-signing-key-0001').toString('base64')
const NEW = Buffer.from('planted-new-signing-key-0002').toString('base64')
const PATH = 'p1anted-path-77aa'
const QUERY = 'p1anted-query-88bb'

function receiverAt(port: number, secrets: readonly string[] = [OLD, NEW], now = Date.now, scheme = 'http') {
  const signing = secrets.map((secret) => `&secret=whsec_${encodeURIComponent(secret)}`).join('')
  const [receiver] = parseReceiverAddresses(
    `webhook+${scheme}://127.0.0.1:${port}/${PATH}?q=${QUERY}${signing}`,
  )
  if (receiver?.kind !== 'webhook') throw new Error('not a webhook')
  return createWebhookReceiver(receiver, createPost(NO_PROXIES), now)
}

const answers = {
  accepts: (res: import('node:http').ServerResponse) => res.writeHead(204).end(),
  refuses: (res: import('node:http').ServerResponse) => res.writeHead(410).end(),
  later: (res: import('node:http').ServerResponse) => res.writeHead(429, { 'retry-after': '7' }).end(),
}

const QUERIES = `q=${QUERY}&secret=whsec_${encodeURIComponent(OLD)}&secret=whsec_${encodeURIComponent(NEW)}`

everyHttpReceiver({
  name: 'the webhook',
  secrets: [OLD, NEW, PATH, QUERY],
  address: (scheme, host) => `webhook+${scheme}://${host}/${PATH}?${QUERIES}`,
  standIn: () => startWebhook(`/${PATH}`, [OLD, NEW]),
  standInAddress: (url) => `webhook+${url}?${QUERIES}`,
  accepts: { status: 204, body: '' },
  refuses: { status: 410, body: '' },
  later: { status: 429, headers: { 'retry-after': '7' }, body: '' },
  inside200: null,
  limit: null,
  chat: null,
})

async function sent(secrets?: readonly string[]): Promise<Taken> {
  const { port, taken, close } = await httpReceiver('accepts', answers)
  await receiverAt(port, secrets).send(delivery(), AbortSignal.timeout(3_000))
  await close()
  const [one] = taken
  if (!one) throw new Error('nothing arrived')
  return one
}

const signed = ({ headers }: Taken): Record<string, string> => ({
  'webhook-id': String(headers['webhook-id']),
  'webhook-timestamp': String(headers['webhook-timestamp']),
  'webhook-signature': String(headers['webhook-signature']),
})

describe('the webhook', () => {
  it('sends a structured CloudEvent with the Diagnosis', async () => {
    const { headers, body, path } = await sent()
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=UTF-8')
    const event = JSON.parse(body)
    expect(event).toMatchObject({
      specversion: '1.0',
      id: headers['webhook-id'],
      source: '/clb-doctor/ap-guangzhou/lb-7dpmqwcu',
      type: 'dev.clb-doctor.diagnosis.v1',
      subject: 'lb-7dpmqwcu',
      datacontenttype: 'application/json',
    })
    expectDiagnosis(event.data)
    expect(path).not.toContain('secret')
  })

  it('has a signature that the standardwebhooks package verifies with the old and with the new key', async () => {
    const one = await sent()
    for (const key of [OLD, NEW]) new Webhook(key).verify(one.body, signed(one))
    const other = Buffer.from('some-other-signing-key-00003').toString('base64')
    expect(() => new Webhook(other).verify(one.body, signed(one))).toThrow()
    expect(() => new Webhook(OLD).verify(`${one.body} `, signed(one))).toThrow()
  })

  it('has no signature if there is no secret', async () => {
    expect((await sent([])).headers['webhook-signature']).toBeUndefined()
  })

  it('keeps its id in all attempts, and gives each attempt its own timestamp', async () => {
    const { port, taken, close } = await httpReceiver('asks for a later attempt', answers)
    const times = [1_000_000, 9_000_000]
    const receiver = receiverAt(port, [OLD], () => times[taken.length] ?? 0)
    await receiver.send(delivery(1), AbortSignal.timeout(3_000))
    await receiver.send(delivery(2), AbortSignal.timeout(3_000))
    await close()
    expect(new Set(taken.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(taken.map(({ headers }) => headers['webhook-timestamp'])).toEqual(['1000', '9000'])
  })

  it.each([
    [{ 'retry-after': '7' }, 7_000, 'HTTP 503'],
    [{ 'retry-after': new Date(12_000).toUTCString() }, 12_000, 'HTTP 503'],
    [{ 'retry-after': 'soon' }, 0, 'HTTP 503'],
    [{ 'retry-after': '3600' }, 3_600_000, 'HTTP 503, asks for silence for 60 minutes'],
    [{ 'retry-after': '999999' }, 24 * 3_600_000, 'HTTP 503, asks for silence for 1440 minutes'],
    [{}, 0, 'HTTP 503'],
  ])('with the headers %j asks for a retry after %i ms', async (headers, afterMs, reason) => {
    const { port, close } = await httpReceiver((res) => res.writeHead(503, headers).end(), answers)
    expect(await receiverAt(port, [OLD], () => 0).send(delivery(), AbortSignal.timeout(3_000))).toMatchObject(
      {
        kind: 'retry',
        afterMs,
        reason,
      },
    )
    await close()
  })

  it.each([301, 302, 307, 308, 400, 404])(
    'fails permanently at HTTP %i, and follows no redirect',
    async (status) => {
      const { port, taken, close } = await httpReceiver(
        (res) => res.writeHead(status, { location: `http://127.0.0.1:${port}/again` }).end(),
        answers,
      )
      expect(await receiverAt(port).send(delivery(), AbortSignal.timeout(3_000))).toMatchObject({
        kind: 'permanent',
      })
      expect(taken).toHaveLength(1)
      await close()
    },
  )
})
