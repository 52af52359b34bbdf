// Snapshots of large CLBs, as plain data. For each of them, the time of a diagnosis once grew too fast.
import { bundled } from './bundled.mjs'
import { groupsOf, randomly, setsOf } from './workload.mjs'

const VIP = '203.0.113.26'
const TARGETS_PER_SUBNET = 250

const builders = await bundled(['test/support/snapshots.ts', 'test/rules/builders.ts'])
const { acl, group, healthCheck, listener, subnet } = builders

const ok = (value) => ({ state: 'ok', value })
const byId = (things) => Object.fromEntries(things.map((thing) => [thing.id, ok(thing)]))
const entry = (fields) =>
  builders.entry({
    priority: 1,
    protocol: 'tcp',
    action: 'accept',
    port: 'ALL',
    cidr: '0.0.0.0/0',
    ...fields,
  })
const allow = (cidr) => ({
  ...builders.allow(cidr),
  ...(cidr.includes(':') ? { cidr: null, ipv6Cidr: cidr } : {}),
})
const OPEN = group('sg-open', [allow('0.0.0.0/0')])

/** 1,000 targets with 20 sets of five groups with 100 rules each, in 4 subnets with one ACL. Some targets are Dead. */
export function manySets(seed, targets = 1000) {
  const groups = groupsOf(25, 100, randomly(seed))
  const sets = setsOf(groups, 20)
  const acl = aclOf([entry({})])
  return snapshotOf({
    targets,
    sourceIpType: 1,
    groups,
    acl,
    setOf: (n) => sets[n % sets.length].map(({ id }) => id),
    statusOf: (n) => (n % 20 < 3 ? 'Dead' : 'Alive'),
    templates: Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`ipm-${i}`, ok([`100.${64 + i}.0.0/24`, `100.${64 + i}.9.7`])]),
    ),
  })
}

/**
 * Every target is in a subnet with the same triple ACL. The documents allow two meanings of the port in its egress
 * entry, and the verdict depends on the meaning.
 */
export const underOneAcl = (targets) =>
  snapshotOf({
    targets,
    groups: [OPEN],
    acl: aclOf([entry({ port: '1024-65535' })]),
    setOf: () => ['sg-open'],
    statusOf: (n) => (n % 10 === 0 ? 'Dead' : 'Alive'),
    port: 80,
  })

/** One target. Five groups with `rules` rules each do not match its probe; a sixth group does. */
export function besideThePoint(rules, family) {
  const cidrOf = (g, n) =>
    family === 6
      ? `2402:4e00:${(g + 1).toString(16)}:${n.toString(16)}::/64`
      : `198.${18 + g}.${n >> 8}.${n & 255}/32`
  const groups = Array.from({ length: 5 }, (_, g) =>
    group(
      `sg-${g}`,
      Array.from({ length: rules }, (_, n) => allow(cidrOf(g, n))),
    ),
  )
  const last = group('sg-last', [allow(VIP)])
  const all = [...groups, last]
  return snapshotOf({
    targets: 1,
    groups: all,
    setOf: () => all.map(({ id }) => id),
    statusOf: () => 'Alive',
  })
}

const aclOf = (egress) => acl({ subnetIds: null, ingress: [entry({})], egress })

/** The snapshot of one CLB. It has a TCP listener and a subnet for every 250 targets. */
function snapshotOf({
  targets,
  groups,
  acl: own,
  setOf,
  statusOf,
  sourceIpType = 0,
  templates = {},
  port = 8080,
}) {
  const all = Array.from({ length: targets }, (_, n) => {
    const pool = Math.floor(n / TARGETS_PER_SUBNET)
    return {
      n,
      pool,
      id: `ins-${String(n).padStart(8, '0')}`,
      ip: `10.${pool >> 8}.${pool & 255}.${n % TARGETS_PER_SUBNET}`,
      subnetId: `subnet-${pool}`,
      listenerId: `lbl-${String(pool).padStart(8, '0')}`,
    }
  })
  const pools = [...new Map(all.map((target) => [target.pool, target])).values()]
  return {
    ...builders.snapshotOf({ machines: [] }),
    listeners: ok(
      pools.map(({ listenerId: id, pool }) =>
        listener({
          id,
          name: `large-${pool}`,
          port: 1000 + pool,
          healthCheck: healthCheck({ sourceIpType }),
        }),
      ),
    ),
    registrations: ok(
      all.map(({ n, listenerId, id, ip }) => ({
        listenerId,
        locationId: null,
        type: 'CVM',
        instanceId: id,
        eniId: null,
        targetGroupId: null,
        name: `web-${n}`,
        ip,
        port,
        weight: 10,
      })),
    ),
    health: ok(
      all.map(({ n, pool, listenerId, id, ip }) => ({
        listenerId,
        locationId: null,
        protocol: 'TCP',
        listenerPort: 1000 + pool,
        ip,
        port,
        targetId: id,
        targetGroupId: null,
        detail: statusOf(n),
        weight: null,
      })),
    ),
    instances: byId(
      all.map(({ n, id, ip, subnetId }) => ({
        id,
        name: `web-${n}`,
        state: 'RUNNING',
        restrictState: 'NORMAL',
        vpcId: 'vpc-1ywqac83',
        subnetId,
        privateIps: [ip],
        ipv6Addresses: [],
        securityGroupIds: setOf(n),
      })),
    ),
    subnets: byId(
      pools.map(({ subnetId: id, pool }) =>
        subnet({ id, cidr: `10.${pool >> 8}.${pool & 255}.0/24`, networkAclId: own?.id ?? null }),
      ),
    ),
    networkAcls: byId(own ? [own] : []),
    securityGroups: byId(groups),
    addressTemplates: templates,
  }
}
