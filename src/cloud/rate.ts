import type { Clock } from '../model/clock.ts'

/** Waits its turn; rejects with the signal's reason as soon as that comes first, and gives the turn back. */
export type Limiter = (key: string, signal: AbortSignal) => Promise<void>

/** Turns of one key: when the last ones were, and the end of the queue. */
interface Lane {
  readonly starts: number[]
  last: Promise<void>
}

/**
 * At most `perSecond` starts of one key within any second, in order of arrival. A sliding window rather than a bucket:
 * the platform counts calls per second, and a bucket lets twice as many through in its first.
 *
 * A fraction is dropped; rates below 1 are one start per `1 / perSecond` seconds. Memory: `perSecond` numbers per key;
 * keys are API actions.
 */
export function createLimiter(perSecond: number, clock: Clock): Limiter {
  const most = Math.max(1, Math.floor(perSecond))
  const windowMs = perSecond < 1 ? 1000 / perSecond : 1000
  const lanes = new Map<string, Lane>()

  async function take({ starts }: Lane, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    for (let wait = waitFor(starts); wait > 0; wait = waitFor(starts)) await clock.sleep(wait, signal)
    starts.push(clock.now())
    if (starts.length > most) starts.shift()
  }

  function waitFor(starts: number[]): number {
    const now = clock.now()
    // The clock was set back: better to wait one window than until it has caught up.
    if ((starts.at(-1) ?? now) > now) starts.fill(now)
    return starts.length < most ? 0 : Math.ceil((starts[0] ?? now) + windowMs - now)
  }

  return async (key, signal) => {
    const lane = lanes.get(key) ?? { starts: [], last: Promise.resolve() }
    lanes.set(key, lane)
    const before = lane.last
    const turn = before.then(() => take(lane, signal))
    lane.last = turn.catch(() => undefined)
    await unlessAborted(turn, signal)
  }
}

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
