import type { Pool, TargetKey } from '../model/diagnosis.ts'
import { endpointOf } from '../model/endpoint.ts'

/** Finds the backends that a finding names. The index avoids a walk over all targets for each finding. */
export interface Backends {
  /** The different addresses and ports of these targets, ordered by pool. */
  addressesOf(keys: readonly TargetKey[]): readonly string[]
  /** The same of the targets that are healthy, or of those that are not. */
  addressesBy(keys: readonly TargetKey[], health: 'healthy' | 'other'): readonly string[]
  /** Addresses of the healthy targets in the pools of these targets. */
  healthyBeside(keys: readonly TargetKey[]): readonly string[]
}

interface Place {
  /** Index over the targets of all pools. */
  readonly position: number
  readonly pool: number
  readonly address: string
  readonly isHealthy: boolean
}

export function indexBackends(pools: readonly Pool[]): Backends {
  const places = new Map<TargetKey, Place[]>()
  const healthy: string[][] = []
  let position = 0
  for (const [pool, { targets }] of pools.entries()) {
    healthy[pool] = []
    for (const target of targets) {
      const isHealthy = target.status === 'Alive'
      const place = { position: position++, pool, address: endpointOf(target), isHealthy }
      const same = places.get(target.key)
      if (same) same.push(place)
      else places.set(target.key, [place])
      if (isHealthy) healthy[pool].push(place.address)
    }
  }
  const placesOf = (keys: readonly TargetKey[]): readonly Place[] =>
    [...new Set(keys)].flatMap((key) => places.get(key) ?? []).sort((a, b) => a.position - b.position)
  return {
    addressesOf: (keys) => [...new Set(placesOf(keys).map(({ address }) => address))],
    addressesBy(keys, health) {
      const own = placesOf(keys).filter(({ isHealthy }) => isHealthy === (health === 'healthy'))
      return [...new Set(own.map(({ address }) => address))]
    },
    healthyBeside(keys) {
      const own = [...new Set(placesOf(keys).map(({ pool }) => pool))]
      const [only] = own
      // Most findings name targets of one pool. Returning its list as it is saves a copy.
      return own.length === 1 && only !== undefined
        ? (healthy[only] ?? [])
        : own.flatMap((pool) => healthy[pool] ?? [])
    },
  }
}
