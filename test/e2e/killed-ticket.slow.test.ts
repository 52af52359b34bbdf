import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IncidentPage } from '../../src/model/incident.ts'
import { backend, guest } from '../../src/simulator/base.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { bodyOf, closeAtOnce, listenOnLoopback } from '../../src/simulator/listen.ts'
import type { Machine, World } from '../../src/simulator/world.ts'
import { callbackOf, fleetWorld } from '../storm/fleet.ts'
import { type Instance, startInstance } from '../storm/instance.ts'
import { JIRA, startJira } from '../support/receivers/jira.ts'
import type { TicketStandIn } from '../support/receivers/tickets.ts'

// The built `serve` with its records in a folder, ended by SIGKILL while it makes a ticket.

/** When the process is killed. */
type Moment = 'the ticket is there, its answer is not' | 'the answer has left' | 'the answer is written down'

let machines: [Machine, Machine]
let cloud: Simulator
let jira: TicketStandIn
let gate: Gate
let folder: string
let instances: Instance[]

interface Gate {
  readonly port: number
  /** Resolves with the connection that waits, once a ticket was made and before its answer leaves. */
  readonly isMade: Promise<Held>
  close(): Promise<void>
}

interface Held {
  /** Resolves once the answer has left. */
  answer(): Promise<void>
}

/** Stands before Jira and holds the first answer to the creation of a ticket. */
async function startGate(target: URL): Promise<Gate> {
  let made = (_: Held): void => {}
  const isMade = new Promise<Held>((resolve) => {
    made = resolve
  })
  let isFirst = true
  const server = http.createServer(async (req, res) => {
    const body = await bodyOf(req)
    const onward = http.request(
      new URL(req.url ?? '/', target.origin),
      { method: req.method ?? 'POST', headers: req.headers },
      async (answer) => {
        const text = await bodyOf(answer)
        const end = (): Promise<void> =>
          new Promise((resolve) => {
            res.writeHead(answer.statusCode ?? 0, { 'content-type': 'application/json' })
            res.end(text, resolve)
          })
        const isHeld = isFirst && req.method === 'POST' && /\/issue$/.test(req.url ?? '')
        if (!isHeld) return void end()
        isFirst = false
        made({ answer: end })
      },
    )
    onward.end(body)
  })
  return { port: await listenOnLoopback(server, 0), isMade, close: () => closeAtOnce(server) }
}

/** One CLB with two backends. The first is dead. */
function world(): World {
  const own = fleetWorld({ clbs: 1, causes: 0 })
  const [first] = own.machines
  const rule = own.balancers[0]?.listeners[0]?.rules[0]
  if (!first || !rule) throw new Error('no machine')
  const second: Machine = {
    ...first,
    id: 'ins-second01',
    name: 'second',
    ip: '10.0.64.9',
    guest: guest(8080),
  }
  own.machines.push(second)
  rule.backends.push(backend(second, 8080))
  machines = [first, second]
  return own
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'killed-ticket-'))
  instances = []
  ;[cloud, jira] = await Promise.all([startSimulator(world()), startJira()])
  gate = await startGate(new URL(jira.url))
})
afterEach(async () => {
  await Promise.all(instances.map((one) => one.stop('SIGKILL')))
  await Promise.all([gate.close(), cloud.close(), jira.close()])
  rmSync(folder, { recursive: true })
})

async function serving(): Promise<Instance> {
  const one = await startInstance({
    TENCENTCLOUD_SECRETID: cloud.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: cloud.credentials.secretKey,
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    CLB_DOCTOR_API_ORIGIN: cloud.origin,
    CLB_DOCTOR_SINKS: `jira+http://${encodeURIComponent(JIRA.user)}:${JIRA.token}@127.0.0.1:${gate.port}/?project=${JIRA.project}`,
    CLB_DOCTOR_LANG: 'en',
    CLB_DOCTOR_DATA: folder,
  })
  instances.push(one)
  return one
}

async function post({ origin }: Instance, alarm: object): Promise<void> {
  const reply = await fetch(`${origin}/alarms`, { method: 'POST', body: JSON.stringify(alarm) })
  expect(reply.status).toBe(200)
}

/** What the incident says of its tellings, each as reason, outcome and ticket. */
async function tellings({ origin }: Instance): Promise<readonly string[]> {
  const { incidents } = (await (await fetch(`${origin}/v1/incidents`)).json()) as IncidentPage
  return incidents.flatMap(({ deliveries }) =>
    deliveries.map(({ reason, outcome, ticket }) => `${reason} ${outcome} ${ticket}`),
  )
}

const KILLS: Readonly<Record<Moment, (first: Instance, held: Held) => Promise<void>>> = {
  'the ticket is there, its answer is not': async () => {},
  'the answer has left': (_, held) => held.answer(),
  'the answer is written down': async (first, held) => {
    await held.answer()
    await expect.poll(() => tellings(first), { timeout: 10_000 }).toEqual(['first delivered OPS-1'])
  },
}

describe.each(Object.entries(KILLS))('a process that is killed when %s', (_, untilThen) => {
  it('leaves one ticket, which the next process comments on news and ends on recovery', async () => {
    const first = await serving()
    await post(first, callbackOf(0, 0))
    await untilThen(first, await gate.isMade)
    await first.stop('SIGKILL')
    expect(jira.tickets).toMatchObject([{ key: 'OPS-1', isDone: false, comments: [] }])

    const next = await serving()
    await expect.poll(() => tellings(next), { timeout: 30_000 }).toEqual(['first delivered OPS-1'])
    machines[1].guest = guest(9_999)
    await post(next, callbackOf(0, 1))
    await expect.poll(() => jira.tickets[0]?.comments.length, { timeout: 30_000 }).toBe(1)
    for (const one of machines) one.guest = guest(8080)
    await post(next, callbackOf(0, 1, '2026-11-28 10:20:00'))
    await expect.poll(() => jira.tickets[0]?.comments.length, { timeout: 30_000 }).toBe(2)

    expect(jira.tickets).toMatchObject([
      { isDone: true, comments: [expect.anything(), expect.stringMatching(/recovered/i)] },
    ])
    expect(await tellings(next)).toEqual([
      'first delivered OPS-1',
      'worse delivered OPS-1',
      'recovered delivered OPS-1',
    ])
    await next.stop()
  }, 120_000)
})
