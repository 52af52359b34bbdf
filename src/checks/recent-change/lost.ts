import type { Change } from '../../model/diagnosis.ts'
import { endpointOf } from '../../model/endpoint.ts'
import type { AuditedTarget } from '../../model/snapshot.ts'
import { type EvaluatedPool, operationsOn, type Paths } from '../../path/index.ts'
import { filled, following, inEachLanguage, listed, type Params } from '../../text/index.ts'
import type { Draft } from '../check.ts'
import { TEXTS } from './texts.ts'

// Backends that somebody unbound, or whose weight somebody set to 0, while others stay. No probe tells of them, but they
// took a part of the requests.

/** Their names, by what was done. */
export interface Lost {
  readonly unbound: readonly string[]
  readonly zeroed: readonly string[]
}

const NONE: Lost = { unbound: [], zeroed: [] }

/** The backends that these changes of one listener or rule took out, and that are still out. */
export function lostBy(changes: readonly Change[], { pools, snapshot }: Paths): Lost {
  const id = changes[0]?.resource.id
  const pool = pools.find(({ listenerId, locationId }) => (locationId ?? listenerId) === id)
  if (id === undefined || !pool || pool.targets.length === 0) return NONE
  const unbound = new Set<string>()
  const zeroed = new Set<string>()
  const own = operationsOn(snapshot, id).filter((operation) =>
    changes.some(({ at, event }) => event === operation.event && Date.parse(at) === Date.parse(operation.at)),
  )
  for (const { edit } of own) {
    if (edit?.kind !== 'targets-removed' && edit?.kind !== 'weights-set') continue
    for (const target of edit.targets.filter(({ poolId }) => poolId === id)) {
      const found = inPool(pool, target)
      if (edit.kind === 'targets-removed' && !found) unbound.add(nameOf(target))
      if (edit.kind === 'weights-set' && target.weight === 0 && found?.weight === 0)
        zeroed.add(nameOf(target))
    }
  }
  return { unbound: [...unbound], zeroed: [...zeroed] }
}

export const isLoss = ({ unbound, zeroed }: Lost): boolean => unbound.length > 0 || zeroed.length > 0

const inPool = ({ targets }: EvaluatedPool, { instanceId, ip, port }: AuditedTarget) =>
  targets.find(
    (one) => port === one.port && (instanceId === null ? ip === one.ip : instanceId === one.instanceId),
  )

const nameOf = ({ instanceId, ip, port }: AuditedTarget): string =>
  instanceId === null ? endpointOf({ ip: ip ?? '', port }) : `${instanceId}:${port}`

const MOST_NAMED = 10

/** The params that tell of them: `took` stands behind the title, `capacity` behind the detail. */
export function lostParams({ unbound, zeroed }: Lost): Params {
  const kinds = (
    [
      ['unbound', unbound],
      ['zeroed', zeroed],
    ] as const
  ).filter(([, names]) => names.length > 0)
  return {
    unbound,
    zeroed,
    took: inEachLanguage((language) =>
      kinds.map(([kind, { length: count }]) => filled(TEXTS.took[kind], { count })[language]).join(''),
    ),
    capacity: following(
      kinds.map(([kind, names]) => {
        const list = inEachLanguage((language) => listed(names, language, MOST_NAMED))
        return filled(TEXTS.capacity[kind], { count: names.length, list })
      }),
    ),
  }
}

/** Of several listeners: all of them. */
export const lostOf = (drafts: readonly Draft[]): Lost => ({
  unbound: drafts.flatMap(({ params }) => namesIn(params.unbound)),
  zeroed: drafts.flatMap(({ params }) => namesIn(params.zeroed)),
})

const namesIn = (param: Params[string] | undefined): readonly string[] => (Array.isArray(param) ? param : [])
