import type { Balancer, TargetGroup } from './balancers.ts'
import type { Recording } from './guest-recording.ts'

// Everything that exists in the simulated account. A scenario is a changed world, so these types should be easy to read.

export type { Backend, Balancer, HealthCheck, Listener, Rule, TargetGroup } from './balancers.ts'

export interface World {
  readonly region: string
  /** Set if public bandwidth is billed at the machines. If left out, the account is STANDARD. */
  accountType?: 'LEGACY'
  /** Does the platform let 100.64.0.0/10 through the security group of same-account backends? The documents say both. */
  exempts10064: boolean
  /** Does a triple egress entry apply to the destination port or the source port of a reply? The documents say both. */
  aclEgressPort: 'destination' | 'source'
  /** If templates are expanded, does each row keep the PolicyIndex of its rule? This is not documented. */
  expandedKeepIndex: boolean
  /** Which port of a backend is probed behind a listener for a range of ports? This is not documented. If left out, the first. */
  portOfRange?: 'first' | 'last' | 'each'
  /** The addresses from which the CLB's nodes probe with SourceIpType 1. Each node probes on its own. */
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
  /** All interfaces but the primary ones of machines. */
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
  /** The history of alarms, in any order. If left out, there are none. */
  alarmHistory?: AlarmRecord[]
  /** Functions that may invoke themselves (docs/cam-policy-async.json). If left out, the role lacks that policy. */
  functions?: SimulatedFunction[]
  /** TAT. If left out, the role lacks docs/cam-policy-guest.json. */
  tat?: Tat
  /** Set if the role has docs/cam-policy-network.json. */
  mayDetect?: true
  targetGroups: TargetGroup[]
  balancers: Balancer[]
}

export interface Tat {
  /** The command that the role may run: the id in its policy. */
  granted: string
  /** Set if the role has docs/cam-policy-run-command.json: beside docs/cam-policy-guest.json, or in place of it. */
  mayRun?: 'too' | 'alone'
  commands: RegisteredCommand[]
  /** What was run, in order. */
  invocations: TatInvocation[]
}

export interface RegisteredCommand {
  id: string
  name: string
  content: string
  type: 'SHELL' | 'POWERSHELL' | 'BAT'
  takesParameters: boolean
}

export interface TatInvocation {
  id: string
  region: string
  commandId: string
  commandName: string
  /** The script as the machines got it: with its parameters. */
  script: string
  tasks: { id: string; machineId: string; asked: number }[]
}

/** The TAT agent of a machine. */
export interface Agent {
  status: 'Online' | 'Offline'
  environment: 'Linux' | 'Windows'
  /** The states of a task, one for each time that somebody asks; the last one stays. */
  states: string[]
  /** What the script prints, in place of what it would. */
  output?: string
}

export interface AlarmRecord {
  id: string
  policy: { id: string; name: string }
  /** For example `lb_hc_vport`. */
  namespace: string
  metric: string
  status: 'ALARM' | 'OK' | 'NO_CONF' | 'NO_DATA'
  /** Seconds since 1970. */
  firstAt: number
  lastAt: number
  /** Short code, for example `gz`. */
  region: string
  dimensions: Record<string, string | number>
}

export interface SimulatedFunction {
  name: string
  namespace: string
  /** What it was asynchronously invoked with, in order. */
  invoked: string[]
}

export interface Subnet {
  id: string
  vpcId: string
  cidr: string
  ipv6Cidr: string
  aclId: string | null
  routeTableId: string
}

