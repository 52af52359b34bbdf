// Everything that exists in the simulated account. A scenario is a changed world, so these types should be easy to read.

export interface World {
  readonly region: string
  /** Does the platform let 100.64.0.0/10 through the security group of same-account backends? The documents say both. */
  exempts10064: boolean
  /** Which port of a reply a triple egress entry means. The documents say both. */
  aclEgressPort: 'destination' | 'source'
  /** Do rows of a rule with templates written out keep the rule's PolicyIndex? Not documented. */
  expandedKeepIndex: boolean
  /** Addresses of the CLB's nodes with SourceIpType 1. Each node probes by itself. */
  probers: string[]
  vpcs: { id: string; numericId: number; cidr: string; assistants?: string[] }[]
  subnets: Subnet[]
  acls: Acl[]
  groups: Group[]
  addressTemplates: Record<string, string[]>
  addressGroups: Record<string, string[]>
  serviceTemplates: Record<string, string[]>
  serviceGroups: Record<string, string[]>
  machines: Machine[]
  /** Interfaces beside the machines' primary ones. */
  interfaces: Interface[]
  /** Machines of a data centre behind CCN or Direct Connect, by address. */
  remotes: { ip: string; guest: Guest }[]
  services: Service[]
  /** Pods of a GlobalRouter network: no interface owns their addresses; packets go through their node. */
  pods: Pod[]
  clusters: Cluster[]
  ccns: Ccn[]
  routeTables: RouteTable[]
  /** The account's resources in other regions. */
  others: Record<string, Elsewhere>
  /** The operation audit log, in any order. */
  audit: AuditRecord[]
  /** The health-check log, by topic. */
  healthLogs: Record<string, HealthFlip[]>
  targetGroups: TargetGroup[]
  balancers: Balancer[]
}

export interface Subnet {
  id: string
  vpcId: string
  cidr: string
  ipv6Cidr: string
  aclId: string | null
  routeTableId: string
}

/** In order of priority; `port` as the console takes it. */
export interface AclEntry {
  protocol: string
  port: string
  cidr: string
  action: 'Accept' | 'Drop'
  /** Quintuple ACLs only. */
  sourcePort?: string
  destinationCidr?: string
  /** `2026-11-19 22:52:00`, in Beijing time; absent in the answer if left out. */
  modifiedAt?: string
}

export interface Acl {
  id: string
  name: string
  vpcId: string
  type: 'TRIPLE' | 'QUINTUPLE'
  ingress: AclEntry[]
  egress: AclEntry[]
}

export interface GroupRule {
  protocol: string
  port: string
  /** A CIDR, `ipm-…`, `ipmg-…` or `sg-…`. */
  source: string
  action: 'ACCEPT' | 'DROP'
  note?: string
  /** `ppm-…` or `ppmg-…` in place of protocol and port. */
  service?: string
  /** `2026-11-19 22:52:00`, in Beijing time; long ago if left out. */
  modifiedAt?: string
}

export interface Group {
  id: string
  name: string
  rules: GroupRule[]
}

/** The inside of a machine, which the API does not show. */
export interface Guest {
  listens: { port: number; protocol: 'tcp' | 'udp'; address?: string }[]
  /** Status code that HTTP requests get. */
  http: number
  /** How long an HTTP answer takes; 0 if left out. */
  latencyMs?: number
  /** The port does not speak TLS. */
  plain?: true
  /** Status code for HEAD requests, if it differs. */
  head?: number
  /** CIDRs that its own firewall drops. */
  drops: string[]
  ping: boolean
}

export interface Machine {
  id: string
  name: string
  state: string
  restrictState: string
  vpcId: string
  subnetId: string
  ip: string
  ipv6: string | null
  groups: string[]
  guest: Guest
}

export interface Interface {
  id: string
  vpcId: string
  subnetId: string
  ips: string[]
  groups: string[]
  /** Null: attached to nothing. */
  machineId: string | null
}

/** A database or queue that answers on an address of a VPC. */
export interface Service {
  kind: 'cdb' | 'redis' | 'mongodb' | 'postgres' | 'ckafka' | 'cos'
  id: string
  vpcId: string
  subnetId: string
  ip: string
  groups: string[]
  /** The groups of the read-only group, for a read-only instance. */
  readOnlyGroup?: string[]
  guest: Guest
}

