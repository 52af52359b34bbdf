import { describe, expect, it } from 'vitest'
import { ok } from '../../src/model/fact.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { findingOf, gapOf } from '../support/findings.ts'
import {
  denied,
  diagnosisOf,
  diagnosisOfSnapshot,
  findingsOf,
  group,
  type Machine,
  snapshotOf,
  unavailable,
  type World,
} from '../support/snapshots.ts'

const CODE = 'instance-state/no-public-bandwidth'
const ACCOUNT = 'vpc:DescribeNetworkAccountType'

const at = (
  host: number,
  status: string,
  publicBandwidth?: number,
  fields: Partial<Machine> = {},
): Machine => ({
  host,
  status,
  ...fields,
  instance: { ...(publicBandwidth === undefined ? {} : { publicBandwidth }), ...fields.instance },
})

const LEGACY: Partial<Snapshot> = { accountType: ok('LEGACY') }
const SICK = [at(16, 'Dead', 0), at(17, 'Dead', 0), at(21, 'Alive', 5), at(23, 'Alive', 5)]
const world = (fields: Partial<World> = {}): World => ({ machines: SICK, replace: LEGACY, ...fields })

const EXPECTED = {
  entry: 1,
  code: CODE,
  resource: 'ins-00000016',
  reason: 'known',
  until: '2027-01-01',
} as const

const codesOf = (fields: Partial<World>): string => findingsOf(diagnosisOf(world(fields))).join()
const outcomeOf = (fields: Partial<World>) =>
  diagnosisOf(world(fields)).checks.find(({ check }) => check === 'instance-state')
const actionsOf = (fields: Partial<World>): readonly (string | undefined)[] =>
  diagnosisOf(world(fields)).gaps.map(({ action }) => action)

describe('machines without public bandwidth behind a public CLB of an account billed by CVM', () => {
  it('are a likely cause, with what confirms it and the command', () => {
    const diagnosis = diagnosisOf(world())
    expect(findingsOf(diagnosis)).toEqual([`${CODE} cause likely → 16,17`])
    const { title, detail, fix, evidence, severity } = findingOf(diagnosis, CODE)
    expect(severity).toBe('high')
    expect(title).toBe(
      '2 instances are without public bandwidth, and this account is billed for bandwidth by CVM',
    )
    expect(detail).toContain('bill-by-CVM type (LEGACY)')
    expect(detail).toContain('214/38451')
    expect(detail).toContain('To confirm: give one of them 1 Mbit/s')
    expect(detail).toContain('So this is likely, not certain.')
    expect(evidence.map(({ source, value }) => [source, value])).toEqual([
      [ACCOUNT, 'LEGACY'],
      ['cvm:DescribeInstances', 0],
    ])
    expect(fix).toMatchObject({ kind: 'settings', verified: false })
    expect(fix?.summary).toContain('bandwidth or traffic is then billed on the instances')
    expect(fix?.commands?.map(({ line }) => line)).toEqual([
      `tccli cvm ResetInstancesInternetMaxBandwidth --region ap-guangzhou --InstanceIds '["ins-00000016","ins-00000017"]' --InternetAccessible '{"InternetMaxBandwidthOut":1}'`,
    ])
  })

  it('are named in Chinese, one by its id', () => {
    const machines = [at(16, 'Dead', 0), at(21, 'Alive', 5)]
    const { title, detail } = findingOf(diagnosisOf(world({ machines }), 'zh-CN'), CODE)
    expect(title).toBe('云服务器 ins-00000016（10.0.1.16）没有公网带宽，而该账号的公网带宽按云服务器计费')
    expect(detail).toContain('因此结论是“很可能”')
  })

  it('need no name', () => {
    const machines = [at(16, 'Dead', 0, { registration: { name: null } })]
    const { resources } = findingOf(diagnosisOf(world({ machines })), CODE)
    expect(resources).toEqual([expect.not.objectContaining({ name: expect.anything() })])
  })

  it('are mended by one command for 100 of them', () => {
    const machines = Array.from({ length: 130 }, (_, i) => at(i + 1, 'Dead', 0))
    const { fix } = findingOf(diagnosisOf(world({ machines })), CODE)
    expect(fix?.commands).toHaveLength(2)
  })

  it('are a cause on a classic public CLB too, and for backends of weight 0', () => {
    const balancer = { generation: 'classic' } as const
    expect(codesOf({ balancer, machines: [at(16, 'Dead', 0, { weight: 0 })] })).toContain(
      `${CODE} cause likely`,
    )
  })

  it('are only possible as a cause if a hop could not be judged, each machine by itself', () => {
    const machines = [at(16, 'Dead', 0), at(17, 'Dead', 0, { groups: ['sg-unread'] })]
    const diagnosis = diagnosisOf(
      world({
        machines,
        replace: {
          ...LEGACY,
          securityGroups: {
            'sg-open': ok(
              group('sg-open', [{ protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }]),
            ),
            'sg-unread': denied('vpc:DescribeSecurityGroupPolicies'),
          },
        },
      }),
    )
    expect(findingsOf(diagnosis)).toEqual(
      expect.arrayContaining([`${CODE} cause likely → 16`, `${CODE} cause possible → 17`]),
    )
    const unsure = diagnosis.findings.find(({ certainty }) => certainty === 'possible')
    expect(unsure?.detail).toContain('A part of the path could not be judged')
  })
})

