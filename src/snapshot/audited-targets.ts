import type { AuditedEdit, AuditedTarget } from '../model/snapshot.ts'
import { type Fields, fieldsOf, indexIn, listIn, NotUnderstood, plain } from './audited-values.ts'

/** New backends have this weight if the call does not say (SDK RegisterTargetsRequest, ModifyTargetWeightRequest). */
const DEFAULT_WEIGHT = 10

/**
 * The backends that an operation bound, unbound or weighted (SDK clb_models). The batch actions name the listener or
 * rule at each backend or list of backends. A weight of a backend goes before the weight of the call.
 */
export function targetsEdit(
  kind: 'targets-added' | 'targets-removed' | 'weights-set',
  asked: Fields,
): AuditedEdit | null {
  const lists = asked.ModifyList === undefined ? [asked] : listIn(asked.ModifyList).map(fieldsOf)
  const targets = lists.flatMap((list) =>
    listIn(list.Targets).map((value) => targetOf(fieldsOf(value), list, kind)),
  )
  return targets.length > 0 ? { kind, targets } : null
}

function targetOf(target: Fields, list: Fields, kind: string): AuditedTarget {
  const poolId = poolOf(target) ?? poolOf(list)
  const port = indexIn(target.Port)
  const [instanceId, ip] = [plain(target.InstanceId), plain(target.EniIp)]
  if (poolId === null || port === null || (instanceId === null && ip === null)) throw new NotUnderstood()
  const weight = indexIn(target.Weight) ?? indexIn(list.Weight)
  return {
    poolId,
    instanceId,
    ip,
    port,
    weight: kind === 'targets-removed' ? null : (weight ?? DEFAULT_WEIGHT),
  }
}

/** A rule can also be named by its domain and path. Then its id is not known. */
function poolOf({ LocationId, ListenerId, Domain, Url }: Fields): string | null {
  const location = plain(LocationId)
  if (location === null && (plain(Domain) !== null || plain(Url) !== null)) throw new NotUnderstood()
  return location ?? plain(ListenerId)
}
