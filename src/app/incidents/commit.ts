import { thingOf } from '../../diagnosis/index.ts'
import {
  asOnePart,
  type ClbLook,
  type Counted,
  causeOf,
  diagnosesIn,
  type Incident,
  joined,
  looked,
  look as lookOf,
  namesOf,
  outvote,
  type Part,
  partsOf,
  recentOf,
  type Sighting,
  see,
  type Vote,
  withNewcomers,
} from '../../incidents/index.ts'
import { type Alarm, clbKey, type Received } from '../../model/alarm.ts'
import type { Diagnosis } from '../../model/diagnosis.ts'
import { poolName } from '../../model/endpoint.ts'
import type { Absence } from '../../model/incident.ts'
import type { Language } from '../../model/language.ts'
import { flaps } from '../../model/recovery.ts'
import { reasonsIn, weightedOf } from '../../model/requests.ts'
import { isUnread } from '../../model/unread.ts'
import { causesIn, type RowCause } from '../../scan/index.ts'
import type { Change, Condition } from '../../store/index.ts'
import type { AppContext } from '../context.ts'
import { routedFor, withHearers } from './audience.ts'
import { alikeTo, knownClb, ownOf } from './known.ts'
import { closingOf, hasTickets, isStillTold, ticketKeepersOf } from './merged.ts'
import { type ClbRecord, type Collection, causeId, type Read, written, writtenIncident } from './records.ts'
import { type RouteFactsNow, routeFactsOf } from './route-facts.ts'

// One look becomes a part of an incident, in one atomic change. If somebody else changed one of its records meanwhile, it
// is decided again.

export interface LookedAt {
  /** The diagnosis in each language that a receiver wants. The first is the one that counts. */
  readonly diagnoses: readonly Diagnosis[]
  /** Names of the CLB beside those that the diagnosis and the alarms give it. */
  readonly names?: readonly string[]
  /** The alarms that led to the look. Empty: time alone did. */
  readonly received: readonly Received[]
  /** The tags of the CLB. Null: they could not be read. */
  readonly tags: Readonly<Record<string, string>> | null
  /** There is no such CLB. Left out: it exists, or nobody could look. */
  readonly absent?: Absence | null
  readonly at: number
  /** What else to write with it, for example that the alarms no longer wait. */
  readonly also: Change
}

const MOST_TRIES = 50

export interface Committed {
  /** With how often its alarms fired lately. */
  readonly diagnosis: Diagnosis
  /** The incidents that changed. Empty: the look belongs to none. */
  readonly incidents: readonly Incident[]
}

export async function commitLook(given: LookedAt, context: AppContext): Promise<Committed> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const done = await tryCommit(given, context)
    if (done) return done
  }
  throw new Error('the records of an incident changed all the time')
}

async function tryCommit(given: LookedAt, context: AppContext): Promise<Committed | null> {
  const { store, config, newId } = context
  const [first] = given.diagnoses
  if (!first) throw new Error('no diagnosis')
  const identity = identityOf(first, given)
  const { names, clbs, incidents } = await knownClb(identity, context)
  const mine = ownOf(clbs, incidents)
  const before = mine.flatMap((one) => partsOf(one, { ...identity, names }))
  const known = clbs.flatMap(({ value }) => value ?? [])
  const counted = outvote(sightingsAfter(first, given, known), voteOf(first, before, given))
  const { sightings } = counted
  const diagnoses = given.diagnoses.map((one) => withRecent(one, sightings, given.at))
  const look = { ...clbLook(diagnoses[0] ?? first, identity, names, given), ...wordsOf(counted) }
  const { alike, reads } = await alikeTo(look.cause, context)
  const moved = looked(
    { own: mine, alike },
    { ...look, ...keptOf(before, { ...given, diagnosis: first }) },
    { now: given.at, newId: newId('in'), knownSince: store.since },
  )
  const named = routedFor(config)
  const changed = withHearers(moved.changed, { look, ids: before.map(({ id }) => id) }).map((one) =>
    one.closedAt === null ? withNewcomers(one, (part) => named(part).receivers, given.at) : one,
  )
  const byId = new Map([...mine, ...(alike ? [alike] : [])].map((one) => [one.id, one]))
  const own = changed[0] ?? null
  const moves = changed.map((incident) => writtenIncident(incident, config.reminders))
  const record: ClbRecord = { incident: own?.id ?? null, sightings }
  const didWrite = await store.write({
    put: [
      ...moves.flatMap(({ put }) => put),
      ...names.map((name) => written('clbs', name, record, given.at)),
      ...(own?.cause ? [written('causes', causeId(own.cause), { incident: own.id }, given.at)] : []),
      ...(own ? [written('diagnoses', look.diagnosis, diagnosisRecord(diagnoses), given.at)] : []),
      ...changed
        .filter((one) => hasTickets(one) && !byId.get(one.id)?.mergedInto)
        .flatMap((one) => ticketKeepersOf(one).map((name) => closingOf(one, name, given.at, context))),
      ...supersededBy(changed, byId).map((id) => written('superseded', id, null, given.at)),
      ...(given.also.put ?? []),
    ],
    remove: [...moves.flatMap(({ remove }) => remove), ...(given.also.remove ?? [])],
    when: [...conditionsOf([...incidents, ...clbs, ...reads])],
  })
  return didWrite ? { diagnosis: diagnoses[0] ?? first, incidents: changed } : null
}

