import type { Role, TargetKey } from '../../src/model/diagnosis.ts'
import { groupBy } from '../../src/model/group-by.ts'
import { dependsOn } from './catalogue/changes.ts'
import {
  distinct,
  type Injection,
  isNodePort,
  isPod,
  isRemote,
  poolId,
  poolsOf,
  type Site,
  siteOf,
  type Target,
} from './catalogue/fault.ts'
import { NO_BANDWIDTH } from './catalogue/machines.ts'
import type { Certainty } from './extents.ts'
import { type Doubt, doubtsOn, gatesOn, isOrdered, type Stopped } from './gates.ts'
import { isOneZone } from './zones.ts'

// The truth of a case. It comes only from the packets and the injected faults. Diagnoses are compared with it.

/** One finding that a diagnosis must have. */
export interface Expected {
  readonly code: string
  /** Sorted ids. */
  readonly resources: readonly string[]
  readonly ruleIndex?: number | null
  /** The Dead backends that it explains, sorted. */
  readonly targets: readonly TargetKey[]
  readonly roles: readonly Role[]
  readonly ceiling: Certainty
  /** The targets that a diagnosis may leave out, because the source of their probes is not known. */
  readonly optional?: readonly TargetKey[]
}

export interface Truth {
  readonly expected: readonly Expected[]
  /** The Dead backends that no certain or likely cause explains. A gap must leave them open, with commands to run by hand. */
  readonly open: readonly Target[]
  readonly alsoPossible: ReadonlySet<string>
  /** Steps on the way to Dead backends that the API leaves open. A report must say so, and name the rule. */
  readonly doubts: readonly (Doubt & { readonly key: TargetKey })[]
}

const sorted = <T>(values: Iterable<T>): readonly T[] => [...values].sort()

export function truthOf(site: Site, injections: readonly Injection[], alone: readonly Site[]): Truth {
  const hits = gateHits(site)
  const blocks = withWhatIsLeft([...gateBlocks(hits), ...fixedBlocks(site, injections, alone)])
  const sure = targetsOf(blocks)
  const explained = new Set(blocks.flatMap(({ targets }) => targets))
  const flapping = gateParts(hits, explained)
  for (const key of flapping.flatMap(({ targets }) => targets)) explained.add(key)
  const expected = [
    ...blocks,
    ...flapping,
    ...suspects(site, injections, alone, explained),
    ...states(site, injections, sure),
    ...traffic(site),
  ]
  const settled = targetsOf(expected)
  return {
    expected,
    open: site.targets.filter((target) => isDead(target) && !settled.has(target.key)),
    doubts: site.targets
      .filter(isDead)
      .flatMap((target) => doubtsOn(site, target).map((doubt) => ({ ...doubt, key: target.key }))),
    alsoPossible: new Set(injections.flatMap(({ alsoPossible = [] }) => alsoPossible)),
  }
}

/** The finding about public bandwidth counts only for backends that no other certain or likely cause explains. */
function withWhatIsLeft(blocks: readonly Expected[]): readonly Expected[] {
  const isLast = ({ code }: Expected): boolean => code === `instance-state/${NO_BANDWIDTH}`
  const others = targetsOf(blocks.filter((one) => !isLast(one)))
  return blocks.flatMap((one) => {
    const targets = isLast(one) ? one.targets.filter((key) => !others.has(key)) : one.targets
    return targets.length > 0 ? [{ ...one, targets }] : []
  })
}

/** The targets that certain or likely causes explain. */
const targetsOf = (some: readonly Expected[]): ReadonlySet<TargetKey> =>
  new Set(some.flatMap(({ ceiling, targets }) => (ceiling === 'possible' ? [] : targets)))

const isDead = (target: Target): boolean => target.status() === 'Dead'

interface Hit {
  readonly stopped: Stopped
  readonly target: Target
}

/** Groups backends by the rule that blocks them and by how sure that is. */
function byDecider(hits: readonly Hit[]): readonly (readonly [Stopped, readonly Hit[]])[] {
  const groups = new Map<string, Hit[]>()
  for (const hit of hits) {
    const { code, resources, ruleIndex, ceiling, reading } = hit.stopped
    const rule = [code, withoutServices(resources), ruleIndex ?? null, ruleIndex === undefined]
    const key = JSON.stringify([...rule, ceiling, reading === 'source'])
    groups.set(key, [...(groups.get(key) ?? []), hit])
  }
  return [...groups.values()].flatMap((own) => (own[0] ? [[own[0].stopped, own] as const] : []))
}

