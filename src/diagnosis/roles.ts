import type { Assessment } from '../assessment/index.ts'
import type { Draft } from '../checks/index.ts'
import type { Certainty, Role, TargetKey, TargetStatus } from '../model/diagnosis.ts'

/** A draft after comparison with what is observed. */
export interface Judged {
  readonly draft: Draft
  readonly role: Role
  readonly certainty: Certainty
  /** Dead targets that it accounts for. */
  readonly explains: readonly TargetKey[]
  /** Alive targets that should be Dead if it were the cause. */
  readonly contradictedBy: readonly TargetKey[]
}

const SURENESS: readonly Certainty[] = ['certain', 'likely', 'possible']
const ROLES: readonly Role[] = ['cause', 'contributor', 'risk', 'note']

/**
 * The six rules of docs/architecture.md, "How a finding gets its role". A total block predicts Dead; healthy targets
 * behind it refute it for their own class of probe; what is left explains the Dead targets it covers. Partial blocks and
 * mere settings step in only for Dead targets that nothing else explains.
 */
export function judge(drafts: readonly Draft[], assessment: Assessment): readonly Judged[] {
  const status = new Map(
    assessment.pools.flatMap(({ targets }) => targets.map(({ key, status }) => [key, status] as const)),
  )
  const total = drafts
    .filter(({ predicts }) => predicts === 'dead')
    .map((draft) => againstControls(draft, status))
  const behindCertain = explainedBy(total, (judged) => judged.certainty === 'certain')
  const blocks = total.map((judged) => asContributor(judged, behindCertain))
  const explained = explainedBy(blocks, () => true)
  const others = drafts
    .filter(({ predicts }) => predicts !== 'dead')
    .map((draft) => fillIn(draft, status, explained))
  return [...blocks, ...others].sort(byRank)
}

/** Rules 2 and 3: what is observed confirms a total block, or healthy controls refute it class by class. */
function againstControls(draft: Draft, status: ReadonlyMap<TargetKey, TargetStatus>): Judged {
  const refutedClasses = new Set<string>()
  const contradictedBy: TargetKey[] = []
  for (const { target, class: kind } of draft.covers)
    if (status.get(target) === 'Alive') {
      refutedClasses.add(kind)
      contradictedBy.push(target)
    }
  const explains = draft.covers
    .filter(({ target, class: kind }) => status.get(target) === 'Dead' && !refutedClasses.has(kind))
    .map(({ target }) => target)
  if (explains.length > 0)
    return { draft, role: 'cause', certainty: draft.certainty, explains, contradictedBy: [] }
  if (contradictedBy.length > 0)
    return { draft, role: 'note', certainty: 'possible', explains: [], contradictedBy }
  return { draft, role: draft.role, certainty: draft.certainty, explains: [], contradictedBy: [] }
}

/** A merely possible block, on targets that something certain already keeps Dead, only contributes. */
function asContributor(judged: Judged, behindCertain: ReadonlySet<TargetKey>): Judged {
  const { role, certainty, explains } = judged
  if (role !== 'cause' || certainty !== 'possible' || !explains.every((key) => behindCertain.has(key)))
    return judged
  return { ...judged, role: 'contributor' }
}

const explainedBy = (
  judged: readonly Judged[],
  counts: (judged: Judged) => boolean,
): ReadonlySet<TargetKey> =>
  new Set(judged.filter((one) => one.role === 'cause' && counts(one)).flatMap(({ explains }) => explains))

function fillIn(
  draft: Draft,
  status: ReadonlyMap<TargetKey, TargetStatus>,
  explained: ReadonlySet<TargetKey>,
): Judged {
  const covered = draft.covers.map(({ target }) => target)
  const dead = covered.filter((key) => status.get(key) === 'Dead')
  const left = dead.filter((key) => !explained.has(key))
  const plain = { draft, certainty: draft.certainty, explains: [], contradictedBy: [] } as const
  switch (draft.predicts) {
    case 'flapping':
      return left.length > 0
        ? { ...plain, role: 'cause', certainty: 'possible', explains: left }
        : { ...plain, role: draft.role }
    case 'suspect': {
      const controls = covered.filter((key) => status.get(key) === 'Alive')
      if (controls.length > 0) return { ...plain, role: draft.role }
      return left.length > 0
        ? { ...plain, role: 'cause', certainty: 'possible', explains: left }
        : { ...plain, role: dead.length > 0 ? 'contributor' : draft.role }
    }
    default:
      return { ...plain, role: draft.role }
  }
}

/** Causes first; within a role by certainty, a CLB that does not serve, Dead targets explained, place on the path. */
function byRank(a: Judged, b: Judged): number {
  return (
    ROLES.indexOf(a.role) - ROLES.indexOf(b.role) ||
    SURENESS.indexOf(a.certainty) - SURENESS.indexOf(b.certainty) ||
    Number(b.draft.severity === 'critical') - Number(a.draft.severity === 'critical') ||
    b.explains.length - a.explains.length ||
    a.draft.order - b.draft.order ||
    compare(`${a.draft.code} ${a.draft.subject}`, `${b.draft.code} ${b.draft.subject}`)
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
