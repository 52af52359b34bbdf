import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import http, { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openServeStore } from '../../src/app/serve-store.ts'
import { run } from '../../src/cli/index.ts'
import { toldNow } from '../../src/incidents/index.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { DeliveryEntry, IncidentDetails, IncidentPage } from '../../src/model/incident.ts'
import { silentLog } from '../../src/model/log.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { openFolder, ownerOf } from '../../src/store/embedded/index.ts'
import type { Put, Store } from '../../src/store/index.ts'
import { openRedis } from '../../src/store/redis/index.ts'
import { API_TOKEN, served, TOKENS } from '../http/support.ts'
import { startProxy } from '../net/connect-proxy.ts'
import { deferred } from '../support/deferred.ts'
import { incidentOf, partOf, recordsOf } from '../support/incident-records.ts'
import { freePort, startRedis } from '../support/redis.ts'
import { errorsOfPage } from '../support/schema.ts'
import { clbDoctor, onStage } from './cli.ts'
import { serving } from './serving.ts'

// The built command, against a folder, a Redis and a running `serve`.

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clb-doctor-incidents-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const HOUR = 3_600_000
const NOW = Date.now()
const HOSTILE = 'shop\u001b[31m\nfront'
const records: readonly Put[] = [
  ...recordsOf(
    incidentOf('in-open', NOW - HOUR, {
      parts: [
        { ...partOf('lb-7dpmqwcu', 'dx-1', NOW - HOUR), name: HOSTILE },
        partOf('lb-aaaaaaaa', 'dx-2', NOW - HOUR),
      ],
      acknowledged: { by: 'Li Wei', at: NOW - HOUR, until: NOW + HOUR },
      silenced: { by: 'Li Wei', at: NOW - HOUR, until: NOW + 2 * HOUR },
    }),
  ),
  ...recordsOf(incidentOf('in-closed', NOW - 5 * HOUR, { closedAt: NOW - 4 * HOUR, reopened: 2 })),
]
async function fill(store: Store): Promise<void> {
  await store.write({ put: records })
  await store.close()
}
const filledFolder = () => openFolder(folder, { clock: Date }).then(fill)
const incidents = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  clbDoctor(['incidents', ...args], { CLB_DOCTOR_DATA: folder, CLB_DOCTOR_LANG: 'en', ...env })

async function started(env: Readonly<Record<string, string>>) {
  const { child, closed, url } = await serving(env, [])
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM')
    return closed
  }
  return { child, closed, stop, url }
}

