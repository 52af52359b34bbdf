import type { Clock } from '../model/clock.ts'

/** `at once`: as soon as the rate allows. `evenly`: spread over the second if several calls wait. */
export type Pace = 'at once' | 'evenly'

/**
 * Resolves when it is the caller's turn. If the signal aborts first, rejects with its reason and gives the turn back.
 */
export type Limiter = (key: string, signal: AbortSignal, pace?: Pace) => Promise<void>

/** The platform counts arrivals, and the last call of one second can arrive later than the first of the next. */
const SLACK = 0.03
/** Even turns catch up at most this much of the delay of late timers, within the rate. */
const MOST_LATE_MS = 300

/** The recent turns of one key, and the end of its queue. */
interface Lane {
  /** Of the last two windows, the newest last. */
  readonly starts: number[]
  last: Promise<void>
  /**
   * For even turns: the time at which the last turn was due, even if a late timer delayed it. Null if no turn has to
   * wait.
   */
  due: number | null
}

/**
 * At most `rateOf(key)` turns of one key within any second, in order of arrival. It is a sliding window: the platform
 * counts calls per second, and a token bucket would let twice as many through in its first second.
 *
 * Even turns are for a caller that takes thousands in a row.
 *
 * Fractions are rounded down. A rate below 1 means one turn per `1 / perSecond` seconds. The rate is asked for at each turn,
 * because the instances that share it come and go. Keys are API actions, so the memory is bounded.
 */
export function createLimiter(rateOf: (key: string) => number, clock: Clock): Limiter {
  const lanes = new Map<string, Lane>()

  async function take(key: string, lane: Lane, signal: AbortSignal, pace: Pace): Promise<void> {
    const { starts } = lane
    signal.throwIfAborted()
    const { most, windowMs } = limitOf(rateOf(key))
    const window = windowMs * (1 + SLACK)
    const due = pace === 'at once' || lane.due === null ? null : lane.due + window / most
    let waited = false
    for (let wait = waitFor(starts, most, window, due); wait > 0; ) {
      waited = true
      await clock.sleep(wait, signal)
      wait = waitFor(starts, most, window, due)
    }
    const now = clock.now()
    const isCrowded = waited || (due !== null && due > now - MOST_LATE_MS)
    lane.due = isCrowded ? Math.max(due ?? now, now - MOST_LATE_MS) : null
    starts.push(now)
    while ((starts[0] ?? now) < now - 2 * windowMs) starts.shift()
  }

  function waitFor(starts: number[], most: number, window: number, due: number | null): number {
    const now = clock.now()
    // If the clock was set back, wait one window instead of until the clock catches up.
    if ((starts.at(-1) ?? now) > now) starts.fill(now)
    const full = starts.length < most ? 0 : Math.ceil((starts[starts.length - most] ?? now) + window - now)
    const apart = due === null ? 0 : Math.ceil(Math.min(due, now + window) - now)
    return Math.max(full, apart)
  }

  return async (key, signal, pace = 'at once') => {
    const lane = lanes.get(key) ?? { starts: [], last: Promise.resolve(), due: null }
    lanes.set(key, lane)
    const before = lane.last
    const turn = before.then(() => take(key, lane, signal, pace))
    lane.last = turn.catch(() => undefined)
    await unlessAborted(turn, signal)
  }
}

/** The most turns in one window. */
const limitOf = (perSecond: number): { readonly most: number; readonly windowMs: number } => ({
  most: Math.max(1, Math.floor(perSecond)),
  windowMs: perSecond < 1 ? 1000 / perSecond : 1000,
})

/** Settles like `turn`, but rejects at once if the signal aborts. */
async function unlessAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  let abort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    await Promise.race([turn, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
