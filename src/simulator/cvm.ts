import { type Answer, ApiError, page, type Request, texts } from './api.ts'
import { PAGE, type SimulatedActions } from './parameters.ts'
import { machineOf } from './seen.ts'
import type { World } from './world.ts'

/** cvm:DescribeInstances (2017-03-12). One unknown id makes the whole call fail. */
function describeInstances(world: World, request: Request): Answer {
  const ids = texts(request.InstanceIds)
  const malformed = ids.find((id) => !/^ins-[0-9a-z]+$/.test(id))
  if (malformed) throw new ApiError('InvalidInstanceId.Malformed', `${malformed} is not an instance id`)
  const unknown = ids.find((id) => !machineOf(world, id))
  if (unknown) throw new ApiError('InvalidInstanceId.NotFound', `the instance ${unknown} does not exist`)
  const found =
    ids.length === 0 ? world.machines : [...new Set(ids)].flatMap((id) => machineOf(world, id) ?? [])
  return {
    TotalCount: found.length,
    InstanceSet: page(request, found).map((machine) => ({
      Placement: { Zone: machine.zone ?? 'ap-guangzhou-3', ProjectId: 0 },
      InstanceId: machine.id,
      InstanceName: machine.name,
      InstanceState: machine.state,
      RestrictState: machine.restrictState,
      ...(machine.publicBandwidth === undefined
        ? {}
        : { InternetAccessible: { InternetMaxBandwidthOut: machine.publicBandwidth } }),
      PrivateIpAddresses: [machine.ip],
      PublicIpAddresses: null,
      IPv6Addresses: machine.ipv6 === null ? null : [machine.ipv6],
      VirtualPrivateCloud: { VpcId: machine.vpcId, SubnetId: machine.subnetId, AsVpcGateway: false },
      SecurityGroupIds: machine.groups,
      LatestOperation: null,
      Tags: [],
    })),
  }
}

export const actions: SimulatedActions = {
  'cvm:DescribeInstances': {
    takes: { InstanceIds: 'texts', ...PAGE },
    most: { InstanceIds: 100 },
    answer: describeInstances,
  },
}
