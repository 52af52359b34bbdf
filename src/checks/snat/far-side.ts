import { poolName } from '../../model/endpoint.ts'
import type { EvaluatedPool, EvaluatedTarget, Paths } from '../../path/index.ts'
import type { Probe } from '../../rules/index.ts'
import { type Draft, type FixLine, findingTarget, type PoolTarget, poolResource } from '../check.ts'

/** Neither a machine of the account nor a managed service: a data centre's, which the API does not show. */
export const isBehindCcn = ({ target }: PoolTarget): boolean =>
  !target.location.isResolved && target.location.why.code === 'outside-vpc'

/** Dead backends of a data centre: what its firewall and machines have to let in, pool by pool. */
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
    // Each machine may have a firewall of its own, so a healthy neighbour proves nothing about a Dead one.
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
      service: probes.map(({ protocol, port }) => `${protocol.toUpperCase()} ${port ?? ''}`.trim()),
    },
    evidence: [{ source: 'clb:DescribeLoadBalancers', fact: 'SnatIps', value: snatIps }],
    fix: { kind: 'advice', commands: firewallLines(snatIps, probes) },
  }
}

interface Packets {
  readonly protocol: Probe['protocol']
  /** Null: it has none, or it is not known. */
  readonly port: number | null
}

/** What the targets are probed with, each kind once. */
function probesOf(targets: readonly EvaluatedTarget[]): readonly Packets[] {
  const all = new Map<string, Packets>()
  for (const { plan } of targets) if (plan.kind === 'probe') all.set(`${plan.protocol} ${plan.port}`, plan)
  return [...all.values()].sort((a, b) => (a.port ?? 0) - (b.port ?? 0))
}

const firewallLines = (snatIps: readonly string[], probes: readonly Packets[]): readonly FixLine[] =>
  snatIps.flatMap((ip) =>
    probes.flatMap((packets) => {
      const what = matchOf(packets)
      return what === null
        ? []
        : [{ tool: 'shell' as const, line: `iptables -I INPUT ${what} -s ${ip}/32 -j ACCEPT` }]
    }),
  )

/** As iptables says it; null where it would have to open more than is probed. */
function matchOf({ protocol, port }: Packets): string | null {
  if (protocol === 'icmp') return '-p icmp --icmp-type echo-request'
  return protocol === 'icmpv6' || port === null ? null : `-p ${protocol} --dport ${port}`
}
