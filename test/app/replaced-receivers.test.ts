import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { carryOver } from '../../src/app/known-receivers/carry-over.ts'
import type { Incident } from '../../src/incidents/index.ts'
import { systemClock } from '../../src/model/clock.ts'
import { silentLog } from '../../src/model/log.ts'
import { createMemoryStore, type Store, StoreError } from '../../src/store/index.ts'
import { openRedis } from '../../src/store/redis/index.ts'
import { steppingClock } from '../cloud/clocks.ts'
import { DELIVERED, laneRig } from '../delivery/lane-rig.ts'
import { logged } from '../http/support.ts'
import { deferred } from '../support/deferred.ts'
import {
  AT,
  keptOf,
  ownersIn,
  type Receivers,
  receiversNamed,
  receiversOf,
  startWith,
} from '../support/kept-receivers.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const clock = { ...systemClock, now: () => AT }
const ASIDE = 'wecom-1 (until 2023-11-14T22:13:20.000Z)'
const DAY_MS = 24 * 3_600_000

let store: Store
beforeEach(() => {
  store = { ...createMemoryStore({ clock }), kind: 'folder' }
})

async function filled(receivers: Receivers): Promise<void> {
  await startWith(receivers, store, clock)
  await store.write({ put: keptOf(receivers) })
}

describe('a new address under an old name', () => {
  it('gets nothing of the earlier one, and one warning says so', async () => {
    await filled(receiversOf('ab'))
    expect(await startWith(receiversOf('xb'), store, clock)).toEqual([
      `warn a receiver has another address now and counts as a new one: it hears no recovery of earlier trouble, and what waits for the earlier address is dropped after a day {"receiver":"wecom-1","keptAs":"${ASIDE}","waiting":3}`,
    ])
    expect(await ownersIn(store, ['wecom-1', 'wecom-2', ASIDE])).toEqual({
      'wecom-1': '',
      'wecom-2': 'b',
      [ASIDE]: 'a',
    })
    expect(await startWith(receiversOf('xb'), store, clock)).toEqual([])
  })

  it('gives everything back when the earlier address comes back, whatever its name', async () => {
    await filled(receiversOf('ab'))
    await startWith(receiversOf('xb'), store, clock)
    await startWith(receiversOf('bxa'), store, clock)
    expect(await ownersIn(store, ['wecom-1', 'wecom-2', 'wecom-3'])).toEqual({
      'wecom-1': 'b',
      'wecom-2': '',
      'wecom-3': 'a',
    })
  })

  it('is not what a start without receivers brings: the next one finds everything', async () => {
    await filled(receiversOf('ab'))
    expect(await startWith([], store, clock)).toEqual([])
    expect(await startWith(receiversOf('ba'), store, clock)).toHaveLength(2)
    expect(await ownersIn(store, ['wecom-1', 'wecom-2'])).toEqual({ 'wecom-1': 'b', 'wecom-2': 'a' })
  })

  it('is no warning if the earlier address has another name, or if the new one is known', async () => {
    await filled(receiversOf('ab'))
    const levels = (lines: readonly string[]) => lines.map((line) => line.split(' ')[0])
    expect(levels(await startWith(receiversOf('xab'), store, clock))).toEqual(['info', 'info'])
    const lines = await startWith(receiversOf('ab'), store, clock)
    const said = (line: string) => line.match(/^\w+|was removed|another name/g)?.join(' ')
    expect(lines.map(said)).toEqual(['info was removed', 'info another name', 'info another name'])
  })

  it('leaves what waited for the earlier one to be dropped by name after a day', async () => {
    await filled(receiversOf('a'))
    await startWith(receiversOf('x'), store, clock)
    // The lane of the earlier one is older than a day by then, too.
    const { log, lines } = logged()
    const rig = laneRig({ 'wecom-1': { answer: () => DELIVERED } }, { store, log, holder: 'later' })
    await rig.clock.advance(DAY_MS + 1)
    for (const _ of [1, 2]) await rig.lanes.dropRemoved(() => false)
    expect(rig.reports).toMatchObject([{ receiver: ASIDE, about: 'in-open', outcome: 'dropped' }])
    expect(lines).toEqual([
      `error message dropped: no receiver has this name any more {"receiver":"${ASIDE}","about":"in-open","news":["first"]}`,
    ])
    expect((await store.list('lanes', { limit: 9 })).map(({ id }) => id)).toEqual(['wecom-1'])
  })

  it('is known for 90 days after it went', async () => {
    const later = { ...clock, now: () => AT + 91 * DAY_MS }
    await filled(receiversOf('ab'))
    await startWith(receiversOf('a'), store, clock)
    await startWith([...receiversOf('a'), ...receiversNamed({ more: 'c' })], store, later)
    const [record] = await store.list('receivers', { limit: 1 })
    const { known } = JSON.parse(record?.value ?? '{}')
    expect(known.map(({ name }: { name: string }) => name)).toEqual(['wecom-1', 'more'])
  })
})

