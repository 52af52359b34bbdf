import {
  type AclEntry,
  type AuditedEdit,
  type AuditedRule,
  EMPTY_ACL_ENTRY,
  type TemplateReference,
} from '../model/snapshot.ts'
import { checkSet } from './audited-check.ts'
import { targetsEdit } from './audited-targets.ts'
import { type Fields, fieldsOf, indexIn, listIn, NotUnderstood, plain } from './audited-values.ts'
import { objectIn } from './log-record.ts'

// What an operation did, from its request parameters (SDK vpc_models, the requests of these actions). The parameters of
// a record have no fixed shape, so one value that is not understood makes the whole operation not understood. Only the
// fields of rules and backends leave this file.

/** Null if the parameters do not say what was changed. */
export function editOf(event: string, parameters: Fields | null): AuditedEdit | null {
  const read = Object.hasOwn(READERS, event) ? READERS[event] : undefined
  if (!read || !parameters) return null
  try {
    return read(parameters)
  } catch (error) {
    if (error instanceof NotUnderstood) return null
    throw error
  }
}

const READERS: Readonly<Record<string, (parameters: Fields) => AuditedEdit | null>> = {
  CreateSecurityGroupPolicies: (asked) => rulesEdit('rules-added', asked),
  DeleteSecurityGroupPolicies: (asked) => {
    const edit = rulesEdit('rules-removed', asked)
    // Rules can be deleted by their index alone (SDK). Then nothing says what they were.
    return edit?.rules.every(({ index, action }) => index === null && action !== null) ? edit : null
  },
  ModifySecurityGroupPolicies: rulesSet,
  ReplaceSecurityGroupPolicy: replaced,
  ReplaceSecurityGroupPolicies: replaced,
  CreateNetworkAclEntries: (asked) => entriesEdit('entries-added', asked, 'NetworkAclEntrySet', triple),
  CreateNetworkAclQuintupleEntries: (asked) =>
    entriesEdit('entries-added', asked, 'NetworkAclQuintupleSet', quintuple),
  // By default it replaces the whole list of a direction (SDK ModifyNetworkAclEntriesRequest).
  ModifyNetworkAclEntries: (asked) =>
    [undefined, null, false].some((off) => asked.EnableUpdateAclEntries === off)
      ? entriesEdit('entries-set', asked, 'NetworkAclEntrySet', triple)
      : null,
  ModifyListener: checkSet,
  ModifyRule: checkSet,
  AssociateNetworkAclSubnets: ({ NetworkAclId, SubnetIds }) => {
    const aclId = plain(NetworkAclId)
    const subnetIds = listIn(SubnetIds).map(plain)
    return aclId === null
      ? null
      : { kind: 'acl-bound', aclId, subnetIds: subnetIds.filter((id) => id !== null) }
  },
  RegisterTargets: (asked) => targetsEdit('targets-added', asked),
  BatchRegisterTargets: (asked) => targetsEdit('targets-added', asked),
  DeregisterTargets: (asked) => targetsEdit('targets-removed', asked),
  BatchDeregisterTargets: (asked) => targetsEdit('targets-removed', asked),
  ModifyTargetWeight: (asked) => targetsEdit('weights-set', asked),
  BatchModifyTargetWeight: (asked) => targetsEdit('weights-set', asked),
}

function rulesEdit(kind: 'rules-added' | 'rules-removed', asked: Fields) {
  const rules = rulesIn(asked.SecurityGroupPolicySet)
  return rules.length > 0 ? { kind, rules } : null
}

/** The call has to give both directions; version 0 deletes all rules (SDK vpc_client, vpc_models). */
function rulesSet({ SecurityGroupPolicySet, SortPolicys }: Fields): AuditedEdit | null {
  const set = objectIn(SecurityGroupPolicySet)
  if (plain(set?.Version) === '0') return { kind: 'rules-set', ingress: [], egress: [], isOrdered: true }
  if (!Array.isArray(set?.Ingress) || !Array.isArray(set.Egress)) return null
  const [ingress, egress] = [set.Ingress.map(ruleIn), set.Egress.map(ruleIn)]
  return { kind: 'rules-set', ingress, egress, isOrdered: SortPolicys === true }
}

/** The rules that were there before are optional parameters (SDK ReplaceSecurityGroupPolicyRequest). */
function replaced(asked: Fields): AuditedEdit | null {
  const now = rulesIn(asked.SecurityGroupPolicySet)
  const before = rulesIn(asked.OriginalSecurityGroupPolicySet)
  if (now.length === 0 || now.length !== before.length) return null
  const rules = now.flatMap((one, i) => {
    const old = before[i]
    return old ? [{ now: one, before: old }] : []
  })
  return { kind: 'rules-replaced', rules }
}

const rulesIn = (set: unknown): readonly AuditedRule[] => listIn(objectIn(set)?.Ingress).map(ruleIn)

function ruleIn(value: unknown): AuditedRule {
  const policy = fieldsOf(value)
  return {
    index: indexIn(policy.PolicyIndex),
    protocol: plain(policy.Protocol),
    port: plain(policy.Port),
    service: reference(policy.ServiceTemplate, 'ServiceId', 'ServiceGroupId'),
    cidr: plain(policy.CidrBlock),
    ipv6Cidr: plain(policy.Ipv6CidrBlock),
    sourceGroupId: plain(policy.SecurityGroupId),
    address: reference(policy.AddressTemplate, 'AddressId', 'AddressGroupId'),
    action: plain(policy.Action),
    description: plain(policy.PolicyDescription),
  }
}

function reference(value: unknown, idName: string, groupName: string): TemplateReference | null {
  if (value === null || value === undefined) return null
  const fields = fieldsOf(value)
  const [id, groupId] = [plain(fields[idName]), plain(fields[groupName])]
  return id === null && groupId === null ? null : { id, groupId }
}

type EntryOf = (value: unknown) => AclEntry

function entriesEdit(
  kind: 'entries-added' | 'entries-set',
  asked: Fields,
  name: 'NetworkAclEntrySet' | 'NetworkAclQuintupleSet',
  entryOf: EntryOf,
): AuditedEdit | null {
  const set = objectIn(asked[name])
  if (!set) return null
  const of = (list: unknown): readonly AclEntry[] | null =>
    list === null || list === undefined ? null : listIn(list).map(entryOf)
  const [ingress, egress] = [of(set.Ingress), of(set.Egress)]
  return ingress === null && egress === null ? null : { kind, ingress, egress }
}

function triple(value: unknown): AclEntry {
  const entry = fieldsOf(value)
  return {
    ...common(entry),
    port: plain(entry.Port),
    cidr: plain(entry.CidrBlock),
    ipv6Cidr: plain(entry.Ipv6CidrBlock),
  }
}

function quintuple(value: unknown): AclEntry {
  const entry = fieldsOf(value)
  return {
    ...common(entry),
    sourcePort: plain(entry.SourcePort),
    destinationPort: plain(entry.DestinationPort),
    sourceCidr: plain(entry.SourceCidr),
    destinationCidr: plain(entry.DestinationCidr),
    sourceIpv6Cidr: plain(entry.SourceIPv6Cidr),
    destinationIpv6Cidr: plain(entry.DestinationIPv6Cidr),
  }
}

const common = (entry: Fields): AclEntry => ({
  ...EMPTY_ACL_ENTRY,
  priority: indexIn(entry.Priority),
  protocol: plain(entry.Protocol),
  action: plain(entry.Action),
  description: plain(entry.Description),
})
