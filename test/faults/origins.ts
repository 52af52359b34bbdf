import type { Decision, Packet } from '../../src/simulator/gates.ts'
import { checkOf, packetsOf, portsBehind } from '../../src/simulator/packets.ts'
import type { World } from '../../src/simulator/world.ts'
import { isService, type Site, type Target } from './catalogue/fault.ts'
import {
  type Certainty,
  CLASSIC_PROBERS,
  type Counted,
  type Extent,
  type Origin,
  PORTS,
  PROBERS,
  type Sample,
} from './extents.ts'

// Where the probes to a backend may come from and which port they may go to, as far as the API shows it.

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

/** A gate that the API leaves open: some of the packets that may be the probes pass, and others do not. */
export interface Doubt {
  readonly stage: 'acl-in' | 'security-group' | 'acl-out'
  /** The rules that decide packets, each as a report names it. One of them must be named. Empty if the source is open. */
  readonly rules: readonly string[]
}

/** The kinds of source and the ports that the probes may have, from the API; null if the API does not show the source. */
export function originsOf(site: Site, target: Target): readonly Origin[] | null {
  const { world, front } = site
  const { listener, rule, backend } = target
  const [first] = packetsOf(world, front, listener, rule, backend)
  if (!first) return []
  const each = (ips: readonly string[]): Sample<string> => ips.map((ip) => [ip, 1])
  const from = (via: Origin['via'], sources: Sample<string>): readonly Origin[] =>
    overPorts(site, target, first, via, sources)
  if (backend.type === 'CCN') return from('snat', each(front.snatIps))
  if (front.classic) return front.type === 'INTERNAL' ? from('169.254', CLASSIC_PROBERS) : null
  const vip = from('vip', each([front.vip]))
  const range = from('100.64', PROBERS)
  const { source } = checkOf(world, rule)
  if (backend.ip.includes(':')) return vip
  if (front.domain !== undefined) return range
  if (front.nat64) return source === 1 ? range : null
  return source === 0 ? vip : source === 1 ? range : [...vip, ...range]
}

/** One origin for each port that may be probed. */
export function overPorts(
  site: Site,
  target: Target,
  packet: Packet,
  via: Origin['via'],
  sources: Sample<string>,
): readonly Origin[] {
  return probedPorts(site, target, packet).map((port) => ({
    via,
    packets: sources.flatMap(([source, count]) =>
      PORTS.map(([sourcePort, ports]): Counted => [{ ...packet, port, source, sourcePort }, count * ports]),
    ),
  }))
}

/** Behind a listener for a range of ports any of them may be probed, but for a check with a port of its own. */
export const probedPorts = (
  { world }: Site,
  { listener, rule, backend }: Target,
  { protocol, port }: Packet,
): readonly number[] =>
  protocol === 'icmp' || checkOf(world, rule).port !== null ? [port] : portsBehind(listener, backend)

/** True if it is not documented which port is probed. */
export const isRanged = (origins: readonly Origin[]): boolean =>
  new Set(origins.flatMap(({ packets }) => packets.map(([{ port }]) => port))).size > 1

/** The verdict of all, or null if they differ. */
export const agreed = <T>([first, ...others]: readonly T[]): T | null =>
  first !== undefined && others.every((other) => other === first) ? first : null

/**
 * The world, once for each set of groups that may count the CLB's addresses as members. First as if none did. In the
 * others every group that rules name as their source counts them, or one of these groups.
 */
export function memberships(place: World, ids: readonly string[], site: Site): readonly World[] {
  const rules = place.groups.filter(({ id }) => ids.includes(id)).flatMap((group) => group.rules)
  const named = [...new Set(rules.flatMap(({ source }) => (/^sg-/.test(source) ? source : [])))]
  const sets: string[][] = [[]]
  for (const id of named) sets.push(...sets.map((some) => [...some, id]))
  return sets.map((memberOf) => ({ ...place, balancers: [{ ...site.front, memberOf }] }))
}

/** The rule that blocks most of the packets. */
export function deciderOf(origins: readonly Origin[], decide: (packet: Packet) => Decision): Decision {
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

/** Every rule that decides one of the packets, as a report names it: rules of a group count from 1. */
export function rulesIn(
  origins: readonly Origin[],
  decide: (packet: Packet) => Decision,
  rule: 'inbound rule' | 'inbound rule with priority' | 'outbound rule with priority',
): readonly string[] {
  const names = origins.flatMap(({ packets }) =>
    packets.flatMap(([packet]) => {
      const { id, index } = decide(packet)
      return index === null ? [] : `${id}, ${rule} ${rule === 'inbound rule' ? index + 1 : index} (`
    }),
  )
  return [...new Set(names)]
}

/** True if the API does not show which of two sources the probes have. */
export const isSourceOpen = (origins: readonly Origin[]): boolean =>
  new Set(origins.map(({ via }) => via)).size > 1

/** The real source of the probes. If the check sets no source, the probes of all cases come from the probe range. */
export const sourceOf = (origins: readonly Origin[]): Origin['via'] | undefined =>
  isSourceOpen(origins) ? '100.64' : origins[0]?.via

/** True if a target group's own check is in force and probes differently. The documents do not say that it may be. */
export function isOverridden(world: World, { rule }: Target): boolean {
  const own = checkOf(world, rule)
  return own !== rule.check && rule.check.on && FIELDS.some((field) => own[field] !== rule.check[field])
}

const FIELDS = ['type', 'port', 'source'] as const

export const serviceId = (target: Target): readonly string[] =>
  isService(target)
    ? (target.home?.regionWorld.services ?? []).flatMap(({ ip, id }) => (ip === target.backend.ip ? id : []))
    : []
