import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { findingOf, gapOf } from '../support/findings.ts'
import {
  acl,
  allow,
  denied,
  diagnosisOf,
  diagnosisOfSnapshot,
  drop,
  findingsOf,
  group,
  healthCheck,
  snapshotOf,
  unavailable,
} from '../support/snapshots.ts'

const codesOf = ({ findings }: Diagnosis) => findings.map(({ code }) => code)

const closed = group('sg-closed', [allow('10.0.0.0/8')])

describe('several faults', () => {
  it('on one backend are both causes, and the detail of each names the other', () => {
    const diagnosis = diagnosisOf({
      machines: [{ host: 16, status: 'Dead', groups: ['sg-closed'], instance: { state: 'STOPPED' } }],
      groups: [closed],
    })
    expect(findingsOf(diagnosis).filter((line) => line.includes('cause'))).toEqual([
      'security-group/probe-blocked cause certain → 16',
      'instance-state/not-running cause certain → 16',
    ])
    for (const { detail, code } of diagnosis.findings.filter(({ role }) => role === 'cause'))
      expect([code, detail]).toEqual([
        code,
        expect.stringMatching(/For 10\.0\.1\.16:8080 there is another cause: /),
      ])
  })

  it('in the ingress and the egress of an ACL do not contradict each other', () => {
    const diagnosis = diagnosisOf({
      machines: [{ host: 16, status: 'Dead' }],
      subnet: { networkAclId: 'acl-web' },
      acls: [acl({})],
    })
    const details = diagnosis.findings.filter(({ role }) => role === 'cause').map(({ detail }) => detail)
    expect(details).toHaveLength(2)
    expect(details.join()).not.toContain('gets in')
  })

  it('on one backend are a cause and a contributor if one is certain and the other only possible', () => {
    const diagnosis = diagnosisOf({
      listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
      machines: [{ host: 16, status: 'Dead', groups: ['sg-closed'], instance: { state: 'STOPPED' } }],
      groups: [closed],
    })
    expect(findingsOf(diagnosis)).toContain('instance-state/not-running cause certain → 16')
    expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked contributor possible → 16')
  })

  it('on many backends are one finding if one group causes them', () => {
    const machines = Array.from({ length: 50 }, (_, i) => ({
      host: i + 10,
      status: 'Dead',
      groups: ['sg-closed'],
    }))
    const diagnosis = diagnosisOf({ machines, groups: [closed] })
    expect(diagnosis.findings.filter(({ code }) => code === 'security-group/probe-blocked')).toHaveLength(1)
    expect(findingOf(diagnosis, 'security-group/probe-blocked').explains).toHaveLength(50)
  })
})

describe('the verdict', () => {
  it('is down if every backend with weight is Dead, and a note says that the CLB forwards to all', () => {
    const diagnosis = diagnosisOf({
      machines: [
        { host: 16, status: 'Dead' },
        { host: 17, status: 'Dead' },
        { host: 18, status: 'Alive', weight: 0 },
      ],
    })
    expect(diagnosis.verdict).toBe('down')
    expect(diagnosis.pools[0]?.fallback).toBe(true)
    expect(findingsOf(diagnosis)).toContain('all-backends-down/fallback-active note certain')
  })

  it('is inconclusive if health could not be read', () => {
    const snapshot = snapshotOf({ machines: [{ host: 16, status: 'Alive' }] })
    const diagnosis = diagnosisOfSnapshot({ ...snapshot, health: unavailable('clb:DescribeTargetHealth') })
    expect(diagnosis.verdict).toBe('inconclusive')
    expect(gapOf(diagnosis, 'health of the backends')).toMatchObject({
      action: 'clb:DescribeTargetHealth',
      errorCode: 'Http502',
    })
  })

  it('is inconclusive if the CLB, its listeners or its registrations could not be read', () => {
    const snapshot = snapshotOf({ machines: [{ host: 16, status: 'Alive' }] })
    for (const part of ['loadBalancer', 'listeners', 'registrations'] as const) {
      const diagnosis = diagnosisOfSnapshot({ ...snapshot, [part]: denied('clb:DescribeListeners') })
      expect([part, diagnosis.verdict]).toEqual([part, 'inconclusive'])
    }
  })

  it('is inconclusive if one backend is Alive and another Unknown, and ignores a backend in Close', () => {
    const machines = (status: string) => [
      { host: 16, status: 'Alive' },
      { host: 17, status },
    ]
    expect(diagnosisOf({ machines: machines('Unknown') }).verdict).toBe('inconclusive')
    expect(diagnosisOf({ machines: machines('Close') }).verdict).toBe('healthy')
  })

  it('is degraded if the CLB or its listener does not serve', () => {
    const machines = [{ host: 16, status: 'Alive' }]
    expect(diagnosisOf({ machines, balancer: { isolated: true } }).verdict).toBe('degraded')
    expect(diagnosisOf({ machines, listener: { stopped: true } }).verdict).toBe('degraded')
  })

  it('is inconclusive if the API returns a new status, and a gap shows its text', () => {
    const diagnosis = diagnosisOf({ machines: [{ host: 16, status: 'Zombie' }] })
    expect(diagnosis.verdict).toBe('inconclusive')
    expect(diagnosis.pools[0]?.targets[0]).toMatchObject({ status: 'Unknown', statusDetail: 'Zombie' })
    expect(findingsOf(diagnosis)).toEqual([])
    expect(diagnosis.gaps.some(({ why }) => why.includes('Zombie'))).toBe(true)
  })
})

