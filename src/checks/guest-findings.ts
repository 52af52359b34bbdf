import type { GuestReason, GuestStage } from '../guest/index.ts'
import { CERTAINTY_ORDER, type Certainty, type CheckOutcome, type Resource } from '../model/diagnosis.ts'
import { groupBy } from '../model/group-by.ts'
import { hasPrefix } from '../model/ids.ts'
import {
  type EvaluatedTarget,
  isWhole,
  type Paths,
  podPlaceOf,
  probeSourcesOf,
  reasonsOf,
  reportFactOf,
  reportOf,
} from '../path/index.ts'
import { intersect, isEmpty, unionOf } from '../rules/index.ts'
import type { Params } from '../text/index.ts'
import {
  type Check,
  type Draft,
  everyTarget,
  findingTarget,
  type GivenPlan,
  isGone,
  type PoolTarget,
  type ReasonText,
  result,
} from './check.ts'
import { hopOf } from './denied-hop.ts'
import { certaintyUnder, type Doubt, doubtTexts } from './doubts.ts'
import type { GuestHit, GuestMachine } from './guest-machine.ts'
import { evidenceOf, paramsOf } from './guest-params.ts'
import { isOfOtherTime } from './inside.ts'
import { aboutSeveral, withHitsIn } from './several.ts'

/** What a check of the inside of machines has for itself. */
export interface InsideCheck {
  readonly id: string
  readonly reasons: Readonly<Record<string, ReasonText>>
  /** The stages inside the machine that the check is about. */
  readonly stages: readonly GuestStage[]
  /** False for targets whose probes the check is not about. */
  readonly isFor?: (target: EvaluatedTarget) => boolean
  /** Machine 3, application 4. */
  readonly order: 3 | 4
  /** What tells one finding from another of its code, besides a rule: names of the reason's params. */
  readonly by: readonly string[]
  /**
   * The fact that decides, where no rule does. A healthy backend whose machine shows the same one refutes it for all. Left
   * out: the params in `by`.
   */
  readonly fact?: (hit: GuestHit) => readonly unknown[]
  /** True if the fact is the same for probes from everywhere, so that any healthy backend counts. */
  readonly isForAnySource?: boolean
  /** What the texts need besides the common params. */
  readonly params?: (hit: GuestHit, machines: readonly GuestMachine[]) => Params
  readonly fix: (machines: readonly GuestMachine[], paths: Paths) => GivenPlan
}

/** A check of what stops probes inside machines that somebody looked into. */
export const insideCheck = (own: InsideCheck): Check => ({
  id: own.id,
  reasons: own.reasons,
  run(paths) {
    const { isFor = () => true } = own
    const looked = everyTarget(paths).filter(({ target }) => isFor(target) && !isGone(target, paths))
    const hits = looked.flatMap((poolTarget) => hitsOf(poolTarget, own, paths))
    const machines = [...groupBy(hits, (hit) => machineKey(hit, own)).values()]
    const drafts = [...groupBy(machines, ([first]) => (first ? keyOf(first, own) : '')).entries()]
    return result(
      drafts.map(([key, some]) =>
        aboutMachines(
          key,
          some.flatMap((one) => machineOf(one, paths)),
          own,
          paths,
        ),
      ),
      looked.flatMap(({ target }) => outcomesOf(target, own, paths)),
      'guest-unclear',
    )
  },
})

const machineOf = (hits: readonly GuestHit[], paths: Paths): readonly GuestMachine[] =>
  hits[0] ? [{ resource: resourceOf(hits[0].target, paths), hits }] : []

function resourceOf(target: EvaluatedTarget, { snapshot }: Paths): Resource {
  const { ip, name, guest } = target
  const named = name === null ? {} : { name }
  // Of a pod the node was looked at. The API of the CLB names none for a pod with an interface.
  const home = guest?.isOfNode ? podPlaceOf(target, snapshot).instanceId : null
  const id = [target.instanceId, reportOf(snapshot, target)?.instanceId, home].find(
    (one) => one && hasPrefix(one, 'ins'),
  )
  return id ? { type: 'cvm', id, ...named } : { type: 'ip', id: ip, ...named }
}

