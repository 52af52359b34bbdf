import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { parseReceiverAddresses } from '../../src/delivery/index.ts'
import type { Outcome } from '../../src/delivery/receiver.ts'
import { KINDS } from '../../src/delivery/receivers.ts'
import { Secret } from '../../src/model/secret.ts'
import {
  createAgent,
  guardedLookup,
  isInnerHost,
  NO_PROXIES,
  type Proxies,
  post,
} from '../../src/net/index.ts'
import { listen, startProxy } from '../net/connect-proxy.ts'
import { delivery } from './contract.ts'
import { receiverOf } from './http-contract.ts'

const NOT_ALLOWED = { allowPrivate: false }
const REFUSED = { kind: 'permanent', reason: expect.stringContaining('"allowPrivate": true') }

/** A port of loopback that counts its connections. */
async function counting() {
  let connections = 0
  const server = net.createServer((socket) => {
    connections += 1
    socket.on('error', () => {}).destroy()
  })
  const port = await listen(server)
  return { port, connections: () => connections, close: () => server.close() }
}

function sent(address: string, permission = NOT_ALLOWED, proxies: Proxies = NO_PROXIES): Promise<Outcome> {
  const receiver = receiverOf(address, Date.now, [], { permission, proxies })
  return receiver.send(delivery(), AbortSignal.timeout(3_000))
}

/** Each kind of receiver over https, at a host. */
const ADDRESSES: readonly (readonly [string, (host: string) => string])[] = [
  ['webhook', (host) => `webhook+https://${host}/hook`],
  ['alertmanager', (host) => `alertmanager+https://${host}/hook`],
  ['wecom', (host) => `wecom+https://${host}/cgi-bin/webhook/send?key=abcdef12`],
  ['wecomapp', (host) => `wecomapp+https://corp:secret@${host}/?agent=1&to=li`],
  ['dingtalk', (host) => `dingtalk+https://${host}/robot/send?access_token=abc`],
  ['feishu', (host) => `feishu+https://${host}/open-apis/bot/v2/hook/x`],
  ['slack', (host) => `slack+https://${host}/services/A/B/c`],
  ['jira', (host) => `jira+https://u:t@${host}/?project=OPS`],
  ['github', (host) => `github+https://token@${host}/repos/shop/ops`],
  ['tapd', (host) => `tapd+https://u:p@${host}/?workspace=1`],
]

it('knows every kind of receiver', () => {
  expect([...ADDRESSES.map(([kind]) => kind), 'smtp'].toSorted()).toEqual(Object.keys(KINDS).toSorted())
})

describe.each(ADDRESSES)('%s', (kind, at) => {
  it.each([
    [
      'loopback',
      ['127.0.0.1', '127.8.9.1', 'localhost', 'LOCALHOST.', 'app.localhost', '[::1]', '0.0.0.0', '[::]'],
    ],
    ['loopback in other forms', ['2130706433', '0x7f.1', '017700000001', '127.1', '[::ffff:127.0.0.1]']],
    [
      'an IPv6 form of an IPv4 address',
      [
        '[::ffff:a9fe:17]',
        '[::7f00:1]',
        '[64:ff9b::a9fe:a9fe]',
        '[64:ff9b:1::a9fe:a9fe]',
        '[64:ff9b:1:a9fe:a9:fe00::]',
        '[64:ff9b:1:a9:fe:a9fe::]',
        '[64:ff9b:1:0:a9:fea9:fe00:0]',
        '[2002:a9fe:a9fe::1]',
        '[2002:7f00:1::]',
        '[::ffff:0:a9fe:a9fe]',
        '[::ffff:0:127.0.0.1]',
      ],
    ],
    ['link-local', ['169.254.0.23', '169.254.169.254', '[fe80::1]', '[febf::1]']],
    [
      'metadata',
      [
        'metadata.tencentyun.com',
        '100.100.100.200',
        '[fd00:ec2::254]',
        'metadata.google.internal',
        'METADATA',
        'instance-data.',
      ],
    ],
  ])('leads to %s only if that is allowed by name', async (_, hosts) => {
    const server = await counting()
    for (const host of hosts)
      expect([host, await sent(at(`${host}:${server.port}`))]).toEqual([host, REFUSED])
    expect(server.connections()).toBe(0)
    await sent(at(`127.0.0.1:${server.port}`), { allowPrivate: true })
    expect(server.connections()).toBe(1)
    server.close()
  })

  it('leads through a proxy to a name, and not to an address that is not allowed', async () => {
    await using proxy = await startProxy(() => ({ status: 502 }))
    const proxies = { ...NO_PROXIES, https: new Secret(`http://127.0.0.1:${proxy.port}`) }
    for (const host of ['169.254.0.23', 'metadata', 'instance-data'])
      expect(await sent(at(host), NOT_ALLOWED, proxies)).toEqual(REFUSED)
    expect(proxy.targets).toEqual([])
    expect(await sent(at('hooks.example.com'), NOT_ALLOWED, proxies)).toMatchObject({
      kind: 'retry',
    })
    expect(proxy.targets).toEqual(['hooks.example.com:443'])
  })

  it('leads to loopback over plain http, which goes nowhere else', async () => {
    const server = await counting()
    await sent(at(`127.0.0.1:${server.port}`).replace(`${kind}+https`, `${kind}+http`))
    expect(server.connections()).toBe(1)
    server.close()
  })
})

describe('smtp', () => {
  const at = (host: string) => `smtps://u:p@${host}/?from=a@example.com&to=b@example.com`

  it.each([
    '169.254.169.254',
    '169.254.0.23',
    '[fe80::1]',
    'metadata.tencentyun.com',
    '[64:ff9b::a9fe:a9fe]',
  ])('leads to %s only if that is allowed by name', async (host) => {
    expect(await sent(at(host))).toEqual(REFUSED)
    const [allowed] = parseReceiverAddresses(at(host), { allowPrivate: true })
    expect(allowed).toMatchObject({ isGuarded: false, mayLeadInside: true })
  })

  it.each(['127.0.0.1', 'localhost', '[::1]'])('leads to a mail server of this machine: %s', async (host) => {
    const server = await counting()
    expect(await sent(at(`${host}:${server.port}`))).not.toEqual(REFUSED)
    server.close()
  })
})

it.each([
  '10.0.1.16',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.5',
  '203.0.113.9',
  '[fd12::1]',
  '[::ffff:a00:1]',
  '[64:ff9b::a00:1]',
  '[64:ff9b:1::a00:1]',
  '[64:ff9b:1:a00:0:100::]',
  '[2002:a00:1::1]',
  '[::ffff:0:a00:1]',
  'metadata.example.com',
  'hooks.example.com',
  'mylocalhost',
])('a company and the Internet may be told at %s', (host) => expect(isInnerHost(host)).toBe(false))

it('a name is refused by what it resolves to at the moment of connecting', async () => {
  const server = await counting()
  // The check of written names does not know this agent, so only the answer of the resolver can refuse.
  const url = new URL(`https://localhost:${server.port}/`)
  const agent = await createAgent(url, NO_PROXIES, { lookup: guardedLookup })
  const limits = { connect: 3_000, head: 3_000, body: 3_000 }
  const request = { headers: {}, body: 'x', agent, signal: AbortSignal.timeout(3_000), limits }
  await expect(post(url, request)).rejects.toMatchObject({ code: 'InnerAddress', isConnected: false })
  expect(server.connections()).toBe(0)
  server.close()
})
