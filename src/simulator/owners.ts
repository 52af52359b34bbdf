import { type Answer, ApiError, among, page, type Request, texts } from './api.ts'
import { inCidr, isIpv6 } from './cidr.ts'
import { nicsOf } from './nics.ts'
import { subnetOf } from './packets.ts'
import { PAGE, PAGE_IN_TEXT, type SimulatedActions } from './parameters.ts'
import type { Service, World } from './world.ts'

// The calls that say who owns an address, and which security groups a database or another product has.

const TYPES: Readonly<Record<Service['kind'], string>> = {
  cdb: 'CDB',
  redis: 'REDIS',
  mongodb: 'MONGODB',
  postgres: 'POSTGRES',
  ckafka: 'CKAFKA',
  cos: 'COS',
}

interface Use {
  readonly ip: string
  readonly subnetId: string
  readonly type: string
  readonly id: string
  /** The name of this kind in the other call. */
  readonly product: string
}

const usesOf = (world: World, vpcId: unknown): readonly Use[] => [
  ...nicsOf(world)
    .filter((nic) => nic.vpcId === vpcId)
    .flatMap(({ ips, subnetId, id }) => ips.map((ip) => ({ ip, subnetId, type: 'ENI', id, product: 'CVM' }))),
  ...world.services
    .filter((own) => own.vpcId === vpcId)
    .map(({ ip, subnetId, id, kind }) => ({ ip, subnetId, id, type: TYPES[kind], product: TYPES[kind] })),
]

function describeVpcs(world: World, request: Request): Answer {
  const found = world.vpcs.filter(({ id }) => among(id, texts(request.VpcIds)))
  return {
    TotalCount: found.length,
    VpcSet: page(request, found).map(({ id, cidr, assistants = [] }) => ({
      VpcId: id,
      VpcName: id,
      CidrBlock: cidr,
      IsDefault: false,
      CreatedTime: '2025-02-19 17:52:43',
      Ipv6CidrBlock: '',
      TagSet: [],
      AssistantCidrSet: assistants.map((CidrBlock) => ({
        VpcId: id,
        CidrBlock,
        AssistantType: 0,
        SubnetSet: [],
      })),
    })),
  }
}

/** Refuses addresses outside the VPC, as its documentation says. */
function describeUsedIpAddress(world: World, request: Request): Answer {
  const wanted = texts(request.IpAddresses)
  const vpc = world.vpcs.find(({ id }) => id === request.VpcId)
  if (!vpc) throw new ApiError('ResourceNotFound', `VpcId ${String(request.VpcId)} not found`)
  const ranges = [vpc.cidr, ...(vpc.assistants ?? [])]
  const stray = wanted.find((ip) => !isIpv6(ip) && !ranges.some((cidr) => inCidr(ip, cidr)))
  if (stray) throw new ApiError('InvalidParameterValue.Range', `${stray} is not in ${vpc.id}`)
  const found = usesOf(world, request.VpcId).filter(({ ip }) => among(ip, wanted))
  return {
    TotalCount: found.length,
    IpAddressStates: page(request, found).map(({ ip, subnetId, type, id }) => ({
      VpcId: request.VpcId,
      SubnetId: subnetId,
      IpAddress: ip,
      ResourceType: type,
      ResourceId: id,
    })),
  }
}

function describeVpcPrivateIpAddresses(world: World, request: Request): Answer {
  const wanted = texts(request.PrivateIpAddresses)
  const vpcId = String(request.VpcId)
  return {
    VpcPrivateIpAddressSet: usesOf(world, vpcId)
      .filter(({ ip }) => among(ip, wanted))
      .map(({ ip, product }) => ({
        PrivateIpAddress: ip,
        PrivateIpAddressType: product,
        CidrBlock: subnetOf(world, vpcId, ip)?.cidr ?? '',
        CreatedTime: '2025-03-12 10:00:00',
      })),
  }
}

function serviceOf(world: World, kind: Service['kind'], id: unknown): Service {
  const found = world.services.find((own) => own.kind === kind && own.id === id)
  if (!found) throw new ApiError('ResourceNotFound.InstanceNotFound', `no instance ${String(id)}`)
  return found
}

const group = (world: World, id: string): Answer => ({
  CreateTime: '2025-03-12 10:00:00',
  Inbound: [],
  Outbound: [],
  ProjectId: 0,
  SecurityGroupId: id,
  SecurityGroupName: world.groups.find((one) => one.id === id)?.name ?? id,
})

/** A read-only MySQL instance answers with the groups of its read-only group, unless the request asks for its own. */
const groupsOf =
  (kind: 'cdb' | 'redis' | 'mongodb') =>
  (world: World, request: Request): Answer => {
    const own = serviceOf(world, kind, request.InstanceId)
    const ids = request.ForReadonlyInstance === true ? own.groups : (own.readOnlyGroup ?? own.groups)
    const groups = ids.map((id) => ({ ...group(world, id), SecurityGroupRemark: '' }))
    return kind === 'redis' ? { Groups: groups, VIP: own.ip, VPort: '6379' } : { Groups: groups }
  }

