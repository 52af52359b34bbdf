import type { ScanRequest } from '../model/alarm.ts'
import { type Fields, fieldsOf, isObject, parsedJson, text } from './fields.ts'
import { type Reading, refused } from './reading.ts'
import { region } from './regions.ts'

// SCF's timer event: {"Type":"Timer","TriggerName":…,"Time":…,"Message":…} (intake facts 4).

export const isTimer = (payload: Fields): boolean =>
  text(payload('Type'))?.toLowerCase() === 'timer' && payload('TriggerName') !== undefined

const MOST_REGIONS = 100

/** A timer names no CLB; the one task that it can ask for is a scan: `{"task":"scan","regions":["ap-guangzhou"]}`. */
export function readTimer(payload: Fields): Reading {
  const given = payload('Message')
  const message = fieldsOf(isObject(given) ? given : parsedJson(text(given, 65_536) ?? ''))
  if (text(message('task'))?.toLowerCase() !== 'scan')
    return refused('unknown-shape', 'The timer event carries no task that is known.')
  const regions = regionsOf(message('regions'))
  return regions === 'unknown'
    ? refused(
        'bad-regions',
        'The scan\'s regions must be a list of names such as ap-guangzhou, or "all", or left out.',
      )
    : { alarms: [], refusals: [], scan: { regions } }
}

/** One that is not known stops the scan: it would be missing from the result. */
function regionsOf(given: unknown): ScanRequest['regions'] | 'unknown' {
  if (given === undefined || given === null) return null
  if (text(given)?.toLowerCase() === 'all') return 'all'
  if (!Array.isArray(given) || given.length === 0 || given.length > MOST_REGIONS) return 'unknown'
  const names = given.map(region)
  return names.every((name) => name !== null) ? [...new Set(names)] : 'unknown'
}
