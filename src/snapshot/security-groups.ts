import type { ResponseOf } from '../cloud/actions.ts'
import type { CallOptions, CloudSession } from '../cloud/cloud.ts'
import type {
  ById,
  SecurityGroup,
  SecurityRule,
  TemplateMembers,
  TemplateReference,
} from '../model/snapshot.ts'
import { listed, readEach, readMany } from './collect.ts'
import { integer, list, text, texts } from './fields.ts'

type PolicySet = NonNullable<ResponseOf<'vpc:DescribeSecurityGroupPolicies'>['SecurityGroupPolicySet']>
type ApiPolicy = NonNullable<PolicySet['Ingress']>[number]

const ACTION = 'vpc:DescribeSecurityGroupPolicies'

/** The action takes one group a call and gives all its rules (platform facts A). */
export const readSecurityGroups = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<SecurityGroup>> =>
  readEach(ids, async (id) => {
    const answer = await cloud.call(ACTION, { SecurityGroupId: id }, where)
    const set = answer.SecurityGroupPolicySet
    return { id, version: text(set?.Version), ingress: listed(ACTION, set?.Ingress).map(rule) }
  })

const rule = (policy: ApiPolicy, position: number): SecurityRule => ({
  index: integer(policy.PolicyIndex) ?? position,
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

/** Samples carry `"ServiceGroupId": ""` beside a set id: both empty is no template at all. */
function reference(id: unknown, groupId: unknown): TemplateReference | null {
  const reference = { id: text(id), groupId: text(groupId) }
  return reference.id === null && reference.groupId === null ? null : reference
}

type TemplateAction =
  | 'vpc:DescribeAddressTemplates'
  | 'vpc:DescribeAddressTemplateGroups'
  | 'vpc:DescribeServiceTemplates'
  | 'vpc:DescribeServiceTemplateGroups'

/** Template ids or the member ids of template groups: by filter, five a call; Offset and Limit are strings. */
export function readTemplates(
  cloud: CloudSession,
  action: TemplateAction,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<TemplateMembers | null>> {
  const request = (filter: string, chunk: readonly string[]) => ({
    Filters: [{ Name: filter, Values: [...chunk] }],
    Offset: '0',
    Limit: '100',
  })
  const fetch = async (chunk: readonly string[]): Promise<{ id: string; members: readonly string[] }[]> => {
    switch (action) {
      case 'vpc:DescribeAddressTemplates': {
        const answer = await cloud.call(action, request('address-template-id', chunk), where)
        return list(answer.AddressTemplateSet).map((template) => ({
          id: template.AddressTemplateId ?? '',
          members: texts(template.AddressSet),
        }))
      }
      case 'vpc:DescribeAddressTemplateGroups': {
        const answer = await cloud.call(action, request('address-template-group-id', chunk), where)
        return list(answer.AddressTemplateGroupSet).map((group) => ({
          id: group.AddressTemplateGroupId ?? '',
          members: texts(group.AddressTemplateIdSet),
        }))
      }
      case 'vpc:DescribeServiceTemplates': {
        const answer = await cloud.call(action, request('service-template-id', chunk), where)
        return list(answer.ServiceTemplateSet).map((template) => ({
          id: template.ServiceTemplateId ?? '',
          members: texts(template.ServiceSet),
        }))
      }
      case 'vpc:DescribeServiceTemplateGroups': {
        const answer = await cloud.call(action, request('service-template-group-id', chunk), where)
        return list(answer.ServiceTemplateGroupSet).map((group) => ({
          id: group.ServiceTemplateGroupId ?? '',
          members: texts(group.ServiceTemplateIdSet),
        }))
      }
    }
  }
  return readMany(ids, 5, fetch, (found) => [found.id]).then((facts) =>
    Object.fromEntries(
      Object.entries(facts).map(([id, fact]) => [
        id,
        fact.state === 'ok' ? { state: 'ok', value: fact.value?.members ?? null } : fact,
      ]),
    ),
  )
}
