import { describe, expect, it } from 'vitest'
import type { Diagnosis, Hop, HopStage } from '../../src/model/diagnosis.ts'
import { poolName } from '../../src/model/endpoint.ts'
import { ok } from '../../src/model/fact.ts'
import { shop } from '../../src/simulator/base.ts'
import { entry } from '../rules/builders.ts'
import { findingOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import {
  acl,
  allow,
  diagnosisOf,
  drop,
  findingsOf,
  group,
  healthCheck,
  type World,
} from '../support/snapshots.ts'

// A listener for the ports 20000-20100. It is not documented which port of a backend is probed.

const RANGE = { port: 20_000, endPort: 20_100 }
const ANY = '0.0.0.0/0'

const ranged = (fields: Partial<World> = {}): World => ({
  machines: [{ host: 16, status: 'Dead', groups: ['sg-most'], registration: { port: 20_000 } }],
  listener: RANGE,
  groups: [group('sg-most', [allow(ANY, '20101-20200')])],
  ...fields,
})

const behind = (...rules: Parameters<typeof group>[1]): Diagnosis =>
  diagnosisOf(ranged({ groups: [group('sg-most', rules)] }))

const hopOf = ({ pools }: Diagnosis, stage: HopStage): Hop | undefined =>
  pools[0]?.targets[0]?.path.find((one) => one.stage === stage)

const causesOf = (diagnosis: Diagnosis): readonly string[] =>
  findingsOf(diagnosis).filter((line) => / cause (certain|likely)/.test(line))

describe('a listener for a range of ports', () => {
  it('is shown with its range', () => {
    const [pool] = diagnosisOf(ranged()).pools
    expect(pool?.endPort).toBe(20_100)
    expect(pool && poolName(pool)).toBe('TCP:20000-20100')
  })

  it('has a likely cause at most, and the fix opens the range', () => {
    const diagnosis = diagnosisOf(ranged())
    expect(findingsOf(diagnosis)[0]).toBe('security-group/probe-blocked cause likely → 16')
    const { detail, fix } = findingOf(diagnosis, 'security-group/probe-blocked')
    expect(detail).toContain('Which port of the backend is probed is not documented')
    expect(fix?.verified).toBe(true)
    expect(fix?.commands?.[0]?.line).toContain('"Port":"20000-20100"')
  })

  it('has a certain cause if the check has a port of its own', () => {
    const listener = { ...RANGE, healthCheck: healthCheck({ port: 8080 }) }
    expect(findingsOf(diagnosisOf(ranged({ listener })))[0]).toBe(
      'security-group/probe-blocked cause certain → 16',
    )
  })

  it('keeps a block by an ACL likely, and its fix opens the range both ways', () => {
    const diagnosis = diagnosisOf(
      ranged({
        groups: [],
        machines: [{ host: 16, status: 'Dead', registration: { port: 20_000 } }],
        subnet: { networkAclId: 'acl-web' },
        acls: [acl({})],
      }),
    )
    expect(findingsOf(diagnosis).slice(0, 2)).toEqual([
      'network-acl/probe-blocked cause likely → 16',
      'network-acl/reply-blocked cause likely → 16',
    ])
    expect(findingOf(diagnosis, 'network-acl/probe-blocked').fix?.commands?.[0]?.line).toContain(
      '20000-20100',
    )
  })

  it.each([
    ['all but the first', [allow(ANY, '20001-20100')], 1],
    ['only the first', [allow(ANY, '20000')], 1],
    ['all but the last', [drop(ANY, '20100'), allow(ANY, 'ALL')], 1],
    ['one in the middle', [allow(ANY, '22'), drop(ANY, '20050'), allow(ANY, 'ALL')], 2],
  ] as const)('cannot be told if a group opens some of its ports: %s', (_, rules, position) => {
    const diagnosis = behind(...rules)
    expect(hopOf(diagnosis, 'security-group')).toMatchObject({
      verdict: 'unknown',
      unknown: {
        subject: expect.stringContaining(`security group sg-most, inbound rule ${position} (`),
        reason: 'it is not known which port CLB probes',
        settle: expect.stringContaining('TCP 20000-20100'),
      },
    })
    expect(causesOf(diagnosis)).toEqual([])
  })

  it.each([
    ['let in by two rules', [allow(ANY, '20000-20049'), allow(ANY, '20050-20100')], 'pass'],
    ['denied by two rules', [drop(ANY, '20000-20049'), drop(ANY, '20050-20100'), allow(ANY, 'ALL')], 'block'],
    ['let in before a rule that denies them', [allow(ANY, '20000-20100'), drop(ANY, '20050')], 'pass'],
    ['let in by a list', [allow(ANY, '19000-20099,20100')], 'pass'],
  ] as const)('is told if every port is %s', (_, rules, verdict) => {
    expect(hopOf(behind(...rules), 'security-group')?.verdict).toBe(verdict)
  })

  it('has its fix before the first rule that denies one of the ports', () => {
    const diagnosis = behind(
      drop(ANY, '20050-20100'),
      allow(ANY, '22'),
      drop(ANY, '20000-20049'),
      allow(ANY, 'ALL'),
    )
    const { fix } = findingOf(diagnosis, 'security-group/probe-blocked')
    expect(fix?.verified).toBe(true)
    expect(fix?.commands?.[0]?.line).toContain('"PolicyIndex":0')
  })

  it('cannot be told if a template opens some of its ports, and the template is not called unreadable', () => {
    const service = { id: 'ppm-web', groupId: null }
    const ofTemplate = (members: readonly string[]) =>
      hopOf(
        diagnosisOf(
          ranged({
            groups: [group('sg-most', [{ ...allow(ANY), protocol: null, port: null, service }])],
            replace: { serviceTemplates: { 'ppm-web': ok(members) } },
          }),
        ),
        'security-group',
      )
    expect(ofTemplate(['tcp:20000-20049', 'tcp:20050-20100'])?.verdict).toBe('pass')
    expect(ofTemplate(['tcp:20000-20049'])).toMatchObject({
      verdict: 'unknown',
      unknown: { reason: 'it is not known which port CLB probes' },
    })
    expect(ofTemplate(['tcp:twenty'])?.unknown?.reason).toContain('a member of template ppm-web')
  })

  it('cannot be told if an ACL lets some of its ports pass, in or out', () => {
    const accept = { action: 'Accept', priority: 1 }
    const open = entry({ ...accept, protocol: 'ALL', port: null, cidr: ANY })
    const part = entry({
      ...accept,
      protocol: 'TCP',
      port: '20000-20050',
      sourcePort: '20000-20050',
      cidr: ANY,
    })
    const through = (fields: Parameters<typeof acl>[0]) =>
      diagnosisOf(
        ranged({
          groups: [group('sg-most', [allow(ANY, 'ALL')])],
          subnet: { networkAclId: 'acl-web' },
          acls: [acl(fields)],
        }),
      )
    const into = through({ ingress: [part], egress: [open] })
    expect([hopOf(into, 'acl-in')?.verdict, hopOf(into, 'acl-out')?.verdict]).toEqual(['unknown', 'pass'])
    expect(hopOf(into, 'acl-in')?.unknown?.subject).toContain('acl-web')
    const five = (fields: object) => ({ ...open, sourceCidr: ANY, destinationCidr: ANY, ...fields })
    const out = through({
      kind: 'quintuple',
      ingress: [five({})],
      egress: [five({ protocol: 'TCP', sourcePort: '20000-20050', destinationPort: 'ALL' })],
    })
    expect([hopOf(out, 'acl-in')?.verdict, hopOf(out, 'acl-out')?.verdict]).toEqual(['pass', 'unknown'])
    expect([...causesOf(into), ...causesOf(out)]).toEqual([])
  })

  it('is captured as a range if it is not known where the probes come from', () => {
    const hop = hopOf(
      diagnosisOf(
        ranged({
          balancer: { vips: [] },
          groups: [group('sg-most', [allow('100.64.0.0/10', '20000-20100')])],
        }),
      ),
      'security-group',
    )
    expect(hop?.unknown?.settle).toContain('tcp dst portrange 20000-20100')
  })

  it('is read from the API', async () => {
    const made = shop()
    Object.assign(made.listener, { endPort: made.listener.port + 9 })
    const { diagnosis } = await diagnoseSimulated(made.world)
    expect(diagnosis.pools[0]?.endPort).toBe(made.listener.port + 9)
  })
})
