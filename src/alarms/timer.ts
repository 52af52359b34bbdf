import type { ScanRequest } from '../model/alarm.ts'
import { type Fields, fieldsOf, isObject, parsedJson, text } from './fields.ts'
import { type Reading, refused } from './reading.ts'
import { region } from './regions.ts'

// SCF's timer event: {"Type":"Timer","TriggerName":…,"Time":…,"Message":…} (intake facts 4).

export const isTimer = (payload: Fields): boolean =>
  text(payload('Type'))?.toLowerCase() === 'timer' && payload('TriggerName') !== undefined

const MOST_REGIONS = 100

const WRONG = refused(
  'bad-timer',
  'The message of a timer must be {"task":"scan"}, and may have "regions" too: a list such as ["ap-guangzhou"], or "all".',
)

/** A timer names no CLB; the one task that it can ask for is a scan: `{"task":"scan","regions":["ap-guangzhou"]}`. */
export function readTimer(payload: Fields): Reading {
  const given = payload('Message')
  const message = isObject(given) ? given : parsedJson(text(given, 65_536) ?? '')
  const field = fieldsOf(message)
  if (text(field('task'))?.toLowerCase() !== 'scan') return WRONG
  // A key that is taken for another's would scan what nobody asked for.
  if (!Object.keys(message ?? {}).every((key) => /^(task|regions)$/i.test(key))) return WRONG
  const regions = regionsOf(field('regions'))
  return regions === 'unknown' ? WRONG : { alarms: [], refusals: [], scan: { regions } }
}

/** One that is not known stops the scan: it would be missing from the result. */
function regionsOf(given: unknown): ScanRequest['regions'] | 'unknown' {
  if (given === undefined || given === null) return null
  if (text(given)?.toLowerCase() === 'all') return 'all'
  if (!Array.isArray(given) || given.length === 0 || given.length > MOST_REGIONS) return 'unknown'
  const names = given.map(region)
  return names.every((name) => name !== null) ? [...new Set(names)] : 'unknown'
}
