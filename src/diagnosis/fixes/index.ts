import { CHECKS, isOpening, type OpenPlan } from '../../checks/index.ts'
import type { Fix, TargetKey } from '../../model/diagnosis.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { type EvaluatedTarget, type Paths, passes, pathsOn } from '../../path/index.ts'
import { t } from '../../text/index.ts'
import { type Assigned, ruleOf } from '../roles.ts'
import type { Case } from './case.ts'
import { givenFix } from './given-fix.ts'
import type { Wording } from './moment.ts'
import { openingFix } from './opening-fix.ts'
import { stageOf } from './prove.ts'
import { TEXTS } from './texts.ts'
import { undoFix } from './undo-fix.ts'
import { unknownSourceAdvice } from './unknown-source.ts'
import { withUnlogged } from './unlogged.ts'

export { joinedSummary } from './opening-fix.ts'
export { withFact } from './rule-edit.ts'
export { isSameEntry, isSameRule } from './same-rule.ts'

/**
 * The fix of each finding. Null if there is nothing to change. A user applies the fixes in this order, so each is built
 * and evaluated on top of those before it. Where a fix has alternatives, the first one counts. The first fix of a rule
 * mends all findings of that rule.
 */
export function fixesOf(all: readonly Assigned[], read: Paths, wording: Wording): readonly (Fix | null)[] {
  let state: State = { snapshot: read.snapshot, undone: [] }
  return all.map((assigned) => {
    const siblings = all.filter(
      (one) => one !== assigned && one.role !== 'note' && ruleOf(one.draft) === ruleOf(assigned.draft),
    )
    const { fix, after } = fixOf(assigned, siblings, read, state, wording)
    state = after
    return fix && withUnlogged(fix, { assigned, targets: () => targetsOf([assigned], read), read }, wording)
  })
}

/** The snapshot with the fixes so far, and the groups and ACLs for which a change was taken back. */
interface State {
  readonly snapshot: Snapshot
  readonly undone: readonly string[]
}

interface Result {
  readonly fix: Fix | null
  readonly after: State
}

/** Builds one fix and evaluates the paths again with it. */
function fixOf(
  assigned: Assigned,
  siblings: readonly Assigned[],
  read: Paths,
  state: State,
  wording: Wording,
): Result {
  const { draft } = assigned
  const { language } = wording
  const without = (fix: Fix | null): Result => ({ fix, after: state })
  const [check, reason = ''] = draft.code.split('/')
  const text = CHECKS.find(({ id }) => id === check)?.reasons[reason]?.fix
  if (!draft.fix || !text || assigned.role === 'note') return without(null)
  const plan = draft.fix
  if (!isOpening(plan)) return without(givenFix(draft, plan, text, read, wording))
  const paths = { ...read, snapshot: state.snapshot }
  const own = targetsOf([assigned], read)
  const undoneFor = draft.resources.find(({ id }) => state.undone.includes(id))
  // An undoing moves the rules behind it up, so the places that were read hold no longer.
  const now = (found: readonly EvaluatedTarget[]): readonly EvaluatedTarget[] =>
    undoneFor ? reevaluated(found, paths) : found
  const targets = now(own)
  if (undoneFor && targets.every((target) => getsThrough(target, plan)))
    return without({
      kind: 'undo',
      summary: t(TEXTS.undo.done, { id: undoneFor.id }, language),
      verified: true,
    })
  const wider = siblings.length > 0 ? now(targetsOf([assigned, ...siblings], read)) : null
  return choose({ language, draft, plan, text, targets, wider, paths, read }, state)
}

/**
 * An undoing comes first if it takes back what somebody did and lets in nothing but the probes. Otherwise the smallest
 * opening comes first.
 */
function choose(found: Case, state: State): Result {
  const opening = openingFix(found)
  const undo = undoFix(found)
  const first = undo && (undo.isBest || !opening) ? undo : opening
  const second = first === undo ? opening : undo
  if (!first) {
    const [{ id } = { id: '' }] = found.draft.resources
    const fix = unknownSourceAdvice(found.targets, id, found.read.snapshot.loadBalancerId, found.language)
    return { fix, after: state }
  }
  return {
    fix: { ...first.fix, ...(second ? { alternatives: [second.fix] } : {}) },
    after: {
      snapshot: first.after,
      undone: first === undo ? [...state.undone, undo.id] : state.undone,
    },
  }
}

function reevaluated(targets: readonly EvaluatedTarget[], paths: Paths): readonly EvaluatedTarget[] {
  const pathTo = pathsOn(paths)
  return targets.map((target) => ({ ...target, path: pathTo(target) }))
}

function getsThrough({ path }: EvaluatedTarget, plan: OpenPlan): boolean {
  const hop = path.find(({ stage }) => stage === stageOf(plan))
  return hop !== undefined && passes(hop)
}

/** The targets that the fix must work for: the ones that a finding explains, or all its targets if none is Dead. */
function targetsOf(findings: readonly Assigned[], { pools }: Paths): readonly EvaluatedTarget[] {
  const keys = new Set<TargetKey>(
    findings.flatMap(({ draft, explains }) =>
      explains.length > 0 ? explains : draft.targets.map(({ target }) => target),
    ),
  )
  return pools.flatMap(({ targets }) => targets.filter(({ key }) => keys.has(key)))
}
