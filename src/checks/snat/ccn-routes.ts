import type { CheckOutcome, Evidence } from '../../model/diagnosis.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Text } from '../../model/language.ts'
import type { CcnRoundTrip, Obstruction, Paths } from '../../path/index.ts'
import { filled, following, inEachLanguage, NOTHING, semicolons } from '../../text/index.ts'
import { type Draft, type FixLine, type FixPlan, findingTarget, type PoolTarget } from '../check.ts'
import { tccli } from '../commands.ts'
import { doubtTexts } from '../doubts.ts'
import { aboutSeveral, membersText, withHitsIn } from '../several.ts'
import { backendsOf, hitsOf, idsOf } from './backends.ts'
import { TEXTS } from './texts.ts'

/** A way to a backend or back that a missing route stops. */
interface Stopped {
  readonly poolTarget: PoolTarget
  readonly by: Obstruction
  readonly snatIp: string
  /** True if every SNAT IP lacks a route. */
  readonly isWhole: boolean
}

/** One finding per CCN, table or VPC that lacks routes. It predicts Dead if every SNAT IP lacks one. */
export function ccnRouteDrafts(remote: readonly PoolTarget[], paths: Paths): readonly Draft[] {
  const stopped = remote.flatMap((poolTarget): readonly Stopped[] => {
    const { ccnRoundTrips } = poolTarget.target
    const isWhole = ccnRoundTrips.every((one) => obstructionsOf(one).length > 0)
    return ccnRoundTrips.flatMap((one) =>
      obstructionsOf(one).map((by) => ({ poolTarget, by, snatIp: one.snatIp, isWhole })),
    )
  })
  const places = groupBy(stopped, ({ by, isWhole }) => `${by.reason} ${by.at.id} ${isWhole}`)
  return [...places.values()].map((some) =>
    aboutSeveral(
      backendsOf(new Set(some.map(({ poolTarget }) => poolTarget))),
      idsOf,
      (backends) => {
        const own = new Set(hitsOf(backends))
        return draft(
          some.filter(({ poolTarget }) => own.has(poolTarget)),
          paths,
        )
      },
      withHitsIn,
    ),
  )
}

function draft(stopped: readonly Stopped[], { snapshot, balancer }: Paths): Draft {
  const [first] = stopped
  if (!first) throw new Error('a finding about nothing')
  const { by, isWhole } = first
  const { at, reason } = by
  const hits = [...new Set(stopped.map(({ poolTarget }) => poolTarget))]
  const ips = [...new Set(hits.map(({ target }) => target.ip))]
  const snatIps = [...new Set(stopped.map(({ snatIp }) => snatIp))]
  const missing = missingIn(stopped.map((one) => one.by))
  const rule = `${at.id}${isWhole ? '' : '#part'}`
  return {
    code: `snat/${reason}`,
    subject: `${rule}#${ips[0]}`,
    rule,
    predicts: isWhole ? 'dead' : 'flapping',
    targets: hits.map(findingTarget),
    certainty: 'likely',
    role: 'risk',
    severity: 'high',
    order: reason === 'return-route-missing' ? 5 : 0,
    resources: [{ type: at.type, id: at.id, region: at.region }],
    params: {
      clb: snapshot.loadBalancerId,
      vpc: balancer?.vpcId ?? '-',
      at: at.id,
      targets: ips,
      to: ips.length === 1 ? (ips[0] ?? '') : filled(TEXTS.backends, { count: ips.length }),
      list: membersText(ips),
      snatIps,
      count: ips.length,
      instead: insteadText(missing),
      state: by.state === null ? NOTHING : filled(TEXTS.state, { state: by.state }),
      quote: quoteOf(missing, by),
      todo: todoText(missing, by, ips, snatIps),
    },
    doubts: doubtTexts(['routed']),
    evidence: evidenceOf(missing, by),
    fix: fixOf(missing, by),
  }
}

/** What stands in place of the routes that a table lacks. */
interface Missing {
  readonly disabled: readonly NonNullable<Obstruction['disabled']>[]
  readonly astray: readonly string[]
  /** Addresses to which not even a disabled route leads. */
  readonly unrouted: readonly string[]
  readonly to: readonly string[]
}

function missingIn(obstructions: readonly Obstruction[]): Missing {
  const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]
  const disabled = new Map(
    obstructions.flatMap((one) => (one.disabled ? [[one.disabled.id, one.disabled]] : [])),
  )
  return {
    disabled: [...disabled.values()],
    astray: unique(obstructions.flatMap(({ disabled: off, astray }) => (off ? [] : (astray ?? [])))),
    unrouted: unique(obstructions.flatMap(({ disabled: off, to }) => (off ? [] : to))),
    to: unique(obstructions.map(({ to }) => to)),
  }
}

