import type { CallOptions, CloudSession, Kind, ResponseOf } from '../cloud/index.ts'
import type { ById, GroupUse, SecurityGroup, SecurityRule, TemplateReference } from '../model/snapshot.ts'
import { listed, malformed, readEach, readMany } from './collect.ts'
import { withRows } from './expanded.ts'
import { text } from './fields.ts'

type PolicySet = NonNullable<ResponseOf<'vpc:DescribeSecurityGroupPolicies'>['SecurityGroupPolicySet']>
type ApiPolicy = NonNullable<PolicySet['Ingress']>[number]

const ACTION = 'vpc:DescribeSecurityGroupPolicies'
const EXPANDED = 'vpc:DescribeSecurityGroupExpandedPolicies'

// Rules take most of the memory: 500 groups of 100 rules are about 15 MB.
const GROUPS: Kind = { action: ACTION, size: 1, keep: 500 }
const WRITTEN_OUT: Kind = { action: EXPANDED, size: 1, keep: 200 }
export const USE: Kind = { action: 'vpc:DescribeSecurityGroupAssociationStatistics', size: 100, keep: 2_000 }

/**
 * The groups with every template written out, one call per group. The platform caches the answer for a minute (platform
 * facts A). `null` if the rows cannot be assigned to the rules.
 */
export const readExpanded = (
  cloud: CloudSession,
  groups: readonly SecurityGroup[],
  where: CallOptions,
): Promise<ById<SecurityGroup | null>> => {
  const byId = new Map(groups.map((group) => [group.id, group]))
  return readEach(cloud, { kind: WRITTEN_OUT, ids: [...byId.keys()], where }, async (id, at) => {
    const answer = await cloud.call(EXPANDED, { SecurityGroupId: id }, at)
    const rows = listed(EXPANDED, answer.SecurityGroupPolicySet?.Ingress).map(rule)
    const group = byId.get(id)
    const ingress = group ? withRows(group.ingress, rows) : null
    return group && ingress ? { ...group, ingress } : null
  })
}

/** How many resources use each group, by kind. */
export const readGroupUse = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<GroupUse | null>> =>
  readMany(cloud, { kind: USE, ids, where }, async (chunk, at) => {
    const answer = await cloud.call(
      'vpc:DescribeSecurityGroupAssociationStatistics',
      { SecurityGroupIds: [...chunk] },
      at,
    )
    return (answer.SecurityGroupAssociationStatisticsSet ?? []).map((api) => [
      api.SecurityGroupId,
      groupUse(api),
    ])
  })

type ApiUse = NonNullable<
  ResponseOf<'vpc:DescribeSecurityGroupAssociationStatistics'>['SecurityGroupAssociationStatisticsSet']
>[number]

/** The list by kind is complete. The old fields are a part of it, and some answers have only these. */
function groupUse(api: ApiUse): GroupUse {
  const named = (api.InstanceStatistics ?? []).map((one) => [one.InstanceType, one.InstanceCount] as const)
  const old = Object.entries({ CVM: api.CVM, ENI: api.ENI, CLB: api.CLB, CDB: api.CDB })
  const byKind: Record<string, number> = {}
  for (const [kind, count] of named.length > 0 ? named : old)
    if (text(kind) !== null && (count ?? 0) > 0) byKind[String(kind)] = count ?? 0
  const sum = Object.values(byKind).reduce((all, count) => all + count, 0)
  return { total: Math.max(api.TotalCount ?? 0, sum), byKind }
}

/** The action takes one group per call and returns all its rules (platform facts A). */
export const readSecurityGroups = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<SecurityGroup>> =>
  readEach(cloud, { kind: GROUPS, ids, where }, async (id, at) => {
    const answer = await cloud.call(ACTION, { SecurityGroupId: id }, at)
    const set = answer.SecurityGroupPolicySet
    const policies = listed(ACTION, set?.Ingress)
    // The rules apply in the order of PolicyIndex, not of the array (platform facts A).
    if (policies.length > 1 && policies.some(({ PolicyIndex }) => (PolicyIndex ?? null) === null))
      throw malformed(ACTION, 'a rule came without its PolicyIndex')
    return {
      id,
      region: where.region,
      version: text(set?.Version),
      ingress: policies.map(rule),
    }
  })

const rule = (policy: ApiPolicy, position: number): SecurityRule => ({
  index: policy.PolicyIndex ?? position,
  protocol: text(policy.Protocol),
  port: text(policy.Port),
  service: reference(policy.ServiceTemplate?.ServiceId, policy.ServiceTemplate?.ServiceGroupId),
  cidr: text(policy.CidrBlock),
  ipv6Cidr: text(policy.Ipv6CidrBlock),
  sourceGroupId: text(policy.SecurityGroupId),
  address: reference(policy.AddressTemplate?.AddressId, policy.AddressTemplate?.AddressGroupId),
  action: text(policy.Action),
  description: text(policy.PolicyDescription),
  modifiedAt: text(policy.ModifyTime),
})

/** Samples have `"ServiceGroupId": ""` beside a set id. If both are empty, there is no template. */
function reference(
  id: string | null | undefined,
  groupId: string | null | undefined,
): TemplateReference | null {
  const reference = { id: text(id), groupId: text(groupId) }
  return reference.id === null && reference.groupId === null ? null : reference
}
