import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clients } from '../../src/model/diagnosis.ts'
import { type Fact, ok } from '../../src/model/fact.ts'
import type { Registration, TargetGroup } from '../../src/model/snapshot.ts'
import { evaluatePaths } from '../../src/path/index.ts'
import { contains } from '../../src/rules/index.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { entry, probeWith, rule, setOf } from '../rules/builders.ts'
import { journeyOf } from '../rules/packets.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import {
  acl,
  allow,
  denied,
  diagnosisOf,
  drop,
  group,
  healthCheck,
  listener,
  snapshotOf,
  type World,
} from '../support/snapshots.ts'

const VIP = '203.0.113.26'
const ALL = '0.0.0.0/0'
const dead = (host = 16, groups = ['sg-web']) => ({ host, status: 'Dead', groups })

const clientsIn = (world: World, language: 'en' | 'zh-CN' = 'en'): Clients | undefined =>
  diagnosisOf(world, language).pools[0]?.clients

/** One Dead backend behind a group with these rules. */
const behind = (rules: Parameters<typeof group>[1], world: Partial<World> = {}) =>
  clientsIn({ machines: [dead()], groups: [group('sg-web', rules)], ...world })

const INTERNAL = { networkType: 'INTERNAL', vips: ['10.0.9.10'], subnetId: 'subnet-clb' }

