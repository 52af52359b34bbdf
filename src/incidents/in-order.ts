import type { Alarm } from '../model/alarm.ts'
import { isEndOf, isSame, listenerAndBackendOf, namesOf, type Sighting, stillFiring } from './sightings.ts'

/**
 * What the sender said last of the alarm's condition, by its own times. A firing that arrives after its recovery is over,
 * and a recovery that arrives after a later firing does not end that one.
 */
export function newestState(alarm: Alarm, known: readonly Sighting[]): Alarm {
  const own = known.filter((one) => isSame(one, namesOf(alarm)))
  return firedAgain(over(alarm, own), own)
}

function over(alarm: Alarm, own: readonly Sighting[]): Alarm {
  const { state, firstOccurredAt: began } = alarm
  if (state === 'resolved' || began === null) return alarm
  const end = own.find(
    (one) => (one.recoveredAt !== null && one.firstOccurredAt === began) || isEndOf(one, began),
  )
  return end ? { ...alarm, state: 'resolved', recoveredAt: end.recoveredAt } : alarm
}

function firedAgain(alarm: Alarm, own: readonly Sighting[]): Alarm {
  const end = alarm.recoveredAt
  if (alarm.state === 'firing' || end === null) return alarm
  const others = own.filter(({ firstOccurredAt }) => firstOccurredAt !== alarm.firstOccurredAt)
  const later = others
    .filter((one) => one.fired && !one.recovered && one.firstOccurredAt !== null && one.firstOccurredAt > end)
    .at(-1)
  return later
    ? { ...alarm, state: 'firing', firstOccurredAt: later.firstOccurredAt, recoveredAt: null }
    : alarm
}

/**
 * The alarm of a CLB beside the conditions that still fire and of which nothing was heard now: the recovery of one of them
 * is not that of the CLB. `heard`: the alarms that the given one stands for.
 */
export function withOthers(
  alarm: Alarm,
  heard: readonly Alarm[],
  known: readonly Sighting[],
  now: number,
): Alarm {
  if (alarm.state === 'firing') return alarm
  const others = stillFiring(known, now).filter((one) => !heard.some((own) => isSame(one, namesOf(own))))
  const [first] = others
  if (first === undefined) return alarm
  return {
    ...alarm,
    state: 'firing',
    ...(others.length === 1 ? listenerAndBackendOf(first) : { listener: null, backend: null }),
    // These were the values of the one that is over.
    condition: null,
    durationSeconds: null,
    firstOccurredAt: others.flatMap((one) => one.firstOccurredAt ?? []).sort()[0] ?? null,
    recoveredAt: null,
  }
}
