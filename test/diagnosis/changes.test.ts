import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { Language } from '../../src/model/language.ts'
import type { AuditEvent, AuditedTarget, AuditLog, HealthFlip, Snapshot } from '../../src/model/snapshot.ts'
import { entry } from '../rules/builders.ts'
import { contradictionsIn } from '../support/consistency.ts'
import { findingOf, gapOf } from '../support/findings.ts'
import {
  acl,
  allow,
  denied,
  diagnosisOfSnapshot,
  drop,
  findingsOf,
  group,
  snapshotOf,
  type World,
} from '../support/snapshots.ts'

const ALARMED = '2026-11-19T23:00:00.000Z'
const HOME = 'ap-guangzhou'
const ago = (minutes: number): string => new Date(Date.parse(ALARMED) - minutes * 60_000).toISOString()
/** The format of a rule's ModifyTime: Beijing time without an offset. */
const stamp = (minutes: number): string =>
  new Date(Date.parse(ago(minutes)) + 8 * 3600_000).toISOString().slice(0, 19).replace('T', ' ')

const event = (minutes: number, id: string, fields: Partial<AuditEvent> = {}): AuditEvent => ({
  at: ago(minutes),
  event: 'ModifySecurityGroupPolicies',
  resourceIds: [id],
  actor: 'alice',
  sourceIp: '198.51.100.7',
  ...fields,
})

const audit = (events: readonly AuditEvent[], fields: Partial<AuditLog> = {}) => ({
  [HOME]: ok({ from: ago(24 * 60), to: ALARMED, complete: true, events, ...fields }),
})

const dead = (host: number, groups: readonly string[] = ['sg-open']) => ({ host, status: 'Dead', groups })
const closed = group('sg-closed', [{ ...drop('0.0.0.0/0'), modifiedAt: stamp(20) }, allow('0.0.0.0/0')])

const about = (world: World, replace: Partial<Snapshot>): Diagnosis => {
  const diagnosis = diagnosisOfSnapshot({ ...snapshotOf(world), alarmedAt: ALARMED, ...replace })
  expect(contradictionsIn(diagnosis)).toEqual([])
  return diagnosis
}
const changesOf = ({ changes }: Diagnosis) =>
  changes.map(({ resource, secondsBeforeOnset }) => `${resource.id} ${secondsBeforeOnset}`)
const outcomeOf = ({ checks }: Diagnosis) => {
  const report = checks.find(({ check }) => check === 'recent-change')
  return `${report?.outcome}${report?.reason ? ` ${report.reason}` : ''}`
}
const notesOf = ({ findings }: Diagnosis) =>
  findings.filter(({ code }) => code === 'recent-change/before-onset').map(({ title }) => title)

