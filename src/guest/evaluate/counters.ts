import type { GuestCheck } from '../evaluation.ts'
import type { GuestFacts } from '../facts.ts'
import { USUAL_INTERVAL } from '../usual.ts'

/** Seconds between the first sample and the last. Null if there is one only. */
export const secondsOf = ({ filters }: GuestFacts): number | null => {
  const last = filters.at(-1)
  return filters.length < 2 || last === undefined ? null : last.afterSeconds
}

/** By how much a counter of the kernel moved between the samples. Null if it was not read twice. */
export function movedBy({ counters }: GuestFacts, name: string): number | null {
  const [before, after] = [counters[0]?.[name], counters.at(-1)?.[name]]
  return counters.length < 2 || before === undefined || after === undefined ? null : after - before
}

/** Did the counter move at least once for each probe that came in the time? */
export function isOncePerInterval(moved: number | null, facts: GuestFacts, check: GuestCheck): boolean {
  const seconds = secondsOf(facts)
  if (moved === null || seconds === null) return false
  const interval = check.intervalSeconds ?? USUAL_INTERVAL
  return seconds >= interval && moved >= Math.floor(seconds / interval)
}
