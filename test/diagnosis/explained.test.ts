import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { SecurityGroup } from '../../src/model/snapshot.ts'
import { entry } from '../rules/builders.ts'
import { findingOf } from '../support/findings.ts'
import {
  acl,
  allow,
  diagnosisOf,
  drop,
  findingsOf,
  group,
  healthCheck,
  type Machine,
} from '../support/snapshots.ts'

const down = (...groups: readonly string[]): Machine => ({ host: 16, status: 'Dead', groups })

const hopOf = (diagnosis: Diagnosis, stage: string) =>
  diagnosis.pools[0]?.targets[0]?.path.find((hop) => hop.stage === stage)

describe('a rule that denies the health check', () => {
  const remarked = group('sg-shop', [allow('10.0.0.0/8'), { ...drop('0.0.0.0/0'), description: 'scanners' }])
  const denial = (groups: readonly SecurityGroup[], language: 'en' | 'zh-CN') => {
    const diagnosis = diagnosisOf({ machines: [down('sg-shop')], groups }, language)
    const { title, quote } = findingOf(diagnosis, 'security-group/probe-blocked')
    return { title, quote }
  }

  it('is named in the title by its place, and quoted as the console shows it', () => {
    expect(denial([remarked], 'en')).toEqual({
      title: 'Inbound rule 2 of security group sg-shop denies the health check',
      quote: 'denies TCP 8080 ← 0.0.0.0/0 "scanners"',
    })
    expect(denial([remarked], 'zh-CN')).toEqual({
      title: '安全组 sg-shop 第 2 条入站规则拒绝了健康检查',
      quote: '拒绝 TCP 8080 ← 0.0.0.0/0 "scanners"',
    })
  })

  it('is the default rule if no rule allows the health check', () => {
    expect(denial([group('sg-shop', [])], 'en')).toEqual({
      title: 'Security group sg-shop does not allow the health check (TCP 8080)',
      quote: 'no rule allows it (default deny)',
    })
    expect(denial([group('sg-shop', [])], 'zh-CN')).toEqual({
      title: '安全组 sg-shop 没有放行健康检查（TCP 8080）',
      quote: '没有规则放行，按默认规则拒绝',
    })
  })
})

describe('an allow rule behind a deny rule', () => {
  const shop = group('sg-shop', [drop('0.0.0.0/0'), allow('10.0.0.0/8'), allow('203.0.113.0/24')])
  const world = { machines: [down('sg-shop')], groups: [shop] }

  it('is named together with the deny rule, in both languages', () => {
    expect(findingOf(diagnosisOf(world), 'security-group/probe-blocked').detail).toContain(
      'Rule 3 (allows TCP 8080 ← 203.0.113.0/24) would allow it, but rule 1 before it denies it first.',
    )
    expect(findingOf(diagnosisOf(world, 'zh-CN'), 'security-group/probe-blocked').detail).toContain(
      '第 3 条（允许 TCP 8080 ← 203.0.113.0/24）本应放行，但排在它前面的第 1 条先拒绝了。',
    )
  })

  it('is a line of the evidence', () => {
    expect(findingOf(diagnosisOf(world), 'security-group/probe-blocked').evidence).toContainEqual({
      source: 'vpc:DescribeSecurityGroupPolicies',
      fact: 'sg-shop PolicyIndex 2: ACCEPT TCP:8080 from 203.0.113.0/24',
      value: ['203.0.113.26/32'],
    })
  })

  it('is named with its group if the deny rule is in another group', () => {
    const groups = [group('sg-shut', [drop('0.0.0.0/0')]), group('sg-shop', [allow('0.0.0.0/0')])]
    const { findings } = diagnosisOf({ machines: [down('sg-shut', 'sg-shop')], groups })
    expect(findingOf({ findings }, 'security-group/probe-blocked').detail).toContain(
      'Rule 1 of sg-shop (allows TCP 8080 ← 0.0.0.0/0) would allow it, but rule 1 of sg-shut before it denies',
    )
  })

  it('is named with the part of the sources that it would allow if it would not allow all', () => {
    const groups = [group('sg-shop', [drop('100.64.0.0/10'), allow('100.64.0.0/12')])]
    const listener = { healthCheck: healthCheck({ sourceIpType: 1 }) }
    const { findings } = diagnosisOf({ listener, machines: [down('sg-shop')], groups })
    expect(findingOf({ findings }, 'security-group/probe-blocked').detail).toContain(
      'would allow 100.64.0.0/12, but rule 1 before it denies it first.',
    )
  })

  it('is named by its priority in a network ACL', () => {
    const rules = [
      entry({ priority: 1, protocol: 'TCP', port: '8080', cidr: '0.0.0.0/0', action: 'DROP' }),
      entry({ priority: 2, protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }),
    ]
    const { findings } = diagnosisOf({
      machines: [down('sg-open')],
      subnet: { networkAclId: 'acl-web' },
      acls: [acl({ ingress: rules, egress: rules.slice(1) })],
    })
    expect(findingOf({ findings }, 'network-acl/probe-blocked').detail).toContain(
      'The rule with priority 2 (allows ALL ← 0.0.0.0/0) would allow it, but the rule with priority 1 before it denies it first.',
    )
  })

  it('is not named if no allow rule matches the probe', () => {
    for (const rules of [[drop('0.0.0.0/0')], [allow('203.0.113.26', '9090')]]) {
      const { findings } = diagnosisOf({ machines: [down('sg-x')], groups: [group('sg-x', rules)] })
      expect(findingOf({ findings }, 'security-group/probe-blocked').detail).not.toContain('would allow')
    }
  })
})

