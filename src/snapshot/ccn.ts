import { type CallOptions, type CloudSession, type Kind, readAll } from '../cloud/index.ts'
import type { ById, CcnAttachment, CcnRoute, CrossTarget, RouteTable } from '../model/snapshot.ts'
import { malformed, readEach } from './collect.ts'
import { text, upper } from './fields.ts'

const CROSS_TARGETS: Kind = { action: 'clb:DescribeCrossTargets', size: 1, keep: 50 }
const ATTACHMENTS: Kind = { action: 'vpc:DescribeCcnAttachedInstances', size: 1, keep: 100 }
const CCN_ROUTES: Kind = { action: 'vpc:DescribeCcnRoutes', size: 1, keep: 50 }
const TABLES: Kind = { action: 'vpc:DescribeRouteTables', size: 1, keep: 50 }

/** Machines of the account that are backends in another VPC or region (cross-region binding 2.0), by the CLB's VPC. */
export const readCrossTargets = (
  cloud: CloudSession,
  vpcIds: readonly string[],
  where: CallOptions,
): Promise<ById<readonly CrossTarget[]>> =>
  readEach(cloud, { kind: CROSS_TARGETS, ids: vpcIds, where }, async (vpcId, at) => {
    const request = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }], Offset: 0, Limit: 100 }
    const found = await readAll(cloud, 'clb:DescribeCrossTargets', request, at, (answer) => ({
      items: answer.CrossTargetSet,
      total: answer.TotalCount,
    }))
    return found.map((target) => ({
      ip: target.IP,
      region: text(target.Region),
      vpcId: text(target.VpcId),
      eniId: text(target.EniId),
      instanceId: text(target.InstanceId),
    }))
  })

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
        ccnId: one.CcnId,
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
      enabled: route.Enabled ?? null,
    }))
  })

/** A table always has the local route. */
function routesOf<R>(routes: readonly R[] | null | undefined): readonly R[] {
  if (!routes?.length) throw malformed('vpc:DescribeRouteTables', 'a table came without its routes')
  return routes
}

/** Every route table of each VPC. Reading by VPC does not have to wait for the subnets' table ids. */
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
      id: table.RouteTableId,
      region: where.region,
      vpcId: text(table.VpcId),
      routes: routesOf(table.RouteSet).map((route) => ({
        id: text(route.RouteItemId),
        cidr: text(route.DestinationCidrBlock),
        ipv6Cidr: text(route.DestinationIpv6CidrBlock),
        gatewayType: upper(route.GatewayType),
        gatewayId: text(route.GatewayId),
        enabled: route.Enabled ?? null,
      })),
    }))
  })
}
