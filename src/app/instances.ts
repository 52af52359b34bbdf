import type { Clock } from '../model/clock.ts'
import type { Log } from '../model/log.ts'
import { removeOlder, type Store } from '../store/index.ts'

// The platform counts the calls of an account, so the instances of `serve` that share a store share its rates, too. Each one
// says every few seconds that it lives.

const COLLECTION = 'instances'
const EVERY_MS = 4_000
/** An instance that was killed counts for so long. */
const LIVES_MS = 3 * EVERY_MS
const MOST = 1_000

export interface Instances {
  /** Those that live, this one among them. */
  count(): number
  /** This one lives from now on. Returns when the others are known. */
  join(): Promise<void>
  leave(): Promise<void>
}

export function createInstances({
  store,
  holder,
  clock,
  log,
}: {
  store: Store
  holder: string
  clock: Clock
  log: Log
}): Instances {
  const own = { collection: COLLECTION, id: holder }
  let count = 1
  let timer: NodeJS.Timeout | null = null

  async function beat(): Promise<void> {
    const now = clock.now()
    await store.write({ put: [{ ...own, value: '{}', at: now + LIVES_MS }] })
    await removeOlder(store, COLLECTION, now + 1, MOST)
    const living = await store.count(COLLECTION)
    if (living !== count) log.info('instances share the rate of the API', { instances: living })
    count = Math.max(1, living)
  }

  // The store may be away. It says so itself.
  const tryBeat = (): Promise<void> => beat().catch(() => undefined)

  return {
    count: () => count,
    async join() {
      if (store.kind !== 'shared') return
      await tryBeat()
      timer = setInterval(() => void tryBeat(), EVERY_MS)
      timer.unref()
    },
    async leave() {
      if (timer === null) return
      clearInterval(timer)
      timer = null
      await store.write({ remove: [own] }).catch(() => false)
    },
  }
}
