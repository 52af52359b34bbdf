import {
  type AssessedPool,
  type AssessedTarget,
  type Assessment,
  isUnprobed,
} from '../../assessment/index.ts'
import { poolName } from '../../model/endpoint.ts'
import type { Probe } from '../../network/index.ts'
import {
  type Check,
  type CheckResult,
  cover,
  type Draft,
  everyTarget,
  type FixLine,
  poolResource,
  result,
} from '../check.ts'
import { reasons } from './messages.ts'

/**
 * Guide 1.4: backends reached over CCN or Direct Connect see the CLB's SNAT IPs as the source. Whether their side lets
 * those in cannot be read from the API: the rule it needs is spelled out instead.
 */
export const snat: Check = { id: 'snat', reasons, run }

function run(assessment: Assessment): CheckResult {
  const remote = assessment.pools.flatMap((pool) => {
    const targets = pool.targets.filter((target) => target.type === 'CCN' && !isUnprobed(target.plan))
    return targets.length > 0 ? [{ ...pool, targets }] : []
  })
  if (remote.length === 0)
    return { outcome: everyTarget(assessment).length > 0 ? 'not-applicable' : 'unknown', drafts: [] }
  const { balancer } = assessment
  if (!balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  const snatIps = balancer.snatIps.flatMap(({ ip }) => ip ?? [])
  if (snatIps.length > 0)
    return result(
      remote.flatMap((pool) => confirm(pool, assessment, snatIps) ?? []),
      ['unknown'],
    )
  return result([noSnatIp(remote, assessment)], ['unknown'])
}

function noSnatIp(pools: readonly AssessedPool[], assessment: Assessment): Draft {
  const id = assessment.snapshot.loadBalancerId
  return {
    code: 'snat/no-snat-ip',
    subject: id,
    predicts: 'dead',
    covers: pools.flatMap((pool) => pool.targets.map((target) => cover({ pool, target }))),
    // Mandatory for IDC addresses; for VPCs of another region it is not documented (platform facts C1).
    certainty: 'likely',
    role: 'risk',
    severity: 'high',
    order: 0,
    resources: [{ type: 'clb', id, region: assessment.snapshot.region }],
    params: { clb: id, count: pools.flatMap(({ targets }) => targets).length },
    evidence: [
      { source: 'clb:DescribeLoadBalancers', fact: 'SnatPro', value: assessment.balancer?.snatPro ?? null },
      { source: 'clb:DescribeLoadBalancers', fact: 'SnatIps', value: [] },
    ],
    fix: { kind: 'advice' },
  }
}

function confirm(pool: AssessedPool, assessment: Assessment, snatIps: readonly string[]): Draft | null {
  const dead = pool.targets.filter(({ status }) => status === 'Dead')
  const probes = probesOf(dead)
  if (probes.length === 0) return null
  return {
    code: 'snat/confirm-idc-firewall',
    subject: pool.key,
    predicts: 'dead',
    // Each machine may have a firewall of its own, so a healthy neighbour proves nothing about a Dead one.
    covers: dead.map((target) => cover({ pool, target })),
    certainty: 'possible',
    role: 'note',
    severity: 'high',
    order: 3,
    resources: [poolResource(pool, assessment.snapshot.region)],
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
function probesOf(targets: readonly AssessedTarget[]): readonly Packets[] {
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
