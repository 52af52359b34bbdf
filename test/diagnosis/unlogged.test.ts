import { describe, expect, it } from 'vitest'
import type { Diagnosis, Fix } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { Language } from '../../src/model/language.ts'
import type { AuditEvent, AuditedEdit, SecurityRule, Snapshot } from '../../src/model/snapshot.ts'
import { entry, rule } from '../rules/builders.ts'
import { findingOf } from '../support/findings.ts'
import { renderText, renderWecom } from '../support/renderings.ts'
import {
  acl,
  allow,
  diagnosisOfSnapshot,
  drop,
  group,
  healthCheck,
  snapshotOf,
  type World,
} from '../support/snapshots.ts'

const ALARMED = '2026-11-19T23:00:00.000Z'
const ago = (minutes: number): string => new Date(Date.parse(ALARMED) - minutes * 60_000).toISOString()

const event = (minutes: number, name: string, id: string, edit?: AuditedEdit): AuditEvent => ({
  at: ago(minutes),
  event: name,
  resourceIds: [id],
  actor: 'li.wei',
  sourceIp: null,
  ...(edit ? { edit } : {}),
})
const asked = (fields: Partial<SecurityRule>, index: number | null = null) => {
  const { modifiedAt: _, ...own } = rule({ ...fields, index: 0 })
  return { ...own, index }
}

const about = (
  world: World,
  events: readonly AuditEvent[],
  language: Language = 'en',
  replace: Partial<Snapshot> = {},
): Diagnosis =>
  diagnosisOfSnapshot(
    {
      ...snapshotOf(world),
      alarmedAt: ALARMED,
      auditEvents: { 'ap-guangzhou': ok({ from: ago(24 * 60), to: ALARMED, complete: true, events }) },
      ...replace,
    },
    language,
  )
const fixOf = (diagnosis: Diagnosis, code: string): Fix | null => findingOf(diagnosis, code).fix
const UNLOGGED = 'No undo is proposed'
const noted = (fix: Fix | null): readonly string[] =>
  (fix?.notes ?? []).filter((one) => one.includes(UNLOGGED))

const BLOCKED = 'security-group/probe-blocked'
const clbOnly = allow('203.0.113.26/32')
const shop = (...rules: readonly Partial<SecurityRule>[]): World => ({
  machines: [{ host: 16, status: 'Dead', groups: ['sg-shop'] }],
  groups: [group('sg-shop', rules)],
})
const template: Partial<SecurityRule> = {
  ...drop('', '8080'),
  cidr: null,
  address: { id: 'ipm-block', groupId: null },
}
const templates = { addressTemplates: { 'ipm-block': ok(['203.0.113.0/24']) } }

