import type { CloudSession } from '../cloud/index.ts'
import { groupBy } from '../model/group-by.ts'
import { applicationLeads, balancerLeads, placeOf } from './front.ts'
import { after, type Entry, type KindName, type Known, type Lead, type Root, type Values } from './known.ts'
import { isKind, KINDS, NEEDS, type Need } from './needs.ts'

/** The facts that were read, and a promise for the answers that only inform. */
export interface Learnt {
  readonly known: Known
  /** Null if no call that only informs was made. */
  readonly informed: Promise<unknown> | null
}

type Store = { readonly [K in KindName]: Map<string, Entry<Values[K]>> }

interface Arrival {
  readonly kind: KindName
  readonly depth: number
}

/** The state of one kind of fact in one run of the loop. */
interface Progress {
  readonly asked: Set<string>
  /** True if some ids wait for other ids to share a call with. */
  isHolding: boolean
  /** Depths of the calls that are under way. */
  readonly onTheWay: number[]
  /** The kinds that `ids` read when it was last called. */
  readonly sources: Set<KindName>
  /** The known facts. A read through this view is recorded in `sources`. */
  readonly view: Known
}

/** The state of one run of the loop. */
interface Inquiry {
  readonly cloud: CloudSession
  readonly known: Known
  /** The same maps as in `known`, writable. */
  readonly store: Store
  readonly progress: Readonly<Record<KindName, Progress>>
  readonly informing: Promise<void>[]
  arrived: Arrival[]
  failure: { readonly error: unknown } | null
  wake: () => void
}

/**
 * Reads everything that the table of needs (needs.ts) lists, until nothing is missing. It works on answers as they
 * arrive.
 *
 * An id that does not share a call is read at once. Ids that share a call wait for each other: an id that follows from
 * answers of depth d waits while an answer of depth d or less is under way that may give another id of the kind. So ids
 * of one depth travel in one call, and a slow answer only holds up the facts that may depend on it.
 *
 * @throws whatever a collector throws: rejected credentials and programming errors are not facts
 */
export async function learn(cloud: CloudSession, root: Root, rootDepth: number): Promise<Learnt> {
  const inquiry = begin(cloud, root, rootDepth)
  askForMissing(inquiry, new Set(KINDS), new Set(KINDS))
  while (isWaiting(inquiry)) {
    await new Promise<void>((resolve) => {
      inquiry.wake = resolve
    })
    if (inquiry.failure) throw inquiry.failure.error
    const arrived = inquiry.arrived
    inquiry.arrived = []
    const changed = new Set(arrived.map(({ kind }) => kind))
    const settled = new Set(arrived.filter((one) => !isOnTheWay(inquiry, one)).map(({ kind }) => kind))
    askForMissing(inquiry, changed, settled)
  }
  for (const kind of KINDS) putInOrder(inquiry, kind)
  const { known, informing } = inquiry
  return { known, informed: informing.length > 0 ? Promise.all(informing) : null }
}

/**
 * @param changed kinds with new answers
 * @param settled kinds without another answer of the same depth under way. Only these can end the wait of ids that
 * share a call. Kinds that follow from them are added.
 */
function askForMissing(inquiry: Inquiry, changed: ReadonlySet<KindName>, settled: Set<KindName>): void {
  for (const kind of KINDS) {
    const progress = inquiry.progress[kind]
    const sources = [...progress.sources]
    const hasNews = sources.some((source) => changed.has(source))
    const mayBeReady = sources.some((source) => settled.has(source))
    if (mayBeReady) settled.add(kind)
    if (sharesCalls(kind) ? mayBeReady && (hasNews || progress.isHolding) : hasNews)
      ask(inquiry, kind, missing(inquiry, kind))
  }
}

const sharesCalls = (kind: KindName): boolean => {
  const { perCall = 1, isJoint } = NEEDS[kind]
  return perCall > 1 || isJoint === true
}

/** Ids that have not been requested and do not have to wait. */
function missing(inquiry: Inquiry, kind: KindName): readonly Lead[] {
  const progress = inquiry.progress[kind]
  const { sources, asked, view } = progress
  const { ids, isJoint } = NEEDS[kind]
  sources.clear()
  progress.isHolding = false
  const waits = new Map<number, boolean>()
  return ids(view).filter(({ id, depth }) => {
    if (asked.has(id) || inquiry.known[kind].has(id)) return false
    const limit = isJoint ? Number.POSITIVE_INFINITY : depth
    const wait = waits.get(limit) ?? (sharesCalls(kind) && mayStillCome(inquiry, kind, limit))
    waits.set(limit, wait)
    if (wait) progress.isHolding = true
    else asked.add(id)
    return !wait
  })
}

