import { type Answer, among, filter, page, type Request, texts } from './api.ts'
import { target } from './clb.ts'
import type { World } from './world.ts'

export function describeTargetGroups(world: World, request: Request): Answer {
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
          }
        : null,
    })),
  }
}

export function describeTargetGroupInstances(world: World, request: Request): Answer {
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
