import type { Draft, FindingTarget, Prediction } from '../checks/index.ts'
import {
  CERTAINTY_ORDER,
  type Certainty,
  isCause,
  isReason,
  ROLE_ORDER,
  type Role,
  SEVERITY_ORDER,
  type TargetKey,
  type TargetStatus,
} from '../model/diagnosis.ts'
import type { ExpectedFinding } from '../model/expected.ts'
import { kept } from '../model/memo.ts'
import { compareTexts } from '../model/order.ts'
import { isRecent, type Paths, warmUpOf } from '../path/index.ts'
import { ownChanges } from './linked-changes.ts'

/** A draft after comparison with the observed health. */
export interface Assigned {
  readonly draft: Draft
  readonly role: Role
  readonly certainty: Certainty
  /** Dead targets that it explains. */
  readonly explains: readonly TargetKey[]
  /** Alive targets that would be Dead if it were the cause, and Dead ones that probes reach all the same. */
  readonly contradictedBy: readonly TargetKey[]
  /** The Dead ones of these. */
  readonly reached?: readonly TargetKey[]
  /** True for a cause whose own resource was changed shortly before. This only ranks it first among equals. */
  readonly isFresh?: boolean
  /** The entry that expects the finding, and the role that the finding would have without it. */
  readonly expected?: { readonly by: ExpectedFinding; readonly role: Role }
}

/** True for causes, and for expected findings that would be causes. */
export const accountsForDead = ({ role, expected }: Assigned): boolean =>
  isReason({ role, accepted: expected })

type Statuses = ReadonlyMap<TargetKey, TargetStatus>

/**
 * Implements docs/architecture.md, "How a finding gets its role". A total block predicts Dead. Healthy targets behind
 * it refute it for their own class of probe. The rest of it explains the Dead targets. Partial blocks count for Dead
 * targets that no total block explains, and settings for the targets that are still left.
 */
export function assignRoles(drafts: readonly Draft[], paths: Paths): readonly Assigned[] {
  const status: Statuses = new Map(
    paths.pools.flatMap(({ targets }) => targets.map(({ key, status }) => [key, status] as const)),
  )
  // A backend that cannot be healthy yet says nothing about a setting.
  const settled: Statuses = new Map(
    paths.pools.flatMap(({ targets }) =>
      targets.map((one) => [one.key, warmUpOf(one, paths.snapshot) ? 'Unknown' : one.status] as const),
    ),
  )
  const of = (prediction: Prediction): readonly Draft[] =>
    drafts.filter(({ predicts }) => predicts === prediction)
  const compared = (some: readonly Draft[]): readonly Assigned[] => {
    const controls = controlsBy(some, status)
    return some.flatMap((draft) => againstControls(draft, status, controls.get(ruleOf(draft)) ?? []))
  }
  const first = compared(of('dead').filter(({ left }) => !left))
  const sure = explainedBy(first.filter(({ certainty }) => certainty !== 'possible'))
  const leftOf = (some: readonly Draft[]): readonly Draft[] =>
    some.flatMap((draft) => draft.left?.(sure) ?? [])
  const blocks = demoteBehindCertain([...first, ...compared(leftOf(of('dead')))])
  const partial = of('flapping').map((draft) => stepIn(draft, status, explainedBy(blocks)))
  const explained = explainedBy([...blocks, ...partial])
  const suspects = preferUnusual(of('suspect').map((draft) => suspect(draft, settled, explained)))
  const nothing = of('nothing')
  const states = [...nothing.filter(({ left }) => !left), ...leftOf(nothing)]
  const all = sureAlone([...blocks, ...partial, ...suspects, ...states.map(asDrafted)])
  return all.map((one) => (isFresh(one, paths) ? { ...one, isFresh: true } : one)).sort(byRank)
}

/** A draft that the observed health neither confirms nor refutes. */
const asDrafted = (draft: Draft): Assigned => ({
  draft,
  role: draft.role,
  certainty: draft.certainty,
  explains: [],
  contradictedBy: [],
})

/** The same for all findings of one code and deciding rule. */
export const ruleOf = ({ code, rule, subject }: Draft): string => `${code} ${rule ?? subject}`

type Controls = readonly FindingTarget[]

/** The targets behind each rule that are healthy, or that probes reach, over all findings of the rule. */
function controlsBy(drafts: readonly Draft[], status: Statuses): ReadonlyMap<string, Controls> {
  const controls = new Map<string, FindingTarget[]>()
  for (const draft of drafts)
    kept(controls, ruleOf(draft), () => []).push(
      ...draft.targets.filter(({ target, isReached }) => status.get(target) === 'Alive' || isReached),
    )
  return controls
}

/** Dead targets confirm a total block. Healthy targets refute it, class by class. */
function againstControls(draft: Draft, status: Statuses, controls: Controls): readonly Assigned[] {
  const refuted = new Set(controls.map((control) => control.class))
  const explained = draft.targets.filter(
    ({ target, class: kind }) => status.get(target) === 'Dead' && !refuted.has(kind),
  )
  if (explained.length === 0) {
    const own = new Set(draft.targets.map((target) => target.class))
    const against = controls.filter((one) => own.has(one.class))
    const contradictedBy = against.map(({ target }) => target)
    const reached = contradictedBy.filter((key) => status.get(key) === 'Dead')
    return against.length > 0
      ? [{ ...asDrafted(draft), role: 'note', certainty: 'possible', contradictedBy, reached }]
      : [asDrafted(draft)]
  }
  // The finding is not about targets of a class for which it does not hold.
  const holds = ({ class: kind }: FindingTarget): boolean => !refuted.has(kind)
  // True if a healthy target shows that probes from one of the possible origins pass.
  const isDoubted = ({ class: kind }: FindingTarget): boolean =>
    kind.split('+').some((part) => refuted.has(part))
  const [doubted, firm] = [explained.filter(isDoubted), explained.filter((one) => !isDoubted(one))]
  const whole = partOf(draft, '', holds)
  const cause = (own: Draft, targets: Controls, certainty: Certainty): Assigned => ({
    ...asDrafted(own),
    role: 'cause',
    certainty,
    explains: targets.map(({ target }) => target),
  })
  if (doubted.length === 0) return [cause(whole, firm, draft.certainty)]
  if (firm.length === 0 || draft.certainty === 'possible') return [cause(whole, explained, 'possible')]
  return [
    cause(
      partOf(whole, '', (one) => !isDoubted(one)),
      firm,
      draft.certainty,
    ),
    cause(partOf(whole, '#doubted', isDoubted), doubted, 'possible'),
  ]
}

