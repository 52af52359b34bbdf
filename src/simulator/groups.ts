import { type Answer, ApiError, type Request, texts } from './api.ts'
import { isIpv6 } from './cidr.ts'
import { isAddressTemplate, isOf } from './ids.ts'
import { nicsOf } from './nics.ts'
import type { SimulatedActions } from './parameters.ts'
import type { Group, GroupRule, World } from './world.ts'

// Security groups of the vpc service: their stored rules, their rules with templates expanded, and the resources that
// are bound to a group.

const describeSecurityGroupPolicies = (world: World, request: Request): Answer =>
  policySet(groupOf(world, request).rules.map(policy))

/** Rules with templates expanded to one row per member. The world decides whether a row keeps its rule's index. */
function describeSecurityGroupExpandedPolicies(world: World, request: Request): Answer {
  const rows = groupOf(world, request).rules.flatMap((rule, index) =>
    writtenOut(world, rule).map((row) => policy(row, index)),
  )
  return policySet(
    world.expandedKeepIndex ? rows : rows.map((row, index) => ({ ...row, PolicyIndex: index })),
  )
}

function writtenOut(world: World, rule: GroupRule): readonly GroupRule[] {
  const { service, ...plain } = rule
  const sources = isAddressTemplate(rule.source)
    ? members(rule.source, world.addressTemplates, world.addressGroups)
    : [rule.source]
  const services = service ? members(service, world.serviceTemplates, world.serviceGroups) : [null]
  return sources.flatMap((source) =>
    services.map((member) => {
      const [protocol = '', port] = member?.split(':') ?? []
      return member === null ? { ...plain, source } : { ...plain, source, protocol, port: port ?? 'ALL' }
    }),
  )
}

const members = (
  id: string,
  templates: Readonly<Record<string, readonly string[]>>,
  groups: Readonly<Record<string, readonly string[]>>,
): readonly string[] => templates[id] ?? (groups[id] ?? []).flatMap((member) => templates[member] ?? [])

function describeSecurityGroupAssociationStatistics(world: World, request: Request): Answer {
  const set = (texts(request.SecurityGroupIds) ?? []).map((id) => {
    const nics = nicsOf(world).filter(({ groups }) => groups.includes(id))
    const [machines, others] = [nics.filter(({ primary }) => primary), nics.filter(({ primary }) => !primary)]
    const count = { CVM: machines.length, ENI: others.length }
    return {
      SecurityGroupId: id,
      ...count,
      CDB: 0,
      CLB: 0,
      SG: world.groups.filter(({ rules }) => rules.some(({ source }) => source === id)).length,
      InstanceStatistics: Object.entries(count).map(([InstanceType, InstanceCount]) => ({
        InstanceType,
        InstanceCount,
      })),
      TotalCount: nics.length,
    }
  })
  return { SecurityGroupAssociationStatisticsSet: set }
}

function groupOf(world: World, request: Request): Group {
  const id = String(request.SecurityGroupId)
  const group = world.groups.find((one) => one.id === id)
  if (!group) throw new ApiError('ResourceNotFound', `SecurityGroupId ${id} not found`)
  return group
}

function policySet(ingress: readonly Answer[]): Answer {
  const sixes = ingress.filter(({ Ipv6CidrBlock }) => Ipv6CidrBlock !== '').length
  return {
    SecurityGroupPolicySet: {
      Version: '7',
      // The order of the array is not the order of the rules, so clients must sort by index.
      Ingress: [...ingress].reverse(),
      Egress: [],
      PolicyStatistics: {
        IngressIPv4TotalCount: ingress.length - sixes,
        IngressIPv6TotalCount: sixes,
        EgressIPv4TotalCount: 0,
        EgressIPv6TotalCount: 0,
      },
    },
  }
}

function policy(rule: GroupRule, PolicyIndex: number): Answer {
  const isGroup = isOf('sg', rule.source)
  const isTemplate = isAddressTemplate(rule.source)
  const isAddress = !isGroup && !isTemplate
  const isV6 = isAddress && isIpv6(rule.source)
  return {
    PolicyIndex,
    ...(rule.service
      ? {
          ServiceTemplate: {
            ServiceId: isOf('ppm', rule.service) ? rule.service : '',
            ServiceGroupId: isOf('ppmg', rule.service) ? rule.service : '',
          },
        }
      : { Protocol: rule.protocol, Port: rule.port }),
    CidrBlock: isAddress && !isV6 ? rule.source : '',
    Ipv6CidrBlock: isV6 ? rule.source : '',
    SecurityGroupId: isGroup ? rule.source : '',
    AddressTemplate: {
      AddressId: isOf('ipm', rule.source) ? rule.source : '',
      AddressGroupId: isOf('ipmg', rule.source) ? rule.source : '',
    },
    Action: rule.action,
    PolicyDescription: rule.note ?? '',
    ModifyTime: rule.modifiedAt ?? '2026-11-19 22:41:07',
  }
}

export const actions: SimulatedActions = {
  'vpc:DescribeSecurityGroupPolicies': {
    takes: { SecurityGroupId: 'text' },
    needs: 'SecurityGroupId',
    answer: describeSecurityGroupPolicies,
  },
  'vpc:DescribeSecurityGroupExpandedPolicies': {
    takes: { SecurityGroupId: 'text' },
    needs: 'SecurityGroupId',
    answer: describeSecurityGroupExpandedPolicies,
  },
  'vpc:DescribeSecurityGroupAssociationStatistics': {
    takes: { SecurityGroupIds: 'texts' },
    needs: 'SecurityGroupIds',
    most: { SecurityGroupIds: 100 },
    answer: describeSecurityGroupAssociationStatistics,
  },
}
