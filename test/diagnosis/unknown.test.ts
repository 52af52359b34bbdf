import { describe, expect, it } from 'vitest'
import type { Diagnosis, Hop, HopStage } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { renderAs } from '../../src/render/index.ts'
import { untold } from '../faults/untold.ts'
import { entry } from '../rules/builders.ts'
import { findingOf } from '../support/findings.ts'
import {
  acl,
  allow,
  denied,
  diagnosisOf,
  drop,
  findingsOf,
  group,
  healthCheck,
  unavailable,
  type World,
} from '../support/snapshots.ts'

const INSIDE: readonly string[] = ['guest-firewall', 'listener', 'application']
const VIP = '203.0.113.26'

/** Machines 16 and 17 are Dead behind one group. */
const world = (fields: Partial<World> = {}): World => ({
  machines: [16, 17].map((host) => ({ host, status: 'Dead', groups: ['sg-web'] })),
  groups: [group('sg-web', [allow(VIP)])],
  ...fields,
})

const hopOf = ({ pools }: Diagnosis, stage: HopStage): Hop => {
  const hop = pools[0]?.targets[0]?.path.find((one) => one.stage === stage)
  if (!hop) throw new Error(stage)
  return hop
}

const groupHop = (diagnosis: Diagnosis): Hop => hopOf(diagnosis, 'security-group')

/** A group whose second rule is the only one that could let the probe in. */
const behind = (rule: Parameters<typeof group>[1][number]): World =>
  world({ groups: [group('sg-web', [allow('0.0.0.0/0', '22'), { ...allow(VIP), cidr: null, ...rule }])] })

const NOTHING = 'Nothing visible from the API'

describe('a rule whose source is a security group', () => {
  const bySource = behind({ sourceGroupId: 'sg-lb' })

  it('is named with its position, with the reason, and with the rule that settles it', () => {
    expect(groupHop(diagnosisOf(bySource))).toMatchObject({
      verdict: 'unknown',
      unknown: {
        subject: 'security group sg-web, inbound rule 2 (allows TCP 8080 ← sg-lb)',
        reason: expect.stringContaining('not documented whether a VIP counts as a member'),
        settle: expect.stringContaining(`allows TCP 8080 from ${VIP}/32`),
      },
    })
    expect(groupHop(diagnosisOf(bySource, 'zh-CN')).unknown?.subject).toBe(
      '安全组 sg-web 第 2 条入站规则（允许 TCP 8080 ← sg-lb）',
    )
  })

  it('is one gap for all its targets, before the steps on the machine', () => {
    const { gaps } = diagnosisOf(bySource)
    expect(gaps).toHaveLength(2)
    const [rule, steps] = gaps
    expect(rule?.what).toMatch(/^security group sg-web, inbound rule 2 .* these 2 backends/)
    expect(rule?.why).toContain(`allows TCP 8080 from ${VIP}/32`)
    expect(steps?.why).toMatch(/could not be judged.*inbound rule 2.*settle it first/)
    expect(steps?.byHand?.length).toBeGreaterThan(2)
  })

  it('is in the headline and in every report, and no report says that nothing explains it', async () => {
    for (const language of LANGUAGES) {
      const diagnosis = diagnosisOf(bySource, language)
      const { subject = '-' } = groupHop(diagnosis).unknown ?? {}
      expect(diagnosis.headline).toContain(subject)
      const text = (await renderAs('text', diagnosis)).replace(/\s+/g, ' ')
      expect(text).toContain(subject)
      expect(text).not.toMatch(/Nothing visible|没有找到原因，请/)
    }
  })

  it('is not in the headline if a cause explains the backends', () => {
    const stopped = {
      ...bySource,
      machines: [{ host: 16, status: 'Dead', groups: ['sg-web'], instance: { state: 'STOPPED' } }],
    }
    const diagnosis = diagnosisOf(stopped)
    expect(diagnosis.headline).not.toContain('sg-lb')
    expect(diagnosis.gaps).toEqual([])
    expect(groupHop(diagnosis).unknown?.subject).toContain('inbound rule 2')
  })
})

describe('the headline', () => {
  it('sends people to the backends only if everything was evaluated and passes', () => {
    const diagnosis = diagnosisOf(world())
    expect(diagnosis.headline).toContain(NOTHING)
    expect(untold(diagnosis)).toEqual([])
  })
})

const template = { id: 'ipm-1', groupId: null }
const five = acl({
  ingress: [entry({ priority: 10, protocol: 'TCP', port: 'eighty', cidr: '0.0.0.0/0', action: 'ACCEPT' })],
})
const unknownOrigin = {
  passToTarget: false,
  generation: 'classic' as const,
}
const some = [group('sg-web', [allow('10.0.0.0/8')])]
const ofTemplates = (fields: object): World => ({ ...behind({ address: template }), replace: fields })

