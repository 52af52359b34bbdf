import { beforeEach, describe, expect, it } from 'vitest'
import { waitingOf } from '../../src/app/incidents/records.ts'
import { takeAlarms } from '../../src/app/incidents/take.ts'
import { type Alarm, clbKey, REPEAT_MS } from '../../src/model/alarm.ts'
import { createMemoryStore, type Store, type Stored } from '../../src/store/index.ts'
import { ALARM } from '../faults/cases.ts'

const NOW = 1_000_000
const FIRING: Alarm = { ...ALARM, firstOccurredAt: null, recoveredAt: null }
const OVER: Alarm = { ...FIRING, state: 'resolved' }
const WAITING = waitingOf(clbKey(ALARM))

let store: Store
beforeEach(() => {
  store = createMemoryStore({ clock: { now: () => NOW } })
})

/** The alarm of another condition of the same CLB. */
const ofCondition = (alarm: Alarm, identity: string): Alarm => ({ ...alarm, identity })
const waiting = (): Promise<readonly Stored[]> => store.list(WAITING, { limit: 9 })
const states = async (): Promise<readonly string[]> =>
  (await waiting()).map(({ value }) => (JSON.parse(value) as { alarm: Alarm }).alarm.state)
/** A look that has read these removes them. */
const served = (read: readonly Stored[]): Promise<boolean> =>
  store.write({ remove: read.map(({ id }) => ({ collection: WAITING, id })) })

describe('alarms without times', () => {
  it('a firing after a recovery does not take the place of the first one', async () => {
    await takeAlarms([FIRING], store, NOW)
    const read = await waiting()
    await takeAlarms([OVER], store, NOW + 10)
    await takeAlarms([FIRING], store, NOW + 20)
    await takeAlarms([FIRING], store, NOW + 30)
    expect(await states()).toEqual(['firing', 'resolved', 'firing'])
    await served(read)
    expect(await states()).toEqual(['resolved', 'firing'])
  })

  it('a repeat takes one place, and another firing after five minutes of silence takes its own', async () => {
    for (const after of [0, 10, REPEAT_MS, 2 * REPEAT_MS]) await takeAlarms([FIRING], store, NOW + after)
    expect((await waiting()).map(({ at }) => at)).toEqual([NOW])
    await takeAlarms([FIRING], store, NOW + 3 * REPEAT_MS + 1)
    expect((await waiting()).map(({ at }) => at)).toEqual([NOW, NOW + 3 * REPEAT_MS + 1])
  })

  it('a repeat of one that a look has served waits behind what came meanwhile', async () => {
    await takeAlarms([FIRING], store, NOW)
    await served(await waiting())
    await takeAlarms([ofCondition(OVER, 'other')], store, NOW + 10)
    await takeAlarms([FIRING], store, NOW + 20)
    expect(await states()).toEqual(['resolved', 'firing'])
  })

  it('states that arrive in one payload, or in one millisecond, wait in their order', async () => {
    await takeAlarms([FIRING, OVER, FIRING, OVER], store, NOW)
    await takeAlarms([FIRING], store, NOW)
    await takeAlarms([OVER], store, NOW)
    expect(await states()).toEqual(['firing', 'resolved', 'firing', 'resolved', 'firing', 'resolved'])
  })

  it('one that is handed on late waits where it came, and changes nothing for those that come after it', async () => {
    await takeAlarms([OVER], store, NOW + 10)
    await takeAlarms([FIRING], store, NOW)
    await takeAlarms([FIRING], store, NOW)
    await takeAlarms([OVER], store, NOW + 20)
    expect(await states()).toEqual(['firing', 'resolved'])
  })

  it('two instances that take in two states of one condition at once keep an order', async () => {
    await takeAlarms([FIRING], store, NOW)
    const read = await waiting()
    // Both have read what is known before one of them writes.
    await Promise.all([takeAlarms([OVER], store, NOW + 5_000), takeAlarms([FIRING], store, NOW + 5_000)])
    expect(await states()).toEqual(['firing', 'resolved', 'firing'])
    await takeAlarms([OVER], store, NOW + 6_000)
    await served(read)
    expect(await states()).toEqual(['resolved', 'firing', 'resolved'])
  })

  it('many instances that take in one repeat at once all succeed, and it takes one place', async () => {
    await Promise.all(Array.from({ length: 64 }, () => takeAlarms([FIRING], store, NOW)))
    expect(await states()).toEqual(['firing'])
  })

  it('an alarm is taken in even if its condition changes all the time', async () => {
    const racing: Store = {
      ...store,
      write: (change) => (change.when?.length ? noRoom() : store.write(change)),
    }
    const noRoom = async () => false
    await takeAlarms([FIRING], racing, NOW)
    expect(await states()).toEqual(['firing'])
  })
})

describe('the records that taking an alarm in reads', () => {
  /** How many records were asked for, and how many a list returned. */
  async function readsOf(alarms: readonly Alarm[]): Promise<{ calls: number; records: number }> {
    const reads = { calls: 0, records: 0 }
    const counting: Store = {
      ...store,
      async read(keys) {
        reads.calls += 1
        reads.records += keys.length
        return store.read(keys)
      },
      async list(collection, query) {
        const found = await store.list(collection, query)
        reads.calls += 1
        reads.records += found.length
        return found
      },
    }
    await takeAlarms(alarms, counting, NOW + 10)
    return reads
  }

  it.each([
    ['without times', FIRING, { calls: 1, records: 1 }],
    ['with times', { ...ALARM, firstOccurredAt: '2026-11-20T00:00:00Z' }, { calls: 0, records: 0 }],
  ] as const)('are the same %s whether 1 alarm of the CLB waits or 1,000', async (_, alarm, expected) => {
    await takeAlarms([ofCondition(alarm, 'c')], store, NOW)
    expect(await readsOf([ofCondition(alarm, 'c')])).toEqual(expected)
    const others = Array.from({ length: 999 }, (_, n) => ofCondition(alarm, `c-${n}`))
    await takeAlarms(others, store, NOW)
    expect(await store.count(WAITING)).toBe(1_000)
    expect(await readsOf([ofCondition(alarm, 'c')])).toEqual(expected)
    expect(await readsOf([ofCondition(alarm, 'new')])).toEqual(expected)
  })

  it('are read in one step for all alarms of a payload', async () => {
    const payload = Array.from({ length: 30 }, (_, n) => ofCondition(FIRING, `c-${n}`))
    expect(await readsOf([...payload, ...payload])).toEqual({ calls: 1, records: 30 })
  })
})
