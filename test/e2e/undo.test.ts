import { describe, expect, it } from 'vitest'
import type { Fix } from '../../src/model/diagnosis.ts'
import { SHOP, type Shop, shop } from '../../src/simulator/base.ts'
import type { AclEntry, GroupRule } from '../../src/simulator/world.ts'
import { lookAt } from '../simulator/support.ts'
import { auditRecord } from '../support/audit.ts'
import { statementOf, typeErrorsOf } from '../support/sdk-types.ts'
import { alarmSince, askSimulated } from '../support/simulated.ts'
import { carryOut } from './carry-out.ts'

// A change in the audit log made the rule that blocks. The commands of every fix, run as printed, let the probes pass.

const ONSET = '2026-11-19T23:00:00.000Z'
const secondsBefore = (minutes: number): number => Date.parse(ONSET) / 1000 - minutes * 60

function audited(
  made: Shop,
  minutes: number,
  event: string,
  resourceId: string,
  parameters: Record<string, unknown>,
): Shop {
  made.world.audit.push(
    auditRecord({
      at: secondsBefore(minutes),
      event,
      resourceId,
      parameters,
    }),
  )
  return made
}

const scanners: GroupRule = { protocol: 'TCP', port: '8000-9000', source: '203.0.113.0/24', action: 'DROP' }
const asPolicy = ({ protocol, port, source, action }: GroupRule, PolicyIndex?: number) => ({
  ...(PolicyIndex === undefined ? {} : { PolicyIndex }),
  Protocol: protocol,
  Port: port,
  CidrBlock: source,
  Action: action,
})
const changeOfGroup = (Ingress: readonly object[], more: object = {}) => ({
  SecurityGroupId: 'sg-shopweb1',
  SecurityGroupPolicySet: { Version: '6', Ingress },
  ...more,
})

function withGroup(...rules: readonly GroupRule[]): Shop {
  const made = shop()
  const [own] = made.world.groups
  if (own) own.rules = [...rules]
  return made
}

const clb: GroupRule = { protocol: 'TCP', port: '8080', source: '203.0.113.26/32', action: 'ACCEPT' }
const all: AclEntry = { protocol: 'all', port: '', cidr: '0.0.0.0/0', action: 'Accept' }
const shut: AclEntry = { protocol: 'tcp', port: '8080', cidr: '203.0.113.0/24', action: 'Drop' }
const asEntry = ({ protocol, port, cidr, action }: AclEntry) => ({
  Protocol: protocol,
  ...(port === '' ? {} : { Port: port }),
  CidrBlock: cidr,
  Action: action,
})

function withAcl(...ingress: readonly AclEntry[]): Shop {
  const made = shop()
  Object.assign(made.acl, { type: 'TRIPLE', ingress: [...ingress], egress: [{ ...all }] })
  return made
}

const changeOfAcl = (made: Shop, Ingress: readonly AclEntry[]) => ({
  NetworkAclId: made.acl.id,
  NetworkAclEntrySet: { Ingress: Ingress.map(asEntry) },
})

