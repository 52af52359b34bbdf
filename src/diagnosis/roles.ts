import type { Draft, Prediction } from '../checks/index.ts'
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
import { compareTexts } from '../model/order.ts'
import { isRecent, type Paths } from '../path/index.ts'
import { ownChanges } from './linked-changes.ts'

/** A draft after comparison with what is observed. */
export interface Assigned {
  readonly draft: Draft
  readonly role: Role
  readonly certainty: Certainty
  /** Dead targets that it accounts for. */
  readonly explains: readonly TargetKey[]
  /** Alive targets that should be Dead if it were the cause. */
  readonly contradictedBy: readonly TargetKey[]
  /** A cause whose own resource was changed shortly before: it comes first among equals, and that is all. */
  readonly isFresh?: boolean
  /** Who said that it is expected, and the role that it would have otherwise. */
  readonly expected?: { readonly by: ExpectedFinding; readonly role: Role }
}

/** A cause, whether or not somebody expects it. */
export const accountsForDead = ({ role, expected }: Assigned): boolean =>
  isReason({ role, accepted: expected })

type Statuses = ReadonlyMap<TargetKey, TargetStatus>

/**
 * The rules of docs/architecture.md, "How a finding gets its role". A total block predicts Dead; healthy targets behind it
 * refute it for their own class of probe; what is left explains the Dead targets it covers. Partial blocks step in for
 * Dead targets that no total block explains, and mere settings for those that are still left.
 */
export function assignRoles(drafts: readonly Draft[], paths: Paths): readonly Assigned[] {
  const status: Statuses = new Map(
    paths.pools.flatMap(({ targets }) => targets.map(({ key, status }) => [key, status] as const)),
  )
  const of = (prediction: Prediction): readonly Draft[] =>
    drafts.filter(({ predicts }) => predicts === prediction)
  const blocks = behindProof(of('dead').map((draft) => againstControls(draft, status)))
  const partial = of('flapping').map((draft) => stepIn(draft, status, explainedBy(blocks)))
  const explained = explainedBy([...blocks, ...partial])
  const suspects = fewest(of('suspect').map((draft) => suspect(draft, status, explained)))
  const all = [...blocks, ...partial, ...suspects, ...of('nothing').map(asDrafted)]
  return all.map((one) => (isFresh(one, paths) ? { ...one, isFresh: true } : one)).sort(byRank)
}

/** What observation neither confirms nor refutes. */
const asDrafted = (draft: Draft): Assigned => ({
  draft,
  role: draft.role,
  certainty: draft.certainty,
  explains: [],
  contradictedBy: [],
})

/** What is observed confirms a total block, or healthy controls refute it class by class. */
function againstControls(draft: Draft, status: Statuses): Assigned {
  const refutedClasses = new Set<string>()
  const contradictedBy: TargetKey[] = []
  for (const { target, class: kind } of draft.targets)
    if (status.get(target) === 'Alive') {
      refutedClasses.add(kind)
      contradictedBy.push(target)
    }
  const explains = draft.targets
    .filter(({ target, class: kind }) => status.get(target) === 'Dead' && !refutedClasses.has(kind))
    .map(({ target }) => target)
  if (explains.length > 0) {
    // It does not stop probes from one of the places that these may come from.
    const explained = new Set(explains)
    const isDoubted = draft.targets.some(
      ({ target, class: kind }) =>
        explained.has(target) && kind.split('+').some((part) => refutedClasses.has(part)),
    )
    return {
      ...asDrafted(draft),
      role: 'cause',
      explains,
      ...(isDoubted ? { certainty: 'possible' } : {}),
    }
  }
  if (contradictedBy.length > 0)
    return { ...asDrafted(draft), role: 'note', certainty: 'possible', contradictedBy }
  return asDrafted(draft)
}

/** A merely possible block, on targets that something certain already keeps Dead, only contributes. */
function behindProof(blocks: readonly Assigned[]): readonly Assigned[] {
  const proven = explainedBy(blocks.filter(({ certainty }) => certainty === 'certain'))
  return blocks.map((assigned) => {
    const { certainty, explains } = assigned
    const isBehind = isCause(assigned) && certainty === 'possible' && explains.every((key) => proven.has(key))
    return isBehind ? { ...assigned, role: 'contributor' } : assigned
  })
}

const explainedBy = (assigned: readonly Assigned[]): ReadonlySet<TargetKey> =>
  new Set(assigned.filter(isCause).flatMap(({ explains }) => explains))

/** What could be the reason, for Dead targets that have no better one. */
function stepIn(draft: Draft, status: Statuses, explained: ReadonlySet<TargetKey>): Assigned {
  const left = deadOf(draft, status).filter((key) => !explained.has(key))
  return left.length > 0
    ? { ...asDrafted(draft), role: 'cause', certainty: 'possible', explains: left }
    : asDrafted(draft)
}

/** The same for a setting of the whole pool. One healthy target with the same setting refutes it. */
function suspect(draft: Draft, status: Statuses, explained: ReadonlySet<TargetKey>): Assigned {
  if (draft.targets.some(({ target }) => status.get(target) === 'Alive')) return asDrafted(draft)
  const assigned = stepIn(draft, status, explained)
  const isLate = !isCause(assigned) && deadOf(draft, status).length > 0
  return isLate ? { ...assigned, role: 'contributor' } : assigned
}

const deadOf = ({ targets }: Draft, status: Statuses): readonly TargetKey[] =>
  targets.map(({ target }) => target).filter((key) => status.get(key) === 'Dead')

/** A common setting is no cause beside an odd one that accounts for the same targets; the equally odd are alternatives. */
function fewest(suspects: readonly Assigned[]): readonly Assigned[] {
  const causes = suspects.filter(isCause)
  return suspects.map((assigned) => {
    if (!isCause(assigned)) return assigned
    const odder = causes.filter(
      ({ draft }) => SEVERITY_ORDER.indexOf(draft.severity) < SEVERITY_ORDER.indexOf(assigned.draft.severity),
    )
    const covered = explainedBy(odder)
    return assigned.explains.every((key) => covered.has(key))
      ? { ...assigned, role: 'contributor', explains: [] }
      : assigned
  })
}

const isFresh = (assigned: Assigned, paths: Paths): boolean =>
  isCause(assigned) && ownChanges(assigned, paths).some(isRecent)

/**
 * Causes first; within a role what is accepted, then by certainty, a CLB that does not serve, what was changed shortly
 * before, Dead targets explained, place on the path.
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
