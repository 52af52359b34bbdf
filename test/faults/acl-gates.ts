import { inCidr } from '../../src/simulator/cidr.ts'
import {
  aclDecidesIn,
  aclDecidesReply,
  aclLetsPass,
  type Decision,
  type Packet,
} from '../../src/simulator/gates.ts'
import { subnetOf } from '../../src/simulator/packets.ts'
import type { World } from '../../src/simulator/world.ts'
import { isPod, isService, type Site, type Target } from './catalogue/fault.ts'
import { type Certainty, combined, type Extent, extentOf, lower, type Origin } from './extents.ts'
import {
  type Doubt,
  deciderOf,
  isOverridden,
  isRanged,
  isSourceOpen,
  rulesIn,
  type Stopped,
  serviceId,
} from './origins.ts'

// What the network ACLs on the way do to the packets of the probes and of the replies.

/** What the ACL of the backend's subnet does to all packets that may be the probes, and to the replies. */
export function stoppedByAcl(
  { world, front }: Site,
  target: Target,
  origins: readonly Origin[],
): { readonly stopped: readonly Stopped[]; readonly doubts: readonly Doubt[] } {
  const { home } = target
  const subnet = home?.regionWorld.subnets.find(({ id }) => id === home.subnetId)
  const acl = home?.regionWorld.acls.find(({ id }) => id === subnet?.aclId)
  if (!home || !subnet || !acl) return { stopped: [], doubts: [] }
  const isNeighbour = ({ source }: Packet): boolean =>
    front.vpcId === subnet.vpcId &&
    [subnet.cidr, subnet.ipv6Cidr].some((cidr) => cidr !== '' && inCidr(source, cidr))
  const into = (packet: Packet): Decision => aclDecidesIn(acl, packet)
  const out = (reading: World['aclEgressPort']) => (packet: Packet) =>
    aclDecidesReply({ ...world, aclEgressPort: reading }, acl, packet)
  const over = (decide: (packet: Packet) => Decision) =>
    extentOf(origins, (packet) => isNeighbour(packet) || decide(packet).passes)
  // The documents do not say that a UDP check of a classic CLB is a ping. This is inferred.
  const isGuessed =
    front.classic && origins.some(({ packets }) => packets.some(([one]) => one.protocol === 'icmp'))
  const isUncertain =
    isService(target) ||
    isPod(target) ||
    target.backend.ip.includes(':') ||
    isGuessed ||
    isOverridden(world, target) ||
    isRanged(origins) ||
    (front.domain !== undefined && target.backend.type !== 'CCN')
  const stop = (
    direction: 'probe' | 'reply',
    extent: Extent,
    decide: (packet: Packet) => Decision,
    more: Partial<Stopped>,
  ): Stopped => {
    const { id, index } = deciderOf(origins, decide)
    return {
      code: aclCode(target, direction, extent),
      extent,
      resources: [id, ...serviceId(target)],
      ruleIndex: index,
      ceiling: isUncertain ? 'likely' : 'certain',
      inForce: true,
      ...more,
    }
  }
  const inward = over(into)
  // Packets from the same subnet need no entry, so only the other origins can be blocked.
  const outside = origins.filter(({ packets }) => !packets.every(([packet]) => isNeighbour(packet)))
  const bySource = extentOf(outside, (packet) => out('source')(packet).passes)
  const destination = over(out('destination'))
  const replies = combined({ destination, source: destination === 'pass' ? bySource : over(out('source')) })
  const holds = over(out(world.aclEgressPort))
  const doubt = (stage: Doubt['stage'], decide: (packet: Packet) => Decision): Doubt => ({
    stage,
    rules: isSourceOpen(origins)
      ? []
      : rulesIn(
          origins,
          decide,
          stage === 'acl-in' ? 'inbound rule with priority' : 'outbound rule with priority',
        ),
  })
  return {
    stopped: [
      ...(inward === 'block' || inward === 'part' ? [stop('probe', inward, into, {})] : []),
      ...(replies
        ? [
            stop('reply', replies.extent, out(replies.reading), {
              ceiling: lower(replies.ceiling, isUncertain ? 'likely' : 'certain'),
              reading: replies.reading,
              inForce: holds === 'block' || holds === 'part',
            }),
          ]
        : []),
    ],
    doubts: [
      ...(inward === null ? [doubt('acl-in', into)] : []),
      ...(destination === null ? [doubt('acl-out', out('destination'))] : []),
    ],
  }
}

function aclCode(target: Target, direction: 'probe' | 'reply', extent: Extent): string {
  if (isService(target)) return `managed-service/acl-blocks-${direction}`
  return `network-acl/${direction}-${extent === 'part' ? 'partly-' : ''}blocked`
}

/** The ACL of the subnet of the SNAT IPs. The probes leave through it. */
export function stoppedBySnatSubnet(
  { world, front }: Site,
  { backend, home }: Target,
  origins: readonly Origin[],
): readonly Stopped[] {
  if (backend.type !== 'CCN') return []
  const [first] = front.snatIps
  const subnet = first === undefined ? undefined : subnetOf(world, front.vpcId, first)
  const acl = world.acls.find(({ id }) => id === subnet?.aclId)
  if (!acl || home?.subnetId === subnet?.id) return []
  const leaves = (reading: World['aclEgressPort']) =>
    extentOf(
      origins,
      (packet) => aclDecidesReply({ ...world, aclEgressPort: reading }, acl, turned(packet)).passes,
    )
  const back = extentOf(origins, (packet) => aclDecidesIn(acl, turned(packet)).passes)
  const leaving = combined({ destination: leaves('destination'), source: leaves('source') })
  const inForce = extentOf(origins, (packet) => aclLetsPass(world, acl, packet)) !== 'pass'
  const stop = (extent: Extent, ceiling: Certainty, more: Partial<Stopped>): Stopped => ({
    code: 'snat/snat-subnet-acl',
    extent,
    resources: [acl.id],
    ceiling,
    inForce,
    ...more,
  })
  // What blocks the probe under both readings, or under the one that the older documents give, comes first.
  if (leaving && leaving.ceiling !== 'possible') return [stop(leaving.extent, 'likely', {})]
  return [
    ...(back === 'block' || back === 'part' ? [stop(back, 'likely', {})] : []),
    ...(leaving
      ? [stop('block', 'possible', { reading: 'source', inForce: leaves(world.aclEgressPort) !== 'pass' })]
      : []),
  ]
}

/** The packet as the ACL at the other end sees it: the probe goes out there, and the reply comes in. */
const turned = ({ source, sourcePort, target, port, ...rest }: Packet): Packet => ({
  ...rest,
  source: target,
  sourcePort: port,
  target: source,
  port: sourcePort,
})
