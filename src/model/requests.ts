import {
  type Diagnosis,
  type Finding,
  isCause,
  isReason,
  type Pool,
  type Target,
  type TargetKey,
  type TargetStatus,
} from './diagnosis.ts'
import { endpointOf } from './endpoint.ts'

// What requests to a CLB meet, from the findings about it and the statuses and weights of its backends.

/** With one of these findings the whole CLB forwards nothing. */
export const NOT_SERVING = ['isolated', 'stopped', 'creating'].map(
  (reason) => `load-balancer-state/${reason}`,
)
export const VIP_BLOCKED = 'load-balancer-state/vip-blocked'
const STOPPED = 'load-balancer-state/listener-stopped'
const WEIGHTLESS = 'pool-membership/all-weights-zero'
const EMPTY = 'pool-membership/no-targets'
const GONE: readonly string[] = ['instance-state/not-running', 'instance-state/not-found']

/** No pod takes the requests to a NodePort. kube-proxy refuses them, for clients as for probes. */
const WITHOUT_POD: readonly string[] = ['no-endpoints', 'not-ready', 'readiness-failing'].map(
  (reason) => `tke-pod/${reason}`,
)
/** Nobody listens where probes go, or only where nobody from outside gets. */
const UNHEARD: readonly string[] = ['not-listening', 'loopback-only', 'other-address'].map(
  (reason) => `guest-port/${reason}`,
)

/** The listeners and rules that findings with this code name. */
const namedBy = (findings: readonly Finding[], code: string): ReadonlySet<string> =>
  new Set(
    findings.filter((one) => one.code === code).flatMap(({ resources }) => resources.map(({ id }) => id)),
  )

/** The backends that certainly have one of these causes. */
const certainIn = (findings: readonly Finding[], codes: readonly string[]): ReadonlySet<TargetKey> =>
  new Set(
    findings
      .filter((one) => codes.includes(one.code) && one.certainty === 'certain' && isReason(one))
      .flatMap(({ explains }) => explains),
  )

interface Named {
  readonly stopped: ReadonlySet<string>
  readonly empty: ReadonlySet<string>
  /** Their machines do not run, or no longer exist. */
  readonly gone: ReadonlySet<TargetKey>
  readonly withoutPod: ReadonlySet<TargetKey>
  readonly unheard: ReadonlySet<TargetKey>
}

const isNamed = ({ listenerId, locationId }: Pool, ids: ReadonlySet<string>): boolean =>
  ids.has(listenerId) || (locationId !== null && ids.has(locationId))

/** What a pool does with requests, worst first. */
const KINDS = [
  'stopped',
  'weightless',
  'empty',
  'machineless',
  'unanswered',
  'fallback',
  'unread',
  'half',
  'some',
  'someUnchecked',
  'pending',
  'unchecked',
  'zeroDead',
  'all',
] as const
export type RequestsKind = (typeof KINDS)[number]

/** Pools with one of these serve their requests as they should. */
export const WELL: readonly RequestsKind[] = ['all', 'unchecked']

export interface PoolRequests {
  readonly pool: Pool
  readonly kind: RequestsKind
  /** Of different backends (address and port) with weight. */
  readonly count: number
}

/** Different backends (address and port) of weight over 0. */
export const weightedOf = ({ targets }: Pool): ReadonlyMap<string, TargetStatus> =>
  new Map(targets.filter(({ weight }) => weight > 0).map((target) => [endpointOf(target), target.status]))

/** Different backends (address and port) of pools. One machine and port behind several rules is one backend. */
export const backendsIn = (
  pools: readonly Pool[],
  isOf: (target: Target) => boolean = () => true,
): ReadonlySet<string> =>
  new Set(pools.flatMap(({ targets }) => targets.filter(isOf).map((target) => endpointOf(target))))

function requestsOf(pool: Pool, named: Named): PoolRequests {
  const weighted = [...weightedOf(pool).values()]
  const having = (...statuses: readonly TargetStatus[]): number =>
    weighted.filter((status) => statuses.includes(status)).length
  const kind = kindOf(pool, named, having, weighted.length)
  const counts: Partial<Record<RequestsKind, number>> = {
    some: having('Alive'),
    someUnchecked: having('Alive', 'Close'),
    half: having('Unknown'),
    pending: having('Unknown'),
    zeroDead: backendsIn([pool], ({ status }) => status === 'Dead').size,
  }
  return { pool, kind, count: counts[kind] ?? weighted.length }
}

