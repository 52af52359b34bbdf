import type { ParsedPayload } from '../model/alarm.ts'
import { isObject, text } from '../model/untrusted.ts'
import { isAlertmanager, readAlertmanager } from './alertmanager.ts'
import { isCloudMonitor, readCloudMonitor } from './cloud-monitor.ts'
import { isEventBatch, isEventBridge, readEventBatch, readEventBridge } from './eventbridge.ts'
import { type Fields, fieldsOf } from './fields.ts'
import { type Reading, refused } from './reading.ts'
import { isTemplate, readTemplate } from './template.ts'
import { isTimer, readTimer } from './timer.ts'

// alarms/ turns a payload into alarms, or into a refusal that says why not: one file per sender.
// Only app/alarms.ts calls it. It is pure: it sees the payload alone, takes a value for what it is or gives null,
// and may not read the cloud, guess a missing name or throw.

export { coalesce } from './coalesce.ts'
export { MAX_ALARMS, MAX_ENTRIES } from './reading.ts'

interface Source {
  readonly isFrom: (payload: Fields) => boolean
  readonly read: (payload: Fields) => Reading
}

// The first that accepts reads: from the shape that can be taken for no other to the one that its author made up.
const SOURCES: readonly Source[] = [
  { isFrom: isTimer, read: readTimer },
  { isFrom: isEventBatch, read: readEventBatch },
  { isFrom: isCloudMonitor, read: readCloudMonitor },
  { isFrom: isAlertmanager, read: readAlertmanager },
  { isFrom: isEventBridge, read: readEventBridge },
  { isFrom: isTemplate, read: readTemplate },
]

/**
 * Turns any payload into alarms, or into refusals that say why not; a batch may hold both. Takes any value and never
 * throws. Ids, addresses, ports and regions are validated; one that the payload does not give, or gives in a form
 * that is not known, is null. At most 100 alarms come from one payload, out of at most 1,000 entries; a refusal
 * counts the rest. The session id is given for the echo whatever the payload turned out to be.
 */
export function parseAlarm(payload: unknown): ParsedPayload {
  if (!isObject(payload)) {
    return { ...refused('not-an-object', 'The payload is not a JSON object.'), sessionId: null }
  }
  const fields = fieldsOf(payload)
  const source = SOURCES.find(({ isFrom }) => isFrom(fields))
  const reading =
    source?.read(fields) ?? refused('unknown-shape', 'The payload has the shape of no known alarm.')
  return { ...reading, sessionId: text(fields('sessionId')) }
}
