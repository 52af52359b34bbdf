import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { type Collection, written } from '../../src/app/incidents/records.ts'
import { createRetention } from '../../src/app/incidents/retention.ts'
import { systemClock } from '../../src/model/clock.ts'
import { silentLog } from '../../src/model/log.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { openFolder } from '../../src/store/embedded/index.ts'
import { createMemoryStore, type Store } from '../../src/store/index.ts'
import { openRedis } from '../../src/store/redis/index.ts'
import { setStage } from '../e2e/support.ts'
import { logged } from '../http/support.ts'
import { incidentOf, partOf, recordsOf } from '../support/incident-records.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.parse('2026-11-20T00:00:00Z')
const COLLECTIONS = [
  'incidents',
  'wake',
  'closed',
  'clbs',
  'diagnoses',
  'causes',
  'subjects',
  'references',
  'superseded',
  'messages',
  'refusals',
  'refused',
  'heard',
  'states',
] as const satisfies readonly Collection[]

/** Nobody is told. */
const NO_LANES = { dropRemoved: async () => {} }

let redis: TestRedis
let folder: string
beforeAll(async () => {
  redis = await startRedis()
}, 30_000)
afterAll(() => redis.close())

let now = NOW
const clock = { now: () => now, sleep: async () => {} }
const STORES: readonly (readonly [string, () => Promise<Store>])[] = [
  ['memory', async () => createMemoryStore({ clock })],
  ['embedded', () => openFolder(folder, { clock })],
  ['redis', () => openRedis(redis.address, { log: silentLog })],
]

