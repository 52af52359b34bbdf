import type { OpenPlan } from '../../checks/index.ts'
import { known } from '../../model/fact.ts'
import type { Language } from '../../model/language.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget } from '../../path/index.ts'
import { t } from '../../text/index.ts'
import { TEXTS } from './texts.ts'

const ACTION = 'vpc:DescribeSecurityGroupAssociationStatistics'

/** How many resources use a group. Null if that could not be read. */
export const usersOf = (groupId: string, snapshot: Snapshot): number | null =>
  known(snapshot.securityGroupUse[groupId])?.total ?? null

/** Who else the fix affects. Null if nobody. */
export function widensOf(
  plan: OpenPlan,
  id: string,
  targets: readonly EvaluatedTarget[],
  snapshot: Snapshot,
  language: Language,
): string | null {
  if (plan.kind !== 'open-security-group') {
    const acl = known(snapshot.networkAcls[id])
    // A quintuple entry names its target addresses, so it affects nobody else.
    if (acl?.kind !== 'triple') return null
    return t(TEXTS.widens.subnets, { subnets: acl.subnetIds ?? subnetsOf(targets) }, language)
  }
  const use = known(snapshot.securityGroupUse[id])
  if (!use) return t(TEXTS.widens.unread, { action: ACTION }, language)
  const own = new Set(targets.map(({ instanceId, ip }) => instanceId ?? ip))
  if (use.total <= own.size) return null
  const byKind = Object.entries(use.byKind).filter(([, count]) => count > 0)
  if (byKind.length === 1 && byKind[0]?.[0].toUpperCase() === 'CVM')
    return t(TEXTS.widens.machines, { count: use.total }, language)
  const kinds = byKind.map(([kind, count]) => `${kind} ${count}`)
  return t(TEXTS.widens.group, { count: use.total, kinds }, language)
}

const subnetsOf = (targets: readonly EvaluatedTarget[]): readonly string[] => [
  ...new Set(
    targets.flatMap(({ location: position }) => (position.isResolved ? (position.value.subnetId ?? []) : [])),
  ),
]
