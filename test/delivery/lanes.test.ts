import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/delivery/receiver.ts'
import { type Answer, type Attempt, DEADLINE_MS, DELIVERED, laneRig, REFUSED, UNKNOWN } from './lane-rig.ts'

const DAY_MS = 24 * 3_600_000

const inTurn = (...outcomes: readonly Outcome[]): Answer => {
  let i = 0
  return () => outcomes[Math.min(i++, outcomes.length - 1)] ?? DELIVERED
}

const until =
  (ms: number): Answer =>
  ({ at }) =>
    at < ms ? REFUSED : DELIVERED

const gaps = (attempts: readonly Attempt[]): readonly number[] =>
  attempts.slice(1).map(({ at }, i) => at - (attempts[i]?.at ?? 0))

const DELIVERED_ALWAYS: Answer = () => DELIVERED

describe('a receiver that refuses for a minute', () => {
  it.each([0, 0.999])('gets the message within its 180 s, with the jitter %s', async (jitter) => {
    const rig = laneRig({ a: { answer: until(60_000) } }, { random: () => jitter })
    await rig.tell('a', 'in-1')
    await rig.run(DEADLINE_MS)
    expect(rig.ended()).toEqual({ 'in-1': 'delivered' })
    expect(rig.of('a').at(-1)?.at).toBeLessThan(60_000 + 30_000)
  })

  it.each([0, 0.999])(
    'is away after four failures, then tried each 15 to 30 s (jitter %s)',
    async (jitter) => {
      const rig = laneRig({ a: { answer: () => REFUSED } }, { random: () => jitter })
      await rig.tell('a', 'in-1')
      await rig.run(2 * DEADLINE_MS)
      const waits = gaps(rig.of('a'))
      expect(waits.slice(0, 3).reduce((sum, ms) => sum + ms, 0)).toBeLessThan(4_000)
      for (const ms of waits.slice(3)) {
        expect(ms).toBeGreaterThanOrEqual(15_000)
        expect(ms).toBeLessThanOrEqual(30_000)
      }
      expect(await rig.kept('a')).toMatchObject([
        { about: 'in-1', state: 'missed', why: 'connection refused' },
      ])
    },
  )

  it('hears what it missed in one digest', async () => {
    const rig = laneRig({ a: { answer: until(600_000) } })
    for (const about of ['in-1', 'in-2', 'in-3']) await rig.tell('a', about)
    await rig.run(660_000)
    const arrived = rig.of('a').filter(({ at }) => at >= 600_000)
    expect(arrived).toMatchObject([{ why: 'away', about: ['in-1', 'in-2', 'in-3'] }])
    expect(await rig.kept('a')).toEqual([])
  })

  it('that never answers has each message dropped by name after a day', async () => {
    const rig = laneRig({ a: { answer: () => REFUSED } })
    await rig.tell('a', 'in-1')
    await rig.run(DAY_MS + 60_000)
    expect(rig.reports).toMatchObject([{ about: 'in-1', outcome: 'dropped', news: ['first'] }])
    expect(await rig.kept('a')).toEqual([])
  })

  it('that asks for hours of silence hears nothing until then, and then what waited', async () => {
    const hours: Outcome = { kind: 'retry', afterMs: 5 * 3_600_000, reason: 'HTTP 429' }
    const rig = laneRig({ a: { answer: ({ at }) => (at < hours.afterMs ? hours : DELIVERED) } })
    await rig.tell('a', 'in-1')
    await rig.run(60_000)
    await rig.tell('a', 'in-2')
    await rig.run(6 * 3_600_000)
    const [first, ...later] = rig.of('a').map(({ at }) => at)
    expect(first).toBeLessThan(1_000)
    expect(Math.min(...later)).toBeGreaterThanOrEqual(hours.afterMs)
    expect(rig.ended()).toEqual({ 'in-1': 'delivered', 'in-2': 'delivered' })
  })

  it('that asks for silence again and again has its message dropped after a day, too', async () => {
    const rig = laneRig({ a: { answer: () => ({ kind: 'retry', afterMs: 600_000, reason: 'HTTP 429' }) } })
    await rig.tell('a', 'in-1')
    await rig.run(DAY_MS + 3_600_000)
    expect(rig.ended()).toEqual({ 'in-1': 'dropped' })
  })
})

