import { joined, look, newestState, recentOf, type Sighting, see } from '../incidents/index.ts'
import { type Alarm, clbKey, type Received } from '../model/alarm.ts'
import type { Diagnosis } from '../model/diagnosis.ts'

/** What was seen of each CLB lately. The interface is small, so that a shared store can implement it. */
export interface SightingMemory {
  of(clb: string): readonly Sighting[]
  keep(clb: string, sightings: readonly Sighting[]): void
}

const MOST_CLBS = 2_000

/** In the process: at most 2,000 CLBs. The one that was seen the longest time ago is dropped first. */
export function createSightingMemory(most = MOST_CLBS): SightingMemory {
  const seen = new Map<string, readonly Sighting[]>()
  return {
    of: (clb) => seen.get(clb) ?? [],
    keep(clb, sightings) {
      seen.delete(clb)
      if (sightings.length > 0) seen.set(clb, sightings)
      for (const oldest of seen.keys()) {
        if (seen.size <= most) break
        seen.delete(oldest)
      }
    },
  }
}

/** What the sender of an alarm said last, as far as it has arrived. */
export const inOrder = (alarm: Alarm, memory: SightingMemory): Alarm =>
  newestState(alarm, memory.of(clbKey(alarm)))

/**
 * The diagnosis with how often an alarm of its CLB began to fire lately, at the time of the look. Remembers every alarm
 * that led to the look.
 */
export function withRecent(
  diagnosis: Diagnosis,
  received: readonly Received[],
  memory: SightingMemory,
  now: number,
): Diagnosis {
  const names = [...new Set(received.flatMap(({ alarm }) => namesOf(diagnosis, alarm)))]
  const sightings = received.reduce(
    (known, one) => see(known, look(one, diagnosis)).sightings,
    joined(names.map(memory.of)),
  )
  for (const name of names) memory.keep(name, sightings)
  return diagnosis.trigger.alarm?.state === 'firing'
    ? { ...diagnosis, recent: recentOf(sightings, now) }
    : diagnosis
}

/** An alarm may name its CLB by a VIP. Its id is known only if the lookup succeeds, so both names are kept. */
function namesOf({ loadBalancer }: Diagnosis, alarm: Alarm): readonly string[] {
  const named = clbKey(alarm)
  if (loadBalancer === null) return [named]
  return alarm.clb.loadBalancerId === null ? [loadBalancer.id, named] : [loadBalancer.id]
}
