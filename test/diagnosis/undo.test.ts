import { describe, expect, it } from 'vitest'
import type { Diagnosis, Fix } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { AclEntry, AuditEvent, AuditedEdit, SecurityRule, Snapshot } from '../../src/model/snapshot.ts'
import { entry, rule } from '../rules/builders.ts'
import { findingOf } from '../support/findings.ts'
import {
  acl,
  allow,
  denied,
  diagnosisOfSnapshot,
  drop,
  group,
  snapshotOf,
  type World,
} from '../support/snapshots.ts'

const ALARMED = '2026-11-19T23:00:00.000Z'
const ago = (minutes: number): string => new Date(Date.parse(ALARMED) - minutes * 60_000).toISOString()
/** The format of a rule's ModifyTime: Beijing time without an offset. */
const stamp = (minutes: number): string =>
  new Date(Date.parse(ago(minutes)) + 8 * 3600_000).toISOString().slice(0, 19).replace('T', ' ')

const event = (minutes: number, name: string, id: string, edit?: AuditedEdit): AuditEvent => ({
  at: ago(minutes),
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
const added = (fields: Partial<SecurityRule>, index: number | null = 0): AuditedEdit => ({
  kind: 'rules-added',
  rules: [asked(fields, index)],
})

const about = (world: World, events: readonly AuditEvent[], replace: Partial<Snapshot> = {}): Diagnosis =>
  diagnosisOfSnapshot({
    ...snapshotOf(world),
    alarmedAt: ALARMED,
    auditEvents: { 'ap-guangzhou': ok({ from: ago(24 * 60), to: ALARMED, complete: true, events }) },
    ...replace,
  })

const fixOf = (diagnosis: Diagnosis, code: string): Fix | null => findingOf(diagnosis, code).fix
const kindsOf = (fix: Fix | null): readonly (string | undefined)[] =>
  fix ? [fix.kind, ...(fix.alternatives ?? []).map(({ kind }) => kind)] : []
const undoIn = (fix: Fix | null): Fix | undefined =>
  fix
    ? [fix, ...(fix.alternatives ?? [])].find(({ kind }) => kind === 'undo' || kind === 'restore')
    : undefined
const lineOf = (fix: Fix | undefined): string =>
  fix?.commands?.find(({ tool }) => tool === 'tccli')?.line ?? ''
const bodyOf = (fix: Fix | undefined) => JSON.parse(/'(\{.*\})'$/.exec(lineOf(fix))?.[1] ?? '{}')

const scanners: Partial<SecurityRule> = {
  ...drop('203.0.113.0/24', '8000-9000'),
  description: 'block scanners',
}
const clbOnly = allow('203.0.113.26/32')
const dead = { host: 16, status: 'Dead', groups: ['sg-shop'] }
const shop = (...rules: readonly Partial<SecurityRule>[]): World => ({
  machines: [dead],
  groups: [group('sg-shop', rules)],
})
const BLOCKED = 'security-group/probe-blocked'

describe('a rule that was added before the trouble', () => {
  it('is deleted first, if that lets in nothing but the probe again', () => {
    const fix = fixOf(
      about(shop(scanners, clbOnly), [event(8, 'CreateSecurityGroupPolicies', 'sg-shop', added(scanners))]),
      BLOCKED,
    )
    expect(kindsOf(fix)).toEqual(['undo', 'open'])
    expect(fix).toMatchObject({
      verified: true,
      summary: 'Undo: delete inbound rule 1 of security group sg-shop; ask li.wei first',
    })
    expect(lineOf(fix ?? undefined)).toBe(
      `tccli vpc DeleteSecurityGroupPolicies --region ap-guangzhou --SecurityGroupId sg-shop --SecurityGroupPolicySet '{"Version":"1","Ingress":[{"PolicyIndex":0}]}'`,
    )
    expect(fix?.widens).not.toContain('203.0.113')
  })

  it('is deleted second, if that lets in more, and the fix says what', () => {
    const fix = fixOf(
      about(shop(scanners, allow('0.0.0.0/0', 'ALL')), [
        event(8, 'CreateSecurityGroupPolicies', 'sg-shop', added(scanners)),
      ]),
      BLOCKED,
    )
    expect(kindsOf(fix)).toEqual(['open', 'undo'])
    expect(undoIn(fix)?.widens).toContain('TCP 8000-9000 ← 203.0.113.0/24')
    expect(undoIn(fix)?.verified).toBe(true)
  })

  it('is deleted second, if it cannot be told what that lets in', () => {
    const template = {
      ...allow('0.0.0.0/0'),
      protocol: null,
      port: null,
      service: { id: 'ppm-web', groupId: null },
    }
    const fix = fixOf(
      about(shop(scanners, clbOnly, template), [
        event(8, 'CreateSecurityGroupPolicies', 'sg-shop', added(scanners)),
      ]),
      BLOCKED,
    )
    expect(kindsOf(fix)).toEqual(['open', 'undo'])
    expect(undoIn(fix)?.widens).toContain('(not evaluated)')
  })

  it('is found by its content, in whatever form the log has it', () => {
    const other = { ...scanners, protocol: 'tcp', action: 'drop', port: '8000-9000 ' }
    const fix = fixOf(
      about(shop(scanners, clbOnly), [event(8, 'CreateSecurityGroupPolicies', 'sg-shop', added(other))]),
      BLOCKED,
    )
    expect(kindsOf(fix)).toEqual(['undo', 'open'])
  })

  it.each<[string, readonly AuditEvent[]]>([
    ['it is old', []],
    [
      'it was added more than an hour before',
      [event(61, 'CreateSecurityGroupPolicies', 'sg-shop', added(scanners))],
    ],
    [
      'it was added after the trouble began',
      [event(-5, 'CreateSecurityGroupPolicies', 'sg-shop', added(scanners))],
    ],
    [
      'another rule was added',
      [event(8, 'CreateSecurityGroupPolicies', 'sg-shop', added(drop('10.0.0.0/8')))],
    ],
    ['the parameters are not understood', [event(8, 'CreateSecurityGroupPolicies', 'sg-shop')]],
    ['it has moved since', [event(8, 'CreateSecurityGroupPolicies', 'sg-shop', added(scanners, 4))]],
    [
      'the group was changed again',
      [
        event(8, 'CreateSecurityGroupPolicies', 'sg-shop', added(scanners)),
        event(3, 'ModifySecurityGroupPolicies', 'sg-shop'),
      ],
    ],
  ])('is not deleted if %s', (_, events) => {
    const diagnosis = about(shop(scanners, clbOnly), events)
    expect(kindsOf(fixOf(diagnosis, BLOCKED))).toEqual(['open'])
  })

  it('is not offered for deletion if another rule blocks the probe, too', () => {
    const fix = fixOf(
      about(shop(scanners, drop('0.0.0.0/0')), [
        event(8, 'CreateSecurityGroupPolicies', 'sg-shop', added(scanners)),
      ]),
      BLOCKED,
    )
    expect(kindsOf(fix)).toEqual(['open'])
  })

  it('that an operation in two logs made is one change', () => {
    const events = [event(8, 'CreateSecurityGroupPolicies', 'sg-shop', added(scanners))]
    const log = ok({ from: ago(24 * 60), to: ALARMED, complete: true, events })
    const diagnosis = about(shop(scanners, clbOnly), [], {
      auditEvents: { 'ap-guangzhou': log, 'ap-shanghai': log },
    })
    expect(kindsOf(fixOf(diagnosis, BLOCKED))).toEqual(['undo', 'open'])
  })
})

describe('a rule that was changed', () => {
  const pair = (now: Partial<SecurityRule>, before: Partial<SecurityRule>): AuditedEdit => ({
    kind: 'rules-replaced',
    rules: [{ now: asked(now, 0), before: asked(before, 0) }],
  })

  it('is put back to what the log says that it was', () => {
    const fix = fixOf(
      about(shop({ ...clbOnly, action: 'DROP' }, drop('10.0.0.0/8')), [
        event(8, 'ReplaceSecurityGroupPolicy', 'sg-shop', pair({ ...clbOnly, action: 'DROP' }, clbOnly)),
      ]),
      BLOCKED,
    )
    expect(kindsOf(fix)).toEqual(['restore', 'open'])
    expect(bodyOf(undoIn(fix))).toEqual({
      Version: '1',
      Ingress: [
        { PolicyIndex: 0, Protocol: 'TCP', Port: '8080', CidrBlock: '203.0.113.26/32', Action: 'ACCEPT' },
      ],
    })
  })

  it('twice is not put back', () => {
    const now = { ...clbOnly, action: 'DROP' }
    const fix = fixOf(
      about(shop(now), [
        event(20, 'ReplaceSecurityGroupPolicy', 'sg-shop', pair(allow('203.0.113.0/24'), clbOnly)),
        event(8, 'ReplaceSecurityGroupPolicy', 'sg-shop', pair(now, allow('203.0.113.0/24'))),
      ]),
      BLOCKED,
    )
    expect(kindsOf(fix)).toEqual(['open'])
  })
})

describe('a rule that was deleted', () => {
  it('is added again, if no other rule decides', () => {
    const fix = fixOf(
      about(shop(allow('10.0.0.0/8')), [
        event(8, 'DeleteSecurityGroupPolicies', 'sg-shop', {
          kind: 'rules-removed',
          rules: [asked(clbOnly)],
        }),
      ]),
      BLOCKED,
    )
    expect(kindsOf(fix)).toEqual(['restore', 'open'])
    expect(bodyOf(undoIn(fix)).Ingress).toEqual([
      { Protocol: 'TCP', Port: '8080', CidrBlock: '203.0.113.26/32', Action: 'ACCEPT' },
    ])
  })
})

describe('a whole list of rules that was set', () => {
  const set = (isOrdered: boolean, ...ingress: readonly Partial<SecurityRule>[]): AuditedEdit => ({
    kind: 'rules-set',
    ingress: ingress.map((one) => asked(one)),
    egress: [asked(allow('0.0.0.0/0', 'ALL'))],
    isOrdered,
  })
  const NAME = 'ModifySecurityGroupPolicies'
  const ssh = allow('10.0.0.0/8', '22')

  it('is put back to the list that the operation before had set, in its order, with the outbound rules', () => {
    const events = [
      event(600, NAME, 'sg-shop', set(true, drop('0.0.0.0/0', '23'), clbOnly)),
      event(8, NAME, 'sg-shop', set(false, ssh)),
    ]
    const fix = fixOf(about(shop(ssh), events), BLOCKED)
    expect(kindsOf(fix)).toEqual(['restore', 'open'])
    expect(undoIn(fix)).toMatchObject({
      verified: true,
      summary:
        'Undo: put all rules of security group sg-shop back to the list that was set before, with 2 inbound rules (the command replaces all inbound and outbound rules); ask li.wei first',
    })
    expect(lineOf(undoIn(fix))).toContain('--SortPolicys True')
    expect(bodyOf(undoIn(fix))).toMatchObject({
      Version: '1',
      Ingress: [{ Port: '23', Action: 'DROP' }, { CidrBlock: '203.0.113.26/32' }],
      Egress: [{ CidrBlock: '0.0.0.0/0', Action: 'ACCEPT' }],
    })
  })

  it.each<[string, readonly AuditEvent[]]>([
    ['nobody knows what was there before', [event(8, NAME, 'sg-shop', set(true, ssh))]],
    [
      'the order of the earlier rules is not known',
      [
        event(600, NAME, 'sg-shop', set(false, drop('0.0.0.0/0', '23'), clbOnly)),
        event(8, NAME, 'sg-shop', set(true, ssh)),
      ],
    ],
    [
      'somebody changed them in between',
      [
        event(600, NAME, 'sg-shop', set(true, clbOnly)),
        event(500, 'DeleteSecurityGroupPolicies', 'sg-shop'),
        event(8, NAME, 'sg-shop', set(true, ssh)),
      ],
    ],
    [
      'other rules are there now',
      [
        event(600, NAME, 'sg-shop', set(true, clbOnly)),
        event(8, NAME, 'sg-shop', set(true, allow('10.0.0.0/8', '23'))),
      ],
    ],
  ])('is not put back if %s, and the fix says that the log does not show it', (_, events) => {
    const fix = fixOf(about(shop(ssh), events), BLOCKED)
    expect(kindsOf(fix)).toEqual(['open'])
    expect(fix?.notes?.join()).toContain('does not show what sg-shop was before')
  })
})

describe('a time stamp alone', () => {
  const unread = { auditEvents: { 'ap-guangzhou': denied('cloudaudit:DescribeEvents') } }
  const stamped = (minutes: number, other: number) =>
    about(
      shop({ ...scanners, modifiedAt: stamp(minutes) }, { ...clbOnly, modifiedAt: stamp(other) }),
      [],
      unread,
    )

  it('offers the deletion second and names what is unknown', () => {
    const fix = fixOf(stamped(8, 90_000), BLOCKED)
    expect(kindsOf(fix)).toEqual(['open', 'undo'])
    expect(undoIn(fix)?.summary).toContain('by whom it was changed and what it was before is not known')
  })

  it('offers nothing if it is old, or if all rules have it', () => {
    expect(kindsOf(fixOf(stamped(70, 90_000), BLOCKED))).toEqual(['open'])
    expect(kindsOf(fixOf(stamped(8, 8), BLOCKED))).toEqual(['open'])
  })
})

describe('the entries of a network ACL', () => {
  const open: Partial<AclEntry> = { protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }
  const shut: Partial<AclEntry> = {
    protocol: 'TCP',
    port: '8080',
    cidr: '203.0.113.0/24',
    action: 'DROP',
    description: "ops' block",
  }
  const listed = (...entries: readonly Partial<AclEntry>[]) =>
    entries.map((one, i) => entry({ priority: i + 1, id: `acli43-${i}`, ...one }))
  const behind = (ingress: readonly AclEntry[], more: Partial<World> = {}): World => ({
    machines: [{ host: 16, status: 'Dead' }],
    subnet: { networkAclId: 'acl-web' },
    acls: [acl({ ingress, egress: listed(open) })],
    ...more,
  })
  const CODE = 'network-acl/probe-blocked'
  const set = (...entries: readonly Partial<AclEntry>[]): AuditedEdit => ({
    kind: 'entries-set',
    ingress: entries.map((one) => entry({ priority: null, id: null, ...one })),
    egress: null,
  })

  it('that were added are deleted by their id', () => {
    const edit: AuditedEdit = { ...set(shut), kind: 'entries-added' } as AuditedEdit
    const fix = fixOf(
      about(behind(listed(shut, open)), [event(8, 'CreateNetworkAclEntries', 'acl-web', edit)]),
      CODE,
    )
    expect(kindsOf(fix)).toEqual(['open', 'undo'])
    expect(undoIn(fix)).toMatchObject({ verified: true, widens: expect.stringContaining('DROP TCP:8080') })
    expect(bodyOf(undoIn(fix))).toEqual({ Ingress: [{ NetworkAclIpv4EntryId: 'acli43-0' }] })
  })

  it('that were added and came without ids are taken out of the whole list', () => {
    const edit: AuditedEdit = { ...set(shut), kind: 'entries-added' } as AuditedEdit
    const ingress = listed(shut, open, shut).map((one) => ({ ...one, id: null }))
    const fix = fixOf(about(behind(ingress), [event(8, 'CreateNetworkAclEntries', 'acl-web', edit)]), CODE)
    expect(lineOf(undoIn(fix))).toContain('tccli vpc ModifyNetworkAclEntries')
    expect(lineOf(undoIn(fix))).toContain(`ops'\\''` + ' block')
  })

  it('that were replaced are put back as the operation before had set them, the whole list', () => {
    const events = [
      event(600, 'ModifyNetworkAclEntries', 'acl-web', set({ ...shut, port: '22' }, open)),
      event(8, 'ModifyNetworkAclEntries', 'acl-web', set(shut, { ...shut, port: '22' }, open)),
    ]
    const fix = fixOf(about(behind(listed(shut, { ...shut, port: '22' }, open)), events), CODE)
    expect(kindsOf(fix)).toEqual(['open', 'restore'])
    expect(undoIn(fix)?.verified).toBe(true)
    expect(lineOf(undoIn(fix))).toContain('tccli vpc ModifyNetworkAclEntries')
    expect(undoIn(fix)?.summary).toContain('back to the earlier 2')
  })

  it.each<[string, readonly AuditEvent[]]>([
    ['nobody knows what was there before', [event(8, 'ModifyNetworkAclEntries', 'acl-web', set(shut, open))]],
    [
      'other entries are there now',
      [
        event(600, 'ModifyNetworkAclEntries', 'acl-web', set(open)),
        event(8, 'ModifyNetworkAclEntries', 'acl-web', set(shut)),
      ],
    ],
    [
      'somebody changed them in between',
      [
        event(600, 'ModifyNetworkAclEntries', 'acl-web', set(open)),
        event(500, 'DeleteNetworkAclEntries', 'acl-web'),
        event(8, 'ModifyNetworkAclEntries', 'acl-web', set(shut, open)),
      ],
    ],
  ])('that were replaced are not put back if %s', (_, events) => {
    expect(kindsOf(fixOf(about(behind(listed(shut, open)), events), CODE))).toEqual(['open'])
  })

  it('apply no more once the ACL is unbound from the subnet that it was bound to', () => {
    const edit: AuditedEdit = { kind: 'acl-bound', aclId: 'acl-web', subnetIds: ['subnet-web'] }
    const fix = fixOf(
      about(behind(listed(shut, open)), [event(8, 'AssociateNetworkAclSubnets', 'subnet-web', edit)]),
      CODE,
    )
    expect(kindsOf(fix)).toEqual(['open', 'undo'])
    expect(lineOf(undoIn(fix))).toBe(
      `tccli vpc DisassociateNetworkAclSubnets --region ap-guangzhou --NetworkAclId acl-web --SubnetIds '["subnet-web"]'`,
    )
    expect(undoIn(fix)?.widens).toContain('all other packets that network ACL acl-web denies')
  })
})

describe('a fix after an undoing', () => {
  it('is built on the rules without what was undone', () => {
    const partner = { ...drop('203.0.113.26/32', '9090'), description: 'partner' }
    const world: World = {
      machines: [dead, { host: 17, status: 'Dead', groups: ['sg-shop'], registration: { port: 9090 } }],
      groups: [group('sg-shop', [scanners, partner, allow('203.0.113.26/32', '8080,9090')])],
    }
    const diagnosis = about(world, [event(8, 'CreateSecurityGroupPolicies', 'sg-shop', added(scanners))])
    const fixes = diagnosis.findings
      .filter(({ code }) => code === BLOCKED)
      .map(({ fix }) => [
        fix?.kind,
        fix?.verified,
        bodyOf(fix ?? undefined).Ingress?.map((one: object) => one),
      ])
    expect(fixes).toHaveLength(2)
    expect(fixes).toContainEqual(['undo', true, [{ PolicyIndex: 0 }]])
    const opening = fixes.find(([kind]) => kind === 'open')
    expect(opening?.[1]).toBe(true)
    expect(opening?.[2]).toMatchObject([{ PolicyIndex: 0, Port: '9090' }])
  })
})
