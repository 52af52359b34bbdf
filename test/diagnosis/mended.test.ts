import { describe, expect, it } from 'vitest'
import type { Alarm } from '../../src/model/alarm.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { type Fact, ok, unread } from '../../src/model/fact.ts'
import type { AuditEvent, AuditedEdit, AuditLog, SecurityRule } from '../../src/model/snapshot.ts'
import { meanwhileLines } from '../../src/render/meanwhile.ts'
import { entry, rule } from '../rules/builders.ts'
import { expectDiagnosis } from '../support/schema.ts'
import { acl, allow, diagnosisOfSnapshot, drop, group, snapshotOf, type World } from '../support/snapshots.ts'

const ALARMED = '2026-11-19T23:00:00.000Z'
const OVER = '2026-11-19T23:30:00.000Z'
const after = (minutes: number): string => new Date(Date.parse(ALARMED) + minutes * 60_000).toISOString()

const ALARM: Alarm = {
  source: 'cloud-monitor',
  state: 'resolved',
  kind: 'metric',
  clb: { loadBalancerId: null, vip: '203.0.113.26', vpcId: null, numericVpcId: null },
  region: 'ap-guangzhou',
  unknownRegion: null,
  listener: { port: 443, protocol: 'tcp' },
  backend: null,
  policy: { id: null, name: null },
  subject: 'UnhealthRsCount',
  condition: null,
  durationSeconds: null,
  sessionId: null,
  firstOccurredAt: ALARMED,
  recoveredAt: OVER,
}

const event = (minutes: number, name: string, id: string, edit?: AuditedEdit): AuditEvent => ({
  at: after(minutes),
  event: name,
  resourceIds: [id],
  actor: 'li.wei',
  sourceIp: '198.51.100.7',
  ...(edit ? { edit } : {}),
})

const asked = (fields: Partial<SecurityRule>, index: number | null = null) => {
  const { modifiedAt: _, ...own } = rule({ ...fields, index: 0 })
  return { ...own, index }
}
const added = (minutes: number, ...rules: readonly Partial<SecurityRule>[]): AuditEvent =>
  event(minutes, 'CreateSecurityGroupPolicies', 'sg-shop', {
    kind: 'rules-added',
    rules: rules.map((one) => asked(one, 0)),
  })
const removed = (minutes: number, ...rules: readonly Partial<SecurityRule>[]): AuditEvent =>
  event(minutes, 'DeleteSecurityGroupPolicies', 'sg-shop', {
    kind: 'rules-removed',
    rules: rules.map((one) => asked(one)),
  })
const replaced = (minutes: number, old: Partial<SecurityRule>, now: Partial<SecurityRule>): AuditEvent =>
  event(minutes, 'ReplaceSecurityGroupPolicy', 'sg-shop', {
    kind: 'rules-replaced',
    rules: [{ now: asked(now, 0), before: asked(old, 0) }],
  })

const probe = allow('203.0.113.26/32')
const elsewhere = allow('203.0.113.26/32', '9090')
const scanners = drop('203.0.113.0/24', '8000-9000')

const shop = (...rules: readonly Partial<SecurityRule>[]): World => ({
  machines: [16, 17].map((host) => ({ host, status: 'Alive', groups: ['sg-shop'] })),
  groups: [group('sg-shop', rules)],
})
const logOf = (events: readonly AuditEvent[], from = ALARMED): Fact<AuditLog> =>
  ok({ from, to: OVER, complete: from === ALARMED, events: events.toReversed() })

function about(
  world: World,
  log: readonly AuditEvent[] | Fact<AuditLog>,
  fields: Partial<Alarm> = {},
): Diagnosis {
  const auditEvents = { 'ap-guangzhou': 'state' in log ? log : logOf(log) }
  const diagnosis = diagnosisOfSnapshot({ ...snapshotOf(world), alarmedAt: ALARMED, auditEvents }, 'en', {
    trigger: { source: 'cloud-monitor', alarm: { ...ALARM, ...fields } },
  })
  expectDiagnosis(diagnosis)
  return diagnosis
}

/** What mended it, or what may have: the operation with its minute. */
function told({ mendedBy, changedMeanwhile = [], changes }: Diagnosis): string {
  const name = (i: number): string => `${changes[i]?.event}@${changes[i]?.at.slice(14, 16)}`
  if (mendedBy) return `${name(mendedBy.change)} mended ${mendedBy.backends}`
  return changedMeanwhile.length > 0 ? `meanwhile ${changedMeanwhile.map(name).join(' ')}` : 'nothing'
}

