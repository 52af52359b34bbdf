import type { Fact, ReadFailure } from './fact.ts'
import type { GuestReport } from './guest.ts'
import type { Kubernetes } from './kubernetes.ts'

// Everything that was read about one CLB, with our names and no SDK types. Strings that an evaluator has to parse
// (protocols, ports, CIDRs, actions) stay as the API gave them. Only "" becomes null.

export interface LoadBalancer {
  readonly id: string
  readonly name: string
  readonly networkType: string
  readonly generation: 'application' | 'classic'
  readonly ipVersion: 'ipv4' | 'ipv6' | 'ipv6-nat64'
  readonly vips: readonly string[]
  /** The domain name that the CLB has in place of a VIP, or beside it. Null or missing if the API gives none. */
  readonly domain?: string | null
  readonly vpcId: string | null
  readonly numericVpcId: number | null
  readonly subnetId: string | null
  /** 0 creating, 1 running. Null if the API did not say. */
  readonly status: number | null
  readonly isolated: boolean
  readonly blocked: boolean
  readonly attributeFlags: readonly string[]
  /** Fields about whether the CLB serves that were missing from the answer. */
  readonly unsaid?: readonly string[]
  readonly passToTarget: boolean | null
  readonly snatPro: boolean
  /** One with the address null if the answer does not say which there are. */
  readonly snatIps: readonly { readonly ip: string | null; readonly subnetId: string | null }[]
  /** As the API writes it, in UTC+8: `2016-12-05 10:00:00`. Null if the API did not say. */
  readonly createdAt: string | null
  /** Region and VPC of the backends, if they differ from the CLB's own (cross-region 1.0). */
  readonly targetRegion: string | null
  readonly targetVpcId: string | null
  readonly tags: Readonly<Record<string, string>>
  /** Set if the answer does not say which tags it has. */
  readonly tagsUnsaid?: true
  /** The topic of the CLB's health-check log. Null if the CLB has no such log. */
  readonly healthLogTopicId: string | null
}

export interface HealthCheck {
  readonly enabled: boolean | null
  /** Upper case: TCP, HTTP, HTTPS, GRPC, PING, CUSTOM, or another word of the API. Null if unset. */
  readonly type: string | null
  /** Null: the backend's own port. */
  readonly port: number | null
  readonly intervalSeconds: number | null
  readonly timeoutSeconds: number | null
  readonly healthyThreshold: number | null
  readonly unhealthyThreshold: number | null
  readonly method: string | null
  readonly host: string | null
  readonly path: string | null
  readonly httpVersion: string | null
  /** Bit mask: 1xx=1, 2xx=2, 3xx=4, 4xx=8, 5xx=16. */
  readonly httpCodes: number | null
  /** 0: the VIP. 1: an address of 100.64.0.0/10. Null: the API did not say. */
  readonly sourceIpType: number | null
  /** Of a check of type CUSTOM: HEX or TEXT, upper case. Null if unset. Left out if the API did not say; so the next three. */
  readonly contextType?: string | null
  /** What a check of type CUSTOM sends. */
  readonly sendContext?: string | null
  /** What must come back to a check of type CUSTOM. */
  readonly recvContext?: string | null
  /** The gRPC status codes of a healthy backend, for example `12`, `0,12` or `0-16`. */
  readonly extendedCode?: string | null
}

export interface ListenerRule {
  readonly locationId: string
  readonly domain: string | null
  readonly url: string | null
  readonly healthCheck: HealthCheck | null
  /** Protocol between CLB and backend. */
  readonly forwardType: string | null
  /** Upper case: NODE, TARGETGROUP, TARGETGROUP-V2, or another word of the API. */
  readonly targetType: string | null
  readonly targetGroupIds: readonly string[]
  /** Weights of the target groups by id. Groups without a weight in the answer are left out. */
  readonly groupWeights?: Readonly<Record<string, number>>
  /** The listener that requests are redirected to. Such a rule has no backends by design. */
  readonly redirectsTo: string | null
}

