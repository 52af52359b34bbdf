import { isDeepStrictEqual } from 'node:util'
import { tccli } from '../../checks/index.ts'
import type { FixCommand } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import { isIpv6 } from '../../model/ip.ts'
import type { SecurityGroup, SecurityRule, Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget } from '../../path/index.ts'
import { filled } from '../../text/index.ts'
import { terraform } from './commands.ts'
import { type Opening, portText, servicesOf } from './openings.ts'
import { blockingRulesAt, DESCRIPTION, type RuleEdit, withFact } from './rule-edit.ts'
import { TEXTS } from './texts.ts'

/**
 * One edit for each group that could let all targets' probes in. Only groups that every target has qualify. A group
 * before the first blocking rule can take the rules at its end. The blocking rule's own group takes them right before
 * it. Later groups cannot help. The group of the blocking rule comes first in the result.
 */
export function groupEdits(
  targets: readonly EvaluatedTarget[],
  openings: readonly Opening[],
  snapshot: Snapshot,
): readonly RuleEdit[] {
  const [first, ...others] = targets.map(positionsFor)
  if (!first) return []
  const shared = [...first].filter(([id]) => others.every((places) => places.has(id)))
  return shared.reverse().flatMap(([id, index]) => {
    const group = known(snapshot.securityGroups[id])
    const before = Math.min(index, ...others.map((places) => places.get(id) ?? AT_END))
    return group ? [groupEdit(group, before, openings, snapshot)] : []
  })
}

const AT_END = Number.POSITIVE_INFINITY

/** The groups that could let the probe in, in binding order, each with the index for the new rules. */
function positionsFor(target: EvaluatedTarget): ReadonlyMap<string, number> {
  const ids = target.location.isResolved ? target.location.value.securityGroupIds : []
  const blockingRules = blockingRulesAt(target, 'security-group').map((by) => ({
    at: by === null ? ids.length - 1 : ids.indexOf(by.id),
    index: by?.index ?? AT_END,
  }))
  const at = Math.min(...blockingRules.map((one) => one.at))
  const index = Math.min(...blockingRules.filter((one) => one.at === at).map((one) => one.index))
  return new Map(ids.slice(0, at + 1).map((id, i) => [id, i === at ? index : AT_END]))
}

/**
 * CreateSecurityGroupPolicies inserts at PolicyIndex or at the end and leaves other rules alone (SDK vpc_client). The
 * index is the one that was read for the blocking rule. Rules that earlier commands insert only move that rule further
 * down.
 */
function groupEdit(
  group: SecurityGroup,
  before: number,
  openings: readonly Opening[],
  snapshot: Snapshot,
): RuleEdit {
  const end = Math.max(-1, ...group.ingress.map(({ index }) => index)) + 1
  const at = Math.min(before, end)
  // The API rejects a rule that already exists (SDK, DuplicatePolicy), so rules that an earlier command adds are left
  // out.
  const made = madeBefore(group.ingress, at).map((rule) => ({ ...rule, index: at }))
  const rules = openings
    .map((opening) => ruleFor(opening, at))
    .filter((rule) => !made.some((one) => isDeepStrictEqual(one, rule)))
    .map((rule, i) => ({ ...rule, index: at + i }))
  const moved = group.ingress.map((rule) =>
    rule.index >= at ? { ...rule, index: rule.index + rules.length } : rule,
  )
  // Each change raises the version (SDK SecurityGroupPolicySet), so a later edit cannot use the version that was read.
  const changed: SecurityGroup = { ...group, version: null, ingress: [...rules, ...moved] }
  return {
    id: group.id,
    position: at === end ? TEXTS.position.last : filled(TEXTS.position.rule, { place: at + 1 }),
    notes: [],
    opens: servicesOf(openings),
    snapshot: { ...snapshot, securityGroups: withFact(snapshot.securityGroups, group.id, changed) },
    inTurn: rules.length < openings.length,
    commands:
      rules.length === 0
        ? []
        : [
            tccli('vpc CreateSecurityGroupPolicies', group.region, {
              SecurityGroupId: group.id,
              SecurityGroupPolicySet: {
                // With the version, the API rejects the call if somebody has changed the group, because the index could
                // then be another rule's.
                ...(group.version === null ? {} : { Version: group.version }),
                Ingress: rules.map((rule) => policyOf(rule, at === end ? null : at)),
              },
            }),
            ...rules.flatMap((rule) => terraformOf({ ...rule, index: at }, group.id)),
          ],
  }
}

/** The rules up to `at`, and the ones behind it that an earlier command of the report inserts there. */
function madeBefore(rules: readonly SecurityRule[], at: number): readonly SecurityRule[] {
  const isOurs = (index: number): boolean =>
    rules.some((rule) => rule.index === index && rule.description === DESCRIPTION && rule.action === 'ACCEPT')
  let end = at
  while (isOurs(end)) end++
  return rules.filter(({ index }) => index <= at || index < end)
}

const ruleFor = ({ protocol, ports, cidr }: Opening, index: number): SecurityRule => ({
  index,
  protocol: protocol.toUpperCase(),
  port: ports === null ? null : portText(ports),
  service: null,
  cidr: isIpv6(cidr) ? null : cidr,
  ipv6Cidr: isIpv6(cidr) ? cidr : null,
  sourceGroupId: null,
  address: null,
  action: 'ACCEPT',
  description: DESCRIPTION,
  modifiedAt: null,
})

/**
 * The rule as the API takes it. One index serves all rules of a call; without an index they are appended. Only TCP and
 * UDP have a port.
 */
const policyOf = (rule: SecurityRule, index: number | null) => ({
  ...(index === null ? {} : { PolicyIndex: index }),
  Protocol: rule.protocol,
  ...(rule.port === null ? {} : { Port: rule.port }),
  ...(rule.ipv6Cidr === null ? { CidrBlock: rule.cidr } : { Ipv6CidrBlock: rule.ipv6Cidr }),
  Action: rule.action,
  PolicyDescription: rule.description,
})

/** A rule set owns its group: Terraform removes rules that are declared outside it (provider docs). */
const TERRAFORM_REMARK =
  'Not for a group with a tencentcloud_security_group_rule_set: add the rule there instead.'

/**
 * The provider's single-rule resource. It does not support IPv6 (terraform-provider-tencentcloud, security_group_rule).
 * All rules have one index, so each stands before the blocking rule in any order of creation. The resource name says
 * what the rule lets in, so that reports can be pasted side by side.
 */
function terraformOf(rule: SecurityRule, groupId: string): readonly FixCommand[] {
  if (rule.cidr === null) return []
  const name = ['clb_health_check', groupId, rule.protocol, rule.port, rule.cidr]
    .join('_')
    .replace(/[^\w-]/g, '-')
    .toLowerCase()
  return [
    terraform(TERRAFORM_REMARK, 'tencentcloud_security_group_rule', name, {
      security_group_id: groupId,
      type: 'ingress',
      ip_protocol: rule.protocol ?? '',
      ...(rule.port === null ? {} : { port_range: rule.port }),
      cidr_ip: rule.cidr,
      policy: 'ACCEPT',
      policy_index: rule.index,
      description: DESCRIPTION,
    }),
  ]
}
