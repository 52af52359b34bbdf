import { groupBy } from '../../model/group-by.ts'
import type { PoolTarget } from '../check.ts'

/** One address behind CCN, which can be bound to several listeners and ports. */
export interface Backend {
  readonly ip: string
  readonly hits: readonly PoolTarget[]
}

export const backendsOf = (hits: Iterable<PoolTarget>): readonly Backend[] =>
  [...groupBy([...hits], ({ target }) => target.ip)].map(([ip, own]) => ({ ip, hits: own }))

export const hitsOf = (backends: readonly Backend[]): readonly PoolTarget[] =>
  backends.flatMap(({ hits }) => hits)

/** The ids by which an expected finding names a backend. */
export const idsOf = ({ ip, hits }: Backend): readonly string[] => [
  ip,
  ...hits.flatMap(({ target }) => target.instanceId ?? []),
]
