import type { Balancer, World } from '../../../src/simulator/world.ts'
import { CASE } from '../healthy.ts'
import { type Fault, frontOf, type Injection, isRemote, type PoolOf, poolId, poolsOf } from './fault.ts'
import { backendsIn, checkIn, guestIn, listenerIn } from './things.ts'

// States of the CLB, its listeners and pools.

const ofBalancer = (reason: string, fields: Partial<Balancer>): Fault => ({
  code: `load-balancer-state/${reason}`,
  inject: () => ({
    code: `load-balancer-state/${reason}`,
    kind: 'state',
    what: `the CLB is ${reason}`,
    subject: CASE,
    resources: [CASE],
    role: 'cause',
    ceiling: 'certain',
    apply(world) {
      Object.assign(frontOf(world), fields)
    },
  }),
})

const listenerStopped: Fault = {
  code: 'load-balancer-state/listener-stopped',
  inject(random, { front }) {
    if (front.classic) return null
    const { id } = random.pick(front.listeners)
    return {
      code: 'load-balancer-state/listener-stopped',
      kind: 'state',
      what: `${id} is stopped`,
      subject: id,
      resources: [id],
      role: 'cause',
      ceiling: 'certain',
      apply(world) {
        listenerIn(world, { id }).stopped = true
      },
    }
  },
}

const ofPool = (
  reason: string,
  role: 'risk' | 'note',
  what: string,
  apply: (world: World, pool: PoolOf) => void,
): Fault => ({
  code: `pool-membership/${reason}`,
  inject(random, site) {
    // All listeners of a classic CLB have the same backends, and its API knows only two states of a backend.
    if (site.front.classic && reason !== 'check-disabled') return null
    const pool = random.pick(poolsOf(site))
    const id = poolId(pool.listener, pool.rule)
    return {
      code: `pool-membership/${reason}`,
      kind: 'state',
      what: `${id}: ${what}`,
      subject: pool.rule.id,
      resources: [id],
      role,
      ceiling: 'certain',
      apply: (world) => apply(world, pool),
    }
  },
})

/** The guests of a pool drop all packets, except for `left` of the weighted backends. The API does not show it. */
const downInside = (reason: string, left: 0 | 1): Fault => ({
  code: `all-backends-down/${reason}`,
  inject(random, site): Injection | null {
    const weighted = ({ targets }: PoolOf) => targets.filter(({ backend }) => backend.weight > 0)
    const wide = poolsOf(site).filter((pool) => left === 0 || weighted(pool).length >= 3)
    if (wide.length === 0) return null
    const pool = random.pick(wide)
    const spared = weighted(pool).slice(0, left)
    const down = pool.targets.filter((target) => !spared.includes(target))
    return {
      code: `all-backends-down/${reason}`,
      kind: 'hidden',
      what: `every packet is dropped inside ${down.map(({ backend }) => backend.ip)}`,
      subject: pool.rule.id,
      ...(down.some(isRemote) ? { alsoPossible: ['snat/confirm-idc-firewall'] } : {}),
      apply(world) {
        for (const target of down) guestIn(world, target)?.drops.push('0.0.0.0/0', '::/0')
      },
    }
  },
})

export const loadBalancerFaults: readonly Fault[] = [
  ofBalancer('isolated', { isolated: true }),
  ofBalancer('vip-blocked', { blocked: true }),
  ofBalancer('stopped', { stopped: true }),
  ofBalancer('creating', { creating: true }),
  listenerStopped,
  downInside('fallback-active', 0),
  downInside('one-left', 1),
  ofPool('no-targets', 'risk', 'no backend is bound', (world, { rule }) => {
    backendsIn(world, rule).length = 0
  }),
  ofPool('all-weights-zero', 'risk', 'every weight is 0', (world, { rule }) => {
    for (const one of backendsIn(world, rule)) one.weight = 0
  }),
  ofPool('check-disabled', 'risk', 'the check is off', (world, { rule }) => {
    checkIn(world, rule).on = false
  }),
  ofPool('not-probed-yet', 'note', 'a backend was just bound', (world, { rule }) => {
    for (const one of backendsIn(world, rule).slice(-1)) one.fresh = true
  }),
]
