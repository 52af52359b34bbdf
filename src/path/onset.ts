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
 * The time at which each Dead target's trouble began, ISO 8601. It is the last turn to unhealthy in the CLB's
 * health-check log. If the log does not show one, it is the time of the alarm. Null without either.
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

/** The first unhealthy line after the last healthy one. Null if the log says that the target is healthy. */
function turnedBad(newestFirst: readonly HealthFlip[]): string | null {
  const recovered = newestFirst.findIndex(({ healthy }) => healthy)
  const since = recovered < 0 ? newestFirst : newestFirst.slice(0, recovered)
  return since.at(-1)?.at ?? null
}

/**
 * The rules of one listener share its port, so only domain and path tell their log lines apart. It is not documented
 * whether the log shows the rule's values or those of its health check (platform facts G).
 */
function isAbout(flip: HealthFlip, { port, domain, url }: Front, { healthCheck }: EvaluatedTarget): boolean {
  return (
    [null, port].includes(flip.listenerPort) &&
    [null, domain, healthCheck?.host].includes(flip.domain) &&
    [null, url, healthCheck?.path].includes(flip.url)
  )
}
