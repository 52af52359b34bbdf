import { describe, expect, it } from 'vitest'
import { CHECKS } from '../../src/checks/index.ts'
import { ok } from '../../src/model/fact.ts'
import type { NetworkInterface, Route, SecurityRule, Snapshot } from '../../src/model/snapshot.ts'
import { entry } from '../rules/builders.ts'
import {
  acl,
  allow,
  denied,
  diagnosisOfSnapshot,
  drop,
  findingsOf,
  group,
  healthCheck,
  snapshotOf,
  subnet,
  type World,
} from '../support/snapshots.ts'

// One small snapshot per reason, with the finding that it gives. A new check needs no line here, because
// test/faults/reasons.test.ts diagnoses its fault in test/faults/catalogue/.

const alive = (host: number, more: object = {}) => ({ host, status: 'Alive', ...more })
const dead = (host: number, more: object = {}) => ({ host, status: 'Dead', ...more })
const open = entry({ priority: 1, protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' })
const range = { healthCheck: healthCheck({ sourceIpType: 1 }) }
const http = (fields: Parameters<typeof healthCheck>[0]) => ({
  healthCheck: healthCheck({ type: 'HTTP', ...fields }),
})
const ccn = { type: 'CCN', instanceId: null, ip: '10.0.1.16' }
const nic = (fields: Partial<NetworkInterface>): NetworkInterface => ({
  id: 'eni-16',
  name: '',
  vpcId: 'vpc-1ywqac83',
  subnetId: 'subnet-web',
  state: 'AVAILABLE',
  instanceId: null,
  business: 'cvm',
  ips: ['10.0.1.16'],
  securityGroupIds: ['sg-open'],
  ...fields,
})

const SNAT = { snatPro: true, snatIps: [{ ip: '10.0.0.9', subnetId: 'subnet-snat' }] }
const snatSubnet = (networkAclId: string | null = null) => ({
  'subnet-snat': ok(subnet({ id: 'subnet-snat', cidr: '10.0.0.0/24', networkAclId, routeTableId: 'rtb-1' })),
})
const toCcn: Route = {
  id: 'rti-1',
  cidr: '10.0.1.0/24',
  ipv6Cidr: null,
  gatewayType: 'CCN',
  gatewayId: 'ccn-1',
  enabled: true,
}
const ccnRoute = (cidr: string, enabled = true) => ({
  id: 'ccnr-1',
  cidr,
  instanceType: 'VPC',
  instanceId: 'vpc-1ywqac83',
  region: null,
  enabled,
})
const tables = (routes: readonly Route[]) => ({
  'vpc-1ywqac83': ok([{ id: 'rtb-1', region: 'ap-guangzhou', vpcId: 'vpc-1ywqac83', routes }]),
})
const attached = {
  'vpc-1ywqac83': ok([{ ccnId: 'ccn-1', instanceType: 'VPC', instanceId: 'vpc-1ywqac83', state: 'ACTIVE' }]),
}
const office = (replace: Partial<Snapshot>): World => ({
  machines: [dead(16, { registration: ccn })],
  balancer: SNAT,
  replace: {
    instances: {},
    subnets: snatSubnet(),
    routeTables: tables([toCcn]),
    vpcs: { 'vpc-1ywqac83': ok({ id: 'vpc-1ywqac83', cidrs: ['10.0.0.0/24'] }) },
    crossTargets: { '10.0.1.16': ok(null) },
    ccnAttachments: attached,
    ccnRoutes: { 'ccn-1': ok([ccnRoute('10.0.1.0/24'), ccnRoute('10.0.0.0/24')]) },
    ...replace,
  },
})
const redis = (rules: readonly Partial<SecurityRule>[], fields: Partial<World> = {}): World => ({
  machines: [dead(16, { registration: { type: 'ENI', instanceId: null } })],
  groups: [group('sg-redis', rules)],
  ...fields,
  replace: {
    instances: {},
    interfaces: { '10.0.1.16': ok(null) },
    addressOwners: { '10.0.1.16': ok({ type: 'REDIS', id: 'crs-1', subnetId: 'subnet-web' }) },
    serviceGroups: { 'crs-1': ok(['sg-redis']) },
  },
})

const at = (port: number) => ({ registration: { port } })
const nodePort = at(31_080)
const service = (fields: Partial<World> = {}): World => ({
  machines: [dead(16, nodePort), dead(17, nodePort)],
  ...fields,
  balancer: { tags: { 'tke-clusterId': 'cls-1' }, ...fields.balancer },
})
const ipvs = (value: boolean | null) => ({
  clusters: { 'cls-1': ok({ id: 'cls-1', name: '', ipvs: value }) },
})

const FOUND: Readonly<Record<string, readonly [World, string]>> = {
  'managed-service/group-blocks-probe': [redis([]), 'cause likely → 16'],
  'managed-service/group-partly-blocks-probe': [
    redis([allow('100.64.0.0/11')], { listener: range }),
    'cause possible → 16',
  ],
  'managed-service/acl-blocks-probe': [
    redis([allow('0.0.0.0/0')], {
      subnet: { networkAclId: 'acl-web' },
      acls: [acl({ egress: [open] })],
    }),
    'cause likely → 16',
  ],
  'managed-service/acl-blocks-reply': [
    redis([allow('0.0.0.0/0')], {
      subnet: { networkAclId: 'acl-web' },
      acls: [acl({ ingress: [open] })],
    }),
    'cause likely → 16',
  ],
  'snat/ccn-not-attached': [
    office({ routeTables: tables([]), ccnAttachments: { 'vpc-1ywqac83': ok([]) } }),
    'cause likely → 16',
  ],
  'snat/ccn-route-missing': [
    office({ ccnRoutes: { 'ccn-1': ok([ccnRoute('10.0.1.0/24', false), ccnRoute('10.0.0.0/24')]) } }),
    'cause likely → 16',
  ],
  'snat/return-route-missing': [
    office({ ccnRoutes: { 'ccn-1': ok([ccnRoute('10.0.1.0/24')]) } }),
    'cause likely → 16',
  ],
  'snat/snat-subnet-acl': [
    {
      ...office({ subnets: snatSubnet('acl-web') }),
      acls: [acl({ ingress: [open], egress: [entry({ ...open, cidr: '10.8.0.0/16' })] })],
    },
    'cause likely → 16',
  ],
  'recent-change/before-onset': [
    {
      machines: [dead(16)],
      replace: {
        alarmedAt: '2026-11-19T23:00:00.000Z',
        auditEvents: {
          'ap-guangzhou': ok({
            from: '2026-11-18T23:00:00.000Z',
            to: '2026-11-19T23:00:00.000Z',
            complete: true,
            events: [
              {
                at: '2026-11-19T22:52:00.000Z',
                event: 'ModifySecurityGroupPolicies',
                resourceIds: ['sg-open'],
                actor: 'alice',
                sourceIp: '198.51.100.7',
              },
            ],
          }),
        },
      },
    },
    'note certain',
  ],
  'load-balancer-state/isolated': [{ machines: [alive(16)], balancer: { isolated: true } }, 'cause certain'],
  'load-balancer-state/vip-blocked': [
    { machines: [alive(16)], balancer: { blocked: true } },
    'cause certain',
  ],
  'load-balancer-state/stopped': [
    { machines: [alive(16)], balancer: { attributeFlags: ['Stop'] } },
    'cause certain',
  ],
  'load-balancer-state/creating': [{ machines: [alive(16)], balancer: { status: 0 } }, 'cause certain'],
  'load-balancer-state/listener-stopped': [
    { machines: [{ host: 16, status: 'Close' }], listener: { stopped: true } },
    'cause certain',
  ],
  'all-backends-down/fallback-active': [{ machines: [dead(16), dead(17)] }, 'note certain'],
  'all-backends-down/one-left': [{ machines: [dead(16), dead(17), alive(18)] }, 'risk certain'],
  'pool-membership/no-targets': [{ machines: [] }, 'risk certain'],
  'pool-membership/all-weights-zero': [{ machines: [alive(16, { weight: 0 })] }, 'risk certain'],
  'pool-membership/check-disabled': [
    { machines: [{ host: 16, status: 'Close' }], listener: { healthCheck: healthCheck({ enabled: false }) } },
    'risk certain',
  ],
  'pool-membership/not-probed-yet': [{ machines: [{ host: 16, status: 'Unknown' }] }, 'note certain'],
  'security-group/probe-blocked': [
    { machines: [dead(16, { groups: ['sg-a'] })], groups: [group('sg-a', [])] },
    'cause certain → 16',
  ],
  'security-group/probe-partly-blocked': [
    {
      machines: [dead(16, { groups: ['sg-a'] })],
      groups: [group('sg-a', [allow('100.64.0.0/11')])],
      listener: range,
    },
    'cause possible → 16',
  ],
  'security-group/order-dependent': [
    {
      machines: [alive(16, { groups: ['sg-a', 'sg-b'] })],
      groups: [group('sg-a', [allow('0.0.0.0/0')]), group('sg-b', [drop('0.0.0.0/0')])],
    },
    'risk likely',
  ],
  'network-acl/probe-blocked': [
    { machines: [dead(16)], subnet: { networkAclId: 'acl-web' }, acls: [acl({ egress: [open] })] },
    'cause certain → 16',
  ],
  'network-acl/reply-blocked': [
    { machines: [dead(16)], subnet: { networkAclId: 'acl-web' }, acls: [acl({ ingress: [open] })] },
    'cause certain → 16',
  ],
  'network-acl/probe-partly-blocked': [
    {
      machines: [alive(16)],
      listener: range,
      subnet: { networkAclId: 'acl-web' },
      acls: [acl({ ingress: [entry({ ...open, cidr: '100.64.0.0/11' })], egress: [open] })],
    },
    'risk certain',
  ],
  'network-acl/reply-partly-blocked': [
    {
      machines: [alive(16)],
      subnet: { networkAclId: 'acl-web' },
      acls: [acl({ ingress: [open], egress: [entry({ ...open, protocol: 'TCP', port: '8000-60999' })] })],
    },
    'risk likely',
  ],
  'snat/no-snat-ip': [
    { machines: [dead(16, { registration: ccn })], balancer: { snatPro: true } },
    'cause likely → 16',
  ],
  'snat/confirm-idc-firewall': [
    {
      machines: [dead(16, { registration: ccn })],
      balancer: { snatPro: true, snatIps: [{ ip: '10.0.0.9', subnetId: 'subnet-snat' }] },
    },
    'cause possible → 16',
  ],
  'ipvs-loopback/vip-on-node': [
    service({ balancer: { networkType: 'INTERNAL' }, replace: ipvs(true) }),
    'cause possible → 16,17',
  ],
  'target-drift/stale-target': [
    service({
      machines: [dead(16, nodePort), alive(17, nodePort)],
      replace: { clusterNodes: { 'cls-1': ok([{ id: 'ins-00000017', ip: '10.0.1.17' }]) } },
    }),
    'cause likely → 16',
  ],
  'target-drift/port-mismatch': [
    service({ machines: [dead(16, at(30_500)), alive(17, nodePort)] }),
    'cause possible → 16',
  ],
  'instance-state/not-running': [
    { machines: [dead(16, { instance: { state: 'STOPPED' } })] },
    'cause certain → 16',
  ],
  'instance-state/not-found': [{ machines: [dead(16, { instance: null })] }, 'cause certain → 16'],
  'instance-state/isolated': [
    { machines: [dead(16, { instance: { restrictState: 'EXPIRED' } })] },
    'cause likely → 16',
  ],
  'instance-state/eni-detached': [
    {
      machines: [dead(16, { registration: { type: 'ENI', instanceId: null } })],
      replace: { instances: {}, interfaces: { '10.0.1.16': ok(nic({})) } },
    },
    'cause certain → 16',
  ],
  'instance-state/ip-moved': [
    {
      machines: [dead(16, { instance: { privateIps: ['10.0.1.99'] } })],
      replace: { interfaces: { '10.0.1.16': ok(nic({ instanceId: 'ins-other' })) } },
    },
    'cause likely → 16',
  ],
  'health-check-config/timeout-not-below-interval': [
    { machines: [alive(16)], listener: { healthCheck: healthCheck({ timeoutSeconds: 5 }) } },
    'risk possible',
  ],
  'health-check-config/port-differs': [
    { machines: [dead(16)], listener: { healthCheck: healthCheck({ port: 9090 }) } },
    'cause possible → 16',
  ],
  'health-check-config/host-missing': [
    { machines: [dead(16)], listener: http({ httpVersion: 'HTTP/1.1' }) },
    'cause possible → 16',
  ],
  'health-check-config/codes-exclude-2xx': [
    { machines: [dead(16)], listener: http({ httpCodes: 4 }) },
    'cause possible → 16',
  ],
  'health-check-config/https-to-backend': [
    { machines: [alive(16)], listener: { healthCheck: healthCheck({ type: 'HTTPS' }) } },
    'risk possible',
  ],
  'health-check-config/method-head': [
    { machines: [dead(16)], listener: http({ method: 'HEAD' }) },
    'risk possible',
  ],
}

const HEALTHY: World = { machines: [alive(16), alive(17)] }

describe('every reason', () => {
  it.each(Object.entries(FOUND))('%s is found in the snapshot that has it', (code, [world, how]) => {
    for (const language of ['en', 'zh-CN'] as const) {
      const lines = findingsOf(diagnosisOfSnapshot(snapshotOf(world), language))
      expect(lines).toContain(`${code} ${how}`)
    }
  })

  it('is absent from a healthy pool, and every check that applies passes', () => {
    const diagnosis = diagnosisOfSnapshot(snapshotOf(HEALTHY))
    expect(findingsOf(diagnosis)).toEqual([])
    expect(diagnosis.checks.map(({ check }) => check)).toEqual(CHECKS.map(({ id }) => id))
    expect(Object.fromEntries(diagnosis.checks.map(({ check, outcome }) => [check, outcome]))).toMatchObject({
      'all-backends-down': 'pass',
      'health-check-config': 'pass',
      'instance-state': 'pass',
      'ipvs-loopback': 'not-applicable',
      'load-balancer-state': 'pass',
      'managed-service': 'not-applicable',
      'network-acl': 'pass',
      'pool-membership': 'pass',
      'recent-change': 'not-applicable',
      'security-group': 'pass',
      snat: 'not-applicable',
      'target-drift': 'not-applicable',
    })
    expect(['pass', 'not-applicable']).toEqual(
      expect.arrayContaining(diagnosis.checks.map(({ outcome }) => outcome)),
    )
  })

  it('is absent if nothing could be read, and every check is unknown', () => {
    const snapshot = snapshotOf(HEALTHY)
    const none = denied('clb:DescribeListeners')
    const diagnosis = diagnosisOfSnapshot({
      ...snapshot,
      loadBalancer: none,
      listeners: none,
      registrations: none,
      health: none,
    })
    expect(new Set(diagnosis.checks.map(({ outcome }) => outcome))).toEqual(new Set(['unknown']))
    expect([diagnosis.verdict, diagnosis.findings]).toEqual(['inconclusive', []])
  })

  it('is unknown if the check could not read its facts', () => {
    const snapshot = snapshotOf({ machines: [dead(16)], subnet: { networkAclId: 'acl-web' } })
    const cases = {
      'security-group': { securityGroups: { 'sg-open': denied('vpc:DescribeSecurityGroupPolicies') } },
      'network-acl': { networkAcls: { 'acl-web': denied('vpc:DescribeNetworkAcls') } },
      'instance-state': { instances: { 'ins-00000016': denied('cvm:DescribeInstances') } },
      'pool-membership': { registrations: denied('clb:DescribeTargets') },
      'load-balancer-state': { loadBalancer: denied('clb:DescribeLoadBalancers') },
    }
    for (const [check, change] of Object.entries(cases)) {
      const { checks } = diagnosisOfSnapshot({ ...snapshot, ...change })
      expect([check, checks.find((one) => one.check === check)?.outcome]).toEqual([check, 'unknown'])
    }
  })
})
