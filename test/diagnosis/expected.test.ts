import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { ExpectedFinding } from '../../src/model/expected.ts'
import { ok } from '../../src/model/fact.ts'
import type { Language } from '../../src/model/language.ts'
import { contradictionsIn } from '../support/consistency.ts'
import { findingOf, gapOf } from '../support/findings.ts'
import { expectDiagnosis } from '../support/schema.ts'
import {
  acl,
  allow,
  denied,
  diagnosisOf,
  diagnosisOfSnapshot,
  findingsOf,
  group,
  healthCheck,
  listener,
  snapshotOf,
  type World,
} from '../support/snapshots.ts'

const BLOCKED = 'security-group/probe-blocked'

const entry = (fields: Partial<ExpectedFinding> = {}): ExpectedFinding => ({
  entry: 1,
  code: BLOCKED,
  resource: 'sg-closed',
  reason: 'blue pool is being drained, OPS-123',
  until: '2026-12-31',
  ...fields,
})

const closed = group('sg-closed', [allow('10.0.0.0/8')])

/** Two of four backends are behind a group that blocks the VIP. */
const blocked: World = {
  machines: [
    { host: 16, status: 'Dead', groups: ['sg-closed'] },
    { host: 17, status: 'Dead', groups: ['sg-closed'] },
    { host: 18, status: 'Alive' },
    { host: 20, status: 'Alive' },
  ],
  groups: [closed],
}

function diagnose(
  world: World,
  accepted: readonly ExpectedFinding[] = [entry()],
  language: Language = 'en',
  createdAt = '2026-11-20T00:00:01.000Z',
): Diagnosis {
  const diagnosis = diagnosisOf(world, language, { expected: accepted, createdAt })
  expectDiagnosis(diagnosis)
  expect(contradictionsIn(diagnosis)).toEqual([])
  return diagnosis
}

const causesOf = (diagnosis: Diagnosis): readonly string[] =>
  findingsOf(diagnosis).filter((line) => line.includes(' cause '))
const byHand = ({ gaps }: Diagnosis): readonly string[] => gaps.flatMap((gap) => gap.byHand ?? [])

