import { type Answer, ApiError, among, page, type Request, texts } from './api.ts'
import { sameAddress } from './cidr.ts'
import { statusOf, subnetOf } from './packets.ts'
import { PAGE, type SimulatedActions } from './parameters.ts'
import { content, membersOf, target } from './target-groups.ts'
import type { Balancer, HealthCheck, Listener, Rule, World } from './world.ts'

// The clb actions. Their answers have the shapes of the tccli examples and SDK models of 2018-03-17.

const isL7 = ({ protocol }: Listener): boolean => protocol === 'HTTP' || protocol === 'HTTPS'

function describeLoadBalancers(world: World, request: Request): Answer {
  const ids = texts(request.LoadBalancerIds)
  const vips = texts(request.LoadBalancerVips)
  const vpc = request.VpcId
  const found = world.balancers.filter(
    (lb) =>
      among(lb.id, ids) &&
      (vips.length === 0 || vips.some((vip) => sameAddress(vip, lb.vip))) &&
      (vpc === undefined || vpc === lb.vpcId) &&
      (request.Domain === undefined || (lb.domain ?? '').includes(String(request.Domain))) &&
      (request.LoadBalancerName === undefined || lb.name.includes(String(request.LoadBalancerName))) &&
      (request.LoadBalancerType === undefined || request.LoadBalancerType === lb.type),
  )
  return { TotalCount: found.length, LoadBalancerSet: page(request, found).map((lb) => balancer(world, lb)) }
}

function balancer(world: World, lb: Balancer): Answer {
  const vpc = world.vpcs.find(({ id }) => id === lb.vpcId)
  return {
    LoadBalancerId: lb.id,
    LoadBalancerName: lb.name,
    Forward: lb.classic ? 0 : 1,
    Domain: '',
    // A CLB that is named by a domain has no VIP in the API (platform facts C1).
    LoadBalancerDomain: lb.domain ?? '',
    LoadBalancerVips: lb.ipv6 || lb.domain ? [] : [lb.vip],
    AddressIPv6: lb.ipv6 ? lb.vip : null,
    AddressIPVersion: lb.ipv6 ? 'ipv6' : 'ipv4',
    IPv6Mode: lb.ipv6 ? (lb.nat64 ? 'IPv6Nat64' : 'IPv6FullChain') : null,
    LoadBalancerType: lb.type,
    Status: lb.creating ? 0 : 1,
    CreateTime: '2025-03-12 10:00:00',
    StatusTime: '2025-03-12 10:00:05',
    ProjectId: 0,
    OpenBgp: 0,
    Snat: false,
    Isolation: lb.isolated ? 1 : 0,
    Log: '',
    VpcId: lb.vpcId,
    NumericalVpcId: vpc?.numericId ?? 0,
    TargetRegionInfo: {
      Region: lb.targetRegion?.region ?? world.region,
      VpcId: lb.targetRegion?.vpcId ?? lb.vpcId,
      NumericalVpcId: vpc?.numericId ?? 0,
    },
    SubnetId: lb.subnetId,
    SecureGroups: [],
    Tags: Object.entries({ service: lb.name, ...lb.tags }).map(([TagKey, TagValue]) => ({
      TagKey,
      TagValue,
    })),
    MasterZone: null,
    BackupZoneSet: null,
    IsolatedTime: null,
    ExpireTime: null,
    ChargeType: 'POSTPAID_BY_HOUR',
    LoadBalancerPassToTarget: lb.passToTarget,
    SnatPro: lb.snatPro,
    SnatIps: lb.snatIps.map((Ip) => ({ SubnetId: subnetOf(world, lb.vpcId, Ip)?.id ?? '', Ip })),
    IsBlock: lb.blocked,
    IsBlockTime: '',
    HealthLogSetId: lb.healthLogTopic === null ? '' : 'set-health01',
    HealthLogTopicId: lb.healthLogTopic ?? '',
    AttributeFlags: ['SharedLimitFlag', ...(lb.stopped ? ['Stop'] : [])],
    VipIsp: 'BGP',
    Egress: '',
  }
}

