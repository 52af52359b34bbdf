import { setMaxListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLimiter } from '../../src/cloud/rate.ts'
import { rateOf } from '../../src/cloud/session.ts'
import { usualRate } from '../../src/model/actions/index.ts'
import { manualClock, steppingClock } from './clocks.ts'

const never = new AbortController().signal
setMaxListeners(0, never)

/** The times, in ms, when `count` calls start that arrive at once. */
async function starts(perSecond: number, count: number, forMs: number): Promise<number[]> {
  const clock = manualClock()
  const began = clock.now()
  const limit = createLimiter(() => perSecond, clock)
  const at: number[] = []
  for (let i = 0; i < count; i++) void limit('a', never).then(() => at.push(clock.now() - began))
  await clock.advance(forMs)
  return at
}

describe('the rate', () => {
  // The platform counts arrivals, so a call that is late on its way must not meet those of the next second.
  it('lets the calls of one second start at once, and the other calls a little after it', async () => {
    expect(await starts(3, 7, 10_000)).toEqual([0, 0, 0, 1_030, 1_030, 1_030, 2_060])
  })

  it('below 1 lets one call start in each interval of 1 / rate seconds', async () => {
    expect(await starts(0.5, 3, 10_000)).toEqual([0, 2_060, 4_120])
    expect(await starts(0.3, 3, 10_000)).toEqual([0, 3_434, 6_868])
  })

  it('is rounded down if it has a fraction', async () => {
    expect(await starts(1.9, 3, 10_000)).toEqual([0, 1_030, 2_060])
  })

  it('follows the number of instances that share it, at each call', async () => {
    const clock = manualClock()
    let instances = 1
    const limit = createLimiter(() => 4 / instances, clock)
    const at: number[] = []
    for (let i = 0; i < 12; i++) void limit('a', never).then(() => at.push(clock.now() / 1000))
    const began = clock.now() / 1000
    await clock.advance(500)
    instances = 2
    await clock.advance(1_900)
    instances = 1
    await clock.advance(5_000)
    expect(at.map((time) => Math.round(time - began))).toEqual([0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 3, 3])
  })

  it('is counted separately for each action', async () => {
    const clock = manualClock()
    const limit = createLimiter(() => 1, clock)
    await Promise.all([limit('a', never), limit('b', never)])
    expect(clock.asleep()).toBe(0)
  })

  it('is never exceeded in any second, and calls start in the order of their arrival', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.2, max: 20, noNaN: true }),
        fc.array(fc.integer({ min: 0, max: 1_500 }), { maxLength: 40 }),
        fc.constantFrom('at once', 'evenly'),
        async (perSecond, gaps, pace) => {
          const clock = manualClock()
          const limit = createLimiter(() => perSecond, clock)
          const at: number[] = []
          const order: number[] = []
          for (const [i, gap] of gaps.entries()) {
            await clock.advance(gap)
            void limit('a', never, pace).then(() => {
              at.push(clock.now())
              order.push(i)
            })
          }
          await clock.advance(400_000)
          expect(order).toEqual(gaps.map((_, i) => i))
          const most = Math.max(1, Math.floor(perSecond))
          const window = Math.max(1_000, 1_000 / perSecond)
          for (const [i, time] of at.entries())
            expect(at.slice(i).filter((later) => later < time + window).length).toBeLessThanOrEqual(most)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('is used evenly over a long queue, even if timers wake late', async () => {
    const clock = steppingClock()
    const late = { ...clock, sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms + 15, signal) }
    const began = clock.now()
    const limit = createLimiter(() => 20, late)
    const at: number[] = []
    await Promise.all(
      Array.from({ length: 1_000 }, () => limit('a', never, 'evenly').then(() => at.push(clock.now()))),
    )
    const apart = at.slice(40).map((time, i) => time - (at[i + 39] ?? 0))
    expect(Math.max(...apart)).toBeLessThan(150)
    expect((at.at(-1) ?? 0) - began).toBeLessThan(53_000)
  })
})