describe('an accepted cause', () => {
  it('is a note, still explains its backends, and leaves no gap', () => {
    const diagnosis = diagnose(blocked)
    expect(findingsOf(diagnosis)).toEqual([`${BLOCKED} note certain → 16,17`])
    expect(findingOf(diagnosis, 'security-group/probe-blocked')).toMatchObject({
      severity: 'info',
      fix: null,
      accepted: {
        role: 'cause',
        resource: 'sg-closed',
        reason: 'blue pool is being drained, OPS-123',
        until: '2026-12-31',
      },
    })
    expect(diagnosis.gaps).toEqual([])
  })

  it.each([
    ['en', 'Expected until 2026-12-31 (UTC), for this reason: "blue pool is being drained, OPS-123".'],
    ['zh-CN', '预期内，至 2026-12-31（UTC），理由：“blue pool is being drained, OPS-123”。'],
  ] as const)('shows its end date and its reason in %s', (language, words) => {
    expect(
      findingOf(diagnose(blocked, [entry()], language), 'security-group/probe-blocked').detail,
    ).toContain(words)
  })

  it('does not change the verdict', () => {
    expect(diagnose(blocked).verdict).toBe('degraded')
    const down = { ...blocked, machines: blocked.machines.slice(0, 2) }
    expect(diagnose(down).verdict).toBe('down')
  })

  it.each([
    [
      'en',
      'shop-front (lb-7dpmqwcu): health check failing for 2 of 4 backends. All of it is expected until 2026-12-31 (UTC): Security group sg-closed does not allow the health check (TCP 8080).',
    ],
    [
      'zh-CN',
      'shop-front (lb-7dpmqwcu)：2/4 个后端健康检查异常。全部在预期内，至 2026-12-31（UTC）：安全组 sg-closed 没有放行健康检查（TCP 8080）。',
    ],
  ] as const)('is the headline if it explains every failing backend, in %s', (language, headline) => {
    expect(diagnose(blocked, [entry()], language).headline).toBe(headline)
  })

  it('is likely in the note and in the headline if the cause is only likely', () => {
    const unpaid: World = {
      machines: [{ host: 16, status: 'Dead', instance: { restrictState: 'PROTECTIVELY_ISOLATED' } }],
    }
    const accepted = [entry({ code: 'instance-state/isolated', resource: 'ins-00000016' })]
    expect(findingOf(diagnose(unpaid, accepted), 'instance-state/isolated')).toMatchObject({
      role: 'note',
      certainty: 'likely',
    })
    expect(diagnose(unpaid, accepted).headline).toContain(
      '. Likely all of it is expected until 2026-12-31 (UTC): ',
    )
    expect(diagnose(unpaid, accepted, 'zh-CN').headline).toContain('。很可能全部在预期内，')
  })

  it('does not hide a failing backend that it does not explain', () => {
    const world = { ...blocked, machines: [...blocked.machines, { host: 19, status: 'Dead' }] }
    const en = diagnose(world)
    expect(en.headline).toMatch(
      /3 of 5 backends\. 2 of them are expected until .*8080\)\. Nothing visible from the API proves why 1 backend fails; look at the backends/,
    )
    expect(byHand(en).join()).toContain('10.0.1.19')
    expect(byHand(en).join()).not.toContain('10.0.1.16')
    expect(diagnose(world, [entry()], 'zh-CN').headline).toMatch(
      /其中 2 个在预期内，.*。1 个后端的原因从 API 能看到的配置里没有得到证实/,
    )
  })

  it('leaves the reason of another failing backend open in the headline if a read failed', () => {
    const world = { ...blocked, machines: [...blocked.machines, { host: 19, status: 'Dead' }] }
    const snapshot = snapshotOf({ ...world, subnet: { networkAclId: 'acl-web' } })
    const unread = { ...snapshot, networkAcls: { 'acl-web': denied('vpc:DescribeNetworkAcls') } }
    const { headline } = diagnosisOfSnapshot(unread, 'en', { expected: [entry()] })
    expect(headline).toMatch(
      /2 of them are expected .* Why 1 backend fails cannot be told: .* could not be read\.$/,
    )
  })

  it('keeps the gap open if the cause is only possible', () => {
    const world = { ...blocked, listener: { healthCheck: healthCheck({ sourceIpType: 1 }) } }
    const before = diagnose(world, [])
    const diagnosis = diagnose(world)
    expect(findingsOf(diagnosis)).toEqual([`${BLOCKED} note possible → 16,17`])
    expect(diagnosis.gaps).toEqual(before.gaps)
    expect(byHand(diagnosis).length).toBeGreaterThan(0)
    expect(diagnosis.headline).toContain('Possible cause (not proven), expected until 2026-12-31 (UTC): ')
    expect(diagnosis.headline).not.toContain('All of it')
  })

  it('is in the headline of a CLB that does not serve', () => {
    const isolated: World = { machines: [{ host: 16, status: 'Alive' }], balancer: { isolated: true } }
    const accepted = [entry({ code: 'load-balancer-state/isolated', resource: 'lb-7dpmqwcu' })]
    const diagnosis = diagnose(isolated, accepted)
    expect([diagnosis.verdict, causesOf(diagnosis)]).toEqual(['degraded', []])
    expect(diagnosis.headline).toContain('it is not serving. Expected until 2026-12-31 (UTC): ')
  })

  it('is in the headline if the health of the backends is unknown', () => {
    const stopped: World = { machines: [{ host: 16, status: 'Unknown' }], listener: { stopped: true } }
    const accepted = [entry({ code: 'load-balancer-state/listener-stopped', resource: 'lbl-aaaaaaaa' })]
    const diagnosis = diagnose(stopped, accepted)
    expect(diagnosis.verdict).toBe('degraded')
    expect(diagnosis.headline).toContain('a listener is not serving. Expected until 2026-12-31 (UTC): ')
  })

  it('of one stopped listener leaves the other stopped one a cause', () => {
    const first = snapshotOf({ machines: [{ host: 16, status: 'Alive' }] })
    const stopped = ['lbl-bbbbbbbb', 'lbl-cccccccc'].map((id) =>
      listener({ id, protocol: 'HTTP', port: 80, stopped: true }),
    )
    const snapshot = { ...first, listeners: ok([listener(), ...stopped]) }
    const expected = [entry({ code: 'load-balancer-state/listener-stopped', resource: 'lbl-bbbbbbbb' })]
    const { findings, verdict } = diagnosisOfSnapshot(snapshot, 'en', { expected })
    const stops = findings.filter(({ code }) => code === 'load-balancer-state/listener-stopped')
    expect(stops.map(({ role, resources }) => [role, resources.map(({ id }) => id)])).toEqual([
      ['cause', ['lbl-cccccccc']],
      ['note', ['lbl-bbbbbbbb']],
    ])
    expect(verdict).toBe('degraded')
  })

  it('is shown with the earliest end date if there are two, and the headline counts the other', () => {
    const world: World = {
      machines: [
        { host: 16, status: 'Dead', groups: ['sg-closed'] },
        { host: 17, status: 'Dead', instance: { state: 'STOPPED' } },
      ],
      groups: [closed],
    }
    const other = entry({
      entry: 2,
      code: 'instance-state/not-running',
      resource: 'ins-00000017',
      until: '2026-11-30',
    })
    const { headline, verdict } = diagnose(world, [entry(), other])
    expect(verdict).toBe('down')
    expect(headline).toMatch(/All of it is expected until 2026-11-30 \(UTC\): .* \(and 1 more\)\.$/)
  })
})

