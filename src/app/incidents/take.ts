import { conditionOf } from '../../alarms/index.ts'
import { type Alarm, clbKey, REPEAT_MS } from '../../model/alarm.ts'
import type { Change, Store } from '../../store/index.ts'
import { heardPut } from './heard.ts'
import { isUndated, type Places, placesOf } from './places.ts'
import { hashOf, waitingOf, written } from './records.ts'

/** After so many tries the alarms are written whatever others wrote: an alarm is worth more than its order. */
const MOST_TRIES = 50

/**
 * The same for repeats of one firing, which therefore take one place however many there are. Without a time of its own, an
 * alarm that cannot be told from others is a repeat of those within five minutes.
 */
function identityOf(alarm: Alarm, at: number): string {
  const { state, firstOccurredAt, recoveredAt } = alarm
  const when = isUndated(alarm) ? Math.floor(at / REPEAT_MS) : null
  return hashOf(JSON.stringify([conditionOf(alarm) ?? alarm, state, firstOccurredAt, recoveredAt, when]))
}

/** What to write for alarms that arrived: each waits at its CLB, and each CLB waits for a look. */
function taken(alarms: readonly Alarm[], at: number, { ids, put }: Places): Change {
  const clbs = new Set(alarms.map(clbKey))
  return {
    put: [
      ...alarms.map((alarm, i) => ({
        collection: waitingOf(clbKey(alarm)),
        id: ids[i] ?? identityOf(alarm, at),
        value: JSON.stringify({ alarm, until: at }),
        at,
        keepAt: true,
      })),
      ...put,
      ...alarms.flatMap((alarm) => heardPut(alarm, at)),
      ...[...clbs].map((clb) => ({ ...written('looks', clb, { failures: 0 }, at), keepAt: true })),
    ],
  }
}

/** Resolves once the alarms are safe. @throws StoreError if they are not */
export async function takeAlarms(
  alarms: readonly Alarm[],
  store: Store,
  at: number,
): Promise<readonly string[]> {
  if (alarms.length === 0) return []
  for (let tries = 1; ; tries++) {
    const places = await placesOf(alarms, store, at)
    const when = tries < MOST_TRIES ? places.when : []
    if (await store.write({ ...taken(alarms, at, places), when })) break
  }
  return [...new Set(alarms.map(clbKey))]
}