/** What a look says about conditions whose recovery was never heard. */
function voteOf(
  { verdict }: Diagnosis,
  before: readonly Part[],
  { received, absent = null, at }: LookedAt,
): Vote {
  const part = asOnePart(before)
  return {
    now: at,
    isHealthy: verdict === 'healthy' || absent !== null,
    healthySince: part?.healthySince,
    endHeardAt: part?.endHeardAt,
    heard: received.map(({ alarm }) => namesOf(alarm)),
    ended: received.filter(({ alarm }) => alarm.state === 'resolved').map(({ alarm }) => namesOf(alarm)),
  }
}

const wordsOf = ({ isOutvoted, isLeftToLooks, hasHeardEnd }: Counted) => ({
  ...(isOutvoted ? { isOutvoted } : {}),
  ...(isLeftToLooks ? { isLeftToLooks } : {}),
  ...(hasHeardEnd ? { hasHeardEnd } : {}),
})

/** What a CLB keeps beside what a look sees: what routes ask, whom they named and nobody told, and who heard of it before. */
function keptOf(
  before: readonly Part[],
  seen: RouteFactsNow,
): Pick<ClbLook, 'routeFacts' | 'untold' | 'heardBefore'> {
  const lists = (of: (part: Part) => readonly string[] | undefined) =>
    before.flatMap((part) => of(part) ?? [])
  return {
    routeFacts: routeFactsOf(seen, before[0]?.routeFacts),
    ...(before.some(({ untold }) => untold) ? { untold: lists(({ untold }) => untold) } : {}),
    heardBefore: lists((part) => part.heardBefore),
  }
}

/**
 * Diagnoses that no incident shows any more: a newer look took their place. They are removed a little later, because a
 * message may be made of them at this moment. What one incident took over from another one stays, and the last alarm too, what
 * was seen last that could be read, and what a ticket is still told.
 */
function supersededBy(
  changed: readonly Incident[],
  before: ReadonlyMap<string, Incident>,
): readonly string[] {
  const diagnosesOf = (incidents: readonly Incident[]): readonly string[] =>
    incidents.flatMap(({ parts }) => parts.flatMap(diagnosesIn))
  const shown = new Set(diagnosesOf(changed.filter((one) => one.mergedInto === null || isStillTold(one))))
  const old = diagnosesOf(changed.flatMap(({ id }) => before.get(id) ?? []))
  return [...new Set(old)].filter((id) => !shown.has(id))
}

/** Each record once. */
const conditionsOf = (reads: readonly Read<Collection>[]): readonly Condition[] => [
  ...new Map(
    reads.map(({ unchanged }) => [`${unchanged.collection} ${unchanged.id}`, unchanged] as const),
  ).values(),
]

