import type { RefusedPayload } from '../../model/refused-payload.ts'
import type { Store } from '../../store/index.ts'
import type { Keeper } from '../alarms.ts'
import type { AppContext } from '../context.ts'
import { decoded, hashOf, written } from './records.ts'

// Payloads that were refused are kept for the person who set up their sender, as `GET /v1/refused` shows them.

/** The most that are kept: about half a megabyte. The oldest go first. */
export const MOST_REFUSED = 200
/** The most that wait for the store. What is more is in the log alone. */
const MOST_WAITING = 50

export interface RefusedBox extends Keeper {
  /** Writes what was kept. A sender does not wait for it. Never throws. */
  flush(): Promise<void>
}

export function createRefusedBox({
  store,
  clock,
  log,
}: Pick<AppContext, 'store' | 'clock' | 'log'>): RefusedBox {
  const waiting = new Map<string, RefusedPayload>()
  return {
    now: () => clock.now(),
    keep(refused) {
      // A sender that repeats itself takes one place.
      const id = hashOf(JSON.stringify([refused.reason, refused.detail, refused.excerpt]))
      if (waiting.size < MOST_WAITING || waiting.has(id)) waiting.set(id, refused)
    },
    async flush() {
      if (waiting.size === 0) return
      const taken = [...waiting]
      waiting.clear()
      try {
        await store.write({
          put: taken.map(([id, refused]) => written('refused', id, refused, Date.parse(refused.at))),
        })
        const excess = (await store.count('refused')) - MOST_REFUSED
        const oldest = excess > 0 ? await store.list('refused', { limit: excess }) : []
        if (oldest.length > 0)
          await store.write({ remove: oldest.map(({ id }) => ({ collection: 'refused', id })) })
      } catch (error) {
        log.warn('refused payloads could not be kept; the log has them', {
          payloads: taken.length,
          error: error instanceof Error ? error.message : String(error),
        })
      }
    },
  }
}

/** The newest first. */
export const refusedLately = async (
  store: Pick<Store, 'list'>,
  limit: number,
): Promise<readonly RefusedPayload[]> =>
  (await store.list('refused', { newestFirst: true, limit })).map((one) => decoded('refused', one))
