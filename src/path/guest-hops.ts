import type {
  GuestCheck,
  GuestEvaluation,
  GuestPart,
  GuestReason,
  GuestStage,
  NotSeen,
} from '../guest/index.ts'
import type { HopVerdict, Resource } from '../model/diagnosis.ts'
import { familyOf } from '../model/ip.ts'
import { type AddressSet, everything, intersect, isEmpty, sizeOf, subtract, unionOf } from '../rules/index.ts'
import type { Hop } from './hop.ts'
import type { HopNote, OriginVerdict } from './notes.ts'
import type { ProbeOrigin, ProbePlan } from './probe.ts'

type Plan = Extract<ProbePlan, { kind: 'probe' }>

interface Looked {
  readonly ip: string
  readonly plan: Plan
  readonly guest: GuestEvaluation
  readonly guestCheck: GuestCheck
}

const STAGES: readonly GuestStage[] = ['guest-firewall', 'listener', 'application']

/** The three stages inside a machine that somebody looked into. Each is evaluated by itself, also behind a block. */
export const guestHops = (looked: Looked): readonly Hop[] => STAGES.map((stage) => guestHop(stage, looked))

function guestHop(stage: GuestStage, { ip, plan, guest, guestCheck }: Looked): Hop {
  const family = familyOf(ip)
  const stops = stopsAt(stage, guest)
  const blocked = setOf(stops, family)
  const unread = guest.notSeen.filter(({ layer }) => stageOf(layer) === stage)
  const unclear = guest.parts.filter((part) => part.stage === stage && part.outcome === 'unknown')
  const isUnlooked = stage !== 'guest-firewall' && unread.length > 0
  const open = isUnlooked
    ? subtract(
        setOf(guest.parts, family),
        setOf(
          guest.parts.filter((part) => isPast(part, stage)),
          family,
        ),
      )
    : setOf(unclear, family)
  const answers = plan.origins.map((origin) => verdictFor(origin, family, blocked, subtract(open, blocked)))
  const { verdict: found, disagreement } = together(answers, plan)
  if (!isAskedAt(stage, plan, guestCheck) && isEmpty(blocked) && unclear.length === 0)
    return { stage, verdict: 'not-applicable', notes: [{ code: 'not-asked' }], findings: [] }
  // Of a range of ports only the first was looked at, and the probe may go to any of them.
  const isOfFirst = found === 'pass' && plan.endPort !== null
  const verdict = isOfFirst ? 'unknown' : found
  const notes: readonly HopNote[] = [
    ...disagreement,
    ...(isOfFirst ? [{ code: 'guest-first-port', port: guestCheck.port } as const] : []),
    ...(found === 'unknown' && disagreement.length === 0 ? [whyOpen(unread, unclear, guestCheck)] : []),
    ...(verdict === 'pass' ? [{ code: 'guest-passes' } as const] : []),
    ...(guest.facts.isComplete ? [] : [{ code: 'guest-incomplete' } as const]),
  ]
  return { stage, verdict, notes, findings: [], inside: { blocked, by: largestOf(stops)?.by ?? null } }
}

const setOf = (parts: readonly { readonly sources: AddressSet }[], family: 4 | 6): AddressSet =>
  unionOf(
    family,
    parts.map(({ sources }) => sources),
  )

/** True if these packets got over this stage. */
const isPast = (part: GuestPart, stage: GuestStage): boolean =>
  part.outcome === 'ok' || (part.stage !== null && STAGES.indexOf(part.stage) > STAGES.indexOf(stage))

function whyOpen(unread: readonly NotSeen[], unclear: readonly GuestPart[], { port }: GuestCheck): HopNote {
  const [observed] = unclear.flatMap((part) => part.observed ?? [])
  if (observed) return { code: 'guest-observed', observed, port }
  return unread.length > 0
    ? { code: 'guest-unread', unread }
    : { code: 'guest-unclear', by: unclear.flatMap(({ decidedBy }) => decidedBy ?? []) }
}

interface Stop {
  readonly sources: AddressSet
  readonly by: Resource
}

