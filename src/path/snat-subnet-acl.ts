import { known } from '../model/fact.ts'
import type { LoadBalancer, NetworkAcl, Snapshot } from '../model/snapshot.ts'
import { type Evaluator, type Outcome, parseAddresses } from '../rules/index.ts'
import type { Member } from './pools.ts'
import type { ProbePlan } from './probe.ts'
import type { Resolved, TargetLocation } from './target-location.ts'

/** What the ACL of a SNAT IP's own subnet makes of probes to one target. */
export interface SnatSubnetAcl {
  readonly snatIp: string
  readonly acl: NetworkAcl
  readonly out: Outcome
  /** Of the reply, back in. */
  readonly back: Outcome
}

/** None for targets in the subnet itself, within which no ACL filters, and for subnets without one. */
export function snatSubnetAclsTo(
  snapshot: Snapshot,
  balancer: LoadBalancer | undefined,
  target: Member & { readonly plan: ProbePlan; readonly location: Resolved<TargetLocation> },
  evaluator: Evaluator,
): readonly SnatSubnetAcl[] {
  const { ip: address, type, plan, location } = target
  const sources = parseAddresses(address)
  if (type !== 'CCN' || plan.kind !== 'probe' || !balancer || sources === null) return []
  return balancer.snatIps.flatMap(({ ip, subnetId }) => {
    const subnet = known(snapshot.subnets[subnetId])
    const acl = subnet?.networkAclId ? known(snapshot.networkAcls[subnet.networkAclId]) : null
    if (ip === null || !acl || (location.isResolved && location.value.subnetId === subnetId)) return []
    const probe = { sources, destination: ip, protocol: plan.protocol, port: plan.port }
    return [
      {
        snatIp: ip,
        acl,
        out: evaluator.snatSubnetAclOut(acl, probe),
        back: evaluator.snatSubnetAclBack(acl, probe),
      },
    ]
  })
}