export interface Listener {
  readonly id: string
  readonly name: string
  /** Upper case. */
  readonly protocol: string
  readonly port: number
  readonly endPort: number | null
  readonly stopped: boolean
  /** True if SNAT replaces the addresses of the clients. Left out if the API did not say. */
  readonly snat?: boolean
  /** True for a listener of a classic CLB. It has one pool, whatever its protocol. */
  readonly classic: boolean
  readonly healthCheck: HealthCheck | null
  readonly targetType: string | null
  readonly targetGroupIds: readonly string[]
  /** Weights of the target groups by id. Groups without a weight in the answer are left out. */
  readonly groupWeights?: Readonly<Record<string, number>>
  readonly rules: readonly ListenerRule[]
}

/** One backend bound directly to one L4 listener or L7 rule. */
export interface Registration {
  readonly listenerId: string
  /** Null for L4 listeners. */
  readonly locationId: string | null
  /** Upper case. `FUNCTION` for a cloud function, which has no address. */
  readonly type: string
  readonly instanceId: string | null
  readonly eniId: string | null
  readonly targetGroupId: string | null
  readonly name: string | null
  readonly ip: string
  readonly port: number
  /** From 0 to 100. Null if it could not be read. */
  readonly weight: number | null
  /** When it was bound, as the API writes it, in UTC+8. Left out if the API did not say. */
  readonly registeredAt?: string
  /** The availability zone, for example `ap-guangzhou-3`. Left out if the API did not say. */
  readonly zone?: string
}

/** A member of a target group, independent of where the group is bound. */
export type GroupMember = Omit<Registration, 'listenerId' | 'locationId'>

export interface HealthRecord {
  readonly listenerId: string
  readonly locationId: string | null
  readonly protocol: string | null
  readonly listenerPort: number | null
  readonly ip: string
  readonly port: number
  readonly targetId: string | null
  readonly targetGroupId: string | null
  /** HealthStatusDetail as sent. Null if missing. */
  readonly detail: string | null
  readonly weight: number | null
}

export interface TargetGroup {
  readonly id: string
  readonly name: string
  readonly vpcId: string | null
  /** v1 or v2, as the API says. */
  readonly type: string | null
  /** True if SNAT replaces the addresses of the clients. Left out if the API did not say. */
  readonly snat?: boolean
  /** The group's own check, which overrides the listener's. Null for v1. */
  readonly healthCheck: HealthCheck | null
}

export interface Instance {
  readonly id: string
  readonly name: string
  /** For example RUNNING, STOPPED or SHUTDOWN, as the API says. */
  readonly state: string
  /** NORMAL, EXPIRED or PROTECTIVELY_ISOLATED, as the API says. */
  readonly restrictState: string | null
  /** The availability zone. Left out if the API did not say. */
  readonly zone?: string
  /** The most outbound public bandwidth in Mbit/s. Left out if the API did not say. */
  readonly publicBandwidth?: number
  readonly vpcId: string | null
  readonly subnetId: string | null
  /** Addresses of the primary network interface only. */
  readonly privateIps: readonly string[]
  readonly ipv6Addresses: readonly string[]
  /** Groups of the primary network interface, in the API's order, which should be the binding order. */
  readonly securityGroupIds: readonly string[]
}

/**
 * Where the account pays for public bandwidth: STANDARD at the CLB, LEGACY at the machines.
 */
export type AccountType = 'STANDARD' | 'LEGACY'

export interface NetworkInterface {
  readonly id: string
  readonly name: string
  readonly vpcId: string | null
  readonly subnetId: string | null
  readonly state: string | null
  readonly instanceId: string | null
  /** True if the interface is attached to anything. Null if the answer does not say. */
  readonly attached?: boolean | null
  readonly business: string | null
  readonly ips: readonly string[]
  readonly securityGroupIds: readonly string[]
}

export interface Subnet {
  readonly id: string
  readonly vpcId: string | null
  readonly cidr: string | null
  readonly ipv6Cidr: string | null
  /** Null if no ACL is bound. */
  readonly networkAclId: string | null
  readonly routeTableId: string | null
}

export interface TemplateReference {
  /** For example `ipm-…` or `ppm-…`. */
  readonly id: string | null
  /** For example `ipmg-…` or `ppmg-…`. */
  readonly groupId: string | null
}

