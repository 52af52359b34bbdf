import type { CallOptions, CloudSession, Kind } from '../cloud/cloud.ts'
import { CloudError, type CloudProblem } from '../cloud/errors.ts'
import { readAll } from '../cloud/paging.ts'
import { serviceKey } from '../model/endpoint.ts'
import { type Fact, known, ok } from '../model/fact.ts'
import { hasPrefix } from '../model/ids.ts'
import type { AddressOwner, ById, Vpc } from '../model/snapshot.ts'
import { distinct, listed, readEach, readMany } from './collect.ts'
import { list, text, texts, upper } from './fields.ts'

const VPCS: Kind = { action: 'vpc:DescribeVpcs', size: 100, keep: 200 }
/** One address that is not in the VPC has all of a call refused. */
const STRAY: ReadonlySet<CloudProblem> = new Set(['not-found', 'rejected'])
const USED: Kind = { action: 'vpc:DescribeUsedIpAddress', size: 100, keep: 1_000, blamed: STRAY }
const PRIVATE: Kind = { action: 'vpc:DescribeVpcPrivateIpAddresses', size: 100, keep: 1_000 }

export const readVpcs = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<Vpc | null>> =>
  readMany(
    cloud,
    { kind: VPCS, ids, where },
    async (chunk, at) => {
      const request = { VpcIds: [...chunk], Offset: '0', Limit: '100' }
      const found = await readAll(cloud, 'vpc:DescribeVpcs', request, at, (answer) => ({
        items: answer.VpcSet,
        total: answer.TotalCount,
      }))
      return found.map((vpc) => ({
        id: vpc.VpcId ?? '',
        cidrs: texts([
          vpc.CidrBlock,
          ...list(vpc.AssistantCidrSet).map(({ CidrBlock }) => CidrBlock),
          vpc.Ipv6CidrBlock,
          ...list(vpc.Ipv6CidrBlockSet).map(({ IPv6CidrBlock }) => IPv6CidrBlock),
        ]),
      }))
    },
    (found) => [found.id],
  )

/**
 * Whose each address of a VPC is: one call a hundred. Where that call is refused or names no one, the other is asked,
 * which knows the product alone. Null: nobody uses the address.
 */
export async function readAddressOwners(
  cloud: CloudSession,
  ips: readonly string[],
  vpcId: string,
  where: CallOptions,
): Promise<ById<AddressOwner | null>> {
  const used = await readMany(
    cloud,
    { kind: USED, ids: ips, where, within: vpcId },
    async (chunk, at) => {
      const request = { VpcId: vpcId, IpAddresses: [...chunk], Offset: 0, Limit: 100 }
      return readAll(cloud, 'vpc:DescribeUsedIpAddress', request, at, (answer) => ({
        items: answer.IpAddressStates,
        total: answer.TotalCount,
      }))
    },
    (found) => [found.IpAddress],
  )
  const owners = Object.entries(used).map(([ip, fact]): readonly [string, Fact<AddressOwner | null>] => [
    ip,
    fact.state === 'ok'
      ? ok(
          fact.value && {
            type: upper(fact.value.ResourceType),
            id: text(fact.value.ResourceId),
            subnetId: text(fact.value.SubnetId),
          },
        )
      : fact,
  ])
  const nameless = owners.filter(([, fact]) => fact.state !== 'ok' || fact.value === null).map(([ip]) => ip)
  const products = await readProducts(cloud, nameless, vpcId, { ...where, wave: where.wave + 1 })
  return Object.fromEntries(
    owners.map(([ip, fact]) => {
      const asked = products[ip]
      const product = known(asked)
      // An address is nobody's only where both said so.
      const isOpen = known(fact) === null && asked && asked.state !== 'ok'
      if (!product) return [ip, isOpen ? asked : fact]
      const unread = fact.state === 'ok' ? {} : { unread: fact.failure }
      return [ip, ok({ type: product, id: null, subnetId: null, ...unread })]
    }),
  )
}

const readProducts = (
  cloud: CloudSession,
  ips: readonly string[],
  vpcId: string,
  where: CallOptions,
): Promise<ById<string | null>> =>
  readMany(
    cloud,
    { kind: PRIVATE, ids: ips, where, within: vpcId },
    async (chunk, at) => {
      const request = { VpcId: vpcId, PrivateIpAddresses: [...chunk] }
      const answer = await cloud.call('vpc:DescribeVpcPrivateIpAddresses', request, at)
      return listed('vpc:DescribeVpcPrivateIpAddresses', answer.VpcPrivateIpAddressSet)
    },
    (found) => [found.PrivateIpAddress ?? ''],
  ).then((facts) =>
    Object.fromEntries(
      Object.entries(facts).map(([ip, fact]) => [
        ip,
        fact.state === 'ok' ? ok(upper(fact.value?.PrivateIpAddressType)) : fact,
      ]),
    ),
  )

/** By the prefix of the id, which the products' own documents give; the type's spelling is not documented. */
const PRODUCTS: readonly (readonly [RegExp, Kind, GroupReader])[] = [
  [
    /^cdb(ro)?-/,
    { action: 'cdb:DescribeDBSecurityGroups', size: 1, keep: 200 },
    async (cloud, id, where) => {
      // Without it, the answer for a read-only instance is that of its read-only group.
      const own = hasPrefix(id, 'cdbro') ? { ForReadonlyInstance: true } : {}
      return (await cloud.call('cdb:DescribeDBSecurityGroups', { InstanceId: id, ...own }, where)).Groups
    },
  ],
  [
    /^crs-/,
    { action: 'redis:DescribeDBSecurityGroups', size: 1, keep: 200 },
    async (cloud, id, where) =>
      (await cloud.call('redis:DescribeDBSecurityGroups', { Product: 'redis', InstanceId: id }, where))
        .Groups,
  ],
  [
    /^cmgo-/,
    { action: 'mongodb:DescribeSecurityGroup', size: 1, keep: 200 },
    async (cloud, id, where) =>
      (await cloud.call('mongodb:DescribeSecurityGroup', { InstanceId: id }, where)).Groups,
  ],
  [
    /^postgres-/,
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
) => Promise<readonly { readonly SecurityGroupId?: string }[] | undefined>

/** A service that an address leads to. */
export interface ServiceAddress {
  readonly ip: string
  readonly id: string
}

/** The groups of each managed service, by the product's own call; a product that is not known is not asked. */
export async function readServiceGroups(
  cloud: CloudSession,
  services: readonly ServiceAddress[],
  where: CallOptions,
): Promise<ById<readonly string[]>> {
  const ids = distinct(services.map(({ id, ip }) => serviceKey(id, ip)))
  const found = await Promise.all([
    ...PRODUCTS.map(([pattern, kind, read]) =>
      readEach(cloud, { kind, ids: ids.filter((id) => pattern.test(id)), where }, async (id, at) =>
        texts((await read(cloud, id, at))?.map(({ SecurityGroupId }) => SecurityGroupId)),
      ),
    ),
    readEach(cloud, { kind: QUEUES, ids: ids.filter((id) => hasPrefix(id, 'ckafka')), where }, (key, at) =>
      kafkaGroups(cloud, key, at),
    ),
  ])
  return Object.fromEntries(found.flatMap((facts) => Object.entries(facts)))
}

const QUEUES: Kind = { action: 'ckafka:DescribeSecurityGroupRoutes', size: 1, keep: 200 }

/** A queue has groups per access point, found by its address. */
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
