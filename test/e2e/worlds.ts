import fc from 'fast-check'
import { ACTIONS } from '../../src/model/actions/index.ts'
import { check, type Shop, VPC } from '../../src/simulator/base.ts'
import { inCidr } from '../../src/simulator/cidr.ts'
import { aclLetsIn, aclLetsReplyOut, groupsLetIn, type Packet } from '../../src/simulator/gates.ts'
import type { AclEntry, GroupRule, Machine } from '../../src/simulator/world.ts'

// Random worlds: the shop with random rules, machines, checks and denied actions.

const some = <T>(values: readonly T[]) => fc.constantFrom(...values)
const CIDRS = [
  '0.0.0.0/0',
  '100.64.0.0/10',
  '100.64.0.0/11',
  '100.96.0.0/11',
  '203.0.113.26/32',
  '203.0.113.0/24',
  '10.0.0.0/8',
  '10.0.1.0/24',
  '::/0',
  '2402:4e00:1000:2600::/64',
]
const PORTS = ['ALL', '8080', '80,8080', '8000-9000', '443', '1024-65535', '32768-65535']

const groupRule: fc.Arbitrary<GroupRule> = fc
  .record({
    protocol: some(['TCP', 'tcp', 'UDP', 'ICMP', 'ALL']),
    port: some(PORTS),
    source: some([...CIDRS, 'ipm-clb00001', 'sg-shopweb1']),
    action: some(['ACCEPT', 'DROP'] as const),
  })
  .map((rule) => (rule.protocol === 'ALL' || rule.protocol === 'ICMP' ? { ...rule, port: 'ALL' } : rule))

const tripleEntry: fc.Arbitrary<AclEntry> = fc
  .record({
    protocol: some(['tcp', 'udp', 'icmp', 'all']),
    port: some(PORTS),
    cidr: some(CIDRS),
    action: some(['Accept', 'Accept', 'Drop'] as const),
  })
  .map((entry) => (entry.protocol === 'all' || entry.protocol === 'icmp' ? { ...entry, port: '' } : entry))

const acl = (entries: fc.Arbitrary<AclEntry[]>) => fc.record({ ingress: entries, egress: entries })
const open: AclEntry = { protocol: 'all', port: '', cidr: '0.0.0.0/0', action: 'Accept' }

const quintupleEntry: fc.Arbitrary<AclEntry> = fc.record({
  protocol: some(['tcp', 'udp', 'all']),
  port: some(PORTS),
  sourcePort: some(PORTS),
  cidr: some(CIDRS),
  destinationCidr: some([...CIDRS, '10.0.1.0/24', '10.0.1.16/32']),
  action: some(['Accept', 'Accept', 'Drop'] as const),
})