describe('clb-doctor incidents', () => {
  it('lists what a folder holds, the newest first: what to do, since when, and who was not told', async () => {
    await filledFolder()
    const { status, out, err } = await incidents([])
    expect([status, err]).toEqual([0, ''])
    const [open = '', closed = ''] = out.split('\n\n')
    expect(open).toMatch(/^■ open {4}act soon {2}since .+ UTC +in-open$/m)
    for (const part of [
      'shop [31m front (lb-7dpmqwcu)',
      'security-group/probe-blocked · sg-a1b2c3d4',
      'told      wecom-1',
      'NOT told  smtp-2: first message · given up',
      'it was away for a day',
      'Li Wei has it',
      'silenced until',
    ])
      expect(open).toContain(part)
    expect(closed).toMatch(/^■ closed .+recovered at .+in-closed$/m)
    expect(closed).toContain('fired again 2 times')
    expect(out).not.toContain('\u001b')
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('lists how the newest message ended, and never says that a message that may have arrived was not told', async () => {
    const at = new Date(NOW - HOUR).toISOString()
    const told = (receiver: string, reason: 'first' | 'worse', outcome: DeliveryEntry['outcome']) => ({
      receiver,
      reason,
      outcome,
      at,
    })
    await fill(await openFolder(folder, { clock: Date }))
    const store = await openFolder(folder, { clock: Date })
    const deliveries = [
      told('hung', 'first', 'delivered'),
      told('hung', 'worse', 'unknown'),
      told('gone', 'first', 'delivered'),
      told('gone', 'worse', 'permanent'),
      told('slow', 'first', 'waiting'),
      told('good', 'first', 'delivered'),
    ]
    await store.write({ put: recordsOf(incidentOf('in-new', NOW, { deliveries })) })
    await store.close()
    const [shown = ''] = (await incidents(['--limit', '1'])).out.split('\n\n')
    const lines = shown.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' '))
    expect(lines).toContain('told hung, gone, good')
    expect(lines).toContainEqual(expect.stringMatching(/^not sure hung: worse · may have arrived/))
    expect(lines).toContainEqual(
      expect.stringMatching(/^not sure slow: first message · waits, or is being sent/),
    )
    expect(lines).toContainEqual(expect.stringMatching(/^NOT told gone: worse · refused/))
    expect(lines.filter((line) => line.includes('good:'))).toEqual([])
  })

  it('says that nobody was told of an incident, once there was something to tell', async () => {
    const told = toldNow(incidentOf('in-x', NOW), NOW)
    const store = await openFolder(folder, { clock: Date })
    await store.write({
      put: [
        ...recordsOf(incidentOf('in-quiet', NOW - HOUR, { deliveries: [], told })),
        ...recordsOf(incidentOf('in-new', NOW, { deliveries: [] })),
        ...recordsOf(incidentOf('in-taken', NOW - HOUR, { deliveries: [], told, mergedInto: 'in-quiet' })),
        ...recordsOf(incidentOf('in-told', NOW - HOUR, { told })),
      ],
    })
    await store.close()
    const { out } = await incidents([])
    const untold = out
      .split('\n\n')
      .filter((one) => one.includes('NOT told  no receiver: the routes name nobody, or no receiver is set'))
    expect(untold).toEqual([expect.stringContaining('in-quiet')])
    expect((await incidents(['in-quiet'])).out).toContain('NOT told  no receiver')
    expect((await incidents(['in-quiet', '--lang', 'zh-CN'])).out).toMatch(
      /未送达 +没有接收方收到：路由没有指定/,
    )
    const page = JSON.parse((await incidents(['--format', 'json'])).out) as IncidentPage
    expect(errorsOfPage(page)).toEqual([])
    expect(page.incidents.flatMap(({ id, toldNobody }) => (toldNobody ? [id] : []))).toEqual(['in-quiet'])
  })

  it('lists in Chinese, the open ones alone, as JSON of the documented form, and so many', async () => {
    await filledFolder()
    const chinese = await incidents(['--lang', 'zh-CN'])
    for (const word of ['未恢复', '尽快处理', '已关闭', '未送达', '已放弃', 'Li Wei 已接手'])
      expect(chinese.out).toContain(word)
    expect((await incidents(['--open'])).out).not.toContain('in-closed')
    const page = JSON.parse((await incidents(['--format', 'json', '--limit', '1'])).out) as IncidentPage
    expect(errorsOfPage(page)).toEqual([])
    expect(page).toMatchObject({ incidents: [{ id: 'in-open' }], next: 'in-open' })
    expect((await incidents(['--limit', '1'])).out).toContain('--before in-open')
    const older = await incidents(['--limit', '1', '--before', 'in-open'])
    expect(older).toMatchObject({ status: 0, out: expect.stringContaining('in-') })
    const unknown = await incidents(['--before', 'in-nowhere'])
    expect([unknown.status, unknown.err]).toEqual([2, expect.stringContaining('in-nowhere')])
  })

  it('shows what happened in one', async () => {
    await filledFolder()
    const { status, out } = await incidents(['in-open'])
    expect(status).toBe(0)
    expect(out).toContain('What happened')
    expect(out).toMatch(/UTC · the incident began lb-in-open/)
    expect(out).toContain('wecom-1: first message · delivered')
    const json = JSON.parse((await incidents(['in-open', '--format', 'json'])).out) as IncidentDetails
    expect([json.id, json.timeline?.length]).toEqual(['in-open', 1])
  })

  it('reads Redis where it is set, and says in one line that it is away', async () => {
    const redis = await startRedis()
    try {
      await fill(await openRedis(redis.address, { log: silentLog }))
      const env = { CLB_DOCTOR_REDIS_URL: redis.url }
      expect((await incidents([], env)).out).toContain('in-open')
      await redis.down()
      const { status, out, err } = await incidents([], env)
      expect([status, out]).toEqual([3, ''])
      expect(err).toMatch(/^clb-doctor: Redis at 127\.0\.0\.1:\d+ is not available.*\n$/)
    } finally {
      await redis.close()
    }
  }, 30_000)

  it('asks a running serve, with its token', async () => {
    const server = await served(TOKENS)
    try {
      const url = server.at('')
      const asked = await incidents(['--url', `${url}/`], {
        CLB_DOCTOR_API_TOKEN: `${API_TOKEN} old-token-of-16-l`,
      })
      expect(asked).toEqual({ status: 0, out: 'no incidents\n', err: '' })
      for (const [args, env, part] of [
        [['--url', url], {}, 'asks for a token; set CLB_DOCTOR_API_TOKEN'],
        [['--url', url], { CLB_DOCTOR_API_TOKEN: 'wrong' }, 'refuses the token; set CLB_DOCTOR_API_TOKEN'],
        [['--url', url, 'in-x'], { CLB_DOCTOR_API_TOKEN: API_TOKEN }, 'there is no incident in-x'],
      ] as const) {
        const { status, out, err } = await incidents(args, env)
        expect([status, out]).toEqual([2, ''])
        expect(err).toMatch(/^clb-doctor: .+\n$/)
        expect(err).toContain(part)
      }
    } finally {
      await server.stop()
    }
  })

  it.each(['HTTP_PROXY', 'http_proxy'])('asks through the proxy of %s, but not on loopback', async (name) => {
    const server = await served(TOKENS)
    await using proxy = await startProxy(() => ({ port: Number(new URL(server.at('')).port) }))
    const env = {
      CLB_DOCTOR_API_TOKEN: API_TOKEN,
      [name]: `http://clb-doctor:pr0xy-pass@127.0.0.1:${proxy.port}`,
    }
    try {
      const none = { status: 0, out: 'no incidents\n', err: '' }
      expect(await incidents(['--url', 'http://doctor.example:9000'], env)).toEqual(none)
      expect(proxy.targets).toEqual(['doctor.example:9000'])
      expect(await incidents(['--url', server.at('')], env)).toEqual(none)
      expect(proxy.targets).toHaveLength(1)
    } finally {
      await server.stop()
    }
  })

  it.each([407, 'nothing'])('names a proxy that answers %s, without its password', async (answer) => {
    const proxy = await startProxy(() => ({ status: Number(answer) }))
    if (answer === 'nothing') await proxy[Symbol.asyncDispose]()
    const { status, err } = await incidents(['--url', 'https://doctor.example'], {
      HTTPS_PROXY: `http://clb-doctor:pr0xy-pass@127.0.0.1:${proxy.port}`,
    })
    expect([status, err]).toEqual([3, expect.stringContaining(`the proxy 127.0.0.1:${proxy.port} `)])
    expect(err).not.toContain('pr0xy-pass')
    if (answer !== 'nothing') await proxy[Symbol.asyncDispose]()
  })

  it('sends its token nowhere else, and does not take another answer for incidents', async () => {
    const shown: (string | undefined)[] = []
    const other = createServer((request, response) => {
      shown.push(request.headers.authorization)
      if (request.url?.startsWith('/moved')) response.writeHead(302, { location: '/elsewhere' }).end()
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello')
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const address = other.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    const strange = await incidents(['--url', url], { CLB_DOCTOR_API_TOKEN: API_TOKEN })
    expect([strange.status, strange.err]).toEqual([
      2,
      expect.stringContaining('did not answer with incidents'),
    ])
    const moved = await incidents(['--url', `${url}/moved`], { CLB_DOCTOR_API_TOKEN: API_TOKEN })
    expect([moved.status, moved.err]).toEqual([2, expect.stringContaining('(HTTP 302); check that --url')])
    expect(shown).toHaveLength(2)
    await new Promise((resolve) => other.close(resolve))
  })

  it.each([
    [['--url', 'ftp://x'], 2, '--url must be'],
    [['--limit', '0'], 2, '--limit must be 1 to 200'],
    [['--limit', '201'], 2, '--limit must be 1 to 200'],
    [['--format', 'html'], 2, '--format must be one of text, json'],
    [['a', 'b'], 2, '"b"'],
    [[], 2, 'holds no store of clb-doctor'],
  ])('%j ends with %i and a line that says what to do', async (args, status, part) => {
    const done = await incidents(args)
    expect([done.status, done.out]).toEqual([status, ''])
    expect(done.err).toContain(part)
  })
})

it('a serve that does not answer is named', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  const { status, err } = await incidents(['--url', url])
  expect([status, err]).toEqual([3, expect.stringContaining(`${url} does not answer (ECONNREFUSED)`)])
})

it('asks the serve that has the folder, where it says that it listens', () =>
  onStage('sg-blocks-vip', async (stage) => {
    const own = await started({ ...stage.env, CLB_DOCTOR_DATA: folder })
    const alarm = findScenario('sg-blocks-vip')?.alarm()
    await fetch(`${own.url}/alarms`, { method: 'POST', body: JSON.stringify(alarm) })
    await expect.poll(() => stage.group.messages.length).toBe(1)
    const { status, out } = await incidents([])
    expect([status, out]).toEqual([0, expect.stringContaining('lb-7dpmqwcu')])
    expect(await own.stop()).toBe(0)
    // What the last owner said does not hold for the next one.
    expect(existsSync(join(folder, 'serve.json'))).toBe(true)
    const next = await openServeStore(
      { redis: null, dataFolder: folder },
      { clock: systemClock, log: silentLog },
    )
    expect(existsSync(join(folder, 'serve.json'))).toBe(false)
    await next.store.close()
  }))

it.each([
  ['not JSON', '{'],
  ['no port', '{"host":"127.0.0.1"}'],
  ['a port that is none', '{"host":"127.0.0.1","port":70000}'],
])('an address with %s is not used', (_, text) => {
  writeFileSync(join(folder, 'serve.json'), text)
  expect(ownerOf(folder)).toBeNull()
})

it('says how many accepted alarms wait for their first look', () =>
  onStage('sg-blocks-vip', async (stage) => {
    const never = deferred<void>()
    stage.cloud.faults.set('*', { kind: 'held', until: never.promise })
    const own = await started({ ...stage.env, CLB_DOCTOR_DATA: folder })
    const alarm = findScenario('sg-blocks-vip')?.alarm()
    await fetch(`${own.url}/alarms`, { method: 'POST', body: JSON.stringify(alarm) })
    const running = await incidents([])
    own.child.kill('SIGKILL')
    await own.closed
    never.resolve()
    for (const { status, out } of [running, await incidents([])]) {
      expect(status).toBe(0)
      expect(out).toMatch(/^no incidents\n1 accepted alarm waits for its first look/)
    }
    const page = JSON.parse((await incidents(['--format', 'json'])).out) as IncidentPage
    expect([errorsOfPage(page), page.waiting]).toEqual([[], 1])
  }))

it('refuses a Redis that holds nothing of clb-doctor, and leaves it as it is', async () => {
  const redis = await startRedis()
  try {
    const { status, out, err } = await incidents([], { CLB_DOCTOR_REDIS_URL: redis.url })
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(
      /^clb-doctor: CLB_DOCTOR_REDIS_URL: Redis at .* holds nothing of clb-doctor in database 0.*\n$/,
    )
    expect(redis.cli('DBSIZE')).toMatch(/^(?:\(integer\) )?0$/)
  } finally {
    await redis.close()
  }
})

it.each(['incidents', 'backup'])(
  '%s says why it cannot see the store, e.g. as another user',
  async (command) => {
    // Even root may not follow a link to itself.
    symlinkSync('store.db', join(folder, 'store.db'))
    const { status, err } = await clbDoctor([command, ...(command === 'backup' ? [join(folder, 'b')] : [])], {
      CLB_DOCTOR_DATA: folder,
      CLB_DOCTOR_LANG: 'en',
    })
    expect([status, err]).toEqual([
      2,
      expect.stringContaining('cannot be used (ELOOP); check the permissions'),
    ])
  },
)

it('a folder that a process has is not opened: serve is asked at its usual address', async () => {
  const store = await openFolder(folder, { clock: Date })
  const asked: string[] = []
  const nobody = await freePort()
  const { request } = http
  const spy = vi.spyOn(http, 'request').mockImplementation(((url: URL, options: http.RequestOptions) => {
    asked.push(url.href)
    return request(`http://127.0.0.1:${nobody}/`, options)
  }) as typeof http.request)
  let err = ''
  const status = await run(['incidents'], {
    out: () => {},
    err: (text) => {
      err += text
    },
    progress: () => {},
    status: () => {},
    env: { CLB_DOCTOR_LANG: 'en', CLB_DOCTOR_DATA: folder },
    isTerminal: false,
    color: false,
    width: 100,
    statusWidth: () => 80,
    untilStopped: () => new Promise(() => {}),
  })
  spy.mockRestore()
  await store.close()
  expect(asked).toEqual(['http://127.0.0.1:9000/v1/incidents?limit=50'])
  expect([status, err]).toEqual([3, expect.stringContaining(`has the folder ${folder}`)])
  expect(err).toContain('with --url')
})
