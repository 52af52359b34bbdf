import { known } from '../model/fact.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { EvaluatedTarget } from './target.ts'

/** A backend that was bound so recently that no number of good probes can have made it healthy. */
export interface WarmUp {
  /** ISO 8601. */
  readonly boundAt: string
  /** The first time at which it can be healthy, ISO 8601. */
  readonly readyAt: string
}

/** Two clocks are compared: the platform's and that of the snapshot. */
const CLOCKS_MS = 60_000

/**
 * A new backend is healthy after `HealthNum` good probes in a row (platform facts C3). Null if it had the time, or if
 * that is not known. Health that was not read never counts as warming up.
 */
export function warmUpOf(target: EvaluatedTarget, { takenAt, health }: Snapshot): WarmUp | null {
  const { status, statusDetail, registeredAt, healthCheck: check, plan } = target
  const isWaiting = status === 'Dead' || (status === 'Unknown' && statusDetail === null)
  if (!isWaiting || plan.kind !== 'probe' || registeredAt === undefined || !check || !known(health))
    return null
  const { healthyThreshold: times, intervalSeconds: interval, timeoutSeconds: timeout } = check
  if (times === null || interval === null || timeout === null) return null
  // Without an offset it is taken as Beijing time (platform facts C3).
  const bound = Date.parse(`${registeredAt.replace(' ', 'T')}+08:00`)
  const now = Date.parse(takenAt)
  const ready = bound + (times * interval + timeout) * 1000
  return bound - now <= CLOCKS_MS && now < ready
    ? { boundAt: new Date(bound).toISOString(), readyAt: new Date(ready).toISOString() }
    : null
}
