import type { HopStage, HopVerdict, ProbeVia } from '../model/diagnosis.ts'
import type { LoadBalancer, SecurityGroup, Snapshot, Subnet } from '../model/snapshot.ts'
import {
  type Evaluator,
  isEmpty,
  type OrderConflict,
  type Outcome,
  type Probe,
  parseAddresses,
  type Remainder,
  sizeOf,
  subtract,
  toCidrs,
} from '../rules/index.ts'
import type { Member } from './pools.ts'
import { isUnprobed, type NoProbe, type ProbeOrigin, type ProbePlan } from './probe.ts'
import {
  bypassesGroups,
  groupsOf,
  isGroupless,
  type Resolved,
  sharesSubnet,
  subnetAndAclOf,
  type TargetLocation,
  type UnresolvedReason,
} from './target-location.ts'

/** The little that a block leaves open, and of how many. Null: all ports, or all sources. */
export interface OpenRemainder {
  readonly stage: HopStage
  readonly protocol: Probe['protocol']
  readonly ports: { readonly open: readonly string[]; readonly of: bigint } | null
  readonly sources: { readonly open: readonly string[]; readonly of: bigint } | null
}

/** Why a hop has its verdict. diagnosis/ puts it into words. */
export type HopNote =
  | UnresolvedReason
  | { readonly code: NoProbe }
  | {
      readonly code: 'no-acl' | 'same-subnet' | 'ipv6' | 'pass-to-target' | 'bypass-unknown' | 'guest-unseen'
    }
  | { readonly code: 'answers-probes' | 'source-unknown' | 'rule-unclear' | 'groupless' }
  | {
      readonly code: 'source-disagrees'
      readonly verdicts: readonly { via: ProbeVia; verdict: HopVerdict }[]
    }
  | { readonly code: 'order-matters'; readonly conflict: OrderConflict }
  | { readonly code: 'reply-ports'; readonly closed: readonly string[] }
  | { readonly code: 'readings-differ' }
  | { readonly code: 'remainder'; readonly remainder: OpenRemainder }

/** The result for one origin of the probes. */
export interface HopFinding {
  readonly via: ProbeVia
  readonly probe: Probe
  readonly outcome: Outcome
}

export interface Hop {
  readonly stage: HopStage
  readonly verdict: HopVerdict
  readonly notes: readonly HopNote[]
  /** One per evaluated origin. Empty if the hop was not evaluated. */
  readonly findings: readonly HopFinding[]
  /** acl-out of a triple ACL: the same hop if an entry's port means the source port. */
  readonly bySourcePort?: Hop
}

export interface PathContext {
  readonly snapshot: Snapshot
  readonly balancer: LoadBalancer | undefined
  readonly evaluator: Evaluator
}

export interface LocatedTarget extends Member {
  readonly plan: ProbePlan
  readonly location: Resolved<TargetLocation>
}

/** Every hop of a probe, in the order in which the packet meets them. */
export type Path = readonly Hop[]

type Plan = Extract<ProbePlan, { kind: 'probe' }>

type ProbedTarget = LocatedTarget & { readonly plan: Plan }

const hop = (stage: HopStage, verdict: HopVerdict, ...notes: readonly HopNote[]): Hop => ({
  stage,
  verdict,
  notes,
  findings: [],
})

export function pathOf(context: PathContext, located: LocatedTarget): Path {
  const { plan, checkUnread, status } = located
  if (plan.kind === 'none') {
    const note: HopNote = checkUnread ? { code: 'unread', failures: [checkUnread] } : { code: plan.reason }
    return STAGES.map((stage) => hop(stage, isUnprobed(plan) ? 'not-applicable' : 'unknown', note))
  }
  const target = { ...located, plan }
  const [aclIn, aclOut] = aclHops(context, target)
  const guest = status === 'Alive' ? ANSWERING_GUEST : UNSEEN_GUEST
  return [aclIn, groupHop(context, target), ...guest, aclOut]
}

