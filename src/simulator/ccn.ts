import { type Answer, ApiError, among, filter, page, type Request, texts } from './api.ts'
import { isIpv6 } from './cidr.ts'
import { nicsOf } from './nics.ts'
import { PAGE, PAGE_IN_TEXT, type SimulatedActions } from './parameters.ts'
import { membersOf } from './target-groups.ts'
import type { Elsewhere, RouteTable, World } from './world.ts'

// The ways out of a VPC: route tables, CCN, and backends in another region.

function describeRouteTables(world: World, request: Request): Answer {
  const found = world.routeTables.filter(
    ({ id, vpcId }) =>
      among(id, texts(request.RouteTableIds)) &&
      among(id, filter(request, 'route-table-id')) &&
      among(vpcId, filter(request, 'vpc-id')),
  )
  return {
    TotalCount: found.length,
    RouteTableSet: page(request, found).map(({ id, vpcId, routes }) => ({
      VpcId: vpcId,
      RouteTableId: id,
      RouteTableName: id,
      AssociationSet: [],
      Main: true,
      TagSet: [],
      CreatedTime: '2025-02-19 17:52:43',
      RouteSet: [...localRoutes(world, vpcId), ...routes].map((route, i) => ({
        RouteTableId: id,
        RouteId: i,
        RouteItemId: route.id,
        DestinationCidrBlock: isIpv6(route.cidr) ? '' : route.cidr,
        DestinationIpv6CidrBlock: isIpv6(route.cidr) ? route.cidr : '',
        GatewayType: route.gatewayType,
        GatewayId: route.gatewayId,
        RouteDescription: '',
        CreatedTime: '2025-02-19 17:52:43',
        RouteType: 'USER',
        Enabled: route.enabled,
        PublishedToVbc: false,
      })),
    })),
  }
}

/** Every route table of a VPC has these routes. */
const localRoutes = (world: World, vpcId: string): RouteTable['routes'] =>
  world.vpcs
    .filter(({ id }) => id === vpcId)
    .flatMap(({ cidr, assistants = [] }) => [cidr, ...assistants])
    .map((cidr) => ({
      id: `rti-local-${vpcId}`,
      cidr,
      gatewayType: 'LOCAL',
      gatewayId: 'local',
      enabled: true,
    }))

function describeCcnAttachedInstances(world: World, request: Request): Answer {
  const found = world.ccns.flatMap((ccn) =>
    ccn.attached
      .filter(
        ({ id, type, region }) =>
          among(ccn.id, filter(request, 'ccn-id')) &&
          among(id, filter(request, 'instance-id')) &&
          among(type, filter(request, 'instance-type')) &&
          among(region, filter(request, 'instance-region')),
      )
      .map((one) => ({ ...one, ccnId: ccn.id })),
  )
  return {
    TotalCount: found.length,
    InstanceSet: page(request, found).map(({ ccnId, type, id, region, state }) => ({
      CcnId: ccnId,
      InstanceType: type,
      InstanceId: id,
      InstanceName: id,
      InstanceRegion: region,
      InstanceUin: '100000000001',
      CidrBlock: world.vpcs.filter((vpc) => vpc.id === id).map(({ cidr }) => cidr),
      State: state,
      AttachedTime: '2025-02-19 17:52:43',
      CcnUin: '100000000001',
    })),
  }
}

function describeCcnRoutes(world: World, request: Request): Answer {
  const ccn = world.ccns.find(({ id }) => id === request.CcnId)
  if (!ccn) throw new ApiError('ResourceNotFound', `CcnId ${String(request.CcnId)} not found`)
  return {
    TotalCount: ccn.routes.length,
    RouteSet: page(request, ccn.routes).map(({ id, cidr, type, instanceId, enabled }) => ({
      RouteId: id,
      DestinationCidrBlock: cidr,
      InstanceType: type,
      InstanceId: instanceId,
      InstanceName: instanceId,
      InstanceRegion: ccn.attached.find((one) => one.id === instanceId)?.region ?? '',
      UpdateTime: '2025-02-19 17:52:43',
      Enabled: enabled,
      InstanceUin: '100000000001',
      ExtraState: 'Running',
      IsBgp: type === 'DIRECTCONNECT',
      RoutePriority: 1,
    })),
  }
}

/**
 * Backends of type CCN that are machines of the account, in any region, bound directly or by a target group. Servers of
 * a data centre are not among them.
 */
function describeCrossTargets(world: World, request: Request): Answer {
  const places: readonly (readonly [string, Elsewhere])[] = [
    [world.region, world],
    ...Object.entries(world.others),
  ]
  const bound = world.balancers
    .filter(({ vpcId }) => among(vpcId, filter(request, 'vpc-id')))
    .flatMap(({ vpcId, listeners }) =>
      listeners
        .filter(({ id }) => among(id, filter(request, 'listener-id')))
        .flatMap(({ rules }) => rules.flatMap((rule) => membersOf(world, rule)))
        .filter(({ type, ip }) => type === 'CCN' && among(ip, filter(request, 'ip')))
        .map(({ ip }) => ({ vpcId, ip })),
    )
  const found = [...new Map(bound.map((one) => [`${one.vpcId} ${one.ip}`, one])).values()].flatMap(
    ({ vpcId, ip }) =>
      places.flatMap(([region, place]) =>
        nicsOf({ ...world, ...place })
          .filter((nic) => nic.ips.includes(ip))
          .map((nic) => ({
            LocalVpcId: vpcId,
            VpcId: nic.vpcId,
            IP: ip,
            VpcName: nic.vpcId,
            EniId: nic.id,
            InstanceId: nic.machineId ?? '',
            InstanceName: nic.name,
            Region: region,
          })),
      ),
  )
  return { TotalCount: found.length, CrossTargetSet: page(request, found) }
}

export const actions: SimulatedActions = {
  'clb:DescribeCrossTargets': {
    takes: { Filters: 'filters', ...PAGE },
    filters: ['vpc-id', 'ip', 'listener-id', 'location-id'],
    answer: describeCrossTargets,
  },
  'vpc:DescribeRouteTables': {
    takes: { RouteTableIds: 'texts', Filters: 'filters', ...PAGE_IN_TEXT },
    most: { RouteTableIds: 100 },
    filters: ['route-table-id', 'vpc-id'],
    values: 5,
    either: 'RouteTableIds',
    answer: describeRouteTables,
  },
  'vpc:DescribeCcnAttachedInstances': {
    takes: { Filters: 'filters', CcnId: 'text', ...PAGE },
    filters: ['ccn-id', 'instance-type', 'instance-region', 'instance-id'],
    values: 5,
    answer: describeCcnAttachedInstances,
  },
  'vpc:DescribeCcnRoutes': {
    takes: { CcnId: 'text', RouteIds: 'texts', ...PAGE },
    needs: 'CcnId',
    answer: describeCcnRoutes,
  },
}
