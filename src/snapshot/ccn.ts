import type { CallOptions, CloudSession, Kind } from '../cloud/cloud.ts'
import { readAll } from '../cloud/paging.ts'
import { ok } from '../model/fact.ts'
import type { ById, CcnAttachment, CcnRoute, CrossTarget, RouteTable } from '../model/snapshot.ts'
import { malformed, readEach } from './collect.ts'
import { text, upper } from './fields.ts'

const CROSS_TARGETS: Kind = { action: 'clb:DescribeCrossTargets', size: 1, keep: 50 }
const ATTACHMENTS: Kind = { action: 'vpc:DescribeCcnAttachedInstances', size: 1, keep: 100 }
const CCN_ROUTES: Kind = { action: 'vpc:DescribeCcnRoutes', size: 1, keep: 50 }
const TABLES: Kind = { action: 'vpc:DescribeRouteTables', size: 1, keep: 50 }

const flag = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)

/** Which of these backends are machines of the account, and where (cross-region binding 2.0); null: none of them. */
export async function readCrossTargets(
  cloud: CloudSession,
  ips: readonly string[],
  vpcId: string,
  where: CallOptions,
): Promise<ById<CrossTarget | null>> {
  if (ips.length === 0) return {}
  const inVpc = await readEach(cloud, { kind: CROSS_TARGETS, ids: [vpcId], where }, (_, at) => {
    const request = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }], Offset: 0, Limit: 100 }
    return readAll(cloud, 'clb:DescribeCrossTargets', request, at, (answer) => ({
      items: answer.CrossTargetSet,
      total: answer.TotalCount,
    }))
  })
  const found = inVpc[vpcId]
  if (!found) return {}
  return Object.fromEntries(
    ips.map((ip) => {
      if (found.state !== 'ok') return [ip, found]
      const target = found.value.find(({ IP }) => IP === ip)
      return [
        ip,
        ok(
          target
            ? {
                ip,
                region: text(target.Region),
                vpcId: text(target.VpcId),
                eniId: text(target.EniId),
                instanceId: text(target.InstanceId),
              }
            : null,
        ),
      ]
    }),
  )
}

export const readCcnAttachments = (
  cloud: CloudSession,
  vpcIds: readonly string[],
  where: CallOptions,
): Promise<ById<readonly CcnAttachment[]>> =>
  readEach(cloud, { kind: ATTACHMENTS, ids: vpcIds, where }, async (vpcId, at) => {
    const request = { Filters: [{ Name: 'instance-id', Values: [vpcId] }], Offset: 0, Limit: 100 }
    const found = await readAll(cloud, 'vpc:DescribeCcnAttachedInstances', request, at, (answer) => ({
      items: answer.InstanceSet,
      total: answer.TotalCount,
    }))
    return found
      .filter(({ InstanceId }) => InstanceId === vpcId)
      .map((one) => ({
        ccnId: one.CcnId ?? '',
        instanceType: upper(one.InstanceType),
        instanceId: vpcId,
        state: upper(one.State),
      }))
  })

export const readCcnRoutes = (
  cloud: CloudSession,
  ccnIds: readonly string[],
  where: CallOptions,
): Promise<ById<readonly CcnRoute[]>> =>
  readEach(cloud, { kind: CCN_ROUTES, ids: ccnIds, where }, async (ccnId, at) => {
    const request = { CcnId: ccnId, Offset: 0, Limit: 100 }
    const found = await readAll(cloud, 'vpc:DescribeCcnRoutes', request, at, (answer) => ({
      items: answer.RouteSet,
      total: answer.TotalCount,
    }))
    return found.map((route) => ({
      id: text(route.RouteId),
      cidr: text(route.DestinationCidrBlock),
      instanceType: upper(route.InstanceType),
      instanceId: text(route.InstanceId),
      region: text(route.InstanceRegion),
      enabled: flag(route.Enabled),
    }))
  })

/** A table always has the local route. */
function routesOf<R>(routes: readonly R[] | null | undefined): readonly R[] {
  if (!routes) throw malformed('vpc:DescribeRouteTables', 'a table came without its routes')
  return routes
}

/** Every route table of each VPC: asked by VPC, so that nobody has to wait for the subnets to learn the ids first. */
export async function readRouteTables(
  cloud: CloudSession,
  vpcIds: readonly string[],
  where: CallOptions,
): Promise<ById<readonly RouteTable[]>> {
  return readEach(cloud, { kind: TABLES, ids: vpcIds, where }, async (vpcId, at) => {
    const request = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }], Offset: '0', Limit: '100' }
    const found = await readAll(cloud, 'vpc:DescribeRouteTables', request, at, (answer) => ({
      items: answer.RouteTableSet,
      total: answer.TotalCount,
    }))
    return found.map((table) => ({
      id: table.RouteTableId ?? '',
      region: where.region,
      vpcId: text(table.VpcId),
      routes: routesOf(table.RouteSet).map((route) => ({
        id: text(route.RouteItemId),
        cidr: text(route.DestinationCidrBlock),
        ipv6Cidr: text(route.DestinationIpv6CidrBlock),
        gatewayType: upper(route.GatewayType),
        gatewayId: text(route.GatewayId),
        enabled: flag(route.Enabled),
      })),
    }))
  })
}