const CHANGES: Readonly<Record<string, readonly [() => Shop, readonly string[]]>> = {
  'a rule of a group was added': [
    () =>
      audited(
        withGroup(scanners, clb),
        8,
        'CreateSecurityGroupPolicies',
        'sg-shopweb1',
        changeOfGroup([asPolicy(scanners, 0)]),
      ),
    ['undo', 'open'],
  ],
  'a rule was added that hides a wide one': [
    () =>
      audited(
        withGroup(scanners, { ...clb, source: '0.0.0.0/0' }),
        8,
        'CreateSecurityGroupPolicies',
        'sg-shopweb1',
        changeOfGroup([asPolicy(scanners, 0)]),
      ),
    ['open', 'undo'],
  ],
  'a rule of a group was replaced': [
    () =>
      audited(
        withGroup({ ...clb, action: 'DROP' }),
        8,
        'ReplaceSecurityGroupPolicy',
        'sg-shopweb1',
        changeOfGroup([asPolicy({ ...clb, action: 'DROP' }, 0)], {
          OriginalSecurityGroupPolicySet: { Version: '6', Ingress: [asPolicy(clb, 0)] },
        }),
      ),
    ['restore', 'open'],
  ],
  'a rule of a group was deleted': [
    () =>
      audited(withGroup(), 8, 'DeleteSecurityGroupPolicies', 'sg-shopweb1', changeOfGroup([asPolicy(clb)])),
    ['restore', 'open'],
  ],
  'the whole list of a group was set': [
    () => {
      const ssh: GroupRule = { ...clb, port: '22' }
      const setTo = (rule: GroupRule) => ({
        SecurityGroupId: 'sg-shopweb1',
        SecurityGroupPolicySet: {
          Version: '6',
          Ingress: [asPolicy(rule)],
          Egress: [asPolicy({ ...clb, port: 'ALL', source: '0.0.0.0/0' })],
        },
      })
      const made = withGroup(ssh)
      audited(made, 300, 'ModifySecurityGroupPolicies', 'sg-shopweb1', setTo(clb))
      return audited(made, 8, 'ModifySecurityGroupPolicies', 'sg-shopweb1', setTo(ssh))
    },
    ['restore', 'open'],
  ],
  'an entry of an ACL was added': [
    () => {
      const made = withAcl(shut, all)
      return audited(made, 8, 'CreateNetworkAclEntries', made.acl.id, changeOfAcl(made, [shut]))
    },
    ['open', 'undo'],
  ],
  'the entries of an ACL were replaced': [
    () => {
      const made = withAcl(shut, { ...shut, port: '22' }, all)
      audited(
        made,
        300,
        'ModifyNetworkAclEntries',
        made.acl.id,
        changeOfAcl(made, [{ ...shut, port: '22' }, all]),
      )
      return audited(made, 8, 'ModifyNetworkAclEntries', made.acl.id, changeOfAcl(made, made.acl.ingress))
    },
    ['open', 'restore'],
  ],
  'an ACL was bound to the subnet': [
    () => {
      const made = withAcl(shut)
      const parameters = { NetworkAclId: made.acl.id, SubnetIds: ['subnet-web00001'] }
      return audited(made, 8, 'AssociateNetworkAclSubnets', 'subnet-web00001', parameters)
    },
    ['open', 'undo'],
  ],
}

const statuses = ({ world }: Shop): readonly string[] => [
  ...new Set(lookAt(world, SHOP).map(({ status }) => status)),
]

const waysIn = (fix: Fix | null | undefined): readonly Fix[] =>
  fix ? [fix, ...(fix.alternatives ?? [])] : []

describe('each fix of a changed rule, run as printed, brings the backends back', () => {
  it.each(Object.entries(CHANGES))('if %s', async (_, [build, kinds]) => {
    const { diagnosis } = await askSimulated(build().world, { alarm: alarmSince(ONSET) })
    const fixes = waysIn(diagnosis.findings.find(({ role }) => role === 'cause')?.fix)
    expect(fixes.map(({ kind }) => kind)).toEqual(kinds)
    expect(statuses(build())).toEqual(['Dead'])
    for (const fix of fixes) {
      const made = build()
      carryOut(made.world, { fix })
      expect([fix.kind, fix.verified, ...statuses(made)]).toEqual([fix.kind, true, 'Alive'])
    }
  })

  it('and every command matches the request type of the SDK', async () => {
    const lines: string[] = []
    for (const [build] of Object.values(CHANGES)) {
      const { diagnosis } = await askSimulated(build().world, { alarm: alarmSince(ONSET) })
      const commands = diagnosis.findings.flatMap(({ fix }) =>
        waysIn(fix).flatMap((one) => one.commands ?? []),
      )
      lines.push(...commands.filter(({ tool }) => tool === 'tccli').map(({ line }) => line))
    }
    expect([...new Set(lines.map((line) => line.split(' ')[2]))].sort()).toEqual([
      'CreateNetworkAclEntries',
      'CreateSecurityGroupPolicies',
      'DeleteNetworkAclEntries',
      'DeleteSecurityGroupPolicies',
      'DisassociateNetworkAclSubnets',
      'ModifyNetworkAclEntries',
      'ModifySecurityGroupPolicies',
      'ReplaceSecurityGroupPolicy',
    ])
    expect(typeErrorsOf(lines.map(statementOf).join('\n'))).toEqual([])
  })
})
