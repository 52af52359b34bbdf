import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/model/clock.ts'
import type { Log } from '../../src/model/log.ts'
import { createMemoryStore, type Store, StoreError } from '../../src/store/index.ts'
import { createLookQueue, LOOKS } from '../../src/store/looks/index.ts'
import { deferred } from '../support/deferred.ts'

/** Time passes only by `pass`. */
function handClock(): Clock & { pass(ms: number): Promise<void> } {
  let now = 1_000_000
  const sleepers = new Set<() => void>()
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const until = now + ms
        const wake = (): void => {
          if (now < until) return
          sleepers.delete(wake)
          resolve()
        }
        sleepers.add(wake)
        signal?.addEventListener('abort', () => reject(signal.reason))
      }),
    async pass(ms) {
      now += ms
      for (const wake of [...sleepers]) wake()
      await settle()
    },
  }
}

function rig(store?: (inner: Store) => Store) {
  const clock = handClock()
  const inner = createMemoryStore({ clock })
  const logged: string[] = []
  const note = (message: string, fields?: unknown): void => {
    logged.push(`${message} ${JSON.stringify(fields ?? {})}`)
  }
  const log: Log = { info: note, warn: note, error: note }
  const queue = createLookQueue({ store: store?.(inner) ?? inner, clock, log })
  const due = (key: string, at = clock.now()) =>
    inner.write({ put: [{ collection: LOOKS, id: key, at, value: '{}' }] })
  const over = (key: string) => inner.write({ remove: [{ collection: LOOKS, id: key }] })
  return { clock, store: inner, queue, due, over, logged }
}

describe('the queue of looks in a process', () => {
  it('wakes a worker for a key at once', async () => {
    const { queue, clock } = rig()
    const seen: string[] = []
    queue.work(async (key) => void seen.push(key), 2)
    await queue.ask('lb-1')
    await clock.pass(0)
    expect(seen).toEqual(['lb-1'])
    await queue.stop()
  })

  it('finds what was due at the start, what becomes due, and what nobody asked for', async () => {
    const { queue, clock, due, over } = rig()
    const seen: string[] = []
    await due('before', clock.now() - 5_000)
    await due('later', clock.now() + 3_000)
    queue.work(async (key) => {
      seen.push(key)
      await over(key)
    }, 2)
    await clock.pass(0)
    expect(seen).toEqual(['before'])
    await due('unasked')
    await clock.pass(1_000)
    expect(seen).toEqual(['before', 'unasked'])
    await clock.pass(1_000)
    await clock.pass(1_000)
    expect(seen).toEqual(['before', 'unasked', 'later'])
    await queue.stop()
  })

  it('runs no key twice at the same time, and runs it again if it was asked for meanwhile', async () => {
    const { queue, clock, due } = rig()
    const gates = [deferred<void>(), deferred<void>()]
    const runs: string[] = []
    await due('lb-1')
    queue.work(async (key) => {
      runs.push(key)
      await gates[runs.length - 1]?.promise
    }, 4)
    await clock.pass(0)
    await clock.pass(1_000)
    // The sweep found its record, and nobody asked.
    expect(runs).toEqual(['lb-1'])
    await queue.ask('lb-1')
    await queue.ask('lb-1')
    await clock.pass(0)
    expect(runs).toEqual(['lb-1'])
    gates[0]?.resolve()
    await clock.pass(0)
    expect(runs).toEqual(['lb-1', 'lb-1'])
    gates[1]?.resolve()
    await queue.stop()
  })

  it('has at most as many handlers at once as there are workers', async () => {
    const { queue, clock } = rig()
    let [now, most, total] = [0, 0, 0]
    queue.work(async () => {
      now += 1
      total += 1
      most = Math.max(most, now)
      await new Promise((resolve) => setImmediate(resolve))
      now -= 1
    }, 3)
    await Promise.all(Array.from({ length: 50 }, (_, i) => queue.ask(`lb-${i}`)))
    while (total < 50) await clock.pass(0)
    expect(most).toBe(3)
    await queue.stop()
  })

  it('tries a key whose handler failed again after some seconds, and names it in the log', async () => {
    const { queue, clock, due, over, logged } = rig()
    let runs = 0
    await due('lb-1')
    queue.work(async (key) => {
      runs += 1
      if (runs === 1) throw new Error('the API is away')
      await over(key)
    }, 1)
    await clock.pass(0)
    for (let i = 0; i < 4; i++) await clock.pass(1_000)
    expect(runs).toBe(1)
    expect(logged.join('\n')).toMatch(/a look failed.*lb-1.*the API is away/)
    await clock.pass(1_000)
    await clock.pass(1_000)
    expect(runs).toBe(2)
    await queue.stop()
  })

  it('goes through thousands of keys that are due', async () => {
    const { queue, clock, store, over } = rig()
    const put = Array.from({ length: 12_000 }, (_, i) => ({
      collection: LOOKS,
      id: `lb-${i}`,
      at: i,
      value: '{}',
    }))
    await store.write({ put })
    queue.work(over as (key: string) => Promise<never>, 8)
    for (let i = 0; i < 200 && (await store.count(LOOKS)) > 0; i++) await clock.pass(1_000)
    expect(await store.count(LOOKS)).toBe(0)
    await queue.stop()
  })

  it('goes on when the store is back, and says both once', async () => {
    let isAway = true
    const away = { en: 'away', 'zh-CN': '不可用' }
    const { queue, clock, due, over, logged } = rig((inner) => ({
      ...inner,
      list: (...args) => (isAway ? Promise.reject(new StoreError('unavailable', away)) : inner.list(...args)),
    }))
    await due('lb-1')
    const seen: string[] = []
    queue.work(async (key) => {
      seen.push(key)
      await over(key)
    }, 1)
    for (let i = 0; i < 3; i++) await clock.pass(1_000)
    expect(logged).toHaveLength(1)
    isAway = false
    await clock.pass(1_000)
    expect(seen).toEqual(['lb-1'])
    expect(logged).toHaveLength(2)
    await queue.stop()
  })

  it('waits at its stop for what runs, and starts nothing more', async () => {
    const { queue, clock, due } = rig()
    const gate = deferred<void>()
    const seen: string[] = []
    for (const key of ['lb-1', 'lb-2']) await due(key)
    queue.work(async (key) => {
      seen.push(key)
      await gate.promise
    }, 1)
    await clock.pass(0)
    let isStopped = false
    const stopping = queue.stop().then(() => {
      isStopped = true
    })
    await queue.ask('lb-3')
    await clock.pass(5_000)
    expect(isStopped).toBe(false)
    gate.resolve()
    await stopping
    await clock.pass(5_000)
    expect(seen).toEqual(['lb-1'])
  })
})