const GUEST_STAGES: readonly HopStage[] = ['guest-firewall', 'listener', 'application']
const ANSWERING_GUEST = GUEST_STAGES.map((stage) => hop(stage, 'pass', { code: 'answers-probes' }))
const UNSEEN_GUEST = GUEST_STAGES.map((stage) => hop(stage, 'unknown', { code: 'guest-unseen' }))

const STAGES: readonly HopStage[] = ['acl-in', 'security-group', ...GUEST_STAGES, 'acl-out']

function groupHop({ snapshot, balancer, evaluator }: PathContext, target: ProbedTarget): Hop {
  const { location } = target
  const bypass = bypassesGroups(balancer, target)
  if (bypass) return hop('security-group', 'not-applicable', { code: bypass })
  if (!location.isResolved) return hop('security-group', 'unknown', location.why)
  if (isGroupless(location.value)) return hop('security-group', 'not-applicable', { code: 'groupless' })
  const groups = groupsOf(snapshot, location.value)
  if (!groups.isResolved) return hop('security-group', 'unknown', groups.why)
  const found = overOrigins('security-group', target, (probe) =>
    evaluator.securityGroups(groups.value, probe),
  )
  const ordered = orderNote(groups.value, found, evaluator)
  const noted = { ...found, notes: [...found.notes, ...ordered] }
  // It is not known whether the groups apply at all. Only a pass holds in both cases.
  if (bypass === null && noted.verdict !== 'pass')
    return {
      ...noted,
      verdict: 'unknown',
      notes: [...noted.notes, { code: balancer ? 'bypass-unknown' : 'balancer-unread' }],
    }
  return noted
}

function orderNote(groups: readonly SecurityGroup[], found: Hop, evaluator: Evaluator): readonly HopNote[] {
  const [conflict] = found.findings.flatMap(({ probe }) => evaluator.orderMatters(groups, probe) ?? [])
  return conflict ? [{ code: 'order-matters', conflict }] : []
}

function aclHops({ snapshot, balancer, evaluator }: PathContext, target: ProbedTarget): readonly [Hop, Hop] {
  const { plan, location } = target
  const both = (verdict: HopVerdict, note: HopNote): readonly [Hop, Hop] => [
    hop('acl-in', verdict, note),
    hop('acl-out', verdict, note),
  ]
  if (!location.isResolved) return both('unknown', location.why)
  const around = subnetAndAclOf(snapshot, location.value)
  if (!around.isResolved) return both('unknown', around.why)
  const { subnet, acl } = around.value
  if (acl === null) return both('pass', { code: 'no-acl' })
  const origins = plan.origins.flatMap((origin) => fromOutside(origin, balancer, subnet))
  if (origins.length === 0) return both('pass', { code: 'same-subnet' })
  const local =
    origins.some((origin, i) => origin !== plan.origins[i]) || origins.length < plan.origins.length
  const rest = { ...target, plan: { ...plan, origins } }

  const into = overOrigins('acl-in', rest, (probe) => evaluator.aclIngress(acl, probe))
  const out = overOrigins('acl-out', rest, (probe) => evaluator.aclReply(acl, probe, 'destination'))
  const other = overOrigins('acl-out', rest, (probe) => evaluator.aclReply(acl, probe, 'source'))
  const isTriple = acl.kind === 'triple'
  const differ = isTriple && other.verdict !== out.verdict
  const reply: Hop = {
    ...out,
    notes: [...out.notes, ...(differ ? [{ code: 'readings-differ' } as const] : [])],
    ...(isTriple ? { bySourcePort: other } : {}),
  }
  const passesLocally = (found: Hop): Hop =>
    local && found.verdict !== 'pass'
      ? {
          ...found,
          verdict: 'unknown',
          notes: [...found.notes, { code: 'source-disagrees', verdicts: disagreement(found) }],
        }
      : found
  return [passesLocally(into), passesLocally(reply)]
}

