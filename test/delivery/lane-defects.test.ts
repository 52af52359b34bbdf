import { expect, it } from 'vitest'
import { createMemoryStore, StoreError } from '../../src/store/index.ts'
import { manualClock } from '../cloud/clocks.ts'
import { deferred } from '../support/deferred.ts'
import { type Answer, DEADLINE_MS, DELIVERED, laneRig, REFUSED } from './lane-rig.ts'

// What a lane does when something else does not do its part: a receiver, the store, the message itself.

const delivers: Answer = () => DELIVERED
const NEVER: Answer = () => new Promise(() => {})

it('a receiver that throws is a defect of this message, and the lane goes on', async () => {
  const rig = laneRig({
    a: {
      answer: ({ about }) => {
        if (about.includes('in-1')) throw new RangeError('a secret')
        return DELIVERED
      },
    },
  })
  await rig.tell('a', 'in-1')
  await rig.tell('a', 'in-2', { rank: 1 })
  await rig.run(10_000)
  expect(rig.reports).toMatchObject([
    { about: 'in-1', outcome: 'permanent', why: 'defect: RangeError' },
    { about: 'in-2', outcome: 'delivered' },
  ])
})

it('a message is sent again if a file of clb-doctor was away when it was sent', async () => {
  let attempts = 0
  const answer = (): typeof DELIVERED => {
    attempts += 1
    if (attempts === 1)
      throw Object.assign(new Error("Cannot find module './mail.cjs'"), { code: 'MODULE_NOT_FOUND' })
    return DELIVERED
  }
  const rig = laneRig({ a: { answer } })
  await rig.tell('a', 'in-1')
  await rig.run(10_000)
  expect([rig.ended(), rig.of('a')[1]?.mayRepeat]).toEqual([{ 'in-1': 'delivered' }, false])
})

it('a message that cannot be made is dropped by name, and the others are told', async () => {
  const rig = laneRig(
    { a: { windows: [{ most: 1, perMs: 60_000 }], answer: delivers } },
    {
      making: (about) => {
        if (about.includes('in-2')) throw new TypeError('no diagnosis')
      },
    },
  )
  for (const about of ['in-1', 'in-2', 'in-3']) await rig.tell('a', about)
  await rig.run(DEADLINE_MS)
  expect(rig.ended()).toEqual({ 'in-1': 'delivered', 'in-2': 'permanent', 'in-3': 'delivered' })
  expect(rig.reports.find(({ about }) => about === 'in-2')?.why).toBe('defect: TypeError')
})

it('a message that its receiver never takes does not hold back the others for a day', async () => {
  const rig = laneRig({ a: { answer: ({ about }) => (about.includes('in-bad') ? REFUSED : DELIVERED) } })
  await rig.tell('a', 'in-bad')
  await rig.run(60_000)
  for (const about of ['in-1', 'in-2']) await rig.tell('a', about, { rank: 3 })
  await rig.run(900_000)
  expect(rig.ended()).toEqual({ 'in-1': 'delivered', 'in-2': 'delivered' })
  expect(await rig.kept('a')).toMatchObject([{ about: 'in-bad' }])
})

it('a message waits while the store that holds its incident cannot be read', async () => {
  let refusals = 3
  const rig = laneRig(
    { a: { answer: delivers } },
    {
      making: () => {
        if (refusals-- > 0) throw new StoreError('unavailable', { 'zh-CN': 'x', en: 'x' })
      },
    },
  )
  await rig.tell('a', 'in-1')
  const lanes = rig.lanes.start()
  await rig.clock.advance(10_000)
  await lanes.stop(1_000)
  expect(rig.ended()).toEqual({ 'in-1': 'delivered' })
})

it('a receiver that hangs delays nobody else', async () => {
  const rig = laneRig({ hung: { answer: NEVER }, well: { answer: delivers } }, { attemptMs: 20 })
  for (const name of ['hung', 'well']) await rig.tell(name, 'in-1')
  const lanes = rig.lanes.start()
  await rig.clock.advance(1)
  expect(rig.of('hung')).toHaveLength(1)
  for (let i = 2; i < 6; i++) {
    await rig.tell('well', `in-${i}`)
    lanes.poke()
    await rig.clock.advance(1)
  }
  expect(rig.reports.map(({ receiver, about }) => [receiver, about])).toEqual(
    [1, 2, 3, 4, 5].map((i) => ['well', `in-${i}`]),
  )
  await lanes.stop(0)
})