describe('the clients of a layer-4 pool with Dead backends', () => {
  it('pass a rule that denies the probe alone, and the text says so in both languages', () => {
    const world: World = { machines: [dead()], groups: [group('sg-web', [drop(VIP), allow(ALL)])] }
    expect(clientsIn(world)).toMatchObject({
      verdict: 'pass',
      detail: 'only the health check is blocked; this rule does not affect client traffic',
    })
    expect(clientsIn(world, 'zh-CN')?.detail).toBe('只是健康检查被拦截，业务流量不受这条规则影响')
  })

  it('pass a rule that denies the range of the probes', () => {
    const checked = { healthCheck: healthCheck({ sourceIpType: 1 }) }
    expect(behind([drop('100.64.0.0/10'), allow(ALL)], { listener: checked })?.verdict).toBe('pass')
  })

  it('are blocked by a rule that denies everybody, and the rule is named', () => {
    const world: World = { machines: [dead()], groups: [group('sg-web', [drop(ALL)])] }
    const clients = clientsIn(world, 'zh-CN')
    expect(clients).toMatchObject({ verdict: 'block', detail: '业务流量同样被拦截' })
    expect(clients?.decidedBy).toContain('sg-web')
    expect(clients?.decidedBy).toContain('拒绝 TCP 8080 ← 0.0.0.0/0')
    expect(clientsIn(world)?.detail).toBe('client traffic is blocked, too')
  })

  it('are blocked by the implicit deny, which is no rule', () => {
    expect(behind([])).toMatchObject({ verdict: 'block', decidedBy: null })
  })

  it('are blocked where only the probes are let in, and the text says so', () => {
    const clients = behind([allow(VIP), allow('100.64.0.0/10')])
    expect(clients).toMatchObject({ verdict: 'block', detail: 'client traffic is blocked' })
  })

  it('are let in in part, which is told and not judged', () => {
    const clients = behind([allow('198.51.100.0/25'), allow('198.51.100.128/25'), allow('192.0.2.7')])
    expect(clients).toMatchObject({
      verdict: 'partial',
      decidedBy: null,
      allowedSources: ['192.0.2.7/32', '198.51.100.0/24'],
    })
    expect(clients?.detail).toContain('from 192.0.2.7/32, 198.51.100.0/24 only')
    expect(clients?.detail).toContain('not judged')
  })

  it('are asked on the port of the backend, not of the check', () => {
    const checked = { healthCheck: healthCheck({ port: 9000 }) }
    expect(behind([allow(ALL, '8080')], { listener: checked })?.verdict).toBe('pass')
    expect(behind([allow(ALL, '9000')], { listener: checked })?.verdict).toBe('block')
  })

  it('are asked by UDP where the listener is UDP', () => {
    const udp = { protocol: 'UDP', healthCheck: healthCheck({ type: 'PING' }) }
    expect(behind([allow(ALL)], { listener: udp })?.verdict).toBe('block')
    expect(behind([{ ...allow(ALL), protocol: 'UDP' }], { listener: udp })?.verdict).toBe('pass')
  })

  it('are filtered by the ACL on the way in and on the way back', () => {
    const open = entry({ priority: 1, protocol: 'ALL', port: 'ALL', cidr: ALL, action: 'ACCEPT' })
    const web = (fields: object) => ({
      subnet: { networkAclId: 'acl-web' },
      acls: [acl({ ingress: [open], egress: [open], ...fields })],
    })
    expect(behind([allow(ALL)], web({}))?.verdict).toBe('pass')
    expect(behind([allow(ALL)], web({ ingress: [] }))).toMatchObject({ verdict: 'block', decidedBy: null })
    expect(behind([allow(ALL)], web({ egress: [] }))?.verdict).toBe('block')
    const half = { ...open, cidr: '0.0.0.0/1' }
    expect(behind([drop('0.0.0.0/1'), allow(ALL)], web({ egress: [half] }))?.verdict).toBe('block')
  })

  it('cannot be told where the two readings of a triple entry differ', () => {
    const open = entry({ priority: 1, protocol: 'ALL', port: 'ALL', cidr: ALL, action: 'ACCEPT' })
    const ports = entry({ priority: 1, protocol: 'TCP', port: '1024-65535', cidr: ALL, action: 'ACCEPT' })
    const world = (port: number): Partial<World> => ({
      machines: [{ ...dead(), registration: { port } }],
      subnet: { networkAclId: 'acl-web' },
      acls: [acl({ ingress: [open], egress: [ports] })],
    })
    expect(behind([allow(ALL, 'ALL')], world(8080))?.verdict).toBe('pass')
    expect(behind([allow(ALL, 'ALL')], world(80))?.verdict).toBe('unknown')
    const one = { acls: [acl({ ingress: [open], egress: [{ ...ports, port: '8443' }] })] }
    expect(behind([allow(ALL, 'ALL')], { ...world(80), ...one })?.verdict).toBe('block')
  })

  it('are not filtered by the group where “pass to target” is in force', () => {
    const clients = behind([drop(ALL)], { balancer: { passToTarget: true } })
    expect(clients?.verdict).toBe('pass')
    expect(clients?.detail).toContain("the CLB's own security group was not read")
    expect(behind([drop(ALL)], { balancer: { passToTarget: null } })?.verdict).toBe('unknown')
    expect(behind([allow(ALL)], { balancer: { passToTarget: null } })?.verdict).toBe('pass')
  })

  it('of an IPv6 CLB are asked for all IPv6 addresses', () => {
    const ip = '2402:4e00::17'
    const open = entry({ priority: 1, protocol: 'ALL', port: 'ALL', ipv6Cidr: '::/0', action: 'ACCEPT' })
    const six = (ingress: ReturnType<typeof entry>[]) =>
      behind([], {
        balancer: { ipVersion: 'ipv6', vips: ['2402:4e00::1'] },
        machines: [{ ...dead(), registration: { ip } }],
        subnet: { networkAclId: 'acl-web' },
        acls: [acl({ ingress, egress: [open] })],
      })
    expect(six([open])?.verdict).toBe('pass')
    expect(six([{ ...open, ipv6Cidr: '2001:db8::/32' }])).toMatchObject({
      verdict: 'partial',
      allowedSources: ['2001:db8::/32'],
    })
  })
})

