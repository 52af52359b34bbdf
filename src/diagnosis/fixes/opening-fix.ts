import { bareAddress, type OpenPlan } from '../../checks/index.ts'
import type { FindingCode, FixOpening } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import type { Language } from '../../model/language.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget, Paths } from '../../path/index.ts'
import { cidrsOfAll, parseAddresses } from '../../rules/index.ts'
import { type Params, t } from '../../text/index.ts'
import { textOf } from '../title.ts'
import { aclEdits } from './acl-edits.ts'
import type { Case, Step } from './case.ts'
import { groupEdits } from './group-edits.ts'
import { type Naming, type Opening, openingsOf } from './openings.ts'
import { type Proof, prove } from './prove.ts'
import type { RuleEdit } from './rule-edit.ts'
import { snatSubnetAclEdits } from './snat-subnet-acl-edits.ts'
import { TEXTS } from './texts.ts'
import { usersOf, widensOf } from './widening.ts'

/** New rules that let in exactly the probes, if possible for all findings of the rule. Null if there are none to add. */
export function openingFix({ plan, text, draft, targets: own, wider, paths, language }: Case): Step | null {
  const together = wider ? bestFor(wider, plan, paths) : null
  const best = together?.verified ? together : bestFor(own, plan, paths)
  if (!best) return null
  const { snapshot } = paths
  const { targets, openings, edit, verified } = best
  const cidrs = [...new Set(openings.map(({ cidr }) => cidr))]
  const params: Params = {
    ...draft.params,
    target: edit.id,
    position: edit.position,
    ...(edit.adds ? { adds: edit.adds } : {}),
    opens: edit.opens,
    from: cidrs.map(bareAddress),
  }
  const widens = widensOf(plan, edit.id, targets, snapshot, language)
  const notes = [...edit.notes, ...(edit.inTurn ? [TEXTS.inTurn] : [])].map((one) =>
    t(one, { id: edit.id }, language),
  )
  const { commands } = edit
  return {
    fix: {
      kind: 'open',
      summary: t(text, params, language),
      ...(commands.length > 0 ? { commands } : {}),
      verified,
      ...(widens === null ? {} : { widens }),
      ...(plan.kind === 'open-departure'
        ? {}
        : {
            opening: {
              target: edit.id,
              position: edit.position[language],
              from: cidrs,
              opens: edit.opens,
            },
          }),
      ...(notes.length > 0 ? { notes } : {}),
    },
    after: edit.snapshot,
  }
}

/**
 * One text for fixes of several CLBs that add the same rules at one place. Each was evaluated for its own CLB, and a
 * rule there that lets in more addresses lets in these, too. Null if they are not one change.
 */
export function joinedSummary(
  code: FindingCode,
  openings: readonly FixOpening[],
  language: Language,
): { readonly summary: string; readonly from: readonly string[] } | null {
  const [first] = openings
  const text = textOf(code).fix
  if (!first || !text || openings.some((one) => placeOf(one) !== placeOf(first))) return null
  const sets = openings.flatMap(({ from }) => from.flatMap((cidr) => parseAddresses(cidr) ?? []))
  const from = cidrsOfAll(sets).map(bareAddress)
  return { summary: t(text, { ...first, command: '', from }, language), from }
}

const placeOf = ({ target, position, opens }: FixOpening): string => [target, position, ...opens].join()

interface Best extends Proven {
  readonly targets: readonly EvaluatedTarget[]
  readonly openings: readonly Opening[]
}

function bestFor(targets: readonly EvaluatedTarget[], plan: OpenPlan, paths: Paths): Best | null {
  const openings = openingsOf(targets, paths.snapshot, namingOf(plan, paths.snapshot))
  const best = bestOf(editsFor(plan, targets, openings, paths.snapshot), plan, targets, paths)
  return openings.length > 0 && best ? { ...best, targets, openings } : null
}

/** Only the entries of a quintuple ACL name the targets. */
const namingOf = (plan: OpenPlan, { networkAcls }: Snapshot): Naming =>
  plan.kind === 'open-acl' && known(networkAcls[plan.aclId])?.kind === 'quintuple'
    ? 'targets'
    : 'sources-only'

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

interface Proven extends Proof {
  readonly edit: RuleEdit
  readonly users: number
}

/** The best edit: verified, valid in any order of the groups, on the resource that the fewest others share. */
function bestOf(
  edits: readonly RuleEdit[],
  plan: OpenPlan,
  targets: readonly EvaluatedTarget[],
  paths: Paths,
): Proven | undefined {
  const proven = edits.map((edit) => ({
    edit,
    users: usersOf(edit.id, paths.snapshot) ?? Number.MAX_SAFE_INTEGER,
    ...prove(edit, plan, targets, paths),
  }))
  return proven.sort(
    (a, b) =>
      Number(b.verified) - Number(a.verified) ||
      Number(b.inAnyOrder) - Number(a.inAnyOrder) ||
      a.users - b.users,
  )[0]
}