/** The conditions of a security-group rule. */
export interface SecurityMatch {
  readonly protocol: string | null
  readonly port: string | null
  readonly service: TemplateReference | null
  readonly cidr: string | null
  readonly ipv6Cidr: string | null
  readonly sourceGroupId: string | null
  readonly address: TemplateReference | null
}

export interface SecurityRule extends SecurityMatch {
  readonly index: number
  /**
   * The rows into which the API expands the rule's templates. Missing if the rule has no templates, or if the templates
   * were read instead.
   */
  readonly expanded?: readonly SecurityMatch[]
  readonly action: string | null
  readonly description: string | null
  readonly modifiedAt: string | null
}

/** Only inbound rules: a security group is stateful, so a probe's reply always gets out. */
export interface SecurityGroup {
  readonly id: string
  readonly region: string
  readonly version: string | null
  readonly ingress: readonly SecurityRule[]
}

/** How many resources a security group is bound to. */
export interface GroupUse {
  /** Resources of all kinds. Rules that name the group do not count. */
  readonly total: number
  /** By kind as the API names it, for example CVM, ENI or CLB. */
  readonly byKind: Readonly<Record<string, number>>
}

export interface AclEntry {
  readonly id: string | null
  readonly priority: number | null
  readonly protocol: string | null
  readonly action: string | null
  readonly description: string | null
  readonly modifiedAt: string | null
  /** Triple: the only port. Quintuple entries use `sourcePort` and `destinationPort`. */
  readonly port: string | null
  /** Triple: source for ingress, destination for egress. */
  readonly cidr: string | null
  readonly ipv6Cidr: string | null
  readonly sourcePort: string | null
  readonly destinationPort: string | null
  readonly sourceCidr: string | null
  readonly destinationCidr: string | null
  readonly sourceIpv6Cidr: string | null
  readonly destinationIpv6Cidr: string | null
}

/** All fields of an entry, unset. */
export const EMPTY_ACL_ENTRY: AclEntry = {
  id: null,
  priority: null,
  protocol: null,
  action: null,
  description: null,
  modifiedAt: null,
  port: null,
  cidr: null,
  ipv6Cidr: null,
  sourcePort: null,
  destinationPort: null,
  sourceCidr: null,
  destinationCidr: null,
  sourceIpv6Cidr: null,
  destinationIpv6Cidr: null,
}

export interface NetworkAcl {
  readonly id: string
  readonly region: string
  readonly name: string
  readonly vpcId: string | null
  readonly kind: 'triple' | 'quintuple'
  /** The subnets that it is bound to. Null if the API did not say. */
  readonly subnetIds: readonly string[] | null
  readonly ingress: readonly AclEntry[]
  readonly egress: readonly AclEntry[]
}

/** The address ranges of a VPC, with the secondary ones. */
export interface Vpc {
  readonly id: string
  readonly cidrs: readonly string[]
}

/** The owner of an address in a VPC that no network interface has. */
export interface AddressOwner {
  /** As the API names it, for example CDB, REDIS or ENI. Null if the API did not say. */
  readonly type: string | null
  /** For example `cdb-…`, `crs-…` or `ckafka-…`. Null if only the type is known. */
  readonly id: string | null
  readonly subnetId: string | null
  /** The failed call, if that is why only the type is known. */
  readonly unread?: ReadFailure
}

/** The location of a cross-region backend (cross-region binding 2.0, over CCN). */
export interface CrossTarget {
  readonly ip: string
  readonly region: string | null
  readonly vpcId: string | null
  readonly eniId: string | null
  readonly instanceId: string | null
}

export interface CcnAttachment {
  readonly ccnId: string
  /** For example VPC or DIRECTCONNECT, as the API says. */
  readonly instanceType: string | null
  readonly instanceId: string
  /** Upper case, for example ACTIVE, PENDING or REJECTED. Null if unset. */
  readonly state: string | null
}

export interface CcnRoute {
  readonly id: string | null
  readonly cidr: string | null
  /** Upper case, for example VPC, DIRECTCONNECT or VPNGW. */
  readonly instanceType: string | null
  readonly instanceId: string | null
  readonly region: string | null
  readonly enabled: boolean | null
}

