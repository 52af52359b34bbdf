import { type CcnRoundTrip, ccnRoundTripsTo } from './ccn-round-trip.ts'
import { guestOf, type LookInside } from './guest.ts'
import { guestCheckOf } from './guest-check.ts'
import type { LocatedTarget, Path, PathContext } from './path.ts'
import type { Pool } from './pools.ts'
import { planProbe } from './probe.ts'
import { pathsOn } from './shared-paths.ts'
import { type SnatSubnetAcl, snatSubnetAclsTo } from './snat-subnet-acl.ts'
import { locationOf } from './target-location.ts'

export interface EvaluatedTarget extends LocatedTarget {
  /** Targets with equal paths share one object. */
  readonly path: Path
  /** For a target behind CCN: one round trip for each SNAT IP. */
  readonly ccnRoundTrips: readonly CcnRoundTrip[]
  /** One for each SNAT IP whose subnet has an ACL. */
  readonly snatSubnetAcls: readonly SnatSubnetAcl[]
}

/** Evaluates the targets of a pool. */
export function targetsOn(
  context: PathContext,
  look: LookInside,
): (pool: Pool) => readonly EvaluatedTarget[] {
  const { snapshot, balancer } = context
  const pathTo = pathsOn(context)
  return (pool) =>
    pool.members.map((member) => {
      const probed = { ...member, plan: planProbe(pool, member, balancer) }
      const guestCheck = guestCheckOf(pool, probed)
      const target = {
        ...probed,
        location: locationOf(snapshot, member),
        guest: guestOf(snapshot, probed, guestCheck, look),
        guestCheck,
      }
      return {
        ...target,
        path: pathTo(target),
        ccnRoundTrips: ccnRoundTripsTo(snapshot, balancer, member),
        snatSubnetAcls: snatSubnetAclsTo(context, target),
      }
    })
}