describe('an unknown hop says what it is about, why, and what settles it', () => {
  const cases: readonly (readonly [string, World, HopStage, RegExp, RegExp, RegExp | null])[] = [
    [
      'a port that is not understood',
      behind({ cidr: VIP, port: 'eighty' }),
      'security-group',
      /inbound rule 2/,
      /port "eighty" is not understood/,
      /allows TCP 8080/,
    ],
    [
      'a protocol that is not understood',
      behind({ cidr: VIP, protocol: 'SCTP' }),
      'security-group',
      /inbound rule 2/,
      /protocol "SCTP"/,
      /allows TCP 8080/,
    ],
    [
      'an action that is not understood',
      behind({ cidr: VIP, action: 'PERHAPS' }),
      'security-group',
      /inbound rule 2/,
      /action "PERHAPS"/,
      /allows TCP 8080/,
    ],
    [
      'a rule without a source',
      behind({}),
      'security-group',
      /inbound rule 2/,
      /address "\(empty\)"/,
      /allows TCP 8080/,
    ],
    [
      'a deleted template',
      ofTemplates({ addressTemplates: { 'ipm-1': ok(null) } }),
      'security-group',
      /inbound rule 2.*ipm-1/,
      /template ipm-1 was not found/,
      /look up ipm-1/,
    ],
    [
      'a template that was not looked up',
      ofTemplates({}),
      'security-group',
      /inbound rule 2/,
      /template ipm-1 was not found/,
      /look up ipm-1/,
    ],
    [
      'an unread template',
      ofTemplates({ addressTemplates: { 'ipm-1': denied('vpc:DescribeAddressTemplates') } }),
      'security-group',
      /inbound rule 2/,
      /template ipm-1 could not be read \(no permission/,
      / or grant vpc:DescribeAddressTemplates to the role of clb-doctor/,
    ],
    [
      'a template that failed',
      ofTemplates({ addressTemplates: { 'ipm-1': unavailable('vpc:DescribeAddressTemplates') } }),
      'security-group',
      /inbound rule 2/,
      /Http502/,
      /^diagnose again later$/,
    ],
    [
      'a template with an odd member',
      ofTemplates({ addressTemplates: { 'ipm-1': ok(['the office']) } }),
      'security-group',
      /inbound rule 2/,
      /a member of template ipm-1 is not understood/,
      /look up ipm-1/,
    ],
    [
      'a group of templates with a deleted one',
      {
        ...behind({ address: { id: null, groupId: 'ipmg-1' } }),
        replace: {
          addressTemplateGroups: { 'ipmg-1': ok(['ipm-2', 'ipm-3']) },
          addressTemplates: { 'ipm-2': ok(['10.0.0.1']), 'ipm-3': ok(null) },
        },
      },
      'security-group',
      /inbound rule 2/,
      /^template ipm-3 was not found/,
      /look up ipm-3/,
    ],
    [
      'an unread service template',
      {
        ...behind({ cidr: VIP, service: { id: 'ppm-1', groupId: null } }),
        replace: { serviceTemplates: { 'ppm-1': denied('vpc:DescribeServiceTemplates') } },
      },
      'security-group',
      /inbound rule 2/,
      /template ppm-1 could not be read/,
      /grant vpc:DescribeServiceTemplates/,
    ],
    [
      'an entry of an ACL',
      world({ acls: [five], subnet: { networkAclId: 'acl-web' } }),
      'acl-in',
      /network ACL acl-web, inbound rule with priority 10 \(allows TCP eighty ←/,
      /port "eighty"/,
      /allows TCP 8080/,
    ],
    [
      'a denied call',
      { ...world(), replace: { securityGroups: { 'sg-web': denied('vpc:DescribeSecurityGroupPolicies') } } },
      'security-group',
      /rules of security groups|security group/i,
      /no permission/,
      / or grant vpc:DescribeSecurityGroupPolicies to the role of clb-doctor/,
    ],
    [
      'an unread CLB',
      { ...world(), replace: { loadBalancer: denied('clb:DescribeLoadBalancers') } },
      'security-group',
      /CLB/,
      /no permission/,
      /grant clb:DescribeLoadBalancers/,
    ],
    [
      'an address without an owner',
      { ...world(), replace: { instances: {}, interfaces: { '10.0.1.16': ok(null) } } },
      'security-group',
      /backend 10\.0\.1\.16/,
      /no network interface owns this address/,
      /10\.0\.1\.16/,
    ],
    [
      'a machine without groups in the answer',
      world({ machines: [{ host: 16, status: 'Dead', groups: [] }] }),
      'security-group',
      /backend 10\.0\.1\.16/,
      /returned no security group/,
      /console/,
    ],
    [
      'an ACL that is gone',
      world({ subnet: { networkAclId: 'acl-gone' } }),
      'acl-in',
      /acl-gone/,
      /may have been deleted/,
      /whether acl-gone still exists/,
    ],
    [
      '"allow by default" that is not said',
      world({ balancer: { passToTarget: null }, groups: [group('sg-web', [])] }),
      'security-group',
      /"allow by default" of lb-7dpmqwcu/,
      /does not say.*sg-web, default deny/,
      /switch/,
    ],
    [
      '"allow by default" with SNAT',
      world({ balancer: { passToTarget: true, snatPro: true }, groups: [group('sg-web', [drop(VIP)])] }),
      'security-group',
      /"allow by default"/,
      /SNAT; if not, this denies the probes: security group sg-web, inbound rule 1/,
      /allow the probes/,
    ],
    [
      'a source that the API does not say',
      world({ listener: { healthCheck: healthCheck({ sourceIpType: null }) } }),
      'security-group',
      /source IP of the probes/,
      /from VIP they are let in, from 100\.64\.0\.0\/10 they are denied/,
      /Health check source IP/,
    ],
    [
      'a source that is not documented',
      world({ balancer: unknownOrigin, groups: some }),
      'security-group',
      /source IP of the probes/,
      /public classic CLB/,
      /^tcpdump -ni any -c 5 tcp dst port 8080/,
    ],
    [
      'a network type that is not said',
      world({
        balancer: { networkType: '', vips: ['10.0.1.9'], subnetId: 'subnet-web' },
        acls: [acl({})],
        subnet: { networkAclId: 'acl-web' },
        groups: [group('sg-web', [allow('0.0.0.0/0')])],
      }),
      'acl-in',
      /VIP of lb-7dpmqwcu and the backend share a subnet/,
      /does not filter within a subnet; if not, this denies the probes: network ACL acl-web, default deny/,
      /network type/,
    ],
    [
      'settings that the API does not give',
      world({ listener: { healthCheck: null } }),
      'acl-out',
      /settings of the health check/,
      /not known what CLB probes/,
      /console/,
    ],
    [
      'a type of backend that is not known',
      world({ machines: [{ host: 16, status: 'Dead', registration: { type: 'NEW' } }] }),
      'acl-in',
      /10\.0\.1\.16 \(type NEW\)/,
      /not known/,
      /console/,
    ],
    ...(['guest-firewall', 'listener', 'application'] as const).map(
      (stage) =>
        [
          `the inside of a machine (${stage})`,
          world(),
          stage,
          /inside the machine/,
          /does not show it/,
          /^clb-doctor guest-script lb-7dpmqwcu <ip:port> --region ap-guangzhou$/,
        ] as const,
    ),
  ]

  it.each(cases)('%s', (_, given, stage, subject, reason, settle) => {
    const diagnosis = diagnosisOf(given)
    const { verdict, unknown } = hopOf(diagnosis, stage)
    expect(verdict).toBe('unknown')
    expect(unknown?.subject).toMatch(subject)
    expect(unknown?.reason).toMatch(reason)
    if (settle) expect(unknown?.settle).toMatch(settle)
    expect(untold(diagnosis)).toEqual([])
    expect(untold(diagnosisOf(given, 'zh-CN'))).toEqual([])
    if (!INSIDE.includes(stage)) expect(diagnosis.headline).not.toContain(NOTHING)
  })
})

describe('a source that is not known', () => {
  const closed = [group('sg-web', [])]
  const origins: readonly (readonly [string, Partial<World>])[] = [
    ['of a public classic CLB', { balancer: { generation: 'classic' } }],
    [
      'of a CLB in the basic network',
      { balancer: { generation: 'classic', networkType: 'INTERNAL', vpcId: null } },
    ],
    ['without a VIP in the answer', { balancer: { vips: [] } }],
    ['of a CLB with SNAT and no SNAT IP', { balancer: { snatPro: true } }],
    ['of a cross-region backend without SNAT', {}],
  ]
  const typed = (name: string): Partial<World['machines'][number]> =>
    /SNAT/.test(name) ? { registration: { type: 'CCN' } } : {}
  const of = (name: string, fields: Partial<World>, groups: World['groups']): Diagnosis =>
    diagnosisOf({
      ...fields,
      machines: [{ host: 16, status: 'Dead', groups: ['sg-web'], ...typed(name) }],
      groups: groups ?? [],
      replace: {
        crossTargets: {
          '10.0.1.16': ok({
            ip: '10.0.1.16',
            region: 'ap-guangzhou',
            vpcId: 'vpc-1ywqac83',
            eniId: 'eni-1',
            instanceId: 'ins-00000016',
          }),
        },
      },
    })

  it.each(origins)('%s is denied if every address is, and let in if every address is', (name, fields) => {
    const blocked = of(name, fields, closed)
    expect(groupHop(blocked)).toMatchObject({ verdict: 'block', blockedSources: ['0.0.0.0/0'] })
    const finding = findingOf(blocked, 'security-group/probe-blocked')
    // It is documented that these probes carry the VIP. Which one it is does not matter.
    expect(finding.certainty === 'certain').toBe(name === 'without a VIP in the answer')
    expect(groupHop(of(name, fields, [group('sg-web', [allow('0.0.0.0/0')])])).verdict).toBe('pass')
    const open = of(name, fields, some)
    expect(groupHop(open)).toMatchObject({
      verdict: 'unknown',
      unknown: { subject: 'the source IP of the probes' },
    })
    expect(untold(open)).toEqual([])
  })

  it.each(origins)('%s has a fix that is not proven and names the sources that it may be', (name, fields) => {
    const { fix } = findingOf(of(name, fields, closed), 'security-group/probe-blocked')
    expect(fix).toMatchObject({ kind: 'advice', verified: false })
    expect(fix?.summary).toMatch(/It may be: .*(VIP|SNAT|machine)/)
  })

  it('of an IPv6 probe without a VIP is decided over all of IPv6', () => {
    const six = (rules: Parameters<typeof group>[1]): Hop =>
      groupHop(
        diagnosisOf({
          machines: [{ host: 16, status: 'Dead', groups: ['sg-web'], registration: { ip: '2402:4e00::17' } }],
          groups: [group('sg-web', rules)],
        }),
      )
    expect(six([allow('0.0.0.0/0')])).toMatchObject({ verdict: 'block', blockedSources: ['::/0'] })
    expect(six([{ ...allow(VIP), cidr: null, ipv6Cidr: '::/0' }]).verdict).toBe('pass')
    expect(six([{ ...allow(VIP), cidr: null, ipv6Cidr: '2001:db8::/32' }]).verdict).toBe('unknown')
  })

  it('may be inside the subnet of the backend, where no ACL filters', () => {
    const inside = (balancer: NonNullable<World['balancer']>) =>
      hopOf(
        diagnosisOf(world({ balancer, acls: [acl({})], subnet: { networkAclId: 'acl-web' }, listener: {} })),
        'acl-in',
      ).verdict
    expect(inside({ networkType: 'INTERNAL', vips: [], subnetId: null })).toBe('unknown')
    expect(inside({ networkType: 'INTERNAL', vips: [], subnetId: 'subnet-other' })).toBe('block')
    expect(inside({ networkType: 'OPEN', vips: [] })).toBe('block')
  })
})

describe('a CLB that is named by a domain', () => {
  const balancer = { vips: [], domain: 'lb-1.clb.ap-bangkok.tencentclb.com' }
  const closedAcl = { acls: [acl({})], subnet: { networkAclId: 'acl-web' } }

  it.each([0, null, 1])(
    'probes from 100.64.0.0/10 with the source type %s, which is likely at most',
    (sourceIpType) => {
      const listener = { healthCheck: healthCheck({ sourceIpType }) }
      const blocked = diagnosisOf(
        world({ balancer, listener, ...closedAcl, groups: [group('sg-web', [allow('100.64.0.0/10')])] }),
      )
      expect(groupHop(blocked).verdict).toBe('pass')
      expect(blocked.pools[0]?.probe).toEqual({ via: '100.64', sources: ['100.64.0.0/10'] })
      expect(findingsOf(blocked)[0]).toBe('network-acl/probe-blocked cause likely → 16,17')
      expect(blocked.loadBalancer?.domain).toBe(balancer.domain)
    },
  )
})

describe('a check that is unknown', () => {
  it('says why, with a stable code', () => {
    const reasonOf = (given: World, check: string) =>
      diagnosisOf(given).checks.find((one) => one.check === check)
    expect(reasonOf(behind({ sourceGroupId: 'sg-lb' }), 'security-group')).toEqual({
      check: 'security-group',
      outcome: 'unknown',
      reason: 'rule-unclear',
    })
    const remote: World = {
      balancer: { snatPro: true, snatIps: [{ ip: '10.0.9.9', subnetId: null }] },
      machines: [
        { host: 16, status: 'Alive', registration: { type: 'CCN', ip: '172.16.0.9' }, instance: null },
      ],
    }
    expect(reasonOf(remote, 'snat')).toMatchObject({ outcome: 'unknown', reason: expect.any(String) })
    const unread = { ...world(), replace: { health: denied('clb:DescribeTargetHealth') } }
    for (const { outcome, reason } of diagnosisOf(unread).checks)
      expect(outcome === 'unknown').toBe(reason !== undefined)
  })
})
