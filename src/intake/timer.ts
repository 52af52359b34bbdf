import { type Fields, fieldsOf, isObject, parsedJson, text } from './fields.ts'
import { type Reading, refused } from './reading.ts'

// SCF's timer event: {"Type":"Timer","TriggerName":…,"Time":…,"Message":…} (intake facts 4).

export const isTimer = (payload: Fields): boolean =>
  text(payload('Type'))?.toLowerCase() === 'timer' && payload('TriggerName') !== undefined

/** A timer names no CLB; the one task that it can ask for is a scan of the fleet. */
export function readTimer(payload: Fields): Reading {
  const message = payload('Message')
  const task = text(fieldsOf(isObject(message) ? message : parsedJson(text(message, 65_536) ?? ''))('task'))
  return task?.toLowerCase() === 'scan'
    ? refused('scan-not-available', 'The timer asks for a scan, which is not available.')
    : refused('unknown-shape', 'The timer event carries no task that is known.')
}