export function findBalancer(world: World, id: unknown): Balancer {
  const found = world.balancers.find((lb) => lb.id === id)
  if (!found) throw new ApiError('InvalidParameter.LBIdNotFound', `LoadBalancerId ${String(id)} not found`)
  return found
}

/** @throws ApiError if the CLB does not exist or is classic: classic CLBs have calls of their own */
function find(world: World, id: unknown): Balancer {
  const found = findBalancer(world, id)
  if (found.classic)
    throw new ApiError(
      'UnsupportedOperation',
      `${found.id} is a classic load balancer, which has calls of its own`,
    )
  return found
}

const chosen = (lb: Balancer, request: Request): Listener[] =>
  lb.listeners.filter(
    ({ id, protocol, port }) =>
      among(id, texts(request.ListenerIds)) &&
      (request.Protocol === undefined || request.Protocol === protocol) &&
      (request.Port === undefined || request.Port === port),
  )

function describeListeners(world: World, request: Request): Answer {
  const lb = find(world, request.LoadBalancerId)
  const listeners = chosen(lb, request)
  return { TotalCount: listeners.length, Listeners: listeners.map((one) => listener(world, one)) }
}

function listener(world: World, own: Listener): Answer {
  const [first] = own.rules
  return {
    ListenerId: own.id,
    ListenerName: own.name,
    CreateTime: '2025-03-12 10:05:00',
    Protocol: own.protocol,
    Port: own.port,
    EndPort: own.endPort ?? 0,
    HealthCheck: isL7(own) || !first ? null : healthCheck(first.check),
    Certificate: null,
    Scheduler: isL7(own) ? null : 'WRR',
    SessionExpireTime: 0,
    SniSwitch: 0,
    Rules: isL7(own) ? own.rules.map((rule) => location(world, own, rule)) : null,
    TargetType: isL7(own) ? null : targetType(world, first),
    TargetGroup: isL7(own) ? null : targetGroup(world, first),
    KeepaliveEnable: null,
    SessionType: 'NORMAL',
    AttrFlags: [...(own.stopped ? ['Stop'] : []), ...(own.snat ? ['SnatEnable'] : [])],
    TargetGroupList: null,
  }
}

const location = (world: World, own: Listener, rule: Rule): Answer => ({
  LocationId: rule.id,
  Domain: rule.domain,
  Url: rule.url,
  SessionExpireTime: 0,
  HealthCheck: healthCheck(rule.check),
  Certificate: null,
  Scheduler: 'WRR',
  ListenerId: own.id,
  RewriteTarget: { TargetListenerId: null, TargetLocationId: null },
  ForwardType: 'HTTP',
  TargetType: targetType(world, rule),
  TargetGroup: targetGroup(world, rule),
  TargetGroupList: null,
  Domains: [rule.domain],
})

function targetType(world: World, rule: Rule | undefined): string {
  const group = world.targetGroups.find(({ id }) => id === rule?.targetGroupId)
  return group ? (group.type === 'v2' ? 'TARGETGROUP-V2' : 'TARGETGROUP') : 'NODE'
}

function targetGroup(world: World, rule: Rule | undefined): Answer | null {
  const group = world.targetGroups.find(({ id }) => id === rule?.targetGroupId)
  return group
    ? { TargetGroupId: group.id, TargetGroupName: group.name, Weight: group.type === 'v2' ? 10 : null }
    : null
}

const healthCheck = (check: HealthCheck): Answer => ({
  HealthSwitch: check.on ? 1 : 0,
  TimeOut: check.timeout,
  IntervalTime: check.interval,
  HealthNum: 3,
  UnHealthNum: 3,
  CheckPort: check.port,
  CheckType: check.type,
  HttpCheckDomain: check.host,
  HttpCheckPath: check.path,
  HttpCheckMethod: check.method,
  HttpVersion: check.version ?? null,
  HttpCode: check.type === 'HTTP' || check.type === 'HTTPS' ? check.codes : null,
  ...content(check),
  SourceIpType: check.source,
})

