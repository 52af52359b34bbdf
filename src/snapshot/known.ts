import type { CallOptions, CloudSession } from '../cloud/index.ts'
import type { ClbReference } from '../model/alarm.ts'
import type { ClbNames } from '../model/clb-services.ts'
import type { Fact } from '../model/fact.ts'
import type { Kubernetes } from '../model/kubernetes.ts'
import type {
  AccountType,
  AddressOwner,
  AuditLog,
  CcnAttachment,
  CcnRoute,
  Cluster,
  ClusterNode,
  CrossTarget,
  GroupMember,
  GroupUse,
  HealthFlip,
  HealthRecord,
  Instance,
  Listener,
  LoadBalancer,
  NetworkAcl,
  NetworkInterface,
  Registration,
  RouteTable,
  SecurityGroup,
  Subnet,
  TargetGroup,
  TemplateMembers,
  Vpc,
} from '../model/snapshot.ts'

/** An ACL from the list of ACLs. It has triple entries; quintuple entries take another call. */
export interface ListedAcl {
  readonly acl: NetworkAcl
  readonly quintuple: boolean
  /** True if a triple ACL came with both lists of entries. */
  readonly complete: boolean
}

/** A template or template group, with its members. */
export interface ListedTemplate {
  readonly id: string
  readonly members: readonly string[]
}

/** An audit log before it is known which resources matter. The function drops operations on all others. */
export type AuditTrail = (isMet: (id: string) => boolean) => AuditLog

/** Reads what the cluster of a kubeconfig says about one CLB. `nodePorts`: those that only look like NodePorts. */
export type ClusterReading = (
  clb: ClbNames & { readonly nodePorts: readonly number[] },
) => Promise<Fact<Kubernetes>>

/** When the snapshot is taken, how long it may wait for the history, and what can be read beside the API. */
export interface Moment {
  /** ISO 8601, like all times of a snapshot. */
  readonly takenAt: string
  readonly alarmedAt: string | null
  /** True if an alarm says that something is wrong now. */
  readonly isFiring: boolean
  /** The end of the trouble. Null unless an alarm about health checks says that it is over. */
  readonly recoveredAt: string | null
  /** Called once everything else has been read. Resolves when the wait for the history ends. */
  readonly patience: () => Promise<unknown>
  /** Left out: there is no kubeconfig. */
  readonly cluster?: ClusterReading
}

/** The value of one fact of each kind. A comment names the key if it is not the thing's own id. */
export interface Values {
  /** By the id or the VIP in the reference. */
  readonly loadBalancer: LoadBalancer
  /** By CLB id, like the next three. */
  readonly listeners: readonly Listener[]
  readonly registrations: readonly Registration[]
  readonly health: readonly HealthRecord[]
  readonly classic: Front
  readonly targetGroups: TargetGroup | null
  /** By target group id. */
  readonly targetGroupMembers: readonly GroupMember[]
  readonly clusters: Cluster | null
  /** By cluster id. */
  readonly clusterNodes: readonly ClusterNode[]
  /** By CLB id. */
  readonly kubernetes: Kubernetes
  readonly vpcs: Vpc | null
  /** By VPC id, like the next three. */
  readonly crossTargets: readonly CrossTarget[]
  readonly ccnAttachments: readonly CcnAttachment[]
  readonly routeTables: readonly RouteTable[]
  readonly ccnRoutes: readonly CcnRoute[]
  /** Everything that was read in one region, by region. */
  readonly otherRegions: Known
  readonly instances: Instance | null
  readonly interfaces: NetworkInterface | null
  /** By address. */
  readonly addressInterfaces: NetworkInterface | null
  readonly holders: Instance | null
  /** By region. */
  readonly accountType: AccountType
  /** By address, like the next one. */
  readonly usedAddresses: AddressOwner | null
  readonly addressProducts: string | null
  /** By `serviceKey`. */
  readonly serviceGroups: readonly string[]
  readonly ownerInterfaces: NetworkInterface | null
  /** By VPC id. */
  readonly aclLists: readonly ListedAcl[]
  readonly subnets: Subnet | null
  readonly quintupleAcls: NetworkAcl
  readonly securityGroups: SecurityGroup
  readonly securityGroupUse: GroupUse | null
  /** By security group id. */
  readonly expandedGroups: SecurityGroup | null
  /** One page of the region's list. */
  readonly firstAddressTemplates: readonly ListedTemplate[]
  readonly addressTemplateGroups: TemplateMembers | null
  readonly addressTemplates: TemplateMembers | null
  readonly firstServiceTemplates: readonly ListedTemplate[]
  readonly serviceTemplateGroups: TemplateMembers | null
  readonly serviceTemplates: TemplateMembers | null
  /** By region. */
  readonly auditTrails: AuditTrail
  /** By topic id. */
  readonly healthLogs: readonly HealthFlip[]
}