/** What ICMP packets from the SNAT IPs' subnet met on their way to one address (vpc:CheckNetDetectState). */
export interface NetDetection {
  /** 0 fine, -1 no route, -2 dropped by the outbound ACL, -3 by the inbound ACL, -4 another reason (platform facts F). */
  readonly state: number
  readonly delayMs: number | null
  readonly lossPercent: number | null
  readonly subnetId: string
  /** The next hop: CCN or DIRECTCONNECT, with its id. */
  readonly via: { readonly type: string; readonly id: string }
}

export interface Route {
  readonly id: string | null
  readonly cidr: string | null
  readonly ipv6Cidr: string | null
  /** Upper case, for example CCN, DIRECTCONNECT, VPN, PEERCONNECTION, NAT or LOCAL. */
  readonly gatewayType: string | null
  readonly gatewayId: string | null
  readonly enabled: boolean | null
}

export interface RouteTable {
  readonly id: string
  readonly region: string
  readonly vpcId: string | null
  readonly routes: readonly Route[]
}

/** The facts of a TKE cluster that matter for a probe's way. */
export interface Cluster {
  readonly id: string
  readonly name: string
  /** True if IPVS serves the cluster's Services on its nodes. Null if the API contradicts itself or does not say. */
  readonly ipvs: boolean | null
}

/** A worker node of a cluster. */
export interface ClusterNode {
  /** For example `ins-…`. A native node has the id of a machine of its pool. */
  readonly id: string
  readonly ip: string | null
}

/** One successful write operation from the operation audit log. Holds no token, secret id or session. */
export interface AuditEvent {
  /** ISO 8601. */
  readonly at: string
  /** The API action, for example `ModifySecurityGroupPolicies`. */
  readonly event: string
  /** Ids of the changed resources that are part of the snapshot, for example `sg-…` or `lbl-…`. */
  readonly resourceIds: readonly string[]
  readonly actor: string | null
  readonly sourceIp: string | null
  /** Missing if the parameters do not say, or were not understood. */
  readonly edit?: AuditedEdit
}

/** A rule in the parameters of an audited operation. */
export interface AuditedRule extends SecurityMatch {
  /** The PolicyIndex that was asked for. Null if none was. */
  readonly index: number | null
  readonly action: string | null
  readonly description: string | null
}

/** A backend in the parameters of an audited operation. */
export interface AuditedTarget {
  /** Id of the rule, or of the listener if it has no rules. */
  readonly poolId: string
  readonly instanceId: string | null
  readonly ip: string | null
  readonly port: number
  readonly weight: number | null
}

/**
 * What an audited operation did, as its parameters say. Of security groups only inbound rules, but for `rules-set`.
 * - `entries-set`: the whole list of each direction that is not null was replaced
 * - `acl-bound`: the ACL was bound to subnets
 * - `rules-set`: the whole list of each direction was replaced; `isOrdered`: in the order of the list
 * - `check-set`: settings of a listener's or rule's health check were given; `check`: these, if all were understood
 */
export type AuditedEdit =
  | { readonly kind: 'rules-added' | 'rules-removed'; readonly rules: readonly AuditedRule[] }
  | {
      readonly kind: 'rules-replaced'
      readonly rules: readonly { readonly now: AuditedRule; readonly before: AuditedRule }[]
    }
  | {
      readonly kind: 'entries-added' | 'entries-set'
      readonly ingress: readonly AclEntry[] | null
      readonly egress: readonly AclEntry[] | null
    }
  | {
      readonly kind: 'rules-set'
      readonly ingress: readonly AuditedRule[]
      readonly egress: readonly AuditedRule[]
      readonly isOrdered: boolean
    }
  | { readonly kind: 'check-set'; readonly check?: Partial<HealthCheck> }
  | { readonly kind: 'acl-bound'; readonly aclId: string; readonly subnetIds: readonly string[] }
  | {
      readonly kind: 'targets-added' | 'targets-removed' | 'weights-set'
      readonly targets: readonly AuditedTarget[]
    }

/** The part of a region's operation audit log that was read. */
export interface AuditLog {
  /** Start of the period in which every write operation was read, ISO 8601. */
  readonly from: string
  /** End of that period, ISO 8601. */
  readonly to: string
  /** False if a longer period was requested. */
  readonly complete: boolean
  /** Operations that changed something on the way of the CLB's probes. */
  readonly events: readonly AuditEvent[]
}

