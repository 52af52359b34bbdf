import { check } from '../../src/simulator/base.ts'
import type { HealthCheck, Listener } from '../../src/simulator/world.ts'
import type { Random } from './random.ts'

// The plan of a random healthy CLB. healthy.ts builds it.

export interface Front {
  readonly kind: 'public' | 'private' | 'ipv6' | 'nat64' | 'classic-public' | 'classic-private'
  readonly vip: string
  readonly subnetId: string
  readonly passToTarget: boolean
  readonly snatIps: readonly string[]
  /** The domain that names the CLB in place of a VIP. */
  readonly domain?: string
  /** The proxy mode of the cluster that owns the CLB; null if no cluster owns it. */
  readonly cluster: 'ipvs' | 'iptables' | null
}

export type PoolKind = 'machines' | 'six' | 'pods' | 'node-port' | 'data-centre' | 'far' | 'service'

export interface PoolPlan {
  readonly kind: PoolKind
  readonly size: number
  readonly check: HealthCheck
  /** The port of the backends. */
  readonly port: number
  /** The kind of target group; null if the backends are bound directly. */
  readonly group: 'v1' | 'v2' | 'v2-own-check' | null
}

export interface ListenerPlan {
  readonly protocol: Listener['protocol']
  readonly port: number
  /** The last port of a listener for a range of ports. */
  readonly endPort?: number
  readonly pools: readonly PoolPlan[]
}

/** Plans of a CLB in place of the random ones. */
export interface OtherPlans {
  /** The front of such a CLB; null if this front cannot have the shape. */
  readonly front?: (front: Front) => Front | null
  /** The listeners of such a CLB; null if these listeners cannot have the shape. */
  readonly listeners?: (
    random: Random,
    front: Front,
    plans: readonly ListenerPlan[],
  ) => readonly ListenerPlan[] | null
}

/** The traffic that must reach the backends of a pool. */
export interface Need {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6'
  readonly port: number
  /** The last port, if it may be any of a range. */
  readonly endPort?: number
  readonly sources: readonly string[]
}

/** As a rule names them. */
export const portsOf = ({ port, endPort }: Need): string =>
  endPort === undefined ? `${port}` : `${port}-${endPort}`

