import { poolName } from '../../model/endpoint.ts'
import { groupBy } from '../../model/group-by.ts'
import type { EvaluatedPool, EvaluatedTarget, Paths } from '../../path/index.ts'
import { type Probe, portRanges } from '../../rules/index.ts'
import { type Draft, type FixLine, findingTarget, type PoolTarget, poolResource } from '../check.ts'

/** True for an address outside the account: neither a machine nor a managed service, for example in a data centre. */
export const isBehindCcn = ({ target }: PoolTarget): boolean =>
  !target.location.isResolved && target.location.why.code === 'outside-vpc'

/** For Dead backends in a data centre: what their firewalls have to let in, one finding per pool. */
export function confirmFirewalls(
  remote: readonly PoolTarget[],
  paths: Paths,
  snatIps: readonly string[],
): readonly Draft[] {
  const dead = remote.filter((poolTarget) => isBehindCcn(poolTarget) && poolTarget.target.status === 'Dead')
  const pools = [...new Set(dead.map(({ pool }) => pool))]
  return pools.flatMap(
    (pool) =>
      confirm(
        pool,
        dead.filter((poolTarget) => poolTarget.pool === pool).map(({ target }) => target),
        paths,
        snatIps,
      ) ?? [],
  )
}

function confirm(
  pool: EvaluatedPool,
  dead: readonly EvaluatedTarget[],
  paths: Paths,
  snatIps: readonly string[],
): Draft | null {
  const probes = probesOf(dead)
  if (probes.length === 0) return null
  return {
    code: 'snat/confirm-idc-firewall',
    subject: pool.key,
    predicts: 'suspect',
    // Each machine can have its own firewall, so a healthy neighbour proves nothing about a Dead one.
    targets: dead.map((target) => findingTarget({ pool, target })),
    certainty: 'possible',
    role: 'note',
    severity: 'high',
    order: 3,
    resources: [poolResource(pool, paths.snapshot.region)],
    params: {
      pool: poolName(pool),
      count: dead.length,
      snatIps,
      service: probes.map(({ protocol, ports }) => `${protocol.toUpperCase()} ${ports ?? ''}`.trim()),
    },
    evidence: [{ source: 'clb:DescribeLoadBalancers', fact: 'SnatIps', value: snatIps }],
    fix: { kind: 'advice', commands: firewallLines(snatIps, probes) },
  }
}

interface Packets {
  readonly protocol: Probe['protocol']
  /** `8080` or `8080-8082`. Null if the protocol has no port, or if the port is not known. */
  readonly ports: string | null
}

/** The distinct probes to these targets. */
function probesOf(targets: readonly EvaluatedTarget[]): readonly Packets[] {
  const plans = targets.flatMap(({ plan }) => (plan.kind === 'probe' ? plan : []))
  return [...groupBy(plans, ({ protocol }) => protocol)].flatMap(([protocol, own]): readonly Packets[] => [
    ...(own.some(({ port }) => port === null) ? [{ protocol, ports: null }] : []),
    ...portRanges(own.flatMap(portsOf)).map((ports) => ({ protocol, ports })),
  ])
}

/** The port of the probes. Every port of a range if it is not known which one is probed. */
const portsOf = ({ port, endPort }: { readonly port: number | null; readonly endPort: number | null }) =>
  port === null ? [] : Array.from({ length: (endPort ?? port) - port + 1 }, (_, i) => port + i)

const firewallLines = (snatIps: readonly string[], probes: readonly Packets[]): readonly FixLine[] =>
  snatIps.flatMap((ip) =>
    probes.flatMap((packets) => {
      const what = matchOf(packets)
      return what === null
        ? []
        : [{ tool: 'shell' as const, line: `iptables -I INPUT ${what} -s ${ip}/32 -j ACCEPT` }]
    }),
  )

/** The match options of iptables. Null if they would open more than the probes need. */
function matchOf({ protocol, ports }: Packets): string | null {
  if (protocol === 'icmp') return '-p icmp --icmp-type echo-request'
  // iptables writes a range with a colon (iptables-extensions, tcp).
  return protocol === 'icmpv6' || ports === null ? null : `-p ${protocol} --dport ${ports.replace('-', ':')}`
}