describe('the clients of a private CLB', () => {
  const ranges = (fields: Partial<World['replace']> = {}) => ({
    balancer: INTERNAL,
    replace: {
      vpcs: { 'vpc-1ywqac83': ok({ id: 'vpc-1ywqac83', cidrs: ['10.0.0.0/16'] }) },
      ccnAttachments: { 'vpc-1ywqac83': ok([]) },
      ...fields,
    },
  })
  const ccn = (cidr: string) => ({
    ccnAttachments: {
      'vpc-1ywqac83': ok([
        { ccnId: 'ccn-1', instanceType: 'VPC', instanceId: 'vpc-1ywqac83', state: 'ACTIVE' },
      ]),
    },
    ccnRoutes: {
      'ccn-1': ok([
        {
          id: 'ccnr-1',
          cidr,
          instanceType: 'VPC',
          instanceId: 'vpc-far',
          region: 'ap-shanghai',
          enabled: true,
        },
      ]),
    },
  })

  it('are those of its VPC and of what its CCN routes to', () => {
    expect(behind([allow('10.0.0.0/16')], ranges())?.verdict).toBe('pass')
    expect(behind([allow('10.0.1.0/24')], ranges())).toMatchObject({
      verdict: 'partial',
      allowedSources: ['10.0.1.0/24'],
    })
    expect(behind([allow('10.0.0.0/16')], ranges(ccn('10.1.0.0/16')))?.verdict).toBe('partial')
    expect(behind([allow('10.0.0.0/15')], ranges(ccn('10.1.0.0/16')))?.verdict).toBe('pass')
    expect(behind([allow(ALL), drop('10.0.0.0/16')], ranges())?.verdict).toBe('pass')
  })

  it('cannot be told from a rule for some of them if the ranges were not read', () => {
    expect(behind([allow('10.0.0.0/8')], { balancer: INTERNAL })).toMatchObject({
      verdict: 'unknown',
      detail: expect.stringContaining('the address ranges of the private clients were not read'),
    })
    const noRoutes = { ccnRoutes: { 'ccn-1': denied('vpc:DescribeCcnRoutes') } }
    const unread = ranges({ ...ccn('10.1.0.0/16'), ...noRoutes })
    expect(behind([allow('10.0.0.0/15')], unread)?.verdict).toBe('unknown')
  })

  it('can be told from a rule for everybody even if the ranges were not read', () => {
    expect(behind([drop('10.0.9.10'), allow(ALL)], { balancer: INTERNAL })?.verdict).toBe('pass')
    expect(behind([drop(ALL)], { balancer: INTERNAL })?.verdict).toBe('block')
  })

  it('in the subnet of the backends may not meet its ACL', () => {
    const open = entry({ priority: 2, protocol: 'ALL', port: 'ALL', cidr: ALL, action: 'ACCEPT' })
    const near = entry({ ...open, priority: 1, cidr: '10.0.1.0/24', action: 'DROP' })
    const world = { ...ranges(), subnet: { networkAclId: 'acl-web' } }
    const acls = (ingress: ReturnType<typeof entry>[]) => [acl({ ingress, egress: [open] })]
    expect(behind([allow(ALL)], { ...world, acls: acls([near, open]) })?.verdict).toBe('unknown')
    expect(behind([allow(ALL)], { ...world, acls: acls([open]) })?.verdict).toBe('pass')
  })
})

const GROUP: TargetGroup = {
  id: 'lbtg-1',
  name: 'shop',
  vpcId: 'vpc-1ywqac83',
  type: 'v1',
  healthCheck: null,
}
/** The backend is a member of this target group. */
const inGroup = (fact: Fact<TargetGroup | null>): Partial<World> => ({
  listener: { targetGroupIds: [GROUP.id] },
  machines: [{ ...dead(), registration: { targetGroupId: GROUP.id } }],
  replace: { targetGroups: { [GROUP.id]: fact } },
})
const SIX = { ipVersion: 'ipv6', vips: ['2402:4e00::1'] } as const
const AT_SIX = { machines: [{ ...dead(), registration: { ip: '2402:4e00::17' } }] }
const HERE = { targetRegion: 'ap-guangzhou', targetVpcId: 'vpc-1ywqac83' }
/** A listener of which the API did not say if it has SNAT. */
const { snat: _, ...LISTENER_UNSAID } = listener()