describe('an abort', () => {
  it('ends the wait at once, and the next call in the queue gets the turn', async () => {
    const clock = manualClock()
    const began = clock.now()
    const limit = createLimiter(() => 0.1, clock)
    const given = new AbortController()
    setMaxListeners(0, given.signal)
    await limit('a', never)
    const gone = Array.from({ length: 20 }, () => limit('a', given.signal).catch((reason) => reason))
    let at = 0
    void limit('a', never).then(() => {
      at = clock.now() - began
    })
    await clock.settle()
    given.abort('enough')
    expect(await Promise.all(gone)).toEqual(Array(20).fill('enough'))
    await clock.advance(60_000)
    expect(at).toBe(10_300)
  })

  it('in the middle of the queue leaves the other calls in order', async () => {
    const clock = manualClock()
    const limit = createLimiter(() => 1, clock)
    const given = new AbortController()
    const order: string[] = []
    const take = (name: string, signal: AbortSignal) =>
      limit('a', signal).then(
        () => order.push(name),
        () => order.push(`no ${name}`),
      )
    void take('first', never)
    void take('second', never)
    void take('third', given.signal)
    void take('fourth', never)
    await clock.settle()
    given.abort()
    await clock.settle()
    expect(order).toEqual(['first', 'no third'])
    await clock.advance(5_000)
    expect(order).toEqual(['first', 'no third', 'second', 'fourth'])
  })

  it('before the call uses no turn', async () => {
    const clock = manualClock()
    const limit = createLimiter(() => 1, clock)
    await expect(limit('a', AbortSignal.abort('over'))).rejects.toBe('over')
    await clock.settle()
    await limit('a', never)
    expect(clock.asleep()).toBe(0)
  })
})

it('a clock that is set back delays a call by one window, not by the difference', async () => {
  const clock = manualClock()
  const limit = createLimiter(() => 1, clock)
  await limit('a', never)
  const past = clock.now() - 3_600_000
  clock.set(past)
  let at = 0
  void limit('a', never).then(() => {
    at = clock.now()
  })
  await clock.advance(2_000)
  expect(at - past).toBe(1_030)
})

it('each key has its own rate', async () => {
  const clock = manualClock()
  const limit = createLimiter((key) => (key === 'fast' ? 5 : 1), clock)
  const taken: string[] = []
  for (const key of ['fast', 'slow'])
    for (let i = 0; i < 6; i++) void limit(key, never).then(() => taken.push(key))
  await clock.settle()
  expect(taken.filter((key) => key === 'fast')).toHaveLength(5)
  expect(taken.filter((key) => key === 'slow')).toHaveLength(1)
})

describe('the usual rates', () => {
  it('are three quarters of the limit that the platform has for the action', () => {
    expect(usualRate('clb:DescribeListeners')).toBe(15)
    expect(usualRate('vpc:DescribeSecurityGroupPolicies')).toBe(75)
  })
})

describe('the rate of an action', () => {
  const KNOWN = 'vpc:DescribeSecurityGroupPolicies'
  const OTHER = 'clb:DescribeTargets'

  it.each([
    ['no rate is set', null, null, 75, 15],
    ['a rate is set', 15, null, 75, 15],
    ['a higher rate is set', 90, null, 90, 90],
    ['a rate is set for an origin elsewhere', 15, 'https://proxy.example.com', 75, 15],
    ['a rate is set for an origin on loopback', 15, 'http://127.0.0.1:9100', 15, 15],
    ['a rate is set for an origin on loopback of IPv6', 15, 'http://[::1]:9100', 15, 15],
  ])('is the known one, unless a higher one is set: %s', (_, ratePerSecond, apiOrigin, known, other) => {
    const rate = rateOf({ ratePerSecond, apiOrigin })
    expect([rate(KNOWN), rate(OTHER)]).toEqual([known, other])
  })
})
