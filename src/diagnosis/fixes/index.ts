import { bareAddress, CHECKS, type FixPlan, type OpenPlan } from '../../checks/index.ts'
import type { Fix, TargetKey } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import type { Language } from '../../model/language.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { type EvaluatedTarget, type Paths, passes, pathsOn, snatSubnetAclsTo } from '../../path/index.ts'
import { mark, type Params, sentences, t } from '../../text/index.ts'
import { type Assigned, ruleOf } from '../roles.ts'
import { aclEdits } from './acl-edits.ts'
import { groupEdits } from './group-edits.ts'
import { type Naming, type Opening, openingsOf } from './openings.ts'
import type { RuleEdit } from './rule-edit.ts'
import { snatSubnetAclEdits } from './snat-subnet-acl-edits.ts'
import { TEXTS } from './texts.ts'
import { unknownSourceAdvice } from './unknown-source.ts'
import { usersOf, widensOf } from './widening.ts'

/**
 * The fix of each finding. Null if there is nothing to change. A user applies the fixes in this order, so each is built
 * and verified on top of those before it. The first fix of a rule mends all findings of that rule.
 */
export function fixesOf(all: readonly Assigned[], paths: Paths, language: Language): readonly (Fix | null)[] {
  let { snapshot } = paths
  return all.map((assigned) => {
    const siblings = all.filter(
      (one) => one !== assigned && one.role !== 'note' && ruleOf(one.draft) === ruleOf(assigned.draft),
    )
    const { fix, after } = fixOf(assigned, siblings, { ...paths, snapshot }, language)
    snapshot = after
    return fix
  })
}

interface Step {
  readonly fix: Fix | null
  readonly after: Snapshot
}

/** Builds one fix and evaluates the paths again with it. */
function fixOf(assigned: Assigned, siblings: readonly Assigned[], paths: Paths, language: Language): Step {
  const { draft } = assigned
  const { snapshot } = paths
  const without = (fix: Fix | null): Step => ({ fix, after: snapshot })
  const [check, reason = ''] = draft.code.split('/')
  const text = CHECKS.find(({ id }) => id === check)?.reasons[reason]?.fix
  if (!draft.fix || !text || assigned.role === 'note') return without(null)
  if (!isOpening(draft.fix)) {
    const { kind, commands } = draft.fix
    const summary = t(text, draft.params, language)
    return without({ kind, summary, ...(commands ? { commands } : {}), verified: false })
  }
  const together = siblings.length > 0 ? bestFor([assigned, ...siblings], draft.fix, paths) : null
  const best = together?.verified ? together : bestFor([assigned], draft.fix, paths)
  if (!best) {
    const [{ id } = { id: '' }] = draft.resources
    const targets = targetsOf([assigned], paths)
    return without(unknownSourceAdvice(targets, id, snapshot.loadBalancerId, language))
  }
  const { targets, openings, edit, verified } = best
  const params: Params = {
    ...draft.params,
    target: edit.id,
    position: edit.position,
    command: edit.command,
    ...(edit.adds ? { adds: edit.adds } : {}),
    opens: edit.opens,
    from: [...new Set(openings.map(({ cidr }) => bareAddress(cidr)))],
  }
  const widens = widensOf(draft.fix, edit.id, targets, snapshot, language)
  const [what = '', ...more] = [text, ...(edit.why ?? []), ...(edit.inTurn ? [TEXTS.inTurn] : [])].map(
    (one) => t(one, { ...params, id: edit.id }, language),
  )
  const summary =
    more.length === 0 ? what : sentences([`${what}${mark('stop', language).trimEnd()}`, ...more], language)
  const { commands } = edit
  return {
    fix: {
      kind: 'open',
      summary,
      ...(commands.length > 0 ? { commands } : {}),
      verified,
      ...(widens === null ? {} : { widens }),
    },
    after: edit.snapshot,
  }
}