describe('several receivers with one address', () => {
  it('keep their names while these do not change', async () => {
    const both = receiversNamed({ day: 'a', night: 'a' })
    await filled(both)
    expect(await startWith(both, store, clock)).toEqual([])
    expect(await startWith([...both, ...receiversNamed({ more: 'a' })], store, clock)).toEqual([])
  })

  it('take the place of each other, with a warning for each', async () => {
    await filled(receiversNamed({ day: 'a', night: 'a' }))
    const lines = await startWith(receiversNamed({ early: 'a', late: 'a' }), store, clock)
    expect(lines.map((line) => line.replace(/^(\w+) .*\{/, '$1 {'))).toEqual([
      'warn {"from":"day","to":"early","waiting":3}',
      'warn {"from":"night","to":"late","waiting":3}',
    ])
  })

  it('lose nothing when one is left', async () => {
    await filled(receiversNamed({ day: 'a', night: 'a', other: 'b' }))
    await store.write({ remove: [{ collection: 'outbox:day', id: 'a-0' }] })
    const lines = await startWith(receiversNamed({ day: 'a', night: 'b' }), store, clock)
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['warn', 'info'])
    expect(await ownersIn(store, ['day', 'night'])).toEqual({ day: 'a', night: 'b' })
    expect((await store.list('outbox:day', { limit: 9 })).map(({ id }) => id)).toEqual(['a-0', 'a-1', 'a-2'])
  })
})

describe('a store without room', () => {
  const full = (): Store => ({
    ...store,
    write: async () => {
      throw new StoreError('full', { en: 'no room', 'zh-CN': '没有空间' })
    },
    close: async () => {},
  })

  it('does not stop the start if nothing has to be moved', async () => {
    const lines = await startWith(receiversOf('a'), full(), clock)
    expect(lines).toEqual([expect.stringMatching(/^warn the store has no room/)])
  })

  it('stops the start with its line if something has', async () => {
    await filled(receiversOf('ab'))
    await expect(startWith(receiversOf('ba'), full(), clock)).rejects.toThrow('CLB_DOCTOR_DATA: no room')
  })
})

describe('several instances', () => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await startRedis()
  }, 30_000)
  afterAll(() => redis.close())

  it('that start at once move everything once, and one of them says so', async () => {
    const open = () => openRedis(redis.address, { log: silentLog })
    const stores = await Promise.all(Array.from({ length: 4 }, open))
    store = stores[0] ?? store
    await filled(receiversOf('abc'))
    const lines = await Promise.all(
      stores.map((one) => startWith(receiversOf('xcba'), one, systemClock, 20_000)),
    )
    expect(lines.filter((own) => own.length > 0)).toEqual([expect.arrayContaining([])])
    expect(lines.flat()).toHaveLength(3)
    expect(await ownersIn(store, ['wecom-1', 'wecom-2', 'wecom-3', 'wecom-4'])).toEqual({
      'wecom-1': '',
      'wecom-2': 'c',
      'wecom-3': 'b',
      'wecom-4': 'a',
    })
    for (const one of stores) await one.close()
  })

  it('wait for the one that moves, and stop with one line if it takes too long', async () => {
    await filled(receiversOf('ab'))
    await store.claim('receivers', 'another', 60_000)
    const stepping = steppingClock()
    await expect(startWith(receiversOf('ba'), store, stepping)).rejects.toThrow(
      'CLB_DOCTOR_DATA: another instance is still moving',
    )
    expect(stepping.slept.length).toBeGreaterThan(3)
    await store.release('receivers', 'another')
    expect(await startWith(receiversOf('ba'), store, stepping)).toHaveLength(2)
  })

  it('change nothing any more once another one has overtaken them', async () => {
    await filled(receiversOf('ab'))
    const [reached, goOn] = [deferred<void>(), deferred<void>()]
    let lists = 0
    const slow: Store = {
      ...store,
      claim: async () => true,
      list: async (collection, query) => {
        // The first time it asks which incidents are concerned, the second time it moves what waits.
        if (collection === 'outbox:wecom-2' && ++lists === 2) {
          reached.resolve()
          await goOn.promise
        }
        return store.list(collection, query)
      },
    }
    const { log, lines } = logged()
    const first = carryOver(receiversOf('ba'), { store: slow, clock, log, patienceMs: 0 })
    await reached.promise
    expect(await startWith(receiversOf('ba'), store, clock)).toHaveLength(2)
    const names = ['wecom-1', 'wecom-2']
    const owners = { 'wecom-1': 'b', 'wecom-2': 'a' }
    expect(await ownersIn(store, names)).toEqual(owners)
    goOn.resolve()
    await first
    expect([lines, await ownersIn(store, names)]).toEqual([[], owners])
  })

  it('go on if an incident changes while they move it', async () => {
    await filled(receiversOf('ab'))
    let isChanged = false
    const busy: Store = {
      ...store,
      write: async (change) => {
        const key = change.put?.find(({ collection }) => collection === 'incidents')
        if (key && !isChanged) {
          isChanged = true
          const [open] = await store.read([key])
          const incident = JSON.parse(open?.value ?? '{}') as Incident
          const value = JSON.stringify({ ...incident, flapTold: true })
          await store.write({ put: [{ ...key, value }] })
        }
        return store.write(change)
      },
    }
    await startWith(receiversOf('ba'), busy, clock)
    expect(await ownersIn(store, ['wecom-1', 'wecom-2'])).toEqual({ 'wecom-1': 'b', 'wecom-2': 'a' })
    const [open] = await store.read([{ collection: 'incidents', id: 'in-open' }])
    expect([isChanged, JSON.parse(open?.value ?? '{}').flapTold]).toEqual([true, true])
  })
})
