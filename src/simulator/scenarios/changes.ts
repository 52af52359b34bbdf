import { shop } from '../base.ts'
import { scenario } from '../scenario.ts'
import type { AuditRecord } from '../world.ts'

/** When the alarm first fired, as in `scenario`. In seconds since 1970. */
const ALARMED_S = Date.parse('2026-11-20T07:00:00+08:00') / 1000

const record = (
  minutesBefore: number,
  event: string,
  resourceId: string,
  fields: Partial<AuditRecord> = {},
): AuditRecord => ({
  at: ALARMED_S - minutesBefore * 60,
  event,
  write: true,
  resourceType: 'vpc',
  resourceId,
  parameters: { SecurityGroupId: resourceId },
  actor: 'li.wei',
  sourceIp: '198.51.100.7',
  secretId: 'AKIDplantedInTheAuditLog00000001',
  token: 'planted-session-token-of-the-audit-log',
  apiErrorCode: 0,
  ...fields,
})

export const changeScenarios = [
  scenario({
    name: 'changed-before',
    summary: {
      'zh-CN': '告警前 8 分钟，有人在共用安全组最前面加了一条拒绝规则；操作审计记录了是谁',
      en: 'eight minutes before the alarm someone put a DROP on top of the shared group; the audit log knows who',
    },
    build() {
      const { world, machines, machine } = shop()
      world.groups[0]?.rules.unshift({
        protocol: 'TCP',
        port: '8000-9000',
        source: '203.0.113.0/24',
        action: 'DROP',
        note: 'block scanners',
        modifiedAt: '2026-11-20 06:52:00',
      })
      // Two of the machines have another group. It was not changed.
      world.groups.push({
        id: 'sg-shopold1',
        name: 'shop-old',
        rules: [
          { protocol: 'TCP', port: '8080', source: '203.0.113.0/24', action: 'ACCEPT', note: 'CLB VIPs' },
        ],
      })
      for (const own of machines.slice(3)) own.groups = ['sg-shopold1']
      machine(18).state = 'STOPPED'
      world.audit.push(
        record(8, 'CreateSecurityGroupPolicies', 'sg-shopweb1', {
          parameters: {
            SecurityGroupId: 'sg-shopweb1',
            SecurityGroupPolicySet: {
              Version: '6',
              Ingress: [
                {
                  PolicyIndex: 0,
                  Protocol: 'TCP',
                  Port: '8000-9000',
                  CidrBlock: '203.0.113.0/24',
                  Action: 'DROP',
                  PolicyDescription: 'block scanners',
                },
              ],
            },
          },
        }),
        // Events that must not count: a change of another resource, a read, a failed call, a change after the alarm,
        // and an event that only mentions the group.
        record(2, 'ModifySecurityGroupPolicies', 'sg-unrelated', { actor: 'bystander' }),
        record(3, 'DescribeSecurityGroupPolicies', 'sg-shopweb1', { write: false, actor: 'reader' }),
        record(4, 'DeleteSecurityGroupPolicies', 'sg-shopweb1', { apiErrorCode: 4104, actor: 'refused' }),
        record(-5, 'ModifySecurityGroupPolicies', 'sg-shopweb1', { actor: 'latecomer' }),
        record(1, 'AssociateSecurityGroups', 'ins-unrelated', {
          parameters: { InstanceIds: ['ins-unrelated'], SecurityGroupIds: ['sg-shopweb1'] },
          resourceType: 'cvm',
          actor: 'bystander',
        }),
      )
      return world
    },
  }),
]
