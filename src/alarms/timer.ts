import * as v from 'valibot'
import { parsed } from '../model/parsed.ts'
import { parseRegionOrCode } from '../model/regions.ts'
import { isObject, parseJson, text } from '../model/untrusted.ts'
import type { Fields } from './fields.ts'
import { type Reading, refused } from './reading.ts'

// SCF's timer event: {"Type":"Timer","TriggerName":…,"Time":…,"Message":…} (intake facts 4).

export const isTimer = (payload: Fields): boolean =>
  text(payload('Type'))?.toLowerCase() === 'timer' && payload('TriggerName') !== undefined

const MOST_REGIONS = 100

const WRONG = refused(
  'bad-timer',
  'The message of a timer must be {"task":"due"}, or {"task":"scan"}, which may have "regions" too: a list such as ["ap-guangzhou"], or "all".',
)

const exactly = <const W extends string>(expected: W) =>
  parsed((given) => (given.trim().toLowerCase() === expected ? expected : null), `must be ${expected}`)

/**
 * Strict, because a misspelt key would scan the wrong regions, and an unknown region would be missing from the result.
 */
const Message = v.strictObject({
  task: exactly('scan'),
  regions: v.nullish(
    v.union([
      exactly('all'),
      v.pipe(
        v.array(parsed(parseRegionOrCode, 'must be a region')),
        v.minLength(1),
        v.maxLength(MOST_REGIONS),
      ),
    ]),
    null,
  ),
})

const Due = v.strictObject({ task: exactly('due') })

/**
 * A timer names no CLB. It can do what is due, `{"task":"due"}`, or start a scan: `{"task":"scan","regions":["ap-guangzhou"]}`, with keys in
 * any case.
 */
export function readTimer(payload: Fields): Reading {
  const given = payload('Message')
  const message = isObject(given) ? given : parseJson(text(given, 65_536) ?? '')
  if (!isObject(message)) return WRONG
  const keyed = Object.fromEntries(Object.entries(message).map(([key, value]) => [key.toLowerCase(), value]))
  if (v.safeParse(Due, keyed).success) return { alarms: [], refusals: [], due: true }
  const result = v.safeParse(Message, keyed)
  if (!result.success) return WRONG
  const { regions } = result.output
  return {
    alarms: [],
    refusals: [],
    scan: { regions: Array.isArray(regions) ? [...new Set(regions)] : regions },
  }
}