/** Everything that stops probes at this stage, also behind something else. */
const stopsAt = (stage: GuestStage, { reasons, parts }: GuestEvaluation): readonly Stop[] => [
  ...reasons
    .filter((reason) => reason.stage === stage && reason.outcome !== 'unknown')
    .map((reason) => ({ sources: reason.sources, by: resourceOf(reason) })),
  ...parts
    .filter((part) => part.stage === stage && part.outcome !== 'ok' && part.outcome !== 'unknown')
    .map(({ sources, decidedBy }) => ({ sources, by: { type: TYPES[stage], id: decidedBy ?? '?' } })),
]

/** The first of the largest: a reason says more than a part. */
const largestOf = (stops: readonly Stop[]): Stop | null =>
  stops.reduce<Stop | null>(
    (best, stop) => (best === null || sizeOf(stop.sources) > sizeOf(best.sources) ? stop : best),
    null,
  )

const TYPES = { 'guest-firewall': 'kernel', listener: 'socket', application: 'answer' } as const

/** The rule, socket, setting or answer that a reason names, in the words of the machine's tools. */
export const resourceOf = ({ rule, stage, decidedBy }: Pick<GuestReason, 'rule' | 'stage' | 'decidedBy'>) =>
  rule ? ruleResource(rule) : ({ type: TYPES[stage], id: decidedBy } satisfies Resource)

type Rule = NonNullable<GuestReason['rule']>

const RULE_TYPES: Readonly<Record<Rule['layer'], string>> = {
  iptables: 'iptables-rule',
  iptablesLegacy: 'iptables-legacy-rule',
  ip6tables: 'ip6tables-rule',
  ip6tablesLegacy: 'ip6tables-legacy-rule',
  nft: 'nft-rule',
  ipset: 'ipset',
}

const ruleResource = ({ layer, table, chain, index, text }: Rule): Resource => ({
  type: RULE_TYPES[layer],
  id: `${table} ${chain} ${index === null ? 'policy' : `#${index}`}`,
  name: text,
})

/** What leaves less than one in a thousand of the sources open is a block. */
function verdictFor(
  { sources }: ProbeOrigin,
  family: 4 | 6,
  blocked: AddressSet,
  open: AddressSet,
): HopVerdict {
  const all = sources ?? everything(family)
  const stopped = intersect(blocked, all)
  if (isWhole(stopped, all)) return 'block'
  if (!isEmpty(intersect(open, all))) return 'unknown'
  if (isEmpty(stopped)) return 'pass'
  return sources === null ? 'unknown' : 'partial'
}

/** True if less than one in a thousand is left out. */
export function isWhole(part: AddressSet, all: AddressSet): boolean {
  const size = sizeOf(all)
  return size > 0n && (size - sizeOf(part)) * 1000n < size
}

/** If the API does not say which origin is in force and they fare differently, the hop is unknown. */
function together(
  answers: readonly HopVerdict[],
  { origins, protocol, port, endPort }: Plan,
): { readonly verdict: HopVerdict; readonly disagreement: readonly HopNote[] } {
  const [verdict = 'unknown', ...others] = new Set(answers)
  if (others.length === 0) return { verdict, disagreement: [] }
  const verdicts: readonly OriginVerdict[] = origins.map(({ via }, i) => ({
    via,
    verdict: answers[i] ?? 'unknown',
    by: null,
  }))
  return {
    verdict: 'unknown',
    disagreement: [{ code: 'source-disagrees', protocol, port, endPort, verdicts }],
  }
}

/** A ping asks no listener. A TCP check asks no application. */
function isAskedAt(stage: GuestStage, { protocol }: Plan, { kind }: GuestCheck): boolean {
  if (stage === 'guest-firewall') return true
  const isPing = protocol === 'icmp' || protocol === 'icmpv6'
  return !isPing && (stage === 'listener' || (kind !== 'tcp' && kind !== 'udp'))
}

/** The stage that a layer decides. Null if it decides none. */
function stageOf(layer: NotSeen['layer']): GuestStage | null {
  switch (layer) {
    case 'sockets':
      return 'listener'
    case 'request':
      return 'application'
    case 'connections':
    case 'otherSockets':
    case 'counters':
    // Hardly any machine has programs of tcx, and nothing else speaks for one.
    case 'tcx':
      return null
    default:
      return 'guest-firewall'
  }
}
