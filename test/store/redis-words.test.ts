import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import { silentLog } from '../../src/model/log.ts'
import { createSharedLookQueue } from '../../src/store/looks/shared.ts'
import { openRedis, reasonOf } from '../../src/store/redis/index.ts'
import { startRedis } from '../support/redis.ts'

// What the clients of Redis say themselves is written for their users, not for ours.

it.each([
  ["Stream isn't writeable and enableOfflineQueue options is false", 'the connection was lost'],
  ['Connection is closed.', 'the connection was lost'],
  ['WRONGPASS invalid username-password pair', 'WRONGPASS invalid username-password pair'],
  ['connect ECONNREFUSED 127.0.0.1:6379', 'connect ECONNREFUSED 127.0.0.1:6379'],
])('%j is told as %j', (message, told) => {
  expect(reasonOf(new Error(message))).toBe(told)
})

it('the queue prints no lines of its own, whatever Redis is set to', async () => {
  const redis = await startRedis('--maxmemory-policy', 'allkeys-lru')
  const printed = [
    ...(['warn', 'log', 'error', 'info'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    ),
  ]
  const store = await openRedis(redis.address, { log: silentLog })
  const asked: string[] = []
  const looks = createSharedLookQueue({ address: redis.address, store, clock: systemClock, log: silentLog })
  try {
    looks.work(async (key) => {
      asked.push(key)
    }, 2)
    await looks.ask('lb-1')
    await expect.poll(() => asked, { timeout: 10_000 }).toEqual(['lb-1'])
    // Each of its connections asks Redis for its settings.
    await delay(200)
    expect(printed.flatMap((one) => one.mock.calls)).toEqual([])
  } finally {
    await looks.stop()
    await store.close()
    await redis.close()
    vi.restoreAllMocks()
  }
}, 30_000)