describe('a change that may have made the deciding rule, and whose former state is not in the log', () => {
  it('is named with the person to ask and the place to look', () => {
    const events = [event(8, 'ModifySecurityGroupPolicies', 'sg-shop')]
    const fix = fixOf(about(shop(drop('0.0.0.0/0')), events), BLOCKED)
    expect(fix?.kind).toBe('open')
    expect(noted(fix)).toEqual([
      'No undo is proposed for the change by li.wei at 11-19 22:52 UTC: the audit log does not show what sg-shop was before. Ask li.wei, or look for earlier records of sg-shop in the operation audit of the console.',
    ])
    expect(fixOf(about(shop(drop('0.0.0.0/0')), events, 'zh-CN'), BLOCKED)?.notes).toContain(
      'li.wei 06:52 的改动无法给出撤销命令：从操作审计看不出 sg-shop 改之前的内容。请问 li.wei，或在控制台的操作审计里查 sg-shop 更早的记录。',
    )
  })

  it('is told with the fix in every format', () => {
    const diagnosis = about(shop(drop('0.0.0.0/0')), [event(8, 'ModifySecurityGroupPolicies', 'sg-shop')])
    expect(renderWecom(diagnosis)).toContain(UNLOGGED)
    expect(renderText(diagnosis, { color: false, width: 400 })).toContain(UNLOGGED)
  })

  it('may have an author who is not known', () => {
    const nobody = { ...event(8, 'ModifySecurityGroupPolicies', 'sg-shop'), actor: null }
    const [note] = noted(fixOf(about(shop(drop('0.0.0.0/0')), [nobody]), BLOCKED))
    expect(note).toMatch(
      /^No undo is proposed for the change at 11-19 22:52 UTC: .* First find out who made it,/,
    )
  })

  it('is the newest of several', () => {
    const events = [30, 8].map((minutes) => event(minutes, 'ModifySecurityGroupPolicies', 'sg-shop'))
    const notes = noted(fixOf(about(shop(drop('0.0.0.0/0')), events), BLOCKED))
    expect([notes.length, notes[0]]).toEqual([1, expect.stringContaining('22:52')])
  })

  const all = { protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0' }
  const shut = entry({ ...all, id: 'acli43-0', priority: 1, action: 'DROP' })
  const open = entry({ ...all, id: 'acli43-1', priority: 2, action: 'ACCEPT' })
  const behind: World = {
    machines: [{ host: 16, status: 'Dead' }],
    subnet: { networkAclId: 'acl-web' },
    acls: [acl({ ingress: [shut, open], egress: [open] })],
  }
  const set: AuditedEdit = { kind: 'entries-set', ingress: [shut, open], egress: null }
  const bound: AuditedEdit = { kind: 'acl-bound', aclId: 'acl-web', subnetIds: ['subnet-web'] }
  const CODE = 'network-acl/probe-blocked'

  it.each<[string, World, string, AuditEvent | readonly AuditEvent[], Partial<Snapshot>?]>([
    ['rules deleted by index', shop(), BLOCKED, event(8, 'DeleteSecurityGroupPolicies', 'sg-shop')],
    [
      'a rule replaced without the original',
      shop(drop('0.0.0.0/0')),
      BLOCKED,
      event(8, 'ReplaceSecurityGroupPolicy', 'sg-shop'),
    ],
    [
      'a template',
      shop(template),
      BLOCKED,
      event(8, 'ModifyAddressTemplateAttribute', 'ipm-block'),
      templates,
    ],
    ['groups bound to a machine', shop(), BLOCKED, event(8, 'AssociateSecurityGroups', 'ins-00000016')],
    ['the whole list of an ACL', behind, CODE, event(8, 'ModifyNetworkAclEntries', 'acl-web', set)],
    ['single entries of an ACL', behind, CODE, event(8, 'ModifyNetworkAclQuintupleEntries', 'acl-web')],
    [
      'an ACL in place of another one',
      behind,
      CODE,
      [
        event(20, 'DisassociateNetworkAclSubnets', 'subnet-web'),
        event(8, 'AssociateNetworkAclSubnets', 'subnet-web', bound),
      ],
    ],
    [
      'backends that were unbound in a way that is not understood',
      { machines: [] },
      'pool-membership/no-targets',
      event(8, 'DisassociateTargetGroups', 'lbl-aaaaaaaa'),
    ],
  ])('can be %s', (_, world, code, events, replace) => {
    expect(noted(fixOf(about(world, [events].flat(), 'en', replace), code))).toHaveLength(1)
  })

  it('can be a rule that was deleted from a place that the log does not have', () => {
    const removed = event(8, 'DeleteSecurityGroupPolicies', 'sg-shop', {
      kind: 'rules-removed',
      rules: [asked(clbOnly)],
    })
    const [note] = noted(fixOf(about(shop(drop('0.0.0.0/0')), [removed]), BLOCKED))
    expect(note).toContain('does not show where in sg-shop the deleted rules stood')
  })
})

describe('the fix does not mention the former state', () => {
  const elsewhere = { kind: 'rules-removed', rules: [asked(allow('203.0.113.26/32', '9090'))] } as const
  const added = { kind: 'rules-added', rules: [asked(allow('10.0.0.0/8'))] } as const
  it.each<[string, World, string, AuditEvent, Partial<Snapshot>?]>([
    [
      'of a change more than an hour before',
      shop(drop('0.0.0.0/0')),
      BLOCKED,
      event(61, 'ModifySecurityGroupPolicies', 'sg-shop'),
    ],
    [
      'of a deleted rule that let nothing in here',
      shop(drop('0.0.0.0/0')),
      BLOCKED,
      event(8, 'DeleteSecurityGroupPolicies', 'sg-shop', elsewhere),
    ],
    [
      'of rules that were added and do not decide',
      shop(drop('0.0.0.0/0')),
      BLOCKED,
      event(8, 'CreateSecurityGroupPolicies', 'sg-shop', added),
    ],
    [
      'if the change can be undone',
      shop(),
      BLOCKED,
      event(8, 'DeleteSecurityGroupPolicies', 'sg-shop', { kind: 'rules-removed', rules: [asked(clbOnly)] }),
    ],
    [
      'of a change to another group',
      {
        ...shop(drop('0.0.0.0/0')),
        machines: [{ host: 16, status: 'Dead', groups: ['sg-shop', 'sg-open'] }],
      },
      BLOCKED,
      event(8, 'ModifySecurityGroupPolicies', 'sg-open'),
    ],
    [
      'of a change to the machine behind a rule',
      shop(drop('0.0.0.0/0')),
      BLOCKED,
      event(8, 'RebootInstances', 'ins-00000016'),
    ],
    [
      'of a listener if the change may not be about its check',
      { listener: { healthCheck: healthCheck({ port: 9090 }) }, machines: [{ host: 16, status: 'Dead' }] },
      'health-check-config/port-differs',
      event(8, 'ModifyListener', 'lbl-aaaaaaaa'),
    ],
  ])('%s', (_, world, code, one, replace) => {
    expect(noted(fixOf(about(world, [one], 'en', replace), code))).toEqual([])
  })
})
