import type { Clock } from '../model/clock.ts'
import { CloudError } from './errors.ts'

export interface RetryOptions {
  readonly clock: Clock
  /** From 0 up to, but not including, 1. */
  readonly random: () => number
  readonly signal: AbortSignal
  /** Called before each pause. `attempt` is the number of the failed attempt, from 1. */
  readonly onRetry: (error: CloudError, attempt: number) => void
}

const ATTEMPTS = 4
const FIRST_BACKOFF_MS = 200
const LONGEST_BACKOFF_MS = 2_000
/** The platform counts calls per second. An earlier retry would be throttled again. */
const THROTTLE_WINDOW_MS = 1_000

/**
 * Makes up to four attempts, with exponential backoff and full jitter. Only for what can be repeated safely: reads,
 * `scf:Invoke`, because an alarm that is handed on twice is a repeat, and the read-only probe of TAT.
 * @throws the last attempt's error, or `deadline` with the last error's code if the signal ends a pause
 */
export async function withRetry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof CloudError) || !error.retryable || n === ATTEMPTS) throw error
      options.onRetry(error, n)
      await pause(error, n, options)
    }
  }
}

async function pause(error: CloudError, n: number, { clock, random, signal }: RetryOptions): Promise<void> {
  const jitter = random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (n - 1))
  const least = error.problem === 'throttled' ? THROTTLE_WINDOW_MS : 0
  try {
    await clock.sleep(Math.ceil(least + jitter), signal)
  } catch {
    throw new CloudError(
      'deadline',
      error.action,
      'Deadline',
      `no time left for another attempt; the last error: ${error.code}`,
      { cause: error },
    )
  }
}
