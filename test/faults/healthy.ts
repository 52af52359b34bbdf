import { balancer, rule, shop, subnet, VPC } from '../../src/simulator/base.ts'
import type { Acl, Guest, HealthCheck, Listener, Rule, World } from '../../src/simulator/world.ts'
import { addMachine, type Draft, id, isOwn, MEMBERS, ownMachines, SUBNETS } from './members.ts'
import {
  isClassic,
  type ListenerPlan,
  type Need,
  needOf,
  type OtherPlans,
  type PoolPlan,
  planCheck,
  planFront,
  planListeners,
} from './plan.ts'
import type { Random } from './random.ts'
import { lettingAcl, lettingRules } from './rules.ts'

/** The CLB that is diagnosed. The world also has the CLBs of the shop. */
export const CASE = 'lb-case0001'
/** When the alarm began. */
export const ALARMED_AT = '2026-11-19T23:00:00.000Z'
export const CLUSTER = 'cls-case0001'
export const SNAT_SUBNET = 'subnet-snat0001'

/** The shop with one more CLB, which is random and healthy. */
export function healthy(random: Random): World {
  const { world } = shop()
  build(random, world)
  return world
}

/** The same with other plans; null if they do not fit the random CLB. */
export function healthyWith(random: Random, plans: OtherPlans): World | null {
  const { world } = shop()
  return build(random, world, plans) ? world : null
}

/** Returns false if the other plans do not fit. */
function build(random: Random, world: World, others: OtherPlans = {}): boolean {
  const planned = planFront(random)
  const front = others.front ? others.front(planned) : planned
  if (!front) return false
  let count = 10
  const draft: Draft = { random, world, front, needs: [], next: () => count++ }
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
  for (let i = 0; i < 2 + random.below(7); i++) addMachine(draft)
  const plans = planListeners(random, front)
  const fitting = others.listeners ? others.listeners(random, front, plans) : plans
  if (!fitting) return false
  const listeners = fitting.map((plan) => listenerOf(draft, plan))
  world.balancers.push(
    balancer({
      id: CASE,
      name: 'case',
      type: front.kind.endsWith('private') ? 'INTERNAL' : 'OPEN',
      classic: isClassic(front),
      tags: front.cluster ? { 'tke-clusterId': CLUSTER, 'tke-createdBy-flag': 'yes' } : {},
      vip: front.vip,
      ...(front.domain === undefined ? {} : { domain: front.domain }),
      subnetId: front.subnetId,
      ipv6: front.kind === 'ipv6' || front.kind === 'nat64',
      nat64: front.kind === 'nat64',
      passToTarget: front.passToTarget,
      snatPro: front.snatIps.length > 0,
      snatIps: [...front.snatIps],
      listeners,
    }),
  )
  const machineIds = ownMachines(draft).map((own) => own.id)
  if (front.cluster)
    world.clusters.push({ id: CLUSTER, name: 'case', ipvs: front.cluster === 'ipvs', machineIds })
  openPath(draft)
  return true
}

function listenerOf(draft: Draft, plan: ListenerPlan): Listener {
  const { protocol, port, endPort, pools } = plan
  const isHttp = protocol.startsWith('HTTP') && !isClassic(draft.front)
  return {
    id: id('lbl', draft.next()),
    name: `${protocol.toLowerCase()}-${port}`,
    protocol,
    port,
    ...(endPort === undefined ? {} : { endPort }),
    stopped: false,
    rules: pools.map((pool, i) => poolOf(draft, plan, pool, isHttp ? `/${i}` : null)),
  }
}

function poolOf(draft: Draft, listener: ListenerPlan, plan: PoolPlan, url: string | null): Rule {
  const { protocol, port: first, endPort: last = first } = listener
  const more = last - first
  const { random, world, front, needs } = draft
  const ownCheck =
    plan.group === 'v2-own-check' ? { ...planCheck(random, front, protocol, plan.port), source: null } : null
  const inForce: HealthCheck = ownCheck ?? plan.check
  const need = needOf(front, protocol, plan, inForce)
  const members = MEMBERS[plan.kind](draft, plan, (own, port) => serve(own, need, port, more))
  // A pool may have drained backends, but at least one backend is not drained.
  for (const [i, member] of members.entries())
    if (i > 0 && !isClassic(front) && random.chance(0.1)) member.weight = 0
  const isRange = more > 0 && inForce.port === null
  for (const { port } of members)
    needs.push({
      ...need,
      port: inForce.port ?? port,
      ...(isRange ? { endPort: port + more } : {}),
    })
  const targetGroupId = plan.group === null ? null : id('lbtg', draft.next())
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
    id: id('loc', draft.next()),
    domain: url === null ? null : 'shop.example.com',
    url,
    check: plan.check,
    backends: targetGroupId === null ? members : [],
    targetGroupId,
  })
}

/** Lets a guest answer probes and user traffic, on so many more ports. */
function serve(own: Guest, need: Need, port: number, more: number): void {
  const protocol = need.protocol === 'udp' ? 'udp' : 'tcp'
  const ports = Array.from({ length: more + 1 }, (_, i) => port + i)
  for (const at of new Set([...ports, need.port])) own.listens.push({ port: at, protocol })
}

/** Sets the groups and ACLs so that the traffic of all pools passes. */
function openPath({ random, world, needs, front }: Draft): void {
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
