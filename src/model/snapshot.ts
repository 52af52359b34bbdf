import type { Fact } from './fact.ts'
import type {
  AddressOwner,
  AuditLog,
  CcnAttachment,
  CcnRoute,
  Cluster,
  ClusterNode,
  CrossTarget,
  GroupUse,
  HealthFlip,
  NetworkAcl,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
} from './surroundings.ts'

export type * from './surroundings.ts'

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
  readonly snatIps: readonly { readonly ip: string | null; readonly subnetId: string }[]
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
  /** To something, whatever it is. */
  readonly attached?: boolean
  readonly business: string | null
  readonly ips: readonly string[]
  readonly securityGroupIds: readonly string[]
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