describe('beside an accepted cause', () => {
  const two: World = {
    machines: [
      { host: 16, status: 'Dead', groups: ['sg-closed'], instance: { state: 'STOPPED' } },
      { host: 17, status: 'Dead', groups: ['sg-closed'] },
    ],
    groups: [closed],
  }

  it('another cause leads the headline, and its detail says that its fix is not enough', () => {
    const diagnosis = diagnose(two)
    expect(causesOf(diagnosis)).toEqual(['instance-state/not-running cause certain → 16'])
    expect(diagnosis.headline).toMatch(/Cause: .* is stopped \(and 1 expected\)\.$/)
    expect(findingOf(diagnosis, 'instance-state/not-running').detail).toContain(
      'For 10.0.1.16:8080 there is an expected cause: Security group sg-closed does not allow the health check (TCP 8080).',
    )
    const zh = diagnose(two, [entry()], 'zh-CN')
    expect(zh.headline).toMatch(/；另有 1 个在预期内。$/)
    expect(findingOf(zh, 'instance-state/not-running').detail).toContain(
      '10.0.1.16:8080 另有预期内的原因：安全组 sg-closed 没有放行健康检查（TCP 8080）',
    )
  })

  it('a contributor stays a contributor, and its detail names the accepted cause', () => {
    const world = { ...two, listener: { healthCheck: healthCheck({ sourceIpType: 1 }) } }
    const machines = two.machines.slice(0, 1)
    const stopped = entry({ code: 'instance-state/not-running', resource: 'ins-00000016' })
    const diagnosis = diagnose({ ...world, machines }, [stopped])
    expect(findingsOf(diagnosis)).toEqual([
      `${BLOCKED} contributor possible → 16`,
      'instance-state/not-running note certain → 16',
      'all-backends-down/fallback-active note certain',
    ])
    expect(findingOf(diagnosis, 'security-group/probe-blocked').detail).toMatch(
      /For 10\.0\.1\.16:8080 there is an expected cause: Instance ins-00000016 \(10\.0\.1\.16\) is stopped/,
    )
    expect(diagnosis.headline).toContain('All of it is expected')
    expect(diagnosis.gaps).toEqual([])
  })

  it('a suspicious health check setting keeps its role', () => {
    const odd = healthCheck({ port: 9999 })
    const world = { ...blocked, machines: blocked.machines.slice(0, 2), listener: { healthCheck: odd } }
    const codes = (accepted: readonly ExpectedFinding[]) =>
      diagnose(world, accepted).findings.map(({ code, role, accepted: by }) => [code, by?.role ?? role])
    expect(codes([entry()]).sort()).toEqual([...codes([])].sort())
  })
})

describe('an accepted risk', () => {
  const half = group('sg-closed', [allow('100.64.0.0/11')])
  const world: World = {
    listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
    machines: [{ host: 16, status: 'Alive', groups: ['sg-closed'] }],
    groups: [half],
  }

  it('is a note with the reason, and the headline stays the same', () => {
    const diagnosis = diagnose(world, [entry({ code: 'security-group/probe-partly-blocked' })])
    expect(findingsOf(diagnosis)).toEqual(['security-group/probe-partly-blocked note possible'])
    expect(findingOf(diagnosis, 'security-group/probe-partly-blocked').accepted?.role).toBe('risk')
    expect(findingOf(diagnosis, 'security-group/probe-partly-blocked').detail).toContain('OPS-123')
    expect(diagnosis.headline).toBe(diagnose(world, []).headline)
  })

  it('explains no failing backend', () => {
    const failing: World = { ...world, machines: [...world.machines, { host: 17, status: 'Dead' }] }
    const diagnosis = diagnose(failing, [entry({ code: 'security-group/probe-partly-blocked' })])
    expect(findingOf(diagnosis, 'security-group/probe-partly-blocked').accepted?.role).toBe('risk')
    expect(diagnosis.headline).toContain('Nothing visible from the API explains it')
    expect(byHand(diagnosis).join()).toContain('10.0.1.17')
  })
})

