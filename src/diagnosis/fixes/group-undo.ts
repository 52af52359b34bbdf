import { tccli } from '../../checks/index.ts'
import type { FixCommand } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import type { AuditedRule, SecurityGroup, SecurityRule, Snapshot } from '../../model/snapshot.ts'
import type { Paths } from '../../path/index.ts'
import { securityRuleWords } from '../../rules/index.ts'
import { filled } from '../../text/index.ts'
import { isSecondChange, type Making, makingOf, stampOn } from './making.ts'
import { withFact } from './rule-edit.ts'
import { isSameRule, isSameRules } from './same-rule.ts'
import { TEXTS } from './texts.ts'
import type { Decided, Undo } from './undo.ts'

/**
 * Takes back the change that made the deciding rule of a group, or that took away the rule whose lack decides. Null if
 * no change did, or if it is not understood.
 * @param read the paths as they were read; `snapshot` may have earlier fixes of the report
 */
export function groupUndo(decided: Decided, read: Paths, snapshot: Snapshot): Undo | null {
  const { id, ruleIndex = null } = decided
  const [first, group] = [read.snapshot, snapshot].map(({ securityGroups }) => known(securityGroups[id]))
  if (!first || !group) return null
  const making = makingOf(read, id)
  if (making?.edit.kind === 'rules-set') return setBack(group, first, making, snapshot)
  if (ruleIndex === null) return making && restored(group, making, snapshot)
  const rule = first.ingress.find(({ index }) => index === ruleIndex)
  const now = rule && group.ingress.find((one) => isSameRule(one, rule))
  if (!now) return null
  const place = { group, first, rule, now, snapshot }
  if (!making) return stamped(place, read)
  switch (making.edit.kind) {
    case 'rules-added':
      return isPlaced(place, making.edit.rules) ? deleted(place, 'added', making) : null
    case 'rules-replaced':
      return isSecondChange(making) ? null : replacedBack(place, making.edit.rules, making)
    default:
      return null
  }
}

interface Place {
  readonly group: SecurityGroup
  /** The group as it was read. */
  readonly first: SecurityGroup
  /** The deciding rule as it was read, and in the group with earlier fixes. */
  readonly rule: SecurityRule
  readonly now: SecurityRule
  readonly snapshot: Snapshot
}

/** Does the rule stand where the operation put it? Rules of one call have one index, or go to the end (SDK). */
function isPlaced({ first, rule }: Place, added: readonly AuditedRule[]): boolean {
  const own = added.find((one) => isSameRule(one, rule))
  if (!own) return false
  const from = own.index ?? Math.max(0, ...first.ingress.map(({ index }) => index)) + 1 - added.length
  return rule.index >= from && rule.index < from + added.length
}

/** The rule's own time stamp says when, but not what it was before. It says nothing if all rules have the same. */
function stamped(place: Place, read: Paths): Undo | null {
  const { first, rule } = place
  const change = stampOn(read, { id: first.id, index: rule.index })
  const others = first.ingress.filter((one) => one !== rule)
  const isNewest = others.every(
    ({ modifiedAt }) => modifiedAt !== null && modifiedAt < (rule.modifiedAt ?? ''),
  )
  return change && others.length > 0 && isNewest ? deleted(place, 'stamped', { change }) : null
}

function deleted(
  { group, now, snapshot }: Place,
  did: Undo['did'],
  { change }: Pick<Making, 'change'>,
): Undo | null {
  const command = deletion(group, now)
  if (!command) return null
  const ingress = group.ingress
    .filter((one) => one !== now)
    .map((one) => (one.index > now.index ? { ...one, index: one.index - 1 } : one))
  return {
    kind: 'undo',
    id: group.id,
    what: filled(TEXTS.undo.rule, {
      id: group.id,
      place: now.index + 1,
    }),
    change,
    did,
    snapshot: withGroup(snapshot, { ...group, ingress }),
    commands: [command],
    touched: [now],
    words: securityRuleWords(now),
  }
}

/**
 * By its index with the version that was read, else by its content (SDK DeleteSecurityGroupPoliciesRequest). An index
 * without a version could be another rule's by now.
 */
function deletion({ id, region, version }: SecurityGroup, rule: SecurityRule): FixCommand | null {
  const { action, protocol, cidr, port } = rule
  const byContent = cidr !== null && port !== null && rule.service === null
  if (version === null && !byContent) return null
  return tccli('vpc DeleteSecurityGroupPolicies', region, {
    SecurityGroupId: id,
    SecurityGroupPolicySet:
      version === null
        ? { Ingress: [{ Action: action, Protocol: protocol, CidrBlock: cidr, Port: port }] }
        : { Version: version, Ingress: [{ PolicyIndex: rule.index }] },
  })
}

type Replaced = { readonly now: AuditedRule; readonly before: AuditedRule }

