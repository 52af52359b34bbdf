import { expect, it } from 'vitest'
import { createMemoryStore, StoreError } from '../../src/store/index.ts'
import { storeContract } from './contract.ts'

storeContract('memory', async () => {
  let now = 1_700_000_000_000
  return {
    store: createMemoryStore({ clock: { now: () => now } }),
    pass: async (ms) => {
      now += ms
    },
    close: async () => {},
  }
})

const clock = { now: () => 1 }
const put = (id: string, value: string) => ({ collection: 'c', id, value, at: 0 })

it('a memory store refuses what does not fit, and takes it when there is room', async () => {
  const store = createMemoryStore({ clock, megabytes: 1 })
  const half = 'x'.repeat(250_000)
  await store.write({ put: [put('a', half)] })
  const failure = await store
    .write({ put: [put('b', half), put('c', half)] })
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(StoreError)
  expect(failure).toMatchObject({ kind: 'full', message: expect.stringContaining('1 MB') })
  expect(await store.count('c')).toBe(1)
  // What a change removes or replaces makes room for it.
  expect(await store.write({ remove: [{ collection: 'c', id: 'a' }], put: [put('b', half)] })).toBe(true)
  expect(await store.write({ put: [put('b', half), put('c', half)] })).toBe(true)
  expect(await store.write({ put: [put('b', 'small'), put('c', 'small')] })).toBe(true)
  expect(await store.write({ put: [put('d', half)] })).toBe(true)
})
