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

/** One place the probes may come from; `sources` is null where the addresses are not known. */
export interface ProbeOrigin {
  readonly via: ProbeVia
  readonly sources: AddressSet | null
}

/** The first two: nothing is sent. The others: what is sent is not known. */
export type NoProbe = 'check-off' | 'listener-stopped' | 'check-unknown' | 'protocol-unknown'

/** Nothing is sent, as opposed to: it is not known what is. */
export const isUnprobed = (plan: ProbePlan): boolean =>
  plan.kind === 'none' && (plan.reason === 'check-off' || plan.reason === 'listener-stopped')

/**
 * `source`: that IPv6 probes carry the VIP (platform facts C1). `ping`: that UDP checks of a classic CLB are pings
 * (C7). `evm`: where backends of that type are probed from (C5). `override`: that a target group's own check is in force
 * in place of the listener's (C3).
 */
export type Inference = 'source' | 'ping' | 'evm' | 'override'

/**
 * What CLB sends to one target. Several origins mean that the API does not say which is in force: each is evaluated,
 * agreement is an answer, disagreement is not.
 */
export type ProbePlan =
  | { readonly kind: 'none'; readonly reason: NoProbe }
  | {
      readonly kind: 'probe'
      readonly origins: readonly ProbeOrigin[]
      readonly protocol: Probe['protocol']
      readonly port: number | null
      /** What of it is inferred, not documented. */
      readonly inferred: Inference | null
    }

export function planProbe(pool: Pool, member: Member, balancer: LoadBalancer | undefined): ProbePlan {
  const check = member.healthCheck
  if (pool.stopped) return { kind: 'none', reason: 'listener-stopped' }
  // Port, protocol and source all hang on it: nothing that is assumed in its place would be true of every listener.
  if (check === null) return { kind: 'none', reason: 'check-unknown' }
  if (check.enabled === false) return { kind: 'none', reason: 'check-off' }
  const family = familyOf(member.ip)
  const transport = transportOf(pool.protocol, check, family)
  if (transport === null) return { kind: 'none', reason: 'protocol-unknown' }
  return {
    kind: 'probe',
    origins: originsOf(member, check, balancer, family),
    protocol: transport,
    port: transport === 'icmp' || transport === 'icmpv6' ? null : (check.port ?? (member.port || null)),
    inferred: inferenceOf(member, check, balancer, family),
  }
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
  return checkOverrides ? 'override' : null
}

/** Transport of the probe by check type, or by the listener's default where the type is unset (platform facts C3). */
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
  const vip: ProbeOrigin = { via: 'vip', sources: balancer ? vipSources(balancer)[family] : null }
  const range: ProbeOrigin = { via: '100.64', sources: PROBE_100_64 }
  if (member.type === 'CCN') {
    // Cross-region targets without SNAT are reached in a way that is not documented (platform facts C1).
    if (balancer && !balancer.snatPro) return [{ via: 'unknown', sources: null }]
    return [{ via: 'snat', sources: balancer ? snatSources(balancer)[family] : null }]
  }
  if (balancer?.generation === 'classic') return classicOrigins(balancer, vip)
  const own =
    family === 6 || check.sourceIpType === 0 ? [vip] : check.sourceIpType === 1 ? [range] : [vip, range]
  // Of which type it is was not read: it may be one behind CCN.
  if (member.type !== 'UNKNOWN' || balancer?.snatPro === false) return own
  return [...own, { via: 'snat', sources: balancer ? snatSources(balancer)[family] : null }]
}

/**
 * Private ones probe from 169.254.128.0/17; of those made before that day it is said that the VIP must be let in; one of
 * the basic network, in no VPC, from addresses of CLB's machines (platform facts C1).
 */
function classicOrigins(balancer: LoadBalancer, vip: ProbeOrigin): readonly ProbeOrigin[] {
  if (balancer.networkType !== 'INTERNAL' || balancer.vpcId === null)
    return [{ via: 'unknown', sources: null }]
  const range: ProbeOrigin = { via: '169.254', sources: PROBE_169_254 }
  return balancer.createdAt !== null && balancer.createdAt >= '2016-12-05' ? [range] : [vip, range]
}

// One set for all targets: answers about it are found again by the set itself.
const vipSources = remembered(({ vips }: LoadBalancer) => ofEitherFamily(vips))
const snatSources = remembered(({ snatIps }: LoadBalancer) =>
  ofEitherFamily(snatIps.flatMap(({ ip }) => ip ?? [])),
)
const ofEitherFamily = (texts: readonly string[]) => ({ 4: addresses(texts, 4), 6: addresses(texts, 6) })

/** Null where none of the addresses is of the family: then the source is not known. */
function addresses(texts: readonly string[], family: 4 | 6): AddressSet | null {
  let all = emptySet(family)
  for (const text of texts) {
    const set = parseAddresses(text)
    if (set?.family === family) all = union(all, set)
  }
  return isEmpty(all) ? null : all
}
