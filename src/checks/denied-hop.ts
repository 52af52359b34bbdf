import type { CheckOutcome, Evidence, HopStage, Resource, TargetStatus } from '../model/diagnosis.ts'
import { endpointOf, poolName } from '../model/endpoint.ts'
import { known } from '../model/fact.ts'
import { groupBy } from '../model/group-by.ts'
import type { Text } from '../model/language.ts'
import { remembered } from '../model/memo.ts'
import type { Paths } from '../path/index.ts'
import {
  blockedCidrs,
  type Denied,
  deniedAt,
  type EvaluatedTarget,
  type Hop,
  type Inference,
  mainDenial,
  type Shadowed,
  shadowedBehind,
} from '../path/index.ts'
import { type Decider, isEmpty, portRanges } from '../rules/index.ts'
import { filled, following, NOTHING, type Params } from '../text/index.ts'
import {
  type Draft,
  everyTarget,
  type FindingTarget,
  findingTarget,
  type PoolTarget,
  serviceOf,
} from './check.ts'
import {
  denierText,
  fromText,
  lackingText,
  metText,
  quoteText,
  remaindersText,
  SOURCE_NAMES,
  shadowedText,
  underReading,
} from './denial-texts.ts'
import { certaintyUnder, type Doubt } from './doubts.ts'
import { isReachedFrom } from './inside.ts'
import { aboutHits } from './several.ts'
import { SHARED } from './texts.ts'

/** A target and the hop that stops its probes, under the reading that denies the most. */
export type Hit = PoolTarget & Omit<Denied, 'verdict'> & { readonly doubts: readonly Doubt[] }

/** One rule, and the targets of one class of certainty whose probes it blocks wholly or in part. */
export interface Denial {
  readonly by: Decider
  readonly hits: readonly Hit[]
}

export const hopOf = (target: EvaluatedTarget, stage: HopStage): Hop | undefined =>
  target.path.find((hop) => hop.stage === stage)

/** Which targets a check covers. Managed services have their own check. */
export type Scope = (poolTarget: PoolTarget) => boolean

const ofMachines: Scope = (poolTarget) => serviceOf(poolTarget) === null

/** Why it is not certain that this hop stops the probes to this target. */
export type DoubtsOf = (poolTarget: PoolTarget, denied: Denied) => readonly Doubt[]

/**
 * Targets whose hop has this verdict, grouped by the rule that denies the most and by how sure that is. So no target
 * makes a finding less certain than it is for the others.
 */
