// Snapshots of large CLBs, as plain data. Each stands for a cost that once grew too fast.
import { groupsOf, randomly, setsOf } from './workload.mjs'

const [REGION, VPC, VIP] = ['ap-guangzhou', 'vpc-1ywqac83', '203.0.113.26']
const TARGETS_PER_SUBNET = 250

const ok = (value) => ({ state: 'ok', value })
const byId = (things) => Object.fromEntries(things.map((thing) => [thing.id, ok(thing)]))
const entry = (fields) => ({
  id: null,
  priority: 1,
  protocol: 'tcp',
  action: 'accept',
  description: null,
  modifiedAt: null,
  port: 'ALL',
  cidr: '0.0.0.0/0',
  ipv6Cidr: null,
  sourcePort: null,
  destinationPort: null,
  sourceCidr: null,
  destinationCidr: null,
  sourceIpv6Cidr: null,
  destinationIpv6Cidr: null,
  ...fields,
})
const group = (id, ingress) => ({ id, region: REGION, version: '1', ingress })
const rule = (index, cidr, action = 'ACCEPT', port = '8080') => ({
  index,
  protocol: 'TCP',
  port,
  service: null,
  cidr: cidr.includes(':') ? null : cidr,
  ipv6Cidr: cidr.includes(':') ? cidr : null,
  sourceGroupId: null,
  address: null,
  action,
  description: null,
  modifiedAt: null,
})
const OPEN = group('sg-open', [rule(0, '0.0.0.0/0')])

/** 1,000 targets behind 20 sets of five groups with 100 rules each, 4 subnets with one ACL; some are Dead. */
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

/** Every target in a subnet with one triple ACL, whose way out has another verdict under the other reading of its port. */
export const underOneAcl = (targets) =>
  snapshotOf({
    targets,
    groups: [OPEN],
    acl: aclOf([entry({ port: '1024-65535' })]),
    setOf: () => ['sg-open'],
    statusOf: (n) => (n % 10 === 0 ? 'Dead' : 'Alive'),
    port: 80,
  })

/** One target behind five groups with `rules` rules each that do not concern its probe. */
export function besideThePoint(rules, family) {
  const cidrOf = (g, n) =>
    family === 6
      ? `2402:4e00:${(g + 1).toString(16)}:${n.toString(16)}::/64`
      : `198.${18 + g}.${n >> 8}.${n & 255}/32`
  const groups = Array.from({ length: 5 }, (_, g) =>
    group(
      `sg-${g}`,
      Array.from({ length: rules }, (_, n) => rule(n, cidrOf(g, n))),
    ),
  )
  const last = group('sg-last', [rule(0, VIP)])
  const all = [...groups, last]
  return snapshotOf({
    targets: 1,
    groups: all,
    setOf: () => all.map(({ id }) => id),
    statusOf: () => 'Alive',
  })
}

const aclOf = (egress) => ({
  id: 'acl-web',
  region: REGION,
  name: 'web',
  vpcId: VPC,
  kind: 'triple',
  subnetIds: null,
  ingress: [entry({})],
  egress,
})

const check = (sourceIpType) => ({
  enabled: true,
  type: 'TCP',
  port: null,
  intervalSeconds: 5,
  timeoutSeconds: 2,
  healthyThreshold: 3,
  unhealthyThreshold: 3,
  method: null,
  host: null,
  path: null,
  httpVersion: null,
  httpCodes: null,
  sourceIpType,
})

/** One CLB with a TCP listener for each 250 targets. */
function snapshotOf({
  targets,
  groups,
  acl,
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
  const listener = ({ listenerId: id, pool }) => ({
    id,
    name: `large-${pool}`,
    protocol: 'TCP',
    port: 1000 + pool,
    endPort: null,
    stopped: false,
    classic: false,
    healthCheck: check(sourceIpType),
    targetType: 'NODE',
    targetGroupIds: [],
    rules: [],
  })
  return {
    snapshotVersion: 1,
    takenAt: '2026-11-20T00:00:00.000Z',
    alarmedAt: null,
    region: REGION,
    loadBalancerId: 'lb-7dpmqwcu',
    loadBalancer: ok({
      id: 'lb-7dpmqwcu',
      name: 'shop-front',
      networkType: 'OPEN',
      generation: 'application',
      ipVersion: 'ipv4',
      vips: [VIP],
      vpcId: VPC,
      numericVpcId: 86323,
      subnetId: null,
      status: 1,
      isolated: false,
      blocked: false,
      attributeFlags: [],
      passToTarget: false,
      snatPro: false,
      snatIps: [],
      createdAt: null,
      targetRegion: null,
      targetVpcId: null,
      tags: {},
      healthLogTopicId: null,
    }),
    listeners: ok(pools.map(listener)),
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
    targetGroups: {},
    targetGroupMembers: {},
    instances: byId(
      all.map(({ n, id, ip, subnetId }) => ({
        id,
        name: `web-${n}`,
        state: 'RUNNING',
        restrictState: 'NORMAL',
        vpcId: VPC,
        subnetId,
        privateIps: [ip],
        ipv6Addresses: [],
        securityGroupIds: setOf(n),
      })),
    ),
    interfaces: {},
    subnets: byId(
      pools.map(({ subnetId: id, pool }) => ({
        id,
        vpcId: VPC,
        cidr: `10.${pool >> 8}.${pool & 255}.0/24`,
        ipv6Cidr: null,
        networkAclId: acl?.id ?? null,
        routeTableId: null,
      })),
    ),
    networkAcls: byId(acl ? [acl] : []),
    securityGroups: byId(groups),
    securityGroupUse: {},
    addressTemplates: templates,
    addressTemplateGroups: {},
    serviceTemplates: {},
    serviceTemplateGroups: {},
    vpcs: {},
    addressOwners: {},
    serviceGroups: {},
    crossTargets: {},
    ccnAttachments: {},
    ccnRoutes: {},
    routeTables: {},
    clusters: {},
    clusterNodes: {},
    auditEvents: {},
    healthLogs: {},
    cost: { apiCalls: 9, retries: 0, waves: 3 },
  }
}
