import http from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAlarms } from '../../src/app/alarms.ts'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { type Log, silentLog } from '../../src/model/log.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { type Stage, setStage } from '../e2e/support.ts'
import { callbackOf, fleetWorld } from '../storm/fleet.ts'

// A function without Redis is frozen between events, so it hurries what waits. A receiver that asked for silence is left
// alone all the same. Time only moves when somebody waits.

const base = SCENARIOS.find(({ name }) => name === 'changed-before') ?? raise()
function raise(): never {
  throw new Error('no scenario')
}
const BUDGET = { read: 20_000, total: 40_000 }

interface Line {
  readonly level: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

let stage: Stage
let server: http.Server
let sinks: string
let ahead = 0
/** The answer to the next request, and when requests came, in ms since the begin. */
let answer: { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
let cameAt: number[]
let lines: Line[]

const begin = Date.now()
const clock = {
  now: () => begin + ahead,
  sleep: async (ms: number) => {
    ahead += ms
  },
}

beforeEach(async () => {
  ahead = 0
  cameAt = []
  lines = []
  stage = await setStage({ ...base, build: () => fleetWorld({ clbs: 2, causes: 2 }) }, 'en')
  server = http.createServer((request, response) => {
    request.resume().once('end', () => {
      cameAt.push(ahead)
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  sinks = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
})

afterEach(async () => {
  server.closeAllConnections()
  await Promise.all([stage.close(), new Promise((resolve) => server.close(resolve))])
})

/** The function, which stays warm. */
function started(address: string) {
  const config = loadConfig({ ...stage.env, CLB_DOCTOR_SINKS: address })
  const noted =
    (level: string): Log['info'] =>
    (message, fields = {}) =>
      void lines.push({ level, message, fields })
  const log: Log = { info: noted('info'), warn: noted('warn'), error: noted('error') }
  const context = createContext(config, log, { clock, store: createMemoryStore({ clock }), canWait: false })
  return async (clb: number): Promise<boolean> => {
    const { alarms } = parseAlarms(callbackOf(clb, 0), silentLog)
    return (await handleInPlace(alarms, context, BUDGET)).isUndelivered
  }
}

const silences = () => lines.filter(({ message }) => message.includes('asked for silence'))

describe('in a function without Redis', () => {
  it.each([
    [
      'a webhook that names an hour',
      'webhook+http://HOST/hook',
      { status: 429, headers: { 'retry-after': '3600' } },
      3_600_000,
    ],
    [
      'DingTalk, which blocks a bot for ten minutes',
      'dingtalk+http://HOST/robot/send?access_token=5f2a',
      { status: 200, body: '{"errcode":130101}' },
      600_000,
    ],
  ])('%s is left alone until then, and the log names what waits', async (_, address, limited, silentMs) => {
    const take = started(address.replace('HOST', sinks))
    answer = limited
    expect(await take(0)).toBe(true)
    const [first = 0, ...more] = cameAt
    expect(more).toEqual([])
    const until = new Date(begin + first + silentMs).toISOString()
    const told = { level: 'warn', fields: { until, loadBalancers: [expect.stringContaining('storm-0')] } }
    expect(silences()).toMatchObject([told])

    ahead = silentMs / 2
    expect(await take(1)).toBe(true)
    expect(cameAt, 'nothing came in the silence').toHaveLength(1)
    expect(silences()[1]?.fields.loadBalancers).toHaveLength(2)

    ahead = first + silentMs + 1
    answer = { status: 200, body: '{"errcode":0}' }
    expect(await take(1)).toBe(false)
    expect(cameAt.length).toBeGreaterThan(1)
    expect(silences(), 'nothing waits any more').toHaveLength(2)
  })

  it('a receiver that failed is tried again at once, because a frozen process cannot wait', async () => {
    const take = started(`webhook+http://${sinks}/hook`)
    answer = { status: 500 }
    await take(0)
    const before = cameAt.length
    expect(before).toBeGreaterThan(0)
    answer = { status: 200 }
    const at = ahead
    expect(await take(1)).toBe(false)
    expect(cameAt[before]).toBeLessThan(at + 5_000)
    expect(silences()).toEqual([])
  })
})
