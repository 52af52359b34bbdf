import type { Change, Counts, TargetKey } from '../model/diagnosis.ts'
import { known } from '../model/fact.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { createEvaluator } from '../rules/index.ts'
import { auditChangesOf } from './changes.ts'
import { type ClientGroup, clientGroupsOn } from './clients.ts'
import { type LookInside, lookInside } from './guest.ts'
import { onsetsOf } from './onset.ts'
import type { PathContext } from './path.ts'
import { type Pool, poolsOf } from './pools.ts'
import { referencesOf } from './references.ts'
import { serves } from './serving.ts'
import { type EvaluatedTarget, targetsOn } from './target.ts'

// path/ joins the facts of a snapshot into pools and evaluates every hop of every target. app/ calls it once per
// snapshot. checks/ and diagnosis/ read its result. It is pure. It may not read the cloud or make a finding. A fact
// that was not read makes a hop unknown.

export { type Denied, deniedAt, deniedUnder, passes } from './both-readings.ts'
export type { CcnRoundTrip, Leg, Obstruction } from './ccn-round-trip.ts'
export { isRecent, isStamp, operationsOn, RECENT_S } from './changes.ts'
export type { ClientAnswer, ClientGroup, ClientNote, ClientNoteCode } from './clients.ts'
export {
  blockedCidrs,
  blockingRulesOf,
  mainDenial,
  type Shadowed,
  shadowedBehind,
} from './denial.ts'
export { type LookInside, reasonsOf, reportFactOf, reportOf } from './guest.ts'
export { checkTypeOf, probeSourcesOf } from './guest-check.ts'
export { isWhole, resourceOf } from './guest-hops.ts'
export type { Hop, Inside } from './hop.ts'
export type { BareNote, HopNote, OpenRemainder, OriginVerdict, UnclearDetail, UnclearRule } from './notes.ts'
export type { Path, PathContext } from './path.ts'
export { letsPeerIn } from './peer.ts'
export { type PodPlace, podPlaceOf } from './pod-place.ts'
export type { Member, Pool } from './pools.ts'
export { type Inference, isUnprobed, type UnknownSource } from './probe.ts'
export { type PublicReach, publicReachOf } from './public-reach.ts'
export { farNetworkOf, nextHopOf } from './routes.ts'
export { hasFlag } from './serving.ts'
export { pathsOn } from './shared-paths.ts'
export { type SnatSubnetAcl, snatSubnetAclsTo } from './snat-subnet-acl.ts'
export type { EvaluatedTarget } from './target.ts'
export type { Service } from './target-location.ts'
export { type WarmUp, warmUpOf } from './warm-up.ts'
export { templatesIn, waypointsOf } from './waypoints.ts'

export interface EvaluatedPool extends Omit<Pool, 'members'> {
  readonly targets: readonly EvaluatedTarget[]
  readonly counts: Counts
  /**
   * True if every weighted target is Dead: CLB then forwards to all of them. False for pools with functions, because
   * their health is not known.
   */
  readonly fallback: boolean
  /** False if the CLB or the listener is known to forward nothing. */
  readonly serving: boolean
  /** How the clients fare at the backends that have weight. Only for pools that serve and have Dead backends. */
  readonly clients: readonly ClientGroup[]
}

/** The snapshot, joined and evaluated. Every check reads this. */
export interface Paths extends PathContext {
  readonly pools: readonly EvaluatedPool[]
  /** The time at which each Dead target's trouble began, ISO 8601. Null if it is not known. */
  readonly onsets: ReadonlyMap<TargetKey, string | null>
  /** Changes on the probes' way before the trouble began, the newest first. */
  readonly changes: readonly Change[]
}

/** Pure: the same snapshot gives the same paths. */
export function evaluatePaths(snapshot: Snapshot, look: LookInside = lookInside): Paths {
  const balancer = known(snapshot.loadBalancer)
  const context: PathContext = { snapshot, balancer, evaluator: createEvaluator(referencesOf(snapshot)) }
  const targetsOf = targetsOn(context, look)
  const clientsOf = clientGroupsOn(context)
  const pools = poolsOf(snapshot).map((own) => {
    const { members: _, ...pool } = own
    const targets = targetsOf(own)
    const counts = countsOf(targets)
    const serving = !pool.stopped && (balancer === undefined || serves(balancer))
    return {
      ...pool,
      targets,
      counts,
      fallback: !pool.functions && fallbackOf(targets),
      serving,
      clients: serving && counts.dead > 0 ? clientsOf(pool, targets) : [],
    }
  })
  const onsets = onsetsOf(snapshot, pools)
  return { ...context, pools, onsets, changes: auditChangesOf(snapshot, balancer, pools, onsets) }
}

function countsOf(targets: readonly EvaluatedTarget[]): Counts {
  const count = (test: (target: EvaluatedTarget) => boolean): number => targets.filter(test).length
  return {
    total: targets.length,
    alive: count(({ status }) => status === 'Alive'),
    dead: count(({ status }) => status === 'Dead'),
    unknown: count(({ status }) => status === 'Unknown'),
    off: count(({ status }) => status === 'Close'),
    zeroWeight: count(({ weight }) => weight === 0),
  }
}

/** Targets with weight 0 do not count. A weight that was not read gives false. */
function fallbackOf(targets: readonly EvaluatedTarget[]): boolean {
  const weighted = targets.filter(({ weight }) => weight !== 0)
  return weighted.length > 0 && weighted.every(({ status, weight }) => status === 'Dead' && weight !== null)
}