function hitsOf(poolTarget: PoolTarget, { id, reasons }: InsideCheck, paths: Paths): readonly GuestHit[] {
  return reasonsOf(poolTarget.target).flatMap((reason) => {
    const [check, name = ''] = reason.code.split('/')
    if (check !== id || !(name in reasons)) return []
    const extent = extentOf(poolTarget.target, reason)
    return extent === null
      ? []
      : [{ ...poolTarget, reason, ...extent, doubts: doubtsOf(poolTarget, reason, extent, paths) }]
  })
}

interface Extent {
  readonly extent: GuestHit['extent']
  /** True if it is not known whether the probes come from the sources that are stopped. */
  readonly isEither: boolean
}

/**
 * Which of the probes a reason stops. If the API does not say where they come from, the connections on the machine may
 * show it. Null if it stops none.
 */
function extentOf(target: EvaluatedTarget, { sources }: GuestReason): Extent | null {
  const { plan, guest } = target
  if (plan.kind === 'none') return null
  const met = guest ? unionOf(sources.family, [guest.seen.connected, guest.seen.halfOpen]) : null
  const origins = plan.origins.flatMap((origin) => origin.sources ?? [])
  const used = origins.filter((own) => met && !isEmpty(intersect(own, met)))
  const all = used.length > 0 ? used : origins
  if (all.length < plan.origins.length && used.length === 0) all.push(probeSourcesOf(target))
  const stopped = all.map((own) => isWhole(intersect(sources, own), own))
  if (stopped.includes(true)) return { extent: 'whole', isEither: stopped.includes(false) }
  return all.some((own) => !isEmpty(intersect(sources, own))) ? { extent: 'part', isEither: false } : null
}

function doubtsOf(
  { target }: PoolTarget,
  { certainty, rule, stage, isMoving, params, doubts = [] }: GuestReason,
  { isEither }: Extent,
  paths: Paths,
): readonly Doubt[] {
  const inferred: Doubt =
    isMoving || Number(params.moved) > 0
      ? 'moving'
      : !rule
        ? 'inside'
        : rule.packets === null
          ? 'uncounted'
          : 'unmoved'
  return [
    ...(certainty === 'certain' || doubts.length > 0 ? [] : [inferred]),
    ...doubts,
    ...(certainty === 'possible' ? (['weak'] as const) : []),
    ...(isEither ? (['either'] as const) : []),
    ...(isOfFirstPort(target, stage, rule) ? (['first-port'] as const) : []),
    ...(target.guest?.facts.isComplete === false ? (['cut'] as const) : []),
    ...(isOfOtherTime(target, paths) ? (['stale'] as const) : []),
  ]
}

/** Of a range the first port was looked at. What stops every packet on its way stops those to the other ports, too. */
const isOfFirstPort = ({ plan }: EvaluatedTarget, stage: GuestStage, rule: GuestReason['rule']): boolean =>
  plan.kind === 'probe' && plan.endPort !== null && (stage !== 'guest-firewall' || rule?.isOfPort === true)

/** Two checks of one machine may meet different things there. */
const machineKey = ({ target, reason, extent, doubts }: GuestHit, own: InsideCheck): string =>
  JSON.stringify([
    target.instanceId ?? target.ip,
    target.ip,
    ruleKey(reason) ?? metBy(reason, own),
    reason.code,
    extent,
    doubts,
  ])

/** What tells one finding from another, where no rule does. */
const metBy = ({ params }: GuestReason, { by }: InsideCheck): readonly unknown[] =>
  by.map((name) => params[name] ?? null)

