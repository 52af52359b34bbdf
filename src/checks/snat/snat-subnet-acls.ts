import type { CheckOutcome } from '../../model/diagnosis.ts'
import { endpointOf } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import type { Paths, SnatSubnetAcl } from '../../path/index.ts'
import { type Decider, largest, type Outcome } from '../../rules/index.ts'
import { type Draft, findingTarget, type PoolTarget } from '../check.ts'
import { ruleText } from '../denial-texts.ts'
import { doubtsText } from '../doubts.ts'
import { TEXTS } from './texts.ts'

interface Stop {
  readonly snatIp: string
  readonly acl: SnatSubnetAcl['acl']
  readonly direction: 'egress' | 'ingress'
  readonly by: Decider
  readonly outcome: Outcome
}

/** The ACLs of the SNAT IPs' subnets: one finding per rule that blocks probes out or replies in. */
export function snatSubnetAclDrafts(remote: readonly PoolTarget[], { snapshot }: Paths): readonly Draft[] {
  const found = new Map<
    string,
    { first: Stop; hits: Set<PoolTarget>; snatIps: Set<string>; whole: boolean }
  >()
  for (const poolTarget of remote) {
    const { snatSubnetAcls, ccnRoundTrips } = poolTarget.target
    const stops = snatSubnetAcls.flatMap(stopsOf)
    const stopped = new Set(stops.filter(isBlock).map(({ snatIp }) => snatIp))
    // A SNAT IP in a subnet without an ACL is not blocked, so it counts as a way through.
    const isWhole =
      snatSubnetAcls.length > 0 && stopped.size >= Math.max(ccnRoundTrips.length, snatSubnetAcls.length)
    for (const stop of stops) {
      const whole = isWhole && isBlock(stop)
      const key = `${stop.acl.id} ${stop.direction} ${stop.by.index} ${whole}`
      const entry = found.get(key) ?? { first: stop, hits: new Set<PoolTarget>(), snatIps: new Set(), whole }
      entry.hits.add(poolTarget)
      entry.snatIps.add(stop.snatIp)
      found.set(key, entry)
    }
  }
  return [...found.values()].map(({ first, hits, snatIps, whole }) => ({
    code: 'snat/snat-subnet-acl',
    subject: `${first.acl.id}#${first.direction}#${first.by.index ?? 'default'}${whole ? '' : '#part'}`,
    predicts: whole ? 'dead' : 'flapping',
    targets: [...hits].map(findingTarget),
    certainty: 'likely',
    role: 'risk',
    severity: 'high',
    order: first.direction === 'egress' ? 0 : 5,
    resources: [
      {
        type: 'network-acl',
        id: first.acl.id,
        region: first.acl.region,
        ruleIndex: first.by.index,
        ruleId: first.by.ruleId,
      },
    ],
    params: {
      clb: snapshot.loadBalancerId,
      id: first.acl.id,
      snatIps: [...snatIps],
      targets: [...hits].map(({ target }) => endpointOf(target)),
      count: hits.size,
      direction: TEXTS.directions[first.direction],
      rule: ruleText(first.by),
      doubt: doubtsText(['routed']),
    },
    evidence: [
      {
        source: 'vpc:DescribeNetworkAcls',
        fact: `${first.acl.id} ${first.direction} ${first.by.index === null ? 'no matching rule' : `#${first.by.index}: ${first.by.words ?? ''}`}`,
        value: [...snatIps],
      },
    ],
    fix: { kind: 'open-departure', aclId: first.acl.id },
  }))
}

const isBlock = ({ outcome }: Stop): boolean => outcome.verdict === 'block'

function stopsOf({ snatIp, acl, out, back }: SnatSubnetAcl): readonly Stop[] {
  const stop = (direction: Stop['direction'], outcome: Outcome): readonly Stop[] => {
    const by = largest(outcome.pieces.filter(({ verdict }) => verdict === 'deny'))?.by
    return by && (outcome.verdict === 'block' || outcome.verdict === 'partial')
      ? [{ snatIp, acl, direction, by, outcome }]
      : []
  }
  const leaving = stop('egress', out)
  return leaving.length > 0 ? leaving : stop('ingress', back)
}

/** Unknown if the subnet or its ACL could not be read. */
export function snatSubnetAclOutcomes({ snapshot, balancer }: Paths): readonly CheckOutcome[] {
  return (balancer?.snatIps ?? []).map(({ subnetId }) => {
    const subnet = known(snapshot.subnets[subnetId ?? ''])
    if (!subnet) return 'unknown'
    const { networkAclId } = subnet
    return networkAclId === null || known(snapshot.networkAcls[networkAclId]) ? 'pass' : 'unknown'
  })
}