function replacedBack(place: Place, pairs: readonly Replaced[], { change }: Making): Undo | null {
  const { group, rule, now, snapshot } = place
  const pair = pairs.find((one) => isSameRule(one.now, rule) && one.now.index === rule.index)
  if (!pair || group.version === null) return null
  const before: SecurityRule = { ...pair.before, index: now.index, modifiedAt: null }
  const ingress = group.ingress.map((one) => (one === now ? before : one))
  return {
    kind: 'restore',
    id: group.id,
    what: filled(TEXTS.undo.replaced, {
      id: group.id,
      place: now.index + 1,
      before: securityRuleWords(before),
    }),
    change,
    did: 'changed',
    snapshot: withGroup(snapshot, { ...group, ingress }),
    commands: [
      tccli('vpc ReplaceSecurityGroupPolicy', group.region, {
        SecurityGroupId: group.id,
        SecurityGroupPolicySet: {
          Version: group.version,
          Ingress: [{ PolicyIndex: now.index, ...policyOf(before) }],
        },
      }),
    ],
    touched: [now, before],
    words: securityRuleWords(now),
  }
}

/** Where a deleted rule stood is not known. At the end it lets in at most what it let in before. */
function restored(group: SecurityGroup, { edit, change }: Making, snapshot: Snapshot): Undo | null {
  if (edit.kind !== 'rules-removed') return null
  if (edit.rules.some((rule) => group.ingress.some((one) => isSameRule(one, rule)))) return null
  const end = Math.max(-1, ...group.ingress.map(({ index }) => index)) + 1
  const rules = edit.rules.map((rule, i): SecurityRule => ({ ...rule, index: end + i, modifiedAt: null }))
  const { id, region, version } = group
  return {
    kind: 'restore',
    id,
    what: filled(TEXTS.undo.removed, { id, words: rules.map(securityRuleWords) }),
    change,
    did: 'removed',
    snapshot: withGroup(snapshot, { ...group, ingress: [...group.ingress, ...rules] }),
    commands: [
      tccli('vpc CreateSecurityGroupPolicies', region, {
        SecurityGroupId: id,
        SecurityGroupPolicySet: {
          ...(version === null ? {} : { Version: version }),
          Ingress: rules.map(policyOf),
        },
      }),
    ],
    touched: rules,
    words: null,
  }
}

/**
 * The whole list as the operation before the last one set it. Null unless the rules that were read are the ones that the
 * last one set, and the order of the earlier ones is known or does not matter.
 */
function setBack(
  group: SecurityGroup,
  first: SecurityGroup,
  making: Making,
  snapshot: Snapshot,
): Undo | null {
  const [old, now] = [making.earlier.at(-1)?.edit, making.edit]
  if (old?.kind !== 'rules-set' || now.kind !== 'rules-set' || isSecondChange(making)) return null
  const isUntouched = group.ingress === first.ingress && isSameRules(first.ingress, now.ingress)
  const isClear = old.isOrdered || new Set(old.ingress.map(({ action }) => action?.toUpperCase())).size === 1
  const { id, region, version } = group
  // Without rules the call is another one, which deletes all (SDK vpc_client).
  if (!isUntouched || !isClear || version === null || old.ingress.length === 0) return null
  const ingress = old.ingress.map((rule, index): SecurityRule => ({ ...rule, index, modifiedAt: null }))
  return {
    kind: 'restore',
    id,
    what: filled(TEXTS.undo.set, { id, count: ingress.length }),
    change: making.change,
    did: 'replaced',
    snapshot: withGroup(snapshot, { ...group, ingress }),
    commands: [
      tccli('vpc ModifySecurityGroupPolicies', region, {
        SecurityGroupId: id,
        SortPolicys: true,
        SecurityGroupPolicySet: {
          Version: version,
          Ingress: old.ingress.map(policyOf),
          Egress: old.egress.map(policyOf),
        },
      }),
    ],
    touched: [...group.ingress, ...ingress],
    words: null,
  }
}

/** Each change raises the version (SDK SecurityGroupPolicySet). */
const withGroup = (snapshot: Snapshot, group: SecurityGroup): Snapshot => ({
  ...snapshot,
  securityGroups: withFact(snapshot.securityGroups, group.id, { ...group, version: null }),
})

/** The rule as the API takes it. Fields that are not set are left out. */
function policyOf(rule: Omit<AuditedRule, 'index'>): Readonly<Record<string, unknown>> {
  const fields = {
    Protocol: rule.protocol,
    Port: rule.port,
    ServiceTemplate: rule.service && templateOf('Service', rule.service),
    CidrBlock: rule.cidr,
    Ipv6CidrBlock: rule.ipv6Cidr,
    SecurityGroupId: rule.sourceGroupId,
    AddressTemplate: rule.address && templateOf('Address', rule.address),
    Action: rule.action,
    PolicyDescription: rule.description,
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

const templateOf = (kind: 'Service' | 'Address', { id, groupId }: NonNullable<SecurityRule['service']>) =>
  id === null ? { [`${kind}GroupId`]: groupId } : { [`${kind}Id`]: id }
