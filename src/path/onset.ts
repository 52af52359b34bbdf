import type { TargetKey } from '../model/diagnosis.ts'
import { endpointOf } from '../model/endpoint.ts'
import { known } from '../model/fact.ts'
import { groupBy } from '../model/group-by.ts'
import type { HealthFlip, Snapshot } from '../model/snapshot.ts'
import type { EvaluatedTarget } from './target.ts'

interface Front {
  readonly port: number
  readonly domain: string | null
  readonly url: string | null
  readonly targets: readonly EvaluatedTarget[]
}

/**
 * When the trouble of each Dead target began, ISO 8601: when it last turned unhealthy, by the CLB's health-check log;
 * where that says nothing of it, when the alarm began; null where there is neither.
 */
export function onsetsOf(
  { healthLogs, alarmedAt }: Snapshot,
  pools: readonly Front[],
): ReadonlyMap<TargetKey, string | null> {
  const newestFirst = Object.values(healthLogs)
    .flatMap((fact) => known(fact) ?? [])
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const flips = groupBy(newestFirst, endpointOf)
  return new Map(
    pools.flatMap((pool) =>
      pool.targets
        .filter(({ status }) => status === 'Dead')
        .map((target) => [
          target.key,
          turnedBad((flips.get(endpointOf(target)) ?? []).filter((flip) => isAbout(flip, pool, target))) ??
            alarmedAt,
        ]),
    ),
  )
}

/** The first of the unhealthy lines since the last healthy one; null where it is healthy by the log. */
function turnedBad(newestFirst: readonly HealthFlip[]): string | null {
  const recovered = newestFirst.findIndex(({ healthy }) => healthy)
  const since = recovered < 0 ? newestFirst : newestFirst.slice(0, recovered)
  return since.at(-1)?.at ?? null
}

/**
 * Rules of one listener share its port, so that only domain and path tell their lines apart; whether those are the rule's
 * or its health check's is not documented (platform facts G).
 */
function isAbout(flip: HealthFlip, { port, domain, url }: Front, { healthCheck }: EvaluatedTarget): boolean {
  return (
    [null, port].includes(flip.listenerPort) &&
    [null, domain, healthCheck?.host].includes(flip.domain) &&
    [null, url, healthCheck?.path].includes(flip.url)
  )
}