describe('a change', () => {
  const world: World = { machines: [dead(16, ['sg-closed']), dead(17)], groups: [closed] }

  it('on the path of a Dead backend is listed with the seconds before the onset, newest first', () => {
    const diagnosis = about(world, {
      auditEvents: audit([event(90, 'sg-closed'), event(8, 'sg-closed'), event(30, 'lb-7dpmqwcu')]),
    })
    expect(changesOf(diagnosis)).toEqual(['sg-closed 480', 'lb-7dpmqwcu 1800', 'sg-closed 5400'])
    expect(diagnosis.changes[0]).toEqual({
      at: ago(8),
      event: 'ModifySecurityGroupPolicies',
      resource: { type: 'security-group', id: 'sg-closed', region: HOME },
      actor: 'alice',
      sourceIp: '198.51.100.7',
      secondsBeforeOnset: 480,
    })
    expect(notesOf(diagnosis)).toEqual([
      'lb-7dpmqwcu was changed 30 minutes before the trouble began',
      'sg-closed was changed 8 minutes before the trouble began',
    ])
  })

  it('of another resource, or after the onset, is left out', () => {
    const diagnosis = about(world, {
      auditEvents: audit([event(8, 'sg-elsewhere'), event(-1, 'sg-closed'), event(5, 'lbl-other')]),
    })
    expect([diagnosis.changes, outcomeOf(diagnosis)]).toEqual([[], 'pass'])
  })

  it('that the logs of two regions contain is listed once', () => {
    const events = [event(8, 'sg-closed')]
    const auditEvents = {
      ...audit(events),
      'ap-shanghai': audit(events)[HOME] as Snapshot['auditEvents'][string],
    }
    expect(changesOf(about(world, { auditEvents }))).toEqual(['sg-closed 480'])
  })

  it('more than an hour before the onset is listed without a note', () => {
    const diagnosis = about(world, { auditEvents: audit([event(61, 'sg-closed')]) })
    expect([changesOf(diagnosis), outcomeOf(diagnosis)]).toEqual([['sg-closed 3660'], 'pass'])
    expect(outcomeOf(about(world, { auditEvents: audit([event(60, 'sg-closed')]) }))).toBe('found')
  })

  it('is linked to a finding if it is on the path of a backend that the finding explains', () => {
    const diagnosis = about(
      { machines: [dead(16, ['sg-closed']), dead(17)], groups: [closed] },
      {
        auditEvents: audit([
          event(1, 'ins-00000017', { event: 'StopInstances' }),
          event(2, 'ins-00000016', { event: 'AssociateSecurityGroups' }),
          event(3, 'lbl-aaaaaaaa', { event: 'ModifyListener' }),
          event(4, 'sg-closed'),
        ]),
      },
    )
    const cause = findingOf(diagnosis, 'security-group/probe-blocked')
    expect([cause?.code, cause?.changes]).toEqual(['security-group/probe-blocked', [1, 2, 3]])
    for (const finding of diagnosis.findings)
      if (finding.code === 'recent-change/before-onset') expect(finding.changes).toHaveLength(1)
  })

  it('of the template in the deciding rule is linked, of a template in a later rule is not', () => {
    const template = (id: string) => ({ address: { id, groupId: null }, protocol: 'TCP', port: '8080' })
    const screened = group('sg-screened', [
      { ...template('ipm-first'), action: 'DROP' },
      { ...template('ipm-behind'), action: 'ACCEPT' },
    ])
    const diagnosis = about(
      { machines: [dead(16, ['sg-screened'])], groups: [screened] },
      {
        addressTemplates: { 'ipm-first': ok(['0.0.0.0/0']), 'ipm-behind': ok(['203.0.113.26']) },
        auditEvents: audit(
          ['ipm-first', 'ipm-behind'].map((id) => event(5, id, { event: 'ModifyAddressTemplateAttribute' })),
        ),
      },
    )
    expect(diagnosis.changes.map(({ resource }) => resource.id)).toEqual(['ipm-behind', 'ipm-first'])
    expect(findingOf(diagnosis, 'security-group/probe-blocked').changes).toEqual([1])
  })
})

describe('the details of a change', () => {
  const world: World = { machines: [dead(16, ['sg-closed'])], groups: [closed] }
  const detailOf = (events: readonly AuditEvent[], language: Language, replace: Partial<Snapshot> = {}) =>
    findingOf(
      diagnosisOfSnapshot(
        { ...snapshotOf(world), alarmedAt: ALARMED, auditEvents: audit(events), ...replace },
        language,
      ),
      'recent-change/before-onset',
    ).detail

  it('say what was done in words, not by the name of the API action', () => {
    const events = [event(8, 'sg-closed', { event: 'CreateSecurityGroupPolicies' })]
    expect(detailOf(events, 'en')).toContain(
      'alice (198.51.100.7) added security-group rules 8 minutes before. What was changed',
    )
    expect(detailOf(events, 'zh-CN')).toContain('alice（来源 198.51.100.7）在异常前 8 分钟新增了安全组规则')
  })

  it('write "someone" with a capital only at the beginning', () => {
    const unknown = { actor: null, sourceIp: null }
    const events = [event(9, 'sg-closed', unknown), event(8, 'sg-closed', unknown)]
    expect(detailOf(events, 'en')).toContain(
      'Someone changed security-group rules 8 minutes before; someone changed security-group rules 9 minutes before.',
    )
  })

  it('count the rule as the console does, if only its time stamp is known', () => {
    const none = { auditEvents: { [HOME]: denied('cloudaudit:DescribeEvents') } }
    expect(detailOf([], 'en', none)).toMatch(/^Rule 1 of sg-closed was changed 20 minutes before\./)
    expect(detailOf([], 'zh-CN', none)).toMatch(/^sg-closed 的第 1 条规则在异常前 20 分钟被修改。/)
  })
})