export const PROBE_RANGE = '100.64.0.0/10'
const host = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`

const KINDS: readonly Front['kind'][] = [
  'public',
  'public',
  'public',
  'private',
  'private',
  'ipv6',
  'nat64',
  'classic-public',
  'classic-private',
]

export function planFront(random: Random): Front {
  const kind = random.pick(KINDS)
  const isFour = kind === 'public' || kind === 'private'
  const isPrivate = kind.endsWith('private')
  const isNeighbour = kind === 'private' && random.chance(0.25)
  const snats = isFour && random.chance(0.45) ? 1 + random.below(3) : 0
  const cluster = isFour && random.chance(0.25) ? random.pick(['ipvs', 'iptables'] as const) : null
  const near = isNeighbour ? '10.0.11.250' : `10.0.0.${50 + random.below(100)}`
  const open =
    kind === 'ipv6' || kind === 'nat64'
      ? `2402:4e00:1000:2600:0:9300:1a2b:3c${kind === 'ipv6' ? 4 : 5}d`
      : `203.0.113.${100 + random.below(100)}`
  return {
    kind,
    vip: isPrivate ? near : open,
    subnetId: !isPrivate ? '' : isNeighbour ? 'subnet-case0011' : 'subnet-clb00001',
    passToTarget: snats === 0 && (isFour || kind === 'nat64') && random.chance(0.15),
    snatIps: Array.from({ length: snats }, (_, i) => `10.0.9.${201 + i}`),
    cluster,
  }
}

export const isClassic = ({ kind }: Front): boolean => kind.startsWith('classic')

export function planListeners(random: Random, front: Front): readonly ListenerPlan[] {
  const protocols: readonly Listener['protocol'][] = isClassic(front)
    ? ['TCP', 'UDP', 'HTTP', 'HTTPS']
    : ['TCP', 'TCP', 'UDP', 'TCP_SSL', 'HTTP', 'HTTPS', 'HTTPS']
  return random.some([80, 443, 8000, 8443, 9443], 1 + random.below(3)).map((port): ListenerPlan => {
    const protocol = random.pick(protocols)
    const count = protocol.startsWith('HTTP') && !isClassic(front) ? 1 + random.below(2) : 1
    return { protocol, port, pools: Array.from({ length: count }, () => planPool(random, front, protocol)) }
  })
}

function kindsFor(front: Front, protocol: Listener['protocol']): readonly PoolKind[] {
  if (front.kind === 'ipv6') return ['six']
  const near: readonly PoolKind[] = front.cluster
    ? ['node-port', 'node-port', 'node-port', 'pods']
    : ['machines', 'machines', 'machines', 'pods']
  if (isClassic(front)) return ['machines']
  if (front.snatIps.length === 0) return near
  return [...near, 'data-centre', 'far', ...(protocol === 'TCP' ? (['service', 'service'] as const) : [])]
}

function planPool(random: Random, front: Front, protocol: Listener['protocol']): PoolPlan {
  const kind = random.pick(kindsFor(front, protocol))
  const port = random.pick(kind === 'node-port' ? [30_080, 31_080, 32_000] : [80, 443, 3000, 8080, 8443])
  const check = planCheck(random, front, kind === 'service' ? 'TCP_SSL' : protocol, port)
  const canGroup = kind === 'machines' || kind === 'pods' || kind === 'node-port'
  const isGrouped = canGroup && !isClassic(front) && random.chance(0.3)
  return {
    kind,
    port,
    size: kind === 'service' ? 1 + random.below(2) : 1 + random.below(5),
    check,
    group: isGrouped ? random.pick(['v1', 'v2', 'v2-own-check'] as const) : null,
  }
}

/** IPVS nodes have the VIP themselves, so a reply to the VIP would never leave the node. */
const sourcesFor = ({ kind, cluster }: Front): readonly HealthCheck['source'][] =>
  kind === 'nat64' || cluster === 'ipvs' ? [1] : [0, 0, 0, 1, 1, 1, null]

export function planCheck(
  random: Random,
  front: Front,
  protocol: Listener['protocol'],
  port: number,
): HealthCheck {
  const type = isClassic(front) ? CLASSIC_TYPES[protocol] : random.pick(TYPES[protocol])
  const isHttp = type === 'HTTP' || type === 'HTTPS'
  return check({
    type,
    source: random.pick(sourcesFor(front)),
    port: type !== 'PING' && !isClassic(front) && random.chance(0.03) ? port + 1000 : null,
    timeout: 2 + random.below(3),
    codes: random.pick([2, 2 + 4, 1 + 2 + 4 + 8]),
    method: isHttp && !isClassic(front) ? random.pick(['GET', 'GET', 'HEAD']) : null,
    host: isHttp && !isClassic(front) ? 'shop.example.com' : null,
    path: isHttp ? '/healthz' : null,
  })
}

const CLASSIC_TYPES = {
  TCP: 'TCP',
  UDP: 'PING',
  TCP_SSL: 'TCP',
  QUIC: 'TCP',
  HTTP: 'HTTP',
  HTTPS: 'HTTP',
} as const satisfies Record<Listener['protocol'], HealthCheck['type']>

const TYPES = {
  TCP: ['TCP', 'TCP', 'HTTP'],
  UDP: ['PING', 'CUSTOM'],
  TCP_SSL: ['TCP'],
  QUIC: ['TCP'],
  HTTP: ['HTTP', 'HTTP', 'TCP'],
  HTTPS: ['HTTP', 'HTTP', 'HTTPS', 'TCP'],
} as const satisfies Record<Listener['protocol'], readonly HealthCheck['type'][]>

/** The traffic of the probes of a pool, with the sources that rules can name. */
export function needOf(
  front: Front,
  protocol: Listener['protocol'],
  plan: PoolPlan,
  inForce: HealthCheck,
): Need {
  const ping = plan.kind === 'six' ? 'icmpv6' : 'icmp'
  const isUdp = protocol === 'UDP' && inForce.type === 'CUSTOM'
  return {
    protocol: inForce.type === 'PING' ? ping : isUdp ? 'udp' : 'tcp',
    port: inForce.port ?? plan.port,
    sources: sourcesOf(front, plan, inForce),
  }
}

function sourcesOf(front: Front, { kind }: PoolPlan, { source }: HealthCheck): readonly string[] {
  if (kind === 'data-centre' || kind === 'far' || kind === 'service') return front.snatIps.map(host)
  if (front.domain !== undefined) return [PROBE_RANGE]
  if (front.kind === 'classic-private') return ['169.254.128.0/17']
  if (kind === 'six' || source === 0) return [host(front.vip)]
  // Without a setting the default of the account decides. The API does not show it, so people open both.
  return source === 1 || front.kind === 'nat64' ? [PROBE_RANGE] : [host(front.vip), PROBE_RANGE]
}
