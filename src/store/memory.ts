import type { Clock } from '../model/clock.ts'
import { filled } from '../text/index.ts'
import { checkedChange, checkedQuery, wellFormed } from './checked.ts'
import { createClaims } from './claims.ts'
import { Collection } from './collection.ts'
import { type Change, type Key, type Put, type Store, type Stored, StoreError } from './store.ts'
import { TEXTS } from './texts.ts'

export interface MemoryOptions {
  readonly clock: Pick<Clock, 'now'>
  /** The most that it keeps, in MB of text. What does not fit is refused as `full`. */
  readonly megabytes?: number
}

const MEGABYTE = 1024 * 1024
/** What the engine keeps for each record beside its texts, about. */
const RECORD_BYTES = 200

const sizeOf = (id: string, value: string): number => 2 * (2 * id.length + value.length) + RECORD_BYTES

/** Keeps everything in the process: for the function without Redis, and for tests. */
export function createMemoryStore({ clock, megabytes = 64 }: MemoryOptions): Store {
  const collections = new Map<string, Collection>()
  let version = 0
  let bytes = 0

  const find = ({ collection, id }: Key): Stored | null => collections.get(collection)?.get(id) ?? null

  function drop(key: Key): void {
    const collection = collections.get(key.collection)
    const record = collection?.get(key.id)
    if (!collection || !record) return
    collection.delete(key.id)
    bytes -= sizeOf(record.id, record.value)
    if (collection.size === 0) collections.delete(key.collection)
  }

  function keep({ collection: name, id, value, at, keepAt, ifNew }: Put): void {
    const existing = find({ collection: name, id })
    if (existing && ifNew) return
    const collection = collections.get(name) ?? new Collection()
    collections.set(name, collection)
    version += 1
    collection.set({ id, value, at: existing && keepAt ? existing.at : at, version })
    bytes += sizeOf(id, value) - (existing ? sizeOf(existing.id, existing.value) : 0)
  }

  /** Whether the change fits. What it removes or replaces makes room for it. */
  function fits({ remove, put }: Required<Change>): boolean {
    const gone = new Set([...remove, ...put.filter(({ ifNew }) => !ifNew)].flatMap((key) => find(key) ?? []))
    const freed = [...gone].reduce((sum, { id, value }) => sum + sizeOf(id, value), 0)
    const added = put.reduce((sum, one) => sum + (one.ifNew && find(one) ? 0 : sizeOf(one.id, one.value)), 0)
    return added <= freed || bytes + added - freed <= megabytes * MEGABYTE
  }

  return {
    kind: 'process',
    since: clock.now(),
    async read(keys) {
      return keys.map((key) => find(wellFormed(key)))
    },
    async write(given) {
      const change = checkedChange(given)
      if (change.when.some((condition) => (find(condition)?.version ?? null) !== condition.version))
        return false
      if (!fits(change)) throw new StoreError('full', filled(TEXTS.memoryFull, { limit: megabytes }))
      for (const key of change.remove) drop(key)
      for (const put of change.put) keep(put)
      return true
    },
    async list(collection, query) {
      const checked = checkedQuery(query)
      return collections.get(collection.toWellFormed())?.list(checked) ?? []
    },
    async count(collection) {
      return collections.get(collection.toWellFormed())?.size ?? 0
    },
    ...createClaims(clock),
    async close() {},
  }
}
