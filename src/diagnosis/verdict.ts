import type { Certainty, Verdict } from '../model/diagnosis.ts'
import type { EvaluatedPool, Paths } from '../path/index.ts'

/**
 * `down`: in some pool every weighted target is Dead. `degraded`: some targets are Dead, or the CLB or a listener does
 * not serve. `inconclusive`: health could not be read, or CLB probes nothing. Missing data never gives `healthy`.
 * @param notServing how certain it is that the CLB or a listener does not serve; null if nothing says so
 */
export function verdictOf(paths: Paths, notServing: Certainty | null): Verdict {
  const { pools, snapshot } = paths
  if (pools.some(({ fallback }) => fallback)) return 'down'
  if (notServing === 'certain' || pools.some(({ counts }) => counts.dead > 0)) return 'degraded'
  const read = [snapshot.loadBalancer, snapshot.listeners, snapshot.registrations, snapshot.health]
  const members = Object.values(snapshot.targetGroupMembers)
  const complete = [...read, ...members].every(({ state }) => state === 'ok') && !paths.balancer?.unsaid
  const conclusive = complete && pools.some(({ counts }) => counts.alive > 0) && pools.every(answered)
  if (!conclusive) return 'inconclusive'
  return notServing === null ? 'healthy' : 'degraded'
}

/** Targets with status Close are not counted. Unknown is not an answer. */
const answered = ({ counts }: EvaluatedPool): boolean => counts.unknown === 0
