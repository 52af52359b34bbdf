import { type Answer, ApiError, checkFilters, filter, page, type Request, texts } from './api.ts'
import type { Acl, AclEntry, GroupRule, Subnet, World } from './world.ts'

// The vpc actions (2017-03-12): strings for Offset and Limit where the API wants them, "Accept" beside "ACCEPT".

interface Nic {
  readonly id: string
  readonly name: string
  readonly vpcId: string
  readonly subnetId: string
  readonly ips: readonly string[]
  readonly groups: readonly string[]
  readonly machineId: string | null
  readonly primary: boolean
}

function nicsOf(world: World): readonly Nic[] {
  const primary = world.machines.map((machine) => ({
    id: `eni-${machine.id.slice(4)}`,
    name: `${machine.name}-primary`,
    vpcId: machine.vpcId,
    subnetId: machine.subnetId,
    ips: machine.ipv6 === null ? [machine.ip] : [machine.ip, machine.ipv6],
    groups: machine.groups,
    machineId: machine.id,
    primary: true,
  }))
  return [...primary, ...world.interfaces.map((nic) => ({ ...nic, name: nic.id, primary: false }))]
}

export function describeNetworkInterfaces(world: World, request: Request): Answer {
  checkFilters(request)
  const ids = texts(request.NetworkInterfaceIds)
  const vpcs = filter(request, 'vpc-id')
  const addresses = filter(request, 'address-ip') ?? filter(request, 'address-ipv6')
  // One address alone matches by suffix; several match exactly.
  const hasAddress = (nic: Nic): boolean =>
    addresses === null ||
    nic.ips.some((ip) => (addresses.length === 1 ? ip.endsWith(addresses[0] ?? '') : addresses.includes(ip)))
  const found = nicsOf(world).filter(
    (nic) =>
      (ids.length === 0 || ids.includes(nic.id)) &&
      (vpcs === null || vpcs.includes(nic.vpcId)) &&
      hasAddress(nic),
  )
  return {
    TotalCount: found.length,
    NetworkInterfaceSet: page(request, found).map((nic) => ({
      NetworkInterfaceId: nic.id,
      NetworkInterfaceName: nic.name,
      NetworkInterfaceDescription: '',
      SubnetId: nic.subnetId,
      VpcId: nic.vpcId,
      GroupSet: nic.groups,
      Primary: nic.primary,
      State: 'AVAILABLE',
      PrivateIpAddressSet: nic.ips
        .filter((ip) => !ip.includes(':'))
        .map((PrivateIpAddress, i) => ({ PrivateIpAddress, Primary: i === 0, State: 'AVAILABLE' })),
      Ipv6AddressSet: nic.ips.filter((ip) => ip.includes(':')).map((Address) => ({ Address, Primary: true })),
      Attachment:
        nic.machineId === null ? null : { InstanceId: nic.machineId, DeviceIndex: nic.primary ? 0 : 1 },
      EniType: nic.primary ? 1 : 0,
      Business: 'cvm',
      TagSet: [],
    })),
  }
}

export function describeSubnets(world: World, request: Request): Answer {
  checkFilters(request)
  const ids = texts(request.SubnetIds)
  if (ids.length > 0 && request.Filters !== undefined)
    throw new ApiError('InvalidParameter.Coexist', 'SubnetIds and Filters exclude each other')
  const vpcs = filter(request, 'vpc-id')
  const found = world.subnets.filter(
    ({ id, vpcId }) => (ids.length === 0 || ids.includes(id)) && (vpcs === null || vpcs.includes(vpcId)),
  )
  return { TotalCount: found.length, SubnetSet: page(request, found, true).map(subnet) }
}

const subnet = (own: Subnet): Answer => ({
  VpcId: own.vpcId,
  SubnetId: own.id,
  SubnetName: own.id,
  CidrBlock: own.cidr,
  Ipv6CidrBlock: own.ipv6Cidr,
  IsDefault: false,
  Zone: 'ap-guangzhou-3',
  RouteTableId: 'rtb-l2h8d7c2',
  NetworkAclId: own.aclId ?? '',
  TagSet: [],
})

export function describeNetworkAcls(world: World, request: Request): Answer {
  checkFilters(request)
  const ids = texts(request.NetworkAclIds)
  const vpcs = filter(request, 'vpc-id')
  const found = world.acls.filter(
    ({ id, vpcId }) => (ids.length === 0 || ids.includes(id)) && (vpcs === null || vpcs.includes(vpcId)),
  )
  return {
    TotalCount: found.length,
    NetworkAclSet: page(request, found).map((acl) => networkAcl(world, acl)),
  }
}

function networkAcl(world: World, acl: Acl): Answer {
  const triple = acl.type === 'TRIPLE'
  return {
    VpcId: acl.vpcId,
    NetworkAclId: acl.id,
    NetworkAclName: acl.name,
    NetworkAclType: acl.type,
    CreatedTime: '2025-02-19 17:52:43',
    SubnetSet: world.subnets.filter(({ aclId }) => aclId === acl.id).map(subnet),
    IngressEntries: triple ? entries(acl.ingress) : [],
    EgressEntries: triple ? entries(acl.egress) : [],
    TagSet: [],
  }
}

