import { familyOf } from '../model/ip.ts'
import { type LocatedTarget, type Path, type PathContext, pathOf } from './path.ts'
import type { ProbePlan } from './probe.ts'
import { subnetAndAclOf, type TargetLocation } from './target-location.ts'

/** The path to any target. Targets that agree in all that a path depends on share one object. */
export function pathsOn(context: PathContext): (target: LocatedTarget) => Path {
  const paths = new Map<string, Path>()
  return (target) => {
    const key = keyOf(context, target)
    const known = paths.get(key)
    if (known) return known
    const path = pathOf(context, target)
    paths.set(key, path)
    return path
  }
}

/** All that a path depends on, as text. */
function keyOf(context: PathContext, target: LocatedTarget): string {
  const { plan, type, status, ip, checkUnread, location } = target
  if (plan.kind === 'none') return JSON.stringify([plan.reason, checkUnread])
  return JSON.stringify([
    type,
    status === 'Alive',
    // Without an address there is nothing to evaluate.
    ip === '' ? null : familyOf(ip),
    planKey(plan),
    location.isResolved ? locationKey(location.value) : location.why,
    aclKey(context, target),
  ])
}

/** On one CLB, `via` and the family tell the addresses, where they are known. */
const planKey = ({ protocol, port, origins }: Extract<ProbePlan, { kind: 'probe' }>) => [
  protocol,
  port,
  ...origins.map(({ via, sources }) => [via, sources === null]),
]

const locationKey = ({ subnetId, securityGroupIds, service }: TargetLocation) => [
  subnetId,
  securityGroupIds,
  service,
]

/** Entries of a quintuple ACL may tell apart targets of one subnet. */
function aclKey({ snapshot, evaluator }: PathContext, { plan, location, ip }: LocatedTarget): string {
  const around = location.isResolved ? subnetAndAclOf(snapshot, location.value) : null
  if (plan.kind === 'none' || !around?.isResolved || around.value.acl === null) return ''
  const sources = plan.origins.find((origin) => origin.sources !== null)?.sources
  if (!sources) return ''
  const { protocol, port } = plan
  return evaluator.aclAsks(around.value.acl, { sources, destination: ip, protocol, port })
}
