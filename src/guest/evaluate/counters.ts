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

/**
 * Did a rule count a packet for each probe that came, in each of two spans of time? Something that sends once moves it in
 * one span.
 *
 * @param packets what the rule had counted at each sample. Null if it counts nothing, or was not there
 */
export function isOncePerInterval(
  packets: readonly (number | null)[],
  { filters }: GuestFacts,
  { intervalSeconds }: GuestCheck,
): boolean {
  const interval = intervalSeconds ?? USUAL_INTERVAL
  const spans = filters.slice(1).map(({ afterSeconds }, i) => {
    const [before, after] = [packets[i] ?? null, packets[i + 1] ?? null]
    const seconds = (afterSeconds ?? 0) - (filters[i]?.afterSeconds ?? 0)
    return { seconds, moved: before === null || after === null ? 0 : after - before }
  })
  return (
    spans.length >= 2 &&
    spans.every(({ seconds, moved }) => seconds >= interval && moved >= Math.floor(seconds / interval))
  )
}