describe('public bandwidth is no cause', () => {
  const balancer = (fields: World['balancer']): Partial<World> => ({ balancer: fields ?? {} })
  const all = (fields: Partial<Machine>): Partial<World> => ({
    machines: SICK.map((one) => ({ ...one, ...fields, instance: { ...one.instance, ...fields.instance } })),
  })
  it.each<readonly [string, Partial<World>]>([
    ['in a standard account', { replace: { accountType: ok('STANDARD') } }],
    ['behind a private CLB', balancer({ networkType: 'INTERNAL' })],
    ['behind an IPv6 CLB', balancer({ ipVersion: 'ipv6' })],
    ['behind a NAT64 CLB', balancer({ ipVersion: 'ipv6-nat64' })],
    ['for backends of another region', balancer({ targetRegion: 'ap-shanghai' })],
    ['for machines of another VPC', all({ instance: { vpcId: 'vpc-other001' } })],
    ['for backends that are no machines', all({ registration: { type: 'ENI' } })],
    ['for IPv6 addresses', { machines: [at(16, 'Dead', 0, { registration: { ip: '2402:4e00::16' } })] }],
    ['for machines that have some', { machines: [at(16, 'Dead', 1), at(17, 'Dead', 100)] }],
    ['if every machine is healthy', { machines: [at(16, 'Alive', 0)] }],
    ['if nothing was probed', { machines: [at(16, 'Close', 0)] }],
    ['for a machine that does not exist', { machines: [{ host: 16, status: 'Dead', instance: null }] }],
    [
      'if the CLB was not read',
      { replace: { ...LEGACY, loadBalancer: denied('clb:DescribeLoadBalancers') } },
    ],
  ])('%s, and no gap asks about it', (_, fields) => {
    expect(codesOf(fields)).not.toContain(CODE)
    expect(actionsOf(fields)).not.toContain(ACCOUNT)
  })

  it('if a healthy machine has none: then probes do not need it', () => {
    const machines = [...SICK, at(22, 'Alive', 0)]
    const diagnosis = diagnosisOf(world({ machines }))
    const { role, certainty, contradictedBy, title, fix } = findingOf(diagnosis, CODE)
    expect({ role, certainty, fix }).toEqual({ role: 'note', certainty: 'possible', fix: null })
    expect(contradictedBy.join()).toContain('10.0.1.22')
    expect(title).toBe(
      '3 instances are without public bandwidth, and this account is billed for bandwidth by CVM, yet 1 backend behind it is healthy',
    )
    const expected = diagnosisOf(world({ machines }), 'en', { expected: [EXPECTED] })
    expect(findingsOf(expected).join()).not.toContain(`${CODE} cause`)
  })

  it('for backends that certain or likely causes explain, and it is for the others', () => {
    const machines = [at(16, 'Dead', 0, { groups: ['sg-deny'] }), at(17, 'Dead', 0)]
    const groups = [group('sg-deny', [])]
    const both = diagnosisOf(world({ machines, groups }))
    expect(findingsOf(both)).toEqual([
      'security-group/probe-blocked cause certain → 16',
      `${CODE} cause likely → 17`,
      'all-backends-down/fallback-active note certain',
    ])
    expect(findingOf(both, CODE).resources.map(({ id }) => id)).toEqual(['ins-00000017'])
    expect(codesOf({ machines: machines.slice(0, 1), groups })).not.toContain(CODE)
    const isolated = [at(16, 'Dead', 0, { instance: { restrictState: 'EXPIRED' } })]
    expect(codesOf({ machines: isolated })).not.toContain(CODE)
  })

  it('any more if the user expects it of one machine, which stays a note of its own', () => {
    const found = findingsOf(diagnosisOf(world(), 'en', { expected: [EXPECTED] }))
    expect(found).toEqual([`${CODE} cause likely → 17`, `${CODE} note likely → 16`])
  })
})

