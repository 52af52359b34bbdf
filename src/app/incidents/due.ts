import { StoreError } from '../../store/index.ts'
import type { AppContext } from '../context.ts'
import { tellDue } from './tell.ts'

const MOST_AT_ONCE = 200

/**
 * Does what time alone brings: updates that waited, reminders, ends. Returns when there is something to do next.
 * @throws StoreError if the store takes nothing
 */
export async function runDue(context: AppContext): Promise<number | null> {
  const { store, clock, log } = context
  const now = clock.now()
  const due = await store.list('wake', { upTo: now, limit: MOST_AT_ONCE })
  for (const { id } of due)
    try {
      await tellDue(id, { now: clock.now(), takenAt: now, isHeardAgain: false }, context)
    } catch (error) {
      // The next incident would fail as well.
      if (error instanceof StoreError) throw error
      log.error('an incident could not be brought up to date; tried again', {
        incident: id,
        error: error instanceof Error ? error.message : String(error),
      })
    }
  const [next] = await store.list('wake', { limit: 1 })
  return next?.at ?? null
}
