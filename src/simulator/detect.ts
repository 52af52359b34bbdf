import { type Answer, ApiError, type Request, texts } from './api.ts'
import { inCidr } from './cidr.ts'
import { aclLetsIn, aclLetsReplyOut } from './gates.ts'
import { isOf } from './ids.ts'
import type { SimulatedActions } from './parameters.ts'
import { subnetById } from './seen.ts'
import type { World } from './world.ts'

/** vpc:CheckNetDetectState (2017-03-12): an ICMP packet from a subnet to each address, and its answer. */
function checkNetDetect(world: World, request: Request): Answer {
  const subnet = subnetById(world, String(request.SubnetId ?? ''))
  if (!subnet || subnet.vpcId !== request.VpcId)
    throw new ApiError('ResourceNotFound', `no subnet ${String(request.SubnetId)}`)
  return {
    NetDetectIpStateSet: texts(request.DetectDestinationIp).map((ip) => {
      const state = stateOf(world, String(request.NextHopDestination ?? ''), subnet.cidr, subnet.aclId, ip)
      return {
        DetectDestinationIp: ip,
        State: state,
        Delay: state === 0 ? 12 : 0,
        PacketLossRate: state === 0 ? 0 : 100,
      }
    }),
  }
}

function stateOf(world: World, via: string, cidr: string, aclId: string | null, ip: string): number {
  const source = cidr.replace(/\.\d+\/\d+$/, '.250')
  const acl = world.acls.find(({ id }) => id === aclId)
  const packet = { source: ip, sourcePort: 0, target: source, protocol: 'icmp', port: 0 } as const
  if (acl && !aclLetsReplyOut(world, acl, packet)) return -2
  const ccn = world.ccns.find(({ id }) => id === via)
  const isRouted = ccn?.routes.some((one) => one.enabled && inCidr(ip, one.cidr)) ?? isOf('dcg', via)
  if (!isRouted) return -1
  const remote = world.remotes.find((one) => one.ip === ip)
  const isBack = ccn?.routes.some((one) => one.enabled && inCidr(source, one.cidr)) ?? true
  if (!isBack || !remote?.guest.ping || remote.guest.drops.some((one) => inCidr(source, one))) return -4
  return acl && !aclLetsIn(acl, packet) ? -3 : 0
}

export const actions: SimulatedActions = {
  'vpc:CheckNetDetectState': {
    takes: {
      DetectDestinationIp: 'texts',
      VpcId: 'text',
      SubnetId: 'text',
      NetDetectName: 'text',
      NextHopType: 'text',
      NextHopDestination: 'text',
    },
    needs: 'VpcId',
    most: { DetectDestinationIp: 2 },
    answer: checkNetDetect,
  },
}
