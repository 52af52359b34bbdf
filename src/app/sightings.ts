import { look, type Sighting, see } from '../incidents/index.ts'
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
  const clb = diagnosis.loadBalancer?.id ?? clbKey(alarm)
  const { sightings, recent } = see(memory.of(clb), look(alarm, diagnosis, at))
  memory.keep(clb, sightings)
  return recent === null ? diagnosis : { ...diagnosis, recent }
}
