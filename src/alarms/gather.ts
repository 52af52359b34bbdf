import { clbKey, REPEAT_MS, type Received } from '../model/alarm.ts'
import { conditionOf, grouped } from './coalesce.ts'

/** The most alarms of one CLB that are kept while they wait. */
const MOST_WAITING = 256

/**
 * Alarms by the CLB that they name, in the order in which the CLBs first appear. Every firing and recovery is kept,
 * because each counts, and because the state of one condition says nothing about the others. Repeats are joined. Of too
 * many the oldest are dropped.
 */
export const gather = (received: readonly Received[]): readonly (readonly Received[])[] =>
  grouped(received, ({ alarm }) => clbKey(alarm)).map((own) => withoutRepeats(own).slice(-MOST_WAITING))

function withoutRepeats(received: readonly Received[]): readonly Received[] {
  const kept: Received[] = []
  const last = new Map<string, number>()
  for (const one of received) {
    const condition = conditionOf(one.alarm)
    const at = condition === null ? undefined : last.get(condition)
    const before = at === undefined ? undefined : kept[at]
    if (before && at !== undefined && isRepeat(before, one))
      kept[at] = { alarm: one.alarm, at: before.at, until: one.until }
    else {
      if (condition !== null) last.set(condition, kept.length)
      kept.push(one)
    }
  }
  return kept
}

/** The newer one has the newer value and duration. */
function isRepeat(one: Received, next: Received): boolean {
  const { state, firstOccurredAt, recoveredAt } = one.alarm
  return (
    state === next.alarm.state &&
    firstOccurredAt === next.alarm.firstOccurredAt &&
    recoveredAt === next.alarm.recoveredAt &&
    (firstOccurredAt !== null || recoveredAt !== null || next.at - one.until <= REPEAT_MS)
  )
}
