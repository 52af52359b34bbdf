import { describe, expect, it } from 'vitest'
import { type Hint, hintOf } from '../../src/delivery/hint.ts'
import type { Outcome, Receiver } from '../../src/delivery/receiver.ts'
import type { TestMessage } from '../../src/model/incident.ts'
import { startMailServer } from '../support/receivers/smtp.ts'
import { delivery } from './contract.ts'
import { failedConnections } from './failed-connections.ts'
import { receiverOf } from './http-contract.ts'
import { httpReceiver } from './http-rig.ts'

// What a person has to look at, from outcomes of real connections.

const TEST: TestMessage = {
  kind: 'test',
  id: 'te-0000000000000001',
  createdAt: '2026-11-20T00:00:00.000Z',
  language: 'en',
  receiver: 'x',
}

const sent = (receiver: Receiver, withinMs = 700): Promise<Outcome> =>
  receiver.send(delivery(1, { message: TEST }), AbortSignal.timeout(withinMs))

function hintIn(outcome: Outcome): Hint | 'delivered' {
  return outcome.kind === 'delivered' ? 'delivered' : hintOf(outcome)
}

async function hintWith(
  behaviour: Parameters<typeof httpReceiver>[0],
  addressOf: (host: string) => string,
): Promise<Hint | 'delivered'> {
  const { port, close } = await httpReceiver(behaviour, { accepts() {}, refuses() {}, later() {} })
  const outcome = await sent(receiverOf(addressOf(`127.0.0.1:${port}`)))
  await close()
  return hintIn(outcome)
}

const webhook = (host: string): string => `webhook+http://${host}/hook`
const jira = (host: string): string => `jira+http://a%40example.com:token@${host}/?project=OPS`

describe('the hint of an outcome', () => {
  it('tells TLS, a proxy and a host that does not answer apart', async () => {
    const outcomes = await failedConnections((host, proxies) =>
      sent(receiverOf(`webhook+https://${host}/hook`, Date.now, [], { proxies })),
    )
    const hints = outcomes.map(([failure, outcome]) => [failure, hintIn(outcome)])
    expect(Object.fromEntries(hints)).toEqual({
      'an untrusted certificate': 'tls',
      'a reset during the TLS handshake': 'away',
      'a server without TLS': 'tls',
      'a TLS handshake that never ends': expect.stringMatching(/^(tls|silent)$/),
      'a proxy that wants a login': 'proxy',
      'a proxy that forbids the host': 'proxy',
      'a proxy that cannot reach the host': 'proxy',
      'a proxy that never answers': expect.stringMatching(/^(proxy|silent)$/),
      'a proxy that is not there': 'proxy',
    })
  })

  it('of a message that may have arrived is to look there, of a look that it came too late', async () => {
    expect(await hintWith('never answers', webhook)).toBe('lost')
    expect(await hintWith('resets during its answer', webhook)).toBe('lost')
    expect(await hintWith('never answers', jira)).toBe('late')
  })

  it('is left out where the reason says what to do', async () => {
    const refused = (status: number) => (res: { writeHead(status: number): { end(body: string): void } }) =>
      res.writeHead(status).end('{}')
    expect(await hintWith(refused(401), jira)).toBe('none')
    expect(await hintWith(refused(401), webhook)).toBe('login')
    expect(
      hintIn(
        await sent(
          receiverOf('webhook+https://169.254.0.23/', Date.now, [], { permission: { allowPrivate: false } }),
        ),
      ),
    ).toBe('none')
  })

  it('of a mail server is read from its code, with words of its own or without', async () => {
    const server = await startMailServer({ answerTo: () => 450 })
    const busy = receiverOf(`smtp://127.0.0.1:${server.port}/?from=a@example.com&to=b@example.com`)
    expect(hintIn(await sent(busy, 3_000))).toBe('server')
    await server.close()
  })
})
