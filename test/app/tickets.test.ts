import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAlarms } from '../../src/app/alarms.ts'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { closingOf } from '../../src/app/incidents/merged.ts'
import { readOne, written } from '../../src/app/incidents/records.ts'
import { silentLog } from '../../src/model/log.ts'
import { shop } from '../../src/simulator/base.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import type { World } from '../../src/simulator/world.ts'
import { createMemoryStore, type Store } from '../../src/store/index.ts'
import { type Stage, setStage } from '../e2e/support.ts'
import { callbackOf, fleetWorld, groupOf } from '../storm/fleet.ts'
import { JIRA, startJira } from '../support/receivers/jira.ts'
import type { TicketStandIn } from '../support/receivers/tickets.ts'

// From an alarm to a ticket in a strict Jira, over restarts and lost answers. Time only moves when somebody waits.

const base = SCENARIOS.find(({ name }) => name === 'changed-before') ?? raise()
function raise(): never {
  throw new Error('no scenario')
}

const BAD = { protocol: 'TCP', port: '8000-9000', source: '203.0.113.0/24', action: 'DROP' } as const
const BUDGET = { read: 20_000, total: 60_000 }
const OVER = { alarmStatus: '0', recoverTime: '2026-11-20 07:25:00', durationTime: 1500 }

let stage: Stage
let jira: TicketStandIn
let store: Store
let world: ReturnType<typeof shop>['world']
let ahead = 0

const clock = {
  now: () => Date.now() + ahead,
  sleep: async (ms: number) => {
    ahead += ms
  },
}

async function setUp(own: World): Promise<void> {
  ahead = 0
  world = own
  stage = await setStage({ ...base, build: () => world }, 'en')
  jira = await startJira(clock.now)
  store = createMemoryStore({ clock })
}

beforeEach(async () => {
  const { world: own } = shop()
  own.groups[0]?.rules.unshift(BAD)
  await setUp(own)
})
const tearDown = () => Promise.all([stage.close(), jira.close()])
afterEach(tearDown)

/** A process of its own on the same store. */
function started() {
  const login = `${encodeURIComponent(JIRA.user)}:${JIRA.token}`
  const sinks = `jira+${jira.url.replace('://', `://${login}@`)}`
  const config = loadConfig({ ...stage.env, CLB_DOCTOR_SINKS: sinks })
  return createContext(config, silentLog, { clock, store, canWait: true })
}

async function take(payload: object, context = started()): Promise<void> {
  const { alarms } = parseAlarms(payload, silentLog)
  await handleInPlace(alarms, context, BUDGET)
}

const firing = (more: object = {}): object => ({ ...(base.alarm() as object), ...more })

async function incidents() {
  return (await store.list('incidents', { limit: 9 })).map(({ value }) => JSON.parse(value))
}

