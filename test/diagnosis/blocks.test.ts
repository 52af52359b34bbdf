import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { entry } from '../rules/builders.ts'
import { findingOf, gapOf } from '../support/findings.ts'
import { acl, allow, diagnosisOf, findingsOf, group, healthCheck } from '../support/snapshots.ts'

const codesOf = ({ findings }: Diagnosis) => findings.map(({ code }) => code)

const VIP = '203.0.113.26/32'
const closed = group('sg-closed', [allow('10.0.0.0/8')])
const openAcl = entry({ priority: 1, protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' })

describe('a security group that blocks probes from the VIP', () => {
  const world = {
    machines: [
      { host: 16, status: 'Dead', groups: ['sg-closed'] },
      { host: 17, status: 'Dead', groups: ['sg-closed'] },
      { host: 18, status: 'Alive' },
    ],
    groups: [closed],
  }

  it('is a certain cause for the Dead backends behind it', () => {
    const diagnosis = diagnosisOf(world)
    expect(findingsOf(diagnosis)[0]).toBe('security-group/probe-blocked cause certain → 16,17')
    expect(diagnosis.verdict).toBe('degraded')
    expect(diagnosis.gaps).toEqual([])
  })

  it('is shown on the path with its id, the exact blocked source and the implicit deny', () => {
    const [target] = diagnosisOf(world).pools[0]?.targets ?? []
    const hop = target?.path.find(({ stage }) => stage === 'security-group')
    expect(hop).toMatchObject({
      verdict: 'block',
      decidedBy: { type: 'security-group', id: 'sg-closed', ruleIndex: null },
      blockedSources: [VIP],
    })
  })

  it('is named together with the other groups of the backend, in both languages', () => {
    const machines = [{ host: 16, status: 'Dead', groups: ['sg-closed', 'sg-shut'] }]
    const bound = { machines, groups: [closed, group('sg-shut', [])] }
    expect(findingOf(diagnosisOf(bound), 'security-group/probe-blocked').title).toContain(
      'sg-closed, sg-shut',
    )
    expect(findingOf(diagnosisOf(bound, 'zh-CN'), 'security-group/probe-blocked').title).toContain(
      'sg-closed、sg-shut',
    )
  })

  it('is fixed by one rule that a new evaluation verifies', () => {
    const fix = findingOf(diagnosisOf(world), 'security-group/probe-blocked').fix
    expect(fix?.verified).toBe(true)
    expect(fix?.commands?.[0]).toEqual({
      tool: 'tccli',
      line: `tccli vpc CreateSecurityGroupPolicies --region ap-guangzhou --SecurityGroupId sg-closed --SecurityGroupPolicySet '{"Version":"1","Ingress":[{"Protocol":"TCP","Port":"8080","CidrBlock":"203.0.113.26/32","Action":"ACCEPT","PolicyDescription":"CLB health check"}]}'`,
    })
  })

  it('is only a note if a healthy backend is behind the same rule', () => {
    const [first, second, third] = world.machines
    const machines = [first, { ...second, host: 17, status: 'Alive' }, third].flatMap((m) => m ?? [])
    const diagnosis = diagnosisOf({ ...world, machines })
    expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked note possible')
    expect(diagnosis.findings.find(({ role }) => role === 'note')?.contradictedBy).toEqual([
      'lbl-aaaaaaaa/-/10.0.1.17:8080',
    ])
    expect(diagnosis.findings.some(({ role }) => role === 'cause')).toBe(false)
    expect(gapOf(diagnosis, 'this backend fails').byHand?.length).toBeGreaterThan(2)
  })

  it('is not evaluated if "allow by default" is on', () => {
    const diagnosis = diagnosisOf({ ...world, balancer: { passToTarget: true } })
    expect(codesOf(diagnosis)).not.toContain('security-group/probe-blocked')
    expect(diagnosis.checks.find(({ check }) => check === 'security-group')?.outcome).toBe('not-applicable')
  })

  it('is a gap if it is unknown whether "allow by default" is on', () => {
    const diagnosis = diagnosisOf({ ...world, balancer: { passToTarget: null } })
    expect(codesOf(diagnosis)).not.toContain('security-group/probe-blocked')
    expect(diagnosis.gaps.map(({ what }) => what).join()).toContain('security group')
  })
})

describe('a security group that blocks probes from 100.64.0.0/10', () => {
  const probes = { healthCheck: healthCheck({ sourceIpType: 1 }) }

  it('has a detail that says why it is not proven, unlike a block of the VIP', () => {
    const machines = [{ host: 16, status: 'Dead', groups: ['sg-closed'] }]
    const detail = (listener: object) =>
      findingOf(diagnosisOf({ machines, groups: [closed], listener }), 'security-group/probe-blocked').detail
    expect(detail(probes)).toMatch(/documents differ .* So this is possible, not proven\.$/)
    expect(detail({})).toMatch(/ 1 backend affected\.$/)
  })

  it('is only a possible cause, because the platform may exempt backends of the same account', () => {
    const diagnosis = diagnosisOf({
      listener: probes,
      machines: [
        { host: 16, status: 'Dead', groups: ['sg-closed'] },
        { host: 18, status: 'Alive' },
      ],
      groups: [closed],
    })
    expect(findingsOf(diagnosis)[0]).toBe('security-group/probe-blocked cause possible → 16')
    expect(diagnosis.headline).toContain('not proven')
    expect(diagnosis.gaps).toHaveLength(1)
  })

  it('is a risk with the exact blocked part if it blocks only a part and every backend is Alive', () => {
    const diagnosis = diagnosisOf({
      listener: probes,
      machines: [{ host: 16, status: 'Alive', groups: ['sg-half'] }],
      groups: [group('sg-half', [allow('100.64.0.0/11')])],
    })
    expect(findingsOf(diagnosis)).toEqual(['security-group/probe-partly-blocked risk possible'])
    const hop = diagnosis.pools[0]?.targets[0]?.path.find(({ stage }) => stage === 'security-group')
    expect(hop).toMatchObject({ verdict: 'partial', blockedSources: ['100.96.0.0/11'] })
    expect(diagnosis.verdict).toBe('healthy')
  })
})

describe('a probe source that the API does not return', () => {
  const unsaid = { healthCheck: healthCheck({ sourceIpType: null }) }
  const machine = { host: 16, status: 'Dead', groups: ['sg-one'] }

  it('gives a possible cause if both possible sources are blocked', () => {
    const diagnosis = diagnosisOf({ listener: unsaid, machines: [machine], groups: [group('sg-one', [])] })
    expect(findingsOf(diagnosis)[0]).toBe('security-group/probe-blocked cause possible → 16')
  })

  it('gives a gap and no cause if only one possible source is blocked', () => {
    const groups = [group('sg-one', [allow('203.0.113.26')])]
    const diagnosis = diagnosisOf({ listener: unsaid, machines: [machine], groups })
    expect(diagnosis.findings.filter(({ role }) => role === 'cause')).toEqual([])
    expect(gapOf(diagnosis, 'source IP of the probes').why).toContain(
      'from VIP they are let in, from 100.64.0.0/10 they are denied (security group sg-one, default deny)',
    )
  })
})

describe('a network ACL', () => {
  const behind = (ingress = [openAcl], egress = [openAcl]) => ({
    subnet: { networkAclId: 'acl-web' },
    machines: [{ host: 16, status: 'Dead' }],
    acls: [acl({ ingress, egress })],
  })

  it('that denies the probe is a certain cause', () => {
    expect(findingsOf(diagnosisOf(behind([])))[0]).toBe('network-acl/probe-blocked cause certain → 16')
  })

  it('that denies the reply under both readings of the port is a certain cause', () => {
    expect(findingsOf(diagnosisOf(behind([openAcl], [])))[0]).toBe(
      'network-acl/reply-blocked cause certain → 16',
    )
  })

  it('that opens only the service port for replies is not a certain cause, because the port is documented both ways', () => {
    const service = entry({ priority: 1, protocol: 'TCP', port: '8080', cidr: '0.0.0.0/0', action: 'ACCEPT' })
    const diagnosis = diagnosisOf(behind([openAcl], [service]))
    // The prober may use port 8080. Read as the destination port, the entry lets one of 64,512 replies out.
    expect(findingsOf(diagnosis)[0]).toBe('network-acl/reply-blocked cause likely → 16')
    // The prober never uses port 443. Read as the destination port, the entry lets no reply out; as the source port, all.
    const low = entry({ ...service, port: '443' })
    const probes443 = { listener: { healthCheck: healthCheck({ port: 443 }) } }
    expect(findingsOf(diagnosisOf({ ...behind([openAcl], [low]), ...probes443 }))[0]).toBe(
      'network-acl/reply-blocked cause likely → 16',
    )
  })

  it('that blocks the reply only under the other reading is a possible cause, and the hop passes', () => {
    const ephemeral = entry({
      priority: 1,
      protocol: 'TCP',
      port: '1024-65535',
      cidr: '0.0.0.0/0',
      action: 'ACCEPT',
    })
    const world = behind([openAcl], [ephemeral])
    const probes443 = { ...world, listener: { healthCheck: healthCheck({ port: 443 }) } }
    const diagnosis = diagnosisOf(probes443)
    expect(findingsOf(diagnosis)[0]).toBe('network-acl/reply-blocked cause possible → 16')
    const hop = diagnosis.pools[0]?.targets[0]?.path.find(({ stage }) => stage === 'acl-out')
    expect(hop?.verdict).toBe('pass')
  })

  it('gets an egress entry as the fix that is right under both readings', () => {
    const fix = findingOf(diagnosisOf(behind([openAcl], [])), 'network-acl/reply-blocked').fix
    expect(fix?.verified).toBe(true)
    expect(fix?.commands?.[0]?.line).toContain('CreateNetworkAclEntries')
    expect(fix?.commands?.[0]?.line).toContain('"Port":"1024-65535","CidrBlock":"203.0.113.26/32"')
  })

  it('does not filter the probes of a private CLB in the same subnet', () => {
    const diagnosis = diagnosisOf({
      ...behind([], []),
      balancer: { networkType: 'INTERNAL', vips: ['10.0.1.10'], subnetId: 'subnet-web' },
    })
    expect(diagnosis.findings.filter(({ role }) => role === 'cause')).toEqual([])
  })
})
