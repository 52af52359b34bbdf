import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeOlder, type Store, StoreError } from '../../src/store/index.ts'

/** A store under test, with its own way to let time pass. */
export interface Subject {
  readonly store: Store
  /** Lets this much time pass for claims. */
  readonly pass: (ms: number) => Promise<void>
  readonly close: () => Promise<void>
}

const HOSTILE = [
  '',
  ' ',
  'waiting:{"region":"ap-guangzhou","id":"lb-a\'b\\"c"}',
  '}{clb-doctor}{',
  '../../etc/passwd',
  'a\u0000b',
  'line\r\nbreak',
  '__proto__',
  'constructor',
  '%_*?[a-z]',
  '中文 𠮷',
  'x'.repeat(2_000),
]

let collections = 0
/** A collection that no other test uses. */
const fresh = (): string => `test-${++collections}`

const put = (collection: string, id: string, at = 0, value = `"${id}"`) => ({ collection, id, at, value })
const ids = (records: readonly { readonly id: string }[]): readonly string[] => records.map(({ id }) => id)

/** What every store promises. */
export function storeContract(name: string, open: () => Promise<Subject>): void {
  describe(`${name}: the contract of all stores`, () => {
    let subject: Subject
    let store: Store
    beforeAll(async () => {
      subject = await open()
      store = subject.store
    })
    afterAll(() => subject?.close())
    const one = async (collection: string, id: string) => (await store.read([{ collection, id }]))[0] ?? null

    describe('records', () => records(() => store, one))
    describe('lists', () => lists(() => store))
    describe('conditions', () => conditions(() => store, one))
    describe('texts', () => texts(() => store, one))
    describe('claims', () => claims(() => subject))
  })
}

type One = (
  collection: string,
  id: string,
) => Promise<{ value: string; at: number; version: number; id: string } | null>

