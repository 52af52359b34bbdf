import { balancer, guest, machine, rule, shop, subnet, VPC } from '../../src/simulator/base.ts'
import { joinDataCentre, joinShanghai } from '../../src/simulator/data-centre.ts'
import type {
  Acl,
  Backend,
  Guest,
  HealthCheck,
  Listener,
  Rule,
  Service,
  World,
} from '../../src/simulator/world.ts'
import {
  type Front,
  isClassic,
  type ListenerPlan,
  type Need,
  needOf,
  type PoolPlan,
  planCheck,
  planFront,
  planListeners,
} from './plan.ts'
import type { Random } from './random.ts'
import { lettingAcl, lettingRules, OFFICE } from './rules.ts'

/** The CLB that is diagnosed. The shop's own stand beside it. */
export const CASE = 'lb-case0001'
/** When the alarm began. */
export const ALARMED_AT = '2026-11-19T23:00:00.000Z'
export const CLUSTER = 'cls-case0001'
export const SNAT_SUBNET = 'subnet-snat0001'
const SUBNETS = ['subnet-case0011', 'subnet-case0012', 'subnet-case0013'] as const

/** Of each kind: the prefix of its ids, and its port. */
const PRODUCTS = [
  ['cdb', 'cdb', 3306],
  ['redis', 'crs', 6379],
  ['mongodb', 'cmgo', 27_017],
  ['postgres', 'postgres', 5432],
  ['ckafka', 'ckafka', 9092],
] as const satisfies readonly (readonly [Service['kind'], string, number])[]

/** A healthy CLB of random shape, among the shop's. */
export function healthy(random: Random): World {
  const { world } = shop()
  build(random, world)
  return world
}

interface Yard {
  readonly random: Random
  readonly world: World
  readonly front: Front
  readonly needs: Need[]
  /** A number of its own for each thing. */
  next(): number
}

function build(random: Random, world: World): void {
  const front = planFront(random)
  let count = 10
  const yard: Yard = { random, world, front, needs: [], next: () => count++ }
  Object.assign(world, {
    exempts10064: random.chance(0.5),
    expandedKeepIndex: random.chance(0.5),
    aclEgressPort: random.pick(['destination', 'source']),
    probers: Array.from(
      { length: 5 + random.below(8) },
      () => `100.${64 + random.below(64)}.${random.below(256)}.${1 + random.below(250)}`,
    ),
  })
  for (const [i, id] of SUBNETS.entries())
    world.subnets.push(
      subnet({ id, cidr: `10.0.${11 + i}.0/24`, ipv6Cidr: `2402:4e00:1000:26${11 + i}::/64` }),
    )
  world.subnets.push(subnet({ id: SNAT_SUBNET, cidr: '10.0.9.0/24' }))
  for (let i = 0; i < 2 + random.below(7); i++) addMachine(yard)
  const listeners = planListeners(random, front).map((plan) => listenerOf(yard, plan))
  world.balancers.push(
    balancer({
      id: CASE,
      name: 'case',
      type: front.kind.endsWith('private') ? 'INTERNAL' : 'OPEN',
      classic: isClassic(front),
      tags: front.cluster ? { 'tke-clusterId': CLUSTER, 'tke-createdBy-flag': 'yes' } : {},
      vip: front.vip,
      subnetId: front.subnetId,
      ipv6: front.kind === 'ipv6' || front.kind === 'nat64',
      nat64: front.kind === 'nat64',
      passToTarget: front.passToTarget,
      snatPro: front.snatIps.length > 0,
      snatIps: [...front.snatIps],
      listeners,
    }),
  )
  const machineIds = ownMachines(yard).map((own) => own.id)
  if (front.cluster)
    world.clusters.push({ id: CLUSTER, name: 'case', ipvs: front.cluster === 'ipvs', machineIds })
  openTheWay(yard)
}

const isOwn = (id: string): boolean => id.includes('-case')
const ownMachines = ({ world }: Yard) => world.machines.filter(({ id }) => isOwn(id))
const id = (prefix: string, n: number): string => `${prefix}-case${String(n).padStart(4, '0')}`

