import { conditionOf } from '../../alarms/index.ts'
import { type Alarm, clbKey, REPEAT_MS } from '../../model/alarm.ts'
import type { Change, Store } from '../../store/index.ts'
import { heardPut } from './heard.ts'
import { hashOf, waitingOf, written } from './records.ts'

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
export function taken(alarms: readonly Alarm[], at: number): Change {
  const clbs = new Set(alarms.map(clbKey))
  return {
    put: [
      ...alarms.map((alarm) => ({
        collection: waitingOf(clbKey(alarm)),
        id: identityOf(alarm, at),
        value: JSON.stringify({ alarm, until: at }),
        at,
        keepAt: true,
      })),
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
  await store.write(taken(alarms, at))
  return [...new Set(alarms.map(clbKey))]
}
