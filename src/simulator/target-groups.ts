import { type Answer, among, filter, page, type Request, texts } from './api.ts'
import { nicIdAt } from './nics.ts'
import { PAGE, type SimulatedActions } from './parameters.ts'
import { machineOf } from './seen.ts'
import type { Backend, HealthCheck, Rule, World } from './world.ts'

export function target(world: World, backend: Backend): Answer {
  const machine = machineOf(world, backend.machineId)
  const isMachine = backend.type === 'CVM'
  return {
    // The API sometimes writes the type in lower case.
    Type: isMachine ? 'cvm' : backend.type,
    PrivateIpAddresses: [backend.ip],
    EniId: (isMachine ? null : nicIdAt(world, backend.ip)) ?? '',
    PublicIpAddresses: null,
    InstanceName: machine?.name ?? '',
    Port: backend.port,
    Weight: backend.weight,
    InstanceId: isMachine || backend.type === 'GLOBALROUTE' ? (backend.machineId ?? '') : '',
    RegisteredTime: backend.warming ? justNow() : (backend.boundAt ?? '2025-03-12 10:10:00'),
  }
}

/** Five seconds ago, in Beijing time. */
const justNow = (): string =>
  new Date(Date.now() - 5_000 + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')

/** What CUSTOM and GRPC checks send and expect. */
export const content = ({ type, custom, grpcCodes }: HealthCheck): Answer => ({
  ContextType: type === 'CUSTOM' ? (custom?.type ?? 'TEXT') : null,
  SendContext: type === 'CUSTOM' ? (custom?.send ?? 'ping') : null,
  RecvContext: type === 'CUSTOM' ? (custom?.recv ?? 'pong') : null,
  ExtendedCode: type === 'GRPC' ? (grpcCodes ?? '12') : null,
})

export const membersOf = (world: World, rule: Rule): readonly Backend[] =>
  world.targetGroups.find(({ id }) => id === rule.targetGroupId)?.members ?? rule.backends

function describeTargetGroups(world: World, request: Request): Answer {
  const found = world.targetGroups.filter(
    ({ id, vpcId, name }) =>
      among(id, texts(request.TargetGroupIds)) &&
      among(vpcId, filter(request, 'TargetGroupVpcId')) &&
      among(name, filter(request, 'TargetGroupName')),
  )
  return {
    TotalCount: found.length,
    TargetGroupSet: page(request, found).map((group) => ({
      TargetGroupId: group.id,
      TargetGroupName: group.name,
      VpcId: group.vpcId,
      Port: 8080,
      TargetGroupType: group.type,
      SnatEnable: group.snat === true,
      Protocol: group.type === 'v2' ? 'TCP' : null,
      HealthCheck: group.check
        ? {
            HealthSwitch: group.check.on,
            Protocol: group.check.type,
            Port: group.check.port,
            Timeout: group.check.timeout,
            GapTime: group.check.interval,
            GoodLimit: 3,
            BadLimit: 3,
            HttpCode: group.check.codes,
            HttpCheckDomain: group.check.host,
            HttpCheckPath: group.check.path,
            HttpCheckMethod: group.check.method,
            HttpVersion: group.check.version ?? null,
            ...content(group.check),
          }
        : null,
    })),
  }
}

function describeTargetGroupInstances(world: World, request: Request): Answer {
  const found = world.targetGroups
    .filter(({ id }) => among(id, filter(request, 'TargetGroupId')))
    .flatMap((group) =>
      group.members
        .filter(
          ({ ip, machineId }) =>
            among(ip, filter(request, 'BindIP')) && among(machineId ?? '', filter(request, 'InstanceId')),
        )
        .map((member) => ({ ...target(world, member), TargetGroupId: group.id })),
    )
  return { TotalCount: found.length, RealCount: found.length, TargetGroupInstanceSet: page(request, found) }
}

export const actions: SimulatedActions = {
  'clb:DescribeTargetGroups': {
    takes: { TargetGroupIds: 'texts', Filters: 'filters', ...PAGE },
    filters: ['TargetGroupVpcId', 'TargetGroupName'],
    either: 'TargetGroupIds',
    answer: describeTargetGroups,
  },
  'clb:DescribeTargetGroupInstances': {
    takes: { Filters: 'filters', ...PAGE },
    needs: 'Filters',
    filters: ['TargetGroupId', 'BindIP', 'InstanceId'],
    answer: describeTargetGroupInstances,
  },
}
