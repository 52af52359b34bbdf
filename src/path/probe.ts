import type { ProbeVia } from '../model/diagnosis.ts'
import { familyOf } from '../model/ip.ts'
import { remembered } from '../model/memo.ts'
import type { HealthCheck, LoadBalancer } from '../model/snapshot.ts'
import {
  type AddressSet,
  emptySet,
  isEmpty,
  PROBE_100_64,
  PROBE_169_254,
  type Probe,
  parseAddresses,
  union,
} from '../rules/index.ts'
import type { Member, Pool } from './pools.ts'

/** One place that the probes may come from. `sources` is null if the addresses are not known. */
export type ProbeOrigin =
  | { readonly via: ProbeVia; readonly sources: AddressSet }
  | { readonly via: ProbeVia; readonly sources: null; readonly why: UnknownSource }

/**
 * Why the addresses that probes come from are not known:
 * - `balancer-unread`, `no-vip`, `no-snat-ip`: the API did not give the CLB, a VIP of the target's family or a SNAT IP
 * - `cross-region`, `classic-public`, `basic-network`: the documents do not say (platform facts C1)
 */
export type UnknownSource =
  | 'balancer-unread'
  | 'no-vip'
  | 'no-snat-ip'
  | 'cross-region'
  | 'classic-public'
  | 'basic-network'

/** The first two: CLB sends nothing. The other two: it is not known what CLB sends. */
export type NoProbe = 'check-off' | 'listener-stopped' | 'check-unknown' | 'protocol-unknown'

/** True if CLB sends nothing. False if it is not known what CLB sends. */
export const isUnprobed = (plan: ProbePlan): boolean =>
  plan.kind === 'none' && (plan.reason === 'check-off' || plan.reason === 'listener-stopped')

/**
 * `source`: IPv6 probes carry the VIP (platform facts C1). `ping`: UDP checks of a classic CLB are pings (C7). `evm`:
 * the origin of probes to backends of that type (C5). `override`: a target group's own check replaces the listener's
 * (C3). `domain`: a CLB that is named by a domain probes from 100.64.0.0/10 (C1). `range`: it is not documented which port
 * of a backend behind a port-range listener is probed (C3).
 */
export type Inference = 'source' | 'ping' | 'evm' | 'override' | 'domain' | 'range'

/**
 * What CLB sends to one target. If the API does not say which origin is in force, there are several. Each is evaluated.
 * If they agree, that is the answer; if not, the hop is unknown.
 */
export type ProbePlan =
  | { readonly kind: 'none'; readonly reason: NoProbe }
  | {
      readonly kind: 'probe'
      readonly origins: readonly ProbeOrigin[]
      readonly protocol: Probe['protocol']
      readonly port: number | null
      /** The last port that may be probed, if it is not known which port of a range is. */
      readonly endPort: number | null
      /** The part of the plan that is inferred and not documented. */
      readonly inferred: Inference | null
    }

export function planProbe(pool: Pool, member: Member, balancer: LoadBalancer | undefined): ProbePlan {
  const check = member.healthCheck
  if (pool.stopped) return { kind: 'none', reason: 'listener-stopped' }
  // Port, protocol and source depend on the check. No assumption would hold for every listener.
  if (check === null) return { kind: 'none', reason: 'check-unknown' }
  if (check.enabled === false) return { kind: 'none', reason: 'check-off' }
  const family = familyOf(member.ip)
  const transport = transportOf(pool.protocol, check, family)
  if (transport === null) return { kind: 'none', reason: 'protocol-unknown' }
  const isPing = transport === 'icmp' || transport === 'icmpv6'
  const endPort = isPing || check.port !== null ? null : endPortOf(pool, member)
  return {
    kind: 'probe',
    origins: originsOf(member, check, balancer, family),
    protocol: transport,
    port: isPing ? null : (check.port ?? (member.port || null)),
    endPort,
    inferred: inferenceOf(member, check, balancer, family) ?? (endPort === null ? null : 'range'),
  }
}

/** A backend is bound with the first port. The range is as long as the listener's (SDK clb_models, Listener.EndPort). */
function endPortOf({ port, endPort }: Pool, member: Member): number | null {
  if (endPort === null || endPort <= port || member.port === 0) return null
  return Math.min(member.port + endPort - port, 65_535)
}

function inferenceOf(
  { type, checkOverrides }: Member,
  check: HealthCheck,
  balancer: LoadBalancer | undefined,
  family: 4 | 6,
): Inference | null {
  if (family === 6) return 'source'
  if (type === 'EVM') return 'evm'
  if (balancer?.generation === 'classic' && check.type === null) return 'ping'
  if (balancer?.generation !== 'classic' && type !== 'CCN' && isNamedByDomain(balancer)) return 'domain'
  return checkOverrides ? 'override' : null
}

