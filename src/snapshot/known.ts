import type { CallOptions, CloudSession } from '../cloud/index.ts'
import type { ClbReference } from '../model/alarm.ts'
import type { Fact } from '../model/fact.ts'
import type {
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

/** An ACL as the list shows it: triple entries included, quintuple ones still to be read. */
export interface ListedAcl {
  readonly acl: NetworkAcl
  readonly quintuple: boolean
  /** A triple ACL came with both of its lists. */
  readonly complete: boolean
}

/** A template, or a group of them, with what is in it. */
export interface ListedTemplate {
  readonly id: string
  readonly members: readonly string[]
}

/** An audit log that does not know yet which resources matter. It drops the operations on all others. */
export type AuditTrail = (isMet: (id: string) => boolean) => AuditLog

/** When a snapshot is taken, and how long it may wait for what only says who and when. */
export interface Moment {
  /** ISO 8601, as all times of a snapshot. */
  readonly takenAt: string
  readonly alarmedAt: string | null
  /** An alarm says that something is wrong now. */
  readonly isFiring: boolean
  /** Called once everything else has been read. Resolves when nobody waits for the history any longer. */
  readonly patience: () => Promise<unknown>
}

/** What one fact of each kind holds. The comment says by what id it is kept, if that is not its own. */
export interface Values {
  /** By the id or the VIP that was asked for. */
  readonly loadBalancer: LoadBalancer
  /** By CLB id, as the next three. */
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
  readonly vpcs: Vpc | null
  /** By VPC id, as the next three. */
  readonly crossTargets: readonly CrossTarget[]
  readonly ccnAttachments: readonly CcnAttachment[]
  readonly routeTables: readonly RouteTable[]
  readonly ccnRoutes: readonly CcnRoute[]
  /** All that was read of one region, by region. */
  readonly otherRegions: Known
  readonly instances: Instance | null
  readonly interfaces: NetworkInterface | null
  /** By address. */
  readonly addressInterfaces: NetworkInterface | null
  readonly holders: Instance | null
  /** By address, as the next one. */
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

/** What a CLB says of itself: where it listens, whom it forwards to, how they fare. */
export type Front = { readonly [K in FrontKind]: Fact<Values[K]> }

/** What a scan has read of a CLB before its turn comes. A scan does not ask who changed what. */
export interface Given {
  readonly loadBalancer: Entry<LoadBalancer>
  /** Null: to be read with the rest. */
  readonly health: Entry<readonly HealthRecord[]> | null
}

/** What is asked about: one CLB, or machines of another region that a CLB has for backends. */
export type Root =
  | {
      readonly of: 'clb'
      readonly reference: ClbReference
      readonly region: string
      readonly moment: Moment
      readonly given: Given | null
    }
  | { readonly of: 'machines'; readonly region: string; readonly targets: readonly CrossTarget[] }

/** One answer, and how many answers it took one after the other, itself included. */
export interface Entry<T> {
  readonly fact: Fact<T>
  readonly depth: number
}

/** Facts by id. What is not in a map has no answer yet. */
export type Facts = { readonly [K in KindName]: ReadonlyMap<string, Entry<Values[K]>> }

/** Everything that is known so far. */
export type Known = {
  readonly root: Root
  /** The depth of the answers that `root` was derived from. */
  readonly rootDepth: number
} & Facts

/** The depth of what is known before the first answer. */
export const NOTHING_READ = 0

/** The one place that counts: what is asked after answers of this depth belongs to the next wave. */
export const after = (depth: number, region: string): CallOptions => ({ region, wave: depth + 1 })

/** An id to ask for, and the depth of the answers that it was derived from. */
export interface Lead {
  readonly id: string
  readonly depth: number
}

/** How a collector is called. */
export interface Asking {
  readonly cloud: CloudSession
  readonly where: CallOptions
  readonly known: Known
  /** Everything about `root`, as a part of what is read here. */
  readonly learn: (root: Root) => Promise<Known>
}

/** Ids that follow from these answers, each once. An answer that could not be read leads nowhere. */
export function leads<T>(
  entries: Iterable<Entry<T>>,
  idsOf: (value: NonNullable<T>) => readonly (string | null | undefined)[],
): readonly Lead[] {
  // Thousands of machines share a few groups, and this runs whenever an answer about machines arrives.
  const depths = new Map<string, number>()
  for (const { fact, depth } of entries) {
    if (fact.state !== 'ok' || fact.value === null || fact.value === undefined) continue
    for (const id of idsOf(fact.value)) if (id && depth < (depths.get(id) ?? Infinity)) depths.set(id, depth)
  }
  return [...depths].map(([id, depth]) => ({ id, depth }))
}

export const leadsAt = (depth: number, ids: readonly (string | null | undefined)[]): readonly Lead[] =>
  ids.flatMap((id) => (id ? [{ id, depth }] : []))

/** The depth of what follows from all of these. */
export const deepest = (...entries: readonly (Entry<unknown> | undefined)[]): number =>
  entries.reduce((depth, entry) => Math.max(depth, entry?.depth ?? 0), 0)

/** The one fact of a kind that has but one. */
export const single = <T>(entries: ReadonlyMap<string, Entry<T>>): Entry<T> | undefined =>
  entries.values().next().value

/** The facts alone, by id. */
export const factsOf = <T>(entries: ReadonlyMap<string, Entry<T>>): Record<string, Fact<T>> =>
  Object.fromEntries([...entries].map(([id, { fact }]) => [id, fact]))