describe('the blocked part of a hop', () => {
  it('covers every possible probe source in the fewest CIDRs, sorted', () => {
    const listener = { healthCheck: healthCheck({ sourceIpType: null }) }
    const diagnosis = diagnosisOf({ listener, machines: [down('sg-x')], groups: [group('sg-x', [])] })
    expect(hopOf(diagnosis, 'security-group')).toMatchObject({
      verdict: 'block',
      blockedSources: ['100.64.0.0/10', '203.0.113.26/32'],
    })
  })
})

describe('security groups whose order changes the verdict', () => {
  const groups = [group('sg-shut', [drop('203.0.113.0/24')]), group('sg-shop', [allow('0.0.0.0/0')])]
  const finding = (language: 'en' | 'zh-CN') =>
    diagnosisOf({ machines: [down('sg-shut', 'sg-shop')], groups }, language).findings.find(
      ({ code }) => code === 'security-group/order-dependent',
    )

  it('are named with the verdict and the rule for each order', () => {
    expect(finding('en')?.detail).toContain(
      'another verdict for 203.0.113.26/32: denied with sg-shut first, by sg-shut inbound rule 1 (denies TCP 8080 ← 203.0.113.0/24), allowed with sg-shop first, by sg-shop inbound rule 1 (allows TCP 8080 ← 0.0.0.0/0).',
    )
    expect(finding('zh-CN')?.detail).toContain(
      '先匹配 sg-shut 则拒绝，依据 sg-shut 第 1 条入站规则（拒绝 TCP 8080 ← 203.0.113.0/24）',
    )
  })

  it('have both outcomes in the evidence', () => {
    expect(finding('en')?.evidence.slice(1)).toEqual([
      {
        source: 'vpc:DescribeSecurityGroupPolicies',
        fact: 'sg-shut first: block',
        value: ['203.0.113.26/32'],
      },
      {
        source: 'vpc:DescribeSecurityGroupPolicies',
        fact: 'sg-shop first: pass',
        value: ['203.0.113.26/32'],
      },
    ])
  })
})

describe('one rule that blocks many backends', () => {
  it('is one finding that explains all of them', () => {
    const machines = Array.from(
      { length: 200 },
      (_, i): Machine => ({ host: i + 1, status: 'Dead', groups: ['sg-x'] }),
    )
    const diagnosis = diagnosisOf({ machines, groups: [group('sg-x', [drop('0.0.0.0/0')])] })
    expect(findingsOf(diagnosis).filter((line) => line.startsWith('security-group/'))).toHaveLength(1)
    expect(findingOf(diagnosis, 'security-group/probe-blocked').explains).toHaveLength(200)
  })
})