function records(get: () => Store, one: One): void {
  it('are read as they were written, in the order of the keys', async () => {
    const [a, b] = [fresh(), fresh()]
    expect(await get().write({ put: [put(a, 'x', 5), put(b, 'y', 7)] })).toBe(true)
    const read = await get().read([
      { collection: b, id: 'y' },
      { collection: a, id: 'y' },
      { collection: a, id: 'x' },
    ])
    expect(read).toEqual([
      { id: 'y', value: '"y"', at: 7, version: expect.any(Number) },
      null,
      { id: 'x', value: '"x"', at: 5, version: expect.any(Number) },
    ])
    expect(await get().read([])).toEqual([])
  })

  it('get a version that no other record ever had', async () => {
    const c = fresh()
    const versions: number[] = []
    for (let i = 0; i < 5; i++) {
      await get().write({ put: [put(c, 'x'), put(c, `y${i}`)] })
      for (const id of ['x', `y${i}`]) versions.push((await one(c, id))?.version ?? -1)
      await get().write({ remove: [{ collection: c, id: 'x' }] })
    }
    expect(new Set(versions).size).toBe(10)
    expect(versions).not.toContain(-1)
  })

  it('keep their time with keepAt, and everything with ifNew', async () => {
    const c = fresh()
    await get().write({ put: [{ ...put(c, 'x', 5, '1'), keepAt: true, ifNew: true }] })
    await get().write({ put: [{ ...put(c, 'x', 9, '2'), keepAt: true }] })
    const kept = await one(c, 'x')
    expect(kept).toMatchObject({ value: '2', at: 5 })
    await get().write({ put: [{ ...put(c, 'x', 9, '3'), ifNew: true }, put(c, 'beside')] })
    expect(await one(c, 'x')).toEqual(kept)
    expect(await one(c, 'beside')).not.toBeNull()
    await get().write({ put: [put(c, 'x', 9, '4')] })
    expect(await one(c, 'x')).toMatchObject({ value: '4', at: 9 })
    expect(ids(await get().list(c, { limit: 9 }))).toEqual(['beside', 'x'])
  })

  it('that are removed and put in one change are made anew', async () => {
    const c = fresh()
    await get().write({ put: [put(c, 'x', 5, '1')] })
    const before = await one(c, 'x')
    await get().write({
      remove: [{ collection: c, id: 'x' }],
      put: [{ ...put(c, 'x', 8, '2'), keepAt: true, ifNew: true }],
    })
    expect(await one(c, 'x')).toMatchObject({ value: '2', at: 8 })
    expect((await one(c, 'x'))?.version).not.toBe(before?.version)
  })

  it('of one key put twice in one change are the last one', async () => {
    const c = fresh()
    await get().write({ put: [put(c, 'x', 5, '1'), put(c, 'x', 3, '2')] })
    expect(await get().list(c, { limit: 9 })).toMatchObject([{ value: '2', at: 3 }])
  })

  it('are put and removed by the ten thousand in one change, as a large batch of alarms needs it', async () => {
    const c = fresh()
    const many = Array.from({ length: 10_000 }, (_, i) => put(c, `${i}`, i, `"${'x'.repeat(900)}"`))
    expect(await get().write({ put: many })).toBe(true)
    expect(await get().count(c)).toBe(10_000)
    expect(await get().list(c, { limit: 2_000 })).toHaveLength(2_000)
    expect(await get().write({ remove: many.map(({ id }) => ({ collection: c, id })) })).toBe(true)
    expect(await get().count(c)).toBe(0)
  })

  it('are counted', async () => {
    const c = fresh()
    expect(await get().count(c)).toBe(0)
    await get().write({ put: [put(c, 'x'), put(c, 'y'), put(c, 'x')] })
    expect(await get().count(c)).toBe(2)
    await get().write({ remove: ['x', 'y', 'z'].map((id) => ({ collection: c, id })) })
    expect(await get().count(c)).toBe(0)
  })

  it('older than a time are removed, and one that is renewed meanwhile stays', async () => {
    const c = fresh()
    await get().write({ put: [1, 2, 3, 4].map((at) => put(c, `r${at}`, at)) })
    expect(await removeOlder(get(), c, 0, 9)).toBe(0)
    expect(await removeOlder(get(), c, 3, 1)).toBe(1)
    const renewing: Store = {
      ...get(),
      async list(collection, query) {
        const found = await get().list(collection, query)
        await get().write({ put: [put(c, 'r2', 9)] })
        return found
      },
    }
    expect(await removeOlder(renewing, c, 4, 9)).toBe(1)
    expect(ids(await get().list(c, { limit: 9 }))).toEqual(['r4', 'r2'])
  })

  it('know since when the store exists', () => {
    expect(Number.isSafeInteger(get().since)).toBe(true)
    expect(get().since).toBeGreaterThan(0)
  })
}

