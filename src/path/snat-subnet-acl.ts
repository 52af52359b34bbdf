import { known } from '../model/fact.ts'
import type { LoadBalancer, NetworkAcl, Snapshot } from '../model/snapshot.ts'
import { type Evaluator, type Outcome, parseAddresses } from '../rules/index.ts'
import type { Member } from './pools.ts'
import type { ProbePlan } from './probe.ts'
import type { Place, Seen } from './target-location.ts'

/** What the ACL of a SNAT IP's own subnet makes of probes to one target. */
export interface Departure {
  readonly snatIp: string
  readonly acl: NetworkAcl
  readonly out: Outcome
  /** Of the reply, back in. */
  readonly back: Outcome
}

/** None for targets in the subnet itself, within which no ACL filters, and for subnets without one. */
export function departuresTo(
  snapshot: Snapshot,
  balancer: LoadBalancer | undefined,
  target: Member & { readonly plan: ProbePlan; readonly place: Seen<Place> },
  evaluator: Evaluator,
): readonly Departure[] {
  const { ip: address, type, plan, place } = target
  const sources = parseAddresses(address)
  if (type !== 'CCN' || plan.kind !== 'probe' || !balancer || sources === null) return []
  return balancer.snatIps.flatMap(({ ip, subnetId }) => {
    const subnet = known(snapshot.subnets[subnetId])
    const acl = subnet?.networkAclId ? known(snapshot.networkAcls[subnet.networkAclId]) : null
    if (ip === null || !acl || (place.seen && place.value.subnetId === subnetId)) return []
    const probe = { sources, destination: ip, protocol: plan.protocol, port: plan.port }
    return [
      { snatIp: ip, acl, out: evaluator.aclDeparture(acl, probe), back: evaluator.aclReturn(acl, probe) },
    ]
  })
}
