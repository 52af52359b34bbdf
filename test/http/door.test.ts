import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAttempts, sourceOf } from '../../src/http/attempts.ts'
import { createTally } from '../../src/http/tally.ts'
import { PLANTED, PLANTED_KINDS } from '../support/planted.ts'
import { ALARM_TOKEN, API_TOKEN, appWith, served, TOKENS } from './support.ts'

const basic = (password: string) => `Basic ${Buffer.from(`any:${password}`).toString('base64')}`
const post = (headers: Record<string, string> = {}) => ({ method: 'POST', headers })

const detailOf = async (reply: Response) => ((await reply.json()) as { detail: string }).detail

describe('the door', () => {
  it('lets nobody through to any route without a token, except to /healthz and an address check', async () => {
    const { app } = appWith()
    // Routes that are registered later are behind it, too, wherever they are.
    app.get('/v1/later', (c) => c.text('open'))
    app.post('/metrics/later', (c) => c.text('open'))
    app.get('/elsewhere', (c) => c.text('open'))
    const answers: string[] = []
    for (const { method, path } of app.routes) {
      if (method === 'ALL') continue
      const { status } = await app.request(path.replace(':id', 'x'), { method })
      answers.push(`${method} ${path} ${status}`)
    }
    expect(answers.filter((answer) => !answer.endsWith(' 401')).sort()).toEqual([
      'GET / 404',
      'GET /alarms 200',
      'GET /elsewhere 404',
      'GET /healthz 200',
    ])
    expect(answers.length).toBeGreaterThan(8)
  })

  it.each(['?token=', 'Bearer', 'Basic'])('takes a token as %s', async (how) => {
    const { app } = appWith()
    const call = (path: string, token: string) =>
      how === '?token='
        ? app.request(`${path}?token=${token}`, post())
        : app.request(path, post({ authorization: how === 'Basic' ? basic(token) : `Bearer ${token}` }))
    expect((await call('/alarms', ALARM_TOKEN)).status).toBe(200)
    expect((await call('/v1/diagnoses', API_TOKEN)).status).toBe(400)
    for (const [path, wrong] of [
      ['/alarms', API_TOKEN],
      ['/v1/diagnoses', ALARM_TOKEN],
      ['/alarms', `${ALARM_TOKEN}x`],
      ['/alarms', ''],
    ] as const)
      expect((await call(path, wrong)).status).toBe(401)
  })

  it('takes both tokens while they rotate', async () => {
    const { app } = appWith({ ...TOKENS, CLB_DOCTOR_ALARM_TOKEN: 'old-token-of-16-l  new+token/of-16=' })
    for (const token of ['old-token-of-16-l', 'new+token/of-16=', 'new%2Btoken%2Fof-16%3D'])
      expect((await app.request(`/alarms?token=${token}`, post())).status).toBe(200)
    expect((await app.request('/alarms?token=old-token-of-16-l++new+token/of-16=', post())).status).toBe(401)
  })

  it('refuses an address check that shows a wrong token', async () => {
    const { app } = appWith()
    expect((await app.request('/alarms?token=wrong')).status).toBe(401)
    expect((await app.request(`/alarms?token=${ALARM_TOKEN}`)).status).toBe(200)
    expect((await app.request(`/?token=${ALARM_TOKEN}`)).status).toBe(200)
  })

  it('lets nobody in if no token is set and loopback is not trusted', async () => {
    const { app } = appWith({}, { trustLoopback: false, addressOf: () => '127.0.0.1' })
    for (const [path, init] of [
      ['/alarms', post()],
      ['/alarms', {}],
      ['/v1/diagnoses', post()],
    ] as const)
      expect((await app.request(path, init)).status).toBe(401)
    expect((await app.request('/healthz')).status).toBe(200)
  })
})

const elsewhere = (header: string): [Record<string, string>, string] => [
  { host: 'localhost', [header]: '198.51.100.7' },
  header,
]

