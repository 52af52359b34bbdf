import { inCidr } from '../../src/simulator/cidr.ts'
import {
  aclDecidesIn,
  aclDecidesReply,
  aclLetsPass,
  type Decision,
  groupsDecide,
  type Packet,
} from '../../src/simulator/gates.ts'
import { checkOf, packetsOf, subnetOf } from '../../src/simulator/packets.ts'
import type { Acl, World } from '../../src/simulator/world.ts'
import { isPod, isService, type Site, type Target } from './catalogue/fault.ts'

// What each gate on the path to a backend does to the packets of the probes. A diagnosis must agree with this truth.

export type Extent = 'block' | 'part'
export type Certainty = 'certain' | 'likely' | 'possible'

/** One gate that blocks probes to one backend, and the rule that decides. */
export interface Stopped {
  readonly code: string
  readonly extent: Extent
  readonly resources: readonly string[]
  /** Null if no rule matched; undefined if no rule can be named. */
  readonly ruleIndex?: number | null
  /** The highest certainty that the documents allow. */
  readonly ceiling: Certainty
  /** False if the platform exempts the probes, or if the other meaning of the port applies. */
  readonly inForce: boolean
}

/** A sample of the addresses and ports that a prober may have. No rule of the cases divides the range at another place. */
const PROBERS = ['100.64.0.1', '100.80.7.1', '100.95.255.254', '100.96.0.1', '100.111.0.9', '100.127.255.254']
const CLASSIC_PROBERS = ['169.254.128.1', '169.254.192.9', '169.254.255.254']
const PORTS = [1024, 2049, 32_767, 32_768, 65_535]

interface Origin {
  readonly via: 'vip' | '100.64' | '169.254' | 'snat'
  readonly packets: readonly Packet[]
}

/** The kinds of source that the probes may have, from the API; null if the API does not show the source. */
function originsOf({ world, front }: Site, { listener, rule, backend }: Target): readonly Origin[] | null {
  const [first] = packetsOf(world, front, listener, rule, backend)
  if (!first) return []
  const from = (sources: readonly string[]): readonly Packet[] =>
    sources.flatMap((source) => PORTS.map((sourcePort) => ({ ...first, source, sourcePort })))
  if (backend.type === 'CCN') return [{ via: 'snat', packets: from(front.snatIps) }]
  if (front.classic)
    return front.type === 'INTERNAL' ? [{ via: '169.254', packets: from(CLASSIC_PROBERS) }] : null
  const vip: Origin = { via: 'vip', packets: from([front.vip]) }
  const range: Origin = { via: '100.64', packets: from(PROBERS) }
  const { source } = checkOf(world, rule)
  if (backend.ip.includes(':')) return [vip]
  if (front.nat64) return source === 1 ? [range] : null
  return source === 0 ? [vip] : source === 1 ? [range] : [vip, range]
}

/** What one gate does to all packets; null if the origins disagree, because then the effect is unknown. */
function extentOf(origins: readonly Origin[], passes: (packet: Packet) => boolean): Extent | 'pass' | null {
  const all = origins.map(({ packets }) => {
    const stopped = packets.filter((packet) => !passes(packet)).length
    return stopped === 0 ? 'pass' : stopped === packets.length ? 'block' : 'part'
  })
  const [one] = all
  return one !== undefined && all.every((other) => other === one) ? one : null
}

/** The rule that blocks most of the packets. */
function deciderOf(origins: readonly Origin[], decide: (packet: Packet) => Decision): Decision {
  const counts = new Map<string, { decision: Decision; count: number }>()
  for (const packet of origins.flatMap(({ packets }) => packets)) {
    const decision = decide(packet)
    if (decision.passes) continue
    const key = `${decision.id} ${decision.index}`
    const entry = counts.get(key) ?? { decision, count: 0 }
    entry.count += 1
    counts.set(key, entry)
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count)
  if (!most) throw new Error('no packet is blocked')
  return most.decision
}

export function gatesOn(site: Site, target: Target): readonly Stopped[] {
  const origins = originsOf(site, target)
  if (origins === null || origins.length === 0 || origins.some(({ packets }) => packets.length === 0))
    return []
  return [
    ...snatSubnetAcl(site, target, origins),
    ...groups(site, target, origins),
    ...acls(site, target, origins),
  ]
}

function groups({ world, front }: Site, target: Target, origins: readonly Origin[]): readonly Stopped[] {
  const { home, backend } = target
  if (!home) return []
  const isNear = backend.type !== 'CCN'
  if (isNear && ((front.passToTarget && !front.snatPro) || (front.ipv6 && !front.nat64))) return []
  const decide = (packet: Packet): Decision => groupsDecide(home.regionWorld, home.groups, packet)
  const extent = extentOf(origins, (packet) => decide(packet).passes)
  if (extent === null || extent === 'pass') return []
  const { id, index } = deciderOf(origins, decide)
  const service = isService(target)
  const reason = {
    block: service ? 'group-blocks-probe' : 'probe-blocked',
    part: service ? 'group-partly-blocks-probe' : 'probe-partly-blocked',
  }[extent]
  return [
    {
      code: `${service ? 'managed-service' : 'security-group'}/${reason}`,
      extent,
      resources: [...id.split(','), ...serviceId(target)],
      ruleIndex: index,
      ceiling: groupCeiling(target, origins, decidesByOrder(home.regionWorld, home.groups, origins)),
      inForce: !isLetIn(world, target, origins),
    },
  ]
}

