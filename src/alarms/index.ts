import type { ParsedPayload } from '../model/alarm.ts'
import { isObject, text } from '../model/untrusted.ts'
import { isAlertmanager, readAlertmanager } from './alertmanager.ts'
import { isCloudMonitor, readCloudMonitor } from './cloud-monitor.ts'
import { isEventBatch, isEventBridge, readEventBatch, readEventBridge } from './eventbridge.ts'
import { type Fields, fieldsOf } from './fields.ts'
import { isGrafana, readGrafana } from './grafana.ts'
import { type Reading, refused } from './reading.ts'
import { isTemplate, readTemplate } from './template.ts'
import { isTimer, readTimer } from './timer.ts'

// alarms/ turns a payload into alarms, or into a refusal with its reason. Each sender has a file. Only app/alarms.ts
// calls it. It is pure and only sees the payload. A value is taken if it is valid; otherwise it is null. It may not
// read the cloud, guess a missing name or throw.

export { coalesce, conditionOf } from './coalesce.ts'
export { halvesOf } from './halves.ts'
export { readHistory } from './history.ts'
export { MAX_ENTRIES } from './reading.ts'

interface Source {
  readonly isFrom: (payload: Fields) => boolean
  readonly read: (payload: Fields) => Reading
}

// The first source that recognises the payload reads it. Distinctive shapes come first, and free-form templates come
// last.
const SOURCES: readonly Source[] = [
  { isFrom: isTimer, read: readTimer },
  { isFrom: isEventBatch, read: readEventBatch },
  { isFrom: isCloudMonitor, read: readCloudMonitor },
  { isFrom: isAlertmanager, read: readAlertmanager },
  { isFrom: isGrafana, read: readGrafana },
  { isFrom: isEventBridge, read: readEventBridge },
  { isFrom: isTemplate, read: readTemplate },
]

/**
 * Turns any payload into alarms or refusals; a batch can give both. Never throws. Ids, addresses, ports and regions are
 * validated; a missing or invalid one becomes null. At most 5,000 entries of a batch are read; a refusal counts the
 * rest. The session id is always given, because the answer echoes it.
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
