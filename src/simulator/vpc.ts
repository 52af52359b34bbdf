import { type Answer, ApiError, among, filter, page, type Request, texts } from './api.ts'
import { anywhere, isIpv6, sameAddress } from './cidr.ts'
import { type Nic, nicsOf } from './nics.ts'
import { PAGE, PAGE_IN_TEXT, type SimulatedAction, type SimulatedActions } from './parameters.ts'
import type { Acl, AclEntry, Subnet, World } from './world.ts'

// The vpc actions (2017-03-12). Like the API, some take Offset and Limit as strings, and some write "Accept", others
// "ACCEPT".

function describeNetworkInterfaces(world: World, request: Request): Answer {
  const ids = new Set(texts(request.NetworkInterfaceIds))
  const vpcs = filter(request, 'vpc-id')
  const found = nicsOf(world).filter(
    (nic) =>
      (ids.size === 0 || ids.has(nic.id)) &&
      among(nic.vpcId, vpcs) &&
      among(nic.subnetId, filter(request, 'subnet-id')) &&
      among(nic.machineId ?? '', filter(request, 'attachment.instance-id')) &&
      hasAddress(nic, request),
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
        .filter((ip) => !isIpv6(ip))
        .map((PrivateIpAddress, i) => ({ PrivateIpAddress, Primary: i === 0, State: 'AVAILABLE' })),
      Ipv6AddressSet: nic.ips.filter((ip) => isIpv6(ip)).map((Address) => ({ Address, Primary: true })),
      Attachment:
        nic.machineId === null ? null : { InstanceId: nic.machineId, DeviceIndex: nic.primary ? 0 : 1 },
      EniType: nic.primary ? 1 : 0,
      Business: 'cvm',
      TagSet: [],
    })),
  }
}

/**
 * The filters on addresses. A single IPv4 address also matches addresses that end with it, unless `ip-exact-match` is
 * true. Several addresses match exactly (platform facts D).
 */
function hasAddress(nic: Nic, request: Request): boolean {
  const [v4, v6] = [filter(request, 'address-ip'), filter(request, 'address-ipv6')]
  const isExact = (v4?.length ?? 0) > 1 || filter(request, 'ip-exact-match')?.[0] === 'true'
  const matches = (ip: string, wanted: string): boolean => (isExact ? ip === wanted : ip.endsWith(wanted))
  return (
    (v4 === null || nic.ips.some((ip) => !isIpv6(ip) && v4.some((wanted) => matches(ip, wanted)))) &&
    (v6 === null || nic.ips.some((ip) => v6.some((wanted) => isIpv6(ip) && sameAddress(ip, wanted))))
  )
}

function describeSubnets(world: World, request: Request): Answer {
  const found = world.subnets.filter(
    ({ id, vpcId }) =>
      among(id, texts(request.SubnetIds)) &&
      among(id, filter(request, 'subnet-id')) &&
      among(vpcId, filter(request, 'vpc-id')),
  )
  return { TotalCount: found.length, SubnetSet: page(request, found).map(subnet) }
}

const subnet = (own: Subnet): Answer => ({
  VpcId: own.vpcId,
  SubnetId: own.id,
  SubnetName: own.id,
  CidrBlock: own.cidr,
  Ipv6CidrBlock: own.ipv6Cidr,
  IsDefault: false,
  Zone: 'ap-guangzhou-3',
  RouteTableId: own.routeTableId,
  NetworkAclId: own.aclId ?? '',
  TagSet: [],
})

