import type { GroupRule, World } from '../../../src/simulator/world.ts'
import { OFFICE } from '../rules.ts'
import { distinct, type Fault, isService, pickOr, type Target } from './fault.ts'
import { groupIn, machineIn, nicIn } from './things.ts'

// Security groups that block all or a part of the probes.

const drop = (source: string): GroupRule => ({
  protocol: 'ALL',
  port: 'ALL',
  source,
  action: 'DROP',
  note: 'block',
})
const HALF = '100.64.0.0/11'

interface Change {
  readonly what: string
  /** A template exists in one region only. */
  readonly isLocal?: true
  apply(rules: GroupRule[], world: World): void
}

const onTop = (what: string, ...made: readonly GroupRule[]): Change => ({
  what: `${what} on top`,
  apply: (rules) => rules.unshift(...made),
})
const instead = (what: string, ...made: readonly GroupRule[]): Change => ({
  what,
  apply: (rules) => rules.splice(0, rules.length, ...made),
})

const WHOLE: readonly Change[] = [
  onTop('a DROP of everything', drop('0.0.0.0/0'), drop('::/0')),
  onTop('a DROP of public VIPs', drop('203.0.113.0/24')),
  onTop('a DROP of 100.64.0.0/10', drop('100.64.0.0/10')),
  onTop('a DROP of the VPC', drop('10.0.0.0/16')),
  {
    what: 'a template of blocked networks on top',
    isLocal: true,
    apply(rules, world) {
      const all = ['192.0.2.7', '203.0.113.0/24', '100.64.0.0-100.127.255.255', '10.0.0.0/16']
      world.addressTemplates['ipm-blocked1'] = all
      rules.unshift(drop('ipm-blocked1'))
    },
  },
  instead('only ssh is left', OFFICE),
  instead('only one address of the probe range is left', { ...drop('100.100.1.1'), action: 'ACCEPT' }),
  instead('no rules are left'),
]

const PART: readonly Change[] = [
  onTop('a DROP of half the probe range', drop(HALF)),
  onTop('a DROP of one SNAT IP', drop('10.0.9.201')),
  onTop(
    'an ACCEPT of half the probe range, then a DROP of the whole range',
    { ...drop(HALF), action: 'ACCEPT' },
    drop('100.64.0.0/10'),
  ),
]

const isFar = (id: string): boolean => id.startsWith('sg-far')

const groupFault = (code: string, changes: readonly Change[], isOf: (target: Target) => boolean): Fault => ({
  code,
  inject(random, { targets }) {
    const ids = targets.filter(isOf).flatMap(({ home }) => home?.groups ?? [])
    const id = pickOr(random, distinct(ids))
    if (id === null) return null
    const change = random.pick(changes.filter(({ isLocal }) => !isLocal || !isFar(id)))
    return {
      code,
      kind: 'gate',
      what: `${id}: ${change.what}`,
      subject: id,
      apply(world) {
        const group = groupIn(world, id)
        if (group) change.apply(group.rules, world)
      },
    }
  },
})

/** Changes the groups of the interface or machine that has the address of a backend. */
function bind(world: World, { backend, home }: Target, change: (groups: string[]) => string[]): void {
  const owner = nicIn(world, backend.ip) ?? machineIn(world, home?.machineId ?? null)
  if (owner) owner.groups = change(owner.groups)
}

const isBindable = (target: Target): boolean =>
  target.home !== null && !isService(target) && !target.home.groups.some(isFar)

const subjectOf = ({ backend, home }: Target): string => `groups of ${home?.machineId ?? backend.ip}`

/** One interface or machine gets its own security group, before its groups or instead of them. */
const hardened: Fault = {
  code: 'security-group/probe-blocked',
  inject(random, { targets }) {
    const target = pickOr(random, targets.filter(isBindable))
    if (!target) return null
    const isFirst = random.chance(0.4)
    const rules = isFirst ? [drop('0.0.0.0/0'), drop('::/0')] : random.chance(0.5) ? [OFFICE] : []
    return {
      code: 'security-group/probe-blocked',
      kind: 'gate',
      what: `${target.backend.ip}: a hardened group ${isFirst ? 'before' : 'in place of'} the others`,
      subject: subjectOf(target),
      apply(world) {
        world.groups.push({ id: 'sg-hardened', name: 'hardened', rules })
        bind(world, target, (groups) => (isFirst ? ['sg-hardened', ...groups] : ['sg-hardened']))
      },
    }
  },
}

const orderDependent: Fault = {
  code: 'security-group/order-dependent',
  inject(random, { targets, front }) {
    const target = pickOr(random, targets.filter(isBindable))
    if (!target?.home || front.passToTarget || (front.ipv6 && !front.nat64)) return null
    return {
      code: 'security-group/order-dependent',
      kind: 'state',
      what: `${target.backend.ip}: a group that drops everything, after the others`,
      subject: subjectOf(target),
      resources: [...target.home.groups, 'sg-strict01'],
      role: 'risk',
      ceiling: 'likely',
      apply(world) {
        world.groups.push({ id: 'sg-strict01', name: 'strict', rules: [drop('0.0.0.0/0'), drop('::/0')] })
        bind(world, target, (groups) => [...groups, 'sg-strict01'])
      },
    }
  },
}

const ofMachine = (target: Target): boolean => !isService(target)

export const groupFaults: readonly Fault[] = [
  groupFault('security-group/probe-blocked', WHOLE, ofMachine),
  hardened,
  groupFault('security-group/probe-partly-blocked', PART, ofMachine),
  orderDependent,
  groupFault('managed-service/group-blocks-probe', WHOLE, isService),
  groupFault('managed-service/group-partly-blocks-probe', PART, isService),
]