describe('backends that somebody took out while others stay', () => {
  const LISTENER = 'lbl-aaaaaaaa'
  const backend = (host: number, weight: number | null = null): AuditedTarget => ({
    poolId: LISTENER,
    instanceId: `ins-000000${host}`,
    ip: null,
    port: 8080,
    weight,
  })
  const unbound = event(8, LISTENER, {
    event: 'DeregisterTargets',
    edit: { kind: 'targets-removed', targets: [backend(18), backend(19), backend(16)] },
  })
  const sick: World = { machines: [dead(16, ['sg-closed']), { host: 17, status: 'Alive' }], groups: [closed] }
  const well: World = { machines: [16, 17].map((host) => ({ host, status: 'Alive' })) }

  it('are told beside the causes, with their number and names', () => {
    const diagnosis = about(sick, { auditEvents: audit([unbound]) })
    const note = findingOf(diagnosis, 'recent-change/before-onset')
    expect([note.role, note.title]).toEqual([
      'note',
      'lbl-aaaaaaaa was changed 8 minutes before the trouble began: 2 backends were unbound',
    ])
    expect(note.detail).toContain(
      '2 backends were unbound (ins-00000018:8080, ins-00000019:8080): the others take the requests.',
    )
    const zh = diagnosisOfSnapshot(
      { ...snapshotOf(sick), alarmedAt: ALARMED, auditEvents: audit([unbound]) },
      'zh-CN',
    )
    expect(findingOf(zh, 'recent-change/before-onset').title).toBe(
      'lbl-aaaaaaaa 在异常发生前 8 分钟被改动，解绑了 2 个后端',
    )
  })

  it('are not linked to the cause of another backend', () => {
    const diagnosis = about(sick, { auditEvents: audit([unbound, event(20, 'sg-closed')]) })
    expect(findingOf(diagnosis, 'security-group/probe-blocked').changes).toEqual([1])
  })

  it('are those whose weight was set to 0, too', () => {
    const world: World = { machines: [...sick.machines, { host: 18, status: 'Alive', weight: 0 }] }
    const zeroed = event(8, LISTENER, {
      event: 'ModifyTargetWeight',
      edit: { kind: 'weights-set', targets: [backend(18, 0), backend(17, 5)] },
    })
    expect(notesOf(about({ ...sick, ...world }, { auditEvents: audit([zeroed]) }))).toEqual([
      'lbl-aaaaaaaa was changed 8 minutes before the trouble began: the weight of 1 backend was set to 0',
    ])
  })

  it('are told over healthy backends as well, because fewer backends can raise an alarm', () => {
    const diagnosis = about(well, {
      auditEvents: audit([unbound, event(9, LISTENER, { event: 'ModifyListener' })]),
    })
    expect(notesOf(diagnosis)).toEqual([
      'lbl-aaaaaaaa was changed 8 minutes before the trouble began: 2 backends were unbound',
    ])
    const note = findingOf(diagnosis, 'recent-change/before-onset')
    expect(note.detail).toBe(
      'alice (198.51.100.7) unbound backends 8 minutes before. 2 backends were unbound (ins-00000018:8080, ins-00000019:8080): the others take the requests.',
    )
    expect([diagnosis.verdict, note.explains]).toEqual(['healthy', []])
  })

  it('are not told over healthy backends if it was more than an hour before the alarm', () => {
    const old = { ...unbound, at: ago(61) }
    expect(notesOf(about(well, { auditEvents: audit([old]) }))).toEqual([])
  })
})

