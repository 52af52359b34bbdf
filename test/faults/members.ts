import { guest, machine, VPC } from '../../src/simulator/base.ts'
import { joinDataCentre, joinShanghai } from '../../src/simulator/data-centre.ts'
import type { Backend, Guest, Service, World } from '../../src/simulator/world.ts'
import { type Front, isClassic, type Need, type PoolPlan } from './plan.ts'
import type { Random } from './random.ts'
import { OFFICE } from './rules.ts'

// The backends of the pools: machines, pods, managed services, and addresses in other regions or data centres.

export const SUBNETS = ['subnet-case0011', 'subnet-case0012', 'subnet-case0013'] as const

/** For each managed service: the kind, the prefix of its ids, and its port. */
const PRODUCTS = [
  ['cdb', 'cdb', 3306],
  ['redis', 'crs', 6379],
  ['mongodb', 'cmgo', 27_017],
  ['postgres', 'postgres', 5432],
  ['ckafka', 'ckafka', 9092],
] as const satisfies readonly (readonly [Service['kind'], string, number])[]

/** A CLB while it is built. */
export interface Draft {
  readonly random: Random
  readonly world: World
  readonly front: Front
  readonly needs: Need[]
  /** The next free number, for ids and addresses. */
  next(): number
}

export const isOwn = (id: string): boolean => id.includes('-case')
export const ownMachines = ({ world }: Draft) => world.machines.filter(({ id }) => isOwn(id))
export const id = (prefix: string, n: number): string => `${prefix}-case${String(n).padStart(4, '0')}`

/** One or two security groups, new or existing. At least one of them lets the probes in. */
function groupsFor({ random, world, next }: Draft): string[] {
  const own = world.groups.filter((group) => isOwn(group.id) && group.name === 'letting')
  let letting = own.length > 0 && random.chance(0.7) ? random.pick(own) : null
  if (!letting) {
    letting = { id: id('sg', next()), name: 'letting', rules: [] }
    world.groups.push(letting)
  }
  if (!random.chance(0.3)) return [letting.id]
  const idle = { id: id('sg', next()), name: 'idle', rules: [OFFICE] }
  world.groups.push(idle)
  return random.chance(0.5) ? [letting.id, idle.id] : [idle.id, letting.id]
}

const subnetFor = ({ random, next }: Draft) => {
  const at = random.below(SUBNETS.length)
  const host = next()
  return {
    subnetId: SUBNETS[at] ?? SUBNETS[0],
    ip: `10.0.${11 + at}.${host}`,
    ipv6: `2402:4e00:1000:26${11 + at}::${host}`,
  }
}

const silent = (): Guest => guest(22)

export function addMachine(draft: Draft) {
  const made = machine(0, {
    ...subnetFor(draft),
    id: id('ins', draft.next()),
    name: 'case',
    groups: groupsFor(draft),
    guest: silent(),
  })
  draft.world.machines.push(made)
  return made
}

type Serve = (own: Guest, port: number) => void
type Make = (draft: Draft, plan: PoolPlan, serve: Serve) => Backend[]
const backendOf = (type: string, machineId: string | null, ip: string, port: number): Backend => ({
  type,
  machineId,
  ip,
  port,
  weight: 10,
})

export const MEMBERS: Readonly<Record<PoolPlan['kind'], Make>> = {
  machines(draft, { size, port }, answer) {
    // All listeners of a classic CLB have the same machines.
    const some = isClassic(draft.front) ? ownMachines(draft) : draft.random.some(ownMachines(draft), size)
    return some.map((own) => {
      answer(own.guest, port)
      if (isClassic(draft.front) || !draft.random.chance(0.3)) return backendOf('CVM', own.id, own.ip, port)
      const { subnetId, ip } = subnetFor(draft)
      draft.world.interfaces.push({
        id: id('eni', draft.next()),
        vpcId: VPC,
        subnetId,
        ips: [ip],
        groups: groupsFor(draft),
        machineId: own.id,
      })
      return backendOf('ENI', null, ip, port)
    })
  },
  'node-port'(draft, { size, port }, answer) {
    return draft.random.some(ownMachines(draft), size).map((own) => {
      answer(own.guest, port)
      return backendOf('CVM', own.id, own.ip, port)
    })
  },
  six(draft, { size, port }, answer) {
    return draft.random.some(ownMachines(draft), size).map((own) => {
      answer(own.guest, port)
      return backendOf('ENI', null, own.ipv6 ?? '', port)
    })
  },
  pods(draft, { size, port }, answer) {
    return draft.random.some(ownMachines(draft), size).map((node) => {
      const pod = { ip: `172.16.1.${draft.next()}`, machineId: node.id, guest: silent() }
      answer(pod.guest, port)
      draft.world.pods.push(pod)
      return backendOf('GLOBALROUTE', node.id, pod.ip, port)
    })
  },
  'data-centre'(draft, { size, port }, answer) {
    if (!draft.world.ccns.some(({ routes }) => routes.some(({ type }) => type === 'DIRECTCONNECT')))
      joinDataCentre(draft.world, '172.20.0.0/16')
    return Array.from({ length: size }, () => {
      const remote = { ip: `172.20.5.${draft.next()}`, guest: silent() }
      answer(remote.guest, port)
      draft.world.remotes.push(remote)
      return backendOf('CCN', null, remote.ip, port)
    })
  },
  far(draft, { size, port }, answer) {
    const { world, random } = draft
    const far = world.others['ap-shanghai'] ?? joinShanghai(world, [11, 12, 13])
    for (const group of far.groups)
      group.rules = [
        { protocol: 'ALL', port: 'ALL', source: '10.0.0.0/16', action: 'ACCEPT', note: 'the shop' },
      ]
    return random.some(far.machines, size).map((own) => {
      answer(own.guest, port)
      return backendOf('CCN', null, own.ip, port)
    })
  },
  service(draft, { size }, answer) {
    return Array.from({ length: size }, () => {
      const [kind, prefix, port] = draft.random.pick(PRODUCTS)
      const made = {
        kind,
        id: id(prefix, draft.next()),
        vpcId: VPC,
        ...subnetFor(draft),
        groups: groupsFor(draft),
        guest: silent(),
      }
      answer(made.guest, port)
      draft.world.services.push(made)
      return backendOf('CCN', null, made.ip, port)
    })
  },
}