/** One line of a CLB's health-check log: a target changed its status. */
export interface HealthFlip {
  /** ISO 8601. */
  readonly at: string
  readonly ip: string
  readonly port: number
  readonly listenerPort: number | null
  /** Only for targets of an L7 rule. */
  readonly domain: string | null
  readonly url: string | null
  readonly healthy: boolean
}

/** Members as the console shows them: addresses, CIDRs and `a-b` ranges, or services such as `tcp:80,443`. */
export type TemplateMembers = readonly string[]

export type ById<T> = Readonly<Record<string, Fact<T>>>

export interface Snapshot {
  readonly snapshotVersion: 1
  readonly takenAt: string
  /** When the trouble began according to the alarm, ISO 8601. */
  readonly alarmedAt: string | null
  readonly region: string
  readonly loadBalancerId: string
  readonly loadBalancer: Fact<LoadBalancer>
  readonly listeners: Fact<readonly Listener[]>
  readonly registrations: Fact<readonly Registration[]>
  readonly health: Fact<readonly HealthRecord[]>
  readonly targetGroups: ById<TargetGroup | null>
  readonly targetGroupMembers: ById<readonly GroupMember[]>
  /** `ok(null)` means that the account has no such machine. */
  readonly instances: ById<Instance | null>
  /** By target IP. */
  readonly interfaces: ById<NetworkInterface | null>
  readonly subnets: ById<Subnet | null>
  /** Only read for backends that are behind CCN, or may be. */
  readonly vpcs: ById<Vpc | null>
  readonly networkAcls: ById<NetworkAcl | null>
  readonly securityGroups: ById<SecurityGroup>
  /** Only used to choose between fixes, never for a finding. */
  readonly securityGroupUse: ById<GroupUse | null>
  readonly addressTemplates: ById<TemplateMembers | null>
  readonly addressTemplateGroups: ById<readonly string[] | null>
  readonly serviceTemplates: ById<TemplateMembers | null>
  readonly serviceTemplateGroups: ById<readonly string[] | null>
  /** By target IP. Only read if no interface has the address. */
  readonly addressOwners: ById<AddressOwner | null>
  /** Ids of the security groups of a managed service, by its `serviceKey`. */
  readonly serviceGroups: ById<readonly string[]>
  /** By target IP. Only read for backends that are behind CCN, or may be. */
  readonly crossTargets: ById<CrossTarget | null>
  /** By VPC id. */
  readonly ccnAttachments: ById<readonly CcnAttachment[]>
  /** By CCN id. */
  readonly ccnRoutes: ById<readonly CcnRoute[]>
  /** All route tables of each VPC, by VPC id. */
  readonly routeTables: ById<readonly RouteTable[]>
  readonly clusters: ById<Cluster | null>
  /** By cluster id. Only read if a backend has a NodePort. */
  readonly clusterNodes: ById<readonly ClusterNode[]>
  /** By region. Says who changed what before the trouble, or between an alarm and its recovery. No finding rests on it alone. */
  readonly auditEvents: ById<AuditLog>
  /** By topic id. Only read if the CLB has a health-check log and a target is Dead. No finding rests on it alone. */
  readonly healthLogs: ById<readonly HealthFlip[]>
  /** Only read if a Dead machine behind a public CLB may have no public bandwidth. Left out otherwise. */
  readonly accountType?: Fact<AccountType>
  /**
   * By target as `ip:port`: what its machine said about itself. If several pools check the same `ip:port` in different
   * ways, the report for a further check has the `TargetKey`. Left out if nobody looked inside.
   */
  readonly guests?: ById<GuestReport>
  /** The cluster that the backends belong to, as its own API says. Left out if there is no kubeconfig, or no need. */
  readonly kubernetes?: Fact<Kubernetes>
  /** By the same keys: what another machine of the VPC met there. Left out if nobody looked inside. */
  readonly peers?: ById<GuestReport>
  /** By address behind CCN or Direct Connect. Left out if nobody asked for it. */
  readonly detections?: ById<readonly NetDetection[]>
  readonly cost: { readonly apiCalls: number; readonly retries: number; readonly waves: number }
}