function insteadText({ disabled, astray }: Missing): Text {
  if (disabled.length > 0)
    return filled(TEXTS.instead.disabled, { ids: disabled.map(({ id }) => id), count: disabled.length })
  return astray.length > 0 ? filled(TEXTS.instead.astray, { ids: astray, count: astray.length }) : NOTHING
}

/** The routes as the console shows them, or the addresses without one. */
function quoteOf({ disabled, astray, unrouted }: Missing, { at, state }: Obstruction): Text {
  if (at.type === 'vpc')
    return state === null ? NOTHING : filled(TEXTS.quotes.attachment, { vpc: at.id, state })
  const lines = [
    ...disabled.map(({ id, cidr }) => filled(TEXTS.quotes.disabled, { id, cidr: cidr ?? '-' })),
    ...astray.map((route) => filled(TEXTS.quotes.astray, { route })),
    ...(unrouted.length > 0 && astray.length === 0
      ? [filled(TEXTS.quotes.none, { list: membersText(unrouted) })]
      : []),
  ]
  return inEachLanguage((language) =>
    semicolons(
      lines.slice(0, MOST_QUOTED).map((line) => line[language]),
      language,
    ),
  )
}

const MOST_QUOTED = 3

/** A disabled route takes one call to enable (SDK vpc_models). A missing route has to be designed. */
function todoText(
  { disabled, unrouted }: Missing,
  { at, reason }: Obstruction,
  targets: readonly string[],
  snatIps: readonly string[],
): Text {
  const params = { at: at.id, vpc: at.id, ids: disabled.map(({ id }) => id), targets, snatIps }
  if (at.type === 'vpc') return filled(TEXTS.todo.attach, params)
  const texts = [
    ...(disabled.length > 0 ? [filled(TEXTS.todo.enable, params)] : []),
    ...(unrouted.length > 0
      ? [
          filled(TEXTS.todo[reason === 'return-route-missing' ? 'addBack' : 'add'], {
            ...params,
            targets: unrouted,
          }),
        ]
      : []),
    ...(at.type === 'ccn' ? [TEXTS.todo.conflict] : []),
  ]
  const all = following(texts)
  return inEachLanguage((language) => all[language].trim())
}

function fixOf({ disabled, unrouted }: Missing, { at }: Obstruction): FixPlan {
  if (disabled.length === 0 || at.type === 'vpc') return { kind: 'advice', commands: [] }
  const ids = disabled.map(({ id }) => id)
  const command: FixLine =
    at.type === 'ccn'
      ? tccli('vpc EnableCcnRoutes', at.region, { CcnId: at.id, RouteIds: ids })
      : tccli('vpc EnableRoutes', at.region, { RouteTableId: at.id, RouteItemIds: ids })
  return { kind: unrouted.length > 0 ? 'advice' : 'restore', commands: [command] }
}

const obstructionsOf = ({ out, back }: CcnRoundTrip): readonly Obstruction[] =>
  [out, back].flatMap((leg) => (leg.verdict === 'block' ? leg.by : []))

const SOURCES = {
  vpc: 'vpc:DescribeCcnAttachedInstances',
  ccn: 'vpc:DescribeCcnRoutes',
  'route-table': 'vpc:DescribeRouteTables',
} as const

function evidenceOf(
  { disabled, astray, unrouted, to }: Missing,
  { at, state }: Obstruction,
): readonly Evidence[] {
  const source = SOURCES[at.type]
  if (at.type === 'vpc') return [{ source, fact: `State of ${at.id}`, value: state }]
  const fact = (list: readonly string[]): string =>
    `${at.id}: route to ${list.slice(0, 8).join(', ')}${list.length > 8 ? ` (+${list.length - 8})` : ''}`
  return [
    ...(disabled.length > 0
      ? [{ source, fact: fact(to), value: disabled.map(({ id }) => `${id} (Enabled: false)`).join(', ') }]
      : []),
    ...(unrouted.length > 0 ? [{ source, fact: fact(unrouted), value: astray.join(', ') || null }] : []),
  ]
}

export const ccnRouteOutcomes = (remote: readonly PoolTarget[]): readonly CheckOutcome[] =>
  remote.flatMap(({ target }) =>
    target.ccnRoundTrips.flatMap(({ out, back }) =>
      [out, back].map(({ verdict }) => (verdict === 'block' ? 'found' : verdict)),
    ),
  )
