import { afterAll, beforeAll, expect, it } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { fastClock } from '../support/tat.ts'
import { CASE } from './healthy.ts'
import { HARMFUL, insideCase, insideResult } from './inside.ts'

// More CLBs of the kind of inside.slow.test.ts, with other seeds. INSIDE_SEED shows one of them there.

const FIRST = 4 * HARMFUL.length
const CASES = 12 * HARMFUL.length

let cloud: SimulatedCloud
beforeAll(async () => {
  cloud = await openCloud(shop().world, { over: 'memory', clock: fastClock() })
})
afterAll(() => cloud.close())

it('faults inside machines are named in at least 99 of 100, and nothing else is certain or likely', async () => {
  const wrong: string[] = []
  const all = { looked: 0, named: 0 }
  for (let seed = FIRST; seed < FIRST + CASES; seed++) {
    const one = insideCase(seed)
    const asked = { clb: CASE, looks: { inGuest: 'registered' } } as const
    const { diagnosis, snapshot } = await cloud.diagnose(one.world, asked)
    if (!snapshot) throw new Error('nothing was read')
    const result = insideResult(one, diagnosis, snapshot)
    all.looked += result.looked
    all.named += result.named
    if (result.named < result.looked || result.wrong.length > 0)
      wrong.push(
        `seed ${seed}: ${one.fault.name}: ${result.named} of ${result.looked}; ${result.wrong.join()}`,
      )
    const isWrong = result.wrong.length > 0
    expect(isWrong, wrong.at(-1)).toBe(false)
  }
  expect(all.looked).toBeGreaterThan(CASES)
  expect(all.named / all.looked, wrong.join('\n')).toBeGreaterThanOrEqual(0.99)
}, 1_200_000)