const isOpening = (plan: FixPlan): plan is OpenPlan =>
  plan.kind === 'open-security-group' || plan.kind === 'open-acl' || plan.kind === 'open-departure'

/** Only the entries of a quintuple ACL name the targets. */
const namingOf = (plan: OpenPlan, { networkAcls }: Snapshot): Naming =>
  plan.kind === 'open-acl' && known(networkAcls[plan.aclId])?.kind === 'quintuple'
    ? 'targets'
    : 'sources-only'

interface Best extends Proven {
  readonly targets: readonly EvaluatedTarget[]
  readonly openings: readonly Opening[]
}

/** The best edit that mends these findings together. */
function bestFor(findings: readonly Assigned[], plan: OpenPlan, paths: Paths): Best | null {
  const targets = targetsOf(findings, paths)
  const openings = openingsOf(targets, paths.snapshot, namingOf(plan, paths.snapshot))
  const best = bestOf(editsFor(plan, targets, openings, paths.snapshot), plan, targets, paths)
  return openings.length > 0 && best ? { ...best, targets, openings } : null
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

function editsFor(
  plan: OpenPlan,
  targets: readonly EvaluatedTarget[],
  openings: readonly Opening[],
  snapshot: Snapshot,
): readonly RuleEdit[] {
  switch (plan.kind) {
    case 'open-security-group':
      return groupEdits(targets, openings, snapshot)
    case 'open-acl':
      return aclEdits(plan.aclId, plan.direction, targets, openings, snapshot)
    case 'open-departure':
      return snatSubnetAclEdits(plan.aclId, targets, snapshot)
  }
}

interface Proven {
  readonly edit: RuleEdit
  /** True if every target passes the hop after the edit. */
  readonly verified: boolean
  /** True if every target passes in any order of its groups. */
  readonly inAnyOrder: boolean
  readonly users: number
}

/** The best edit: verified, valid in any order of the groups, on the resource that the fewest others share. */
function bestOf(
  edits: readonly RuleEdit[],
  plan: OpenPlan,
  targets: readonly EvaluatedTarget[],
  paths: Paths,
): Proven | undefined {
  const proven = edits.map((edit) => prove(edit, plan, targets, paths))
  return proven.sort(
    (a, b) =>
      Number(b.verified) - Number(a.verified) ||
      Number(b.inAnyOrder) - Number(a.inAnyOrder) ||
      a.users - b.users,
  )[0]
}

/** Evaluates every target on the changed rules. A reply has to pass under both readings of the port. */
function prove(
  edit: RuleEdit,
  plan: OpenPlan,
  targets: readonly EvaluatedTarget[],
  { snapshot, balancer, evaluator }: Paths,
): Proven {
  const context = { snapshot: edit.snapshot, balancer, evaluator }
  const users = usersOf(edit.id, snapshot) ?? Number.MAX_SAFE_INTEGER
  if (plan.kind === 'open-departure') {
    const snatSubnetAcls = targets.flatMap((target) =>
      snatSubnetAclsTo(context, target).filter(({ acl }) => acl.id === edit.id),
    )
    const verified = snatSubnetAcls.every(({ out, outBySourcePort = out, back }) =>
      [out, outBySourcePort, back].every(({ verdict }) => verdict === 'pass'),
    )
    return { edit, verified, inAnyOrder: true, users }
  }
  const stage =
    plan.kind === 'open-security-group'
      ? 'security-group'
      : plan.direction === 'egress'
        ? 'acl-out'
        : 'acl-in'
  const pathTo = pathsOn(context)
  const paths = new Set(targets.map(pathTo))
  const hops = [...paths].map((path) => path.find((hop) => hop.stage === stage))
  return {
    edit,
    verified: hops.every((hop) => hop !== undefined && passes(hop)),
    inAnyOrder: hops.every((hop) => hop?.notes.every(({ code }) => code !== 'order-matters')),
    users,
  }
}