describe('a missing fact about public bandwidth', () => {
  it('is a gap that names the permission, if the account type was denied', () => {
    const fields = { replace: { accountType: denied(ACCOUNT) } }
    const diagnosis = diagnosisOf(world(fields))
    expect(findingsOf(diagnosis).join()).not.toContain(CODE)
    expect(outcomeOf(fields)).toMatchObject({ outcome: 'unknown', reason: 'bandwidth-unread' })
    const gap = gapOf(diagnosis, 'How the account is billed for public bandwidth, for 2 backends')
    expect(gap).toMatchObject({
      action: ACCOUNT,
      grant: ACCOUNT,
      errorCode: 'UnauthorizedOperation.CamNoAuth',
    })
    expect(gap.why).toContain('a public CLB finds instances without public bandwidth unhealthy')
    expect(gapOf(diagnosisOf(world(fields), 'zh-CN'), '账号的公网计费类型').why).toContain('没有权限')
  })

  it('is a gap without a permission, if the read failed or the snapshot is older', () => {
    const failed = gapOf(
      diagnosisOf(world({ replace: { accountType: unavailable(ACCOUNT) } })),
      'How the account',
    )
    expect(failed.grant).toBeUndefined()
    const { accountType: _, ...older } = snapshotOf(world())
    const gap = gapOf(diagnosisOfSnapshot(older), 'How the account is billed')
    expect(gap.why).toContain('this snapshot did not read it')
    expect([gap.grant, gap.errorCode]).toEqual([undefined, undefined])
  })

  it('is a gap if the bandwidth of a machine is missing in an account billed by CVM', () => {
    const fields = { machines: [at(16, 'Dead')] }
    expect(codesOf(fields)).not.toContain(CODE)
    expect(outcomeOf(fields)).toMatchObject({ outcome: 'unknown', reason: 'bandwidth-unread' })
    const gap = gapOf(diagnosisOf(world(fields)), 'The public bandwidth of 1 backend: 10.0.1.16:8080')
    expect(gap).toMatchObject({ action: 'cvm:DescribeInstances' })
  })

  it('is a gap also if the machine itself was not read', () => {
    const instances = { 'ins-00000016': denied('cvm:DescribeInstances') }
    const fields = { machines: [at(16, 'Dead')], replace: { accountType: denied(ACCOUNT), instances } }
    expect(actionsOf(fields)).toContain(ACCOUNT)
    expect(outcomeOf(fields)).toMatchObject({ reason: 'machines-unread' })
  })

  it('is no gap for machines that certain causes explain, or that have public bandwidth', () => {
    const replace = { accountType: denied(ACCOUNT) }
    const groups = [group('sg-deny', [])]
    const machines = [at(16, 'Dead', 0, { groups: ['sg-deny'] }), at(17, 'Dead', 1), at(21, 'Alive', 0)]
    expect(actionsOf({ replace, groups, machines })).not.toContain(ACCOUNT)
  })
})