describe('a read that failed', () => {
  it('makes the hop unknown and gives a gap that names the CAM action to grant', () => {
    const snapshot = snapshotOf({
      machines: [{ host: 16, status: 'Dead' }],
      subnet: { networkAclId: 'acl-web' },
    })
    const diagnosis = diagnosisOfSnapshot({
      ...snapshot,
      networkAcls: { 'acl-web': denied('vpc:DescribeNetworkAcls') },
    })
    const hop = diagnosis.pools[0]?.targets[0]?.path.find(({ stage }) => stage === 'acl-in')
    expect(hop?.verdict).toBe('unknown')
    expect(diagnosis.gaps).toContainEqual(
      expect.objectContaining({ action: 'vpc:DescribeNetworkAcls', grant: 'vpc:DescribeNetworkAcls' }),
    )
    expect(diagnosis.checks.find(({ check }) => check === 'network-acl')?.outcome).toBe('unknown')
  })

  const grouped = { registration: { targetGroupId: 'lbtg-shop' } }
  const bound = {
    machines: [{ host: 16, status: 'Dead', groups: ['sg-closed'], ...grouped }],
    groups: [closed],
  }

  it.each([
    ['the listeners', { listeners: denied('clb:DescribeListeners') }, 'clb:DescribeListeners'],
    [
      'the target group',
      { targetGroups: { 'lbtg-shop': denied('clb:DescribeTargetGroups') } },
      'clb:DescribeTargetGroups',
    ],
  ])('of %s makes every hop unknown, because it is unknown what is probed', (_, change, action) => {
    const diagnosis = diagnosisOfSnapshot({ ...snapshotOf(bound), ...change })
    const verdicts = diagnosis.pools[0]?.targets[0]?.path.map(({ verdict }) => verdict)
    expect(new Set(verdicts)).toEqual(new Set(['unknown']))
    expect(codesOf(diagnosis)).toEqual(['all-backends-down/fallback-active'])
    expect(diagnosis.gaps.map((gap) => [gap.action, gap.grant])).toContainEqual([action, action])
  })

  it('differs from a health check that the API does not return, which is a gap of its own', () => {
    const diagnosis = diagnosisOf({
      machines: bound.machines,
      groups: [closed],
      listener: { healthCheck: null },
    })
    expect(codesOf(diagnosis)).toEqual(['all-backends-down/fallback-active'])
    expect(diagnosis.gaps.map(({ why }) => why).join()).toContain('no settings of the health check')
  })
})

describe('a rule without backends', () => {
  const rule = (id: string, redirectsTo: string | null) => ({
    locationId: id,
    domain: 'shop.example.com',
    url: '/',
    healthCheck: healthCheck({ type: 'HTTP' }),
    forwardType: 'HTTP',
    targetType: 'NODE',
    targetGroupIds: [],
    redirectsTo,
  })

  it('is a risk unless it redirects to another listener', () => {
    const world = (redirectsTo: string | null) => ({
      listener: { protocol: 'HTTP', port: 80, rules: [rule('loc-aaaaaaaa', redirectsTo)] },
      machines: [],
    })
    expect(findingsOf(diagnosisOf(world(null)))).toEqual(['pool-membership/no-targets risk certain'])
    expect(findingsOf(diagnosisOf(world('lbl-https')))).toEqual([])
    expect(diagnosisOf(world('lbl-https')).verdict).toBe('inconclusive')
  })
})

describe('the same snapshot', () => {
  it('gives the same bytes', () => {
    const world = {
      machines: [
        { host: 16, status: 'Dead', groups: ['sg-a', 'sg-b'] },
        { host: 17, status: 'Alive' },
      ],
      groups: [group('sg-a', [drop('203.0.113.0/24')]), group('sg-b', [allow('0.0.0.0/0')])],
    }
    expect(JSON.stringify(diagnosisOf(world))).toBe(JSON.stringify(diagnosisOf(world)))
    expect(findingsOf(diagnosisOf(world))).toContain('security-group/order-dependent risk likely')
    expect(findingsOf(diagnosisOf(world))[0]).toBe('security-group/probe-blocked cause likely → 16')
  })
})