/** True if the platform exempts the probes from the security groups. */
function isLetIn(world: World, { backend }: Target, origins: readonly Origin[]): boolean {
  const via = sourceOf(origins)
  return backend.type !== 'CCN' && (via === '169.254' || (via === '100.64' && world.exempts10064))
}

/** The real source of the probes. If the check sets no source, the probes of all cases come from the probe range. */
const sourceOf = ([first, ...others]: readonly Origin[]): Origin['via'] | undefined =>
  others.length > 0 ? '100.64' : first?.via

function groupCeiling(target: Target, origins: readonly Origin[], byOrder: boolean): Certainty {
  if (isService(target)) return 'likely'
  // The documents disagree on whether the platform exempts these sources.
  if (origins.some(({ via }) => via === '100.64' || via === '169.254')) return 'possible'
  return byOrder || isPod(target) || origins.some(({ via }) => via !== 'vip') ? 'likely' : 'certain'
}

/** True if the order of the bound groups decides whether the probes pass. */
export function isOrdered(site: Site, target: Target): boolean {
  const origins = originsOf(site, target)
  return (
    origins !== null &&
    target.home !== null &&
    decidesByOrder(target.home.regionWorld, target.home.groups, origins)
  )
}

/** True if another order of the bound groups changes the result for a packet. */
function decidesByOrder(place: World, ids: readonly string[], origins: readonly Origin[]): boolean {
  const packets = origins.flatMap((origin) => origin.packets)
  return orders(ids).some((order) =>
    packets.some(
      (packet) => groupsDecide(place, order, packet).passes !== groupsDecide(place, ids, packet).passes,
    ),
  )
}

const orders = (ids: readonly string[]): readonly (readonly string[])[] =>
  ids.length < 2
    ? [ids]
    : ids.flatMap((first) => orders(ids.filter((id) => id !== first)).map((rest) => [first, ...rest]))

const serviceId = (target: Target): readonly string[] =>
  isService(target)
    ? (target.home?.regionWorld.services ?? []).flatMap(({ ip, id }) => (ip === target.backend.ip ? id : []))
    : []

function acls({ world, front }: Site, target: Target, origins: readonly Origin[]): readonly Stopped[] {
  const { home } = target
  const subnet = home?.regionWorld.subnets.find(({ id }) => id === home.subnetId)
  const acl = home?.regionWorld.acls.find(({ id }) => id === subnet?.aclId)
  if (!home || !subnet || !acl) return []
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
    front.classic && origins.some(({ packets }) => packets.some((one) => one.protocol === 'icmp'))
  const isUncertain = isService(target) || isPod(target) || target.backend.ip.includes(':') || isGuessed
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
  const [inward, asDestination, asSource] = [over(into), over(out('destination')), over(out('source'))]
  // Packets from the same subnet need no entry, so only the other origins can be blocked.
  const outside = origins.filter(({ packets }) => !packets.every(isNeighbour))
  const otherwise = extentOf(outside, (packet) => out('source')(packet).passes)
  const holds = world.aclEgressPort === 'destination' ? asDestination : asSource
  return [
    ...(inward === 'block' || inward === 'part' ? [stop('probe', inward, into, {})] : []),
    ...(asDestination === 'block' || asDestination === 'part'
      ? [
          stop('reply', asDestination, out('destination'), {
            inForce: holds === asDestination || holds === 'block',
            ...(asDestination === asSource ? {} : { ceiling: 'likely' }),
          }),
        ]
      : []),
    // Blocked only under the other meaning of the port, so no rule can be named.
    ...(asDestination === 'pass' && otherwise === 'block' && !isService(target)
      ? [otherReading(acl, world.aclEgressPort === 'source')]
      : []),
  ]
}

const otherReading = ({ id }: Acl, inForce: boolean): Stopped => ({
  code: 'network-acl/reply-blocked',
  extent: 'block',
  resources: [id],
  ceiling: 'possible',
  inForce,
})

function aclCode(target: Target, direction: 'probe' | 'reply', extent: Extent): string {
  if (isService(target)) return `managed-service/acl-blocks-${direction}`
  return `network-acl/${direction}-${extent === 'part' ? 'partly-' : ''}blocked`
}

/** The ACL of the subnet of the SNAT IPs. The probes leave through it. */
function snatSubnetAcl(
  { world, front }: Site,
  { backend, home }: Target,
  origins: readonly Origin[],
): readonly Stopped[] {
  if (backend.type !== 'CCN') return []
  const [first] = front.snatIps
  const subnet = first === undefined ? undefined : subnetOf(world, front.vpcId, first)
  const acl = world.acls.find(({ id }) => id === subnet?.aclId)
  if (!acl || home?.subnetId === subnet?.id) return []
  const extent = extentOf(origins, (packet) => aclLetsPass(world, acl, packet))
  if (extent === null || extent === 'pass') return []
  const resources = [acl.id]
  return [{ code: 'snat/snat-subnet-acl', extent, resources, ceiling: 'likely', inForce: true }]
}