describe('an attempt', () => {
  /** Answers after 80 ms, unless it is told to end. */
  const slowly: Answer = (_, signal) =>
    new Promise((resolve) => {
      setTimeout(() => resolve(DELIVERED), 80)
      signal.addEventListener('abort', () => resolve(UNKNOWN))
    })

  it.each([
    [{}, 'waiting'],
    [{ attemptMs: 60_000 }, 'delivered'],
  ])('may take as long as the receiver needs: %j', async (own, outcome) => {
    const rig = laneRig({ a: { answer: slowly, idempotent: true, ...own } }, { attemptMs: 20 })
    await rig.tell('a', 'in-1')
    await rig.run(100)
    expect(rig.of('a')).toHaveLength(1)
    expect(rig.ended()['in-1'] ?? 'waiting').toBe(outcome)
  })
})

describe('an attempt whose end is not known', () => {
  it('is repeated once at a chat bot, marked, and then over', async () => {
    const rig = laneRig({ a: { answer: () => UNKNOWN } })
    await rig.tell('a', 'in-1')
    await rig.run(2 * DEADLINE_MS)
    expect(rig.of('a').map(({ mayRepeat }) => mayRepeat)).toEqual([false, true])
    expect(rig.ended()).toEqual({ 'in-1': 'unknown' })
  })

  it('is told a last time, marked, in one digest with others, when the chat bot shows that it is back', async () => {
    const isBack = ({ at }: { readonly at: number }): boolean => at >= 300_000
    const rig = laneRig({ a: { answer: (one) => (isBack(one) ? DELIVERED : UNKNOWN) } })
    for (const about of ['in-1', 'in-2']) await rig.tell('a', about)
    await rig.run(300_000)
    expect(rig.ended()).toEqual({ 'in-1': 'unknown', 'in-2': 'unknown' })
    const before = rig.of('a').length
    await rig.tell('a', 'in-3')
    await rig.run(60_000)
    expect(rig.of('a').slice(before)).toMatchObject([
      { about: ['in-3'], mayRepeat: false },
      { about: ['in-1', 'in-2'], mayRepeat: true, why: 'away' },
    ])
    expect(rig.ended()).toEqual({ 'in-1': 'delivered', 'in-2': 'delivered', 'in-3': 'delivered' })
    expect(await rig.kept('a')).toEqual([])
  })

  it('that was too long ends after a day without another word', async () => {
    const rig = laneRig({ a: { answer: () => UNKNOWN } })
    await rig.tell('a', 'in-1')
    await rig.run(DAY_MS + 60_000)
    expect(rig.reports.map(({ outcome }) => outcome)).toEqual(['unknown'])
    expect(await rig.kept('a')).toEqual([])
  })

  it('of a bot that hangs is repeated a minute later, when it may be back', async () => {
    const rig = laneRig({
      a: {
        answer: async ({ at }) => {
          if (at > 40_000) return DELIVERED
          await rig.clock.sleep(8_000)
          return UNKNOWN
        },
      },
    })
    await rig.tell('a', 'in-1')
    await rig.run(120_000)
    expect(rig.of('a').map(({ at, mayRepeat }) => [at, mayRepeat])).toEqual([
      [0, false],
      [68_000, true],
    ])
    expect(rig.ended()).toEqual({ 'in-1': 'delivered' })
  })

  it('is repeated at a receiver that knows a repeat, also after the deadline', async () => {
    const rig = laneRig({ a: { idempotent: true, answer: () => UNKNOWN } })
    await rig.tell('a', 'in-1')
    await rig.run(2 * DEADLINE_MS)
    expect(rig.reports).toEqual([])
    expect(rig.of('a').at(-1)?.at).toBeGreaterThan(DEADLINE_MS)
    expect(await rig.kept('a')).toMatchObject([{ state: 'missed' }])
  })

  it('stays marked when a later attempt is refused', async () => {
    const rig = laneRig({ a: { answer: inTurn(REFUSED, REFUSED, DELIVERED) } })
    await rig.tell('a', 'in-1', { state: 'sending', attempts: 1 })
    await rig.run(DEADLINE_MS)
    expect(rig.of('a').map(({ number, mayRepeat }) => [number, mayRepeat])).toEqual([
      [2, true],
      [3, true],
      [4, true],
    ])
  })

  it('stays marked when the receiver was away until the deadline', async () => {
    const rig = laneRig({ a: { answer: DELIVERED_ALWAYS } })
    const now = rig.clock.now()
    await rig.store.write({
      put: [
        {
          collection: 'lanes',
          id: 'a',
          value: JSON.stringify({ sentAt: [], away: { since: now, failures: 4, nextAt: now + 20_000 } }),
          at: now,
        },
      ],
    })
    await rig.tell('a', 'in-1', { state: 'sending', attempts: 1, deadline: now })
    await rig.run(60_000)
    expect(rig.of('a')).toMatchObject([{ at: 20_000, mayRepeat: true }])
  })
})