/** A rule by its content: the same rule may stand at another place on another machine. */
function ruleKey({ rule }: Pick<GuestReason, 'rule'>): string | null {
  return rule && `${rule.layer} ${rule.table} ${rule.chain} ${rule.text}`
}

/** Machines with one reason are one finding. Health splits it later, and refutes it (diagnosis/roles.ts). */
function keyOf(first: GuestHit, inside: InsideCheck): string {
  const { reason, extent } = first
  const what = ruleKey(reason) ?? JSON.stringify(metBy(reason, inside))
  return JSON.stringify([reason.code, reason.outcome, what, extent, certaintyOf(first)])
}

/** Equal for machines that show the same: a rule, an answer, a setting, the state of a socket. */
function factKey(hit: GuestHit, own: InsideCheck): string {
  const fact = ruleKey(hit.reason) ?? JSON.stringify(own.fact?.(hit) ?? metBy(hit.reason, own))
  return `${fact} ${hit.extent}`
}

/** The certainty that reason and doubts allow. */
function certaintyOf({ reason, doubts }: GuestHit): Certainty {
  const places = [reason.certainty, certaintyUnder(doubts)].map((one) => CERTAINTY_ORDER.indexOf(one))
  return CERTAINTY_ORDER[Math.max(...places)] ?? 'possible'
}

const aboutMachines = (
  key: string,
  machines: readonly GuestMachine[],
  own: InsideCheck,
  paths: Paths,
): Draft =>
  aboutSeveral(
    machines,
    ({ resource, hits }) => [resource.id, ...hits.map(({ target }) => target.ip)],
    (some) => draftOf(key, some, own, paths),
    withHits,
  )

function withHits(machine: GuestMachine, isOf: (key: string) => boolean): GuestMachine | null {
  const part = withHitsIn(machine, isOf)
  return part && { ...machine, hits: machine.hits.filter(({ target }) => isOf(target.key)) }
}

function draftOf(key: string, machines: readonly GuestMachine[], own: InsideCheck, paths: Paths): Draft {
  const hits = machines.flatMap((machine) => machine.hits)
  const [first] = hits
  if (!first) throw new Error('a finding about nothing')
  const { reason, extent } = first
  const doubts = [...new Set(hits.flatMap((hit) => hit.doubts))]
  const isSure = doubts.every((doubt) => doubt === 'moving') && hits.every((hit) => hit.reason.isMoving)
  return {
    code: reason.code,
    subject: key,
    rule: factKey(first, own),
    isOfMachines: true,
    // What may stop a probe stops some of them.
    predicts: extent === 'whole' && reason.outcome !== 'unknown' ? 'dead' : 'flapping',
    targets: hits.map((hit) =>
      own.isForAnySource ? { ...findingTarget(hit), class: 'any' } : findingTarget(hit),
    ),
    certainty: certaintyOf(first),
    ...(isSure && extent === 'whole' ? { isSureAlone: true } : {}),
    role: 'risk',
    severity: 'high',
    order: own.order,
    resources: machines.map(({ resource }) => ({ region: paths.snapshot.region, ...resource })),
    params: { ...paramsOf(machines, paths), ...own.params?.(first, machines) },
    doubts: doubtTexts(doubts),
    evidence: evidenceOf(machines),
    fix: own.fix(machines, paths),
  }
}

/** Nobody looked: not applicable. A stage that is still open after a look: unknown. */
function outcomesOf(
  target: EvaluatedTarget,
  { stages }: InsideCheck,
  { snapshot }: Paths,
): readonly CheckOutcome[] {
  const fact = reportFactOf(snapshot.guests, target)
  if (fact && fact.state !== 'ok') return ['unknown']
  if (!target.guest) return ['not-applicable']
  return stages.map((stage) => {
    const verdict = hopOf(target, stage)?.verdict ?? 'unknown'
    // What stops the probes at this stage belongs to another check.
    return verdict === 'block' || verdict === 'partial' ? 'pass' : verdict
  })
}
