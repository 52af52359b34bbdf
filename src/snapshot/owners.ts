import {
  type CallOptions,
  CloudError,
  type CloudProblem,
  type CloudSession,
  type Kind,
  type ResponseOf,
  readAll,
} from '../cloud/index.ts'
import { hasPrefix, type IdPrefix } from '../model/ids.ts'
import type { AddressOwner, ById, Vpc } from '../model/snapshot.ts'
import { listed, readEach, readMany } from './collect.ts'
import { text, texts, upper } from './fields.ts'

type ApiVpc = NonNullable<ResponseOf<'vpc:DescribeVpcs'>['VpcSet']>[number]

export const VPCS: Kind = { action: 'vpc:DescribeVpcs', size: 100, keep: 200 }
/** One address outside the VPC makes the API reject the whole batch. */
const STRAY: ReadonlySet<CloudProblem> = new Set(['not-found', 'rejected'])
export const USED: Kind = { action: 'vpc:DescribeUsedIpAddress', size: 100, keep: 1_000, halvesOn: STRAY }
export const PRIVATE: Kind = { action: 'vpc:DescribeVpcPrivateIpAddresses', size: 100, keep: 1_000 }

export const readVpcs = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<Vpc | null>> =>
  readMany(cloud, { kind: VPCS, ids, where }, async (chunk, at) => {
    const request = { VpcIds: [...chunk], Offset: '0', Limit: '100' }
    const found = await readAll(cloud, 'vpc:DescribeVpcs', request, at, (answer) => ({
      items: answer.VpcSet,
      total: answer.TotalCount,
    }))
    return found.map((api) => [api.VpcId, vpc(api)])
  })

const vpc = (api: ApiVpc): Vpc => ({
  id: api.VpcId,
  cidrs: texts([
    api.CidrBlock,
    ...(api.AssistantCidrSet ?? []).map(({ CidrBlock }) => CidrBlock),
    api.Ipv6CidrBlock,
    ...(api.Ipv6CidrBlockSet ?? []).map(({ IPv6CidrBlock }) => IPv6CidrBlock),
  ]),
})

/** The owner of each address of a VPC, 100 per call. Null if this call shows no owner. */
export const readUsedAddresses = (
  cloud: CloudSession,
  ips: readonly string[],
  vpcId: string,
  where: CallOptions,
): Promise<ById<AddressOwner | null>> =>
  readMany(cloud, { kind: USED, ids: ips, where, within: vpcId }, async (chunk, at) => {
    const request = { VpcId: vpcId, IpAddresses: [...chunk], Offset: 0, Limit: 100 }
    const found = await readAll(cloud, 'vpc:DescribeUsedIpAddress', request, at, (answer) => ({
      items: answer.IpAddressStates,
      total: answer.TotalCount,
    }))
    return found.map(({ IpAddress, ResourceType, ResourceId, SubnetId }) => [
      IpAddress,
      { type: upper(ResourceType), id: text(ResourceId), subnetId: text(SubnetId) },
    ])
  })

/** The product that each address belongs to. Null if this call shows no product. */
export const readAddressProducts = (
  cloud: CloudSession,
  ips: readonly string[],
  vpcId: string,
  where: CallOptions,
): Promise<ById<string | null>> =>
  readMany(cloud, { kind: PRIVATE, ids: ips, where, within: vpcId }, async (chunk, at) => {
    const request = { VpcId: vpcId, PrivateIpAddresses: [...chunk] }
    const answer = await cloud.call('vpc:DescribeVpcPrivateIpAddresses', request, at)
    const found = listed('vpc:DescribeVpcPrivateIpAddresses', answer.VpcPrivateIpAddressSet)
    return found.map(({ PrivateIpAddress, PrivateIpAddressType }) => [
      PrivateIpAddress,
      upper(PrivateIpAddressType),
    ])
  })

/** By the prefix of the id, which the products document. They do not document how the type is spelled. */
const PRODUCTS: readonly (readonly [readonly IdPrefix[], Kind, GroupReader])[] = [
  [
    ['cdb', 'cdbro'],
    { action: 'cdb:DescribeDBSecurityGroups', size: 1, keep: 200 },
    async (cloud, id, where) => {
      // Without this flag, the answer for a read-only instance is that of its read-only group.
      const own = hasPrefix(id, 'cdbro') ? { ForReadonlyInstance: true } : {}
      return (await cloud.call('cdb:DescribeDBSecurityGroups', { InstanceId: id, ...own }, where)).Groups
    },
  ],
  [
    ['crs'],
    { action: 'redis:DescribeDBSecurityGroups', size: 1, keep: 200 },
    async (cloud, id, where) =>
      (await cloud.call('redis:DescribeDBSecurityGroups', { Product: 'redis', InstanceId: id }, where))
        .Groups,
  ],
  [
    ['cmgo'],
    { action: 'mongodb:DescribeSecurityGroup', size: 1, keep: 200 },
    async (cloud, id, where) =>
      (await cloud.call('mongodb:DescribeSecurityGroup', { InstanceId: id }, where)).Groups,
  ],
  [
    ['postgres'],
    { action: 'postgres:DescribeDBInstanceSecurityGroups', size: 1, keep: 200 },
    async (cloud, id, where) =>
      (await cloud.call('postgres:DescribeDBInstanceSecurityGroups', { DBInstanceId: id }, where))
        .SecurityGroupSet,
  ],
]

type GroupReader = (
  cloud: CloudSession,
  id: string,
  where: CallOptions,
) => Promise<readonly { readonly SecurityGroupId: string }[] | null | undefined>

/**
 * The security groups of each managed service, by `serviceKey`. Each product has its own call. Ids of other products
 * are left out.
 */
export async function readServiceGroups(
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<readonly string[]>> {
  const found = await Promise.all([
    ...PRODUCTS.map(([prefixes, kind, read]) =>
      readEach(
        cloud,
        { kind, ids: ids.filter((id) => prefixes.some((prefix) => hasPrefix(id, prefix))), where },
        async (id, at) => texts((await read(cloud, id, at))?.map(({ SecurityGroupId }) => SecurityGroupId)),
      ),
    ),
    readEach(cloud, { kind: QUEUES, ids: ids.filter((id) => hasPrefix(id, 'ckafka')), where }, (key, at) =>
      kafkaGroups(cloud, key, at),
    ),
  ])
  return Object.fromEntries(found.flatMap((facts) => Object.entries(facts)))
}

const QUEUES: Kind = { action: 'ckafka:DescribeSecurityGroupRoutes', size: 1, keep: 200 }

/** A CKafka instance has security groups for each access point. The address identifies the access point. */
async function kafkaGroups(cloud: CloudSession, key: string, where: CallOptions): Promise<readonly string[]> {
  const [id, ip = ''] = key.split(' ')
  const action = 'ckafka:DescribeSecurityGroupRoutes'
  const routes = await readAll(
    cloud,
    action,
    { SearchWord: ip, Offset: 0, Limit: 100 },
    where,
    ({ Result }) => ({ items: Result?.SecurityGroupRoutes, total: Result?.TotalCount }),
  )
  const route = routes.find(({ Vip, InstanceRoute }) => Vip === ip && InstanceRoute?.InstanceId === id)
  if (!route) throw new CloudError('not-found', action, 'NoSuchRoute', `no access point ${ip} of ${id}`)
  return texts(route.SecurityGroupIds)
}