function describeTargets(world: World, request: Request): Answer {
  const lb = find(world, request.LoadBalancerId)
  return {
    Listeners: chosen(lb, request).map((own) => {
      const [first] = own.rules
      const bound = (rule: Rule | undefined): Answer[] =>
        rule && rule.targetGroupId === null ? rule.backends.map((backend) => target(world, backend)) : []
      return {
        ListenerId: own.id,
        Protocol: own.protocol,
        Port: own.port,
        EndPort: own.endPort ?? 0,
        Rules: isL7(own)
          ? own.rules.map((rule) => ({
              LocationId: rule.id,
              Domain: rule.domain,
              Url: rule.url,
              Targets: bound(rule),
              FunctionTargets: (rule.functions ?? []).map(({ name, weight }) => ({
                Function: {
                  FunctionNamespace: 'default',
                  FunctionName: name,
                  FunctionQualifier: '$LATEST',
                  FunctionQualifierType: 'VERSION',
                },
                Weight: weight,
              })),
            }))
          : null,
        Targets: isL7(own) ? null : bound(first),
      }
    }),
  }
}

function describeTargetHealth(world: World, request: Request): Answer {
  return {
    LoadBalancers: texts(request.LoadBalancerIds).map((id) => {
      const lb = find(world, id)
      return {
        LoadBalancerId: lb.id,
        LoadBalancerName: lb.name,
        Listeners: chosen(lb, request).map((own) => ({
          ListenerId: own.id,
          ListenerName: own.name,
          Protocol: own.protocol,
          Port: own.port,
          Rules: own.rules
            .filter(({ id }) => among(id, texts(request.LocationIds)))
            .map((rule) => ({
              LocationId: rule.id,
              Domain: isL7(own) ? rule.domain : null,
              Url: isL7(own) ? rule.url : null,
              Targets: membersOf(world, rule).map((backend, i) => {
                const status = statusOf(world, lb, own, rule, backend)
                return {
                  IP: backend.ip,
                  Port: backend.port,
                  // In a documented answer the boolean contradicts the status. So the first target says true here even
                  // if it is Dead: clients must not trust the boolean.
                  HealthStatus: status === 'Alive' || (status === 'Dead' && i === 0),
                  TargetId: backend.machineId ?? '',
                  HealthStatusDetail: status,
                  HealthStatusDetial: status,
                  ...(rule.targetGroupId === null ? {} : { TargetGroupId: rule.targetGroupId }),
                }
              }),
            })),
        })),
      }
    }),
  }
}

export const actions: SimulatedActions = {
  'clb:DescribeLoadBalancers': {
    takes: {
      LoadBalancerIds: 'texts',
      LoadBalancerVips: 'texts',
      Domain: 'text',
      LoadBalancerName: 'text',
      LoadBalancerType: 'text',
      VpcId: 'text',
      ...PAGE,
    },
    most: { LoadBalancerIds: 20 },
    answer: describeLoadBalancers,
  },
  'clb:DescribeListeners': {
    takes: { LoadBalancerId: 'text', ListenerIds: 'texts', Protocol: 'text', Port: 'number' },
    needs: 'LoadBalancerId',
    most: { ListenerIds: 100 },
    answer: describeListeners,
  },
  'clb:DescribeTargets': {
    takes: { LoadBalancerId: 'text', ListenerIds: 'texts', Protocol: 'text', Port: 'number' },
    needs: 'LoadBalancerId',
    most: { ListenerIds: 20 },
    answer: describeTargets,
  },
  'clb:DescribeTargetHealth': {
    takes: { LoadBalancerIds: 'texts', ListenerIds: 'texts', LocationIds: 'texts' },
    needs: 'LoadBalancerIds',
    most: { LoadBalancerIds: 30 },
    answer: describeTargetHealth,
  },
}
