import type { CallOptions, CloudSession } from '../cloud/cloud.ts'
import { readFact } from '../cloud/fact.ts'
import { readAll } from '../cloud/paging.ts'
import { ok } from '../model/fact.ts'
import type { ById, CcnAttachment, CcnRoute, CrossTarget, RouteTable } from '../model/snapshot.ts'
import { readEach } from './collect.ts'
import { list, text, upper } from './fields.ts'

const flag = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)

/** Which of these backends are machines of the account, and where (cross-region binding 2.0); null: none of them. */
export async function readCrossTargets(
  cloud: CloudSession,
  ips: readonly string[],
  vpcId: string,
  where: CallOptions,
): Promise<ById<CrossTarget | null>> {
  if (ips.length === 0) return {}
  const request = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }], Offset: 0, Limit: 100 }
  const found = await readFact(
    readAll(cloud, 'clb:DescribeCrossTargets', request, where, (answer) => ({
      items: answer.CrossTargetSet,
      total: answer.TotalCount,
    })),
  )
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
  readEach(vpcIds, async (vpcId) => {
    const request = { Filters: [{ Name: 'instance-id', Values: [vpcId] }], Offset: 0, Limit: 100 }
    const found = await readAll(cloud, 'vpc:DescribeCcnAttachedInstances', request, where, (answer) => ({
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
  readEach(ccnIds, async (ccnId) => {
    const request = { CcnId: ccnId, Offset: 0, Limit: 100 }
    const found = await readAll(cloud, 'vpc:DescribeCcnRoutes', request, where, (answer) => ({
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

/** Every route table of each VPC: asked by VPC, so that nobody has to wait for the subnets to learn the ids first. */
export async function readRouteTables(
  cloud: CloudSession,
  vpcIds: readonly string[],
  where: CallOptions,
): Promise<ById<readonly RouteTable[]>> {
  return readEach(vpcIds, async (vpcId) => {
    const request = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }], Offset: '0', Limit: '100' }
    const found = await readAll(cloud, 'vpc:DescribeRouteTables', request, where, (answer) => ({
      items: answer.RouteTableSet,
      total: answer.TotalCount,
    }))
    return found.map((table) => ({
      id: table.RouteTableId ?? '',
      region: where.region,
      vpcId: text(table.VpcId),
      routes: list(table.RouteSet).map((route) => ({
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
