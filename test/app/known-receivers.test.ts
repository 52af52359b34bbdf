import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Incident } from '../../src/incidents/index.ts'
import { systemClock } from '../../src/model/clock.ts'
import { silentLog } from '../../src/model/log.ts'
import { openFolder } from '../../src/store/embedded/index.ts'
import { createMemoryStore, type Store, StoreError } from '../../src/store/index.ts'
import { openRedis } from '../../src/store/redis/index.ts'
import {
  dumpOf,
  keptOf,
  lettersOf,
  listsOf,
  ownersIn,
  type Receivers,
  receiversNamed,
  receiversOf,
  startWith,
} from '../support/kept-receivers.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

// Every start compares names with addresses. What the store keeps goes to the name that its address has now.

const clock = systemClock

/** A store in memory that outlives its process, as the other two do. */
const kept = (): Store => ({ ...createMemoryStore({ clock }), kind: 'folder' })

let redis: TestRedis
beforeAll(async () => {
  redis = await startRedis()
}, 30_000)
afterAll(() => redis.close())

const STORES: Readonly<Record<string, () => Promise<{ store: Store; close: () => Promise<void> }>>> = {
  memory: async () => ({ store: kept(), close: async () => {} }),
  'a folder': async () => {
    const path = mkdtempSync(join(tmpdir(), 'clb-doctor-known-'))
    const store = await openFolder(path, { clock })
    const close = async () => {
      await store.close()
      rmSync(path, { recursive: true })
    }
    return { store, close }
  },
  Redis: async () => {
    redis.cli('FLUSHALL')
    const store = await openRedis(redis.address, { log: silentLog })
    return { store, close: () => store.close() }
  },
}

/** What each name should own: the letter of its address. */
const owned = (receivers: Receivers): Record<string, string> => {
  const letters = lettersOf(receivers)
  return Object.fromEntries(receivers.map(({ name }, i) => [name, letters[i] ?? '']))
}
const namesOf = (receivers: Receivers): readonly string[] => receivers.map(({ name }) => name)

/** A store after a process with these receivers, of which much is kept. */
async function filled(store: Store, receivers: Receivers, entries = 3): Promise<void> {
  await startWith(receivers, store, clock)
  await store.write({ put: keptOf(receivers, entries) })
}

const MOVES: readonly (readonly [string, Receivers, Receivers])[] = [
  ['two change places', receiversOf('ab'), receiversOf('ba')],
  ['three change places', receiversOf('abc'), receiversOf('cab')],
  ['one comes before the others', receiversOf('ab'), receiversOf('xab')],
  ['the first is removed', receiversOf('abc'), receiversOf('bc')],
  ['all get names in the file', receiversOf('ab'), receiversNamed({ oncall: 'a', shop: 'b' })],
  ['names of the file are exchanged', receiversNamed({ x: 'a', y: 'b' }), receiversNamed({ x: 'b', y: 'a' })],
  ['one takes the name of another', receiversOf('ab'), receiversNamed({ 'wecom-2': 'a', more: 'b' })],
]

describe.each(Object.keys(STORES))('with %s', (kind) => {
  let opened: Awaited<ReturnType<(typeof STORES)[string]>>
  let store: Store
  beforeEach(async () => {
    opened = (await STORES[kind]?.()) ?? opened
    store = opened.store
    return () => opened.close()
  })

  it.each(MOVES)('what is kept goes with its address: %s', async (_, before, after) => {
    await filled(store, before)
    await startWith(after, store, clock)
    const letters = lettersOf(before)
    const expected = Object.entries(owned(after)).map(([name, letter]) => [
      name,
      letters.includes(letter) ? letter : '',
    ])
    expect(await ownersIn(store, namesOf(after))).toEqual(Object.fromEntries(expected))
  })

  it('more than one page of what waits is moved', async () => {
    await filled(store, receiversOf('ab'), 501)
    await startWith(receiversOf('ba'), store, clock)
    const counts = await Promise.all(['wecom-1', 'wecom-2'].map((name) => store.count(`outbox:${name}`)))
    expect(counts).toEqual([501, 501])
    expect(await ownersIn(store, ['wecom-1', 'wecom-2'])).toEqual({ 'wecom-1': 'b', 'wecom-2': 'a' })
  })

  it('a start that is cut off at any write is completed by the next one', async () => {
    const [before, after] = [receiversOf('abc'), receiversOf('xcb')]
    const names = [...namesOf(after), 'wecom-4']
    const done = kept()
    await filled(done, before)
    await startWith(after, done, still)
    const expected = await dumpOf(done, names)
    let cuts = 0
    // The steps are the same on each store, so two of them are cut at some of them only.
    for (let writes = 0; ; writes += kind === 'memory' ? 1 : 5) {
      const again = (await STORES[kind]?.()) ?? opened
      await filled(again.store, before)
      const isCut = await isCutOff(again.store, after, writes)
      await startWith(after, again.store, still)
      expect(await dumpOf(again.store, names), `cut at write ${writes}`).toEqual(expected)
      await again.close()
      if (!isCut) break
      cuts += 1
    }
    expect(cuts).toBeGreaterThan(kind === 'memory' ? 12 : 2)
  })
})

/** Its names for what was set aside are the same in every run. */
const still = { ...systemClock, now: () => 1_750_000_000_000 }

