import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import { shop } from '../../src/simulator/base.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { ALARM, caseOf } from './cases.ts'
import { CASE } from './healthy.ts'

// The large runs use no sockets. These cases run with and without sockets: requests, snapshot and diagnosis are the same.

const CASES = 200
/** Takes cases from all parts of the 2,000. */
const STEP = 7

/** Waits for every answer that only informs. Otherwise a busy machine could miss one of them in one of the two ways. */
const clock: Clock = { ...systemClock, sleep: (_, signal) => systemClock.sleep(60_000, signal) }

let ways: readonly SimulatedCloud[] = []
beforeAll(async () => {
  ways = [await openCloud(shop().world, { clock }), await openCloud(shop().world, { clock, over: 'memory' })]
})
afterAll(() => Promise.all(ways.map((cloud) => cloud.close())))

/** Removes ids, times and durations. */
const steady = (text: string): string =>
  text.replace(/"(id":"dx-|createdAt":"|takenAt":"|durationMs":)[^",}]+/g, '"$1')

async function resultOf(cloud: SimulatedCloud, seed: number) {
  const { site, apiFaults } = caseOf(seed)
  const asked = { clb: CASE, alarm: ALARM, faults: apiFaults }
  const { diagnosis, snapshot, calls } = await cloud.diagnose(site.world, asked)
  const sent = calls.log().map(({ action, region, body, code }) => `${action} ${region} ${body} ${code}`)
  return { answer: steady(JSON.stringify({ diagnosis, snapshot })), sent: sent.sort() }
}

it('a diagnosis has the same bytes with and without sockets', async () => {
  for (let seed = 0; seed < CASES * STEP; seed += STEP) {
    const [withSockets, without] = await Promise.all(ways.map((cloud) => resultOf(cloud, seed)))
    expect([seed, without]).toEqual([seed, withSockets])
  }
}, 300_000)
