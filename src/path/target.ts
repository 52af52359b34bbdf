import { type CcnRoundTrip, ccnRoundTripsTo } from './ccn-round-trip.ts'
import type { LocatedTarget, Path, PathContext } from './path.ts'
import type { Pool } from './pools.ts'
import { planProbe } from './probe.ts'
import { pathsOn } from './shared-paths.ts'
import { type SnatSubnetAcl, snatSubnetAclsTo } from './snat-subnet-acl.ts'
import { locationOf } from './target-location.ts'

export interface EvaluatedTarget extends LocatedTarget {
  /** Shared between targets for which it is the same. */
  readonly path: Path
  /** Behind CCN: from each SNAT IP there and back. */
  readonly ccnRoundTrips: readonly CcnRoundTrip[]
  /** The ACL of each SNAT IP's own subnet, where that has one. */
  readonly snatSubnetAcls: readonly SnatSubnetAcl[]
}

/** The targets of any pool, evaluated. */
export function targetsOn(context: PathContext): (pool: Pool) => readonly EvaluatedTarget[] {
  const { snapshot, balancer } = context
  const pathTo = pathsOn(context)
  return (pool) =>
    pool.members.map((member) => {
      const plan = planProbe(pool, member, balancer)
      const target = { ...member, plan, location: locationOf(snapshot, member) }
      return {
        ...target,
        path: pathTo(target),
        ccnRoundTrips: ccnRoundTripsTo(snapshot, balancer, member),
        snatSubnetAcls: snatSubnetAclsTo(context, target),
      }
    })
}
