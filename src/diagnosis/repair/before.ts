import { known } from '../../model/fact.ts'
import type {
  AclEntry,
  AuditedEdit,
  AuditedRule,
  NetworkAcl,
  SecurityGroup,
  SecurityRule,
  Snapshot,
} from '../../model/snapshot.ts'
import { isSameEntry, isSameRule, withFact } from '../fixes/index.ts'

/**
 * The snapshot as it would be without one operation on a group or ACL. Two if it is not known where deleted rules stood:
 * before all others, and behind them. Null if the parameters do not say what was there before, or if what they set is
 * no longer there.
 */
export function before(
  snapshot: Snapshot,
  id: string,
  edit: AuditedEdit | undefined,
): readonly Snapshot[] | null {
  const group = known(snapshot.securityGroups[id])
  if (group)
    return (
      listsBefore(group, edit)?.map((ingress) => ({
        ...snapshot,
        securityGroups: withFact(snapshot.securityGroups, id, { ...group, ingress: numbered(ingress) }),
      })) ?? null
    )
  const acl = known(snapshot.networkAcls[id])
  const old = acl && edit?.kind === 'entries-added' ? aclBefore(acl, edit) : null
  return old && [{ ...snapshot, networkAcls: withFact(snapshot.networkAcls, id, old) }]
}

type Rules = readonly SecurityRule[]

function listsBefore(group: SecurityGroup, edit: AuditedEdit | undefined): readonly Rules[] | null {
  // An answer may have its rules in any order.
  const ingress = group.ingress.toSorted((a, b) => a.index - b.index)
  switch (edit?.kind) {
    case 'rules-added': {
      const rest = edit.rules.reduce<Rules | null>((rules, one) => rules && withoutRule(rules, one), ingress)
      return rest && [rest]
    }
    case 'rules-replaced': {
      const old = edit.rules.reduce<Rules | null>(
        (rules, { now, before: then }) => rules && replaced(rules, now, then),
        ingress,
      )
      return old && [old]
    }
    case 'rules-removed': {
      if (edit.rules.some((rule) => isAmong(ingress, rule))) return null
      const deleted = edit.rules.map((rule) => ruleOf(rule, 0))
      return [
        [...deleted, ...ingress],
        [...ingress, ...deleted],
      ]
    }
    default:
      return null
  }
}

/** Are the deleted rules there again? Then their deletion is no longer in force. */
export function isBackAgain(snapshot: Snapshot, id: string, edit: AuditedEdit | undefined): boolean {
  const { ingress = [] } = known(snapshot.securityGroups[id]) ?? {}
  return edit?.kind === 'rules-removed' && edit.rules.every((rule) => isAmong(ingress, rule))
}

const isAmong = (rules: Rules, rule: AuditedRule): boolean => rules.some((one) => isSameRule(one, rule))

/** The rule that the operation set. Null if it is gone, or if it is not clear which of several it is. */
function found(rules: Rules, asked: AuditedRule): SecurityRule | null {
  const same = rules.filter((one) => isSameRule(one, asked))
  const own = same.length > 1 ? same.filter(({ index }) => index === asked.index) : same
  return own.length === 1 ? (own[0] ?? null) : null
}

function withoutRule(rules: Rules, asked: AuditedRule): Rules | null {
  const own = found(rules, asked)
  return own && rules.filter((one) => one !== own)
}

function replaced(rules: Rules, asked: AuditedRule, then: AuditedRule): Rules | null {
  const own = found(rules, asked)
  return own && rules.map((one) => (one === own ? ruleOf(then, own.index) : one))
}

const ruleOf = (rule: AuditedRule, index: number): SecurityRule => ({ ...rule, index, modifiedAt: null })

const numbered = (rules: Rules): Rules => rules.map((rule, index) => ({ ...rule, index }))

type Added = Extract<AuditedEdit, { readonly kind: 'entries-added' | 'entries-set' }>

function aclBefore(acl: NetworkAcl, { ingress, egress }: Added): NetworkAcl | null {
  const [into, out] = [withoutEntries(acl.ingress, ingress), withoutEntries(acl.egress, egress)]
  return into && out && { ...acl, ingress: into, egress: out }
}

/** The order of the others stays, and so do their priorities. */
function withoutEntries(
  entries: readonly AclEntry[],
  added: readonly AclEntry[] | null,
): readonly AclEntry[] | null {
  let rest = entries
  for (const asked of added ?? []) {
    const same = rest.filter((one) => isSameEntry(one, asked))
    const own = same.length > 1 ? same.filter(({ priority }) => priority === asked.priority) : same
    if (own.length !== 1) return null
    rest = rest.filter((one) => one !== own[0])
  }
  return rest
}
