import type { World } from '../../src/simulator/world.ts'
import { aclFaults } from './catalogue/acls.ts'
import { distinct, type Fault, frontOf, siteOf } from './catalogue/fault.ts'
import { groupSourceFaults, peerRule, withPeers } from './catalogue/group-source.ts'
import { groupFaults } from './catalogue/groups.ts'
import { rangeDecoy, rangeFaults } from './catalogue/port-range.ts'
import { groupIn } from './catalogue/things.ts'
import { healthyWith } from './healthy.ts'
import type { ListenerPlan, OtherPlans } from './plan.ts'
import type { Random } from './random.ts'

// Kinds of CLBs that were added after the other cases. Each has cases of its own, so no other case changes.

export interface Shape extends OtherPlans {
  readonly name: string
  /** Changes the finished CLB. It must stay healthy, or it is not used. */
  readonly adds?: (random: Random, world: World) => void
  /** Half of the faulty cases have one of these faults, and the others one of the whole catalogue. */
  readonly faults: readonly Fault[]
}

const bySecurityGroup: Shape = {
  name: 'a rule whose source is a security group',
  adds(random, world) {
    withPeers(random, world)
    const ids = distinct(
      siteOf(world).targets.flatMap(({ home }) => (home?.vpcId === frontOf(world).vpcId ? home.groups : [])),
    )
    if (ids.length === 0) return
    groupIn(world, random.pick(ids))?.rules.unshift(peerRule(random.pick(['ACCEPT', 'ACCEPT', 'DROP'])))
  },
  faults: groupSourceFaults,
}

const byDomain: Shape = {
  name: 'a CLB that is named by its domain',
  front: (front) => (front.kind === 'public' ? { ...front, domain: DOMAIN } : null),
  adds(random, world) {
    const { vip, listeners } = frontOf(world)
    // The source type of the check has no effect here.
    for (const { check } of listeners.flatMap(({ rules }) => rules))
      check.source = random.pick([0, 0, 1, null])
    // Nor has a rule about the VIP, which the API does not show and which changes.
    const groups = siteOf(world).targets.flatMap(({ home }) => home?.groups ?? [])
    if (groups.length === 0 || random.chance(0.5)) return
    groupIn(world, random.pick(groups))?.rules.unshift({
      ...peerRule('DROP'),
      source: vip,
      note: 'an old VIP',
    })
  },
  faults: [...groupFaults, ...aclFaults].filter(({ code }) =>
    /^(security-group|network-acl)\/.*blocked$/.test(code),
  ),
}

const DOMAIN = 'lb-case0001.clb.ap-guangzhou.tencentclb.com'

const byRange: Shape = {
  name: 'a listener for a range of ports',
  listeners(random, front, plans) {
    if (front.kind.startsWith('classic')) return null
    const ranged = plans.map((plan): ListenerPlan => {
      if (!['TCP', 'UDP', 'TCP_SSL'].includes(plan.protocol)) return plan
      const more = random.pick([1, 4, 9])
      const hasOwnPort = random.chance(0.15)
      return {
        ...plan,
        endPort: plan.port + more,
        pools: plan.pools.map((pool) => ({
          ...pool,
          check: {
            ...pool.check,
            port: hasOwnPort && pool.check.type !== 'PING' ? pool.port + 2000 : pool.check.port,
          },
        })),
      }
    })
    const isProbed = ({ endPort, pools }: ListenerPlan): boolean =>
      endPort !== undefined && pools.some(({ check }) => check.type !== 'PING')
    return ranged.some(isProbed) ? ranged : null
  },
  adds(random, world) {
    world.portOfRange = random.pick(['first', 'last', 'each'])
    if (random.chance(0.5)) rangeDecoy(random, world)
  },
  faults: rangeFaults,
}

export const SHAPES: readonly Shape[] = [bySecurityGroup, byDomain, byRange]

/** A healthy CLB of this shape; null if the random CLB does not fit it. */
export function shaped(random: Random, shape: Shape): World | null {
  const world = healthyWith(random, shape)
  if (!world) return null
  shape.adds?.(random, world)
  return siteOf(world).targets.every((target) => target.status() === 'Alive') ? world : null
}
