import type { CheckOutcome, Evidence, HopStage, Resource, TargetStatus } from '../model/diagnosis.ts'
import { endpointOf, poolName } from '../model/endpoint.ts'
import { known } from '../model/fact.ts'
import { groupBy } from '../model/group-by.ts'
import type { Paths } from '../path/index.ts'
import {
  blockedCidrs,
  type EvaluatedTarget,
  type Hop,
  type Inference,
  mainDenial,
  type Shadowed,
  shadowedBehind,
} from '../path/index.ts'
import { type Decider, portRanges } from '../rules/index.ts'
import type { Params } from '../text/index.ts'
import { everyTarget, type FindingTarget, findingTarget, type PoolTarget, serviceOf } from './check.ts'
import { ruleText, SOURCE_NAMES, shadowedText } from './denial-texts.ts'
import { SHARED } from './texts.ts'

/** One rule, and every target whose probes it blocks wholly or in part. */
export interface Denial {
  readonly by: Decider
  readonly hits: readonly (PoolTarget & { readonly hop: Hop })[]
}

export const hopOf = (target: EvaluatedTarget, stage: HopStage): Hop | undefined =>
  target.path.find((hop) => hop.stage === stage)

/** Which targets a check covers. Managed services have their own check. */
export type Scope = (poolTarget: PoolTarget) => boolean

const ofMachines: Scope = (poolTarget) => serviceOf(poolTarget) === null

/** Targets whose hop has this verdict, grouped by the rule that denies the most. */
export function denials(
  paths: Paths,
  stage: HopStage,
  verdict: 'block' | 'partial',
  scope: Scope = ofMachines,
): readonly Denial[] {
  const groups = new Map<string, { by: Decider; hits: (PoolTarget & { hop: Hop })[] }>()
  for (const poolTarget of everyTarget(paths).filter(scope)) {
    const hop = hopOf(poolTarget.target, stage)
    if (hop?.verdict !== verdict) continue
    const by = mainDenial(hop)?.by
    if (!by) continue
    const key = deciderKey(by)
    const group = groups.get(key) ?? { by, hits: [] }
    group.hits.push({ ...poolTarget, hop })
    groups.set(key, group)
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}

const deciderKey = (by: Decider): string =>
  `${[by.id, ...(by.groups ?? [])].join(',')}#${by.index ?? 'default'}#${by.ruleId ?? ''}`

export const subjectOf = ({ by }: Denial): string => deciderKey(by)

/**
 * A target that only one documented reading of the port blocks may be healthy. It gets its own class, so it is only
 * compared with its like.
 */
export const targetsOf = ({ hits }: Denial): readonly FindingTarget[] =>
  hits.map((hit) => {
    const covered = findingTarget(hit)
    return hit.hop.otherReading === undefined
      ? covered
      : { ...covered, class: `${covered.class}/one-reading` }
  })

/**
 * Keeps the Dead targets whose class has no healthy target, if there are any. A finding rests on these, so doubts about
 * the others do not lower its certainty.
 */
export function narrowToDead(denial: Denial): Denial {
  const targets = targetsOf(denial)
  const kindAt = (i: number): string => targets[i]?.class ?? ''
  const healthy = new Set(
    denial.hits.flatMap(({ target }, i) => (target.status === 'Alive' ? kindAt(i) : [])),
  )
  const hits = denial.hits.filter(({ target }, i) => target.status === 'Dead' && !healthy.has(kindAt(i)))
  return hits.length > 0 ? { ...denial, hits } : denial
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

/** The assumptions about these probes that are inferred and not documented. */
export const inferredOf = ({ hits }: Denial): readonly Inference[] => [
  ...new Set(hits.flatMap(({ target: { plan } }) => (plan.kind === 'probe' ? (plan.inferred ?? []) : []))),
]

/** Targets share hops. Each hop is read once. */
const hopsOf = ({ hits }: Denial): readonly Hop[] => [...new Set(hits.map(({ hop }) => hop))]

/** Params that every text about a denial needs. */
export function paramsOf(denial: Denial) {
  const { by, hits } = denial
  const hops = hopsOf(denial)
  const probes = hops.flatMap(({ findings }) => findings.map(({ probe }) => probe))
  const ports = portRanges(probes.flatMap(({ port }) => port ?? []))
  const protocol = [...new Set(probes.map((probe) => probe.protocol.toUpperCase()))].join('/')
  const closed = hops.flatMap(({ notes }) =>
    notes.flatMap((note) => (note.code === 'reply-ports' ? note.closed : [])),
  )
  return {
    id: by.id,
    all: by.groups ?? [by.id],
    rule: ruleText(by),
    blocks: SHARED.blocks.wholly,
    shadowed: shadowedText(by, shadowedBy(hops)),
    words: by.words ?? '',
    protocol,
    ports: ports.join(','),
    service: ports.length > 0 ? `${protocol} ${ports.join(',')}` : protocol,
    blocked: blockedCidrs(hops),
    sources: [...new Set(hops.flatMap(({ findings }) => findings.map(({ via }) => SOURCE_NAMES[via])))],
    towards: SHARED.towards[ports.length > 0 ? 'port' : 'ping'],
    closed: [...new Set(closed)],
    count: hits.length,
  } satisfies Params
}

function shadowedBy(hops: readonly Hop[]): Shadowed | null {
  for (const hop of hops) {
    const found = shadowedBehind(hop)
    if (found) return found
  }
  return null
}

export function evidenceOf(denial: Denial, source: string): readonly Evidence[] {
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
      value: statusesOf(hits),
    },
  ]
}

/** Status by address. The address of a backend in several pools is prefixed with the pool. */
function statusesOf(hits: Denial['hits']): Readonly<Record<string, TargetStatus>> {
  const poolTarget = groupBy(hits, ({ target }) => endpointOf(target))
  const nameOf = ({ pool, target }: PoolTarget): string => {
    const endpoint = endpointOf(target)
    return poolTarget.get(endpoint)?.length === 1 ? endpoint : `${poolName(pool)} ${endpoint}`
  }
  return Object.fromEntries(hits.slice(0, 20).map((hit) => [nameOf(hit), hit.target.status]))
}

const factOf = (by: Decider): string =>
  by.index === null ? `${by.id}: no matching rule` : `${by.id} #${by.index}: ${by.words ?? ''}`

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
