import type { GroupRule, World } from '../../../src/simulator/world.ts'
import type { Random } from '../random.ts'
import { OFFICE } from '../rules.ts'
import { distinct, type Fault, frontOf, type Injection, pickOr, type Site } from './fault.ts'
import { groupIn } from './things.ts'

// Rules whose source is a security group. It is not documented whether a VIP or a SNAT IP counts as a member of one.

const PEERS = 'sg-peers001'

export const peerRule = (action: GroupRule['action']): GroupRule => ({
  protocol: 'ALL',
  port: 'ALL',
  source: PEERS,
  action,
  note: 'peers',
})

/** The group that the rules name. It has machines of the shop, or none. */
export function withPeers(random: Random, world: World): void {
  world.groups.push({ id: PEERS, name: 'peers', rules: [OFFICE] })
  if (random.chance(0.7))
    for (const own of world.machines) if (own.name.startsWith('shop-api')) own.groups.push(PEERS)
}

interface Change {
  readonly what: string
  /** True if the group counts the CLB's addresses as its members. */
  readonly isMember?: true
  apply(rules: GroupRule[]): void
}

const instead = (what: string, ...made: readonly GroupRule[]): Change => ({
  what,
  apply: (rules) => rules.splice(0, rules.length, ...made),
})

const ALL: GroupRule = { protocol: 'ALL', port: 'ALL', source: '0.0.0.0/0', action: 'DROP' }

const CHANGES: readonly Change[] = [
  instead('only the peers are let in', peerRule('ACCEPT')),
  instead('only the office and the peers are let in', OFFICE, peerRule('ACCEPT')),
  instead('the peers are let in, then everything is dropped', OFFICE, peerRule('ACCEPT'), ALL),
  { what: 'the peers are dropped', isMember: true, apply: (rules) => rules.unshift(peerRule('DROP')) },
  instead('the peers are dropped, and nothing is let in', peerRule('DROP')),
]

function inject(random: Random, { targets, front }: Site): Injection | null {
  const near = targets.flatMap(({ home }) => (home?.vpcId === front.vpcId ? home.groups : []))
  const id = pickOr(random, distinct(near))
  if (id === null) return null
  const { what, isMember, apply } = random.pick(CHANGES)
  return {
    code: 'rules/source-group',
    kind: 'unclear',
    what: `${id}: ${what}`,
    subject: id,
    apply(world) {
      if (isMember) frontOf(world).memberOf = [PEERS]
      apply(groupIn(world, id)?.rules ?? [])
    },
  }
}

export const groupSourceFaults: readonly Fault[] = [{ code: 'rules/source-group', inject }]
