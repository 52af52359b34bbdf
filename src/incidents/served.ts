import { type Alarm, REPEAT_MS } from '../model/alarm.ts'
import { newestState } from './in-order.ts'
import { isSame, namesOf, type Sighting } from './sightings.ts'

/**
 * Did the last look at the CLB already serve this alarm? True for a repeat of what it saw: the same condition in the same
 * state, of the same firing. What could not be seen then is looked at again. Pure.
 */
export function isServed(alarm: Alarm, known: readonly Sighting[], now: number): boolean {
  const { state, firstOccurredAt } = newestState(alarm, known)
  return known.some(
    (one) =>
      isSame(one, namesOf(alarm)) &&
      one.verdict !== 'inconclusive' &&
      one.recovered === (state === 'resolved') &&
      (firstOccurredAt === null
        ? one.firstOccurredAt === null && now - one.until <= REPEAT_MS
        : one.firstOccurredAt === firstOccurredAt),
  )
}
