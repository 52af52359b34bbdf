import type { Clock } from '../../model/clock.ts'
import type { Log } from '../../model/log.ts'
import type { Store, Stored } from '../store.ts'

/** The collection of what waits for a look or is being looked at: one record for each CLB. */
export const LOOKS = 'looks'

const PAGE = 500
/** The most that one sweep takes. The next one goes on, because what was handled is no longer due. */
const MOST_A_SWEEP = 5_000
/** A handler that failed is not tried again at once, unless somebody asks. */
const REST_MS = 5_000

export interface Sweep {
  start(): void
  stop(): void
  isStopped(): boolean
  /** Logs that a handler failed, and leaves its key alone for some seconds. */
  failed(key: string, error: unknown): void
}

interface SweepOptions {
  readonly store: Pick<Store, 'list'>
  readonly clock: Clock
  readonly log: Log
  readonly everyMs: number
}

/** Finds the keys that are due, at the start and every few seconds. */
export function createSweep(
  { store, clock, log, everyMs }: SweepOptions,
  found: (keys: readonly string[]) => Promise<void>,
): Sweep {
  const stopping = new AbortController()
  const resting = new Map<string, number>()
  let isBroken = false

  async function once(): Promise<void> {
    const now = clock.now()
    for (const [key, until] of resting) if (until <= now) resting.delete(key)
    let after: Pick<Stored, 'at' | 'id'> | undefined
    for (let taken = 0; taken < MOST_A_SWEEP && !stopping.signal.aborted; taken += PAGE) {
      const page = await store.list(LOOKS, { upTo: now, limit: PAGE, ...(after ? { after } : {}) })
      const keys = page.map(({ id }) => id).filter((key) => !resting.has(key))
      if (keys.length > 0) await found(keys)
      after = page.at(-1)
      if (page.length < PAGE) return
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await once()
        if (isBroken) log.info('looks: what is due is found again')
        isBroken = false
      } catch (error) {
        if (!isBroken)
          log.warn('looks: what is due could not be found; trying again', { error: textOf(error) })
        isBroken = true
      }
      await clock.sleep(everyMs, stopping.signal).catch(() => {})
    }
  }

  let isStarted = false
  return {
    start() {
      if (isStarted) return
      isStarted = true
      loop().catch(() => {})
    },
    stop: () => stopping.abort(),
    isStopped: () => stopping.signal.aborted,
    failed(key, error) {
      resting.set(key, clock.now() + REST_MS)
      log.error('a look failed; it will be tried again', { key, error: textOf(error) })
    },
  }
}

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