describe('limits', () => {
  it('the wait that a receiver asks for holds for all of its messages', async () => {
    const rig = laneRig({
      a: { answer: inTurn({ kind: 'retry', afterMs: 60_000, reason: 'HTTP 429' }, DELIVERED) },
    })
    await rig.tell('a', 'in-1')
    await rig.tell('a', 'in-2', { rank: 3 })
    await rig.run(DEADLINE_MS)
    expect(rig.of('a').map(({ at, about }) => [at, ...about])).toEqual([
      [0, 'in-1'],
      [60_000, 'in-1'],
      [60_000, 'in-2'],
    ])
  })

  it('news of the same incident does not break that silence', async () => {
    const rig = laneRig({
      a: { answer: inTurn({ kind: 'retry', afterMs: 60_000, reason: 'HTTP 429' }, DELIVERED) },
    })
    await rig.tell('a', 'in-1')
    await rig.run(10_000)
    await rig.tell('a', 'in-1', { news: ['worse'] })
    await rig.run(DEADLINE_MS)
    expect(rig.of('a').map(({ at }) => at)).toEqual([0, 60_000])
    expect(rig.reports.map(({ news }) => news.toSorted())).toEqual([['first', 'worse']])
  })

  it('what is over the limit comes together, and no window is exceeded', async () => {
    const rig = laneRig({ a: { windows: [{ most: 3, perMs: 60_000 }], answer: DELIVERED_ALWAYS } })
    for (let i = 0; i < 9; i++) await rig.tell('a', `in-${i}`)
    await rig.run(DEADLINE_MS)
    expect(rig.of('a').map(({ about, why }) => [about.length, why])).toEqual([
      [1, null],
      [1, null],
      [7, 'limit'],
    ])
  })

  it('a receiver that forgets hears it again, as no news', async () => {
    const rig = laneRig({ a: { resendMs: 60_000, answer: DELIVERED_ALWAYS } })
    await rig.tell('a', 'in-1')
    await rig.run(150_000)
    expect(rig.of('a').map(({ at }) => at)).toEqual([0, 60_000, 120_000])
    expect(rig.reports.map(({ news }) => news.length)).toEqual([1, 0, 0])
  })
})

describe('a clock that is set back', () => {
  it('stops neither a lane with a limit nor one whose receiver was away', async () => {
    const rig = laneRig({
      limited: { windows: [{ most: 1, perMs: 60_000 }], answer: () => DELIVERED },
      back: { answer: ({ at }) => (at >= 0 ? REFUSED : DELIVERED) },
    })
    for (const name of ['limited', 'back']) await rig.tell(name, 'in-1')
    await rig.run(20_000)
    rig.clock.set(rig.clock.now() - 3_600_000)
    for (const name of ['limited', 'back']) await rig.tell(name, 'in-2')
    await rig.run(70_000)
    expect(rig.ended()).toMatchObject({ 'in-2': 'delivered' })
    for (const name of ['limited', 'back']) expect(rig.of(name).at(-1)?.about).toContain('in-2')
  })
})

it('a message that took more than one place in the limit of its receiver counts so often', async () => {
  const rooms: number[] = []
  const rig = laneRig({
    a: {
      windows: [{ most: 3, perMs: 60_000 }],
      answer: ({ room }) => {
        rooms.push(room)
        return { kind: 'delivered', extra: 1 }
      },
    },
  })
  for (const about of ['in-1', 'in-2']) await rig.tell('a', about)
  await rig.run(50_000)
  expect(rooms).toEqual([2, 0])
  await rig.tell('a', 'in-3')
  await rig.run(5_000)
  expect(rig.of('a')).toHaveLength(2)
  await rig.run(60_000)
  expect(rig.of('a')).toHaveLength(3)
})
