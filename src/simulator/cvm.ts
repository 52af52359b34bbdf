import { type Answer, ApiError, among, page, type Request, texts } from './api.ts'
import type { World } from './world.ts'

/** cvm:DescribeInstances (2017-03-12). One id that does not exist fails the whole call. */
export function describeInstances(world: World, request: Request): Answer {
  const ids = texts(request.InstanceIds)
  const malformed = ids.find((id) => !/^ins-[0-9a-z]+$/.test(id))
  if (malformed) throw new ApiError('InvalidInstanceId.Malformed', `${malformed} is not an instance id`)
  const unknown = ids.find((id) => !world.machines.some((machine) => machine.id === id))
  if (unknown) throw new ApiError('InvalidInstanceId.NotFound', `the instance ${unknown} does not exist`)
  const found = world.machines.filter(({ id }) => among(id, ids))
  return {
    TotalCount: found.length,
    InstanceSet: page(request, found).map((machine) => ({
      Placement: { Zone: 'ap-guangzhou-3', ProjectId: 0 },
      InstanceId: machine.id,
      InstanceName: machine.name,
      InstanceState: machine.state,
      RestrictState: machine.restrictState,
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
