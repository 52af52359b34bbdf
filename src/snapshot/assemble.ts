import { type Fact, ok, known as valueIn } from '../model/fact.ts'
import type { NetworkInterface, SecurityGroup, Snapshot } from '../model/snapshot.ts'
import { ownersOfAddresses } from './backends.ts'
import { crossTargetsOf } from './behind-ccn.ts'
import { factsOf, type Known } from './known.ts'
import { networkAclsOf } from './network-acls.ts'
import { addressOwnersOf, interfacesOfOwners } from './strays.ts'
import { templatesOf, writtenGroups } from './templates.ts'

/** The facts of one region: its machines and what filters their traffic. */
type RegionFacts = Pick<
  Snapshot,
  | 'instances'
  | 'interfaces'
  | 'subnets'
  | 'networkAcls'
  | 'routeTables'
  | 'securityGroups'
  | 'securityGroupUse'
  | 'addressTemplates'
  | 'addressTemplateGroups'
  | 'serviceTemplates'
  | 'serviceTemplateGroups'
>

type BackendFacts = RegionFacts &
  Pick<
    Snapshot,
    | 'targetGroups'
    | 'targetGroupMembers'
    | 'vpcs'
    | 'addressOwners'
    | 'serviceGroups'
    | 'crossTargets'
    | 'ccnAttachments'
    | 'ccnRoutes'
    | 'clusters'
    | 'clusterNodes'
  >

/** The snapshot's facts about backends. The machines of all regions are merged. */
export function backendFacts(known: Known): BackendFacts {
  const others = [...known.otherRegions.values()].flatMap(({ fact }) => valueIn(fact) ?? [])
  return {
    ...others.map(regionFacts).reduce(merged, regionFacts(known)),
    targetGroups: factsOf(known.targetGroups),
    targetGroupMembers: factsOf(known.targetGroupMembers),
    vpcs: factsOf(known.vpcs),
    addressOwners: addressOwnersOf(known),
    serviceGroups: factsOf(known.serviceGroups),
    crossTargets: crossTargetsOf(known),
    ccnAttachments: factsOf(known.ccnAttachments),
    ccnRoutes: factsOf(known.ccnRoutes),
    clusters: factsOf(known.clusters),
    clusterNodes: factsOf(known.clusterNodes),
  }
}

const merged = (a: RegionFacts, b: RegionFacts): RegionFacts => ({
  instances: { ...a.instances, ...b.instances },
  interfaces: { ...a.interfaces, ...b.interfaces },
  subnets: { ...a.subnets, ...b.subnets },
  networkAcls: { ...a.networkAcls, ...b.networkAcls },
  routeTables: { ...a.routeTables, ...b.routeTables },
  securityGroups: { ...a.securityGroups, ...b.securityGroups },
  securityGroupUse: { ...a.securityGroupUse, ...b.securityGroupUse },
  addressTemplates: { ...a.addressTemplates, ...b.addressTemplates },
  addressTemplateGroups: { ...a.addressTemplateGroups, ...b.addressTemplateGroups },
  serviceTemplates: { ...a.serviceTemplates, ...b.serviceTemplates },
  serviceTemplateGroups: { ...a.serviceTemplateGroups, ...b.serviceTemplateGroups },
})

const regionFacts = (known: Known): RegionFacts => ({
  instances: { ...factsOf(known.instances), ...factsOf(known.holders) },
  interfaces: interfacesByAddress(known),
  subnets: factsOf(known.subnets),
  networkAcls: networkAclsOf(known),
  routeTables: factsOf(known.routeTables),
  securityGroups: securityGroupsOf(known),
  securityGroupUse: factsOf(known.securityGroupUse),
  addressTemplates: templatesOf(known, 'address'),
  addressTemplateGroups: factsOf(known.addressTemplateGroups),
  serviceTemplates: templatesOf(known, 'service'),
  serviceTemplateGroups: factsOf(known.serviceTemplateGroups),
})

const interfacesByAddress = (known: Known): Record<string, Fact<NetworkInterface | null>> => ({
  ...Object.fromEntries(ownersOfAddresses(known).map(({ ip, entry }) => [ip, entry.fact])),
  ...interfacesOfOwners(known),
})

const securityGroupsOf = (known: Known): Record<string, Fact<SecurityGroup>> => ({
  ...factsOf(known.securityGroups),
  ...Object.fromEntries(writtenGroups(known).map((group) => [group.id, ok(group)])),
})
