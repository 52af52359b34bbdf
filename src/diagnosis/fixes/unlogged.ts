import type { Draft, OpenPlan } from '../../checks/index.ts'
import { isOpening } from '../../checks/index.ts'
import type { Change, Fix } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import type { AuditEvent, AuditedRule, Snapshot } from '../../model/snapshot.ts'
import { type EvaluatedTarget, isStamp, operationsOn, type Paths } from '../../path/index.ts'
import { filled, t } from '../../text/index.ts'
import { BINDS_GROUPS, ownChanges } from '../linked-changes.ts'
import type { Assigned } from '../roles.ts'
import { changeBy } from './making.ts'
import { momentFor, type Wording } from './moment.ts'
import { prove } from './prove.ts'
import { withFact } from './rule-edit.ts'
import { TEXTS } from './texts.ts'

// A change may have made the deciding thing, but the audit log does not hold what stood before. Then there is no undo,
// and the fix says so: whom to ask, and where to look.

interface Subject {
  readonly assigned: Assigned
  /** The targets that the fix must work for. */
  readonly targets: () => readonly EvaluatedTarget[]
  readonly read: Paths
}

type Lack = keyof typeof TEXTS.unlogged.lacks

/** The fix, with a note about the newest change that cannot be undone. As it is if it takes a change back. */
export function withUnlogged(fix: Fix, subject: Subject, wording: Wording): Fix {
  if ([fix, ...(fix.alternatives ?? [])].some(({ kind }) => kind === 'undo' || kind === 'restore')) return fix
  const [newest] = unloggedFor(subject)
  return newest ? { ...fix, notes: [...(fix.notes ?? []), noteOn(newest, wording)] } : fix
}

interface Unlogged {
  readonly change: Change
  readonly lack: Lack
}

function unloggedFor({ assigned, targets, read }: Subject): readonly Unlogged[] {
  const { draft } = assigned
  return ownChanges(assigned, read).flatMap((change) => {
    const { id } = change.resource
    if (isStamp(change) || !isAbout(draft, change)) return []
    const operation = operationsOn(read.snapshot, id).find(
      (one) => one.event === change.event && Date.parse(one.at) === Date.parse(change.at),
    )
    if (!operation || changeBy(read.changes, id, operation) !== change) return []
    const lack = lackOf(operation, { id, draft, targets, read })
    return lack ? [{ change, lack }] : []
  })
}

/** Can an operation of this kind have made what the finding is about? */
function isAbout({ code }: Draft, { event, resource: { type } }: Change): boolean {
  const about = Object.hasOwn(ABOUT, type) ? ABOUT[type] : undefined
  const [check = ''] = code.split('/')
  const own = Object.hasOwn(ABOUT_POOL, check) ? ABOUT_POOL[check] : undefined
  return (type === 'listener' || type === 'rule' ? own : about)?.test(event) ?? false
}

const ANY = /./

const ABOUT: Readonly<Record<string, RegExp>> = {
  'security-group': ANY,
  'address-template': ANY,
  'address-template-group': ANY,
  'service-template': ANY,
  'service-template-group': ANY,
  'network-acl': ANY,
  subnet: /NetworkAclSubnets$/,
  cvm: BINDS_GROUPS,
  eni: BINDS_GROUPS,
  'route-table': /Routes$/,
  ccn: /Ccn/,
}

/** For listeners and rules, by the check of the finding. */
const ABOUT_POOL: Readonly<Record<string, RegExp>> = {
  'health-check-config': /^Modify(Listener|Rule)$/,
  'pool-membership': /Target/,
}

interface Place {
  readonly id: string
  readonly draft: Draft
  readonly targets: Subject['targets']
  readonly read: Paths
}

/** What the log does not hold. Null if it holds what stood before, or if the operation cannot have decided. */
function lackOf({ event, edit }: AuditEvent, { id, draft, targets, read }: Place): Lack | null {
  const plan = draft.fix && isOpening(draft.fix) ? draft.fix : null
  switch (edit?.kind) {
    case undefined:
      // Without their settings, a change of a listener may be about anything (SDK clb_models).
      return event === 'ModifyListener' || event === 'ModifyRule' ? null : 'before'
    case 'check-set':
    case 'rules-set':
      return 'before'
    case 'entries-set':
      return plan?.kind === 'open-acl' && edit[plan.direction] === null ? null : 'before'
    case 'acl-bound':
      return draft.resources.some((one) => one.id === edit.aclId) ? 'before' : null
    case 'rules-removed':
      return plan && letsIn(edit.rules, { id, plan, targets, read }) ? 'place' : null
    default:
      return null
  }
}

/** Would the deleted rules let the probes in if they had stood first? */
function letsIn(
  removed: readonly AuditedRule[],
  { id, plan, targets, read }: Omit<Place, 'draft'> & { readonly plan: OpenPlan },
): boolean {
  const group = known(read.snapshot.securityGroups[id])
  if (!group) return false
  const ingress = [
    ...removed.map((rule, index) => ({ ...rule, index, modifiedAt: null })),
    ...group.ingress.map((rule) => ({ ...rule, index: rule.index + removed.length })),
  ]
  const snapshot: Snapshot = {
    ...read.snapshot,
    securityGroups: withFact(read.snapshot.securityGroups, id, { ...group, ingress }),
  }
  return prove({ id, snapshot }, plan, targets(), read).verified
}

function noteOn({ change, lack }: Unlogged, wording: Wording): string {
  const { at, actor, resource } = change
  const { by, lacks, note } = TEXTS.unlogged
  const { id } = resource
  const time = momentFor(at, wording)
  const whose = actor === undefined ? filled(by.nobody, { time }) : filled(by.somebody, { time, actor })
  const ask = actor === undefined ? TEXTS.unlogged.ask.nobody : filled(TEXTS.unlogged.ask.somebody, { actor })
  return t(note, { whose, lack: filled(lacks[lack], { id }), ask, id }, wording.language)
}
