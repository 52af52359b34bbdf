import type { Clock } from '../../model/clock.ts'
import type { Log } from '../../model/log.ts'
import type { Store } from '../store.ts'
import { createSweep } from './sweep.ts'

export { LOOKS } from './sweep.ts'

export type LookHandler = (key: string) => Promise<void>

/**
 * Wakes workers for what is due. The truth is in the store: a record in `looks` for each key that waits or is being looked
 * at, with `at` when it is due. A handler reads what there is to do, and removes or moves the record when it is done. So a
 * wake-up that is lost, or comes twice, does no harm: what is due is found again by a sweep. The queue does not promise
 * that a key has one handler at a time over all instances: handlers claim it.
 */
export interface LookQueue {
  /** Wakes a worker for a key. If one is looking at it right now, another run follows. */
  ask(key: string): Promise<void>
  work(handler: LookHandler, workers: number): void
  /** Starts nothing new, and resolves when the running handlers have ended. What waits stays in the store. */
  stop(): Promise<void>
}

export interface LookQueueOptions {
  readonly store: Pick<Store, 'list'>
  readonly clock: Clock
  readonly log: Log
  readonly sweepMs?: number
}

const SWEEP_MS = 1_000
/** What waits beyond this is found by a later sweep. */
const MOST_WAITING = 10_000

/** The queue of one process. */
export function createLookQueue({ store, clock, log, sweepMs = SWEEP_MS }: LookQueueOptions): LookQueue {
  const waiting = new Set<string>()
  /** Whether it was asked for again during the run. */
  const running = new Map<string, { again: boolean }>()
  const runs = new Set<Promise<void>>()
  let handler: LookHandler | null = null
  let workers = 0

  const enqueue = (key: string): void => {
    if (waiting.size < MOST_WAITING) waiting.add(key)
    begin()
  }
  const sweep = createSweep({ store, clock, log, everyMs: sweepMs }, async (keys) => {
    // A key that is being looked at has its record still.
    for (const key of keys) if (!running.has(key)) enqueue(key)
  })

  function begin(): void {
    for (const key of waiting) {
      if (!handler || sweep.isStopped() || running.size >= workers) return
      if (running.has(key)) continue
      waiting.delete(key)
      const run = look(key, handler)
      runs.add(run)
      run.finally(() => runs.delete(run)).catch(() => {})
    }
  }

  async function look(key: string, handle: LookHandler): Promise<void> {
    const state = { again: false }
    running.set(key, state)
    try {
      await handle(key)
    } catch (error) {
      sweep.failed(key, error)
    } finally {
      running.delete(key)
      if (state.again) enqueue(key)
      begin()
    }
  }

  return {
    async ask(key) {
      const state = running.get(key)
      if (state) state.again = true
      else enqueue(key)
    },
    work(given, count) {
      handler = given
      workers = count
      begin()
      sweep.start()
    },
    async stop() {
      sweep.stop()
      await Promise.all(runs)
    },
  }
}
