import { conditionOf } from '../../alarms/index.ts'
import { type Alarm, REPEAT_MS } from '../../model/alarm.ts'
import type { Condition, Put, Store } from '../../store/index.ts'
import { hashOf, readAll, type StateRecord, written } from './records.ts'

// Where alarms without a time of their own wait. Only their order of arrival says which state of a condition is the last
// one. So a repeat takes the place of the one that waits. One that takes up a state that the condition has left meanwhile
// is no repeat, and gets a place behind the others: a look may have read the earlier one, and that came before the other
// state. What a condition said last is one record, so that nothing that waits is read. If a look has removed the alarm
// that the record names, its place is empty, and who takes it waits behind the others.

/** How exactly it is known when a condition was heard last. Repeats within this time change no record. */
const HEARD_MS = 1_000
/** Of two places of one millisecond, the id says which is the earlier one. */
const TURN_DIGITS = 12

export interface Places {
  /** For each alarm. Null: it has a time of its own, or its condition cannot be told from others. */
  readonly ids: readonly (string | null)[]
  /** What the conditions said last. */
  readonly put: readonly Put[]
  /** Nobody else heard another state of them meanwhile. */
  readonly when: readonly Condition[]
}

export async function placesOf(alarms: readonly Alarm[], store: Store, at: number): Promise<Places> {
  const conditions = alarms.map(undatedCondition)
  const known = [...new Set(conditions.flatMap((one) => one ?? []))]
  if (known.length === 0) return { ids: conditions, put: [], when: [] }
  const records = await readAll(store, 'states', known)
  const before = new Map(known.map((condition, i) => [condition, lastOf(records[i])]))
  const after = new Map(before)
  const ids = alarms.map(({ state }, i) => {
    const condition = conditions[i] ?? null
    if (condition === null) return null
    const { place, last } = placed(state, condition, after.get(condition) ?? null, at)
    after.set(condition, last)
    return place
  })
  const put = [...after].flatMap(([condition, last]) =>
    last === null || last === before.get(condition)
      ? []
      : [written('states', condition, last.record, last.heardAt)],
  )
  return { ids, put, when: records.map(({ unchanged }) => unchanged) }
}

export const isUndated = ({ firstOccurredAt, recoveredAt }: Alarm): boolean =>
  firstOccurredAt === null && recoveredAt === null

/** The id of the condition's record. */
function undatedCondition(alarm: Alarm): string | null {
  const condition = isUndated(alarm) ? conditionOf(alarm) : null
  return condition === null ? null : hashOf(condition)
}

interface Last {
  readonly record: StateRecord
  readonly heardAt: number
}

const lastOf = (read: { value: StateRecord | null; at: number | null } | undefined): Last | null =>
  read?.value && read.at !== null ? { record: read.value, heardAt: read.at } : null

/** The place of an alarm with this state, and what its condition said last after it. */
function placed(
  state: Alarm['state'],
  condition: string,
  last: Last | null,
  at: number,
): { readonly place: string; readonly last: Last } {
  if (last !== null && last.record.state === state && at - last.heardAt <= REPEAT_MS)
    return {
      place: last.record.place,
      last: at - last.heardAt < HEARD_MS ? last : { ...last, heardAt: at },
    }
  const turn = (last?.record.turn ?? 0) + 1
  const place = `${String(turn).padStart(TURN_DIGITS, '0')}-${hashOf(JSON.stringify([condition, state, at]))}`
  // One that was handed on late came before the last one.
  const isLate = last !== null && at < last.heardAt
  return { place, last: isLate ? last : { record: { state, place, turn }, heardAt: at } }
}