export type KindName = keyof Values
export type FrontKind = 'listeners' | 'registrations' | 'health'

/** A CLB's listeners, its backends and their health. */
export type Front = { readonly [K in FrontKind]: Fact<Values[K]> }

/** Facts that a scan has read before it takes the snapshot of a CLB. */
export interface Given {
  readonly loadBalancer: Entry<LoadBalancer>
  /** Null if the health is still to be read. */
  readonly health: Entry<readonly HealthRecord[]> | null
}

/** What the facts are about: one CLB, or machines of another region that are backends of a CLB. */
export type Root =
  | {
      readonly of: 'clb'
      readonly reference: ClbReference
      readonly region: string
      readonly moment: Moment
      readonly given: Given | null
    }
  | { readonly of: 'machines'; readonly region: string; readonly targets: readonly CrossTarget[] }

/** One answer, and the length of the longest chain of calls that led to it, itself included. */
export interface Entry<T> {
  readonly fact: Fact<T>
  readonly depth: number
}

/** Facts by id. An id that is missing here has no answer yet. */
export type Facts = { readonly [K in KindName]: ReadonlyMap<string, Entry<Values[K]>> }

/** Everything that is known so far. */
export type Known = {
  readonly root: Root
  /** The depth of the answers that `root` was derived from. */
  readonly rootDepth: number
} & Facts

/** The depth before the first answer. */
export const NOTHING_READ = 0

/** The only place that counts waves: a call that follows from answers of this depth belongs to the next wave. */
export const after = (depth: number, region: string): CallOptions => ({ region, wave: depth + 1 })

/** An id to read, and the depth of the answers that it was derived from. */
export interface Lead {
  readonly id: string
  readonly depth: number
}

/** The arguments of a collector. */
export interface Asking {
  readonly cloud: CloudSession
  readonly where: CallOptions
  readonly known: Known
  /** Reads everything about another root. */
  readonly learn: (root: Root) => Promise<Known>
}

/** The distinct ids that follow from these answers. A failed answer gives no ids. */
export function leads<T>(
  entries: Iterable<Entry<T>>,
  idsOf: (value: NonNullable<T>) => readonly (string | null | undefined)[],
): readonly Lead[] {
  // Thousands of machines share a few groups, and this runs for every answer about machines.
  const depths = new Map<string, number>()
  for (const { fact, depth } of entries) {
    if (fact.state !== 'ok' || fact.value === null || fact.value === undefined) continue
    for (const id of idsOf(fact.value)) if (id && depth < (depths.get(id) ?? Infinity)) depths.set(id, depth)
  }
  return [...depths].map(([id, depth]) => ({ id, depth }))
}

export const leadsAt = (depth: number, ids: readonly (string | null | undefined)[]): readonly Lead[] =>
  ids.flatMap((id) => (id ? [{ id, depth }] : []))

/** The depth of an id that follows from all these answers. */
export const deepest = (...entries: readonly (Entry<unknown> | undefined)[]): number =>
  entries.reduce((depth, entry) => Math.max(depth, entry?.depth ?? 0), 0)

/** The fact of a kind that has only one. */
export const single = <T>(entries: ReadonlyMap<string, Entry<T>>): Entry<T> | undefined =>
  entries.values().next().value

/** The facts by id, without their depth. */
export const factsOf = <T>(entries: ReadonlyMap<string, Entry<T>>): Record<string, Fact<T>> =>
  Object.fromEntries([...entries].map(([id, { fact }]) => [id, fact]))