/** Can an answer of this depth or less still give another id of the kind? */
function mayStillCome(inquiry: Inquiry, kind: KindName, depth: number, seen = new Set<string>()): boolean {
  const key = `${kind} ${depth}`
  if (depth <= inquiry.known.rootDepth || seen.has(key)) return false
  seen.add(key)
  return [...inquiry.progress[kind].sources].some(
    (source) =>
      isOnTheWay(inquiry, { kind: source, depth }) || mayStillCome(inquiry, source, depth - 1, seen),
  )
}

/** Is an answer of this depth or less under way? */
const isOnTheWay = ({ progress }: Inquiry, { kind, depth }: Arrival): boolean =>
  progress[kind].onTheWay.some((own) => own <= depth)

const isWaiting = ({ progress }: Inquiry): boolean => KINDS.some((kind) => progress[kind].onTheWay.length > 0)

function ask<K extends KindName>(inquiry: Inquiry, kind: K, ids: readonly Lead[]): void {
  const { perCall = 1 }: Need<K> = NEEDS[kind]
  for (const [depth, own] of groupBy(ids, (lead) => lead.depth))
    for (let from = 0; from < own.length; from += perCall)
      send(
        inquiry,
        kind,
        own.slice(from, from + perCall).map(({ id }) => id),
        depth,
      )
}

/** @param depth of the answers that these ids follow from */
function send<K extends KindName>(inquiry: Inquiry, kind: K, ids: readonly string[], depth: number): void {
  const { cloud, known, store, progress, informing } = inquiry
  const { read, informs, isInClbRegion }: Need<K> = NEEDS[kind]
  const region = (isInClbRegion ? null : placeOf(known)?.region) ?? known.root.region
  const where = after(depth, region)
  const entries: Map<string, Entry<Values[K]>> = store[kind]
  const answer = read(ids, {
    cloud,
    where,
    known,
    learn: async (root) => (await learn(cloud, root, depth)).known,
  }).then((facts) => {
    for (const [id, fact] of Object.entries(facts)) entries.set(id, { fact, depth: where.wave })
  })
  if (informs) {
    informing.push(answer)
    return
  }
  const { onTheWay } = progress[kind]
  onTheWay.push(where.wave)
  const arrive = (failure: Inquiry['failure']): void => {
    inquiry.failure ??= failure
    onTheWay.splice(onTheWay.indexOf(where.wave), 1)
    inquiry.arrived.push({ kind, depth: where.wave })
    inquiry.wake()
  }
  answer.then(
    () => arrive(null),
    (error: unknown) => arrive({ error }),
  )
}

/** Makes the order of ids independent of the order of answers. */
function putInOrder<K extends KindName>({ known, store }: Inquiry, kind: K): void {
  const entries: Map<string, Entry<Values[K]>> = store[kind]
  for (const id of new Set(NEEDS[kind].ids(known).map((lead) => lead.id))) {
    const entry = entries.get(id)
    entries.delete(id)
    if (entry) entries.set(id, entry)
  }
}

function begin(cloud: CloudSession, root: Root, rootDepth: number): Inquiry {
  const store: Store = ofEachKind(() => new Map<string, Entry<never>>())
  const known: Known = { root, rootDepth, ...store }
  if (root.of === 'clb' && root.given) {
    const { loadBalancer, health } = root.given
    for (const { id } of balancerLeads(known)) store.loadBalancer.set(id, loadBalancer)
    if (health) for (const { id } of applicationLeads(known)) store.health.set(id, health)
  }
  const progress = ofEachKind((kind) => {
    // At first every kind counts as a source of itself, so that the first pass looks at all kinds.
    const sources = new Set([kind])
    return {
      asked: new Set<string>(),
      isHolding: false,
      onTheWay: [],
      sources,
      view: watched(known, sources),
    }
  })
  return { cloud, known, store, progress, informing: [], arrived: [], failure: null, wake: () => {} }
}

const watched = (known: Known, seen: Set<KindName>): Known =>
  new Proxy(known, {
    get(target, name, receiver) {
      if (typeof name === 'string' && isKind(name)) seen.add(name)
      return Reflect.get(target, name, receiver)
    },
  })

// `Object.fromEntries` loses the types of its keys.
const ofEachKind = <T>(create: (kind: KindName) => T): Record<KindName, T> =>
  Object.fromEntries(KINDS.map((kind) => [kind, create(kind)])) as Record<KindName, T>