/** The probe's protocol by check type, or the listener's default if the type is not set (platform facts C3). */
function transportOf(protocol: string, check: HealthCheck, family: 4 | 6): Probe['protocol'] | null {
  const ping = family === 6 ? 'icmpv6' : 'icmp'
  switch (check.type) {
    case 'TCP':
    case 'HTTP':
    case 'HTTPS':
    case 'GRPC':
      return 'tcp'
    case 'PING':
      return ping
    case 'CUSTOM':
      return protocol === 'UDP' ? 'udp' : 'tcp'
    case null:
      if (protocol === 'UDP') return ping
      return ['TCP', 'TCP_SSL', 'QUIC', 'HTTP', 'HTTPS', 'GRPC'].includes(protocol) ? 'tcp' : null
    default:
      return null
  }
}

function originsOf(
  member: Member,
  check: HealthCheck,
  balancer: LoadBalancer | undefined,
  family: 4 | 6,
): readonly ProbeOrigin[] {
  const vip = vipOrigin(balancer, family)
  const range: ProbeOrigin = { via: '100.64', sources: PROBE_100_64 }
  if (member.type === 'CCN') {
    // It is not documented how probes reach cross-region targets without SNAT (platform facts C1).
    if (balancer && !balancer.snatPro) return [{ via: 'unknown', sources: null, why: 'cross-region' }]
    return [snatOrigin(balancer, family)]
  }
  if (balancer?.generation === 'classic') return classicOrigins(balancer, vip)
  if (family === 4 && isNamedByDomain(balancer)) return [range]
  const own =
    family === 6 || check.sourceIpType === 0 ? [vip] : check.sourceIpType === 1 ? [range] : [vip, range]
  // The backend's type was not read, so it may be behind CCN.
  if (member.type !== 'UNKNOWN' || balancer?.snatPro === false) return own
  return [...own, snatOrigin(balancer, family)]
}

function vipOrigin(balancer: LoadBalancer | undefined, family: 4 | 6): ProbeOrigin {
  const sources = balancer ? vipSources(balancer)[family] : null
  if (sources) return { via: 'vip', sources }
  return { via: 'vip', sources, why: balancer ? 'no-vip' : 'balancer-unread' }
}

function snatOrigin(balancer: LoadBalancer | undefined, family: 4 | 6): ProbeOrigin {
  const sources = balancer ? snatSources(balancer)[family] : null
  if (sources) return { via: 'snat', sources }
  return { via: 'snat', sources, why: balancer ? 'no-snat-ip' : 'balancer-unread' }
}

/** A CLB that is named by a domain has no VIP in the API. It probes from 100.64.0.0/10 only (platform facts C1). */
const isNamedByDomain = (balancer: LoadBalancer | undefined): boolean =>
  balancer !== undefined && balancer.vips.length === 0 && (balancer.domain ?? null) !== null

/**
 * Classic private CLBs probe from 169.254.128.0/17. For CLBs made before 2016-12-05 the documents say to let the VIP
 * in. A CLB of the basic network (in no VPC) probes from CLB machines, whose addresses are not documented (platform
 * facts C1).
 */
function classicOrigins(balancer: LoadBalancer, vip: ProbeOrigin): readonly ProbeOrigin[] {
  if (balancer.networkType !== 'INTERNAL') return [{ via: 'unknown', sources: null, why: 'classic-public' }]
  if (balancer.vpcId === null) return [{ via: 'unknown', sources: null, why: 'basic-network' }]
  const range: ProbeOrigin = { via: '169.254', sources: PROBE_169_254 }
  return balancer.createdAt !== null && balancer.createdAt >= '2016-12-05' ? [range] : [vip, range]
}

// One set object for all targets: the evaluator caches its answers by that object.
const vipSources = remembered(({ vips }: LoadBalancer) => ofEitherFamily(vips))
const snatSources = remembered(({ snatIps }: LoadBalancer) =>
  ofEitherFamily(snatIps.flatMap(({ ip }) => ip ?? [])),
)
const ofEitherFamily = (texts: readonly string[]) => ({ 4: addresses(texts, 4), 6: addresses(texts, 6) })

/** Null if the family has no address. The source is then not known. */
function addresses(texts: readonly string[], family: 4 | 6): AddressSet | null {
  let all = emptySet(family)
  for (const text of texts) {
    const set = parseAddresses(text)
    if (set?.family === family) all = union(all, set)
  }
  return isEmpty(all) ? null : all
}
