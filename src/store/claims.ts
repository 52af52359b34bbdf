import type { Clock } from '../model/clock.ts'
import type { Store } from './store.ts'

interface Claim {
  readonly holder: string
  readonly until: number
}

const MOST_BEFORE_SWEEP = 1_000

/** Claims of one process. They are gone with it, so at the start all of them are free. */
export function createClaims(clock: Pick<Clock, 'now'>): Pick<Store, 'claim' | 'release'> {
  const claims = new Map<string, Claim>()
  const sweep = (now: number): void => {
    for (const [name, { until }] of claims) if (until <= now) claims.delete(name)
  }
  return {
    async claim(name, holder, forMs) {
      const now = clock.now()
      const current = claims.get(name)
      if (current && current.holder !== holder && current.until > now) return false
      claims.set(name, { holder, until: now + forMs })
      if (claims.size > MOST_BEFORE_SWEEP) sweep(now)
      return true
    },
    async release(name, holder) {
      if (claims.get(name)?.holder === holder) claims.delete(name)
    },
  }
}