const withoutServices = (ids: readonly string[]): readonly string[] =>
  ids.filter((id) => /^(sg|acl)-/.test(id))

/** The gates that block probes, for each backend. */
function gateHits(site: Site): readonly Hit[] {
  const probed = site.targets.filter((target) => target.status() !== 'Close')
  return probed.flatMap((target) => gatesOn(site, target).map((stopped) => ({ stopped, target })))
}

const ofExtent = (hits: readonly Hit[], extent: Stopped['extent']): readonly Hit[] =>
  hits.filter(({ stopped }) => stopped.extent === extent)

function expectedOf([{ code, ruleIndex }, hits]: readonly [Stopped, readonly Hit[]]) {
  return {
    code,
    resources: sorted(distinct(hits.flatMap(({ stopped }) => stopped.resources))),
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
  }
}

/** Gates that block every probe are the cause for the Dead backends behind them. */
const gateBlocks = (hits: readonly Hit[]): readonly Expected[] =>
  byDecider(ofExtent(hits, 'block')).flatMap((group) => {
    const dead = group[1].filter(({ stopped, target }) => stopped.inForce && isDead(target))
    const { ceiling } = group[0]
    const targets = sorted(dead.map(({ target }) => target.key))
    const roles: readonly Role[] = ceiling === 'possible' ? ['cause', 'contributor'] : ['cause']
    const optional = dead.flatMap(({ stopped, target }) => (stopped.isOptional ? [target.key] : []))
    return dead.length > 0 ? [{ ...expectedOf(group), targets, roles, ceiling, optional }] : []
  })

/** Gates that block a part of the probes: a possible cause for Dead backends without another cause, otherwise a risk. */
const gateParts = (hits: readonly Hit[], explained: ReadonlySet<TargetKey>): readonly Expected[] =>
  byDecider(ofExtent(hits, 'part')).map((group) => {
    const left = group[1].filter(({ target }) => isDead(target) && !explained.has(target.key))
    const targets = sorted(left.map(({ target }) => target.key))
    return targets.length > 0
      ? { ...expectedOf(group), targets, roles: ['cause'], ceiling: 'possible' }
      : {
          ...expectedOf(group),
          targets: [],
          roles: ['risk'],
          ceiling: group[0].ceiling,
        }
  })

/** The backends that are Dead with only this fault, and the ones of other faults for which `adds` is true. */
function deadBy(site: Site, alone: Site | undefined, adds?: (target: Target) => boolean): readonly Target[] {
  const before = new Map((alone?.targets ?? []).map((target) => [target.key, target]))
  return site.targets.filter((target) => {
    const own = before.get(target.key)
    return isDead(target) && (own ? isDead(own) : adds?.(target) === true)
  })
}

function fixedBlocks(
  site: Site,
  injections: readonly Injection[],
  alone: readonly Site[],
): readonly Expected[] {
  const found = injections.flatMap((own, i) => {
    if (own.kind !== 'machine' && own.kind !== 'path') return []
    const resources = own.resourcesIn?.(site) ?? own.resources ?? []
    const targets = deadBy(site, alone[i], own.adds).filter((target) => own.explains?.(target, site) ?? true)
    if (targets.length === 0) return []
    const { ceiling = 'certain' } = own
    const roles: readonly Role[] = ceiling === 'possible' ? ['cause', 'contributor'] : ['cause']
    return [
      {
        own,
        block: {
          ...fixed({ ...own, resources }),
          targets: sorted(targets.map(({ key }) => key)),
          roles,
          ceiling,
        },
      },
    ]
  })
  return [
    ...groupBy(found, ({ own }) => (own.state === undefined ? own : `${own.code} ${own.state}`)).values(),
  ].flatMap(([first, ...others]) =>
    first ? [together(first.block, ...others.map(({ block }) => block))] : [],
  )
}

/** Things with one reason and state are one finding. */
const together = (first: Expected, ...others: readonly Expected[]): Expected => ({
  ...first,
  resources: sorted(distinct([first, ...others].flatMap(({ resources }) => resources))),
  targets: sorted(distinct([first, ...others].flatMap(({ targets }) => targets))),
})

const fixed = ({ code, resources = [] }: Injection) => ({ code, resources: sorted(resources) })