describe('a change between an alarm and its recovery mended it', () => {
  it.each<[string, World, readonly AuditEvent[], string]>([
    [
      'if a rule was added that lets in the probes',
      shop(probe),
      [added(20, probe)],
      'CreateSecurityGroupPolicies@20 mended 2',
    ],
    [
      'if a rule was put before the one that blocks',
      shop(probe, scanners),
      [added(20, probe)],
      'CreateSecurityGroupPolicies@20 mended 2',
    ],
    [
      'if a rule was replaced that denied the probes',
      shop(probe),
      [replaced(20, { ...probe, action: 'DROP' }, probe)],
      'ReplaceSecurityGroupPolicy@20 mended 2',
    ],
    [
      'if a first attempt opened the wrong port',
      shop(probe, elsewhere),
      [added(10, elsewhere), added(20, probe)],
      'CreateSecurityGroupPolicies@20 mended 2',
    ],
  ])('%s', (_, world, events, expected) => {
    const diagnosis = about(world, events)
    expect(told(diagnosis)).toBe(expected)
    expect([diagnosis.attention, diagnosis.verdict, diagnosis.gaps]).toEqual(['none', 'healthy', []])
  })

  const open = entry({ priority: 1, protocol: 'tcp', port: '8080', cidr: '203.0.113.0/24', action: 'Accept' })
  const all = entry({ priority: 1, protocol: 'all', port: null, cidr: '0.0.0.0/0', action: 'Accept' })
  const opened = event(10, 'CreateNetworkAclEntries', 'acl-web', {
    kind: 'entries-added',
    ingress: [open],
    egress: null,
  })
  const behindAcl = (groups: readonly string[]): World => ({
    subnet: { networkAclId: 'acl-web' },
    machines: [{ host: 16, status: 'Alive', groups }],
    acls: [acl({ ingress: [open], egress: [all] })],
    groups: [group('sg-shop', [probe])],
  })

  it('if an entry of an ACL was added', () => {
    expect(told(about(behindAcl(['sg-open']), [opened]))).toBe('CreateNetworkAclEntries@10 mended 1')
  })

  it('if it is the later one of two that were both necessary', () => {
    const log = [opened, added(20, probe)]
    expect(told(about(behindAcl(['sg-shop']), log))).toBe('CreateSecurityGroupPolicies@20 mended 1')
  })
})

describe('nothing is said', () => {
  it.each<[string, World, readonly AuditEvent[], Partial<Alarm>]>([
    ['of a change that does not matter for the probes', shop(probe, elsewhere), [added(20, elsewhere)], {}],
    [
      'of a rule beside another one that lets in the probes',
      shop(allow('0.0.0.0/0'), probe),
      [added(20, probe)],
      {},
    ],
    [
      'of such a change to a group whose rules came in another order',
      {
        ...shop(),
        groups: [{ ...group('sg-shop', [elsewhere, probe, drop('0.0.0.0/0')]) }].map((one) => ({
          ...one,
          ingress: one.ingress.toReversed(),
        })),
      },
      [added(20, elsewhere)],
      {},
    ],
    ['of a change after the recovery', shop(probe), [added(31, probe)], {}],
    ['of a change before the alarm', shop(probe), [added(-1, probe)], {}],
    ['if the alarm still fires', shop(probe), [added(20, probe)], { state: 'firing', recoveredAt: null }],
    ['if the alarm is not about health checks', shop(probe), [added(20, probe)], { subject: 'ClientConnum' }],
    ['if the alarm does not say when it began', shop(probe), [added(20, probe)], { firstOccurredAt: null }],
    [
      'if the rules let in the probes when the alarm began',
      shop(probe),
      [removed(10, probe), added(20, probe)],
      {},
    ],
    [
      'if a backend is still Dead',
      {
        machines: [
          { host: 16, status: 'Alive', groups: ['sg-shop'] },
          { host: 17, status: 'Dead' },
        ],
        groups: [group('sg-shop', [probe])],
      },
      [added(20, probe)],
      {},
    ],
    [
      'of a rule that lets in the probes of a backend that the alarm does not mean',
      {
        machines: [
          { host: 16, status: 'Alive' },
          { host: 17, status: 'Alive', groups: ['sg-shop'] },
        ],
        groups: [group('sg-shop', [probe])],
      },
      [added(20, probe)],
      { backend: { ip: '10.0.1.16', port: 8080 } },
    ],
    [
      'if what was changed of a listener is not its check',
      shop(probe),
      [event(20, 'ModifyListener', 'lbl-aaaaaaaa')],
      {},
    ],
    [
      'of the groups of the CLB, which filter its clients',
      shop(probe),
      [event(20, 'SetLoadBalancerSecurityGroups', 'lb-7dpmqwcu')],
      {},
    ],
    ['if nothing was changed', shop(probe), [], {}],
  ])('%s', (_, world, events, fields) => {
    expect(told(about(world, events, fields))).toBe('nothing')
  })

  it('if the audit log could not be read, and the recovery stays green without a gap', () => {
    const denied = unread({
      problem: 'denied',
      action: 'cloudaudit:DescribeEvents',
      code: 'UnauthorizedOperation',
      message: 'no',
    })
    const diagnosis = about(shop(probe), denied)
    expect(told(diagnosis)).toBe('nothing')
    expect([diagnosis.attention, diagnosis.gaps]).toEqual(['none', []])
  })
})

