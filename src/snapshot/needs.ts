import { type CallOptions, type CloudSession, readFact } from '../cloud/index.ts'
import { type Fact, ok, known as valueIn } from '../model/fact.ts'
import { accountLeads, readAccountType } from './account.ts'
import { addressLeads, groupLeads, holderLeads, interfaceLeads, machineLeads } from './backends.ts'
import { ccnLeads, remoteRegionLeads, remoteTargets, routedVpcLeads, snatVpcLeads } from './behind-ccn.ts'
import { readCcnAttachments, readCcnRoutes, readCrossTargets, readRouteTables } from './ccn.ts'
import { readClassic } from './classic.ts'
import {
  CLUSTERS,
  clusterLeads,
  kubernetesLeads,
  nodeLeads,
  readClusters,
  readKubernetes,
  readNodes,
} from './clusters.ts'
import {
  INSTANCES,
  INTERFACES,
  OWNED,
  readInstances,
  readInterfaces,
  readInterfacesById,
  readSubnets,
  SUBNETS,
} from './computers.ts'
import { applicationLeads, balancerLeads, classicLeads, placeOf, readBalancer } from './front.ts'
import { auditLeads, healthLogLeads, readAuditTrails, readHealthLogs } from './history.ts'
import type { Asking, KindName, Known, Lead, Values } from './known.ts'
import { readHealth, readListeners, readRegistrations } from './listeners.ts'
import { listedAcls, quintupleLeads, readListedAcls, readQuintupleAcls } from './network-acls.ts'
import {
  PRIVATE,
  readAddressProducts,
  readServiceGroups,
  readUsedAddresses,
  readVpcs,
  USED,
  VPCS,
} from './owners.ts'
import { readExpanded, readGroupUse, readSecurityGroups, USE } from './security-groups.ts'
import { securityGroupLeads, subnetLeads, vpcLeads } from './stand-ins.ts'
import { ownerInterfaceLeads, productLeads, serviceLeads, strayLeads } from './strays.ts'
import { readGroupMembers, readTargetGroups, TARGET_GROUPS } from './target-groups.ts'
import {
  expandedLeads,
  firstPageLeads,
  PER_CALL,
  readFirstPage,
  readTemplates,
  templateGroupLeads,
  templateLeads,
} from './templates.ts'

/** How one kind of fact is read, and when. */
export interface Need<K extends KindName> {
  /** The ids that follow from the known facts. Pure: the same facts give the same ids. */
  readonly ids: (known: Known) => readonly Lead[]
  readonly read: (
    ids: readonly string[],
    asking: Asking,
  ) => Promise<Readonly<Record<string, Fact<Values[K]>>>>
  /** The number of ids per call. Default 1. */
  readonly perCall?: number
  /** The ids depend on all facts that `ids` reads, so the call waits until all of them are known. */
  readonly isJoint?: true
  /** Nothing waits for the answer. */
  readonly informs?: true
  /** Calls go to the region of the CLB, which may differ from the region of its backends. */
  readonly isInClbRegion?: true
}

type Answers<T> = Promise<Readonly<Record<string, Fact<T>>>>

const by =
  <T>(read: (cloud: CloudSession, ids: readonly string[], where: CallOptions) => Answers<T>) =>
  (ids: readonly string[], { cloud, where }: Asking): Answers<T> =>
    read(cloud, ids, where)

const one =
  <T>(read: (cloud: CloudSession, id: string, where: CallOptions) => Promise<T>) =>
  async ([id = '']: readonly string[], { cloud, where }: Asking): Answers<T> => ({
    [id]: await readFact(read(cloud, id, where)),
  })

const inVpc =
  <T>(read: (cloud: CloudSession, ips: readonly string[], vpcId: string, where: CallOptions) => Answers<T>) =>
  (ips: readonly string[], { cloud, where, known }: Asking): Answers<T> =>
    read(cloud, ips, placeOf(known)?.vpcId ?? '', where)

/**
 * Everything that a snapshot may need. Each kind comes after the kinds that its ids follow from. `learn.ts` reads it.
 *
 * A new dependency is one line. Example: to read the alarms of each machine, write
 *
 *     machineAlarms: { ids: machineLeads, read: by(readMachineAlarms) },
 *
 * and add the value of one such fact to `Values` (known.ts). The facts that `ids` reads determine when the call is
 * made, which ids share it, and its wave.
 */
