import { known } from '../../model/fact.ts'
import { type Assessment, isUnprobed } from '../../path/index.ts'
import {
  type Check,
  type CheckResult,
  cover,
  type Draft,
  everyTarget,
  type Placed,
  result,
} from '../check.ts'
import { wayDrafts, wayOutcomes } from './ccn-routes.ts'
import { confirmFirewalls, isBeyond } from './far-side.ts'
import { reasons } from './messages.ts'
import { departureDrafts, departureOutcomes } from './snat-subnet-acls.ts'

/**
 * Guide 1.4: backends reached over CCN or Direct Connect see the CLB's SNAT IPs as the source. The ways there and back
 * are read from the route tables; whether a data centre lets the SNAT IPs in cannot be read: the rule it needs is spelled
 * out instead.
 */
export const snat: Check = { id: 'snat', reasons, run }

function run(assessment: Assessment): CheckResult {
  const remote = everyTarget(assessment).filter(
    ({ target }) => target.type === 'CCN' && !isUnprobed(target.plan),
  )
  if (remote.length === 0)
    return { outcome: everyTarget(assessment).length > 0 ? 'not-applicable' : 'unknown', drafts: [] }
  const { balancer } = assessment
  if (!balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  const snatIps = balancer.snatIps.flatMap(({ ip }) => ip ?? [])
  if (snatIps.length === 0)
    return result(balancer.snatIps.length > 0 ? [] : noSnatIp(remote, assessment), ['unknown'])
  return result(
    [
      ...wayDrafts(remote, assessment),
      ...departureDrafts(remote, assessment),
      ...confirmFirewalls(remote, assessment, snatIps),
    ],
    [
      ...wayOutcomes(remote),
      ...departureOutcomes(assessment),
      // What only the far side knows is never passed.
      ...remote.map(({ target }) => (target.place.seen ? 'pass' : 'unknown')),
    ],
  )
}

/** Mandatory for addresses of a data centre; how a VPC of the account is reached without is not documented. */
function noSnatIp(remote: readonly Placed[], assessment: Assessment): readonly Draft[] {
  const { snapshot, balancer } = assessment
  const targets = remote.filter(({ target }) => !known(snapshot.crossTargets[target.ip]))
  if (targets.length === 0) return []
  const id = snapshot.loadBalancerId
  const isSure = targets.every(isBeyond)
  return [
    {
      code: 'snat/no-snat-ip',
      subject: id,
      predicts: 'dead',
      covers: targets.map(cover),
      certainty: isSure ? 'likely' : 'possible',
      role: 'risk',
      severity: 'high',
      order: 0,
      resources: [{ type: 'clb', id, region: snapshot.region }],
      params: { clb: id, count: targets.length },
      evidence: [
        { source: 'clb:DescribeLoadBalancers', fact: 'SnatPro', value: balancer?.snatPro ?? null },
        { source: 'clb:DescribeLoadBalancers', fact: 'SnatIps', value: [] },
      ],
      fix: { kind: 'advice' },
    },
  ]
}