describe('clients that the facts do not show', () => {
  it.each<[string, Partial<World>, string]>([
    ['a layer-7 listener', { listener: { protocol: 'HTTP', rules: [] } }, 'layer-7'],
    ['a QUIC listener', { listener: { protocol: 'QUIC' } }, 'listener protocol'],
    ['SNAT', { balancer: { snatPro: true } }, 'SNAT'],
    ['SNAT of the listener', { listener: { snat: true } }, 'SNAT replaces'],
    ['SNAT of the target group', inGroup(ok({ ...GROUP, snat: true })), 'SNAT replaces'],
    [
      'an IPv6 CLB with SNAT',
      { balancer: { ...SIX, attributeFlags: ['IPv6Snat'] }, ...AT_SIX },
      'SNAT replaces',
    ],
    [
      'a listener that may have SNAT',
      { replace: { listeners: ok([LISTENER_UNSAID]) } },
      'did not say if SNAT',
    ],
    ['a target group that may have SNAT', inGroup(ok(GROUP)), 'did not say if SNAT'],
    ['a target group that was not read', inGroup(denied('clb:DescribeTargetGroups')), 'did not say if SNAT'],
    [
      'an IPv6 CLB whose flags were not said',
      { balancer: { ...SIX, unsaid: ['AttributeFlags'] }, ...AT_SIX },
      'did not say if SNAT',
    ],
    ['NAT64', { balancer: { ipVersion: 'ipv6-nat64' } }, 'translation'],
    ['another region', { balancer: { ...HERE, targetRegion: 'ap-shanghai' } }, 'in another region or VPC'],
    ['another VPC', { balancer: { ...HERE, targetVpcId: 'vpc-another1' } }, 'in another region or VPC'],
    ['a classic CLB', { balancer: { generation: 'classic' }, listener: { classic: true } }, 'classic'],
  ])('are unknown for %s, and the text says why', (_, world, why) => {
    const rules =
      world.listener?.protocol === 'HTTP'
        ? {
            listener: {
              protocol: 'HTTP',
              rules: [
                {
                  locationId: 'loc-1',
                  domain: 'a.example.com',
                  url: '/',
                  healthCheck: healthCheck(),
                  forwardType: 'HTTP',
                  targetType: 'NODE',
                  targetGroupIds: [],
                  redirectsTo: null,
                },
              ],
            },
            machines: [{ ...dead(), registration: { locationId: 'loc-1' } }],
          }
        : {}
    const clients = behind([drop(ALL)], { ...world, ...rules })
    expect(clients).toMatchObject({ verdict: 'unknown', detail: expect.stringContaining(why) })
    expect(clients).not.toHaveProperty('decidedBy')
  })

  it('are known for backends in the region and VPC of the CLB, which the API names too', () => {
    expect(behind([drop(ALL)], { balancer: HERE })?.verdict).toBe('block')
    expect(behind([allow(ALL)], { balancer: HERE })?.verdict).toBe('pass')
  })

  it('are known for a layer-4 listener as the API gives it, and unknown once it has SNAT', async () => {
    const world = findScenario('stale-node')?.build()
    if (!world) throw new Error('no scenario')
    const { diagnosis } = await diagnoseSimulated(world)
    expect(diagnosis.pools.map(({ clients }) => clients?.verdict)).toContain('partial')
    for (const balancer of world.balancers) for (const own of balancer.listeners) own.snat = true
    const { diagnosis: translated } = await diagnoseSimulated(world)
    const details = translated.pools.flatMap(({ clients }) => clients?.detail ?? [])
    expect(new Set(details)).toEqual(new Set([expect.stringMatching(/SNAT replaces|layer-7 listener/)]))
    expect(details.join()).toContain('SNAT replaces')
  })

  it('are known for a target group without SNAT', () => {
    expect(behind([drop(ALL)], inGroup(ok({ ...GROUP, snat: false })))?.verdict).toBe('block')
  })

  it('are unknown where the groups or a rule cannot be told', () => {
    const unread = { replace: { securityGroups: { 'sg-web': denied('vpc:DescribeSecurityGroupPolicies') } } }
    expect(behind([], unread)?.verdict).toBe('unknown')
    const byGroup = rule({ protocol: 'TCP', port: '8080', sourceGroupId: 'sg-x', action: 'ACCEPT' })
    expect(behind([byGroup])?.verdict).toBe('unknown')
  })

  it('are blocked by the ACL even where the groups cannot be told', () => {
    const unread = denied('vpc:DescribeSecurityGroupPolicies')
    const world = {
      replace: { securityGroups: { 'sg-web': unread } },
      subnet: { networkAclId: 'acl-web' },
      acls: [acl({})],
    }
    expect(behind([], world)?.verdict).toBe('block')
  })

  it('of a listener for a range of ports are told if all ports fare alike', () => {
    const range = { port: 20_000, endPort: 20_100 }
    expect(behind([allow(ALL, 'ALL')], { listener: range })?.verdict).toBe('pass')
    expect(behind([drop(ALL, 'ALL')], { listener: range })?.verdict).toBe('block')
    expect(behind([allow(ALL, '8080')], { listener: range })).toMatchObject({
      verdict: 'unknown',
      detail: expect.stringContaining('range of ports'),
    })
  })
})

