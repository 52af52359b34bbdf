import {
  backend,
  check,
  guest,
  openAcl,
  rule,
  SHOP,
  SHOP_VIP,
  type Shop,
  shop,
  subnet,
  VPC,
} from '../../src/simulator/base.ts'
import type {
  Acl,
  Backend,
  Group,
  GroupRule,
  Interface,
  Listener,
  Machine,
  World,
} from '../../src/simulator/world.ts'

// A large CLB: 1,000 targets of 50 listeners, in 10 subnets, with 20 security groups and 2 ACLs. The bench uses it too.

/** The kind of the targets, and how they are bound. */
export type Kind = 'machines' | 'ipv6' | 'interfaces' | 'groups-v1' | 'groups-v2'

export interface Shape {
  readonly kind?: Kind
  readonly listeners?: number
  readonly targets?: number
}

export interface Large {
  readonly world: World
  readonly loadBalancerId: string
  readonly vip: string
  /** The security group that drops the VIP. */
  readonly blocking: string
}

const GROUPS = 20
const SUBNETS = 10
const SIX_VIP = '2402:4e00:1000:2600::10'
/** The number of the group with the fault. It is lower in a small world, so that a target has the group. */
const faultyOf = (targets: number): number => Math.min(13, targets - 1)

const idOf = (kind: string, n: number): string => `${kind}-${String(n).padStart(8, '0')}`

/** Every second listener is of layer 7 and has two rules. Half of the listeners are probed from 100.64.0.0/10. */
export function largeWorld({ kind = 'machines', listeners = 50, targets = 1000 }: Shape = {}): Large {
  const made = shop()
  const { world } = made
  const isSix = kind === 'ipv6'
  const machines = Array.from({ length: targets }, (_, n) => machineOf(n, targets, isSix))
  world.machines.push(...machines)
  world.subnets.push(...Array.from({ length: SUBNETS }, (_, n) => subnetOf(n, isSix)))
  world.acls = [triple, quintuple]
  const faulty = faultyOf(targets)
  world.groups.push(...Array.from({ length: GROUPS }, (_, n) => groupOf(n, n === faulty)))
  Object.assign(world, TEMPLATES)
  if (isSix) Object.assign(made.front, { ipv6: true, vip: SIX_VIP })

  const interfaces = kind === 'interfaces' ? machines.map(interfaceOf) : []
  world.interfaces.push(...interfaces)
  const backends = machines.map((own, n): Backend => {
    const { id, ips } = interfaces[n] ?? { id: null, ips: [own.ipv6 ?? own.ip] }
    return { ...backend(own, 8080), ip: ips[0] ?? '', ...(id ? { type: 'ENI', machineId: null } : {}) }
  })
  made.front.listeners = listenersOf(backends, listeners)
  if (kind === 'groups-v1' || kind === 'groups-v2') intoGroups(made, kind === 'groups-v1' ? 'v1' : 'v2')
  return {
    world,
    loadBalancerId: SHOP,
    vip: isSix ? SIX_VIP : SHOP_VIP,
    blocking: idOf('sg', faulty),
  }
}

const machineOf = (n: number, of: number, isSix: boolean): Machine => {
  const [second, host] = [Math.floor((n * SUBNETS) / of), 16 + (n % Math.ceil(of / SUBNETS))]
  const own = idOf('sg', n % GROUPS)
  return {
    id: idOf('ins', n),
    name: `large-${n}`,
    state: 'RUNNING',
    restrictState: 'NORMAL',
    vpcId: VPC,
    subnetId: idOf('subnet', second),
    ip: `10.0.${64 + second * 16 + (host >> 8)}.${host & 255}`,
    ipv6: isSix ? `2402:4e00:1000:26${second}1::${host.toString(16)}` : null,
    // Every fifth machine has a second group, which accepts the same probes.
    groups: n % 5 === 0 ? [own, idOf('sg', (n + 7) % GROUPS)] : [own],
    guest: guest(8080),
  }
}

/** A second interface of the machine, in its subnet and with its groups. */
const interfaceOf = ({ vpcId, subnetId, ip, groups, id }: Machine, n: number): Interface => ({
  id: `eni-s${String(n).padStart(7, '0')}`,
  vpcId,
  subnetId,
  ips: [ip.replace(/(\d+)(\.\d+)$/, (_, third, last) => `${Number(third) + 8}${last}`)],
  groups,
  machineId: id,
})

