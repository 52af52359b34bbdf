import { type CallOptions, type CloudSession, type Kind, type ResponseOf, readAll } from '../cloud/index.ts'
import { isIpv6 } from '../model/ip.ts'
import type { ById, Instance, NetworkInterface, Subnet } from '../model/snapshot.ts'
import { malformed, readMany } from './collect.ts'
import { addresses, text, texts, upper, zoneOf } from './fields.ts'

type ApiInstance = NonNullable<ResponseOf<'cvm:DescribeInstances'>['InstanceSet']>[number]
type ApiInterface = NonNullable<ResponseOf<'vpc:DescribeNetworkInterfaces'>['NetworkInterfaceSet']>[number]
type ApiSubnet = NonNullable<ResponseOf<'vpc:DescribeSubnets'>['SubnetSet']>[number]

export const INSTANCES: Kind = { action: 'cvm:DescribeInstances', size: 100, keep: 2_000 }
export const INTERFACES: Kind = { action: 'vpc:DescribeNetworkInterfaces', size: 100, keep: 2_000 }
export const OWNED: Kind = { action: 'vpc:DescribeNetworkInterfaces', size: 5, keep: 2_000 }
export const SUBNETS: Kind = { action: 'vpc:DescribeSubnets', size: 100, keep: 2_000 }

/** 100 ids per call. One unknown id fails the whole call, so failed batches are bisected (platform facts D, H). */
export const readInstances = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<Instance | null>> =>
  readMany(cloud, { kind: INSTANCES, ids, where }, async (chunk, at) => {
    const request = { InstanceIds: [...chunk], Offset: 0, Limit: 100 }
    const found = await readAll(cloud, 'cvm:DescribeInstances', request, at, (answer) => ({
      items: answer.InstanceSet,
      total: answer.TotalCount,
    }))
    return found.map((api) => [api.InstanceId, instance(api)])
  })

const instance = ({ InternetAccessible: access, Placement, ...api }: ApiInstance): Instance => ({
  id: api.InstanceId,
  name: text(api.InstanceName) ?? '',
  state: upper(api.InstanceState) ?? '',
  restrictState: upper(api.RestrictState),
  ...zoneOf(Placement?.Zone),
  ...(typeof access?.InternetMaxBandwidthOut === 'number'
    ? { publicBandwidth: access.InternetMaxBandwidthOut }
    : {}),
  vpcId: text(api.VirtualPrivateCloud?.VpcId),
  subnetId: text(api.VirtualPrivateCloud?.SubnetId),
  privateIps: texts(api.PrivateIpAddresses),
  ipv6Addresses: addresses(api.IPv6Addresses),
  securityGroupIds: texts(api.SecurityGroupIds),
})

const networkInterface = (api: ApiInterface): NetworkInterface => ({
  id: api.NetworkInterfaceId,
  name: text(api.NetworkInterfaceName) ?? '',
  vpcId: text(api.VpcId),
  subnetId: text(api.SubnetId),
  state: upper(api.State),
  instanceId: text(api.Attachment?.InstanceId),
  // Null means that the interface is attached to nothing. Without the field, the answer does not say.
  attached: api.Attachment === undefined ? null : api.Attachment !== null,
  business: text(api.Business),
  ips: addresses([
    ...(api.PrivateIpAddressSet ?? []).map((ip) => ip.PrivateIpAddress),
    ...(api.Ipv6AddressSet ?? []).map((ip) => ip.Address),
  ]),
  securityGroupIds: texts(api.GroupSet),
})

/** Interfaces by their own ids, 100 per call. */
export const readInterfacesById = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<NetworkInterface | null>> =>
  readMany(cloud, { kind: INTERFACES, ids, where }, async (chunk, at) => {
    const request = { NetworkInterfaceIds: [...chunk], Offset: 0, Limit: 100 }
    const found = await readAll(cloud, 'vpc:DescribeNetworkInterfaces', request, at, (answer) => ({
      items: answer.NetworkInterfaceSet,
      total: answer.TotalCount,
    }))
    return found.map((api) => [api.NetworkInterfaceId, networkInterface(api)])
  })

/**
 * The interface of each address in a VPC. Five addresses per call: other VPC filters take no more, and the limit of
 * this one is not documented (platform facts D). A single address matches by suffix (10.0.0.1 finds 110.0.0.1), so each
 * answer is filtered again.
 */
export const readInterfaces = (
  cloud: CloudSession,
  ips: readonly string[],
  vpcId: string,
  where: CallOptions,
): Promise<ById<NetworkInterface | null>> => {
  const owned = (family: 'address-ip' | 'address-ipv6', addresses: readonly string[]) =>
    readMany(
      cloud,
      { kind: OWNED, ids: addresses, where, within: `${vpcId} ${family}` },
      async (chunk, at) => {
        const request = {
          Filters: [
            { Name: 'vpc-id', Values: [vpcId] },
            { Name: family, Values: [...chunk] },
          ],
          Limit: 100,
        }
        const found = await readAll(
          cloud,
          'vpc:DescribeNetworkInterfaces',
          { ...request, Offset: 0 },
          at,
          (answer) => ({
            items: answer.NetworkInterfaceSet,
            total: answer.TotalCount,
          }),
        )
        return found
          .map(networkInterface)
          .filter((eni) => eni.vpcId === null || eni.vpcId === vpcId)
          .flatMap((eni) => eni.ips.map((ip) => [ip, eni] as const))
      },
    )
  return Promise.all([
    owned(
      'address-ip',
      ips.filter((ip) => !isIpv6(ip)),
    ),
    owned('address-ipv6', ips.filter(isIpv6)),
  ]).then(([v4, v6]) => ({ ...v4, ...v6 }))
}

export const readSubnets = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<Subnet | null>> =>
  readMany(cloud, { kind: SUBNETS, ids, where }, async (chunk, at) => {
    // Offset and Limit are strings here. Limit defaults to 20 even if more ids are given (platform facts B).
    const request = { SubnetIds: [...chunk], Offset: '0', Limit: '100' }
    const found = await readAll(cloud, 'vpc:DescribeSubnets', request, at, (answer) => ({
      items: answer.SubnetSet,
      total: answer.TotalCount,
    }))
    return found.map((api) => [api.SubnetId, subnet(api)])
  })

/** Null or "" means that the subnet has no ACL. Without the field, the answer does not say. */
function subnet(api: ApiSubnet): Subnet {
  if (api.NetworkAclId === undefined)
    throw malformed('vpc:DescribeSubnets', 'a subnet came without its NetworkAclId')
  return {
    id: api.SubnetId,
    vpcId: text(api.VpcId),
    cidr: text(api.CidrBlock),
    ipv6Cidr: text(api.Ipv6CidrBlock),
    networkAclId: text(api.NetworkAclId),
    routeTableId: text(api.RouteTableId),
  }
}
