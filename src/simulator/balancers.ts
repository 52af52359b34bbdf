// The CLBs of the simulated account: their listeners, rules, checks and backends.

export interface HealthCheck {
  on: boolean
  type: 'TCP' | 'HTTP' | 'HTTPS' | 'GRPC' | 'PING' | 'CUSTOM'
  /** SourceIpType. 0: probes come from the VIP, 1: from 100.64.0.0/10. */
  source: 0 | 1 | null
  port: number | null
  interval: number
  timeout: number
  codes: number
  method: string | null
  host: string | null
  path: string | null
  /** HTTP version of probes. If left out, the answer has none. */
  version?: 'HTTP/1.0' | 'HTTP/1.1'
  /** What a CUSTOM check sends and must get back. If left out, `ping` and `pong` as text. */
  custom?: { type: 'TEXT' | 'HEX'; send: string; recv: string }
  /** The gRPC codes of a healthy backend. If left out, `12`. */
  grpcCodes?: string
}

export interface Backend {
  type: 'CVM' | 'ENI' | 'CCN' | 'EVM' | 'GLOBALROUTE' | 'NAT' | 'SRV' | (string & {})
  machineId: string | null
  ip: string
  port: number
  weight: number
  /** Set if the backend was bound a moment ago and no probe has ended yet. */
  fresh?: true
  /** Set if the backend was bound five seconds ago: it has not passed enough probes yet. */
  warming?: true
  /** When it was bound, in Beijing time, e.g. `2026-11-20 06:59:55`. If left out, a time long ago. */
  boundAt?: string
}

/** One pool. A layer-4 listener has one, a layer-7 listener has one per rule. */
export interface Rule {
  id: string
  domain: string | null
  url: string | null
  check: HealthCheck
  backends: Backend[]
  targetGroupId: string | null
  /** Cloud functions bound to the rule. If left out, none. */
  functions?: { name: string; weight: number }[]
}

export interface Listener {
  id: string
  name: string
  protocol: 'TCP' | 'UDP' | 'TCP_SSL' | 'QUIC' | 'HTTP' | 'HTTPS'
  port: number
  endPort?: number
  stopped: boolean
  /** True if SNAT replaces the addresses of the clients. */
  snat?: true
  rules: Rule[]
}

export interface TargetGroup {
  id: string
  name: string
  vpcId: string
  type: 'v1' | 'v2'
  /** True if SNAT replaces the addresses of the clients. */
  snat?: true
  check: HealthCheck | null
  members: Backend[]
}

export interface Balancer {
  id: string
  name: string
  type: 'OPEN' | 'INTERNAL'
  vip: string
  /** Set if the CLB is named by a domain. Then the API gives no VIP, and probes come from 100.64.0.0/10 only. */
  domain?: string
  /**
   * The security groups whose members a rule takes the VIP and the SNAT IPs for. It is not documented whether they are
   * members of any. If left out, of none.
   */
  memberOf?: string[]
  ipv6: boolean
  /** True for an IPv6 VIP with IPv4 backends. */
  nat64: boolean
  classic: boolean
  vpcId: string
  subnetId: string
  tags: Record<string, string>
  /** The region and VPC of the backends if they are in another region (cross-region binding 1.0). Otherwise null. */
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