describe('an entry', () => {
  it.each([
    ['another code', { code: 'network-acl/probe-blocked' }],
    ['another resource', { resource: 'sg-other' }],
    ['only the beginning of the id', { resource: 'sg-clos' }],
    ['the id in upper case', { resource: 'SG-CLOSED' }],
  ])('accepts nothing if it names %s', (_, fields) => {
    const diagnosis = diagnose(blocked, [entry(fields)])
    expect(causesOf(diagnosis)).toEqual([`${BLOCKED} cause certain → 16,17`])
    // One file serves the whole fleet, so an entry for another CLB is not a mistake.
    expect(diagnosis.gaps).toEqual([])
  })

  it('does not accept a finding that a healthy backend contradicts', () => {
    const machines = blocked.machines.map((machine) => ({ ...machine, groups: ['sg-closed'] }))
    const diagnosis = diagnose({ ...blocked, machines })
    expect(findingOf(diagnosis, 'security-group/probe-blocked')).toMatchObject({
      role: 'note',
      certainty: 'possible',
    })
    expect(findingOf(diagnosis, 'security-group/probe-blocked')).not.toHaveProperty('accepted')
  })

  it('accepts a finding about several groups if it names one of them', () => {
    const machines = [{ host: 16, status: 'Dead', groups: ['sg-closed', 'sg-other'] }]
    const world = { machines, groups: [closed, group('sg-other', [])] }
    expect(causesOf(diagnose(world, [entry({ resource: 'sg-other' })]))).toEqual([])
  })

  it('accepts a finding about a network ACL, and each code needs its own entry', () => {
    const world: World = {
      machines: [{ host: 16, status: 'Dead' }],
      subnet: { networkAclId: 'acl-web' },
      acls: [acl({})],
    }
    const both = ['network-acl/probe-blocked', 'network-acl/reply-blocked'].map((code, i) =>
      entry({ entry: i + 1, code, resource: 'acl-web' }),
    )
    expect(causesOf(diagnose(world, both))).toEqual([])
    expect(causesOf(diagnose(world, both.slice(0, 1)))).toHaveLength(1)
  })
})

describe('the end date of an entry', () => {
  it.each([
    ['2026-12-31', '2026-12-31T23:59:59.999Z', true],
    ['2026-12-31', '2027-01-01T00:00:00.000Z', false],
    ['2026-12-31T18:00:00+08:00', '2026-12-31T10:00:00.000Z', true],
    ['2026-12-31T18:00:00+08:00', '2026-12-31T10:00:00.001Z', false],
  ])('%s, read at %s: in force %s', (until, now, isInForce) => {
    const causes = causesOf(diagnose(blocked, [entry({ until })], 'en', now))
    expect(causes.length === 0).toBe(isInForce)
  })

  it('makes the finding a cause again and adds a gap once it is over, in both languages', () => {
    const late = (language: Language) => diagnose(blocked, [entry()], language, '2027-01-01T00:00:00.000Z')
    expect(causesOf(late('en'))).toEqual([`${BLOCKED} cause certain → 16,17`])
    expect(late('en').gaps).toEqual([
      {
        kind: 'entry',
        what: `clb-doctor.json, entry 1 (${BLOCKED} of sg-closed)`,
        why: '"blue pool is being drained, OPS-123" was good until 2026-12-31 (UTC) and has no effect any more; set a later until, or remove it',
      },
    ])
    expect(gapOf(late('zh-CN'), '第 1 条')).toMatchObject({
      what: `clb-doctor.json 第 1 条（${BLOCKED}，sg-closed）`,
      why: expect.stringContaining('已不起作用'),
    })
    expect(late('en').headline).toBe(diagnose(blocked, []).headline)
  })

  it('gives no gap once it is over if a later entry is in force or the finding does not occur', () => {
    const over = entry({ until: '2026-11-01' })
    const renewed = diagnose(blocked, [over, entry({ entry: 2 })])
    expect([causesOf(renewed), renewed.gaps]).toEqual([[], []])
    expect(diagnose({ machines: [{ host: 16, status: 'Alive' }] }, [over]).gaps).toEqual([])
  })

  it('is the later one if two entries accept the same finding', () => {
    const longer = [entry({ until: '2026-11-30' }), entry({ entry: 2, until: '2027-06-30' })]
    expect(findingOf(diagnose(blocked, longer), 'security-group/probe-blocked').accepted?.until).toBe(
      '2027-06-30',
    )
  })
})

describe('an unknown code', () => {
  const misspelt = entry({ entry: 3, code: 'security-group/probe-blokced' })

  it('is a gap that names the codes found for its resource', () => {
    const diagnosis = diagnose(blocked, [misspelt])
    expect(causesOf(diagnosis)).toHaveLength(1)
    expect(diagnosis.gaps).toEqual([
      {
        kind: 'entry',
        what: 'clb-doctor.json, entry 3 (sg-closed)',
        why: `there is no code security-group/probe-blokced, so it has no effect; the finding of this resource is ${BLOCKED}`,
      },
    ])
    expect(gapOf(diagnose(blocked, [misspelt], 'zh-CN'), '第 3 条').why).toContain(
      '没有代码 security-group/probe-blokced',
    )
  })

  it('gives no gap if its resource has no finding', () => {
    expect(diagnose(blocked, [{ ...misspelt, resource: 'sg-elsewhere' }]).gaps).toEqual([])
  })
})