it('a receiver that does not end when its time is over has an unknown outcome', async () => {
  const rig = laneRig({ a: { answer: NEVER } }, { attemptMs: 20 })
  await rig.tell('a', 'in-1')
  const lanes = rig.lanes.start()
  await rig.clock.advance(1)
  await expect.poll(() => rig.kept('a')).toMatchObject([{ unknowns: 1, state: 'waiting' }])
  await lanes.stop(0)
})

it('a stop waits for what is on its way, and keeps everything else', async () => {
  const { promise, resolve } = deferred<typeof DELIVERED>()
  const rig = laneRig({ a: { answer: () => promise } })
  await rig.tell('a', 'in-1')
  await rig.tell('a', 'in-2', { rank: 1 })
  const lanes = rig.lanes.start()
  await rig.clock.advance(1)
  const stopped = lanes.stop(60_000)
  resolve(DELIVERED)
  await stopped
  expect(rig.ended()).toEqual({ 'in-1': 'delivered' })
  expect(await rig.kept('a')).toMatchObject([{ about: 'in-2', attempts: 0 }])
  expect(await rig.store.claim('lane:a', 'another', 1_000), 'the lane is free').toBe(true)
})

it('a stop cuts off what takes too long, and nothing is lost', async () => {
  const rig = laneRig({
    a: {
      answer: (_, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(REFUSED), { once: true })),
    },
    deaf: { answer: NEVER },
  })
  for (const name of ['a', 'deaf']) await rig.tell(name, 'in-1')
  const lanes = rig.lanes.start()
  await rig.clock.advance(1)
  await lanes.stop(10)
  expect(await rig.kept('a')).toMatchObject([{ about: 'in-1', attempts: 1, unknowns: 0 }])
  expect(await rig.kept('deaf')).toMatchObject([{ about: 'in-1', attempts: 1, unknowns: 1 }])
})

it('a stop ends although the store does not answer', async () => {
  const rig = laneRig({ a: { answer: delivers } }, { settle: () => new Promise(() => {}) })
  await rig.tell('a', 'in-1')
  const lanes = rig.lanes.start()
  await rig.clock.advance(1)
  await lanes.stop(10)
  expect(await rig.kept('a')).toMatchObject([{ about: 'in-1', state: 'sending' }])
})

it('nothing is sent again while what came of it cannot be written', async () => {
  let isFull = true
  const failing = laneRig(
    { a: { answer: delivers } },
    {
      settle: async (change) => {
        if (isFull) throw new Error('full')
        await failing.store.write(change)
      },
    },
  )
  await failing.tell('a', 'in-1')
  const lanes = failing.lanes.start()
  await failing.clock.advance(600_000)
  expect(failing.of('a')).toHaveLength(1)
  isFull = false
  await failing.clock.advance(30_000)
  expect(await failing.kept('a')).toEqual([])
  await lanes.stop(1_000)
  expect(failing.of('a')).toHaveLength(1)
})

it('of two instances one sends', async () => {
  const clock = manualClock()
  const store = createMemoryStore({ clock })
  const [one, two] = ['one', 'two'].map((holder) =>
    laneRig({ a: { answer: delivers } }, { clock, store, holder }),
  )
  if (!one || !two) throw new Error('no rigs')
  for (let i = 0; i < 5; i++) await one.tell('a', `in-${i}`, { rank: i })
  const running = [one.lanes.start(), two.lanes.start()]
  await clock.advance(5_000)
  await Promise.all(running.map((lanes) => lanes.stop(1_000)))
  const told = [...one.of('a'), ...two.of('a')].flatMap(({ about }) => about)
  expect(told.toSorted()).toEqual(['in-0', 'in-1', 'in-2', 'in-3', 'in-4'])
})
