import { type Alarm, REPEAT_MS } from '../model/alarm.ts'
import { newestState } from './in-order.ts'
import { isSame, namesOf, type Sighting } from './sightings.ts'

/**
 * Did the last look at the CLB already serve this alarm? True for a repeat of what it saw: the same condition in the same
 * state, of the same firing. What could not be seen then is looked at again. Pure.
 */
export function isServed(alarm: Alarm, known: readonly Sighting[], now: number): boolean {
  const { state, firstOccurredAt } = newestState(alarm, known)
  // An earlier firing does not serve the recovery of a later one.
  const last = known
    .filter((one) => isSame(one, namesOf(alarm)) && one.firstOccurredAt === firstOccurredAt)
    .toSorted((a, b) => a.at - b.at)
    .at(-1)
  return (
    last !== undefined &&
    last.verdict !== 'inconclusive' &&
    last.recovered === (state === 'resolved') &&
    (firstOccurredAt !== null || now - last.until <= REPEAT_MS)
  )
}