/** One or two groups, old or new, of which at least one will let the probes in. */
function groupsFor({ random, world, next }: Yard): string[] {
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

const subnetFor = ({ random, next }: Yard) => {
  const at = random.below(SUBNETS.length)
  const host = next()
  return {
    subnetId: SUBNETS[at] ?? SUBNETS[0],
    ip: `10.0.${11 + at}.${host}`,
    ipv6: `2402:4e00:1000:26${11 + at}::${host}`,
  }
}

const silent = (): Guest => guest(22)

function addMachine(yard: Yard) {
  const made = machine(0, {
    ...subnetFor(yard),
    id: id('ins', yard.next()),
    name: 'case',
    groups: groupsFor(yard),
    guest: silent(),
  })
  yard.world.machines.push(made)
  return made
}

function listenerOf(yard: Yard, { protocol, port, pools }: ListenerPlan): Listener {
  const isHttp = protocol.startsWith('HTTP') && !isClassic(yard.front)
  return {
    id: id('lbl', yard.next()),
    name: `${protocol.toLowerCase()}-${port}`,
    protocol,
    port,
    stopped: false,
    rules: pools.map((plan, i) => poolOf(yard, protocol, plan, isHttp ? `/${i}` : null)),
  }
}

function poolOf(yard: Yard, protocol: Listener['protocol'], plan: PoolPlan, url: string | null): Rule {
  const { random, world, front, needs } = yard
  const ownCheck =
    plan.group === 'v2-own-check' ? { ...planCheck(random, front, protocol, plan.port), source: null } : null
  const inForce: HealthCheck = ownCheck ?? plan.check
  const need = needOf(front, protocol, plan, inForce)
  const members = MEMBERS[plan.kind](yard, plan, (own, port) => serve(own, need, port))
  // A pool may have backends that are being drained, never drained ones alone.
  for (const [i, member] of members.entries())
    if (i > 0 && !isClassic(front) && random.chance(0.1)) member.weight = 0
  for (const { port } of members) needs.push({ ...need, port: inForce.port ?? port })
  const targetGroupId = plan.group === null ? null : id('lbtg', yard.next())
  if (targetGroupId !== null)
    world.targetGroups.push({
      id: targetGroupId,
      name: 'case',
      vpcId: VPC,
      type: plan.group === 'v1' ? 'v1' : 'v2',
      check: ownCheck,
      members,
    })
  return rule({
    id: id('loc', yard.next()),
    domain: url === null ? null : 'shop.example.com',
    url,
    check: plan.check,
    backends: targetGroupId === null ? members : [],
    targetGroupId,
  })
}

/** Lets a guest answer the probes, and the users beside them. */
function serve(own: Guest, need: Need, port: number): void {
  const protocol = need.protocol === 'udp' ? 'udp' : 'tcp'
  for (const at of new Set([port, need.port])) own.listens.push({ port: at, protocol })
}

type Serve = (own: Guest, port: number) => void
type Make = (yard: Yard, plan: PoolPlan, serve: Serve) => Backend[]
const backendOf = (type: string, machineId: string | null, ip: string, port: number): Backend => ({
  type,
  machineId,
  ip,
  port,
  weight: 10,
})

const MEMBERS: Readonly<Record<PoolPlan['kind'], Make>> = {
  machines(yard, { size, port }, answer) {
    // All listeners of a classic CLB have the same machines.
    const some = isClassic(yard.front) ? ownMachines(yard) : yard.random.some(ownMachines(yard), size)
    return some.map((own) => {
      answer(own.guest, port)
      if (isClassic(yard.front) || !yard.random.chance(0.3)) return backendOf('CVM', own.id, own.ip, port)
      const { subnetId, ip } = subnetFor(yard)
      yard.world.interfaces.push({
        id: id('eni', yard.next()),
        vpcId: VPC,
        subnetId,
        ips: [ip],
        groups: groupsFor(yard),
        machineId: own.id,
      })
      return backendOf('ENI', null, ip, port)
    })
  },
  'node-port'(yard, { size, port }, answer) {
    return yard.random.some(ownMachines(yard), size).map((own) => {
      answer(own.guest, port)
      return backendOf('CVM', own.id, own.ip, port)
    })
  },
  six(yard, { size, port }, answer) {
    return yard.random.some(ownMachines(yard), size).map((own) => {
      answer(own.guest, port)
      return backendOf('ENI', null, own.ipv6 ?? '', port)
    })
  },
  pods(yard, { size, port }, answer) {
    return yard.random.some(ownMachines(yard), size).map((node) => {
      const pod = { ip: `172.16.1.${yard.next()}`, machineId: node.id, guest: silent() }
      answer(pod.guest, port)
      yard.world.pods.push(pod)
      return backendOf('GLOBALROUTE', node.id, pod.ip, port)
    })
  },
  'data-centre'(yard, { size, port }, answer) {
    if (!yard.world.ccns.some(({ routes }) => routes.some(({ type }) => type === 'DIRECTCONNECT')))
      joinDataCentre(yard.world, '172.20.0.0/16')
    return Array.from({ length: size }, () => {
      const remote = { ip: `172.20.5.${yard.next()}`, guest: silent() }
      answer(remote.guest, port)
      yard.world.remotes.push(remote)
      return backendOf('CCN', null, remote.ip, port)
    })
  },
  far(yard, { size, port }, answer) {
    const { world, random } = yard
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
  service(yard, { size }, answer) {
    return Array.from({ length: size }, () => {
      const [kind, prefix, port] = yard.random.pick(PRODUCTS)
      const made = {
        kind,
        id: id(prefix, yard.next()),
        vpcId: VPC,
        ...subnetFor(yard),
        groups: groupsFor(yard),
        guest: silent(),
      }
      answer(made.guest, port)
      yard.world.services.push(made)
      return backendOf('CCN', null, made.ip, port)
    })
  },
}

/** Groups and ACLs that let in what all the pools together need. */
function openTheWay({ random, world, needs, front }: Yard): void {
  for (const group of world.groups)
    if (isOwn(group.id) && group.name === 'letting')
      group.rules = lettingRules(random, world, group.id, needs)
  let last: string | null = null
  for (const own of world.subnets.filter((one) => isOwn(one.id))) {
    const aclId: string = last !== null && random.chance(0.3) ? last : id('acl', Number(own.id.slice(-2)))
    const acl: Acl | null = aclId === last ? null : lettingAcl(random, aclId, needs, world.aclEgressPort)
    if (acl) world.acls.push(acl)
    own.aclId = acl || aclId === last ? aclId : null
    last = own.aclId
  }
  if (front.snatIps.length === 0 || random.chance(0.4)) return
  const within = ['10.0.0.0/8', '172.16.0.0/12'].map((cidr) => ({
    protocol: 'all',
    port: '',
    cidr,
    action: 'Accept' as const,
  }))
  world.acls.push({
    id: 'acl-snat0001',
    name: 'snat',
    vpcId: VPC,
    type: 'TRIPLE',
    ingress: within,
    egress: within.slice(),
  })
  for (const own of world.subnets) if (own.id === SNAT_SUBNET) own.aclId = 'acl-snat0001'
}
