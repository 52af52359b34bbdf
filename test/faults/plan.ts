import { check } from '../../src/simulator/base.ts'
import type { HealthCheck, Listener } from '../../src/simulator/world.ts'
import type { Random } from './random.ts'

// What a healthy CLB of random shape is to be like, before anything of it exists.

export interface Front {
  readonly kind: 'public' | 'private' | 'ipv6' | 'nat64'
  readonly vip: string
  readonly subnetId: string
  readonly passToTarget: boolean
  readonly snatIps: readonly string[]
}

export type PoolKind = 'machines' | 'six' | 'pods' | 'data-centre' | 'far' | 'service'

export interface PoolPlan {
  readonly kind: PoolKind
  readonly size: number
  readonly check: HealthCheck
  /** Of the backends. */
  readonly port: number
  /** Through which kind of target group, if any. */
  readonly group: 'v1' | 'v2' | 'v2-own-check' | null
}

export interface ListenerPlan {
  readonly protocol: Listener['protocol']
  readonly port: number
  readonly pools: readonly PoolPlan[]
}

/** What has to get through to the backends of a pool. */
export interface Need {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6'
  readonly port: number
  readonly sources: readonly string[]
}

export const PROBE_RANGE = '100.64.0.0/10'
const host = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`

export function planFront(random: Random): Front {
  const kind = random.pick(['public', 'public', 'public', 'private', 'private', 'ipv6', 'nat64'] as const)
  const isFour = kind === 'public' || kind === 'private'
  const isNeighbour = kind === 'private' && random.chance(0.25)
  const snats = isFour && random.chance(0.45) ? 1 + random.below(3) : 0
  return {
    kind,
    vip: {
      public: `203.0.113.${100 + random.below(100)}`,
      private: isNeighbour ? '10.0.11.250' : `10.0.0.${50 + random.below(100)}`,
      ipv6: '2402:4e00:1000:2600:0:9300:1a2b:3c4d',
      nat64: '2402:4e00:1000:2600:0:9300:1a2b:3c4e',
    }[kind],
    subnetId: kind !== 'private' ? '' : isNeighbour ? 'subnet-case0011' : 'subnet-clb00001',
    passToTarget: snats === 0 && kind !== 'ipv6' && random.chance(0.15),
    snatIps: Array.from({ length: snats }, (_, i) => `10.0.9.${201 + i}`),
  }
}

export function planListeners(random: Random, front: Front): readonly ListenerPlan[] {
  const ports = random.some([80, 443, 8000, 8443, 9443], 1 + random.below(3))
  return ports.map((port): ListenerPlan => {
    const protocol = random.pick(['TCP', 'TCP', 'UDP', 'TCP_SSL', 'HTTP', 'HTTPS', 'HTTPS'] as const)
    const count = protocol.startsWith('HTTP') ? 1 + random.below(2) : 1
    return { protocol, port, pools: Array.from({ length: count }, () => planPool(random, front, protocol)) }
  })
}

function planPool(random: Random, front: Front, protocol: Listener['protocol']): PoolPlan {
  const near: readonly PoolKind[] =
    front.kind === 'ipv6' ? ['six'] : ['machines', 'machines', 'machines', 'pods']
  const beyond: readonly PoolKind[] =
    front.snatIps.length === 0
      ? []
      : ['data-centre', 'far', ...(protocol === 'TCP' ? (['service', 'service'] as const) : [])]
  const kind = random.pick([...near, ...beyond])
  const port = random.pick([80, 443, 3000, 8080, 8443, 30080])
  const found = planCheck(random, front, kind === 'service' ? 'TCP_SSL' : protocol, port)
  const grouped = (kind === 'machines' || kind === 'pods') && random.chance(0.3)
  return {
    kind,
    port,
    size: kind === 'service' ? 1 + random.below(2) : 1 + random.below(5),
    check: found,
    group: grouped ? random.pick(['v1', 'v2', 'v2-own-check'] as const) : null,
  }
}

export function planCheck(
  random: Random,
  front: Front,
  protocol: Listener['protocol'],
  port: number,
): HealthCheck {
  const type = random.pick(TYPES[protocol])
  const isHttp = type === 'HTTP' || type === 'HTTPS'
  return check({
    type,
    source: front.kind === 'nat64' ? 1 : random.pick([0, 0, 0, 1, 1, 1, null] as const),
    port: type !== 'PING' && random.chance(0.05) ? port + 1000 : null,
    timeout: 2 + random.below(3),
    codes: random.pick([2, 2 + 4, 1 + 2 + 4 + 8]),
    method: isHttp ? random.pick(['GET', 'GET', 'HEAD']) : null,
    host: isHttp ? 'shop.example.com' : null,
    path: isHttp ? '/healthz' : null,
  })
}

const TYPES = {
  TCP: ['TCP', 'TCP', 'HTTP'],
  UDP: ['PING', 'CUSTOM'],
  TCP_SSL: ['TCP'],
  QUIC: ['TCP'],
  HTTP: ['HTTP', 'HTTP', 'TCP'],
  HTTPS: ['HTTP', 'HTTP', 'HTTPS', 'TCP'],
} as const satisfies Record<Listener['protocol'], readonly HealthCheck['type'][]>

/** The packets of a pool's probes; their sources as far as they are what a rule can be written for. */
export function needOf(
  front: Front,
  protocol: Listener['protocol'],
  plan: PoolPlan,
  inForce: HealthCheck,
): Need {
  const outside = plan.kind === 'data-centre' || plan.kind === 'far' || plan.kind === 'service'
  const near = plan.kind === 'six' || inForce.source === 0 ? [host(front.vip)] : [PROBE_RANGE]
  // Unset: the account's default decides, which nobody can read; people open both.
  const unset = inForce.source === null && plan.kind !== 'six' ? [host(front.vip), PROBE_RANGE] : near
  const ping = plan.kind === 'six' ? 'icmpv6' : 'icmp'
  const isUdp = protocol === 'UDP' && inForce.type === 'CUSTOM'
  return {
    protocol: inForce.type === 'PING' ? ping : isUdp ? 'udp' : 'tcp',
    port: inForce.port ?? plan.port,
    sources: outside ? front.snatIps.map(host) : unset,
  }
}