function kindOf(
  pool: Pool,
  named: Named,
  having: (...statuses: readonly TargetStatus[]) => number,
  weighted: number,
): RequestsKind {
  const { stopped, empty, gone } = named
  const { counts, fallback, targets } = pool
  if (isNamed(pool, stopped)) return 'stopped'
  if (isNamed(pool, empty)) return 'empty'
  // `zeroWeight` does not count unread weights, although a target shows them as 0.
  const isWeightUnread = targets.filter(({ weight }) => weight === 0).length > counts.zeroWeight
  const isStatusUnread = targets.some(
    ({ weight, status, statusDetail }) => weight > 0 && status === 'Unknown' && statusDetail !== undefined,
  )
  if (isWeightUnread || isStatusUnread) return 'unread'
  if (fallback) {
    const used = targets.filter(({ weight }) => weight > 0)
    if (used.every(({ key }) => gone.has(key))) return 'machineless'
    return used.every((target) => isUnanswered(target, pool, named)) ? 'unanswered' : 'fallback'
  }
  if (weighted === 0) return 'weightless'
  if (having('Close') === weighted) return 'unchecked'
  if (having('Close') > 0) return having('Dead', 'Unknown') > 0 ? 'someUnchecked' : 'all'
  if (having('Alive') === 0)
    return having('Dead') === 0 ? 'pending' : having('Unknown') > 0 ? 'half' : 'unread'
  if (having('Alive') < weighted) return 'some'
  return counts.dead > 0 ? 'zeroDead' : 'all'
}

/** Nobody takes a request to this backend. A check of another port says nothing about the requests. */
const isUnanswered = (
  { key, type, port }: Target,
  { healthCheck }: Pool,
  { gone, withoutPod, unheard }: Named,
): boolean =>
  gone.has(key) ||
  (withoutPod.has(key) && type === 'CVM') ||
  (unheard.has(key) && (healthCheck.port ?? port) === port)

/** Every pool that has backends or is stopped or empty, those that serve the least first. */
export function requestsIn({
  findings,
  pools,
}: Pick<Diagnosis, 'findings' | 'pools'>): readonly PoolRequests[] {
  const named = {
    stopped: namedBy(findings, STOPPED),
    empty: namedBy(findings, EMPTY),
    gone: certainIn(findings, GONE),
    withoutPod: certainIn(findings, WITHOUT_POD),
    unheard: certainIn(findings, UNHEARD),
  }
  return pools
    .map((pool) => requestsOf(pool, named))
    .filter(({ pool: { targets }, kind }) => targets.length > 0 || kind === 'stopped' || kind === 'empty')
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || deadShare(b) - deadShare(a))
}

const deadShare = ({ pool: { counts } }: PoolRequests): number =>
  counts.total === 0 ? 0 : counts.dead / counts.total

/** Every backend is Dead, and what blocks the probes blocks the clients, too. */
export const isShut = ({ pool, kind }: Pick<PoolRequests, 'pool' | 'kind'>): boolean =>
  kind === 'fallback' && pool.clients?.verdict === 'block'

/** CLB checks no backend of any pool, so it forwards to all of them. */
export function isUnchecked(diagnosis: Pick<Diagnosis, 'findings' | 'pools'>): boolean {
  const all = requestsIn(diagnosis)
  return all.length > 0 && all.every(({ kind }) => kind === 'unchecked')
}

/**
 * Why somebody has to act: the causes, or without one what leaves requests unserved. Of healthy backends that is a risk,
 * because it is no reason for their health.
 */
export function reasonsIn({
  findings,
  attention,
}: Pick<Diagnosis, 'findings' | 'attention'>): readonly Finding[] {
  const causes = findings.filter(isCause)
  if (causes.length > 0 || attention !== 'act-now') return causes
  return findings.filter(({ code, role }) => role !== 'note' && [STOPPED, WEIGHTLESS, EMPTY].includes(code))
}

/** What requests to a whole CLB meet. */
export const REQUESTS_ORDER = ['none', 'fallback', 'part', 'unknown', 'all'] as const
/**
 * - `none`: no listener serves any
 * - `fallback`: a listener has only Dead backends, and CLB forwards to all of them
 * - `part`: only some listeners or backends serve
 */
export type Requests = (typeof REQUESTS_ORDER)[number]

const UNSERVED: readonly RequestsKind[] = ['stopped', 'weightless', 'empty', 'machineless']
const UNTOLD: readonly RequestsKind[] = ['unread', 'half']
const WHOLE: readonly RequestsKind[] = [...WELL, 'zeroDead', 'pending']

/** Pure. */
export function requestsTo(diagnosis: Pick<Diagnosis, 'findings' | 'pools' | 'verdict'>): Requests {
  const own = diagnosis.findings.find(({ code }) => [...NOT_SERVING, VIP_BLOCKED].includes(code))
  if (own) return own.certainty === 'certain' ? 'none' : 'unknown'
  const all = requestsIn(diagnosis)
  const isUnserved = (one: PoolRequests): boolean => UNSERVED.includes(one.kind) || isShut(one)
  if (all.length > 0 && all.every(isUnserved)) return 'none'
  if (all.some((one) => one.kind === 'fallback' && !isShut(one))) return 'fallback'
  if (all.some((one) => isUnserved(one) || !(WHOLE.includes(one.kind) || UNTOLD.includes(one.kind))))
    return 'part'
  if (diagnosis.verdict === 'inconclusive' || all.some(({ kind }) => UNTOLD.includes(kind))) return 'unknown'
  return 'all'
}