describe('the onset', () => {
  const world: World = { machines: [dead(16), dead(17), { host: 18, status: 'Alive' }] }
  const flip = (minutes: number, host: number, fields: Partial<HealthFlip> = {}): HealthFlip => ({
    at: ago(minutes),
    ip: `10.0.1.${host}`,
    port: 8080,
    listenerPort: 443,
    domain: null,
    url: null,
    healthy: false,
    ...fields,
  })
  const withLog = (
    flips: readonly HealthFlip[],
    events: readonly AuditEvent[],
    replace: Partial<Snapshot> = {},
  ) => about(world, { healthLogs: { topic: ok(flips) }, auditEvents: audit(events), ...replace })

  it('is the time when the backend last turned unhealthy in the health check log', () => {
    const log = [flip(3, 16), flip(6, 16), flip(10, 16, { healthy: true }), flip(40, 16)]
    expect(changesOf(withLog(log, [event(8, 'ins-00000016')]))).toEqual(['ins-00000016 120'])
  })

  it('is separate for each backend, so a change counts only if it is before the onset of its own backend', () => {
    const log = [flip(5, 16), flip(20 * 60, 17)]
    const diagnosis = withLog(log, [event(12, 'ins-00000016'), event(12, 'ins-00000017')])
    expect(changesOf(diagnosis)).toEqual(['ins-00000016 420'])
  })

  it('is the time of the alarm if the log has no matching unhealthy entry', () => {
    for (const odd of [{ port: 9090 }, { listenerPort: 80 }, { healthy: true }, { domain: 'a.example.com' }])
      expect(changesOf(withLog([flip(6, 16, odd)], [event(8, 'ins-00000016')]))).toEqual(['ins-00000016 480'])
  })

  it('is unknown without a log entry and an alarm time, and the change is listed without seconds', () => {
    const diagnosis = withLog([], [event(8, 'ins-00000016')], { alarmedAt: null })
    expect([changesOf(diagnosis), outcomeOf(diagnosis)]).toEqual([
      ['ins-00000016 null'],
      'unknown onset-unknown',
    ])
  })
})

