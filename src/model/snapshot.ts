import type { Fact, ReadFailure } from './fact.ts'

// Everything that was read about one CLB, with our names and no SDK types. Strings that an evaluator must
// understand (protocols, ports, CIDRs, actions) stay as the API gave them, with "" and null folded into null.

export interface LoadBalancer {
  readonly id: string
  readonly name: string
  readonly networkType: string
  readonly generation: 'application' | 'classic'
  readonly ipVersion: 'ipv4' | 'ipv6' | 'ipv6-nat64'
  readonly vips: readonly string[]
  readonly vpcId: string | null
  readonly numericVpcId: number | null
  readonly subnetId: string | null
  /** 0 creating, 1 running; null when the API did not say. */
  readonly status: number | null
  readonly isolated: boolean
  readonly blocked: boolean
  readonly attributeFlags: readonly string[]
  /** Fields about whether it serves that the answer did not have. */
  readonly unsaid?: readonly string[]
  readonly passToTarget: boolean | null
  readonly snatPro: boolean
  readonly snatIps: readonly { readonly ip: string | null; readonly subnetId: string | null }[]
  /** As the API writes it, in UTC+8: `2016-12-05 10:00:00`; null when it did not say. */
  readonly createdAt: string | null
  /** Where the backends are, when that differs from the CLB's own region and VPC (cross-region 1.0). */
  readonly targetRegion: string | null
  readonly targetVpcId: string | null
  readonly tags: Readonly<Record<string, string>>
  /** The topic of the CLB's health-check log; null where it keeps none. */
  readonly healthLogTopicId: string | null
}

export interface HealthCheck {
  readonly enabled: boolean | null
  /** Upper case: TCP, HTTP, HTTPS, GRPC, PING, CUSTOM, or what the API says; null when unset. */
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
  /** 0 the VIP, 1 an address of 100.64.0.0/10, null not said. */
  readonly sourceIpType: number | null
}

export interface ListenerRule {
  readonly locationId: string
  readonly domain: string | null
  readonly url: string | null
  readonly healthCheck: HealthCheck | null
  /** Protocol between CLB and backend. */
  readonly forwardType: string | null
  /** Upper case: NODE, TARGETGROUP, TARGETGROUP-V2, or what the API says. */
  readonly targetType: string | null
  readonly targetGroupIds: readonly string[]
  /** What these are bound with, by id; only where it is said. */
  readonly groupWeights?: Readonly<Record<string, number>>
  /** The listener that requests are redirected to; such a rule has no backends by design. */
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
  /** Of a classic CLB: one pool, whatever its protocol. */
  readonly classic: boolean
  readonly healthCheck: HealthCheck | null
  readonly targetType: string | null
  readonly targetGroupIds: readonly string[]
  /** What these are bound with, by id; only where it is said. */
  readonly groupWeights?: Readonly<Record<string, number>>
  readonly rules: readonly ListenerRule[]
}

/** One backend bound directly to one L4 listener or L7 rule. */
export interface Registration {
  readonly listenerId: string
  /** Null for L4 listeners. */
  readonly locationId: string | null
  /** Upper case; `FUNCTION` for a cloud function, which has no address. */
  readonly type: string
  readonly instanceId: string | null
  readonly eniId: string | null
  readonly targetGroupId: string | null
  readonly name: string | null
  readonly ip: string
  readonly port: number
  /** 0–100. Null when it could not be read. */
  readonly weight: number | null
}

/** A member of a target group, wherever the group is bound. */
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
  /** HealthStatusDetail as sent; null when absent. */
  readonly detail: string | null
  readonly weight: number | null
}

export interface TargetGroup {
  readonly id: string
  readonly name: string
  readonly vpcId: string | null
  /** v1 or v2, as the API says. */
  readonly type: string | null
  /** v2 groups carry their own check, which overrides the listener's; null for v1. */
  readonly healthCheck: HealthCheck | null
}

export interface Instance {
  readonly id: string
  readonly name: string
  /** RUNNING, STOPPED, SHUTDOWN …, as the API says. */
  readonly state: string
  /** NORMAL, EXPIRED, PROTECTIVELY_ISOLATED, as the API says. */
  readonly restrictState: string | null
  readonly vpcId: string | null
  readonly subnetId: string | null
  /** Of the primary network interface only. */
  readonly privateIps: readonly string[]
  readonly ipv6Addresses: readonly string[]
  /** Of the primary network interface, in binding order as far as the API keeps it. */
  readonly securityGroupIds: readonly string[]
}

