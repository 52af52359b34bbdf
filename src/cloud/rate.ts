import type { Clock } from '../model/clock.ts'

/** Waits its turn; rejects with the signal's reason when that comes first. */
export type Limiter = (key: string, signal: AbortSignal) => Promise<void>

/**
 * At most `perSecond` starts of one key within any second, in order of arrival. A sliding window rather than a bucket:
 * the platform counts calls per second, and a bucket lets twice as many through in its first.
 *
 * Rates below 1 are one start per `1 / perSecond` seconds. Memory: `perSecond` numbers per key; keys are API actions.
 */
export function createLimiter(perSecond: number, clock: Clock): Limiter {
  const starts = Math.max(1, Math.floor(perSecond))
  const windowMs = perSecond < 1 ? 1000 / perSecond : 1000
  const booked = new Map<string, number[]>()
  return async (key, signal) => {
    const times = booked.get(key) ?? []
    booked.set(key, times)
    const now = clock.now()
    const earliest = times.length < starts ? now : Math.max(now, (times[0] ?? now) + windowMs)
    times.push(earliest)
    if (times.length > starts) times.shift()
    if (earliest > now) await clock.sleep(earliest - now, signal)
  }
}
