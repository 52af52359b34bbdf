import { joined, look, type Sighting, see } from '../incidents/index.ts'
import { type Alarm, clbKey } from '../model/alarm.ts'
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

/** The diagnosis with how often an alarm of its CLB began to fire lately. Remembers the alarm. */
export function withRecent(
  diagnosis: Diagnosis,
  alarm: Alarm,
  memory: SightingMemory,
  at: number,
): Diagnosis {
  const names = namesOf(diagnosis, alarm)
  const { sightings, recent } = see(joined(names.map(memory.of)), look(alarm, diagnosis, at))
  for (const name of names) memory.keep(name, sightings)
  return recent === null ? diagnosis : { ...diagnosis, recent }
}

/** An alarm may name its CLB by a VIP. Its id is known only if the lookup succeeds, so both names are kept. */
function namesOf({ loadBalancer }: Diagnosis, alarm: Alarm): readonly string[] {
  const named = clbKey(alarm)
  if (loadBalancer === null) return [named]
  return alarm.clb.loadBalancerId === null ? [loadBalancer.id, named] : [loadBalancer.id]
}