export function denials(
  paths: Paths,
  stage: HopStage,
  verdict: Denied['verdict'],
  doubtsOf: DoubtsOf,
  scope: Scope = ofMachines,
): readonly Denial[] {
  const groups = new Map<string, { by: Decider; hits: Hit[] }>()
  for (const poolTarget of everyTarget(paths).filter(scope)) {
    const hop = hopOf(poolTarget.target, stage)
    const denied = hop ? deniedAt(hop) : null
    if (denied?.verdict !== verdict) continue
    const by = mainDenial(denied.hop)?.by
    if (!by) continue
    const doubts = doubtsOf(poolTarget, denied)
    const key = `${deciderKey(by)}${classKey(denied, doubts)}`
    const group = groups.get(key) ?? { by, hits: [] }
    group.hits.push({ ...poolTarget, ...denied, doubts })
    groups.set(key, group)
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}

const deciderKey = (by: Decider): string =>
  `${[by.id, ...(by.groups ?? [])].join(',')}#${by.index ?? 'default'}#${by.ruleId ?? ''}`

/** The class of certainty. Empty for the most certain one. */
function classKey({ reading }: Pick<Denied, 'reading'>, doubts: readonly Doubt[]): string {
  const certainty = certaintyUnder(doubts)
  return `${certainty === 'certain' ? '' : `#${certainty}`}${reading === 'source' ? '#source-port' : ''}`
}

/** What the findings of one rule share: the rule, and the subject that tells the finding from the others. */
export function subjectsOf({ by, hits }: Denial): Pick<Draft, 'rule' | 'subject'> {
  const rule = deciderKey(by)
  return { rule, subject: hits[0] ? `${rule}${classKey(hits[0], hits[0].doubts)}` : rule }
}

/**
 * A target that only one documented reading of the port blocks may be healthy. It gets its own class, so it is only
 * compared with its like.
 */
export const targetsOf = ({ hits }: Denial, paths: Paths): readonly FindingTarget[] =>
  hits.map((hit) => {
    const covered: FindingTarget = {
      ...findingTarget(hit),
      ...(isReached(hit, paths) ? { isReached: true } : {}),
    }
    return hit.reading === null ? covered : { ...covered, class: `${covered.class}/${hit.reading}-port` }
  })

/** Do probes get through that this hop should stop? */
const isReached = ({ target, hop }: Hit, paths: Paths): boolean =>
  hop.findings.some(({ outcome: { blocked }, probe }) =>
    // What closes ports and no address has no blocked addresses.
    isReachedFrom(
      target,
      isEmpty(blocked) ? probe.sources : blocked,
      hop.stage === 'acl-out' ? 'both' : 'in',
      paths,
    ),
  )

/** The finding of a denial, which can be made anew for a part of its targets. */
export const aboutDenial = (denial: Denial, draftOf: (denial: Denial) => Draft): Draft =>
  aboutHits(denial.hits, (hits) => draftOf({ ...denial, hits }))

/**
 * The doubts of a finding. All its targets are equally sure. The doubts about the Dead ones whose class has no healthy
 * target come first to mind, so only these are named if there are any.
 */
export function doubtsIn(denial: Denial, paths: Paths): readonly Doubt[] {
  const classes = targetsOf(denial, paths).map((target) => target.class)
  const healthy = new Set(
    denial.hits.flatMap(({ target }, i) => (target.status === 'Alive' ? (classes[i] ?? '') : [])),
  )
  const dead = denial.hits.filter(
    ({ target }, i) => target.status === 'Dead' && !healthy.has(classes[i] ?? ''),
  )
  return [...new Set((dead.length > 0 ? dead : denial.hits).flatMap(({ doubts }) => doubts))]
}

/** The group or ACL and the rule that decide. For the implicit deny of several groups: all groups. */
export function resourcesOf({ by }: Denial, { snapshot }: Paths): readonly Resource[] {
  const ids = by.index === null && by.groups ? by.groups : [by.id]
  const facts = by.kind === 'security-group' ? snapshot.securityGroups : snapshot.networkAcls
  return [...new Set(ids)].map((id) => ({
    type: by.kind,
    id,
    region: known<{ readonly region: string } | null>(facts[id])?.region ?? snapshot.region,
    ruleIndex: by.index,
    ruleId: by.ruleId,
  }))
}

/** The assumption about these probes that is inferred and not documented. */
export const inferredOf = ({ target: { plan } }: PoolTarget): readonly Inference[] =>
  plan.kind === 'probe' && plan.inferred !== null ? [plan.inferred] : []

/** Targets share hops. Each hop is read once. */
const hopsOf = ({ hits }: Denial): readonly Hop[] => [...new Set(hits.map(({ hop }) => hop))]

/** Params that every text about a denial needs. */
export function paramsOf(denial: Denial, direction: 'ingress' | 'egress' = 'ingress') {
  const { by, hits } = denial
  const hops = hopsOf(denial)
  const probes = hops.flatMap(({ findings }) => findings.map(({ probe }) => probe))
  const ports = portRanges(probes.flatMap(({ port }) => port ?? []))
  const protocol = [...new Set(probes.map((probe) => probe.protocol.toUpperCase()))].join('/')
  const service = ports.length > 0 ? `${protocol} ${ports.join(',')}` : protocol
  return {
    id: by.id,
    all: by.groups ?? [by.id],
    rule: underReading(readingOf(denial), metText(by)),
    quote: quoteText(by),
    denier: denierText(by, direction),
    blocks: SHARED.blocks.wholly[by.index === null ? 'default' : 'rule'],
    what: by.index === null ? filled(SHARED.what, { service }) : NOTHING,
    from: fromText(hops),
    shadowed: shadowedText(by, shadowedBy(hops)),
    words: by.words ?? '',
    protocol,
    ports: ports.join(','),
    service,
    blocked: blockedCidrs(hops),
    lacking: lackingText(hops),
    rest: following([remaindersText(hops), otherwiseText(denial)]),
    sources: [...new Set(hops.flatMap(({ findings }) => findings.map(({ via }) => SOURCE_NAMES[via])))],
    towards: SHARED.towards[ports.length > 0 ? 'port' : 'ping'],
    count: new Set(hits.map(({ target }) => endpointOf(target))).size,
  } satisfies Params
}

const readingOf = ({ hits }: Denial): Denied['reading'] => hits[0]?.reading ?? null

/** What is denied under the destination reading, where only the source reading denies every reply. */
function otherwiseText(denial: Denial): Text {
  if (readingOf(denial) !== 'source') return NOTHING
  const hops = denial.hits.flatMap(({ target }) => hopOf(target, 'acl-out') ?? [])
  const partial = [...new Set(hops)].filter(({ verdict }) => verdict === 'partial')
  return partial.length > 0 ? filled(SHARED.readings.destination, { lacking: lackingText(partial) }) : NOTHING
}

function shadowedBy(hops: readonly Hop[]): Shadowed | null {
  for (const hop of hops) {
    const found = shadowedBehind(hop)
    if (found) return found
  }
  return null
}

export function evidenceOf(denial: Denial, source: string, paths: Paths): readonly Evidence[] {
  const { by, hits } = denial
  const hops = hopsOf(denial)
  const cidrs = blockedCidrs(hops)
  const shadowed = shadowedBy(hops)
  return [
    { source, fact: factOf(by), value: cidrs },
    ...(shadowed ? [{ source, fact: factOf(shadowed.by), value: shadowed.part ?? cidrs }] : []),
    {
      source: 'clb:DescribeTargetHealth',
      fact: 'HealthStatusDetail',
      value: statusesOf(hits, poolsAt(paths)),
    },
  ]
}

const poolsAt = remembered((paths: Paths) => groupBy(everyTarget(paths), ({ target }) => endpointOf(target)))

/** Status by address. The address of a backend in several pools is prefixed with the pool. */
function statusesOf(
  hits: Denial['hits'],
  all: ReturnType<typeof poolsAt>,
): Readonly<Record<string, TargetStatus>> {
  const nameOf = ({ pool, target }: PoolTarget): string => {
    const endpoint = endpointOf(target)
    return all.get(endpoint)?.length === 1 ? endpoint : `${poolName(pool)} ${endpoint}`
  }
  return Object.fromEntries(hits.slice(0, 20).map((hit) => [nameOf(hit), hit.target.status]))
}

/** The place of a rule by its name in the API, because a title counts rules of groups from 1. */
function factOf({ id, kind, index, words }: Decider): string {
  if (index === null) return `${id}: no matching rule`
  return `${id} ${kind === 'security-group' ? 'PolicyIndex' : 'Priority'} ${index}: ${words ?? ''}`
}

/** The check's outcomes if it finds nothing: one per target and stage. */
export const outcomesOf = (
  paths: Paths,
  stages: readonly HopStage[],
  scope: Scope = ofMachines,
): readonly CheckOutcome[] =>
  everyTarget(paths)
    .filter(scope)
    .flatMap(({ target }) =>
      stages.map((stage): CheckOutcome => {
        switch (hopOf(target, stage)?.verdict) {
          case 'pass':
            return 'pass'
          case 'not-applicable':
            return 'not-applicable'
          case 'block':
          case 'partial':
            return 'found'
          default:
            return 'unknown'
        }
      }),
    )

/** The code of the first note that leaves one of these hops open. */
export function whyUnknown(paths: Paths, stages: readonly HopStage[], scope: Scope = ofMachines): string {
  for (const { target } of everyTarget(paths).filter(scope))
    for (const { stage, verdict, notes } of target.path)
      if (verdict === 'unknown' && stages.includes(stage) && notes[0]) return notes[0].code
  return 'not-evaluated'
}
