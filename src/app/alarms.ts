import { coalesce, gather, parseAlarm } from '../alarms/index.ts'
import type { Alarm, ParsedPayload, Received } from '../model/alarm.ts'
import type { Log } from '../model/log.ts'
import { excerpt } from './excerpt.ts'

export { coalesce, gather }

/** Reads the alarms of a payload. Logs each refused part with an excerpt, so that no alarm is lost silently. */
export function parseAlarms(payload: unknown, log: Log): ParsedPayload {
  const parsed = parseAlarm(payload)
  for (const refusal of parsed.refusals)
    log.warn('payload refused', { ...refusal, payload: excerpt(payload) })
  return parsed
}

/** Alarms that arrived at this time, together for each CLB. */
export const arrived = (alarms: readonly Alarm[], at: number): readonly (readonly Received[])[] =>
  gather(alarms.map((alarm) => ({ alarm, at, until: at })))