function lists(get: () => Store): void {
  it('are ordered by time, then by the bytes of the id', async () => {
    const c = fresh()
    const order = ['', 'A', 'a', 'a ', 'ab', 'é', '中', '\uffee', '😀', '𠮷']
    await get().write({ put: [...order].reverse().map((id) => put(c, id, 1_700_000_000_000)) })
    await get().write({ put: [put(c, 'later', 1_700_000_000_001), put(c, 'early', 9)] })
    const all = ['early', ...order, 'later']
    expect(ids(await get().list(c, { limit: 99 }))).toEqual(all)
    expect(ids(await get().list(c, { limit: 99, newestFirst: true }))).toEqual([...all].reverse())
  })

  it('end at a time, and take the greatest numbers', async () => {
    const c = fresh()
    const most = Number.MAX_SAFE_INTEGER
    await get().write({ put: [0, 9, 10, 11, most].map((at) => put(c, `r${at}`, at)) })
    expect(ids(await get().list(c, { limit: 99, upTo: 10 }))).toEqual(['r0', 'r9', 'r10'])
    expect(ids(await get().list(c, { limit: 2, upTo: 10, newestFirst: true }))).toEqual(['r10', 'r9'])
    expect(ids(await get().list(c, { limit: 99, upTo: most }))).toHaveLength(5)
    expect(await get().list(c, { limit: 0 })).toEqual([])
    expect(await get().list(fresh(), { limit: 5 })).toEqual([])
  })

  it.each([false, true])('are read page by page (newest first: %s)', async (newestFirst) => {
    const c = fresh()
    const all = Array.from({ length: 23 }, (_, i) => put(c, `r${String(i).padStart(2, '0')}`, i >> 2))
    await get().write({ put: all })
    const seen: string[] = []
    let after: { at: number; id: string } | undefined
    for (;;) {
      const page = await get().list(c, { limit: 5, newestFirst, upTo: 4, ...(after ? { after } : {}) })
      seen.push(...ids(page))
      const last = page.at(-1)
      if (!last || page.length < 5) break
      after = { at: last.at, id: last.id }
      // The page goes on behind a record that is gone.
      await get().write({ remove: [{ collection: c, id: last.id }] })
    }
    const expected = ids(all.filter(({ at }) => at <= 4))
    expect(seen).toEqual(newestFirst ? [...expected].reverse() : expected)
  })

  it('move a record when its time changes', async () => {
    const c = fresh()
    await get().write({ put: [put(c, 'x', 1), put(c, 'y', 2)] })
    await get().write({ put: [put(c, 'x', 3)] })
    expect(ids(await get().list(c, { limit: 9 }))).toEqual(['y', 'x'])
  })

  it('refuse a time that has no place in the order', async () => {
    const c = fresh()
    for (const at of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      const failure = await get()
        .write({ put: [put(c, 'x', at)] })
        .catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(StoreError)
      expect(failure).toMatchObject({ kind: 'defect', message: expect.stringContaining(String(at)) })
    }
    await expect(get().list(c, { limit: -1 })).rejects.toMatchObject({ kind: 'defect' })
    expect(await get().count(c)).toBe(0)
  })
}

function conditions(get: () => Store, one: One): void {
  it('decide on the whole change', async () => {
    const c = fresh()
    const absent = { collection: c, id: 'x', version: null }
    expect(await get().write({ when: [absent], put: [put(c, 'x')] })).toBe(true)
    expect(await get().write({ when: [absent], put: [put(c, 'y')] })).toBe(false)
    const version = (await one(c, 'x'))?.version ?? -1
    const same = { collection: c, id: 'x', version }
    expect(await get().write({ when: [same, { ...absent, id: 'z' }], put: [put(c, 'y')] })).toBe(true)
    const change = { put: [put(c, 'z')], remove: [{ collection: c, id: 'y' }] }
    expect(await get().write({ ...change, when: [same, { ...same, version: version + 1_000 }] })).toBe(false)
    expect(await get().write({ ...change, when: [same, { ...absent, id: 'y' }] })).toBe(false)
    expect(ids(await get().list(c, { limit: 9 }))).toEqual(['x', 'y'])
    expect(await get().write({ when: [same] })).toBe(true)
    expect(await get().write({})).toBe(true)
  })

  it('do not take a record for an older one of the same id', async () => {
    const c = fresh()
    await get().write({ put: [put(c, 'x')] })
    const version = (await one(c, 'x'))?.version ?? -1
    await get().write({ remove: [{ collection: c, id: 'x' }] })
    await get().write({ put: [put(c, 'x')] })
    expect(
      await get().write({ when: [{ collection: c, id: 'x', version }], put: [put(c, 'x', 0, '2')] }),
    ).toBe(false)
  })

  it('let 200 writers at once count without a loss', async () => {
    const [c, log] = [fresh(), fresh()]
    const add = async (writer: number): Promise<void> => {
      for (;;) {
        const now = await one(c, 'sum')
        const change = {
          when: [{ collection: c, id: 'sum', version: now?.version ?? null }],
          put: [
            put(c, 'sum', 0, String(Number(now?.value ?? 0) + 1)),
            put(log, `by-${writer}`, Number(now?.value ?? 0)),
          ],
        }
        if (await get().write(change)) return
      }
    }
    await Promise.all(Array.from({ length: 200 }, (_, writer) => add(writer)))
    expect((await one(c, 'sum'))?.value).toBe('200')
    // Each writer saw another sum: its two records were written together or not at all.
    expect((await get().list(log, { limit: 999 })).map(({ at }) => at)).toEqual([...Array(200).keys()])
  })

  it('let one of 200 writers make a record', async () => {
    const c = fresh()
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        get().write({
          when: [{ collection: c, id: 'x', version: null }],
          put: [put(c, 'x', i, String(i)), put(c, `by-${i}`, i)],
        }),
      ),
    )
    expect(outcomes.filter(Boolean)).toHaveLength(1)
    const winner = outcomes.indexOf(true)
    expect((await get().list(c, { limit: 9 })).map(({ id }) => id).sort()).toEqual([`by-${winner}`, 'x'])
  })
}