export interface NetworkInterface {
  readonly id: string
  readonly name: string
  readonly vpcId: string | null
  readonly subnetId: string | null
  readonly state: string | null
  readonly instanceId: string | null
  /** To something, whatever it is; null: the answer does not say. */
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
  /** Null: no ACL is bound. */
  readonly networkAclId: string | null
  readonly routeTableId: string | null
}

export interface TemplateReference {
  /** `ipm-…` or `ppm-…`. */
  readonly id: string | null
  /** `ipmg-…` or `ppmg-…`. */
  readonly groupId: string | null
}

/** What a security-group rule asks of a packet. */
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
  /** The rows that the API makes of the rule's templates; absent where it has none, or the templates were read. */
  readonly expanded?: readonly SecurityMatch[]
  readonly action: string | null
  readonly description: string | null
  readonly modifiedAt: string | null
}

/** Inbound rules only: a security group is stateful, so a probe's reply always gets out. */
export interface SecurityGroup {
  readonly id: string
  readonly region: string
  readonly version: string | null
  readonly ingress: readonly SecurityRule[]
}

/** How many resources a security group is bound to. */
export interface GroupUse {
  /** Of all kinds; rules that name the group do not count. */
  readonly total: number
  /** By kind as the API names it: CVM, ENI, CLB … */
  readonly byKind: Readonly<Record<string, number>>
}

export interface AclEntry {
  readonly id: string | null
  readonly priority: number | null
  readonly protocol: string | null
  readonly action: string | null
  readonly description: string | null
  readonly modifiedAt: string | null
  /** Triple: the one port; quintuple: see `sourcePort`, `destinationPort`. */
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

/** Every field that entries of either kind have. */
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
  /** Subnets that it is bound to; null where the API did not say. */
  readonly subnetIds: readonly string[] | null
  readonly ingress: readonly AclEntry[]
  readonly egress: readonly AclEntry[]
}

/** The address ranges of a VPC, its secondary ones too. */
export interface Vpc {
  readonly id: string
  readonly cidrs: readonly string[]
}

/** Whose an address of a VPC is, where no network interface owns it. */
export interface AddressOwner {
  /** As the API names it: CDB, REDIS, ENI …; null where it did not say. */
  readonly type: string | null
  /** `cdb-…`, `crs-…`, `ckafka-…`; null where only the type is known. */
  readonly id: string | null
  readonly subnetId: string | null
  /** Why only the type is known, where a call failed. */
  readonly unread?: ReadFailure
}

/** Where a cross-region backend lives (cross-region binding 2.0, over CCN). */
export interface CrossTarget {
  readonly ip: string
  readonly region: string | null
  readonly vpcId: string | null
  readonly eniId: string | null
  readonly instanceId: string | null
}

export interface CcnAttachment {
  readonly ccnId: string
  /** VPC, DIRECTCONNECT …, as the API says. */
  readonly instanceType: string | null
  readonly instanceId: string
  /** Upper case: ACTIVE, PENDING, REJECTED …; null when unset. */
  readonly state: string | null
}

export interface CcnRoute {
  readonly id: string | null
  readonly cidr: string | null
  /** Upper case: VPC, DIRECTCONNECT, VPNGW … */
  readonly instanceType: string | null
  readonly instanceId: string | null
  readonly region: string | null
  readonly enabled: boolean | null
}

