import type { GuestCheck, GuestEvaluation } from '../guest/index.ts'
import type { HopStage, HopVerdict } from '../model/diagnosis.ts'
import { failuresOf } from '../model/fact.ts'
import { familyOf } from '../model/ip.ts'
import type { LoadBalancer, SecurityGroup, Snapshot } from '../model/snapshot.ts'
import {
  type Decider,
  type Evaluator,
  everything,
  largest,
  type Outcome,
  type Probe,
  type Remainder,
  sizeOf,
  toCidrs,
} from '../rules/index.ts'
import { guestHops } from './guest-hops.ts'
import type { Hop, HopFinding } from './hop.ts'
import { type HopNote, type OpenRemainder, type OriginVerdict, unclearRulesIn } from './notes.ts'
import { type OriginParts, partsOf } from './own-subnet.ts'
import type { Member } from './pools.ts'
import { isUnprobed, type ProbeOrigin, type ProbePlan } from './probe.ts'
import {
  bypassesGroups,
  groupsOf,
  isGroupless,
  type Resolved,
  subnetAndAclOf,
  type TargetLocation,
} from './target-location.ts'

export interface PathContext {
  readonly snapshot: Snapshot
  readonly balancer: LoadBalancer | undefined
  readonly evaluator: Evaluator
}

export interface LocatedTarget extends Member {
  readonly plan: ProbePlan
  readonly location: Resolved<TargetLocation>
  /** What the machine says about the probes. Null if nobody looked inside. */
  readonly guest: GuestEvaluation | null
  readonly guestCheck: GuestCheck
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
  const { plan, checkUnread } = located
  if (plan.kind === 'none') {
    const note: HopNote = checkUnread ? { code: 'unread', failures: [checkUnread] } : { code: plan.reason }
    return STAGES.map((stage) => hop(stage, isUnprobed(plan) ? 'not-applicable' : 'unknown', note))
  }
  const target = { ...located, plan }
  const [aclIn, aclOut] = aclHops(context, target)
  const guest = guestHopsOf(target)
  return [aclIn, groupHop(context, target), ...guest, aclOut]
}

/** A healthy target answers, whatever the machine says about itself. */
function guestHopsOf({ status, guest, ...target }: ProbedTarget): readonly Hop[] {
  if (status === 'Alive') return ANSWERING_GUEST
  return guest ? guestHops({ ...target, guest }) : UNSEEN_GUEST
}

const GUEST_STAGES: readonly HopStage[] = ['guest-firewall', 'listener', 'application']
const ANSWERING_GUEST = GUEST_STAGES.map((stage) => hop(stage, 'pass', { code: 'answers-probes' }))
const UNSEEN_GUEST = GUEST_STAGES.map((stage) => hop(stage, 'unknown', { code: 'guest-unseen' }))

const STAGES: readonly HopStage[] = ['acl-in', 'security-group', ...GUEST_STAGES, 'acl-out']

function groupHop(context: PathContext, target: ProbedTarget): Hop {
  const { snapshot, balancer, evaluator } = context
  const { location } = target
  const bypass = bypassesGroups(balancer, target)
  if (bypass) return hop('security-group', 'not-applicable', { code: bypass })
  if (!location.isResolved) return hop('security-group', 'unknown', location.why)
  if (isGroupless(location.value)) return hop('security-group', 'not-applicable', { code: 'groupless' })
  const groups = groupsOf(snapshot, location.value)
  if (!groups.isResolved) return hop('security-group', 'unknown', groups.why)
  const found = overOrigins('security-group', target, context, (probe) =>
    evaluator.securityGroups(groups.value, probe),
  )
  const ordered = orderNote(groups.value, found, evaluator)
  const noted = { ...found, notes: [...found.notes, ...ordered] }
  // It is not known whether the groups apply at all. Only a pass holds in both cases.
  if (bypass === null && noted.verdict !== 'pass')
    return {
      ...noted,
      verdict: 'unknown',
      notes: [
        balancer
          ? { code: 'bypass-unknown', snat: balancer.passToTarget === true, by: deniedMostBy(found) }
          : unreadBalancer(snapshot),
        ...noted.notes,
      ],
    }
  return noted
}

function orderNote(groups: readonly SecurityGroup[], found: Hop, evaluator: Evaluator): readonly HopNote[] {
  const [conflict] = found.findings.flatMap(({ probe }) => evaluator.orderMatters(groups, probe) ?? [])
  return conflict ? [{ code: 'order-matters', conflict }] : []
}

/** The failed call that would have given the CLB. */
const unreadBalancer = ({ loadBalancer }: Snapshot): HopNote => ({
  code: 'unread',
  failures: failuresOf([loadBalancer]),
})

const deniedMostIn = ({ pieces }: Outcome): Decider | null =>
  largest(pieces.filter(({ verdict }) => verdict === 'deny'))?.by ?? null

const deniedMostBy = ({ findings }: Hop): Decider | null =>
  findings.map(({ outcome }) => deniedMostIn(outcome)).find((by) => by !== null) ?? null