describe('a change is only named', () => {
  it.each<[string, World, readonly AuditEvent[] | Fact<AuditLog>, string]>([
    [
      'if a deleted rule may have blocked, because it is not known where it stood',
      shop(probe),
      [removed(20, scanners)],
      'meanwhile DeleteSecurityGroupPolicies@20',
    ],
    [
      'if its parameters do not say what was there before',
      shop(probe),
      [event(20, 'ModifySecurityGroupPolicies', 'sg-shop')],
      'meanwhile ModifySecurityGroupPolicies@20',
    ],
    [
      'if it would block, and another change on the way is not understood',
      shop(probe),
      [event(10, 'ModifySecurityGroupPolicies', 'sg-shop'), added(20, probe)],
      'meanwhile CreateSecurityGroupPolicies@20 ModifySecurityGroupPolicies@10',
    ],
    [
      'if it would block, and what another change set is no longer there',
      shop(probe),
      [replaced(10, scanners, elsewhere), added(20, probe)],
      'meanwhile CreateSecurityGroupPolicies@20 ReplaceSecurityGroupPolicy@10',
    ],
    [
      'if it would block, and the audit log was not read from the beginning of the alarm',
      shop(probe),
      logOf([added(20, probe)], after(5)),
      'meanwhile CreateSecurityGroupPolicies@20',
    ],
    [
      'if it started a machine, and one that stopped it is not named',
      shop(probe),
      [event(10, 'StopInstances', 'ins-00000016'), event(20, 'StartInstances', 'ins-00000016')],
      'meanwhile StartInstances@20',
    ],
    [
      'if it gave the settings of the check',
      shop(probe),
      [event(20, 'ModifyListener', 'lbl-aaaaaaaa', { kind: 'check-set' })],
      'meanwhile ModifyListener@20',
    ],
    [
      'if it unbound backends, which may have been the sick ones',
      shop(probe),
      [event(20, 'DeregisterTargets', 'lbl-aaaaaaaa')],
      'meanwhile DeregisterTargets@20',
    ],
    [
      'if it is one of the newest two',
      shop(probe),
      [16, 17, 16].map((host, i) => event(10 + i, 'RebootInstances', `ins-000000${host}`)),
      'meanwhile RebootInstances@12 RebootInstances@11',
    ],
  ])('%s', (_, world, log, expected) => {
    expect(told(about(world, log))).toBe(expected)
  })

  it('and somebody who is not known is no name at the beginning of a sentence', () => {
    const nobody = { ...event(20, 'StartInstances', 'ins-00000016'), actor: null }
    const [line] = meanwhileLines(about(shop(probe), [nobody]), 'en')
    expect(line).toBe('Changed meanwhile: someone started the instance at 11-19 23:20')
  })

  it('not beside a change that is proven', () => {
    const log = [added(15, probe), event(20, 'StartInstances', 'ins-00000016')]
    const diagnosis = about(shop(probe), log)
    expect(told(diagnosis)).toBe('CreateSecurityGroupPolicies@15 mended 2')
    expect(diagnosis).not.toHaveProperty('changedMeanwhile')
  })
})
