import { afterAll, beforeAll, expect, it } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { STORY_KINDS, storyOf } from './stories.ts'
import { tell } from './told.ts'

// One story of each kind. accuracy.slow.test.ts tells more of them.

let cloud: SimulatedCloud
beforeAll(async () => {
  cloud = await openCloud(shop().world, { over: 'memory' })
})
afterAll(() => cloud.close())

it.each(STORY_KINDS)(
  'each look at a CLB is told right: %s',
  async (kind) => {
    const looks = await tell(cloud, storyOf(kind, 0))
    expect(looks.map(({ faults }) => faults)).toEqual(looks.map(() => []))
  },
  60_000,
)