const hosts = fc.subarray([16, 17, 18, 19, 20], { minLength: 1 })
const change: fc.Arbitrary<(made: Shop) => void> = fc.oneof(
  fc
    .tuple(hosts, fc.array(groupRule, { maxLength: 4 }), some(['only', 'first', 'last']))
    .map(([on, rules, place]) => (made: Shop) => {
      const id = `sg-random${made.world.groups.length}`
      made.world.groups.push({ id, name: id, rules })
      for (const host of on) {
        const own = made.machine(host)
        own.groups = place === 'only' ? [id] : place === 'first' ? [id, ...own.groups] : [...own.groups, id]
      }
    }),
  fc
    .tuple(acl(fc.array(tripleEntry, { maxLength: 4 })), fc.boolean())
    .map(([made, endsOpen]) => ({ acl: own }: Shop) => {
      own.ingress = endsOpen ? [...made.ingress, open] : made.ingress
      own.egress = endsOpen ? [...made.egress, open] : made.egress
    }),
  acl(fc.array(quintupleEntry, { maxLength: 4 })).map((made) => ({ acl: own }: Shop) => {
    Object.assign(own, made, { type: 'QUINTUPLE' })
  }),
  some([
    ['TCP', 'TCP'],
    ['UDP', 'PING'],
    ['UDP', 'CUSTOM'],
  ] as const).map(([protocol, type]) => ({ listener, pool }: Shop) => {
    Object.assign(listener, { protocol })
    Object.assign(pool, { domain: null, url: null })
    Object.assign(pool.check, { type, method: null, host: null, path: null })
  }),
  some([
    ['v1', null],
    ['v2', null],
    ['v2', check({ type: 'TCP', port: 443, source: null })],
  ] as const).map(([type, own]) => ({ world, pool }: Shop) => {
    if (pool.targetGroupId !== null) return
    world.targetGroups = [
      { id: 'lbtg-shop0001', name: 'shop', vpcId: VPC, type, check: own, members: pool.backends },
    ]
    Object.assign(pool, { targetGroupId: 'lbtg-shop0001', backends: [] })
  }),
  fc
    .tuple(
      hosts,
      some<Partial<Machine>>([{ state: 'STOPPED' }, { state: 'REBOOTING' }, { restrictState: 'EXPIRED' }]),
    )
    .map(([on, fields]) => (made: Shop) => {
      for (const host of on) Object.assign(made.machine(host), fields)
    }),
  fc
    .tuple(hosts, some([{ listens: [] }, { http: 500 }, { drops: ['0.0.0.0/0'] }]))
    .map(([on, fields]) => (made: Shop) => {
      for (const host of on) Object.assign(made.machine(host).guest, fields)
    }),
  some([
    { source: 1 },
    { source: null },
    { type: 'TCP' },
    { port: 9090 },
    { on: false },
    { codes: 8 },
  ] as const).map((fields) => (made: Shop) => {
    Object.assign(made.pool.check, fields)
  }),
  // IPv6 addresses, rules and probes.
  fc.constant(({ world, front, machines, pool }: Shop) => {
    if (front.type === 'INTERNAL') return
    Object.assign(front, { ipv6: true, vip: '2402:4e00:1000:2600::10' })
    for (const subnet of world.subnets.slice(0, 1)) subnet.ipv6Cidr = '2402:4e00:1000:2601::/64'
    for (const own of machines) {
      own.ipv6 = `2402:4e00:1000:2601::${own.ip.split('.')[3]}`
      for (const one of pool.backends) if (one.ip === own.ip) one.ip = own.ipv6
    }
  }),
  // A secondary address on a second interface, which has its own security group.
  fc.array(groupRule, { maxLength: 3 }).map((rules) => ({ world, pool }: Shop) => {
    if (pool.targetGroupId !== null || world.interfaces.length > 0) return
    world.groups.push({ id: 'sg-second01', name: 'second', rules })
    world.interfaces.push({
      id: 'eni-second01',
      vpcId: VPC,
      subnetId: 'subnet-web00001',
      ips: ['10.0.1.60'],
      groups: ['sg-second01'],
      machineId: 'ins-web00020',
    })
    pool.backends.push({ type: 'ENI', machineId: null, ip: '10.0.1.60', port: 8080, weight: 10 })
  }),
  hosts.map((on) => (made: Shop) => {
    for (const host of on) {
      const own = made.pool.backends.find(({ ip }) => ip === `10.0.1.${host}`)
      if (own) own.weight = 0
    }
  }),
  // A private CLB. Its VIP is in another subnet of the VPC, or in the subnet of the backends, where no ACL filters.
  some([
    { vip: '10.0.0.10', subnetId: 'subnet-clb00001' },
    { vip: '10.0.1.200', subnetId: 'subnet-web00001' },
  ] as const).map((fields) => (made: Shop) => {
    if (!made.front.ipv6) Object.assign(made.front, fields, { type: 'INTERNAL' })
  }),
  some([{ passToTarget: true }, { isolated: true }] as const).map((fields) => (made: Shop) => {
    Object.assign(made.front, fields)
  }),
  some([{ exempts10064: false }, { aclEgressPort: 'source' }, { expandedKeepIndex: false }] as const).map(
    (fields) => (made: Shop) => {
      Object.assign(made.world, fields)
    },
  ),
)

export const worlds = fc.record({
  changes: fc.array(change, { maxLength: 3 }),
  denied: fc.oneof(
    { weight: 3, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.subarray<string>([...ACTIONS], { maxLength: 2 }) },
  ),
})

/** For each gate, whether it lets each probe packet to one backend pass. The other gates are ignored. */
export function gatesFor({ world, pool, front, listener }: Shop, ip: string) {
  const group = world.targetGroups.find(({ id }) => id === pool.targetGroupId)
  const inForce = (group?.type === 'v2' && group.check) || pool.check
  const udp = listener.protocol === 'UDP' && inForce.type === 'CUSTOM'
  const protocol = inForce.type === 'PING' ? 'icmp' : udp ? 'udp' : 'tcp'
  const home =
    world.machines.find((one) => one.ip === ip || one.ipv6 === ip) ??
    world.interfaces.find(({ ips }) => ips.includes(ip))
  const subnet = world.subnets.find(({ id }) => id === home?.subnetId)
  const filter = world.acls.find(({ id }) => id === subnet?.aclId)
  if (!home || !filter) throw new Error(ip)
  const sources = inForce.source === 0 || ip.includes(':') ? [front.vip] : world.probers
  const packets = sources.flatMap((source, i) =>
    [1024, 5000 + i, 40_000, 65_535].map(
      (sourcePort): Packet => ({
        source,
        sourcePort,
        target: ip,
        protocol,
        port: inForce.port ?? 8080,
      }),
    ),
  )
  const of = (passes: (packet: Packet) => boolean) => packets.map(passes)
  const isLocal = ({ source }: Packet) => inCidr(source, subnet?.cidr ?? '')
  return {
    'acl-in': of((packet) => isLocal(packet) || aclLetsIn(filter, packet)),
    'security-group': of((packet) => groupsLetIn(world, home.groups, packet)),
    'acl-out': of((packet) => isLocal(packet) || aclLetsReplyOut(world, filter, packet)),
  } as const
}