describe('pools without a Dead backend, and backends that differ', () => {
  it('have no clients to ask about', () => {
    expect(behind([drop(ALL)], { machines: [{ ...dead(), status: 'Alive' }] })).toBeUndefined()
    expect(behind([drop(ALL)], { machines: [{ ...dead(), weight: 0 }] })).toBeUndefined()
    expect(behind([drop(ALL)], { listener: { stopped: true } })).toBeUndefined()
  })

  it('name the backends on each side, those in trouble first', () => {
    const clients = clientsIn({
      machines: [{ host: 15, status: 'Alive', groups: ['sg-open'] }, dead(16), dead(17)],
      groups: [group('sg-web', [drop(ALL)])],
    })
    expect(clients).toMatchObject({
      verdict: 'partial',
      detail:
        '10.0.1.16:8080, 10.0.1.17:8080: client traffic is blocked, too; 10.0.1.15:8080: client traffic is not blocked by the security groups or the network ACL',
    })
    expect(clients).not.toHaveProperty('allowedSources')
  })

  it('give the sources that every backend lets in', () => {
    const clients = clientsIn({
      machines: [dead(16, ['sg-a']), dead(17, ['sg-b'])],
      groups: [group('sg-a', [allow('192.0.2.0/24')]), group('sg-b', [allow('192.0.2.128/25')])],
    })
    expect(clients).toMatchObject({ verdict: 'partial', allowedSources: ['192.0.2.128/25'] })
  })

  it('are unknown if one backend is', () => {
    const clients = clientsIn({
      machines: [dead(16), { ...dead(17), registration: { type: 'NAT' } as Partial<Registration> }],
      groups: [group('sg-web', [allow(ALL)])],
      listener: listener(),
    })
    expect(clients?.verdict).toBe('unknown')
  })
})