function suspects(
  site: Site,
  injections: readonly Injection[],
  alone: readonly Site[],
  explained: ReadonlySet<TargetKey>,
): readonly Expected[] {
  return injections.flatMap((own, i): readonly Expected[] => {
    if (own.kind !== 'suspect') return []
    const pool = poolsOf(site).find(({ rule }) => rule.id === own.subject)
    const isFirewall = own.code === 'snat/confirm-idc-firewall'
    const dead = deadBy(site, alone[i]).filter((target) =>
      isFirewall ? isRemote(target) : target.rule.id === own.subject,
    )
    // Another fault may have disabled the check or removed the backends. Without SNAT IPs no firewall rule can be missing.
    if (!pool || dead.length === 0 || (isFirewall && site.front.snatIps.length === 0)) return []
    const left = dead.filter(({ key }) => !explained.has(key))
    const targets = sorted(left.map(({ key }) => key))
    const found = isFirewall ? { code: own.code, resources: farSide(site) } : fixed(own)
    return left.length > 0
      ? [{ ...found, targets, roles: ['cause', 'contributor'], ceiling: 'possible' }]
      : [{ ...found, targets: [], roles: ['contributor', 'risk'], ceiling: 'possible' }]
  })
}

/** The Dead backends of the data centre, which is one network, and their rules. */
function farSide(site: Site): readonly string[] {
  const dead = site.targets.filter((target) => isDead(target) && isRemote(target))
  const pools = poolsOf(site).filter(({ targets }) => targets.some((target) => dead.includes(target)))
  return sorted(
    distinct([
      ...dead.map(({ backend }) => backend.ip),
      ...pools.map(({ listener, rule }) => poolId(listener, rule)),
    ]),
  )
}

/** The states that the other faults do not hide. */
const states = (
  site: Site,
  injections: readonly Injection[],
  sure: ReadonlySet<TargetKey>,
): readonly Expected[] =>
  injections.flatMap((own): readonly Expected[] => {
    if (own.kind !== 'state' || !isSeen(site, own, sure)) return []
    return [{ ...fixed(own), targets: [], roles: [own.role ?? 'risk'], ceiling: own.ceiling ?? 'certain' }]
  })

function isSeen(
  site: Site,
  { code, subject, resources = [] }: Injection,
  sure: ReadonlySet<TargetKey>,
): boolean {
  const pool = poolsOf(site).find(({ rule }) => rule.id === subject)
  switch (code) {
    case 'tke-mode/direct':
      return site.targets.some((target) => isPod(target) && isDead(target))
    case 'tke-mode/node-port':
      return site.targets.some((target) => isNodePort(target) && isDead(target))
    case 'instance-state/one-zone':
      return isOneZone(site, resources, sure)
    case 'pool-membership/check-disabled':
      return pool?.listener.stopped === false
    case 'pool-membership/not-probed-yet':
      return pool?.targets.some((target) => target.status() === 'Unknown') === true
    case 'pool-membership/warming-up':
      return pool?.targets.some((one) => one.backend.warming === true && isDead(one)) === true
    case 'security-group/order-dependent':
      return site.targets.some(
        (target) =>
          target.status() !== 'Close' &&
          String(target.home?.groups) === String(resources) &&
          isOrdered(site, target),
      )
    case 'recent-change/before-onset':
      return site.targets.some((target) => isDead(target) && dependsOn(target).includes(resources[0] ?? ''))
    default:
      return true
  }
}

/** Only the statuses decide what CLB does with traffic. */
function traffic(site: Site): readonly Expected[] {
  const { front } = site
  if (front.isolated || front.stopped || front.creating) return []
  return poolsOf(site).flatMap(({ listener, rule, targets }): readonly Expected[] => {
    const weighted = targets.filter(({ backend }) => backend.weight > 0)
    const alive = weighted.filter((target) => target.status() === 'Alive')
    if (listener.stopped || weighted.length === 0) return []
    const common = { resources: [poolId(listener, rule)], targets: [], ceiling: 'certain' } as const
    if (weighted.every(isDead))
      return [{ ...common, code: 'all-backends-down/fallback-active', roles: ['note'] }]
    return alive.length === 1 && weighted.length >= 3 && weighted.some(isDead)
      ? [{ ...common, code: 'all-backends-down/one-left', roles: ['risk'] }]
      : []
  })
}

/** The world after all faults, and after each fault separately. */
export function worldsAfter(
  before: Site,
  injections: readonly Injection[],
): { readonly after: Site; readonly alone: readonly Site[] } {
  const broken = (some: readonly Injection[]): Site => {
    const world = structuredClone(before.world)
    for (const { apply } of some) apply(world)
    return siteOf(world)
  }
  const after = broken(injections)
  return { after, alone: injections.length === 1 ? [after] : injections.map((one) => broken([one])) }
}