/** An entry of an ACL. Lists of entries are in order of priority. `port` has the form of the console. */
export interface AclEntry {
  protocol: string
  port: string
  cidr: string
  action: 'Accept' | 'Drop'
  /** Only in quintuple ACLs. */
  sourcePort?: string
  destinationCidr?: string
  /** In Beijing time, e.g. `2026-11-19 22:52:00`. If left out, the answer has no time. */
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
  /** `ppm-…` or `ppmg-…`, instead of protocol and port. */
  service?: string
  /** In Beijing time, e.g. `2026-11-19 22:52:00`. If left out, a time long ago. */
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
  /** The status code of HTTP answers. */
  http: number
  /** How long an HTTP answer takes. If left out, 0. */
  latencyMs?: number
  /** Set if the port does not speak TLS. */
  plain?: true
  /** The status code for HEAD requests, if it is another one. */
  head?: number
  /** The only host name that it serves. Others get 404. If left out, it serves any. */
  servesHost?: string
  /** The status code of gRPC answers. If left out, 12: a server that does not know the method. */
  grpc?: number
  /** The machine's own firewall drops packets from these CIDRs. */
  drops: string[]
  /** A VPN on the machine takes 100.64.0.0/10 for its own and drops it on every other device. */
  vpn?: 'tailscale'
  /** Filters, kernel and routes of a real machine, in place of the simulated ones. */
  recording?: Recording
  /** Set if connections wait that nobody accepts: the kernel drops new ones. */
  backlogFull?: true
  /** Set if the process is stopped: TCP opens, and nothing answers. */
  stopped?: true
  /** How connections end in place of an answer. */
  ends?: 'reset' | 'empty' | 'not-http'
  /** Set if the port speaks TLS only. */
  tls?: true
  /** Set if the application answers a custom check with other bytes than it wants. */
  says?: string
  ping: boolean
  /** Set if the machine is a node that does not forward to its pods (ip_forward is 0). */
  forwardsNothing?: true
}

export interface Machine {
  id: string
  name: string
  state: string
  restrictState: string
  /** If left out, `ap-guangzhou-3`. */
  zone?: string
  /** Outbound public bandwidth in Mbit/s. If left out, the answer does not say, and the machine has some. */
  publicBandwidth?: number
  vpcId: string
  subnetId: string
  ip: string
  ipv6: string | null
  groups: string[]
  guest: Guest
  /** Null: not installed. If left out: online, on Linux, and its tasks succeed at once. */
  agent?: Agent | null
}

export interface Interface {
  id: string
  vpcId: string
  subnetId: string
  ips: string[]
  groups: string[]
  /** Null if the interface is attached to no machine. */
  machineId: string | null
}

/** A database or queue with an address in a VPC. */
export interface Service {
  kind: 'cdb' | 'redis' | 'mongodb' | 'postgres' | 'ckafka' | 'cos'
  id: string
  vpcId: string
  subnetId: string
  ip: string
  groups: string[]
  /** Only for a read-only instance: the security groups of its read-only group. */
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
  /** Set if kube-proxy does not bind the VIPs of private CLBs to the nodes. The documents say both. */
  unbound?: true
  machineIds: string[]
  /** What runs in it. If left out, its own API cannot be asked. */
  inside?: ClusterInside
}

export interface ClusterInside {
  services: ClusterService[]
  pods: ClusterPod[]
  /** Machines that it reports as NotReady. */
  notReady: string[]
  /** Machines whose kube-proxy does not run: they have no rules for NodePorts. */
  withoutProxy: string[]
  /** By resource (`ingresses`): the objects of the API in place of those that follow from the rest. */
  objects?: Record<string, Record<string, unknown>[]>
}

export interface ClusterService {
  namespace: string
  name: string
  uid: string
  annotations: Record<string, string>
  port: number
  portName?: string
  /** The port of the container, by number or name. */
  targetPort: number | string
  /** Null for pods that are bound directly. */
  nodePort: number | null
  /** `externalTrafficPolicy: Local` */
  local: boolean
  selector: Record<string, string>
  /** The addresses of its status. */
  addresses: string[]
}

export interface ClusterPod {
  namespace: string
  name: string
  ip: string
  machineId: string
  labels: Record<string, string>
  /** The ports that its container declares. */
  ports: { name?: string; port: number }[]
  /** The port on which it really listens. */
  listens: number
  state: 'ready' | 'failing' | 'crashing'
}

export interface Ccn {
  id: string
  attached: { type: 'VPC' | 'DIRECTCONNECT'; id: string; region: string; state: string }[]
  /** `instanceId` is the attached network that is the next hop. */
  routes: { id: string; cidr: string; type: 'VPC' | 'DIRECTCONNECT'; instanceId: string; enabled: boolean }[]
}

export interface RouteTable {
  id: string
  vpcId: string
  /** All routes but the local ones: every table has the local routes of its VPC. */
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
  /** The parameters of the request. If left out, only the resource. */
  parameters?: Record<string, unknown>
  actor: string
  sourceIp: string
  /** This and `token` must never leave the collector. */
  secretId: string
  token: string
  /** 0 if the operation succeeded. */
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
