import { familyOf } from '../model/ip.ts'
import { everything } from '../rules/index.ts'
import { type LocatedTarget, type Path, type PathContext, pathOf } from './path.ts'
import type { ProbePlan } from './probe.ts'
import { subnetAndAclOf, type TargetLocation } from './target-location.ts'

/** Evaluates the path to any target. Targets with the same key share one path object. */
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

/** Everything that a path depends on, as text. */
function keyOf(context: PathContext, target: LocatedTarget): string {
  const { plan, type, status, ip, checkUnread, location, guest, key } = target
  if (plan.kind === 'none') return JSON.stringify([plan.reason, checkUnread])
  return JSON.stringify([
    type,
    status === 'Alive',
    // Each machine that was looked into says something of its own.
    guest && status !== 'Alive' ? key : null,
    // A target without an address is not evaluated.
    ip === '' ? null : familyOf(ip),
    planKey(plan),
    location.isResolved ? locationKey(location.value) : location.why,
    aclKey(context, target),
  ])
}

/** On one CLB, `via` and the address family determine the source addresses. */
const planKey = ({ protocol, port, endPort, origins }: Extract<ProbePlan, { kind: 'probe' }>) => [
  protocol,
  port,
  endPort,
  ...origins.map((origin) => [origin.via, origin.sources === null && origin.why]),
]

export const locationKey = ({ subnetId, securityGroupIds, service }: TargetLocation) => [
  subnetId,
  securityGroupIds,
  service,
]

/** Entries of a quintuple ACL can treat targets of one subnet differently. */
function aclKey({ snapshot, evaluator }: PathContext, { plan, location, ip }: LocatedTarget): string {
  const around = location.isResolved ? subnetAndAclOf(snapshot, location.value) : null
  if (plan.kind === 'none' || !around?.isResolved || around.value.acl === null) return ''
  if (ip === '') return ''
  const sources = plan.origins.find((origin) => origin.sources !== null)?.sources ?? everything(familyOf(ip))
  const { protocol, port, endPort } = plan
  return evaluator.aclKeyOf(around.value.acl, { sources, destination: ip, protocol, port, endPort })
}
