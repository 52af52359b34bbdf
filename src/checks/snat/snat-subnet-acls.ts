import type { CheckOutcome } from '../../model/diagnosis.ts'
import { endpointOf } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import type { Text } from '../../model/language.ts'
import { type Denied, deniedUnder, type Paths, type SnatSubnetAcl } from '../../path/index.ts'
import { type Decider, largest, type Outcome } from '../../rules/index.ts'
import { following, NOTHING } from '../../text/index.ts'
import { type Draft, findingTarget, type PoolTarget } from '../check.ts'
import {
  denierText,
  metText,
  quoteText,
  remainderText,
  remainingText,
  underReading,
} from '../denial-texts.ts'
import { certaintyUnder, type Doubt, doubtTexts, readingDoubts } from '../doubts.ts'
import { aboutSeveral, membersText, withHitsIn } from '../several.ts'
import { SHARED } from '../texts.ts'
import { backendsOf, hitsOf, idsOf } from './backends.ts'
import { TEXTS } from './texts.ts'

interface Stop extends Omit<Denied, 'hop'> {
  readonly snatIp: string
  readonly acl: SnatSubnetAcl['acl']
  readonly direction: 'egress' | 'ingress'
  readonly by: Decider
  readonly remainder: Outcome['remainder']
}

interface Found {
  readonly first: Stop
  readonly hits: Set<PoolTarget>
  readonly snatIps: Set<string>
  readonly whole: boolean
}

/** The ACLs of the SNAT IPs' subnets: one finding per rule and reading that blocks probes out or replies in. */
export function snatSubnetAclDrafts(remote: readonly PoolTarget[], { snapshot }: Paths): readonly Draft[] {
  const found = new Map<string, Found>()
  for (const poolTarget of remote) {
    const { snatSubnetAcls, ccnRoundTrips } = poolTarget.target
    const stops = snatSubnetAcls.flatMap(stopsOf)
    // A SNAT IP in a subnet without an ACL is not blocked, so it counts as a way through.
    const ways = Math.max(ccnRoundTrips.length, snatSubnetAcls.length)
    const isWhole = (some: readonly Stop[]): boolean =>
      ways > 0 && new Set(some.filter(isBlock).map(({ snatIp }) => snatIp)).size >= ways
    const [all, firm] = [isWhole(stops), isWhole(stops.filter(isFirm))]
    for (const stop of stops) {
      const whole = isBlock(stop) && (isFirm(stop) ? firm : all)
      const key = `${ruleKey(stop)} ${isFirm(stop)} ${whole}`
      const entry = found.get(key) ?? { first: stop, hits: new Set<PoolTarget>(), snatIps: new Set(), whole }
      entry.hits.add(poolTarget)
      entry.snatIps.add(stop.snatIp)
      found.set(key, entry)
    }
  }
  return [...found.values()].map((one) =>
    aboutSeveral(
      backendsOf(one.hits),
      idsOf,
      (some) => draft({ ...one, hits: new Set(hitsOf(some)) }, snapshot.loadBalancerId),
      withHitsIn,
    ),
  )
}

const ruleKey = ({ acl, direction, by }: Stop): string => `${acl.id}#${direction}#${by.index ?? 'default'}`

function draft({ first, hits, snatIps, whole }: Found, clb: string): Draft {
  const { acl, direction, by } = first
  const doubts: readonly Doubt[] = ['routed', ...readingDoubts(first)]
  const rule = ruleKey(first)
  const endpoints = [...hits].map(({ target }) => endpointOf(target))
  return {
    code: 'snat/snat-subnet-acl',
    subject: `${rule}${isFirm(first) ? '' : '#source-port'}${whole ? '' : '#part'}#${endpoints[0]}`,
    rule,
    predicts: whole ? 'dead' : 'flapping',
    targets: [...hits].map(findingTarget),
    certainty: certaintyUnder(doubts),
    role: 'risk',
    severity: 'high',
    order: direction === 'egress' ? 0 : 5,
    resources: [
      { type: 'network-acl', id: acl.id, region: acl.region, ruleIndex: by.index, ruleId: by.ruleId },
    ],
    params: {
      clb,
      id: acl.id,
      snatIps: [...snatIps],
      targets: endpoints,
      list: membersText(endpoints),
      count: endpoints.length,
      direction: TEXTS.directions[direction],
      probe: TEXTS.probes[direction],
      rule: underReading(first.reading, metText(by)),
      quote: quoteText(by),
      denier: denierText(by, direction),
      blocks: SHARED.blocks.wholly[by.index === null ? 'default' : 'rule'],
      rest: following([restOf(first, [...hits])]),
    },
    doubts: doubtTexts(doubts),
    evidence: [
      {
        source: 'vpc:DescribeNetworkAcls',
        fact: `${acl.id} ${direction} ${by.index === null ? 'no matching rule' : `#${by.index}: ${by.words ?? ''}`}`,
        value: [...snatIps],
      },
    ],
    fix: { kind: 'open-departure', aclId: acl.id },
  }
}

/** The few ports that a block leaves open. */
function restOf({ remainder, direction }: Stop, [hit]: readonly PoolTarget[]): Text {
  const plan = hit?.target.plan
  if (!remainder || plan?.kind !== 'probe') return NOTHING
  const stage = direction === 'egress' ? 'acl-in' : 'acl-out'
  return remainingText([
    remainderText({ stage, protocol: plan.protocol, ports: remainder.ports, sources: null }),
  ])
}

const isBlock = ({ verdict }: Stop): boolean => verdict === 'block'

/** False if only the less likely reading of a port blocks. */
const isFirm = ({ ceiling }: Stop): boolean => ceiling !== 'possible'

/** The stop on the way out, or the one on the way back if the probe gets out under some reading. */
function stopsOf({ snatIp, acl, out, outBySourcePort = out, back }: SnatSubnetAcl): readonly Stop[] {
  const stop = (direction: Stop['direction'], outcome: Outcome, other: Outcome): Stop | null => {
    const denied = deniedUnder({ destination: outcome.verdict, source: other.verdict })
    const { pieces, remainder } = denied?.reading === 'source' ? other : outcome
    const by = largest(pieces.filter(({ verdict }) => verdict === 'deny'))?.by
    return denied && by ? { ...denied, snatIp, acl, direction, by, remainder } : null
  }
  const leaving = stop('egress', out, outBySourcePort)
  if (leaving && isFirm(leaving)) return [leaving]
  return [stop('ingress', back, back), leaving].filter((one) => one !== null)
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
