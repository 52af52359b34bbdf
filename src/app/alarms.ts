import { coalesce, parseAlarm } from '../alarms/index.ts'
import type { ParsedPayload } from '../model/alarm.ts'
import type { Log } from '../model/log.ts'
import { excerpt } from './excerpt.ts'

export { coalesce }

/** Reads the alarms of a payload. Logs each refused part with an excerpt, so that no alarm is lost silently. */
export function parseAlarms(payload: unknown, log: Log): ParsedPayload {
  const parsed = parseAlarm(payload)
  for (const refusal of parsed.refusals)
    log.warn('payload refused', { ...refusal, payload: excerpt(payload) })
  return { ...parsed, alarms: coalesce(parsed.alarms) }
}
