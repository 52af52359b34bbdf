import type { Condition, Put, Store, Stored } from '../../store/index.ts'
import { entryOf, outboxOf } from './entry.ts'
import { FRESH } from './plan.ts'
import { laneStateKey, writtenLaneState } from './state.ts'

// A receiver has another name. What waits for it and what is known of its limits goes with it.

const STEP = 200

interface Options {
  readonly store: Store
  readonly now: number
  /** It holds until everything is moved. */
  readonly unchanged: Condition
}

/** False: somebody else wrote meanwhile, so it has to be done again. What is moved already stays. */
export async function moveLane(
  { from, to }: { readonly from: string; readonly to: string },
  { store, now, unchanged }: Options,
): Promise<boolean> {
  const collection = outboxOf(from)
  for (;;) {
    const stored = await store.list(collection, { limit: STEP })
    if (stored.length === 0) break
    const isMoved = await store.write({
      remove: stored.map(({ id }) => ({ collection, id })),
      put: stored.map((one) => ({ ...one, collection: outboxOf(to), value: namedFirst(one, from) })),
      when: [unchanged, ...stored.map(({ id, version }) => ({ collection, id, version }))],
    })
    if (!isMoved) return false
  }
  const [state] = await store.read([laneStateKey(from)])
  const put: Put = state
    ? { ...laneStateKey(to), value: state.value, at: state.at }
    : // Without a lane nobody would find what waits for a receiver that is gone.
      { ...writtenLaneState(to, FRESH, now), ifNew: true }
  return store.write({
    remove: state ? [laneStateKey(from)] : [],
    put: [put],
    when: [unchanged, { ...laneStateKey(from), version: state?.version ?? null }],
  })
}

/** The receiver knows an earlier attempt by the name that stood in it. */
function namedFirst(stored: Stored, name: string): string {
  const entry = entryOf(stored)?.entry
  return entry && entry.attempts > 0
    ? JSON.stringify({ ...entry, firstName: entry.firstName ?? name })
    : stored.value
}
