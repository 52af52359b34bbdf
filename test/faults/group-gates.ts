import { groupsDecide, type Packet } from '../../src/simulator/gates.ts'
import type { World } from '../../src/simulator/world.ts'
import { isPod, isService, type Site, type Target } from './catalogue/fault.ts'
import { type Certainty, type Extent, extentOf, type Origin } from './extents.ts'
import {
  agreed,
  type Doubt,
  deciderOf,
  isOverridden,
  isRanged,
  isSourceOpen,
  memberships,
  originsOf,
  rulesIn,
  type Stopped,
  serviceId,
  sourceOf,
} from './origins.ts'

// What the security groups of a backend do to the packets of the probes.

/** True if the groups are not asked. */
const isBypassed = ({ front }: Site, { backend }: Target): boolean =>
  backend.type !== 'CCN' && ((front.passToTarget && !front.snatPro) || (front.ipv6 && !front.nat64))

/** What the groups do to all packets; null if that depends on what the API does not show. */
function extentIn(site: Site, target: Target, origins: readonly Origin[]): Extent | 'pass' | null {
  const { home } = target
  if (!home || isBypassed(site, target)) return 'pass'
  return agreed(
    memberships(home.regionWorld, home.groups, site).map((place) =>
      extentOf(origins, (packet) => groupsDecide(place, home.groups, packet).passes),
    ),
  )
}

/** What the groups of the backend do to all packets that may be the probes. */
export function stoppedByGroups(site: Site, target: Target, origins: readonly Origin[]): readonly Stopped[] {
  const { home } = target
  const extent = extentIn(site, target, origins)
  if (!home || extent === null || extent === 'pass') return []
  const { id, index } = deciderOf(origins, (packet) => groupsDecide(home.regionWorld, home.groups, packet))
  const { world } = site
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
        decidesByOrder(home.regionWorld, home.groups, origins) ||
          isOverridden(world, target) ||
          isRanged(origins),
      ),
      inForce: !isLetIn(world, target, origins),
    },
  ]
}

/** The groups pass some of the packets that may be the probes, and drop others. */
export function doubtOfGroups(site: Site, target: Target, origins: readonly Origin[]): readonly Doubt[] {
  const { home } = target
  if (!home || extentIn(site, target, origins) !== null) return []
  const rules = memberships(home.regionWorld, home.groups, site).flatMap((place) =>
    rulesIn(origins, (packet: Packet) => groupsDecide(place, home.groups, packet), 'inbound rule'),
  )
  return [{ stage: 'security-group', rules: isSourceOpen(origins) ? [] : [...new Set(rules)] }]
}

/** True if the platform exempts the probes from the security groups. */
function isLetIn(world: World, { backend }: Target, origins: readonly Origin[]): boolean {
  const via = sourceOf(origins)
  return backend.type !== 'CCN' && (via === '169.254' || (via === '100.64' && world.exempts10064))
}

function groupCeiling(target: Target, origins: readonly Origin[], isDoubtful: boolean): Certainty {
  const isRange = origins.some(({ via }) => via === '100.64')
  if (isService(target)) return isRange ? 'possible' : 'likely'
  // The documents disagree on whether the platform exempts these sources.
  if (isRange || origins.some(({ via }) => via === '169.254')) return 'possible'
  return isDoubtful || isPod(target) || origins.some(({ via }) => via !== 'vip') ? 'likely' : 'certain'
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
