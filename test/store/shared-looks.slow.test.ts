import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import { silentLog } from '../../src/model/log.ts'
import type { Store } from '../../src/store/index.ts'
import { LOOKS, type LookQueue } from '../../src/store/looks/index.ts'
import { createSharedLookQueue } from '../../src/store/looks/shared.ts'
import { openRedis } from '../../src/store/redis/index.ts'
import { bundled, type Child, startChild } from '../support/child.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let redis: TestRedis
let store: Store
const children: Child[] = []
const queues: LookQueue[] = []
beforeEach(async () => {
  redis = await startRedis()
  store = await openRedis(redis.address, { log: silentLog })
})
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.stop()
  for (const child of children.splice(0)) await child.kill()
  await store.close()
  await redis.close()
})

const queueWith = (sweepMs = 500): LookQueue => {
  const queue = createSharedLookQueue({
    store,
    address: redis.address,
    clock: systemClock,
    log: silentLog,
    lockMs: 2_000,
    sweepMs,
  })
  queues.push(queue)
  return queue
}
const instance = async (...args: string[]): Promise<Child> => {
  const child = startChild(await bundled('store/programs/looker.ts'), [redis.url, ...args])
  children.push(child)
  await child.until((line) => line === 'ready')
  return child
}
const due = (key: string) =>
  store.write({ put: [{ collection: LOOKS, id: key, at: Date.now(), value: '{}' }] })
const until = async (isTrue: () => Promise<boolean> | boolean, ms = 25_000): Promise<void> => {
  const deadline = Date.now() + ms
  while (!(await Promise.resolve(isTrue()).catch(() => false))) {
    if (Date.now() > deadline) throw new Error('it did not come')
    await delay(50)
  }
}
const doneBy = async (): Promise<readonly string[]> =>
  (await store.list('done', { limit: 9_999 })).map(({ value }) => value)

describe('looks that several instances share', { timeout: 60_000 }, () => {
  it('are done once each, by all of them', async () => {
    await instance()
    await instance()
    const queue = queueWith()
    const keys = Array.from({ length: 60 }, (_, i) => `{"region":"ap-guangzhou","id":"lb-${i}"}:`)
    await Promise.all(keys.map((key) => due(key).then(() => queue.ask(key))))
    await until(async () => (await store.count(LOOKS)) === 0)
    const by = await doneBy()
    expect(by).toHaveLength(60)
    expect(new Set(by).size).toBe(2)
  })

  it('of an instance that is killed are done by another one', async () => {
    // Longer than the test: it never ends a look.
    const victim = await instance('60000')
    const keys = Array.from({ length: 12 }, (_, i) => `lb-${i}`)
    const queue = queueWith()
    for (const key of keys) {
      await due(key)
      await queue.ask(key)
    }
    await victim.until((line) => line.startsWith('begun'))
    const survivor = await instance('50')
    await victim.kill()
    const unfinished = victim.lines
      .filter((line) => line.startsWith('begun '))
      .map((line) => line.slice('begun '.length))
    expect(unfinished.length).toBeGreaterThan(0)
    await until(async () => (await store.count(LOOKS)) === 0)
    expect(await doneBy()).toHaveLength(12)
    for (const key of unfinished) expect(survivor.lines).toContain(`done ${key}`)
  })

  it('that are asked for while they are active are done again', async () => {
    const queue = queueWith(60_000)
    let runs = 0
    let isSlow = true
    queue.work(async () => {
      runs += 1
      while (isSlow) await delay(20)
    }, 4)
    await queue.ask('lb-1')
    await until(() => runs === 1)
    for (let i = 0; i < 5; i++) await queue.ask('lb-1')
    await delay(300)
    expect(runs).toBe(1)
    isSlow = false
    await until(() => runs === 2)
    await delay(500)
    expect(runs).toBe(2)
  })

  it('that nobody asked for are found, also while their handler fails', async () => {
    const queue = queueWith()
    let runs = 0
    await due('lb-1')
    queue.work(async (key) => {
      runs += 1
      if (runs === 1) throw new Error('the first one fails')
      await store.write({ remove: [{ collection: LOOKS, id: key }] })
    }, 1)
    await until(async () => (await store.count(LOOKS)) === 0)
    expect(runs).toBe(2)
  })

  it('go on after Redis was killed, and asking never fails', async () => {
    await instance('20')
    const queue = queueWith()
    const accepted: string[] = []
    let isOver = false
    const offering = (async () => {
      for (let i = 0; !isOver; i++) {
        const key = `lb-${i}`
        const isKept = await due(key).catch(() => false)
        if (isKept) accepted.push(key)
        await queue.ask(key)
        await delay(5)
      }
    })()
    await until(() => accepted.length > 50)
    await redis.restart()
    const count = accepted.length
    await until(() => accepted.length > count + 50)
    isOver = true
    await offering
    await until(async () => (await store.count(LOOKS)) === 0)
    const done = new Set((await store.list('done', { limit: 9_999 })).map(({ id }) => id.split(' ')[0]))
    expect(accepted.filter((key) => !done.has(key))).toEqual([])
  })

  it('end with their instance when it is stopped: what runs is finished, what waits is left', async () => {
    const child = await instance('600')
    const queue = queueWith()
    for (let i = 0; i < 12; i++) {
      await due(`lb-${i}`)
      await queue.ask(`lb-${i}`)
    }
    await child.until((line) => line.startsWith('begun'))
    child.process.kill('SIGTERM')
    await child.until((line) => line === 'stopped')
    await child.kill()
    const begun = child.lines.filter((line) => line.startsWith('begun')).length
    expect(child.lines.filter((line) => line.startsWith('done'))).toHaveLength(begun)
    expect(await store.count(LOOKS)).toBe(12 - begun)
    expect(child.errors()).toBe('')
    await instance('10')
    await until(async () => (await store.count(LOOKS)) === 0)
  })

  it('leave nothing behind in Redis when all of them are done', async () => {
    await instance('1')
    const queue = queueWith()
    const keysNow = (): number => Number(redis.cli('dbsize'))
    const round = async (from: number): Promise<void> => {
      for (let i = from; i < from + 200; i++) {
        await due(`lb-${i}`)
        await queue.ask(`lb-${i}`)
      }
      await until(async () => (await store.count(LOOKS)) === 0)
    }
    await round(0)
    await delay(2_500)
    const before = keysNow()
    await round(200)
    await delay(2_500)
    expect(keysNow()).toBeLessThanOrEqual(before)
  })
})
