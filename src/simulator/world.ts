// What exists in the simulated account, in plain words. Readable first: a scenario is one of these, changed.

export interface World {
  readonly region: string
  /** Does the platform let 100.64.0.0/10 through the security group of same-account backends? Documented both ways. */
  exempts10064: boolean
  /** Which port of a reply a triple egress entry means. Documented both ways. */
  aclEgressPort: 'destination' | 'source'
  /** Do rows of a rule with templates written out keep the rule's PolicyIndex? Not documented. */
  expandedKeepIndex: boolean
  /** Addresses that the CLB's nodes probe from with SourceIpType 1; each probes on its own. */
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
  /** Pods of a GlobalRouter network: addresses that no interface owns, reached through their node. */
  pods: Pod[]
  clusters: Cluster[]
  ccns: Ccn[]
  routeTables: RouteTable[]
  /** What the account has in other regions. */
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
  /** `2026-11-19 22:52:00`, in Beijing time; not said, when left out. */
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
  /** `2026-11-19 22:52:00`, in Beijing time; a quiet moment of its own, when left out. */
  modifiedAt?: string
}

export interface Group {
  id: string
  name: string
  rules: GroupRule[]
}

/** What goes on inside a machine, out of sight of the API. */
export interface Guest {
  listens: { port: number; protocol: 'tcp' | 'udp'; address?: string }[]
  /** Status code that HTTP requests get. */
  http: number
  /** How long an HTTP answer takes; at once, when left out. */
  latencyMs?: number
  /** It speaks no TLS. */
  plain?: true
  /** Status code that HEAD requests get, where it differs. */
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
  /** Of a read-only instance: the groups of its read-only group. */
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
  /** Its kube-proxy binds no VIP of a private CLB to the nodes. Documented both ways. */
  unbound?: true
  machineIds: string[]
}

export interface Ccn {
  id: string
  attached: { type: 'VPC' | 'DIRECTCONNECT'; id: string; region: string; state: string }[]
  /** The next hop is what is attached. */
  routes: { id: string; cidr: string; type: 'VPC' | 'DIRECTCONNECT'; instanceId: string; enabled: boolean }[]
}

export interface RouteTable {
  id: string
  vpcId: string
  /** Without the local route, which every table has. */
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
  /** Of the request; the resource alone, when left out. */
  parameters?: Record<string, unknown>
  actor: string
  sourceIp: string
  /** What must never be seen outside. */
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
  /** Not set, when left out. */
  version?: 'HTTP/1.0' | 'HTTP/1.1'
}

export interface Backend {
  type: 'CVM' | 'ENI' | 'CCN' | 'EVM' | 'GLOBALROUTE' | 'NAT' | 'SRV' | (string & {})
  machineId: string | null
  ip: string
  port: number
  weight: number
  /** Just bound: no probe has come to an end yet. */
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
  /** Cloud functions; none, when left out. */
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
  /** Of the old kind, with calls of its own. */
  classic: boolean
  vpcId: string
  subnetId: string
  tags: Record<string, string>
  /** Where the backends are, when that is elsewhere (cross-region binding 1.0). */
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
