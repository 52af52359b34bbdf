import type { Instance, NetworkInterface } from '../model/snapshot.ts'
import { backendsOf, ownersOfAddresses } from './backends.ts'
import { farOff } from './behind-ccn.ts'
import { balancerOf, placeOf } from './front.ts'
import { deepest, type Entry, type Known, type Lead, leads, leadsAt, single } from './known.ts'

// The machines and interfaces of the backends, and what filters their traffic: subnets, security groups, ACLs.

/** The machine or interface of each backend, with its subnet, VPC and security groups. */
function* standIns(known: Known): Iterable<Entry<Instance | NetworkInterface | null>> {
  yield* known.instances.values()
  for (const { entry } of ownersOfAddresses(known)) yield entry
}

export function subnetLeads(known: Known): readonly Lead[] {
  return [
    ...leads(standIns(known), ({ subnetId }) => [subnetId]),
    ...snatSubnetLeads(known),
    ...leads(known.usedAddresses.values(), ({ subnetId }) => [subnetId]),
  ]
}

/** The subnets of the SNAT IPs share a call with those of the machines. */
function snatSubnetLeads(known: Known): readonly Lead[] {
  const backends = backendsOf(known)
  const far = farOff(known)
  if (!backends || !far || backends.far.length === 0) return []
  const subnets = (balancerOf(known)?.snatIps ?? []).map(({ subnetId }) => subnetId)
  return leadsAt(Math.max(backends.depth, far.depth), subnets)
}

export const securityGroupLeads = (known: Known): readonly Lead[] => [
  ...leads(standIns(known), ({ securityGroupIds }) => securityGroupIds),
  ...leads(known.serviceGroups.values(), (ids) => ids),
  ...leads(known.ownerInterfaces.values(), ({ securityGroupIds }) => securityGroupIds),
]

/** Every VPC that has backends. */
export function vpcLeads(known: Known): readonly Lead[] {
  const { root, rootDepth } = known
  const own =
    root.of === 'machines'
      ? leadsAt(
          rootDepth,
          root.targets.map(({ vpcId }) => vpcId),
        )
      : leadsAt(deepest(single(known.loadBalancer)), [placeOf(known)?.vpcId])
  return [...own, ...leads(standIns(known), ({ vpcId }) => [vpcId])]
}
