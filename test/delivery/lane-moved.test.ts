import { expect, it } from 'vitest'
import { lanesOf, moveLane } from '../../src/delivery/index.ts'
import type { Delivery } from '../../src/delivery/receiver.ts'
import { silentLog } from '../../src/model/log.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { manualClock } from '../cloud/clocks.ts'
import { blocked } from './diagnoses.ts'
import { laneRig, REFUSED, UNKNOWN } from './lane-rig.ts'

// What waits for a receiver goes on under its new name.

const LIMITED = { most: 1, perMs: 60_000 }
const unchanged = { collection: 'receivers', id: 'known', version: null }

it('the limits of the receiver count under its new name', async () => {
  const before = laneRig({ old: { answer: () => ({ kind: 'delivered' }), windows: [LIMITED] } })
  const { store, clock } = before
  await before.tell('old', 'in-1')
  await before.run(1_000)
  await before.tell('old', 'in-2')
  expect(await moveLane({ from: 'old', to: 'new' }, { store, now: clock.now(), unchanged })).toBe(true)

  const receiver = { answer: () => ({ kind: 'delivered' }) as const, windows: [LIMITED] }
  const after = laneRig({ new: receiver }, { store, clock, holder: 'two' })
  await after.run(58_000)
  expect(after.of('new')).toEqual([])
  await after.run(2_000)
  expect(after.of('new')).toMatchObject([{ about: ['in-2'] }])
  expect(await before.kept('old')).toEqual([])
})

it('an attempt under the new name has the id of the first one, so that the receiver knows a repeat', async () => {
  const clock = manualClock()
  const store = createMemoryStore({ clock })
  const seen: Pick<Delivery, 'id' | 'attempt' | 'mayRepeat'>[] = []
  const run = async (name: string, isLost: boolean) => {
    const receiver = {
      kind: 'test',
      label: 'test',
      idempotent: true,
      send: async ({ id, attempt, mayRepeat }: Delivery) => {
        seen.push({ id, attempt, mayRepeat })
        return isLost ? UNKNOWN : REFUSED
      },
    }
    const lanes = lanesOf([{ name, receiver }], {
      store,
      clock,
      log: silentLog,
      holder: name,
      random: () => 0,
      attemptMs: 60_000,
      isOwn: async () => true,
      compose: async (groups) => ({
        composed: { message: blocked(), mentions: [], threadId: 'in-1', reference: null, subject: null },
        tells: groups,
        over: [],
        waits: [],
      }),
      settle: async (change) => {
        await store.write(change)
      },
    })
    const done = lanes.runUntil(clock.now() + 100)
    await clock.advance(100)
    await done
    await clock.advance(15_000)
  }
  await laneRig({}, { store, clock }).tell('first', 'in-1')
  await run('first', true)
  for (const [from, to] of [
    ['first', 'second'],
    ['second', 'third'],
  ] as const) {
    expect(await moveLane({ from, to }, { store, now: clock.now(), unchanged })).toBe(true)
    await run(to, false)
  }
  expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
  expect(seen.map(({ mayRepeat }) => mayRepeat)).toEqual([false, true, true])
  expect(new Set(seen.map(({ id }) => id)).size).toBe(1)
})

it('nothing is moved once what the move relies on has changed', async () => {
  const rig = laneRig({})
  await rig.tell('old', 'in-1')
  await rig.store.write({ put: [{ ...unchanged, value: '{}', at: 0 }] })
  const options = { store: rig.store, now: rig.clock.now(), unchanged }
  expect(await moveLane({ from: 'old', to: 'new' }, options)).toBe(false)
  expect([(await rig.kept('old')).length, (await rig.kept('new')).length]).toEqual([1, 0])
})
