import { setTimeout as delay } from 'node:timers/promises'

/** Injected time. Only entries use the system clock. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`. Rejects with the signal's reason if the signal aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, signal ? { signal } : {})
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
  },
}

/** Aborts after this time. Budgets are parts of other budgets, and Node takes whole milliseconds only. */
export const deadlineIn = (ms: number): AbortSignal => AbortSignal.timeout(Math.max(0, Math.floor(ms)))