describe('without a token', () => {
  const local = (headers: Record<string, string>, address = '127.0.0.1') =>
    appWith({}, { addressOf: () => address }).app.request('/alarms', post(headers))

  it.each([
    [{ host: '127.0.0.1:9000' }, '127.0.0.1'],
    [{ host: 'localhost' }, '::1'],
    [{ host: '[::1]:9000' }, '::ffff:127.0.0.1'],
    [{ host: 'LOCALHOST:9000', 'sec-fetch-site': 'none' }, '127.8.8.8'],
  ])('a request of this machine is taken: %j from %s', async (headers, address) => {
    expect((await local(headers, address)).status).toBe(200)
  })

  it.each([
    [{ host: 'localhost', 'x-forwarded-for': '198.51.100.7' }, 'x-forwarded-for'],
    [{ host: 'localhost', forwarded: 'for=198.51.100.7' }, 'forwarded'],
    [{ host: 'localhost', 'x-real-ip': '198.51.100.7' }, 'x-real-ip'],
    [{ host: 'localhost', via: '1.1 proxy' }, 'via'],
    ...['x-original-forwarded-for', 'x-client-ip', 'cf-connecting-ip', 'x-envoy-external-address'].map(
      elsewhere,
    ),
    ...['x-scf-remote-addr', 'x-forwarded-server', 'x-forwarded', 'x-cluster-client-ip'].map(elsewhere),
    ...['true-client-ip', 'fastly-client-ip', 'x-original-host', 'x-remote-ip', 'cdn-loop'].map(elsewhere),
    [{ host: 'evil.example.com' }, 'Host'],
    [{ host: '127.0.0.1.evil.example.com' }, 'Host'],
    [{ host: 'localhost.evil.example.com:9000' }, 'Host'],
    [{}, 'Host'],
    [{ host: 'localhost', origin: 'https://evil.example.com' }, 'Origin'],
    [{ host: 'localhost', origin: 'null' }, 'Origin'],
    [{ host: 'localhost', 'sec-fetch-site': 'cross-site' }, 'Sec-Fetch-Site'],
  ])('a request that comes from elsewhere over this machine is refused: %j', async (headers, word) => {
    const reply = await local(headers)
    expect(reply.status).toBe(401)
    expect(await detailOf(reply)).toContain(word)
  })

  it('a request from another machine is refused', async () => {
    expect((await local({ host: 'localhost' }, '198.51.100.7')).status).toBe(401)
  })
})

describe('a path', () => {
  const { app } = appWith()
  const authorization = `Bearer ${ALARM_TOKEN}`
  const alarm = { alarmStatus: '1', alarmObjInfo: { dimensions: { vip: '203.0.113.26' } }, sessionId: 's' }
  const send = (path: string, body: unknown) =>
    app.request(path, { ...post({ authorization }), body: JSON.stringify(body) })

  it.each(['/', '//', '/alarms/', '//alarms', '/alarms//'])('%s with an alarm is /alarms', async (path) => {
    const reply = await send(path, alarm)
    expect([reply.status, await reply.json()]).toEqual([200, { sessionId: 's', retCode: 0 }])
  })

  it('/ takes an alarm that is refused, and nothing that is no alarm', async () => {
    expect((await send('/', { alarmObjInfo: { dimensions: {} } })).status).toBe(200)
    expect((await app.request('/', { ...post({ authorization }), body: '' })).status).toBe(200)
    for (const body of [{ hello: 1 }, [], 'text', 7]) expect((await send('/', body)).status).toBe(404)
    expect((await app.request('/', { ...post({ authorization }), body: '{"a' })).status).toBe(404)
  })

  it.each(['/nope', '/alarm', '/v2/diagnoses', '/healthz/x'])(
    '%s is not found, and the answer names the routes',
    async (path) => {
      const reply = await send(path, alarm)
      expect(reply.status).toBe(404)
      const detail = await detailOf(reply)
      for (const route of ['POST /alarms', 'POST /v1/diagnoses', 'GET /healthz'])
        expect(detail).toContain(route)
    },
  )

  it.each([
    ['PUT', '/alarms', 'GET, HEAD, POST', authorization],
    ['DELETE', '/healthz', 'GET, HEAD', ''],
    ['GET', '/v1/diagnoses', 'POST', `Bearer ${API_TOKEN}`],
    ['OPTIONS', '/v1/diagnoses/', 'POST', `Bearer ${API_TOKEN}`],
    ['POST', '/v1/incidents', 'GET, HEAD', `Bearer ${API_TOKEN}`],
  ])('answers the wrong method %s %s with 405 and Allow: %s', async (method, path, allow, authorization) => {
    const reply = await app.request(path, { method, headers: { authorization } })
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, allow])
    expect(await detailOf(reply)).toContain(allow)
  })
})

