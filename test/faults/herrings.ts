import type { Fault } from '../../src/simulator/faults.ts'
import type { World } from '../../src/simulator/world.ts'
import { recordChange } from './catalogue/changes.ts'
import { distinct, siteOf } from './catalogue/fault.ts'
import { groupIn } from './catalogue/things.ts'
import type { Random } from './random.ts'

/** Something that looks like a fault and is harmless. */
export interface Herring {
  readonly name: string
  /** Returns false if this world has nothing that it fits. */
  apply(world: World, random: Random): boolean
}

const DROP_ALL = {
  protocol: 'ALL',
  port: 'ALL',
  source: '0.0.0.0/0',
  action: 'DROP',
  note: 'lockdown',
} as const

const homes = (world: World) => siteOf(world).targets.flatMap(({ home }) => home ?? [])

export const HERRINGS: readonly Herring[] = [
  {
    name: 'a blocking security group that is not on the path',
    apply(world) {
      world.groups.push({ id: 'sg-unused01', name: 'lockdown', rules: [DROP_ALL] })
      for (const own of world.machines) if (own.name.startsWith('shop-api')) own.groups = ['sg-unused01']
      return true
    },
  },
  {
    name: 'an ACL that denies everything, on an unused subnet',
    apply(world) {
      const drop = { protocol: 'all', port: '', cidr: '0.0.0.0/0', action: 'Drop' } as const
      const [{ vpcId } = { vpcId: '' }] = world.vpcs.map(({ id }) => ({ vpcId: id }))
      world.acls.push({
        id: 'acl-unused01',
        name: 'lockdown',
        vpcId,
        type: 'TRIPLE',
        ingress: [drop],
        egress: [drop],
      })
      world.subnets.push({
        id: 'subnet-unused01',
        vpcId,
        cidr: '10.0.77.0/24',
        ipv6Cidr: '',
        aclId: 'acl-unused01',
        routeTableId: 'rtb-l2h8d7c2',
      })
      return true
    },
  },
  {
    name: 'a Drop in an ACL on the path, after an entry that accepts',
    apply(world) {
      const ids = homes(world).map(({ subnetId }) => world.subnets.find(({ id }) => id === subnetId)?.aclId)
      const own = world.acls.filter(({ id }) => ids.includes(id))
      for (const acl of own)
        for (const list of [acl.ingress, acl.egress])
          list.push({
            protocol: 'tcp',
            port: 'ALL',
            cidr: '0.0.0.0/0',
            action: 'Drop',
            ...(acl.type === 'QUINTUPLE' ? { sourcePort: 'ALL', destinationCidr: '0.0.0.0/0' } : {}),
          })
      return own.length > 0
    },
  },
  {
    name: 'a DROP in a security group on the path, after a rule that accepts',
    apply(world, random) {
      const ids = distinct(homes(world).flatMap(({ groups }) => groups)).filter((id) =>
        groupIn(world, id)?.rules.some(({ action }) => action === 'ACCEPT'),
      )
      const last = ids.length > 0 ? groupIn(world, random.pick(ids)) : undefined
      // With several groups, a DROP here would decide before the next group.
      if (!last || homes(world).some(({ groups }) => groups.length > 1 && groups.includes(last.id)))
        return false
      last.rules.push(DROP_ALL)
      return true
    },
  },
  {
    name: 'a security group that denies 100.64.0.0/10, which the platform exempts',
    apply(world, random) {
      const ids = distinct(homes(world).flatMap(({ groups }) => groups))
      if (!world.exempts10064 || ids.length === 0) return false
      groupIn(world, random.pick(ids))?.rules.unshift({ ...DROP_ALL, source: '100.64.0.0/10' })
      return true
    },
  },
  {
    name: 'security groups that deny everything, which "allow by default" skips',
    apply(world, random) {
      const { front, targets } = siteOf(world)
      const ids = distinct(
        targets.flatMap(({ backend, home }) => (backend.type === 'CCN' ? [] : (home?.groups ?? []))),
      )
      if (!front.passToTarget || ids.length === 0) return false
      groupIn(world, random.pick(ids))?.rules.unshift(DROP_ALL)
      return true
    },
  },
  {
    name: 'a stopped machine that is not a backend',
    apply(world) {
      for (const own of world.machines) if (own.name === 'shop-cache-42') own.state = 'STOPPED'
      return true
    },
  },
  {
    name: 'another CLB with faults',
    apply(world) {
      for (const own of world.balancers)
        if (own.id === 'lb-shoptcp1') Object.assign(own, { isolated: true, blocked: true })
      return true
    },
  },
  {
    name: 'a change of an unrelated resource, just before the alarm',
    apply(world) {
      recordChange(world, 'sg-elsewhere', 300)
      return true
    },
  },
]

/** These actions decide no cause. The first only lists the users of a group that a fix changes. */
const IDLE = ['vpc:DescribeSecurityGroupAssociationStatistics', 'cls:SearchLog', 'cloudaudit:DescribeEvents']

const PRODUCTS: Readonly<Record<World['services'][number]['kind'], string | null>> = {
  cdb: 'cdb:DescribeDBSecurityGroups',
  redis: 'redis:DescribeDBSecurityGroups',
  mongodb: 'mongodb:DescribeSecurityGroup',
  postgres: 'postgres:DescribeDBInstanceSecurityGroups',
  ckafka: 'ckafka:DescribeSecurityGroupRoutes',
  cos: null,
}

export const DENIED = 'a denied permission that is not needed'

export function idleDenials(world: World, random: Random): Readonly<Record<string, Fault>> {
  const used = world.services.map(({ kind }) => PRODUCTS[kind])
  const unused = Object.values(PRODUCTS).filter((action) => action !== null && !used.includes(action))
  const actions = random.some([...IDLE, ...unused.flatMap((action) => action ?? [])], 2)
  return Object.fromEntries(
    actions.map((action) => [action, { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' }]),
  )
}
