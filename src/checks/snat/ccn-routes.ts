import type { CheckOutcome, Evidence } from '../../model/diagnosis.ts'
import type { Text } from '../../model/language.ts'
import type { CcnRoundTrip, Obstruction, Paths } from '../../path/index.ts'
import { filled, NOTHING } from '../../text/index.ts'
import { type Draft, type FixLine, findingTarget, type PoolTarget } from '../check.ts'
import { tccli } from '../commands.ts'
import { doubtTexts } from '../doubts.ts'
import { TEXTS } from './texts.ts'

/** One finding per place where a route is missing. It predicts Dead if every SNAT IP lacks a route. */
export function ccnRouteDrafts(
  remote: readonly PoolTarget[],
  { snapshot, balancer }: Paths,
): readonly Draft[] {
  const found = new Map<
    string,
    { by: Obstruction; hits: Set<PoolTarget>; snatIps: Set<string>; whole: boolean }
  >()
  for (const poolTarget of remote) {
    const { ccnRoundTrips } = poolTarget.target
    const isWhole = ccnRoundTrips.every((one) => obstructionsOf(one).length > 0)
    for (const roundTrip of ccnRoundTrips)
      for (const by of obstructionsOf(roundTrip)) {
        const key = `${by.reason} ${by.at.id} ${isWhole}`
        const entry = found.get(key) ?? {
          by,
          hits: new Set<PoolTarget>(),
          snatIps: new Set(),
          whole: isWhole,
        }
        entry.hits.add(poolTarget)
        entry.snatIps.add(roundTrip.snatIp)
        found.set(key, entry)
      }
  }
  return [...found.values()].map(({ by, hits, snatIps, whole }) => ({
    code: `snat/${by.reason}`,
    subject: `${by.at.id}${whole ? '' : '#part'}`,
    predicts: whole ? 'dead' : 'flapping',
    targets: [...hits].map(findingTarget),
    certainty: 'likely',
    role: 'risk',
    severity: 'high',
    order: by.reason === 'return-route-missing' ? 5 : 0,
    resources: [{ type: by.at.type, id: by.at.id, region: by.at.region }],
    params: {
      clb: snapshot.loadBalancerId,
      vpc: balancer?.vpcId ?? '-',
      at: by.at.id,
      targets: [...new Set([...hits].map(({ target }) => target.ip))],
      snatIps: [...snatIps],
      count: hits.size,
      instead: insteadText(by),
      state: by.state === null ? NOTHING : filled(TEXTS.state, { state: by.state }),
    },
    doubts: doubtTexts(['routed']),
    evidence: [evidenceOf(by)],
    fix: { kind: by.disabled === null ? 'advice' : 'restore', commands: enabling(by) },
  }))
}

function insteadText({ disabled, astray }: Obstruction): Text {
  if (disabled !== null) return filled(TEXTS.instead.disabled, { id: disabled })
  return astray === null ? NOTHING : filled(TEXTS.instead.astray, { id: astray })
}

/** A disabled route takes one call to enable (SDK vpc_models). A missing route has to be designed. */
function enabling({ at, disabled }: Obstruction): readonly FixLine[] {
  if (disabled === null || at.type === 'vpc') return []
  return at.type === 'ccn'
    ? [tccli('vpc EnableCcnRoutes', at.region, { CcnId: at.id, RouteIds: [disabled] })]
    : [tccli('vpc EnableRoutes', at.region, { RouteTableId: at.id, RouteItemIds: [disabled] })]
}

const obstructionsOf = ({ out, back }: CcnRoundTrip): readonly Obstruction[] =>
  [out, back].flatMap((leg) => (leg.verdict === 'block' ? leg.by : []))

const SOURCES = {
  vpc: 'vpc:DescribeCcnAttachedInstances',
  ccn: 'vpc:DescribeCcnRoutes',
  'route-table': 'vpc:DescribeRouteTables',
} as const

const evidenceOf = ({ at, to, disabled, astray, state }: Obstruction): Evidence => ({
  source: SOURCES[at.type],
  fact: at.type === 'vpc' ? `State of ${at.id}` : `${at.id}: route to ${to}`,
  value: at.type === 'vpc' ? state : disabled === null ? astray : `${disabled} (Enabled: false)`,
})

export const ccnRouteOutcomes = (remote: readonly PoolTarget[]): readonly CheckOutcome[] =>
  remote.flatMap(({ target }) =>
    target.ccnRoundTrips.flatMap(({ out, back }) =>
      [out, back].map(({ verdict }) => (verdict === 'block' ? 'found' : verdict)),
    ),
  )
