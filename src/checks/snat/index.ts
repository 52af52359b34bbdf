import { known } from '../../model/fact.ts'
import { isUnprobed, type Paths } from '../../path/index.ts'
import {
  type Check,
  type CheckResult,
  type Draft,
  everyTarget,
  findingTarget,
  type PoolTarget,
  result,
} from '../check.ts'
import { aboutSeveral, membersText, withHitsIn } from '../several.ts'
import { type Backend, backendsOf, hitsOf, idsOf } from './backends.ts'
import { ccnRouteDrafts, ccnRouteOutcomes } from './ccn-routes.ts'
import { isReached, undetectedRoutes } from './detected.ts'
import { confirmFirewalls, isBehindCcn } from './far-side.ts'
import { snatSubnetAclDrafts, snatSubnetAclOutcomes } from './snat-subnet-acls.ts'
import { TEXTS } from './texts.ts'

/**
 * Guide 1.4: backends over CCN or Direct Connect see the CLB's SNAT IPs as the source. The routes there and back are
 * read from the route tables. Whether a data centre lets the SNAT IPs in cannot be read, so the finding spells out the
 * rule that it needs.
 */
export const snat: Check = { id: 'snat', reasons: TEXTS.reasons, run }

function run(paths: Paths): CheckResult {
  const remote = everyTarget(paths).filter(({ target }) => target.type === 'CCN' && !isUnprobed(target.plan))
  if (remote.length === 0)
    return everyTarget(paths).length > 0
      ? { outcome: 'not-applicable', drafts: [] }
      : { outcome: 'unknown', reason: 'no-backends-seen', drafts: [] }
  const { balancer } = paths
  if (!balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  const snatIps = balancer.snatIps.flatMap(({ ip }) => ip ?? [])
  if (snatIps.length === 0)
    return result(balancer.snatIps.length > 0 ? [] : noSnatIp(remote, paths), ['unknown'], 'no-snat-ip')
  return result(
    [
      // What packets did beats what tables say.
      ...ccnRouteDrafts(
        remote.filter((one) => !isReached(paths.snapshot, one)),
        paths,
      ),
      ...undetectedRoutes(remote, paths),
      ...snatSubnetAclDrafts(remote, paths),
      ...confirmFirewalls(remote, paths, snatIps),
    ],
    [
      ...ccnRouteOutcomes(remote),
      ...snatSubnetAclOutcomes(paths),
      // A backend whose far side cannot be read is never a pass.
      ...remote.map(({ target }) => (target.location.isResolved ? 'pass' : 'unknown')),
    ],
    remote.some(isBehindCcn) ? 'far-side-unseen' : 'way-unread',
  )
}

/** Addresses of a data centre need SNAT IPs. It is not documented how CLB reaches a VPC of the account without them. */
function noSnatIp(remote: readonly PoolTarget[], paths: Paths): readonly Draft[] {
  const targets = remote.filter(({ target }) => !known(paths.snapshot.crossTargets[target.ip]))
  return targets.length === 0
    ? []
    : [aboutSeveral(backendsOf(targets), idsOf, (some) => withoutSnatIp(some, paths), withHitsIn)]
}

function withoutSnatIp(backends: readonly Backend[], { snapshot, balancer }: Paths): Draft {
  const targets = hitsOf(backends)
  const id = snapshot.loadBalancerId
  const ips = backends.map(({ ip }) => ip)
  return {
    code: 'snat/no-snat-ip',
    subject: `${id}#${ips[0]}`,
    rule: id,
    predicts: 'dead',
    targets: targets.map(findingTarget),
    certainty: targets.every(isBehindCcn) ? 'likely' : 'possible',
    role: 'risk',
    severity: 'high',
    order: 0,
    resources: [{ type: 'clb', id, region: snapshot.region }],
    params: { clb: id, count: ips.length, targets: ips, list: membersText(ips) },
    doubts: [TEXTS.elsewhere],
    evidence: [
      { source: 'clb:DescribeLoadBalancers', fact: 'SnatPro', value: balancer?.snatPro ?? null },
      { source: 'clb:DescribeLoadBalancers', fact: 'SnatIps', value: [] },
    ],
    fix: { kind: 'settings' },
  }
}
