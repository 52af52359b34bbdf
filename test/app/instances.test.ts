import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createInstances } from '../../src/app/instances.ts'
import { silentLog } from '../../src/model/log.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { openRedis } from '../../src/store/redis/index.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let redis: TestRedis
let now = 1_800_000_000_000
const clock = { now: () => now, sleep: async () => {} }

beforeAll(async () => {
  redis = await startRedis()
}, 30_000)
afterAll(() => redis.close())
afterEach(() => {
  vi.useRealTimers()
  redis.cli('FLUSHALL')
})

it('instances that share a Redis know how many they are; one that was killed is forgotten', async () => {
  const store = await openRedis(redis.address, { log: silentLog })
  const made = (holder: string) => createInstances({ store, holder, clock, log: silentLog })
  const [first, second, killed] = [made('a'), made('b'), made('c')]
  await first.join()
  expect(first.count()).toBe(1)
  await second.join()
  await killed.join()
  expect([second.count(), killed.count()]).toEqual([2, 3])
  // From here on only the second one says that it lives.
  await first.leave()
  now += 13_000
  await second.join()
  expect(second.count()).toBe(1)
  await second.leave()
  await store.close()
})

it('an instance with a store of its own is alone', async () => {
  const store = createMemoryStore({ clock })
  const one = createInstances({ store, holder: 'a', clock, log: silentLog })
  const other = createInstances({ store, holder: 'b', clock, log: silentLog })
  await one.join()
  await other.join()
  expect([one.count(), other.count()]).toEqual([1, 1])
})
