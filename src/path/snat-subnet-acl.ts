import { known } from '../model/fact.ts'
import type { NetworkAcl } from '../model/snapshot.ts'
import { type Outcome, parseAddresses } from '../rules/index.ts'
import type { LocatedTarget, PathContext } from './path.ts'

/** The ACL of a SNAT IP's own subnet, and its verdicts on the probes to one target. */
export interface SnatSubnetAcl {
  readonly snatIp: string
  readonly acl: NetworkAcl
  readonly out: Outcome
  /** The same for a triple ACL if the port of an egress entry means the source port. */
  readonly outBySourcePort?: Outcome
  /** The verdict on the reply, which comes back in. */
  readonly back: Outcome
}

/**
 * Empty for subnets without an ACL, and for targets in the SNAT IP's own subnet, because an ACL does not filter within
 * its subnet.
 */
export function snatSubnetAclsTo(
  { snapshot, balancer, evaluator }: PathContext,
  target: LocatedTarget,
): readonly SnatSubnetAcl[] {
  const { ip: address, type, plan, location } = target
  const sources = parseAddresses(address)
  if (type !== 'CCN' || plan.kind !== 'probe' || !balancer || sources === null) return []
  return balancer.snatIps.flatMap(({ ip, subnetId }) => {
    const subnet = known(snapshot.subnets[subnetId ?? ''])
    const acl = subnet?.networkAclId ? known(snapshot.networkAcls[subnet.networkAclId]) : null
    if (ip === null || !acl || (location.isResolved && location.value.subnetId === subnetId)) return []
    const { protocol, port, endPort } = plan
    const probe = { sources, destination: ip, protocol, port, endPort }
    return [
      {
        snatIp: ip,
        acl,
        out: evaluator.snatSubnetAclOut(acl, probe, 'destination'),
        ...(acl.kind === 'triple'
          ? { outBySourcePort: evaluator.snatSubnetAclOut(acl, probe, 'source') }
          : {}),
        back: evaluator.snatSubnetAclBack(acl, probe),
      },
    ]
  })
}
