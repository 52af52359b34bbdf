import type { CallOptions, CloudProblem, CloudSession, Kind, ResponseOf } from '../cloud/index.ts'
import type { Fact } from '../model/fact.ts'
import type { HealthRecord, Listener, ListenerRule, Registration, Snapshot } from '../model/snapshot.ts'
import { listed } from './collect.ts'
import { address, addresses, registeredAt, text, texts, upper, zoneOf } from './fields.ts'
import { healthCheckOf } from './health-check.ts'

type ApiListener = NonNullable<ResponseOf<'clb:DescribeListeners'>['Listeners']>[number]
type ApiBackend = NonNullable<
  NonNullable<ResponseOf<'clb:DescribeTargets'>['Listeners']>[number]['Targets']
>[number]

/** A CLB's listeners, its backends and their health. */
export type FrontFacts = Pick<Snapshot, 'listeners' | 'registrations' | 'health'>

/** Every listener of the CLB with its rules. The action has no paging: it returns all. */
export async function readListeners(
  cloud: CloudSession,
  id: string,
  where: CallOptions,
): Promise<Listener[]> {
  const answer = await cloud.call('clb:DescribeListeners', { LoadBalancerId: id }, where)
  return listed('clb:DescribeListeners', answer.Listeners, answer.TotalCount).map((listener) => ({
    id: listener.ListenerId,
    name: text(listener.ListenerName) ?? '',
    protocol: upper(listener.Protocol) ?? '',
    port: listener.Port ?? 0,
    endPort: listener.EndPort || null,
    stopped: hasFlag(listener, 'stop'),
    ...(listener.AttrFlags ? { snat: hasFlag(listener, 'snatenable') } : {}),
    classic: false,
    healthCheck: healthCheckOf(listener.HealthCheck),
    targetType: upper(listener.TargetType),
    ...groupsOf(listener),
    rules: (listener.Rules ?? []).map(rule),
  }))
}

/** The vendor's Terraform provider reads SNAT from these flags (platform facts C8). */
const hasFlag = ({ AttrFlags }: ApiListener, name: string): boolean =>
  texts(AttrFlags).some((flag) => flag.toLowerCase() === name)

function rule(api: NonNullable<ApiListener['Rules']>[number]): ListenerRule {
  return {
    locationId: api.LocationId ?? '',
    domain: text(api.Domain),
    url: text(api.Url),
    healthCheck: healthCheckOf(api.HealthCheck),
    forwardType: upper(api.ForwardType),
    targetType: upper(api.TargetType),
    ...groupsOf(api),
    redirectsTo: text(api.RewriteTarget?.TargetListenerId),
  }
}

function groupsOf(bound: Pick<ApiListener, 'TargetGroup' | 'TargetGroupList'>) {
  const groups = [bound.TargetGroup, ...(bound.TargetGroupList ?? [])]
  const weights = groups.flatMap((group) => {
    const weight = group?.Weight ?? null
    return weight === null ? [] : [[group?.TargetGroupId, weight]]
  })
  return {
    targetGroupIds: texts(groups.map((group) => group?.TargetGroupId)),
    groupWeights: Object.fromEntries(weights),
  }
}

/** Every directly bound backend. Members of target groups are read in target-groups.ts. */
export async function readRegistrations(
  cloud: CloudSession,
  id: string,
  where: CallOptions,
): Promise<Registration[]> {
  const answer = await cloud.call('clb:DescribeTargets', { LoadBalancerId: id }, where)
  return listed('clb:DescribeTargets', answer.Listeners).flatMap((listener) => {
    const listenerId = listener.ListenerId
    return [
      ...(listener.Targets ?? []).map((backend) => registration(backend, listenerId, null)),
      ...(listener.Rules ?? []).flatMap(({ LocationId, Targets, FunctionTargets }) =>
        [...(Targets ?? []), ...(FunctionTargets ?? []).map(() => ({ Type: 'FUNCTION' }))].map((backend) =>
          registration(backend, listenerId, text(LocationId)),
        ),
      ),
    ]
  })
}

function registration(backend: ApiBackend, listenerId: string, locationId: string | null): Registration {
  return {
    listenerId,
    locationId,
    type: upper(backend.Type) ?? 'UNKNOWN',
    instanceId: text(backend.InstanceId),
    eniId: text(backend.EniId),
    targetGroupId: null,
    name: text(backend.InstanceName),
    ip: addresses(backend.PrivateIpAddresses)[0] ?? '',
    port: backend.Port ?? 0,
    weight: backend.Weight ?? null,
    ...registeredAt(backend),
    ...zoneOf(backend.Zone),
  }
}

/** The health of every target, as CLB's probes found it. L4 listeners also come under Rules[] (platform facts C4). */
export async function readHealth(
  cloud: CloudSession,
  id: string,
  where: CallOptions,
): Promise<readonly HealthRecord[]> {
  return (await askHealth(cloud, [id], where))(id)
}

const NOT_SERVED: ReadonlySet<CloudProblem> = new Set(['not-found', 'rejected'])
const HEALTH: Kind = { action: 'clb:DescribeTargetHealth', size: 30, keep: 0, halvesOn: NOT_SERVED }

/** The health of many CLBs, 30 per call. A CLB that the action rejects fails alone. */
export const readHealthOfMany = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ReadonlyMap<string, Fact<readonly HealthRecord[]>>> =>
  cloud.facts.read({ kind: HEALTH, ids, where }, (chunk, at) => askHealth(cloud, chunk, at))

async function askHealth(
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<(id: string) => readonly HealthRecord[]> {
  const answer = await cloud.call('clb:DescribeTargetHealth', { LoadBalancerIds: [...ids] }, where)
  const balancers = listed('clb:DescribeTargetHealth', answer.LoadBalancers)
  return (id) => (balancers.find((lb) => lb.LoadBalancerId === id)?.Listeners ?? []).flatMap(records)
}

type ApiHealth = NonNullable<
  NonNullable<ResponseOf<'clb:DescribeTargetHealth'>['LoadBalancers']>[number]['Listeners']
>[number]

const records = (listener: ApiHealth): readonly HealthRecord[] =>
  (listener.Rules ?? []).flatMap((location) =>
    (location.Targets ?? []).map((target) => ({
      listenerId: listener.ListenerId,
      locationId: text(location.LocationId),
      protocol: upper(listener.Protocol),
      listenerPort: listener.Port ?? null,
      ip: address(target.IP) ?? '',
      port: target.Port ?? 0,
      targetId: text(target.TargetId),
      targetGroupId: text(target.TargetGroupId),
      // Some answers have only the misspelt twin, which the SDK calls deprecated (platform facts C4).
      detail: text(target.HealthStatusDetail) ?? text(target.HealthStatusDetial),
      weight: target.Weight ?? null,
    })),
  )