const describePostgresGroups = (world: World, request: Request): Answer => ({
  SecurityGroupSet: serviceOf(world, 'postgres', request.DBInstanceId).groups.map((id) => ({
    ...group(world, id),
    SecurityGroupDescription: '',
  })),
})

function describeKafkaRoutes(world: World, request: Request): Answer {
  const word = String(request.SearchWord ?? '')
  const found = world.services.filter(
    ({ kind, id, ip }) => kind === 'ckafka' && (word === '' || id.includes(word) || ip.includes(word)),
  )
  return {
    Result: {
      SecurityGroupRoutes: page(request, found).map(({ id, vpcId, ip, groups }) => ({
        InstanceRoute: { InstanceId: id, RouteId: 1234 },
        SecurityGroupIds: groups,
        InstanceName: id,
        VpcId: vpcId,
        Vip: ip,
      })),
      TotalCount: found.length,
    },
  }
}

function describeClusters(world: World, request: Request): Answer {
  const found = world.clusters.filter(({ id }) => among(id, texts(request.ClusterIds)))
  return {
    TotalCount: found.length,
    Clusters: page(request, found).map(({ id, name, ipvs, machineIds }) => ({
      ClusterId: id,
      ClusterName: name,
      ClusterVersion: '1.24.4',
      ClusterType: 'MANAGED_CLUSTER',
      ClusterStatus: 'Running',
      ClusterNodeNum: machineIds.length,
      ClusterNetworkSettings: {
        ClusterCIDR: '172.16.0.0/16',
        Cni: true,
        Ipvs: ipvs,
        KubeProxyMode: '',
        VpcId: world.vpcs[0]?.id ?? '',
        ServiceCIDR: '172.17.0.0/20',
      },
    })),
  }
}

/** Returns workers only, as the API does for a request without a role. */
function describeClusterInstances(world: World, request: Request): Answer {
  const cluster = world.clusters.find(({ id }) => id === request.ClusterId)
  if (!cluster) throw new ApiError('InternalError.ClusterNotFound', `no cluster ${String(request.ClusterId)}`)
  const found = cluster.machineIds.filter((id) => among(id, texts(request.InstanceIds)))
  return {
    TotalCount: found.length,
    InstanceSet: page(request, found).map((id) => ({
      InstanceId: id,
      LanIP: world.machines.find((machine) => machine.id === id)?.ip ?? '',
      InstanceRole: 'WORKER',
      InstanceState: 'running',
      NodePoolId: '',
      AutoscalingGroupId: '',
      FailedReason: '',
      DrainStatus: '',
      InstanceAdvancedSettings: null,
      CreatedTime: '2025-03-12T10:00:00Z',
    })),
  }
}

export const actions: SimulatedActions = {
  'vpc:DescribeVpcs': {
    takes: { VpcIds: 'texts', Filters: 'filters', ...PAGE_IN_TEXT },
    most: { VpcIds: 100 },
    filters: ['vpc-id'],
    values: 5,
    either: 'VpcIds',
    answer: describeVpcs,
  },
  'vpc:DescribeUsedIpAddress': {
    takes: { VpcId: 'text', SubnetId: 'text', IpAddresses: 'texts', ...PAGE },
    needs: 'VpcId',
    most: { IpAddresses: 100 },
    answer: describeUsedIpAddress,
  },
  'vpc:DescribeVpcPrivateIpAddresses': {
    takes: { VpcId: 'text', PrivateIpAddresses: 'texts' },
    needs: 'PrivateIpAddresses',
    most: { PrivateIpAddresses: 100 },
    answer: describeVpcPrivateIpAddresses,
  },
  'cdb:DescribeDBSecurityGroups': {
    takes: { InstanceId: 'text', ForReadonlyInstance: 'flag' },
    needs: 'InstanceId',
    answer: groupsOf('cdb'),
  },
  'redis:DescribeDBSecurityGroups': {
    takes: { Product: 'text', InstanceId: 'text' },
    needs: 'Product',
    answer: groupsOf('redis'),
  },
  'mongodb:DescribeSecurityGroup': {
    takes: { InstanceId: 'text' },
    needs: 'InstanceId',
    answer: groupsOf('mongodb'),
  },
  'postgres:DescribeDBInstanceSecurityGroups': {
    takes: { DBInstanceId: 'text' },
    answer: describePostgresGroups,
  },
  'ckafka:DescribeSecurityGroupRoutes': {
    takes: { SearchWord: 'text', ...PAGE },
    answer: describeKafkaRoutes,
  },
  'tke:DescribeClusters': {
    takes: { ClusterIds: 'texts', ...PAGE },
    most: { ClusterIds: 100 },
    answer: describeClusters,
  },
  'tke:DescribeClusterInstances': {
    takes: { ClusterId: 'text', InstanceIds: 'texts', ...PAGE },
    needs: 'ClusterId',
    most: { InstanceIds: 100 },
    answer: describeClusterInstances,
  },
}
