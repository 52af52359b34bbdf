import { CHECKS, type Draft, type FixPlan, type Params } from '../../checks/index.ts'
import type { Fix, TargetKey } from '../../model/diagnosis.ts'
import type { Language, Text } from '../../model/language.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { type AssessedTarget, type Assessment, departuresTo, evaluatorFor, hopOn } from '../../path/index.ts'
import type { Judged } from '../roles.ts'
import { say } from '../words.ts'
import { aclChanges } from './acl-edits.ts'
import { groupChanges } from './group-edits.ts'
import { type Opening, openingsOf, servicesText } from './openings.ts'
import type { Change } from './rule-edit.ts'
import { departureChanges } from './snat-subnet-acl-edits.ts'
import { usersOf, widensOf } from './widening.ts'

type Plan = Exclude<FixPlan, { kind: 'advice' }>

/**
 * The fix of each finding, null where there is nothing to change. They are carried out in this order: each is found, and
 * proven, with the changes of those before it in place.
 */
export function fixesOf(
  all: readonly Judged[],
  assessment: Assessment,
  language: Language,
): readonly (Fix | null)[] {
  let { snapshot } = assessment
  return all.map((judged) => {
    const { fix, after } = fixOf(judged, { ...assessment, snapshot }, language)
    snapshot = after
    return fix
  })
}

interface Step {
  readonly fix: Fix | null
  readonly after: Snapshot
}

const IN_TURN: Text = {
  'zh-CN': '上面针对 {id} 的命令已包含这一改动或其中一部分，请先执行它。',
  en: 'The command above for {id} does this, or a part of it: run that first.',
}

/** With the path evaluated again under it. */
function fixOf(judged: Judged, assessment: Assessment, language: Language): Step {
  const { draft } = judged
  const { snapshot } = assessment
  const without = (fix: Fix | null): Step => ({ fix, after: snapshot })
  const [check, reason = ''] = draft.code.split('/')
  const text = CHECKS.find(({ id }) => id === check)?.reasons[reason]?.fix
  if (!draft.fix || !text || judged.role === 'note') return without(null)
  if (draft.fix.kind === 'advice')
    return without({
      summary: say(text, draft.params, language),
      ...(draft.fix.commands ? { commands: draft.fix.commands } : {}),
      verified: false,
    })
  const targets = targetsOf(draft, judged, assessment)
  const openings = openingsOf(targets, snapshot)
  const best = bestOf(changesFor(draft.fix, targets, openings, snapshot), draft.fix, targets, assessment)
  if (openings.length === 0 || !best) return without(null)
  const { change, verified } = best
  const params: Params = {
    ...draft.params,
    target: change.id,
    position: change.place,
    ...(change.adds ? { adds: change.adds } : {}),
    opens: servicesText(openings, draft.fix.kind === 'open-acl' && draft.fix.direction === 'egress'),
    from: [...new Set(openings.map(({ cidr }) => cidr))],
  }
  const widens = widensOf(draft.fix, change.id, targets, snapshot, language)
  const summary = [text, ...(change.inTurn ? [IN_TURN] : [])]
    .map((one) => say(one, { ...params, id: change.id }, language))
    .join(language === 'en' ? ' ' : '')
  const { commands } = change
  return {
    fix: {
      summary,
      ...(commands.length > 0 ? { commands } : {}),
      verified,
      ...(widens === null ? {} : { widens }),
    },
    after: change.snapshot,
  }
}

/** The targets a fix must mend: those explained, or all that are covered where nobody is Dead yet. */
function targetsOf(draft: Draft, { explains }: Judged, { pools }: Assessment): readonly AssessedTarget[] {
  const keys = new Set<TargetKey>(explains.length > 0 ? explains : draft.covers.map(({ target }) => target))
  return pools.flatMap(({ targets }) => targets.filter(({ key }) => keys.has(key)))
}

function changesFor(
  plan: Plan,
  targets: readonly AssessedTarget[],
  openings: readonly Opening[],
  snapshot: Snapshot,
): readonly Change[] {
  switch (plan.kind) {
    case 'open-security-group':
      return groupChanges(targets, openings, snapshot)
    case 'open-acl':
      return aclChanges(plan.aclId, plan.direction, targets, openings, snapshot)
    case 'open-departure':
      return departureChanges(plan.aclId, targets, snapshot)
  }
}

interface Proven {
  readonly change: Change
  /** Every target passes the hop. */
  readonly verified: boolean
  /** And does so whatever the order of its groups. */
  readonly inAnyOrder: boolean
  readonly users: number
}

/** Of several changes one that is proven, holds in any order of the groups, and changes what fewest others share. */
function bestOf(
  changes: readonly Change[],
  plan: Plan,
  targets: readonly AssessedTarget[],
  assessment: Assessment,
): Proven | undefined {
  const proven = changes.map((change) => prove(change, plan, targets, assessment))
  return proven.sort(
    (a, b) =>
      Number(b.verified) - Number(a.verified) ||
      Number(b.inAnyOrder) - Number(a.inAnyOrder) ||
      a.users - b.users,
  )[0]
}

/** Every target evaluated again on the changed rules; a reply has to get out under either reading. */
function prove(
  change: Change,
  plan: Plan,
  targets: readonly AssessedTarget[],
  { balancer, snapshot }: Assessment,
): Proven {
  const evaluator = evaluatorFor(change.snapshot)
  const users = usersOf(change.id, snapshot) ?? Number.MAX_SAFE_INTEGER
  if (plan.kind === 'open-departure') {
    const departures = targets.flatMap((target) =>
      departuresTo(change.snapshot, balancer, target, evaluator).filter(({ acl }) => acl.id === change.id),
    )
    const verified = departures.every(({ out, back }) => out.verdict === 'pass' && back.verdict === 'pass')
    return { change, verified, inAnyOrder: true, users }
  }
  const stage =
    plan.kind === 'open-security-group'
      ? 'security-group'
      : plan.direction === 'egress'
        ? 'acl-out'
        : 'acl-in'
  const hops = targets.map((target) => hopOn(stage, target, change.snapshot, balancer, evaluator))
  return {
    change,
    verified: hops.every((hop) => hop?.verdict === 'pass' && hop.otherReading === undefined),
    inAnyOrder: hops.every((hop) => hop?.notes.every(({ code }) => code !== 'order-matters')),
    users,
  }
}
