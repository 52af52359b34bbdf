// What stands around a CLB and its backends: subnets, filters, routes, owners, and who changed them. The same rules for
// strings hold as in snapshot.ts.

import type { ReadFailure } from './fact.ts'

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
