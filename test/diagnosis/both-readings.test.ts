import { describe, expect, it } from 'vitest'
import type { Diagnosis, HopVerdict } from '../../src/model/diagnosis.ts'
import { entry } from '../rules/builders.ts'
import { findingOf } from '../support/findings.ts'
import { acl, diagnosisOf, findingsOf, healthCheck, type World } from '../support/snapshots.ts'

// Which port a triple egress entry means is documented both ways: the destination, which is the prober's port, or the
// source, which is the backend's. Every pair of verdicts has its certainty. The hop shows the destination reading.

const open = entry({ priority: 1, protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' })
const tcp = (port: string, cidr = '0.0.0.0/0') => ({ ...open, protocol: 'TCP', port, cidr })

interface Case {
  readonly port: number
  readonly egress: readonly ReturnType<typeof tcp>[]
  readonly fields?: Partial<World>
  readonly status?: string
}

const inOrder = (egress: Case['egress']) => egress.map((one, i) => ({ ...one, priority: i + 1 }))

const diagnosed = ({ port, egress, fields = {}, status = 'Dead' }: Case, sourceIpType = 0): Diagnosis =>
  diagnosisOf({
    machines: [{ host: 16, status, registration: { port } }],
    listener: { healthCheck: healthCheck({ sourceIpType }) },
    subnet: { networkAclId: 'acl-web' },
    acls: [acl({ ingress: [open], egress: inOrder(egress) })],
    ...fields,
  })

const replyHop = (diagnosis: Diagnosis): HopVerdict | undefined =>
  diagnosis.pools[0]?.targets[0]?.path.find(({ stage }) => stage === 'acl-out')?.verdict

const HALF = '100.64.0.0/11'

describe('the reply through a triple ACL, by destination reading and source reading', () => {
  it.each<[string, Case, HopVerdict, string]>([
    [
      'block, block',
      { port: 8080, egress: [tcp('22')] },
      'block',
      'network-acl/reply-blocked cause certain → 16',
    ],
    [
      'block, block: one open reply port of 64,512 is no cover',
      { port: 80, egress: [tcp('8443')] },
      'block',
      'network-acl/reply-blocked cause certain → 16',
    ],
    [
      'block, partial',
      { port: 80, egress: [tcp('80', HALF)] },
      'block',
      'network-acl/reply-blocked cause likely → 16',
    ],
    [
      'block, pass',
      { port: 80, egress: [tcp('80')] },
      'block',
      'network-acl/reply-blocked cause likely → 16',
    ],
    [
      'partial, block',
      { port: 5000, egress: [tcp('32768-60999')] },
      'partial',
      'network-acl/reply-blocked cause likely → 16',
    ],
    [
      'pass, block',
      { port: 80, egress: [tcp('1024-65535')] },
      'pass',
      'network-acl/reply-blocked cause possible → 16',
    ],
    [
      'partial, partial',
      { port: 40_000, egress: [tcp('32768-60999', HALF)] },
      'partial',
      'network-acl/reply-partly-blocked cause possible → 16',
    ],
    [
      'partial, pass',
      { port: 40_000, egress: [tcp('32768-60999')] },
      'partial',
      'network-acl/reply-partly-blocked cause possible → 16',
    ],
  ])('%s', (_, one, hop, finding) => {
    const diagnosis = diagnosed(one, 1)
    expect(findingsOf(diagnosis)).toContain(finding)
    expect(findingsOf(diagnosis).filter((line) => line.startsWith('network-acl/'))).toHaveLength(1)
    expect(replyHop(diagnosis)).toBe(hop)
  })

  it.each<[string, Case]>([
    ['both readings let a part out', { port: 40_000, egress: [tcp('32768-60999', HALF)], status: 'Alive' }],
    ['one reading lets all out, one a part', { port: 40_000, egress: [tcp('32768-60999')], status: 'Alive' }],
  ])('is a risk while the backend is Alive and %s', (_, one) => {
    expect(diagnosed(one, 1).findings.map(({ code, role }) => `${code} ${role}`)).toContain(
      'network-acl/reply-partly-blocked risk',
    )
  })

  it('finds nothing where the destination reading lets all replies out and the source reading a part', () => {
    const egress = [tcp('1024-65535'), tcp('80', HALF)]
    expect(findingsOf(diagnosed({ port: 80, egress }, 1)).join()).not.toContain('network-acl')
  })

  it('stays a likely cause beside a security group that may be exempt', () => {
    const one = {
      port: 5000,
      egress: [tcp('32768-60999')],
      fields: {
        machines: [{ host: 16, status: 'Dead', groups: ['sg-a'], registration: { port: 5000 } }],
        groups: [{ id: 'sg-a', region: 'ap-guangzhou', version: '1', ingress: [] }],
      },
    }
    expect(findingsOf(diagnosed(one, 1)).slice(0, 2)).toEqual([
      'network-acl/reply-blocked cause likely → 16',
      'security-group/probe-blocked cause possible → 16',
    ])
  })

  it('names both readings and how sure that is', () => {
    const { detail, fix } = findingOf(
      diagnosed({ port: 5000, egress: [tcp('32768-60999')] }),
      'network-acl/reply-blocked',
    )
    expect(detail).toContain('if the port of a triple egress entry means the source port')
    expect(detail).toContain('If it means the destination port, only a part is let out.')
    expect(detail).toContain('Prober ports not open: 1024-32767, 61000-65535.')
    expect(detail).toMatch(/So this is likely, not certain\.$/)
    expect(fix?.verified).toBe(true)
  })

  it('has a fix that opens both ports where only the source reading blocks', () => {
    const { fix } = findingOf(
      diagnosed({ port: 80, egress: [tcp('1024-65535')] }),
      'network-acl/reply-blocked',
    )
    expect(fix?.verified).toBe(true)
    expect(fix?.commands?.[0]?.line).toContain('"Port":"80"')
  })

  it('splits the backends of one ACL by how sure the block is for each', () => {
    const diagnosis = diagnosed({
      port: 80,
      egress: [tcp('80'), tcp('8443')],
      fields: {
        machines: [
          { host: 16, status: 'Dead', registration: { port: 80 } },
          { host: 17, status: 'Dead', registration: { port: 5000 } },
        ],
      },
    })
    expect(findingsOf(diagnosis).slice(0, 2)).toEqual([
      'network-acl/reply-blocked cause certain → 17',
      'network-acl/reply-blocked cause likely → 16',
    ])
    const [first, second] = diagnosis.findings.map(({ fix }) => fix)
    expect([first?.verified, second?.verified]).toEqual([true, true])
    expect(second?.commands).toBeUndefined()
  })
})

describe('a cover that leaves less than one in a thousand open', () => {
  it('is a block, and the report names the open port', () => {
    const diagnosis = diagnosed({ port: 80, egress: [tcp('8443')] })
    expect(findingOf(diagnosis, 'network-acl/reply-blocked').detail).toContain(
      'only TCP 8443 is open of 64,512 reply ports',
    )
    const hop = diagnosis.pools[0]?.targets[0]?.path.find(({ stage }) => stage === 'acl-out')
    expect(hop).toMatchObject({ verdict: 'block', detail: expect.stringContaining('only TCP 8443 is open') })
    expect(hop?.blockedSources).toBeUndefined()
  })

  it.each([
    ['64 ports of 64,512', '40000-40063', 'block'],
    ['65 ports of 64,512', '40000-40064', 'partial'],
  ])('%s give a %s', (_, ports, verdict) => {
    expect(replyHop(diagnosed({ port: 80, egress: [tcp(ports)] }))).toBe(verdict)
  })

  const group = (cidr: string, port = '8080') => ({
    machines: [{ host: 16, status: 'Dead', groups: ['sg-a'] }],
    listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
    groups: [
      {
        id: 'sg-a',
        region: 'ap-guangzhou',
        version: '1',
        ingress: [{ ...RULE, port, cidr, action: 'ACCEPT', protocol: 'TCP' }],
      },
    ],
  })
  const RULE = {
    index: 0,
    service: null,
    ipv6Cidr: null,
    sourceGroupId: null,
    address: null,
    description: null,
    modifiedAt: null,
  }

  it('is a block of a security group that opens one address of 100.64.0.0/10', () => {
    const diagnosis = diagnosisOf(group('100.64.3.7/32'))
    expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked cause possible → 16')
    expect(findingOf(diagnosis, 'security-group/probe-blocked').detail).toContain(
      'only 100.64.3.7/32 of 4,194,304 source addresses gets through',
    )
    // The blocked part stays exact.
    const hop = diagnosis.pools[0]?.targets[0]?.path.find(({ stage }) => stage === 'security-group')
    expect(hop?.verdict).toBe('block')
    expect(hop?.blockedSources).not.toContain('100.64.0.0/10')
    expect(hop?.blockedSources).toContain('100.64.3.6/32')
  })

  it('does not count one open SNAT IP of ten, which is a tenth of the probes', () => {
    const snatIps = Array.from({ length: 10 }, (_, i) => ({ ip: `10.0.9.${i + 1}`, subnetId: 'subnet-snat' }))
    const diagnosis = diagnosisOf({
      ...group('10.0.9.1/32'),
      machines: [{ host: 16, status: 'Dead', groups: ['sg-a'], registration: { type: 'CCN' } }],
      balancer: { snatPro: true, snatIps },
      replace: {
        crossTargets: {
          '10.0.1.16': {
            state: 'ok',
            value: { instanceId: 'ins-00000016', vpcId: 'vpc-1ywqac83', region: 'ap-guangzhou' },
          },
        },
      } as never,
    })
    expect(findingsOf(diagnosis).join()).toContain('security-group/probe-partly-blocked')
  })
})