export interface Route {
  readonly id: string | null
  readonly cidr: string | null
  readonly ipv6Cidr: string | null
  /** Upper case: CCN, DIRECTCONNECT, VPN, PEERCONNECTION, NAT, LOCAL … */
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

/** A TKE cluster, as far as it bears on the way of a probe. */
export interface Cluster {
  readonly id: string
  readonly name: string
  /** The Services of the cluster are served by IPVS on its nodes; null where the API contradicts itself or is silent. */
  readonly ipvs: boolean | null
}

/** A worker node of a cluster. */
export interface ClusterNode {
  /** `ins-…`; of native nodes the id of a machine of their pool. */
  readonly id: string
  readonly ip: string | null
}

/** One write operation that was carried out, from the operation audit log. Holds no token, secret id or session. */
export interface AuditEvent {
  /** ISO 8601. */
  readonly at: string
  /** The API action, e.g. `ModifySecurityGroupPolicies`. */
  readonly event: string
  /** Ids of what it changed, as far as the snapshot knows them: `sg-…`, `lbl-…`. */
  readonly resourceIds: readonly string[]
  readonly actor: string | null
  readonly sourceIp: string | null
}

/** What was read of a region's operation audit log. */
export interface AuditLog {
  /** ISO 8601: every write operation from here on … */
  readonly from: string
  /** … up to here was read and understood. */
  readonly to: string
  /** False: it was asked for more than that. */
  readonly complete: boolean
  /** Those that changed something on the way of the CLB's probes. */
  readonly events: readonly AuditEvent[]
}

/** One line of a CLB's health-check log: the status of a target changed. */
export interface HealthFlip {
  /** ISO 8601. */
  readonly at: string
  readonly ip: string
  readonly port: number
  readonly listenerPort: number | null
  /** Of a layer-7 rule. */
  readonly domain: string | null
  readonly url: string | null
  readonly healthy: boolean
}

/** Members as the console shows them: addresses, CIDRs, `a-b` ranges; or `tcp:80,443` and the like. */
export type TemplateMembers = readonly string[]

export type ById<T> = Readonly<Record<string, Fact<T>>>

export interface Snapshot {
  readonly snapshotVersion: 1
  readonly takenAt: string
  /** When the trouble began, as far as the alarm says; ISO 8601. */
  readonly alarmedAt: string | null
  readonly region: string
  readonly loadBalancerId: string
  readonly loadBalancer: Fact<LoadBalancer>
  readonly listeners: Fact<readonly Listener[]>
  readonly registrations: Fact<readonly Registration[]>
  readonly health: Fact<readonly HealthRecord[]>
  readonly targetGroups: ById<TargetGroup | null>
  readonly targetGroupMembers: ById<readonly GroupMember[]>
  /** `ok(null)`: asked for, and the account has no such thing. */
  readonly instances: ById<Instance | null>
  /** By target IP. */
  readonly interfaces: ById<NetworkInterface | null>
  readonly subnets: ById<Subnet | null>
  /** Asked only for backends that are behind CCN, or may be. */
  readonly vpcs: ById<Vpc | null>
  readonly networkAcls: ById<NetworkAcl | null>
  readonly securityGroups: ById<SecurityGroup>
  /** Only weighs one fix against another: nothing is diagnosed by it. */
  readonly securityGroupUse: ById<GroupUse | null>
  readonly addressTemplates: ById<TemplateMembers | null>
  readonly addressTemplateGroups: ById<readonly string[] | null>
  readonly serviceTemplates: ById<TemplateMembers | null>
  readonly serviceTemplateGroups: ById<readonly string[] | null>
  /** By target IP; asked only where no interface owns it. */
  readonly addressOwners: ById<AddressOwner | null>
  /** Ids of the security groups of a managed service, by its `serviceKey`. */
  readonly serviceGroups: ById<readonly string[]>
  /** By target IP; asked only for backends that are behind CCN, or may be. */
  readonly crossTargets: ById<CrossTarget | null>
  /** By VPC id. */
  readonly ccnAttachments: ById<readonly CcnAttachment[]>
  /** By CCN id. */
  readonly ccnRoutes: ById<readonly CcnRoute[]>
  /** By VPC id: all of its tables. */
  readonly routeTables: ById<readonly RouteTable[]>
  readonly clusters: ById<Cluster | null>
  /** By cluster id; asked only where some backend has a NodePort. */
  readonly clusterNodes: ById<readonly ClusterNode[]>
  /** By region. Nothing is diagnosed by it: it says who changed what. */
  readonly auditEvents: ById<AuditLog>
  /** By topic id; asked only where the CLB keeps a health-check log and a target is Dead. Nothing is diagnosed by it. */
  readonly healthLogs: ById<readonly HealthFlip[]>
  readonly cost: { readonly apiCalls: number; readonly retries: number; readonly waves: number }
}