describe('the ticket of an incident', () => {
  it('is made once, commented, ended on recovery and opened again, over processes that end', async () => {
    await take(firing())
    expect(jira.tickets).toMatchObject([{ key: 'OPS-1', isDone: false, comments: [] }])
    world.groups[0]?.rules.shift()
    await take(firing(OVER))
    expect(jira.tickets).toMatchObject([{ isDone: true, comments: [expect.stringMatching(/recovered/i)] }])
    world.groups[0]?.rules.unshift(BAD)
    await take(firing({ firstOccurTime: '2026-11-20 07:28:00' }))
    expect(jira.tickets).toMatchObject([{ isDone: false, comments: [expect.anything(), expect.anything()] }])
    expect(jira.tickets).toHaveLength(1)
    const [incident] = await incidents()
    expect(incident.deliveries).toMatchObject(
      ['first', 'recovered', 'reopened'].map((reason) => ({ reason, outcome: 'delivered', ticket: 'OPS-1' })),
    )
  })

  it('is made again if a person deleted it and the trouble comes back, and the list names the new one', async () => {
    await take(firing())
    jira.remove('OPS-1')
    world.groups[0]?.rules.shift()
    await take(firing(OVER))
    expect(jira.tickets).toEqual([])
    world.groups[0]?.rules.unshift(BAD)
    await take(firing({ firstOccurTime: '2026-11-20 07:28:00' }))
    expect(jira.tickets).toMatchObject([{ key: 'OPS-2', isDone: false, comments: [] }])
    world.groups[0]?.rules.shift()
    await take(firing({ ...OVER, firstOccurTime: '2026-11-20 07:28:00', recoverTime: '2026-11-20 07:40:00' }))
    expect(jira.tickets).toMatchObject([{ key: 'OPS-2', isDone: true, comments: [expect.anything()] }])
    const [incident] = await incidents()
    const told = incident.deliveries.map(({ reason, ticket }: { reason: string; ticket?: string }) => [
      reason,
      ticket ?? null,
    ])
    expect(told).toEqual([
      ['first', 'OPS-1'],
      ['recovered', null],
      ['reopened', 'OPS-2'],
      ['recovered', 'OPS-2'],
    ])
  })

  it('is found again if the answer to its creation was lost, also by another process', async () => {
    jira.loseAnswers(1)
    const context = started()
    // The process ends right after the attempt.
    const dying = { ...context, lanes: { ...context.lanes, runUntil: async () => [] } }
    await take(firing(), dying)
    await context.lanes.runUntil(clock.now() + 200)
    expect(jira.tickets).toHaveLength(1)
    for (let second = 0; second < 20; second++) {
      await started().lanes.runUntil(clock.now() + 400)
      ahead += 1_000
      expect(jira.tickets).toHaveLength(1)
    }
    expect(jira.tickets).toMatchObject([{ comments: [] }])
    const [incident] = await incidents()
    expect(incident.deliveries).toMatchObject([{ outcome: 'delivered', ticket: 'OPS-1' }])
  })

  it('is one, and ended, if the trouble is over before a late search shows it', async () => {
    jira.loseAnswers(1)
    jira.showLate(100_000)
    await take(firing())
    expect(jira.tickets).toHaveLength(1)
    world.groups[0]?.rules.shift()
    await take(firing(OVER))
    for (let minute = 0; minute < 6; minute++) {
      ahead += 60_000
      await started().lanes.runUntil(clock.now() + 1_000)
      expect(jira.tickets).toHaveLength(1)
    }
    expect(jira.tickets).toMatchObject([{ isDone: true, comments: [expect.stringMatching(/recovered/i)] }])
    const [incident] = await incidents()
    expect(incident.deliveries).toMatchObject([
      { reason: 'recovered', outcome: 'delivered', ticket: 'OPS-1' },
    ])
  })

  it('gets one comment with the id of the older incident if its own became a part of that, and is ended', async () => {
    await take(firing())
    const [incident] = await incidents()
    const younger = { ...incident, state: 'closed', mergedInto: 'in-00000000000000aa', due: null }
    const context = started()
    const { at } = await readOne(store, 'incidents', incident.id)
    await store.write({
      put: [
        written('incidents', incident.id, younger, at ?? 0),
        closingOf(younger, 'jira-1', clock.now(), context),
      ],
    })
    await context.lanes.runUntil(clock.now() + 1_000)
    await context.lanes.runUntil(clock.now() + 60_000)
    expect(jira.tickets).toMatchObject([
      { isDone: true, comments: [expect.stringContaining('in-00000000000000aa')] },
    ])
    expect(jira.tickets[0]?.comments).toHaveLength(1)
  })
})

describe('of two incidents that become one', () => {
  beforeEach(async () => {
    await tearDown()
    await setUp(fleetWorld({ clbs: 2, causes: 2 }))
  })

  // The group of the CLB that moves no longer denies its probes; that of the other one does now.
  it.each([
    ['younger', 1, 0],
    ['older', 0, 1],
  ])(
    'the ticket of the younger is ended and names the older, if the CLB of the %s moves',
    async (_, own, other) => {
      for (const n of [0, 1]) {
        await take(callbackOf(n, 0))
        ahead += 1_000
      }
      expect(jira.tickets).toMatchObject([
        { key: 'OPS-1', isDone: false, comments: [] },
        { key: 'OPS-2', isDone: false, comments: [] },
      ])
      const machine = world.machines[own]
      if (!machine) throw new Error('no machine')
      machine.groups = [groupOf(other)]
      await take(callbackOf(own, 1))
      // The update that names the CLB waits for its turn.
      ahead += 5 * 60_000
      await handleInPlace([], started(), BUDGET)

      const [older, younger] = (await incidents()).toSorted((a, b) => a.openedAt - b.openedAt)
      expect([younger.state, younger.mergedInto, older.parts.length]).toEqual(['closed', older.id, 2])
      expect(jira.tickets).toHaveLength(2)
      expect(jira.tickets[1]).toMatchObject({ isDone: true, comments: [expect.stringContaining(older.id)] })
      expect(jira.tickets[0]).toMatchObject({ isDone: false })
      expect(jira.tickets[0]?.comments.join('\n')).toContain('storm-1')
    },
  )
})
