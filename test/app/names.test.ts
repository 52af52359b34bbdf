import { beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { tellDue } from '../../src/app/incidents/tell.ts'
import { knowReceivers } from '../../src/app/known-receivers/index.ts'
import { createNames } from '../../src/app/known-receivers/names.ts'
import { systemClock } from '../../src/model/clock.ts'
import { silentLog } from '../../src/model/log.ts'
import { createMemoryStore, type Store } from '../../src/store/index.ts'
import { laneRig } from '../delivery/lane-rig.ts'
import { logged } from '../http/support.ts'
import { deferred } from '../support/deferred.ts'
import { incidentOf, recordsOf } from '../support/incident-records.ts'
import { keptOf, ownersIn, type Receivers, receiversNamed, receiversOf } from '../support/kept-receivers.ts'

// Instances that share a store have other receivers for a while, because they are replaced one by one.

let store: Store
let now: number
const clock = { ...systemClock, now: () => now }

beforeEach(async () => {
  now = 1_800_000_000_000
  store = { ...createMemoryStore({ clock }), kind: 'shared' }
})

const start = (receivers: Receivers) =>
  knowReceivers({ receivers, redis: null }, { store, clock, log: silentLog, patienceMs: 0 })

function namesOf(receivers: Receivers) {
  const { log, lines } = logged()
  const names = createNames({ store, receivers, clock, log })
  const own = async () => Promise.all(receivers.map(({ name }) => names.isOwn(name)))
  return { names, lines, own }
}

describe('an instance whose names another one gave to other addresses', () => {
  it('knows which names are still its own', async () => {
    await start(receiversOf('abc'))
    const { names, own } = namesOf(receiversOf('abc'))
    expect([await own(), await names.areOwn()]).toEqual([[true, true, true], true])
    await start(receiversOf('bac'))
    expect([await own(), await names.areOwn()]).toEqual([[false, false, true], false])
  })

  it('is not concerned by receivers that were added or removed', async () => {
    await start(receiversOf('ab'))
    const { names } = namesOf(receiversOf('ab'))
    await start([...receiversOf('a'), ...receiversNamed({ more: 'c' })])
    expect(await names.areOwn()).toBe(true)
  })

  it('takes them back after a minute, with what is kept under them, and says so', async () => {
    await start(receiversOf('ab'))
    await store.write({ put: keptOf(receiversOf('ab')) })
    const { names, lines, own } = namesOf(receiversOf('ab'))
    await start(receiversOf('ba'))
    for (const passed of [0, 30_000, 29_000]) {
      now += passed
      await names.keep()
      expect(await own()).toEqual([false, false])
    }
    expect(lines).toEqual([
      'warn another instance has other receivers: this one sends nothing under these names for now; give all instances the same receivers {"receivers":["wecom-1","wecom-2"]}',
    ])
    now += 1_000
    await names.keep()
    expect(await own()).toEqual([true, true])
    expect(await ownersIn(store, ['wecom-1', 'wecom-2'])).toEqual({ 'wecom-1': 'a', 'wecom-2': 'b' })
  })

  it('counts the minute anew if they were its own between', async () => {
    await start(receiversOf('ab'))
    const { names } = namesOf(receiversOf('ab'))
    await start(receiversOf('ba'))
    await names.keep()
    await start(receiversOf('ab'))
    now += 40_000
    await names.keep()
    await start(receiversOf('ba'))
    now += 40_000
    await names.keep()
    expect(await names.areOwn()).toBe(false)
  })

  it('completes what an instance that was killed had begun to move', async () => {
    await start(receiversOf('ab'))
    const [record] = await store.list('receivers', { limit: 1 })
    const moves = [{ from: 'wecom-2', to: 'oncall', why: 'renamed' }]
    const value = JSON.stringify({
      ...JSON.parse(record?.value ?? '{}'),
      moving: { phase: 'away', moves },
    })
    await store.write({ put: [{ collection: 'receivers', id: 'known', value, at: 0 }] })
    const { names, own } = namesOf(receiversOf('ab'))
    await names.keep()
    expect(await own()).toEqual([false, false])
    now += 60_000
    await names.keep()
    expect(await own()).toEqual([true, true])
  })

  it('does not end when the store is away, and compares again', async () => {
    await start(receiversOf('ab'))
    const { log, lines } = logged()
    const away = { ...store, read: () => Promise.reject(new Error('away')) }
    await createNames({ store: away, receivers: receiversOf('ab'), clock, log }).keep()
    expect(lines).toEqual(['warn the names of receivers could not be compared; tried again {"error":"away"}'])
  })
})

describe('a lane', () => {
  it('sends nothing under a name that is not its own, and leaves it to another instance', async () => {
    let isOwn = false
    const rig = laneRig(
      { chat: { answer: () => ({ kind: 'delivered' }) } },
      { store, isOwn: async () => isOwn },
    )
    await rig.tell('chat', 'in-1')
    await rig.store.claim('lane:chat', 'one', 15_000)
    await rig.run(60_000)
    expect(rig.of('chat')).toEqual([])
    expect(await rig.store.claim('lane:chat', 'another', 1)).toBe(true)
    await rig.store.release('lane:chat', 'another')
    isOwn = true
    await rig.run(1_000)
    expect(rig.of('chat')).toHaveLength(1)
  })

  it('ends its attempt before what waits is moved away from its name', async () => {
    await start(receiversOf('ab'))
    const { names } = namesOf(receiversOf('ab'))
    const [begun, answer] = [deferred<void>(), deferred<void>()]
    const events: string[] = []
    const rig = laneRig(
      {
        'wecom-1': {
          answer: async () => {
            begun.resolve()
            await answer.promise
            events.push('delivered')
            return { kind: 'delivered' }
          },
        },
      },
      { store, isOwn: names.isOwn },
    )
    await rig.tell('wecom-1', 'in-1')
    const sending = rig.run(1_000)
    await begun.promise
    const options = { store, clock: systemClock, log: silentLog, patienceMs: 10_000 }
    const moved = knowReceivers({ receivers: receiversOf('ba'), redis: null }, options).then(() =>
      events.push('moved'),
    )
    await expect.poll(() => names.isOwn('wecom-1')).toBe(false)
    answer.resolve()
    await sending
    await moved
    expect(events).toEqual(['delivered', 'moved'])
    expect(rig.reports).toMatchObject([{ receiver: 'wecom-1', outcome: 'delivered' }])
  })
})

it('a process that has its store for itself does not ask', async () => {
  const own = { ...store, kind: 'folder' as const, read: () => Promise.reject(new Error('asked')) }
  const names = createNames({ store: own, receivers: receiversOf('a'), clock, log: silentLog })
  await names.keep()
  expect([await names.isOwn('wecom-1'), await names.areOwn()]).toEqual([true, true])
})

it('an instance with foreign names decides for nobody, and the incident stays due', async () => {
  const env = { TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key' }
  const contextFor = (receivers: Receivers) =>
    createContext({ ...loadConfig(env), receivers }, silentLog, { store, clock, canWait: true })
  const [old, young] = [contextFor(receiversOf('a')), contextFor(receiversOf('ba'))]
  await start(receiversOf('a'))
  const due = { at: now, news: ['first' as const], gathers: false }
  await store.write({ put: recordsOf(incidentOf('in-1', now, { due, deliveries: [] })) })
  await start(receiversOf('ba'))
  const told = (context: typeof old) => tellDue('in-1', { now, takenAt: now, isHeardAgain: false }, context)
  expect(await told(old)).toBe(false)
  expect([await store.count('outbox:wecom-1'), await store.count('wake')]).toEqual([0, 1])
  expect(await told(young)).toBe(true)
  expect(await store.count('outbox:wecom-2')).toBe(1)
  old.close()
})