describe('without a complete audit log', () => {
  const world: World = { machines: [dead(16, ['sg-closed'])], groups: [closed] }
  const none = { auditEvents: { [HOME]: denied('cloudaudit:DescribeEvents') } }

  it('the ModifyTime of the deciding rule gives a change without an actor', () => {
    const diagnosis = about(world, none)
    expect(diagnosis.changes).toEqual([
      {
        at: ago(20),
        event: 'ModifyTime',
        resource: { type: 'security-group', id: 'sg-closed', region: HOME, ruleIndex: 0 },
        secondsBeforeOnset: 1200,
      },
    ])
    expect(findingOf(diagnosis, 'security-group/probe-blocked').changes).toEqual([0])
    expect(findingsOf(diagnosis)).toContain('recent-change/before-onset note likely')
    expect(diagnosis.findings.find(({ certainty }) => certainty === 'likely')?.detail).toContain(
      'likely, not certain',
    )
  })

  it('the ModifyTime of the deciding ACL entry gives a change, and that of another entry does not', () => {
    const open = entry({ priority: 2, protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' })
    const shut = entry({ ...open, id: 'acli-1', priority: 1, action: 'DROP', modifiedAt: stamp(9) })
    const late = entry({ ...open, id: 'acli-2', modifiedAt: stamp(1) })
    const diagnosis = about(
      {
        machines: [dead(16)],
        subnet: { networkAclId: 'acl-web' },
        acls: [acl({ ingress: [shut, late], egress: [late] })],
      },
      none,
    )
    expect(changesOf(diagnosis)).toEqual(['acl-web 540'])
  })

  it('a ModifyTime over a day before the onset, or after it, gives no change, and the check is unknown', () => {
    for (const minutes of [25 * 60, -5]) {
      const old = group('sg-closed', [{ ...drop('0.0.0.0/0'), modifiedAt: stamp(minutes) }])
      const diagnosis = about({ ...world, groups: [old] }, none)
      expect([diagnosis.changes, outcomeOf(diagnosis)]).toEqual([[], 'unknown audit-not-read'])
    }
  })

  it('the last gap names the missing grant, the headline does not change, and a healthy CLB has no such gap', () => {
    const unexplained = about({ machines: [dead(16)] }, none)
    expect(unexplained.gaps.map(({ grant }) => grant).at(-1)).toBe('cloudaudit:DescribeEvents')
    expect(gapOf(unexplained, 'who changed what')).toMatchObject({
      action: 'cloudaudit:DescribeEvents',
      grant: 'cloudaudit:DescribeEvents',
    })
    expect(unexplained.headline).toContain('Nothing visible from the API explains it')
    const well = about({ machines: [{ host: 16, status: 'Alive' }] }, none)
    expect([well.verdict, well.gaps, outcomeOf(well)]).toEqual(['healthy', [], 'not-applicable'])
  })

  it('a gap names the start of a log that was read in part, and the check passes if the part covers an hour', () => {
    const from = (minutes: number) =>
      about({ machines: [dead(16)] }, { auditEvents: audit([], { from: ago(minutes), complete: false }) })
    expect(gapOf(from(90), 'what was changed').what).toBe(
      'what was changed before 2026-11-19 21:30:00 UTC (operation audit)',
    )
    expect([outcomeOf(from(90)), outcomeOf(from(30))]).toEqual(['pass', 'unknown audit-not-read'])
  })
})

describe('among causes of equal certainty', () => {
  const world: World = {
    machines: [{ ...dead(16, ['sg-closed']), instance: { state: 'STOPPED' } }, dead(17, ['sg-closed'])],
    groups: [closed],
  }
  const causes = (events: readonly AuditEvent[]) =>
    findingsOf(about(world, { auditEvents: audit(events) })).filter((line) => line.includes(' cause '))
  const [blocked, stopped] = [
    'security-group/probe-blocked cause certain → 16,17',
    'instance-state/not-running cause certain → 16',
  ]

  it('the cause whose own resource was changed shortly before the onset comes first', () => {
    expect(causes([])).toEqual([blocked, stopped])
    expect(causes([event(8, 'ins-00000016', { event: 'StopInstances' })])).toEqual([stopped, blocked])
  })

  it('only a change of the right kind within the last hour moves a cause to the front', () => {
    expect(causes([event(61, 'ins-00000016', { event: 'StopInstances' })])).toEqual([blocked, stopped])
    expect(causes([event(8, 'ins-00000016', { event: 'AssociateSecurityGroups' })])).toEqual([
      blocked,
      stopped,
    ])
    expect(causes([event(8, 'lbl-aaaaaaaa', { event: 'ModifyListener' })])).toEqual([blocked, stopped])
  })

  it('a more certain cause stays before a cause with a change', () => {
    const diagnosis = about(
      {
        machines: [dead(16, ['sg-closed']), { ...dead(17), instance: { restrictState: 'EXPIRED' } }],
        groups: [closed],
      },
      { auditEvents: audit([event(8, 'ins-00000017', { event: 'StopInstances' })]) },
    )
    expect(findingsOf(diagnosis).slice(0, 2)).toEqual([
      'security-group/probe-blocked cause certain → 16',
      'instance-state/isolated cause likely → 17',
    ])
  })
})
