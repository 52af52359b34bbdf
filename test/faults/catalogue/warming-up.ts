import { type Fault, pickOr, poolId, poolsOf } from './fault.ts'
import { backendsIn, checkIn } from './things.ts'

/** A backend that was bound a moment ago. The interval leaves the diagnosis enough time to see it warm up. */
export const warmingUp: Fault = {
  code: 'pool-membership/warming-up',
  inject(random, site) {
    if (site.front.classic) return null
    const pool = pickOr(random, poolsOf(site))
    const target = pool && pickOr(random, pool.targets)
    if (!target) return null
    const { ip, port } = target.backend
    return {
      code: 'pool-membership/warming-up',
      kind: 'state',
      what: `${ip}:${port} of ${pool.rule.id} was bound a moment ago`,
      subject: pool.rule.id,
      resources: [poolId(pool.listener, pool.rule)],
      role: 'note',
      ceiling: 'likely',
      apply(world) {
        checkIn(world, pool.rule).interval = 60
        for (const own of backendsIn(world, pool.rule))
          if (own.ip === ip && own.port === port) own.warming = true
      },
    }
  },
}
