import type { Store } from './store.ts'

/**
 * Removes the oldest records of a collection whose `at` is before the given time, at most `limit` of them. A record that
 * somebody renews meanwhile stays. Returns how many were removed; `limit` means that there may be more.
 */
export async function removeOlder(
  store: Store,
  collection: string,
  before: number,
  limit: number,
): Promise<number> {
  if (before <= 0) return 0
  const old = await store.list(collection, { upTo: before - 1, limit })
  const removed = await Promise.all(
    old.map(({ id, version }) =>
      store.write({ when: [{ collection, id, version }], remove: [{ collection, id }] }),
    ),
  )
  return removed.filter(Boolean).length
}
