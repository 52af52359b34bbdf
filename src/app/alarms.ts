import { coalesce, takeIn } from '../alarms/index.ts'
import type { Intake } from '../model/alarm.ts'
import type { Log } from '../model/log.ts'
import { excerpt } from './excerpt.ts'

export { coalesce }

/** A payload as it came, read and written to the log where it is not an alarm: refused, never lost. */
export function receive(payload: unknown, log: Log): Intake {
  const intake = takeIn(payload)
  for (const refusal of intake.refusals)
    log.warn('payload refused', { ...refusal, payload: excerpt(payload) })
  return { ...intake, alarms: coalesce(intake.alarms) }
}
