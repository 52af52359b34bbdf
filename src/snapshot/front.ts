import { type CallOptions, CloudError, type CloudSession, INCOMPLETE_LIST, readFact } from '../cloud/index.ts'
import type { ClbReference } from '../model/alarm.ts'
import { type Fact, ok, known as valueIn } from '../model/fact.ts'
import type { LoadBalancer } from '../model/snapshot.ts'
import { isClassic, isRefused } from './classic.ts'
import { LoadBalancerLookupError } from './errors.ts'
import {
  deepest,
  type Entry,
  type Facts,
  type Front,
  type FrontKind,
  type Known,
  type Lead,
  leadsAt,
  type Root,
  single,
  type Values,
} from './known.ts'
import { findByDomain, findByName, findByVip, readLoadBalancer } from './load-balancer.ts'

// The CLB itself: its kind, its listeners, its backends and their health.

/** The regions and VPC of a CLB and its backends. */
export interface Place {
  readonly clbRegion: string
  /** The region of the backends. */
  readonly region: string
  /** The VPC of the backends. */
  readonly vpcId: string | null
}

/** Null until the CLB's own fact is known. */
export function placeOf({ root, loadBalancer }: Known): Place | null {
  if (root.of === 'machines') return { clbRegion: root.region, region: root.region, vpcId: null }
  const entry = single(loadBalancer)
  if (!entry) return null
  const balancer = valueIn(entry.fact)
  return {
    clbRegion: root.region,
    region: balancer?.targetRegion ?? root.region,
    vpcId: balancer?.targetVpcId ?? balancer?.vpcId ?? null,
  }
}

export const balancerOf = (known: Known): LoadBalancer | undefined =>
  valueIn(single(known.loadBalancer)?.fact)

export const nameOf = ({ loadBalancerId, vip, domain, name }: ClbReference): string =>
  loadBalancerId ?? vip ?? domain ?? name ?? '-'

export const balancerLeads = ({ root, rootDepth }: Known): readonly Lead[] =>
  root.of === 'clb' ? leadsAt(rootDepth, [nameOf(root.reference)]) : []

/**
 * The CLB for the calls of application CLBs. If its id is given, these calls go out together with the call for the CLB
 * itself. A CLB that is named by its VIP must be found first. A scan has listed its CLBs. In both cases the kind is
 * already known.
 */
export function applicationLeads(known: Known): readonly Lead[] {
  const { root, rootDepth } = known
  if (isNamedById(root)) return leadsAt(rootDepth, [root.reference.loadBalancerId])
  const balancer = balancerOf(known)
  const depth = deepest(single(known.loadBalancer))
  return balancer?.generation === 'application' ? leadsAt(depth, [balancer.id]) : []
}

/** The CLB for the calls of classic CLBs. */
export function classicLeads(known: Known): readonly Lead[] {
  const balancer = single(known.loadBalancer)
  const value = valueIn(balancer?.fact)
  if (value) return value.generation === 'classic' ? leadsAt(deepest(balancer), [value.id]) : []
  const front = applicationFront(known)
  return balancer &&
    front &&
    isNamedById(known.root) &&
    !refusalOf(known) &&
    isClassic(balancer.fact, front.facts)
    ? leadsAt(front.depth, [known.root.reference.loadBalancerId])
    : []
}

type Named = Extract<Root, { of: 'clb' }>

const isNamedById = (root: Root): root is Named =>
  root.of === 'clb' && root.reference.loadBalancerId !== null && root.given === null

/**
 * The listeners, registrations or health of the CLB. Undefined until it is known which calls the CLB accepts and what
 * they returned.
 */
export function frontFact<K extends FrontKind>(known: Known, kind: K): Entry<Values[K]> | undefined {
  const balancer = single(known.loadBalancer)
  if (!balancer) return undefined
  const facts: Facts = known
  const own = single(facts[kind])
  const value = valueIn(balancer.fact)
  if (value?.generation === 'application') return own
  if (!value) {
    const front = applicationFront(known)
    if (!front || refusalOf(known)) return undefined
    if (!isClassic(balancer.fact, front.facts)) return own
  }
  const classic = single(known.classic)
  if (!classic) return undefined
  if (classic.fact.state !== 'ok') return { fact: classic.fact, depth: classic.depth }
  const isOther = own !== undefined && isRefused(classic.fact.value)
  return { fact: isOther ? own.fact : classic.fact.value[kind], depth: classic.depth }
}

/** The CLB's listeners, registrations and health, once all are known. */
export interface WholeFront {
  readonly facts: Front
  readonly depth: number
}

export const wholeFront = (known: Known): WholeFront | null =>
  joined(known, frontFact(known, 'listeners'), frontFact(known, 'registrations'), frontFact(known, 'health'))

/** The answers to the calls of application CLBs, once all are known. */
const applicationFront = (known: Known): WholeFront | null =>
  joined(known, single(known.listeners), single(known.registrations), single(known.health))

function joined(
  known: Known,
  listeners: Entry<Values['listeners']> | undefined,
  registrations: Entry<Values['registrations']> | undefined,
  health: Entry<Values['health']> | undefined,
): WholeFront | null {
  if (!listeners || !registrations || !health) return null
  return {
    facts: { listeners: listeners.fact, registrations: registrations.fact, health: health.fact },
    depth: deepest(single(known.loadBalancer), listeners, registrations, health),
  }
}

/** The API's error code for a region that does not exist. */
const NO_SUCH_REGION = 'UnsupportedRegion'

/**
 * The list of CLBs can be denied while other calls say that the CLB does not exist. That also means "unknown CLB". A
 * list that contradicts itself may still hold the CLB.
 */
export function refusalOf(known: Known): LoadBalancerLookupError | null {
  const { root } = known
  const own = single(known.loadBalancer)?.fact
  if (!isNamedById(root) || !own || own.state === 'ok' || own.failure.code === INCOMPLETE_LIST) return null
  const name = nameOf(root.reference)
  if (own.failure.code === NO_SUCH_REGION)
    return new LoadBalancerLookupError('unknown-region', name, root.region)
  const rest: readonly Fact<unknown>[] = Object.values(applicationFront(known)?.facts ?? {})
  const notFound = (fact: Fact<unknown>): boolean =>
    fact.state !== 'ok' && fact.failure.problem === 'not-found'
  const isUnknown = rest.every((fact) => fact.state !== 'ok') && rest.some(notFound)
  return isUnknown ? new LoadBalancerLookupError('not-found', name, root.region) : null
}

/** @throws LoadBalancerLookupError, and CloudError if a VIP, domain or name cannot be looked up */
export async function readBalancer(
  cloud: CloudSession,
  reference: ClbReference,
  where: CallOptions,
): Promise<Fact<LoadBalancer>> {
  const { loadBalancerId, vip, domain, name } = reference
  if (loadBalancerId !== null) return readFact(readLoadBalancer(cloud, loadBalancerId, where))
  try {
    if (vip !== null) return ok(await findByVip(cloud, { ...reference, vip }, where))
    if (domain !== undefined) return ok(await findByDomain(cloud, { ...reference, domain }, where))
    if (name !== undefined) return ok(await findByName(cloud, { ...reference, name }, where))
  } catch (error) {
    if (!(error instanceof CloudError) || error.code !== NO_SUCH_REGION) throw error
    throw new LoadBalancerLookupError('unknown-region', nameOf(reference), where.region)
  }
  throw new LoadBalancerLookupError('not-named', nameOf(reference), where.region)
}
