import type { Clock } from '../model/clock.ts'

/** `at once`: as soon as the rate allows; `evenly`: spread over the second where several wait. */
export type Pace = 'at once' | 'evenly'

/** Waits its turn; rejects with the signal's reason as soon as that comes first, and gives the turn back. */
export type Limiter = (key: string, signal: AbortSignal, pace?: Pace) => Promise<void>

/** How much slower than the rate even turns are. */
const SLACK = 0.03
/** How much of what late timers cost even turns make up for, within the rate. */
const MOST_LATE_MS = 300

/** Turns of one key: when the last ones were, and the end of the queue. */
interface Lane {
  /** Turns in one window. */
  readonly most: number
  readonly windowMs: number
  readonly starts: number[]
  last: Promise<void>
  /** Of even turns: when the last was due, which a late timer does not put off; null where none has to wait. */
  due: number | null
}

/**
 * At most `rateOf(key)` starts of one key within any second, in order of arrival. A sliding window rather than a bucket:
 * the platform counts calls per second, and a bucket lets twice as many through in its first.
 *
 * Who asks for a thousand turns in a row takes them evenly, a little apart: in bursts, the last call of one second can
 * arrive later than the first of the next, and the platform, which counts arrivals, refuses what is one too many.
 *
 * A fraction is dropped; rates below 1 are one start per `1 / perSecond` seconds. Memory: as many numbers per key;
 * keys are API actions.
 */
export function createLimiter(rateOf: (key: string) => number, clock: Clock): Limiter {
  const lanes = new Map<string, Lane>()

  async function take(lane: Lane, signal: AbortSignal, pace: Pace): Promise<void> {
    const { starts, most, windowMs } = lane
    signal.throwIfAborted()
    const spread = pace === 'evenly' ? windowMs * (1 + SLACK) : null
    const due = spread === null || lane.due === null ? null : lane.due + spread / most
    let waited = false
    for (let wait = waitFor(lane, spread ?? windowMs, due); wait > 0; ) {
      waited = true
      await clock.sleep(wait, signal)
      wait = waitFor(lane, spread ?? windowMs, due)
    }
    const now = clock.now()
    const isCrowded = waited || (due !== null && due > now - MOST_LATE_MS)
    lane.due = isCrowded ? Math.max(due ?? now, now - MOST_LATE_MS) : null
    starts.push(now)
    if (starts.length > most) starts.shift()
  }

  function waitFor({ starts, most }: Lane, window: number, due: number | null): number {
    const now = clock.now()
    // The clock was set back: better to wait one window than until it has caught up.
    if ((starts.at(-1) ?? now) > now) starts.fill(now)
    const full = starts.length < most ? 0 : Math.ceil((starts[0] ?? now) + window - now)
    const apart = due === null ? 0 : Math.ceil(Math.min(due, now + window) - now)
    return Math.max(full, apart)
  }

  return async (key, signal, pace = 'at once') => {
    const lane = lanes.get(key) ?? createLane(rateOf(key))
    lanes.set(key, lane)
    const before = lane.last
    const turn = before.then(() => take(lane, signal, pace))
    lane.last = turn.catch(() => undefined)
    await unlessAborted(turn, signal)
  }
}

const createLane = (perSecond: number): Lane => ({
  most: Math.max(1, Math.floor(perSecond)),
  windowMs: perSecond < 1 ? 1000 / perSecond : 1000,
  starts: [],
  last: Promise.resolve(),
  due: null,
})

/** The same outcome, but no later than the abort. */
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