export interface Pod {
  ip: string
  machineId: string
  guest: Guest
}

export interface Cluster {
  id: string
  name: string
  ipvs: boolean
  /** Its kube-proxy binds no VIP of a private CLB to the nodes. The documents say both. */
  unbound?: true
  machineIds: string[]
}

export interface Ccn {
  id: string
  attached: { type: 'VPC' | 'DIRECTCONNECT'; id: string; region: string; state: string }[]
  /** The next hop is the attachment. */
  routes: { id: string; cidr: string; type: 'VPC' | 'DIRECTCONNECT'; instanceId: string; enabled: boolean }[]
}

export interface RouteTable {
  id: string
  vpcId: string
  /** Beside the local routes of the VPC, which every table has. */
  routes: { id: string; cidr: string; gatewayType: string; gatewayId: string; enabled: boolean }[]
}

export type Elsewhere = Pick<
  World,
  'vpcs' | 'subnets' | 'acls' | 'groups' | 'machines' | 'interfaces' | 'routeTables'
> &
  Partial<Pick<World, 'audit' | 'balancers'>>

export interface AuditRecord {
  /** Seconds since 1970. */
  at: number
  event: string
  write: boolean
  resourceType: string
  resourceId: string
  /** The request's parameters; only the resource if left out. */
  parameters?: Record<string, unknown>
  actor: string
  sourceIp: string
  /** Values that must never leave the collector. */
  secretId: string
  token: string
  /** 0 when the operation was carried out. */
  apiErrorCode: number
}

export interface HealthFlip {
  /** Milliseconds since 1970. */
  at: number
  ip: string
  port: number
  vip: string
  vport: number
  healthy: boolean
}

export interface HealthCheck {
  on: boolean
  type: 'TCP' | 'HTTP' | 'HTTPS' | 'GRPC' | 'PING' | 'CUSTOM'
  /** 0 the VIP, 1 an address of 100.64.0.0/10. */
  source: 0 | 1 | null
  port: number | null
  interval: number
  timeout: number
  codes: number
  method: string | null
  host: string | null
  path: string | null
  /** Not set if left out. */
  version?: 'HTTP/1.0' | 'HTTP/1.1'
}

export interface Backend {
  type: 'CVM' | 'ENI' | 'CCN' | 'EVM' | 'GLOBALROUTE' | 'NAT' | 'SRV' | (string & {})
  machineId: string | null
  ip: string
  port: number
  weight: number
  /** Bound a moment ago: no probe has ended yet. */
  fresh?: true
}

/** One pool: an L4 listener has one, an L7 listener one per rule. */
export interface Rule {
  id: string
  domain: string | null
  url: string | null
  check: HealthCheck
  backends: Backend[]
  targetGroupId: string | null
  /** Cloud functions; an empty list if left out. */
  functions?: { name: string; weight: number }[]
}

export interface Listener {
  id: string
  name: string
  protocol: 'TCP' | 'UDP' | 'TCP_SSL' | 'QUIC' | 'HTTP' | 'HTTPS'
  port: number
  stopped: boolean
  rules: Rule[]
}

export interface TargetGroup {
  id: string
  name: string
  vpcId: string
  type: 'v1' | 'v2'
  check: HealthCheck | null
  members: Backend[]
}

export interface Balancer {
  id: string
  name: string
  type: 'OPEN' | 'INTERNAL'
  vip: string
  ipv6: boolean
  /** An IPv6 address in front of IPv4 backends. */
  nat64: boolean
  /** A classic CLB, which has its own calls. */
  classic: boolean
  vpcId: string
  subnetId: string
  tags: Record<string, string>
  /** The backends' region, if it is another one (cross-region binding 1.0). */
  targetRegion: { region: string; vpcId: string } | null
  healthLogTopic: string | null
  passToTarget: boolean
  snatPro: boolean
  snatIps: string[]
  isolated: boolean
  blocked: boolean
  stopped?: true
  creating?: true
  listeners: Listener[]
}