function describeNetworkAcls(world: World, request: Request): Answer {
  const found = world.acls.filter(
    ({ id, vpcId }) =>
      among(id, texts(request.NetworkAclIds)) &&
      among(id, filter(request, 'network-acl-id')) &&
      among(vpcId, filter(request, 'vpc-id')),
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

/** IPv4 and IPv6 entries are numbered separately. */
function entries(list: readonly AclEntry[]): readonly Answer[] {
  const next = { 4: 1, 6: 1 }
  return list.map((entry, i) => {
    const family = isIpv6(entry.cidr) ? 6 : 4
    const id = `acli${family}3-${String(i).padStart(8, '0')}`
    return {
      Protocol: entry.protocol,
      ...(entry.port === '' ? {} : { Port: entry.port }),
      ...(family === 6 ? { Ipv6CidrBlock: entry.cidr } : { CidrBlock: entry.cidr }),
      Action: entry.action,
      Description: '',
      ModifyTime: entry.modifiedAt ?? '',
      ...(family === 6 ? { NetworkAclIpv6EntryId: id } : { NetworkAclIpv4EntryId: id }),
      Priority: next[family]++,
    }
  })
}

function describeNetworkAclQuintupleEntries(world: World, request: Request): Answer {
  const acl = world.acls.find(({ id }) => id === request.NetworkAclId)
  if (!acl) throw new ApiError('ResourceNotFound', `NetworkAclId ${String(request.NetworkAclId)} not found`)
  if (acl.type !== 'QUINTUPLE') throw new ApiError('UnsupportedOperation', 'not a quintuple ACL')
  const of = (list: readonly AclEntry[], direction: 'INGRESS' | 'EGRESS'): Answer[] =>
    list.map((entry, i) => {
      const isV6 = isIpv6(entry.cidr)
      const destination = entry.destinationCidr ?? anywhere(entry.cidr)
      return {
        Protocol: entry.protocol,
        SourcePort: entry.sourcePort ?? 'ALL',
        SourceCidr: isV6 ? '' : entry.cidr,
        DestinationPort: entry.port === '' ? 'ALL' : entry.port,
        DestinationCidr: isV6 ? '' : destination,
        SourceIPv6Cidr: isV6 ? entry.cidr : '',
        DestinationIPv6Cidr: isV6 ? destination : '',
        Action: entry.action.toUpperCase(),
        Description: '',
        Priority: i + 1,
        NetworkAclQuintupleEntryId: `acli5-${direction === 'INGRESS' ? 'i' : 'e'}${i}`,
        NetworkAclDirection: direction,
        CreateTime: entry.modifiedAt ?? '2025-02-19 17:52:43',
      }
    })
  const all = [...of(acl.ingress, 'INGRESS'), ...of(acl.egress, 'EGRESS')]
  return { TotalCount: all.length, NetworkAclQuintupleSet: page(request, all) }
}

/** Answers for templates, or for groups of templates: each id with its members. */
const template = (
  [set, id, members, filterName]: readonly [string, string, string, string],
  of: (world: World) => Record<string, string[]>,
): SimulatedAction => ({
  takes: { Filters: 'filters', ...PAGE_IN_TEXT },
  filters: [filterName],
  values: 5,
  answer(world, request) {
    const found = Object.entries(of(world)).filter(([key]) => among(key, filter(request, filterName)))
    return {
      TotalCount: found.length,
      [set]: page(request, found).map(([key, list]) => ({ [id]: key, [members]: list })),
    }
  },
})

export const actions: SimulatedActions = {
  'vpc:DescribeNetworkAccountType': {
    takes: {},
    answer: ({ accountType = 'STANDARD' }) => ({ NetworkAccountType: accountType }),
  },
  'vpc:DescribeNetworkInterfaces': {
    takes: { NetworkInterfaceIds: 'texts', Filters: 'filters', ...PAGE },
    most: { NetworkInterfaceIds: 100 },
    filters: [
      'vpc-id',
      'subnet-id',
      'attachment.instance-id',
      'address-ip',
      'ip-exact-match',
      'address-ipv6',
    ],
    values: 5,
    either: 'NetworkInterfaceIds',
    answer: describeNetworkInterfaces,
  },
  'vpc:DescribeSubnets': {
    takes: { SubnetIds: 'texts', Filters: 'filters', ...PAGE_IN_TEXT },
    most: { SubnetIds: 100 },
    filters: ['vpc-id', 'subnet-id'],
    values: 5,
    either: 'SubnetIds',
    answer: describeSubnets,
  },
  'vpc:DescribeNetworkAcls': {
    takes: { NetworkAclIds: 'texts', Filters: 'filters', ...PAGE },
    most: { NetworkAclIds: 100 },
    filters: ['vpc-id', 'network-acl-id'],
    values: 5,
    either: 'NetworkAclIds',
    answer: describeNetworkAcls,
  },
  'vpc:DescribeNetworkAclQuintupleEntries': {
    takes: { NetworkAclId: 'text', ...PAGE },
    needs: 'NetworkAclId',
    answer: describeNetworkAclQuintupleEntries,
  },
  'vpc:DescribeAddressTemplates': template(
    ['AddressTemplateSet', 'AddressTemplateId', 'AddressSet', 'address-template-id'],
    (world) => world.addressTemplates,
  ),
  'vpc:DescribeAddressTemplateGroups': template(
    [
      'AddressTemplateGroupSet',
      'AddressTemplateGroupId',
      'AddressTemplateIdSet',
      'address-template-group-id',
    ],
    (world) => world.addressGroups,
  ),
  'vpc:DescribeServiceTemplates': template(
    ['ServiceTemplateSet', 'ServiceTemplateId', 'ServiceSet', 'service-template-id'],
    (world) => world.serviceTemplates,
  ),
  'vpc:DescribeServiceTemplateGroups': template(
    [
      'ServiceTemplateGroupSet',
      'ServiceTemplateGroupId',
      'ServiceTemplateIdSet',
      'service-template-group-id',
    ],
    (world) => world.serviceGroups,
  ),
}