describe('rules that a healthy backend refutes', () => {
  const both = (rules: Parameters<typeof group>[1], world: Partial<World> = {}) =>
    clientsIn({
      machines: [dead(16), { ...dead(17), status: 'Alive' }],
      groups: [group('sg-web', rules)],
      ...world,
    })

  it('do not say that clients are blocked', () => {
    expect(both([drop(ALL)])).toMatchObject({
      verdict: 'unknown',
      detail: expect.stringContaining('a backend is healthy although'),
    })
    const web = { subnet: { networkAclId: 'acl-web' }, acls: [acl({ ingress: [], egress: [] })] }
    const ranged = { listener: { healthCheck: healthCheck({ sourceIpType: 1 }) } }
    expect(both([allow(ALL)], web)?.verdict).toBe('unknown')
    expect(both([allow(ALL)], { ...web, ...ranged })?.verdict).toBe('unknown')
  })

  it('are not refuted by probes that groups may let in on their own', () => {
    const ranged = { listener: { healthCheck: healthCheck({ sourceIpType: 1 }) } }
    expect(both([drop(ALL)], ranged)?.verdict).toBe('block')
  })

  it('let clients pass as before', () => {
    expect(both([drop(VIP), allow(ALL)])?.verdict).toBe('pass')
  })
})

describe('the verdict on clients', () => {
  const octet = fc.integer({ min: 0, max: 255 })
  const near = fc.tuple(fc.constantFrom(8, 9), octet).map(([a, b]) => `${a}.${b}.0.1`)
  const cidr = fc.oneof(
    fc.constant(ALL),
    fc.tuple(near, fc.integer({ min: 1, max: 32 })).map(([address, bits]) => `${address}/${bits}`),
  )
  const action = fc.constantFrom('ACCEPT', 'DROP')
  const rules = fc.array(fc.record({ cidr, action, protocol: fc.constantFrom('TCP', 'ALL') }), {
    maxLength: 5,
  })
  const port = fc.constantFrom('ALL', '8080', '1024-65535')
  const entries = fc.array(
    fc.record({ cidr, action, port, protocol: fc.constant('TCP') }).map((one) => entry(one)),
    { maxLength: 4 },
  )
  const ranked = (list: readonly ReturnType<typeof entry>[]) =>
    list.map((one, i) => ({ ...one, priority: i + 1 }))

  it('agrees with single packets of single clients', () => {
    fc.assert(
      fc.property(rules, entries, entries, fc.boolean(), near, (group1, ingress, egress, hasAcl, client) => {
        const web = group(
          'sg-web',
          group1.map((one) => ({ ...one, port: one.protocol === 'ALL' ? 'ALL' : '8080' })),
        )
        const own = acl({ ingress: ranked(ingress), egress: ranked(egress) })
        const { pools } = evaluatePaths(
          snapshotOf({
            machines: [dead()],
            groups: [web],
            ...(hasAcl ? { subnet: { networkAclId: own.id }, acls: [own] } : {}),
          }),
        )
        const answer = pools[0]?.clients[0]?.answer
        const probe = probeWith({ sources: setOf(client), destination: '10.0.1.16', port: 8080 })
        const passes = [1024, 8080, 40_000].flatMap((from) =>
          (['destination', 'source'] as const).map(
            (reading) => journeyOf([web], hasAcl ? own : null, probe, from, reading).droppedAt === null,
          ),
        )
        const isAllowed = answer?.allowed ? contains(answer.allowed, setOf(client)) : false
        if (answer?.verdict === 'pass' || isAllowed) expect(passes).not.toContain(false)
        // One open port in a thousand is no way in.
        if (answer?.verdict === 'block') expect(passes.filter((_, i) => i < 2 || i > 3)).not.toContain(true)
        if (answer?.verdict === 'partial' && !isAllowed) expect(passes).toContain(false)
      }),
      { numRuns: 80 },
    )
  })
})

describe('an opening for the probes', () => {
  it('says that clients stay blocked if they are', () => {
    const notesIn = (rules: Parameters<typeof group>[1]) =>
      diagnosisOf({ machines: [dead()], groups: [group('sg-web', rules)] }, 'en').findings.flatMap(
        ({ fix }) => fix?.notes ?? [],
      )
    const said =
      'This lets in the health check only. Client traffic stays blocked: let clients in to TCP 8080, too'
    expect(notesIn([drop(ALL)])).toContain(said)
    expect(notesIn([drop('203.0.113.26'), allow(ALL)])).not.toContain(said)
  })
})
