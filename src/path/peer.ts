import { parseAddresses } from '../rules/index.ts'
import { type LocatedTarget, type PathContext, pathOf } from './path.ts'

const FILTERS: readonly string[] = ['acl-in', 'security-group', 'acl-out']

/** Do the groups and the ACL of a target let another machine of its VPC ask its port? */
export function letsPeerIn(
  context: PathContext,
  target: LocatedTarget,
  ip: string,
): 'pass' | 'block' | 'unknown' {
  const sources = parseAddresses(ip)
  const { plan } = target
  if (sources === null || plan.kind === 'none') return 'unknown'
  // A machine of the VPC counts as a SNAT IP does: within the target's subnet no ACL filters it.
  const path = pathOf(context, { ...target, plan: { ...plan, origins: [{ via: 'snat', sources }] } })
  const verdicts = path.filter(({ stage }) => FILTERS.includes(stage)).map(({ verdict }) => verdict)
  if (verdicts.includes('block')) return 'block'
  return verdicts.every((verdict) => verdict === 'pass') ? 'pass' : 'unknown'
}