/** Four subnets have the triple ACL, four have the quintuple ACL, and two have no ACL. */
const subnetOf = (n: number, isSix: boolean) =>
  subnet({
    id: idOf('subnet', n),
    cidr: `10.0.${64 + n * 16}.0/20`,
    ipv6Cidr: isSix ? `2402:4e00:1000:26${n}1::/64` : '',
    aclId: n < 4 ? 'acl-large003' : n < 8 ? 'acl-large005' : null,
  })

const ENTRIES = ['0.0.0.0/0', '::/0'].map((cidr) => ({
  protocol: 'tcp',
  port: 'ALL',
  cidr,
  action: 'Accept' as const,
}))
const triple: Acl = openAcl({ id: 'acl-large003', name: 'large-3', ingress: ENTRIES, egress: ENTRIES })
const quintuple: Acl = { ...triple, id: 'acl-large005', name: 'large-5', type: 'QUINTUPLE' }

const TEMPLATES = {
  addressTemplates: {
    'ipm-large001': ['203.0.113.0/25', '100.64.0.0/10'],
    'ipm-large002': ['100.64.0.0-100.127.255.255'],
    'ipm-large003': ['203.0.113.26', SIX_VIP],
  },
  addressGroups: { 'ipmg-large01': ['ipm-large002', 'ipm-large003'] },
  serviceTemplates: { 'ppm-large001': ['tcp:8080', 'tcp:9000-9010'] },
  serviceGroups: {},
} satisfies Partial<World>

/** About ten rules. The last ones accept the probes: by CIDRs, a template, a group of templates or a service. */
function groupOf(n: number, isFaulty: boolean): Group {
  const own = (source: string, fields: Partial<GroupRule> = {}): GroupRule => ({
    protocol: 'TCP',
    port: '8080',
    source,
    action: 'ACCEPT',
    ...fields,
  })
  const sources =
    n % 8 === 0
      ? [own('ipm-large001')]
      : n % 8 === 1
        ? [own('ipmg-large01')]
        : n % 8 === 2
          ? [own('203.0.113.0/24', { service: 'ppm-large001' }), own('100.64.0.0/10')]
          : [own('203.0.113.0/24'), own('100.64.0.0/10')]
  return {
    id: idOf('sg', n),
    name: `large-${n}`,
    rules: [
      ...[22, 80, 443, 3306, 6379].map((port) => own('198.51.100.0/24', { port: String(port) })),
      own('10.0.0.0/16', { port: '9100' }),
      ...(isFaulty ? [own(`${SHOP_VIP}/32`, { action: 'DROP', note: 'unknown scanner' })] : []),
      own('2402:4e00:1000:2600::/56'),
      ...sources,
      own('0.0.0.0/0', { protocol: 'ALL', port: 'ALL', action: 'DROP' }),
    ],
  }
}

function listenersOf(backends: readonly Backend[], count: number): Listener[] {
  const size = Math.ceil(backends.length / count)
  return Array.from({ length: count }, (_, n) => {
    const own = backends.slice(n * size, (n + 1) * size)
    const source = n % 4 < 2 ? 0 : 1
    const isL7 = n % 2 === 0
    const half = Math.ceil(own.length / 2)
    const tcp = check({ type: 'TCP', source, method: null, host: null, path: null })
    const rules = isL7
      ? [own.slice(0, half), own.slice(half)].map((part, at) =>
          rule({
            id: idOf('loc', n * 2 + at),
            domain: 'shop.example.com',
            url: at === 0 ? '/' : '/api',
            check: check({ source }),
            backends: part,
          }),
        )
      : [rule({ id: idOf('loc', n * 2), check: tcp, backends: own })]
    return {
      id: idOf('lbl', n),
      name: `large-${n}`,
      protocol: isL7 ? 'HTTPS' : 'TCP',
      port: 1000 + n,
      stopped: false,
      rules,
    }
  })
}

/** Binds the same targets through target groups. */
function intoGroups({ world, front }: Shop, type: 'v1' | 'v2'): void {
  for (const [n, own] of front.listeners.flatMap(({ rules }) => rules).entries()) {
    const id = idOf('lbtg', n)
    world.targetGroups.push({
      id,
      name: `large-${n}`,
      vpcId: VPC,
      type,
      check: type === 'v2' ? own.check : null,
      members: own.backends,
    })
    Object.assign(own, { targetGroupId: id, backends: [] })
  }
}