function texts(get: () => Store, one: One): void {
  it.each(HOSTILE.map((text) => [JSON.stringify(text).slice(0, 50), text]))('take %s', async (_, text) => {
    const c = `${fresh()}${text}`
    await get().write({ put: [{ collection: c, id: text, at: 1, value: text }, put(c, 'other', 0)] })
    expect(await one(c, text)).toMatchObject({ id: text, value: text, at: 1 })
    expect(ids(await get().list(c, { limit: 9 }))).toEqual(['other', text])
    const after = { at: 1, id: text }
    expect(ids(await get().list(c, { limit: 9, newestFirst: true, after }))).toEqual(['other'])
    expect(await get().claim(c, text, 1_000)).toBe(true)
    expect(await get().claim(c, 'somebody else', 1_000)).toBe(false)
    await get().release(c, text)
    expect(await get().write({ remove: [{ collection: c, id: text }] })).toBe(true)
    expect(await get().count(c)).toBe(1)
    expect(await get().count(`${c}x`)).toBe(0)
  })

  it('with half a surrogate pair are kept with U+FFFD in its place', async () => {
    const c = `${fresh()}\ud800`
    await get().write({ put: [{ collection: c, id: 'a\udc00', at: 1, value: '\ud83d' }] })
    expect(await one(c, 'a\udc00')).toMatchObject({ id: 'a\ufffd', value: '\ufffd' })
    expect(await one(c.toWellFormed(), 'a\ufffd')).toMatchObject({ value: '\ufffd' })
  })

  it('of 2 MB are kept whole', async () => {
    const c = fresh()
    const value = JSON.stringify('中文𠮷"\\\n'.repeat(200_000)).slice(0, 2_000_000)
    await get().write({ put: [put(c, 'x', 0, value), put(c, 'y', 1, value)] })
    expect((await one(c, 'x'))?.value === value).toBe(true)
    const listed = await get().list(c, { limit: 2 })
    expect(listed.map((record) => record.value === value)).toEqual([true, true])
    await get().write({ remove: ['x', 'y'].map((id) => ({ collection: c, id })) })
  })
}

function claims(get: () => Subject): void {
  it('belong to one holder, who may renew and end them', async () => {
    const { store } = get()
    const name = fresh()
    expect(await store.claim(name, 'a', 60_000)).toBe(true)
    expect(await store.claim(name, 'b', 60_000)).toBe(false)
    expect(await store.claim(name, 'a', 60_000)).toBe(true)
    await store.release(name, 'b')
    expect(await store.claim(name, 'b', 60_000)).toBe(false)
    await store.release(name, 'a')
    expect(await store.claim(name, 'b', 60_000)).toBe(true)
  })

  it('end by themselves, later when they are renewed', async () => {
    const { store, pass } = get()
    const [renewed, forgotten] = [fresh(), fresh()]
    await store.claim(renewed, 'a', 1_000)
    await store.claim(forgotten, 'a', 1_000)
    await pass(700)
    expect(await store.claim(renewed, 'a', 1_000)).toBe(true)
    await pass(500)
    expect(await store.claim(renewed, 'b', 1_000)).toBe(false)
    expect(await store.claim(forgotten, 'b', 1_000)).toBe(true)
    await pass(700)
    expect(await store.claim(renewed, 'b', 1_000)).toBe(true)
  })

  it('are given to one of many who ask at once', async () => {
    const { store } = get()
    const name = fresh()
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => store.claim(name, `holder-${i}`, 60_000)),
    )
    expect(outcomes.filter(Boolean)).toHaveLength(1)
  })
}