describe('wrong tokens', () => {
  it('are free at first, then wait longer each time, and are forgotten after some minutes', () => {
    let now = 0
    const attempts = createAttempts(() => now)
    expect(Array.from({ length: 8 }, () => attempts.wrong('a'))).toEqual([
      0, 0, 0, 250, 500, 1000, 2000, 2000,
    ])
    expect(attempts.wrong('b')).toBe(0)
    now += 10 * 60_000
    expect(attempts.wrong('a')).toBe(0)
  })

  it('are kept for a bounded number of sources', () => {
    const attempts = createAttempts(() => 0, 2)
    for (let i = 0; i < 5; i++) attempts.wrong('a')
    attempts.wrong('b')
    attempts.wrong('c')
    expect(attempts.wrong('a')).toBe(0)
  })

  it('do not slow the right token of the same address', async () => {
    const waits: number[] = []
    const { app, context } = appWith(TOKENS, { slowsWrongTokens: true })
    const { clock } = context
    const spied = { ...clock, sleep: async (ms: number) => void waits.push(ms) }
    const slow = appWith(TOKENS, { slowsWrongTokens: true, context: { ...context, clock: spied } }).app
    for (let i = 0; i < 10; i++) expect((await slow.request('/alarms?token=wrong', post())).status).toBe(401)
    expect(waits).toEqual([250, 500, 1000, 2000, 2000, 2000, 2000])
    expect((await slow.request(`/alarms?token=${ALARM_TOKEN}`, post())).status).toBe(200)
    expect(waits).toHaveLength(7)
    expect((await app.request('/alarms', post())).status).toBe(401)
  })

  it('are answered at once while 256 wait, so that a flood of them does not fill the memory', async () => {
    const { context } = appWith(TOKENS)
    const ends: (() => void)[] = []
    const sleep = () => new Promise<void>((resolve) => ends.push(resolve))
    const clock = { ...context.clock, sleep }
    const { app } = appWith(TOKENS, { slowsWrongTokens: true, context: { ...context, clock } })
    let answered = 0
    const all = Array.from({ length: 400 }, async () => {
      const { status } = await app.request('/alarms?token=wrong', post())
      answered += 1
      return status
    })
    await vi.waitFor(() => expect(answered).toBe(400 - 256))
    expect(ends).toHaveLength(256)
    for (const end of ends) end()
    expect(new Set(await Promise.all(all))).toEqual(new Set([401]))
  })

  it('are in the log at once, and then once a minute with their number', async () => {
    const { app, lines } = appWith()
    for (let i = 0; i < 10; i++) await app.request('/alarms?token=wrong', post())
    await app.request('/alarms', post())
    expect(lines).toEqual(['warn wrong tokens were shown {"count":1,"from":["198.51.100.7"]}'])
    expect(lines.join()).not.toContain('wrong"')
  })

  it('are counted by a tally that reports what is left when the minute is over', () => {
    let now = 0
    const reports: number[] = []
    const due: (() => void)[] = []
    const tally = createTally({
      now: () => now,
      report: ({ count }) => reports.push(count),
      later: (_, run) => due.push(run),
    })
    for (let i = 0; i < 5; i++) tally.add('a')
    expect([reports, due.length]).toEqual([[1], 1])
    now += 60_000
    due[0]?.()
    expect(reports).toEqual([1, 4])
    now += 60_000
    tally.add('a')
    expect(reports).toEqual([1, 4, 1])
  })

  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', 'unknown'],
    [null, 'unknown'],
  ])('of %s count for %s', (address, source) => {
    expect(sourceOf(address)).toBe(source)
  })
})

describe('a refused body', () => {
  let stop: (() => Promise<void>) | null = null
  afterEach(async () => {
    await stop?.()
    stop = null
  })

  it('is logged with its reason and given to what keeps it, also if it is not JSON', async () => {
    const kept: unknown[] = []
    const { app, lines } = appWith(TOKENS, { keepRefused: (refused) => void kept.push(refused) })
    const send = (body: string) => app.request(`/alarms?token=${ALARM_TOKEN}`, { method: 'POST', body })
    const refused = await send('{"sessionId":"s-1","hello":1,"pass":"hunter2"}')
    expect([refused.status, await refused.json()]).toEqual([200, { sessionId: 's-1', retCode: 0 }])
    expect((await send('token=hunter2')).status).toBe(400)
    expect(kept).toMatchObject([
      { reason: 'unknown-shape', excerpt: '{"sessionId":"s-1","hello":1,"pass":"***"}' },
      { reason: 'not-json', excerpt: 'token=***' },
    ])
    expect(lines.filter((line) => line.startsWith('warn payload refused'))).toHaveLength(2)
    expect(JSON.stringify([lines, kept])).not.toContain('hunter2')
  })

  it.each(PLANTED_KINDS)(
    'hides a secret in %s from the log, the answer and what is kept',
    async (_, payload) => {
      const kept: unknown[] = []
      const { app, lines } = appWith(TOKENS, { keepRefused: (refused) => void kept.push(refused) })
      const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
      const replies = [
        await app.request(`/alarms?token=${ALARM_TOKEN}`, { method: 'POST', body }),
        await app.request(`/alarms?token=${ALARM_TOKEN}`, {
          method: 'POST',
          body: JSON.stringify({ a: body }),
        }),
        await app.request(`/v1/diagnoses?token=${API_TOKEN}`, { method: 'POST', body }),
        await app.request(`/${PLANTED}`, { method: 'POST', body }),
      ]
      expect(kept.length).toBeGreaterThanOrEqual(2)
      const [first, second, third] = await Promise.all(replies.map((reply) => reply.text()))
      expect([...lines, JSON.stringify(kept), first, second, third].join('\n')).not.toContain(PLANTED)
    },
  )

  it.each(['\uFEFF{"a":1}', '"{\\"a\\":1}"', '{"a":"x\ny\tz"}'])(
    'is JSON as senders write it: %j',
    async (body) => {
      const server = await served()
      stop = server.stop
      const reply = await fetch(server.at(`/alarms?token=${ALARM_TOKEN}`), { method: 'POST', body })
      expect(reply.status).toBe(200)
      expect(server.lines.join('\n')).toMatch(/"unknown-shape"/)
    },
  )
})