/** An alarm may name its CLB by a VIP. Its id is known only if the lookup succeeds, so both names are kept. */
function identityOf({ id: diagnosis, loadBalancer, trigger }: Diagnosis, { received, names = [] }: LookedAt) {
  const alarm = trigger.alarm ?? null
  const named = received.map((one) => clbKey(one.alarm))
  const own = loadBalancer?.id ?? (alarm ? clbKey(alarm) : null)
  const all = [...new Set([...(own === null ? [] : [own]), ...named, ...names])]
  return {
    id: loadBalancer?.id ?? addressIn(alarm) ?? all[0] ?? diagnosis,
    isFound: loadBalancer !== null,
    names: all,
  }
}

const sightingsAfter = (
  diagnosis: Diagnosis,
  { received }: LookedAt,
  known: readonly ClbRecord[],
): readonly Sighting[] =>
  received.reduce<readonly Sighting[]>(
    (all, one) => see(all, lookOf(one, diagnosis)).sightings,
    joined(known.map(({ sightings }) => sightings)),
  )

const withRecent = (diagnosis: Diagnosis, sightings: readonly Sighting[], at: number): Diagnosis =>
  diagnosis.trigger.alarm?.state === 'firing' ? { ...diagnosis, recent: recentOf(sightings, at) } : diagnosis

/** What incidents/ needs to know of a diagnosis. */
function clbLook(
  diagnosis: Diagnosis,
  { id, isFound }: Pick<ClbLook, 'id' | 'isFound'>,
  names: readonly string[],
  { received, absent = null }: LookedAt,
): ClbLook {
  const { loadBalancer, trigger, verdict, attention, headline, pools, recent } = diagnosis
  const alarm = trigger.alarm ?? null
  const weighted = new Map(pools.flatMap((pool) => [...weightedOf(pool)]))
  const dead = new Set(
    pools.flatMap((pool) =>
      [...weightedOf(pool)].flatMap(([key, status]) => (status === 'Dead' ? [key] : [])),
    ),
  )
  return {
    id,
    isFound,
    names,
    name: loadBalancer?.name || (loadBalancer?.id ?? alarm?.clb.vip ?? alarm?.clb.loadBalancerId ?? id),
    region: loadBalancer?.region ?? alarm?.region ?? '',
    verdict,
    attention: attention ?? 'none',
    headline,
    cause: causeOf(diagnosis),
    backends: { total: weighted.size, dead: dead.size },
    deadTargets: pools.reduce((sum, { counts }) => sum + counts.dead, 0),
    emptyPools: pools.flatMap((pool) => (isEmpty([...weightedOf(pool).values()]) ? [poolName(pool)] : [])),
    isFiring: received.length === 0 ? null : alarm?.state === 'firing',
    firings: recent?.firings ?? 1,
    isFlapping: flaps(diagnosis),
    firstOccurredAt: timeOf(alarm?.firstOccurredAt),
    recoveredAt: timeOf(alarm?.recoveredAt),
    diagnosis: diagnosis.id,
    ...(absent === null ? {} : { absent }),
    ...(dead.size > 0 && hasUnreadCause(diagnosis) ? { isCauseUnread: true as const } : {}),
  }
}

/** A lookup that could have named a cause failed, and no other one named any. */
const hasUnreadCause = (diagnosis: Diagnosis): boolean =>
  reasonsIn(diagnosis).length === 0 && diagnosis.gaps.some(isUnread)

const addressIn = (alarm: Alarm | null): string | null =>
  alarm === null ? null : (alarm.clb.loadBalancerId ?? alarm.clb.vip ?? alarm.clb.domain ?? null)

const isEmpty = (statuses: readonly string[]): boolean =>
  statuses.includes('Dead') && !statuses.some((status) => status === 'Alive' || status === 'Close')

const timeOf = (iso: string | null | undefined): number | null => (iso ? Date.parse(iso) : null)

function diagnosisRecord(diagnoses: readonly Diagnosis[]) {
  const byLanguage: Partial<Record<Language, Diagnosis>> = {}
  const causes: Partial<Record<Language, readonly RowCause[]>> = {}
  for (const diagnosis of diagnoses) {
    const language = diagnosis.language ?? 'zh-CN'
    byLanguage[language] = diagnosis
    causes[language] = causesIn(diagnosis, thingOf, language)
  }
  return { byLanguage, causes }
}
