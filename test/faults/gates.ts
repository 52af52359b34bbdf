import { packetsOf } from '../../src/simulator/packets.ts'
import { stoppedByAcl, stoppedBySnatSubnet } from './acl-gates.ts'
import type { Site, Target } from './catalogue/fault.ts'
import { lower, type Origin } from './extents.ts'
import { doubtOfGroups, stoppedByGroups } from './group-gates.ts'
import { type Doubt, originsOf, overPorts, type Stopped } from './origins.ts'

// What each gate on the path to a backend does to the packets of the probes. A diagnosis must agree with this truth.

export { isOrdered } from './group-gates.ts'
export type { Doubt, Stopped } from './origins.ts'

export function gatesOn(site: Site, target: Target): readonly Stopped[] {
  const origins = knownOrigins(site, target)
  return origins ? gatesFor(site, target, origins) : gatesForAll(site, target)
}

/** The gates that the API leaves open. Empty if it does not show the source at all. */
export function doubtsOn(site: Site, target: Target): readonly Doubt[] {
  const origins = knownOrigins(site, target)
  if (!origins) return []
  return [...doubtOfGroups(site, target, origins), ...stoppedByAcl(site, target, origins).doubts]
}

function knownOrigins(site: Site, target: Target): readonly Origin[] | null {
  const origins = originsOf(site, target)
  return !origins?.length || origins.some(({ packets }) => packets.length === 0) ? null : origins
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
    gatesFor(site, target, overPorts(site, target, packet, via, [[source, 1]])).filter(
      ({ extent }) => extent === 'block',
    )
  const [first = [], ...others] = [...ANYWHERE, ...new Set(named)].map(blocksFrom)
  return first
    .filter(({ code }) => others.every((blocks) => blocks.some((one) => one.code === code)))
    .map((stopped) => ({ ...stopped, ceiling: lower(stopped.ceiling, 'likely'), isOptional: true }))
}

function gatesFor(site: Site, target: Target, origins: readonly Origin[]): readonly Stopped[] {
  return [
    ...stoppedBySnatSubnet(site, target, origins),
    ...stoppedByGroups(site, target, origins),
    ...stoppedByAcl(site, target, origins).stopped,
  ]
}