/**
 * The part of an origin outside the target's own subnet. No ACL filters within a subnet, and a VIP or SNAT IP may be
 * inside it.
 */
function fromOutside(
  origin: ProbeOrigin,
  balancer: LoadBalancer | undefined,
  subnet: Subnet,
): readonly ProbeOrigin[] {
  if (origin.via === 'vip') {
    const shares = sharesSubnet(balancer, subnet)
    return shares === null ? [{ ...origin, sources: null }] : shares ? [] : [origin]
  }
  if (origin.via !== 'snat' || origin.sources === null || balancer?.vpcId !== subnet.vpcId) return [origin]
  const own = parseAddresses((origin.sources.family === 6 ? subnet.ipv6Cidr : subnet.cidr) ?? '')
  const rest = own ? subtract(origin.sources, own) : origin.sources
  if (isEmpty(rest)) return []
  return sizeOf(rest) === sizeOf(origin.sources) ? [origin] : [{ ...origin, sources: rest }]
}

const disagreement = (found: Hop): readonly { via: ProbeVia; verdict: HopVerdict }[] => [
  { via: 'vip', verdict: 'pass' },
  ...found.findings.map(({ via, outcome }) => ({ via, verdict: outcome.verdict })),
]

/**
 * One hop for all addresses that the probes may come from. If the API does not say which origin is in force, each is
 * evaluated. If all give the same verdict, that is the answer. If they differ, the hop is unknown.
 */
function overOrigins(stage: HopStage, target: ProbedTarget, evaluate: (probe: Probe) => Outcome): Hop {
  const { origins } = target.plan
  const findings = origins.flatMap((origin) => {
    const probe = probeFrom(origin, target)
    return probe ? [{ via: origin.via, probe, outcome: evaluate(probe) }] : []
  })
  const unplaced = origins.length - findings.length
  if (findings.length === 0) return hop(stage, 'unknown', { code: 'source-unknown' })
  const verdicts = new Set(findings.map(({ outcome }) => outcome.verdict))
  const [verdict] = verdicts
  if (verdict === undefined || verdicts.size > 1)
    return {
      stage,
      verdict: 'unknown',
      findings,
      notes: [
        {
          code: 'source-disagrees',
          verdicts: findings.map(({ via, outcome }) => ({ via, verdict: outcome.verdict })),
        },
      ],
    }
  const notes: HopNote[] = findings.flatMap((finding) => notesOf(stage, finding))
  if (unplaced > 0 && verdict !== 'unknown')
    return { stage, verdict: 'unknown', findings, notes: [...notes, { code: 'source-unknown' }] }
  return { stage, verdict, findings, notes }
}

function notesOf(stage: HopStage, { outcome, probe }: HopFinding): readonly HopNote[] {
  const unclear = outcome.pieces.some(({ verdict }) => verdict === 'unknown')
  const { remainder } = outcome
  const closed = outcome.verdict === 'partial' ? outcome.closedPorts : []
  return [
    ...(unclear ? [{ code: 'rule-unclear' } as const] : []),
    ...(closed.length > 0 ? [{ code: 'reply-ports', closed } as const] : []),
    ...(remainder ? [{ code: 'remainder', remainder: openRemainder(stage, probe, remainder) } as const] : []),
  ]
}

function openRemainder(stage: HopStage, probe: Probe, { sources, ports }: Remainder): OpenRemainder {
  const all = sizeOf(probe.sources)
  const isPart = sizeOf(sources) < all
  return {
    stage,
    protocol: probe.protocol,
    ports,
    sources: isPart ? { open: toCidrs(sources), of: all } : null,
  }
}

function probeFrom({ sources }: ProbeOrigin, { ip, plan }: ProbedTarget): Probe | null {
  if (sources === null || ip === '') return null
  return { sources, destination: ip, protocol: plan.protocol, port: plan.port }
}
