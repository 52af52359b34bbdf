import { conditionOf } from '../../alarms/index.ts'
import { type Alarm, clbKey, REPEAT_MS } from '../../model/alarm.ts'
import type { Change, Store } from '../../store/index.ts'
import { heardPut } from './heard.ts'
import { hashOf, type Waiting, waitingOf, written } from './records.ts'

/**
 * The same for repeats of one firing, which therefore take one place however many there are. Without a time of its own,
 * an alarm is a repeat of those within five minutes.
 */
function identityOf(alarm: Alarm, at: number): string {
  const { state, firstOccurredAt, recoveredAt } = alarm
  const when = firstOccurredAt === null && recoveredAt === null ? Math.floor(at / REPEAT_MS) : null
  return hashOf(JSON.stringify([conditionOf(alarm) ?? alarm, state, firstOccurredAt, recoveredAt, when]))
}

/** What to write for alarms that arrived: each waits at its CLB, and each CLB waits for a look. */
function taken(alarms: readonly Alarm[], at: number, places: ReadonlyMap<Alarm, string>): Change {
  const clbs = new Set(alarms.map(clbKey))
  return {
    put: [
      ...alarms.map((alarm) => ({
        collection: waitingOf(clbKey(alarm)),
        id: places.get(alarm) ?? identityOf(alarm, at),
        value: JSON.stringify({ alarm, until: at }),
        at,
        keepAt: true,
      })),
      ...alarms.flatMap((alarm) => heardPut(alarm, at)),
      ...[...clbs].map((clb) => ({ ...written('looks', clb, { failures: 0 }, at), keepAt: true })),
    ],
  }
}

/** The most alarms of one CLB that are looked through. */
const MOST_WAITING = 256

/**
 * Alarms without a time of their own that wait, by their order of arrival. One that takes up a state that the condition
 * has left meanwhile is no repeat, so it must not take the place of the earlier one: a look may have read that, and it
 * came before the other state.
 */
async function placesOf(
  alarms: readonly Alarm[],
  store: Store,
  at: number,
): Promise<ReadonlyMap<Alarm, string>> {
  const places = new Map<Alarm, string>()
  const undated = alarms.filter((alarm) => alarm.firstOccurredAt === null && alarm.recoveredAt === null)
  for (const clb of new Set(undated.map(clbKey))) {
    const waiting = await store.list(waitingOf(clb), { newestFirst: true, limit: MOST_WAITING })
    const known = waiting.map(({ id, value }) => ({ ...(JSON.parse(value) as Waiting), id }))
    for (const alarm of undated.filter((one) => clbKey(one) === clb)) {
      const last = known.find((one) => conditionOf(one.alarm) === conditionOf(alarm))
      if (last === undefined || conditionOf(alarm) === null || at - last.until > REPEAT_MS) continue
      const isRepeat = last.alarm.state === alarm.state
      places.set(alarm, isRepeat ? last.id : hashOf(JSON.stringify([identityOf(alarm, at), at])))
    }
  }
  return places
}

/** Resolves once the alarms are safe. @throws StoreError if they are not */
export async function takeAlarms(
  alarms: readonly Alarm[],
  store: Store,
  at: number,
): Promise<readonly string[]> {
  if (alarms.length === 0) return []
  await store.write(taken(alarms, at, await placesOf(alarms, store, at)))
  return [...new Set(alarms.map(clbKey))]
}