/** Starts a process whose store is away from the given write on. Even writes are done, but their answer is lost. */
async function isCutOff(store: Store, receivers: Receivers, after: number): Promise<boolean> {
  let writes = 0
  const away = new StoreError('unavailable', { en: 'away', 'zh-CN': 'away' })
  const cut: Store = {
    ...store,
    write: async (change) => {
      writes += 1
      if (writes > after + 1) throw away
      if (writes <= after) return store.write(change)
      if (after % 2 === 0) await store.write(change)
      throw away
    },
    close: async () => {},
  }
  return startWith(receivers, cut, still).then(
    () => false,
    () => true,
  )
}

describe('a start', () => {
  let store: Store
  beforeEach(() => {
    store = kept()
  })

  it('takes the names of an older version as they are, and says nothing', async () => {
    await store.write({ put: keptOf(receiversOf('ab')) })
    expect(await startWith(receiversOf('ab'), store, clock)).toEqual([])
    expect(await ownersIn(store, ['wecom-1', 'wecom-2'])).toEqual({ 'wecom-1': 'a', 'wecom-2': 'b' })
  })

  it('reads once and writes nothing if nothing changed', async () => {
    await filled(store, receiversOf('ab'))
    const calls: string[] = []
    const counted = Object.fromEntries(
      (['read', 'write', 'list', 'count', 'claim'] as const).map((name) => [
        name,
        (...args: never[]) => {
          calls.push(name)
          return (store[name] as (...args: never[]) => unknown)(...args)
        },
      ]),
    )
    await startWith(receiversOf('ab'), { ...store, ...counted }, clock)
    expect(calls).toEqual(['read'])
  })

  it('says in one line for each receiver what was moved', async () => {
    await filled(store, receiversOf('ab'))
    const moved = (from: string, to: string) =>
      `info a receiver has another name now: what waits for it and what it was told has that name, too {"from":"${from}","to":"${to}","waiting":3}`
    expect(await startWith(receiversOf('xab'), store, clock)).toEqual([
      moved('wecom-1', 'wecom-2'),
      moved('wecom-2', 'wecom-3'),
    ])
    expect(await startWith(receiversOf('xab'), store, clock)).toEqual([])
  })

  it('leaves the names in closed incidents, but not where something still waits to be told of one', async () => {
    const receivers = receiversOf('ab')
    await filled(store, receivers)
    const [entry] = await store.list('outbox:wecom-1', { limit: 1 })
    const about = { ...JSON.parse(entry?.value ?? '{}'), about: 'in-merged' }
    const [closed] = await store.read([{ collection: 'incidents', id: 'in-closed' }])
    const merged = { ...JSON.parse(closed?.value ?? '{}'), id: 'in-merged', mergedInto: 'in-open' }
    await store.write({
      put: [
        { collection: 'incidents', id: 'in-merged', value: JSON.stringify(merged), at: 1 },
        { collection: 'references', id: 'wecom-1 in-merged', value: '{"reference":"OPS-1"}', at: 1 },
        { collection: 'outbox:wecom-1', id: 'in-merged:merged', value: JSON.stringify(about), at: 1 },
      ],
    })
    await startWith(receiversOf('ba'), store, clock)
    const read = (
      await store.read(['in-open', 'in-closed', 'in-merged'].map((id) => ({ collection: 'incidents', id })))
    ).map((one) => JSON.parse(one?.value ?? '{}') as Incident)
    const first = read.map(({ deliveries }) => deliveries.map(({ receiver, why }) => `${receiver} ${why}`))
    expect(first).toEqual([
      ['wecom-2 a', 'wecom-1 b'],
      ['wecom-1 a', 'wecom-2 b'],
      ['wecom-2 a', 'wecom-1 b'],
    ])
    const [reference] = await store.read([{ collection: 'references', id: 'wecom-2 in-merged' }])
    expect(reference?.value).toContain('OPS-1')
  })

  it('renames every list of an open incident', async () => {
    await filled(store, receiversOf('abc'))
    await startWith(receiversOf('cab'), store, clock)
    const [open] = await store.read([{ collection: 'incidents', id: 'in-open' }])
    const lists = listsOf(JSON.parse(open?.value ?? '{}'))
    expect(lists).toEqual(Array.from({ length: 4 }, () => ['wecom-2', 'wecom-3', 'wecom-1']))
  })

  it('keeps no address, and not the same hash in two stores', async () => {
    const other = kept()
    const records = []
    for (const own of [store, other]) {
      await startWith(receiversOf('a'), own, clock)
      const [record] = await own.list('receivers', { limit: 9 })
      records.push(record?.value ?? '')
    }
    expect(records.join()).not.toMatch(/key-a|send|127\.0/)
    const hashes = records.map((record) => JSON.parse(record).known[0].hash)
    expect(hashes[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(hashes[0]).not.toBe(hashes[1])
  })

  it('takes what another form of the record says as nothing', async () => {
    await filled(store, receiversOf('ab'))
    const [record] = await store.list('receivers', { limit: 9 })
    const newer = JSON.stringify({ ...JSON.parse(record?.value ?? '{}'), form: 2 })
    await store.write({ put: [{ collection: 'receivers', id: 'known', value: newer, at: 0 }] })
    expect(await startWith(receiversOf('ba'), store, clock)).toEqual([])
    expect(await ownersIn(store, ['wecom-1'])).toEqual({ 'wecom-1': 'a' })
    expect(await startWith(receiversOf('ab'), store, clock)).toHaveLength(2)
  })
})