/** The draft for a part of its targets. Its numbers, lists and commands are of this part, too. */
function partOf(draft: Draft, suffix: string, isOf: (target: FindingTarget) => boolean): Draft {
  const targets = draft.targets.filter(isOf)
  if (targets.length === draft.targets.length) return draft
  const keys = new Set(targets.map(({ target }) => target))
  return {
    ...(draft.part?.((key) => keys.has(key)) ?? draft),
    subject: `${draft.subject}${suffix}`,
    rule: draft.rule ?? draft.subject,
    targets,
  }
}

/** A possible block only contributes if a certain block already explains all its targets. */
function demoteBehindCertain(blocks: readonly Assigned[]): readonly Assigned[] {
  const proven = explainedBy(blocks.filter(({ certainty }) => certainty === 'certain'))
  return blocks.map((assigned) => {
    const { certainty, explains } = assigned
    const isBehind = isCause(assigned) && certainty === 'possible' && explains.every((key) => proven.has(key))
    return isBehind ? { ...assigned, role: 'contributor' } : assigned
  })
}

/** A moving counter is certain proof for Dead targets that nothing else explains. */
function sureAlone(all: readonly Assigned[]): readonly Assigned[] {
  return all.map((one) => {
    if (!one.draft.isSureAlone || !isCause(one) || one.certainty !== 'likely') return one
    const others = explainedBy(all.filter((other) => other !== one))
    return one.explains.some((key) => others.has(key)) ? one : { ...one, certainty: 'certain' }
  })
}

const explainedBy = (assigned: readonly Assigned[]): ReadonlySet<TargetKey> =>
  new Set(assigned.filter(isCause).flatMap(({ explains }) => explains))

/** The draft becomes a possible cause of Dead targets that have no better one. */
function stepIn(draft: Draft, status: Statuses, explained: ReadonlySet<TargetKey>): Assigned {
  const left = deadOf(draft, status).filter((key) => !explained.has(key))
  return left.length > 0
    ? { ...asDrafted(draft), role: 'cause', certainty: 'possible', explains: left }
    : asDrafted(draft)
}

/**
 * As stepIn, for a setting of the whole pool. One healthy target with the same setting refutes it. What a machine shows may
 * refute it for its own target.
 */
function suspect(draft: Draft, status: Statuses, explained: ReadonlySet<TargetKey>): Assigned {
  if (draft.targets.some(({ target }) => status.get(target) === 'Alive')) return asDrafted(draft)
  if (draft.targets.every(({ isCleared }) => isCleared)) return asDrafted(draft)
  const open = partOf(draft, '', ({ isCleared }) => !isCleared)
  const assigned = stepIn(open, status, explained)
  const isLate = !isCause(assigned) && deadOf(open, status).length > 0
  return isLate ? { ...assigned, role: 'contributor' } : assigned
}

const deadOf = ({ targets }: Draft, status: Statuses): readonly TargetKey[] =>
  targets.map(({ target }) => target).filter((key) => status.get(key) === 'Dead')

/** An unusual setting beats a common one that explains the same targets. Equally unusual settings are alternatives. */
function preferUnusual(suspects: readonly Assigned[]): readonly Assigned[] {
  const causes = suspects.filter(isCause)
  return suspects.map((assigned) => {
    if (!isCause(assigned)) return assigned
    const odder = causes.filter(
      ({ draft }) => SEVERITY_ORDER.indexOf(draft.severity) < SEVERITY_ORDER.indexOf(assigned.draft.severity),
    )
    const covered = explainedBy(odder)
    const left = assigned.explains.filter((key) => !covered.has(key))
    return left.length === 0
      ? { ...assigned, role: 'contributor', explains: [] }
      : { ...assigned, explains: left }
  })
}

const isFresh = (assigned: Assigned, paths: Paths): boolean =>
  isCause(assigned) && ownChanges(assigned, paths).some(isRecent)

/**
 * Causes first. Within a role: expected findings, certainty, a CLB that does not serve, a recent change, the number of
 * Dead targets explained, the place on the path.
 */
export function byRank(a: Assigned, b: Assigned): number {
  return (
    ROLE_ORDER.indexOf(a.role) - ROLE_ORDER.indexOf(b.role) ||
    Number(b.expected !== undefined) - Number(a.expected !== undefined) ||
    CERTAINTY_ORDER.indexOf(a.certainty) - CERTAINTY_ORDER.indexOf(b.certainty) ||
    Number(b.draft.severity === 'critical') - Number(a.draft.severity === 'critical') ||
    Number(b.isFresh === true) - Number(a.isFresh === true) ||
    b.explains.length - a.explains.length ||
    a.draft.order - b.draft.order ||
    compareTexts(`${a.draft.code} ${a.draft.subject}`, `${b.draft.code} ${b.draft.subject}`)
  )
}
