import { type Incident, withEntry } from './incident.ts'
import { withNews } from './news.ts'

const HOUR = 3_600_000
/** An acknowledgement ends after this time, so that nothing is forgotten. */
export const ACKNOWLEDGED_MS = 8 * HOUR
export const LONGEST_SILENCE_MS = 24 * HOUR

/** A person says "I have it". Ends by itself. Pure. */
export const acknowledged = (incident: Incident, by: string, now: number): Incident =>
  withEntry(
    { ...incident, acknowledged: { by, at: now, until: now + ACKNOWLEDGED_MS }, updatedAt: now },
    { at: new Date(now).toISOString(), event: 'acknowledged', by },
  )

/**
 * A person silences the incident for a time, at most a day. Its recovery, that it fires again after that, and a pool without a healthy backend are
 * told all the same. Pure.
 */
export function silenced(incident: Incident, by: string, forMs: number, now: number): Incident {
  const until = now + Math.min(Math.max(forMs, 0), LONGEST_SILENCE_MS)
  const quiet = { ...incident, silenced: { by, at: now, until }, updatedAt: now }
  return withNews(
    withEntry(quiet, {
      at: new Date(now).toISOString(),
      event: 'silenced',
      by,
      detail: new Date(until).toISOString(),
    }),
    now,
  )
}