/** IPv4 and IPv6 count their priorities apart. */
function entries(list: readonly AclEntry[]): readonly Answer[] {
  const next = { 4: 1, 6: 1 }
  return list.map((entry, i) => {
    const family = entry.cidr.includes(':') ? 6 : 4
    const id = `acli${family}3-${String(i).padStart(8, '0')}`
    return {
      Protocol: entry.protocol,
      ...(entry.port === '' ? {} : { Port: entry.port }),
      ...(family === 6 ? { Ipv6CidrBlock: entry.cidr } : { CidrBlock: entry.cidr }),
      Action: entry.action,
      Description: '',
      ModifyTime: '',
      ...(family === 6 ? { NetworkAclIpv6EntryId: id } : { NetworkAclIpv4EntryId: id }),
      Priority: next[family]++,
    }
  })
}

export function describeNetworkAclQuintupleEntries(world: World, request: Request): Answer {
  const acl = world.acls.find(({ id }) => id === request.NetworkAclId)
  if (!acl) throw new ApiError('ResourceNotFound', `NetworkAclId ${String(request.NetworkAclId)} not found`)
  if (acl.type !== 'QUINTUPLE') throw new ApiError('UnsupportedOperation', 'not a quintuple ACL')
  const of = (list: readonly AclEntry[], direction: 'INGRESS' | 'EGRESS'): Answer[] =>
    list.map((entry, i) => ({
      Protocol: entry.protocol,
      SourcePort: entry.sourcePort ?? 'ALL',
      SourceCidr: entry.cidr,
      DestinationPort: entry.port,
      DestinationCidr: entry.destinationCidr ?? '0.0.0.0/0',
      Action: entry.action.toUpperCase(),
      Description: '',
      Priority: i + 1,
      NetworkAclQuintupleEntryId: `acli5-${direction === 'INGRESS' ? 'i' : 'e'}${i}`,
      NetworkAclDirection: direction,
      CreateTime: '2025-02-19 17:52:43',
      SourceIPv6Cidr: '',
      DestinationIPv6Cidr: '',
    }))
  const all = [...of(acl.ingress, 'INGRESS'), ...of(acl.egress, 'EGRESS')]
  return { TotalCount: all.length, NetworkAclQuintupleSet: page(request, all) }
}

export function describeSecurityGroupPolicies(world: World, request: Request): Answer {
  const id = request.SecurityGroupId
  if (typeof id !== 'string')
    throw new ApiError('InvalidParameterValue.Malformed', 'SecurityGroupId must be one id')
  const group = world.groups.find((one) => one.id === id)
  if (!group) throw new ApiError('ResourceNotFound', `SecurityGroupId ${id} not found`)
  const ingress = group.rules.map(policy)
  return {
    SecurityGroupPolicySet: {
      Version: '7',
      // The array's order is not the order of the rules.
      Ingress: ingress.reverse(),
      Egress: [],
      PolicyStatistics: { IngressIPv4TotalCount: ingress.length, IngressIPv6TotalCount: 0 },
    },
  }
}

function policy(rule: GroupRule, PolicyIndex: number): Answer {
  const isGroup = rule.source.startsWith('sg-')
  const isTemplate = rule.source.startsWith('ipm')
  const isAddress = !isGroup && !isTemplate
  const isV6 = isAddress && rule.source.includes(':')
  return {
    PolicyIndex,
    ...(rule.service
      ? {
          ServiceTemplate: {
            ServiceId: rule.service.startsWith('ppm-') ? rule.service : '',
            ServiceGroupId: rule.service.startsWith('ppmg-') ? rule.service : '',
          },
        }
      : { Protocol: rule.protocol, Port: rule.port }),
    CidrBlock: isAddress && !isV6 ? rule.source : '',
    Ipv6CidrBlock: isV6 ? rule.source : '',
    SecurityGroupId: isGroup ? rule.source : '',
    AddressTemplate: {
      AddressId: rule.source.startsWith('ipm-') ? rule.source : '',
      AddressGroupId: rule.source.startsWith('ipmg-') ? rule.source : '',
    },
    Action: rule.action,
    PolicyDescription: rule.note ?? '',
    ModifyTime: '2026-11-19 22:41:07',
  }
}

const template =
  (
    set: string,
    id: string,
    members: string,
    filterName: string,
    of: (world: World) => Record<string, string[]>,
  ) =>
  (world: World, request: Request): Answer => {
    checkFilters(request)
    const wanted = filter(request, filterName)
    const found = Object.entries(of(world)).filter(([key]) => wanted === null || wanted.includes(key))
    return {
      TotalCount: found.length,
      [set]: page(request, found, true).map(([key, list]) => ({ [id]: key, [members]: list })),
    }
  }

export const describeAddressTemplates = template(
  'AddressTemplateSet',
  'AddressTemplateId',
  'AddressSet',
  'address-template-id',
  (world) => world.addressTemplates,
)
export const describeAddressTemplateGroups = template(
  'AddressTemplateGroupSet',
  'AddressTemplateGroupId',
  'AddressTemplateIdSet',
  'address-template-group-id',
  (world) => world.addressGroups,
)
export const describeServiceTemplates = template(
  'ServiceTemplateSet',
  'ServiceTemplateId',
  'ServiceSet',
  'service-template-id',
  (world) => world.serviceTemplates,
)
export const describeServiceTemplateGroups = template(
  'ServiceTemplateGroupSet',
  'ServiceTemplateGroupId',
  'ServiceTemplateIdSet',
  'service-template-group-id',
  (world) => world.serviceGroups,
)