export const NEEDS: { readonly [K in KindName]: Need<K> } = {
  loadBalancer: { ids: balancerLeads, read: readNamed, isInClbRegion: true },
  listeners: { ids: applicationLeads, read: one(readListeners), isInClbRegion: true },
  registrations: { ids: applicationLeads, read: one(readRegistrations), isInClbRegion: true },
  health: { ids: applicationLeads, read: one(readHealth), isInClbRegion: true },
  classic: { ids: classicLeads, read: one(readClassic), isInClbRegion: true },

  targetGroups: {
    ids: groupLeads,
    read: by(readTargetGroups),
    perCall: TARGET_GROUPS.size,
    isInClbRegion: true,
  },
  targetGroupMembers: { ids: groupLeads, read: by(readGroupMembers), isInClbRegion: true },
  clusters: { ids: clusterLeads, read: by(readClusters), perCall: CLUSTERS.size },
  clusterNodes: { ids: nodeLeads, read: by(readNodes) },
  kubernetes: { ids: kubernetesLeads, read: readKubernetes },

  vpcs: { ids: snatVpcLeads, read: by(readVpcs), perCall: VPCS.size, isInClbRegion: true },
  crossTargets: { ids: snatVpcLeads, read: by(readCrossTargets), isInClbRegion: true },
  ccnAttachments: { ids: snatVpcLeads, read: by(readCcnAttachments), isInClbRegion: true },
  routeTables: { ids: routedVpcLeads, read: by(readRouteTables), isInClbRegion: true },
  ccnRoutes: { ids: ccnLeads, read: by(readCcnRoutes) },
  otherRegions: { ids: remoteRegionLeads, read: readOtherRegion },

  instances: { ids: machineLeads, read: by(readInstances), perCall: INSTANCES.size },
  interfaces: { ids: interfaceLeads, read: by(readInterfacesById), perCall: INTERFACES.size },
  addressInterfaces: { ids: addressLeads, read: inVpc(readInterfaces), perCall: OWNED.size },
  holders: { ids: holderLeads, read: by(readInstances), perCall: INSTANCES.size },
  accountType: { ids: accountLeads, read: by(readAccountType), isInClbRegion: true },
  usedAddresses: { ids: strayLeads, read: inVpc(readUsedAddresses), perCall: USED.size },
  addressProducts: { ids: productLeads, read: inVpc(readAddressProducts), perCall: PRIVATE.size },
  serviceGroups: { ids: serviceLeads, read: by(readServiceGroups) },
  ownerInterfaces: { ids: ownerInterfaceLeads, read: by(readInterfacesById), perCall: INTERFACES.size },

  aclLists: { ids: vpcLeads, read: by(readListedAcls) },
  subnets: { ids: subnetLeads, read: by(readSubnets), perCall: SUBNETS.size },
  quintupleAcls: { ids: quintupleLeads, read: readQuintuples },
  securityGroups: { ids: securityGroupLeads, read: by(readSecurityGroups) },
  securityGroupUse: { ids: securityGroupLeads, read: by(readGroupUse), perCall: USE.size },

  expandedGroups: { ids: expandedLeads, read: readExpandedGroups, isJoint: true },
  firstAddressTemplates: {
    ids: (known) => firstPageLeads(known, 'address'),
    read: (_, { cloud, where }) => readFirstPage(cloud, 'vpc:DescribeAddressTemplates', where),
    isJoint: true,
  },
  addressTemplateGroups: {
    ids: (known) => templateGroupLeads(known, 'address'),
    read: (ids, { cloud, where }) => readTemplates(cloud, 'vpc:DescribeAddressTemplateGroups', ids, where),
    perCall: PER_CALL,
    isJoint: true,
  },
  addressTemplates: {
    ids: (known) => templateLeads(known, 'address'),
    read: (ids, { cloud, where }) => readTemplates(cloud, 'vpc:DescribeAddressTemplates', ids, where),
    perCall: PER_CALL,
    isJoint: true,
  },
  firstServiceTemplates: {
    ids: (known) => firstPageLeads(known, 'service'),
    read: (_, { cloud, where }) => readFirstPage(cloud, 'vpc:DescribeServiceTemplates', where),
    isJoint: true,
  },
  serviceTemplateGroups: {
    ids: (known) => templateGroupLeads(known, 'service'),
    read: (ids, { cloud, where }) => readTemplates(cloud, 'vpc:DescribeServiceTemplateGroups', ids, where),
    perCall: PER_CALL,
    isJoint: true,
  },
  serviceTemplates: {
    ids: (known) => templateLeads(known, 'service'),
    read: (ids, { cloud, where }) => readTemplates(cloud, 'vpc:DescribeServiceTemplates', ids, where),
    perCall: PER_CALL,
    isJoint: true,
  },

  auditTrails: {
    ids: auditLeads,
    read: (ids, { cloud, where, known }) => readAuditTrails(cloud, known, ids, where),
    informs: true,
  },
  healthLogs: {
    ids: healthLogLeads,
    read: (ids, { cloud, where, known }) => readHealthLogs(cloud, known, ids, where),
    informs: true,
    isInClbRegion: true,
  },
}

export const isKind = (name: string): name is KindName => name in NEEDS

/** In the order of the table. */
export const KINDS: readonly KindName[] = Object.keys(NEEDS).filter(isKind)

async function readNamed([id = '']: readonly string[], { cloud, where, known: { root } }: Asking) {
  return root.of === 'clb' ? { [id]: await readBalancer(cloud, root.reference, where) } : {}
}

function readQuintuples(ids: readonly string[], { cloud, where, known }: Asking) {
  const listed = listedAcls(known)
  return readQuintupleAcls(
    cloud,
    ids.flatMap((id) => listed.get(id) ?? []),
    where,
  )
}

function readExpandedGroups(ids: readonly string[], { cloud, where, known }: Asking) {
  const groups = ids.flatMap((id) => valueIn(known.securityGroups.get(id)?.fact) ?? [])
  return readExpanded(cloud, groups, where)
}

/** Machines of another region need the same facts as machines at home, so the same table runs from another root. */
async function readOtherRegion([region = '']: readonly string[], { known, learn }: Asking) {
  const targets = remoteTargets(known).filter((target) => target.region === region)
  return { [region]: ok(await learn({ of: 'machines', region, targets })) }
}