function aclHops(context: PathContext, target: ProbedTarget): readonly [Hop, Hop] {
  const { snapshot, balancer, evaluator } = context
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
  const parts = plan.origins.map((origin) => partsOf(origin, balancer, subnet))
  const origins = parts.flatMap(({ outside }) => outside ?? [])
  if (origins.length === 0) return both('pass', { code: 'same-subnet' })
  const rest = { ...target, plan: { ...plan, origins } }

  const into = overOrigins('acl-in', rest, context, (probe) => evaluator.aclIngress(acl, probe))
  const out = overOrigins('acl-out', rest, context, (probe) => evaluator.aclReply(acl, probe, 'destination'))
  const other = overOrigins('acl-out', rest, context, (probe) => evaluator.aclReply(acl, probe, 'source'))
  const isTriple = acl.kind === 'triple'
  const differ = isTriple && other.verdict !== out.verdict
  const reply: Hop = {
    ...out,
    notes: [...out.notes, ...(differ ? [{ code: 'readings-differ' } as const] : [])],
    ...(isTriple ? { bySourcePort: other } : {}),
  }
  return [passesLocally(into, parts, plan, context), passesLocally(reply, parts, plan, context)]
}

/** If some of the probes may not cross the ACL, it decides only if it lets the others pass too. */
function passesLocally(
  found: Hop,
  parts: readonly OriginParts[],
  { protocol, port, endPort }: Plan,
  { snapshot, balancer }: PathContext,
): Hop {
  if (found.verdict === 'pass') return found
  const local = parts.filter(({ isInside }) => isInside === 'in part')
  const notes: HopNote[] = []
  if (local.length > 0)
    notes.push({
      code: 'source-disagrees',
      protocol,
      port,
      endPort,
      verdicts: [
        ...local.map(({ via }) => ({ via, verdict: 'pass', by: null }) as const),
        ...verdictsOf(found),
      ],
    })
  if (parts.some(({ isInside }) => isInside === 'unknown'))
    notes.push(balancer ? { code: 'same-subnet-unknown', by: deniedMostBy(found) } : unreadBalancer(snapshot))
  return notes.length > 0 ? { ...found, verdict: 'unknown', notes: [...notes, ...found.notes] } : found
}

const verdictsOf = ({ findings }: Hop): readonly OriginVerdict[] =>
  findings.map(({ via, outcome }) => ({ via, verdict: outcome.verdict, by: deniedMostIn(outcome) }))

/** What the rules say to the probes from one origin. */
interface Answer extends HopFinding {
  readonly verdict: Outcome['verdict']
  /** True if the addresses are known, or if they do not matter. */
  readonly isSettled: boolean
  readonly notes: readonly HopNote[]
}

/**
 * One hop for all addresses that the probes may come from. If the API does not say which origin is in force, each is
 * evaluated. If all give the same verdict, that is the answer. If they differ, the hop is unknown.
 */
function overOrigins(
  stage: HopStage,
  target: ProbedTarget,
  context: PathContext,
  evaluate: (probe: Probe) => Outcome,
): Hop {
  const { origins, protocol, port, endPort } = target.plan
  if (target.ip === '') return hop(stage, 'unknown', { code: 'address-unknown' })
  const answers = origins.map((origin) => answerTo(stage, origin, target, context, evaluate))
  const findings = answers
    .filter(({ isSettled }) => isSettled)
    .map(({ via, probe, outcome }) => ({ via, probe, outcome }))
  const notes = answers.flatMap((one) => one.notes)
  const [verdict, ...others] = new Set(answers.map((one) => one.verdict))
  if (verdict !== undefined && others.length === 0) return { stage, verdict, findings, notes }
  const verdicts = answers.map((one) => ({
    via: one.via,
    verdict: one.verdict,
    by: one.isSettled ? deniedMostIn(one.outcome) : null,
  }))
  const disagreement: HopNote = { code: 'source-disagrees', protocol, port, endPort, verdicts }
  return { stage, verdict: 'unknown', findings, notes: [disagreement, ...notes.filter(isOpenNote)] }
}

const isOpenNote = ({ code }: HopNote): boolean => code !== 'reply-ports'

/** A source that is not known is evaluated over all addresses: denied everywhere and let in everywhere are certain. */
function answerTo(
  stage: HopStage,
  origin: ProbeOrigin,
  { ip, plan: { protocol, port, endPort } }: ProbedTarget,
  { snapshot }: PathContext,
  evaluate: (probe: Probe) => Outcome,
): Answer {
  const { via } = origin
  const probe: Probe = {
    sources: origin.sources ?? everything(familyOf(ip)),
    destination: ip,
    protocol,
    port,
    endPort,
  }
  const outcome = evaluate(probe)
  const isSettled = origin.sources !== null || outcome.verdict === 'pass' || isWholeBlock(outcome, probe)
  const { remainder } = outcome
  const rules = unclearRulesIn(outcome, snapshot)
  const closed = outcome.verdict === 'partial' ? outcome.closedPorts : []
  const notes: HopNote[] = [
    ...(rules.length > 0
      ? [{ code: 'rule-unclear', rules, via, sources: origin.sources, protocol, port, endPort } as const]
      : []),
    ...(closed.length > 0 ? [{ code: 'reply-ports', closed } as const] : []),
    ...(remainder ? [{ code: 'remainder', remainder: openRemainder(stage, probe, remainder) } as const] : []),
  ]
  if (origin.sources === null && !isSettled)
    notes.unshift(
      origin.why === 'balancer-unread'
        ? unreadBalancer(snapshot)
        : { code: 'source-unknown', why: origin.why, protocol, port, endPort },
    )
  const verdict = isSettled ? outcome.verdict : 'unknown'
  return { via, probe, outcome, verdict, isSettled, notes: isSettled ? notes : notes.filter(isOpenNote) }
}

/** A few addresses that are let in may be those that the probes come from. */
const isWholeBlock = ({ verdict, remainder }: Outcome, { sources }: Probe): boolean =>
  verdict === 'block' && (remainder === null || sizeOf(remainder.sources) === sizeOf(sources))

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