describe.each(STORES)('the retention on the store %s', (_, open) => {
  let store: Store
  beforeEach(async () => {
    now = NOW
    folder = mkdtempSync(join(tmpdir(), 'clb-doctor-retention-'))
    redis.cli('FLUSHALL')
    store = await open()
  })
  afterEach(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const retention = (holder = 'one') =>
    createRetention({ store, clock, log: silentLog, holder, lanes: NO_LANES })
  const run = (holder?: string) => retention(holder).run(() => false)
  async function kept(): Promise<Readonly<Record<string, readonly string[]>>> {
    const all = await Promise.all(
      COLLECTIONS.map(async (name) => {
        const ids = (await store.list(name, { limit: 1_000 })).map(({ id }) => id)
        return [name, ids.toSorted()] as const
      }),
    )
    return Object.fromEntries(all.filter(([, ids]) => ids.length > 0))
  }

  it('removes an incident 90 days after it was closed, with everything that belongs to it', async () => {
    await store.write({
      put: recordsOf(incidentOf('in-1', NOW - 100 * DAY, { closedAt: NOW - 90 * DAY - 1 })),
    })
    await run()
    expect(await kept()).toEqual({})
  })

  it('removes the diagnoses of its last alarm and of the last look that could read a CLB, too', async () => {
    const at = NOW - 100 * DAY
    const part = {
      ...partOf('lb-1', 'dx-1', at),
      alarmed: 'dx-alarm',
      readable: { diagnosis: 'dx-read', at },
    }
    const none = { byLanguage: {}, causes: {} }
    await store.write({
      put: [
        ...recordsOf(incidentOf('in-1', at, { closedAt: NOW - 91 * DAY, parts: [part] })),
        ...['dx-alarm', 'dx-read'].map((id) => written('diagnoses', id, none, at)),
      ],
    })
    await run()
    expect(await kept()).toEqual({})
  })

  it('keeps what was closed later, and whatever is open, with everything that belongs to it', async () => {
    await store.write({
      put: [
        ...recordsOf(incidentOf('in-recent', NOW - 200 * DAY, { closedAt: NOW - 90 * DAY + 60_000 })),
        ...recordsOf(incidentOf('in-open', NOW - 300 * DAY)),
      ],
    })
    const before = await kept()
    await run()
    expect(await kept()).toEqual(before)
    expect(before.diagnoses).toEqual(['dx-in-open', 'dx-in-recent'])
  })

  it('removes a diagnosis an hour after a newer one took its place, and what belongs to no incident after 90 days', async () => {
    const none = { byLanguage: {}, causes: {} }
    const stale = (id: string, at: number) => [
      written('superseded', id, null, at),
      written('diagnoses', id, none, at),
    ]
    const clb = (id: string, at: number) => written('clbs', id, { incident: null, sightings: [] }, at)
    await store.write({
      put: [
        ...stale('dx-old', NOW - HOUR),
        ...stale('dx-new', NOW - HOUR + 1),
        clb('lb-old', NOW - 91 * DAY),
        clb('lb-new', NOW - 89 * DAY),
        written('refusals', 'wecom-1', { at: 1 }, NOW - 91 * DAY),
        written('refused', 'r', { at: '', reason: 'not-json', detail: '', excerpt: '' }, NOW - 91 * DAY),
      ],
    })
    await run()
    expect(await kept()).toEqual({ superseded: ['dx-new'], diagnoses: ['dx-new'], clbs: ['lb-new'] })
  })

  it('removes what a condition said last after an hour, and all that is old in one run', async () => {
    const said = (id: string, at: number) =>
      written('states', id, { state: 'firing', place: 'p', turn: 1 }, at)
    const old = Array.from({ length: 450 }, (_, n) => n)
    await store.write({
      put: [
        ...old.map((n) => said(`old-${n}`, NOW - HOUR - 1 - n)),
        said('new', NOW - HOUR),
        ...old.map((n) => written('refusals', `r-${n}`, { at: 1 }, NOW - 91 * DAY)),
      ],
    })
    await run()
    expect(await kept()).toEqual({ states: ['new'] })
  })

  it('leaves an incident what it took over from one that was closed and is removed', async () => {
    const younger = incidentOf('in-2', NOW - 95 * DAY, { closedAt: NOW - 91 * DAY, mergedInto: 'in-1' })
    const older = incidentOf('in-1', NOW - 100 * DAY, {
      parts: [partOf('lb-in-1', 'dx-in-1', NOW - 100 * DAY), ...younger.parts],
    })
    await store.write({ put: [...recordsOf(younger), ...recordsOf(older)] })
    await run()
    expect(await kept()).toMatchObject({ incidents: ['in-1'], diagnoses: ['dx-in-1', 'dx-in-2'] })
  })

  it('runs once an hour over all instances, and stops when its caller has no time left', async () => {
    const old = (id: string) => recordsOf(incidentOf(id, NOW - 100 * DAY, { closedAt: NOW - 95 * DAY }))
    await retention('in a hurry').run(() => true)
    await store.write({ put: old('in-1') })
    await run('another')
    expect((await kept()).incidents).toEqual(['in-1'])
    redis.cli('DEL', '{clb-doctor}:claim:retention')
    now = NOW + HOUR
    await run('another')
    expect(await kept()).toEqual({})
  })

  it('gives up the oldest closed incidents if there is no room, and no open one', async () => {
    const closed = (n: number) =>
      recordsOf(incidentOf(`in-${100 + n}`, NOW - DAY + n, { closedAt: NOW - HOUR + n }))
    await store.write({
      put: [
        ...Array.from({ length: 60 }, (_, n) => closed(n)).flat(),
        ...recordsOf(incidentOf('in-open', NOW - 9 * DAY)),
      ],
    })
    await retention().makeRoom()
    const { incidents = [] } = await kept()
    expect(incidents).toEqual([...Array.from({ length: 10 }, (_, n) => `in-${150 + n}`), 'in-open'])
  })
})

it('a look that follows another one marks the diagnosis that it replaces', async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  const stage = await setStage(scenario)
  // A look serves the repeats that follow soon.
  let later = 0
  const shifted = { ...systemClock, now: () => Date.now() + later }
  const context = createContext(loadConfig(stage.env), silentLog, { clock: shifted })
  const { alarms } = parseAlarm(scenario.alarm())
  const look = () => handleInPlace(alarms, context, { read: 10_000, total: 20_000 })
  const idsOf = async (collection: string) =>
    (await context.store.list(collection, { limit: 9 })).map(({ id }) => id)
  const first = (await look()).handled[0]?.diagnosis?.id
  later = 60_000
  const second = (await look()).handled[0]?.diagnosis?.id
  expect(await idsOf('superseded')).toEqual([first])
  expect((await idsOf('diagnoses')).toSorted()).toEqual([first, second].toSorted())
  const [incident] = await context.store.list('incidents', { limit: 1 })
  expect(incident?.value).toContain(`"diagnosis":"${second}"`)
  context.close()
  await stage.close()
})

it('what is old is removed also if the store has no room for what else is to be written', async () => {
  now = NOW
  const store = createMemoryStore({ clock })
  const id = 'in-1'
  await store.write({ put: recordsOf(incidentOf(id, NOW - 100 * DAY, { closedAt: NOW - 91 * DAY })) })
  const lanes = {
    dropRemoved: async () => {
      throw new Error('full')
    },
  }
  const { log, lines } = logged()
  await createRetention({ store, clock, log, holder: 'one', lanes }).run(() => false)
  expect(await store.count('incidents')).toBe(0)
  expect(lines[0]).toContain('old records were removed')
})

it('a run looks at a limited number of records, and the next one goes on', async () => {
  now = NOW
  const store = createMemoryStore({ clock })
  const ids = Array.from({ length: 5_200 }, (_, n) => `in-${n}`)
  await store.write({ put: ids.map((id) => written('closed', id, null, NOW - 91 * DAY)) })
  const { log, lines } = logged()
  const retention = createRetention({ store, clock, log, holder: 'one', lanes: NO_LANES })
  await retention.run(() => false)
  expect(await store.count('closed')).toBe(200)
  now += HOUR
  await retention.run(() => false)
  expect(await store.count('closed')).toBe(0)
  expect(lines).toEqual([
    'info old records were removed {"incidents":5000}',
    'info old records were removed {"incidents":200}',
  ])
})
