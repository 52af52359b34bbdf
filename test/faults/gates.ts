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
import type { World } from '../../src/simulator/world.ts'
import { isPod, isService, type Site, type Target } from './catalogue/fault.ts'
import {
  type Certainty,
  CLASSIC_PROBERS,
  type Counted,
  combined,
  type Extent,
  extentOf,
  lower,
  type Origin,
  PORTS,
  PROBERS,
  type Sample,
} from './extents.ts'

// What each gate on the path to a backend does to the packets of the probes. A diagnosis must agree with this truth.

/** One gate that blocks probes to one backend, and the rule that decides. */
export interface Stopped {
  readonly code: string
  readonly extent: Extent
  readonly resources: readonly string[]
  /** Null if no rule matched; undefined if no rule can be named. */
  readonly ruleIndex?: number | null
  /** The highest certainty that the documents allow. */
  readonly ceiling: Certainty
  /** `source` if the rules only block when the port of an egress rule means the source port. */
  readonly reading?: 'destination' | 'source'
  /** False if the platform exempts the probes, or if the other meaning of the port applies. */
  readonly inForce: boolean
  /** True if the source of the probes is not known, and the gate blocks every source. A diagnosis may say so. */
  readonly isOptional?: boolean
}

/** The kinds of source that the probes may have, from the API; null if the API does not show the source. */
function originsOf({ world, front }: Site, { listener, rule, backend }: Target): readonly Origin[] | null {
  const [first] = packetsOf(world, front, listener, rule, backend)
  if (!first) return []
  const from = (sources: Sample<string>): readonly Counted[] =>
    sources.flatMap(([source, count]) =>
      PORTS.map(([sourcePort, ports]): Counted => [{ ...first, source, sourcePort }, count * ports]),
    )
  const each = (ips: readonly string[]): Sample<string> => ips.map((ip) => [ip, 1])
  if (backend.type === 'CCN') return [{ via: 'snat', packets: from(each(front.snatIps)) }]
  if (front.classic)
    return front.type === 'INTERNAL' ? [{ via: '169.254', packets: from(CLASSIC_PROBERS) }] : null
  const vip: Origin = { via: 'vip', packets: from(each([front.vip])) }
  const range: Origin = { via: '100.64', packets: from(PROBERS) }
  const { source } = checkOf(world, rule)
  if (backend.ip.includes(':')) return [vip]
  if (front.nat64) return source === 1 ? [range] : null
  return source === 0 ? [vip] : source === 1 ? [range] : [vip, range]
}

/** The rule that blocks most of the packets. */
function deciderOf(origins: readonly Origin[], decide: (packet: Packet) => Decision): Decision {
  const counts = new Map<string, { decision: Decision; count: number }>()
  for (const [packet, count] of origins.flatMap(({ packets }) => packets)) {
    const decision = decide(packet)
    if (decision.passes) continue
    const key = `${decision.id} ${decision.index}`
    const entry = counts.get(key) ?? { decision, count: 0 }
    entry.count += count
    counts.set(key, entry)
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count)
  if (!most) throw new Error('no packet is blocked')
  return most.decision
}

export function gatesOn(site: Site, target: Target): readonly Stopped[] {
  const origins = originsOf(site, target)
  if (!origins?.length || origins.some(({ packets }) => packets.length === 0))
    return gatesForAll(site, target)
  return gatesFor(site, target, origins)
}

/** Addresses all over the Internet. Rules name them only if they mean everything. */
const ANYWHERE = ['8.8.8.8', '45.33.32.156', '101.32.1.1', '150.109.7.7', '198.18.0.1', '223.5.5.5']

/** If the source is not known: the gates that block packets from everywhere, also from each address in the rules. */
function gatesForAll(site: Site, target: Target): readonly Stopped[] {
  const { world, front } = site
  const { listener, rule, backend, home } = target
  const [packet] = packetsOf(world, { ...front, snatIps: ['10.255.255.254'] }, listener, rule, backend)
  if (!packet || !home || backend.ip.includes(':')) return []
  const { acls: lists, groups: own, addressTemplates } = home.regionWorld
  const named = JSON.stringify([lists, own, addressTemplates]).match(/\d+\.\d+\.\d+\.\d+/g) ?? []
  const via = backend.type === 'CCN' ? 'snat' : '100.64'
  const blocksFrom = (source: string): readonly Stopped[] =>
    gatesFor(site, target, [
      {
        via,
        packets: PORTS.map(([sourcePort, count]): Counted => [{ ...packet, source, sourcePort }, count]),
      },
    ]).filter(({ extent }) => extent === 'block')
  const [first = [], ...others] = [...ANYWHERE, ...new Set(named)].map(blocksFrom)
  return first
    .filter(({ code }) => others.every((blocks) => blocks.some((one) => one.code === code)))
    .map((stopped) => ({ ...stopped, ceiling: lower(stopped.ceiling, 'likely'), isOptional: true }))
}

function gatesFor(site: Site, target: Target, origins: readonly Origin[]): readonly Stopped[] {
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
      ceiling: groupCeiling(
        target,
        origins,
        decidesByOrder(home.regionWorld, home.groups, origins) || isOverridden(world, target),
      ),
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

function groupCeiling(target: Target, origins: readonly Origin[], isDoubtful: boolean): Certainty {
  const isRange = origins.some(({ via }) => via === '100.64')
  if (isService(target)) return isRange ? 'possible' : 'likely'
  // The documents disagree on whether the platform exempts these sources.
  if (isRange || origins.some(({ via }) => via === '169.254')) return 'possible'
  return isDoubtful || isPod(target) || origins.some(({ via }) => via !== 'vip') ? 'likely' : 'certain'
}

/** True if a target group's own check is in force and probes differently. The documents do not say that it may be. */
function isOverridden(world: World, { rule }: Target): boolean {
  const own = checkOf(world, rule)
  return own !== rule.check && rule.check.on && FIELDS.some((field) => own[field] !== rule.check[field])
}

const FIELDS = ['type', 'port', 'source'] as const

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
  const packets = origins.flatMap((origin) => origin.packets.map(([packet]) => packet))
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
    front.classic && origins.some(({ packets }) => packets.some(([one]) => one.protocol === 'icmp'))
  const isUncertain =
    isService(target) ||
    isPod(target) ||
    target.backend.ip.includes(':') ||
    isGuessed ||
    isOverridden(world, target)
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
  return [
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
  ]
}

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
