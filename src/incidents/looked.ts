import {
  type Absence,
  ENDINGS,
  type Ending,
  type SharedCause,
  type TimelineEvent,
} from '../model/incident.ts'
import { causeKey } from './cause.ts'
import { type ClbLook, type Incident, type Latecomer, type Part, TIMES, withEntry } from './incident.ts'
import { withNews } from './news.ts'
import { agrees, asOnePart, partOf, partsOf, toldAs } from './part.ts'

// A look at a CLB changes its incident: it opens one, joins one, moves to one, or updates its own.

export interface KnownIncidents {
  /** Every incident, unless it is closed, that one of the names of the CLB leads to. */
  readonly own: readonly Incident[]
  /** The newest incident with the cause of the look, unless it is closed. */
  readonly alike: Incident | null
}

export interface Looked {
  /** Every incident that has changed. The first is the one of the CLB now. Empty: the look belongs to none. */
  readonly changed: readonly Incident[]
}

export interface LookOptions {
  readonly now: number
  /** The id of an incident that may be opened. */
  readonly newId: string
  /** When this memory began. A recovery of an earlier alarm may belong to trouble that nobody here knows of. */
  readonly knownSince: number
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** Pure. */
export function looked(known: KnownIncidents, look: ClbLook, options: LookOptions): Looked {
  const { now } = options
  const { own, others } = asOne(known.own, look, now)
  const alike = others.find(({ id }) => id === known.alike?.id) ?? known.alike
  const target = alike && isOpenTo(alike, look, now) ? alike : null
  if (own === null) {
    if (target) return { changed: [updated(target, look, now)] }
    return isTrouble(look, options)
      ? { changed: [updated(opened(look, options), look, now)] }
      : { changed: [] }
  }
  const changed =
    target !== null && target.id !== own.id && hasChanged(own, look)
      ? moved(own, target, look, now)
      : [updated(own, look, now)]
  return { changed: [...changed, ...others.filter(({ id }) => changed.every((one) => one.id !== id))] }
}

interface Own {
  /** The incident of the CLB, with one part for it. Null: it has none. */
  readonly own: Incident | null
  /** Incidents that had it too, and do not have it any more. */
  readonly others: readonly Incident[]
}

/** A CLB that was known under two names, in two incidents, is one CLB in one incident: the older. */
function asOne(incidents: readonly Incident[], look: ClbLook, now: number): Own {
  const [first, ...rest] = incidents
    .filter((one) => partsOf(one, look).length > 0)
    .toSorted((a, b) => a.openedAt - b.openedAt)
  if (!first) return { own: null, others: [] }
  return rest.reduce<{ own: Incident; others: readonly Incident[] }>(
    ({ own, others }, next) => {
      const isAlone = [own, next].some((one) => without(one, look).length === 0)
      if (isAlone) {
        const [older, closed] = merged(own, next, look, now)
        return { own: older, others: [...others, closed] }
      }
      const part = partsOf(next, look)
      return {
        own: { ...own, parts: [...own.parts, ...part] },
        others: [...others, left(next, look, now, own.id)],
      }
    },
    { own: first, others: [] },
  )
}

const without = (incident: Incident, look: ClbLook): readonly Part[] => {
  const own = partsOf(incident, look)
  return incident.parts.filter((part) => !own.includes(part))
}

/** CLBs with this cause join for 15 minutes after the last join. */
const isOpenTo = (incident: Incident, look: ClbLook, now: number): boolean =>
  incident.closedAt === null &&
  look.isFiring !== false &&
  now - incident.joinedAt <= TIMES.join &&
  (isEqual(incident.cause, look.cause) || incident.parts.some(({ cause }) => isEqual(cause, look.cause)))

/** The first-ranked cause of a CLB has become another one, which its incident does not have. */
function hasChanged(own: Incident, look: ClbLook): boolean {
  const before = asOnePart(partsOf(own, look))
  return !isEqual(before?.cause ?? null, look.cause) && !isEqual(own.cause, look.cause)
}

const isEqual = (a: SharedCause | null, b: SharedCause | null): boolean =>
  a !== null && b !== null && causeKey(a) === causeKey(b)

/**
 * A recovery of an alarm that was never told opens nothing, unless the alarm is older than this memory. Then somebody
 * may wait for it.
 */
function isTrouble(look: ClbLook, { knownSince }: LookOptions): boolean {
  if (look.isFiring !== false) return true
  const began = look.firstOccurredAt ?? look.recoveredAt
  const isOver = agrees(look) || look.absent !== undefined
  return !isOver || began === null || began < knownSince
}

function opened(look: ClbLook, { now, newId }: LookOptions): Incident {
  const incident: Incident = {
    id: newId,
    state: 'open',
    openedAt: now,
    updatedAt: now,
    recoveredAt: null,
    closedAt: null,
    reopened: 0,
    joinedAt: now,
    cause: look.cause,
    parts: [],
    told: null,
    toldBefore: null,
    tellings: 0,
    gathersAt: null,
    flapTold: false,
    due: null,
    acknowledged: null,
    silenced: null,
    mergedInto: null,
    deliveries: [],
    timeline: [],
  }
  return noted(incident, 'opened', look.id, now)
}

const noted = (
  incident: Incident,
  event: TimelineEvent,
  clb: string,
  now: number,
  detail?: string,
): Incident =>
  withEntry(incident, {
    at: iso(now),
    event,
    loadBalancer: clb,
    ...(detail === undefined ? {} : { detail }),
  })

/** The CLB moves to an incident that other CLBs share. An incident that loses its last CLB becomes one with the other. */
function moved(own: Incident, target: Incident, look: ClbLook, now: number): readonly Incident[] {
  if (without(own, look).length > 0) return [updated(target, look, now), left(own, look, now, target.id)]
  const [older, younger] = merged(own, target, look, now)
  return [updated({ ...older, cause: target.cause }, look, now), younger]
}

const left = (incident: Incident, look: ClbLook, now: number, to: string): Incident =>
  settled(
    noted({ ...incident, parts: without(incident, look), updatedAt: now }, 'left', look.id, now, to),
    now,
  )

/** Two incidents become one. The older keeps its id and takes the CLBs of the younger, which is closed. */
function merged(a: Incident, b: Incident, look: ClbLook, now: number): readonly [Incident, Incident] {
  const [older, younger] = a.openedAt <= b.openedAt ? [a, b] : [b, a]
  const taken = younger.parts.map((part) => ({ ...part, joinedAt: now }))
  const closed: Incident = {
    ...younger,
    state: 'closed',
    updatedAt: now,
    closedAt: now,
    due: null,
    mergedInto: older.id,
  }
  return [
    noted({ ...older, parts: [...older.parts, ...taken], joinedAt: now }, 'merged', look.id, now, younger.id),
    noted(closed, 'merged', look.id, now, older.id),
  ]
}

/** The incident after a look at one of its CLBs, or at one that joins. */
function updated(incident: Incident, look: ClbLook, now: number): Incident {
  const own = partsOf(incident, look)
  const part = partOf(asOnePart(own), look, now)
  const parts =
    own.length > 0
      ? incident.parts.flatMap((one) => (one === own[0] ? [part] : own.includes(one) ? [] : [one]))
      : [...incident.parts, part]
  const former = own.map(({ id }) => id)
  const known = {
    ...incident,
    parts,
    told: toldAs(incident.told, former, part.id),
    toldBefore: toldAs(incident.toldBefore, former, part.id),
    ...(incident.latecomers && { latecomers: latecomersAs(incident.latecomers, former, part.id) }),
    updatedAt: now,
    cause: causeOfAll(incident, parts),
  }
  const isJoined = own.length === 0 && incident.parts.length > 0
  const joined = isJoined ? noted({ ...known, joinedAt: now }, 'joined', look.id, now) : known
  const seen = noted(joined, 'looked', part.id, now, look.headline)
  // Its end is a word of its own, if a look agrees.
  const isSaidAlone =
    look.isFiring === false && part.wellAt === null && (own.length === 0 || part.saidOverAt === now)
  return settled(isSaidAlone ? noted(seen, 'sender-recovered', part.id, now) : seen, now)
}

const latecomersAs = (latecomers: readonly Latecomer[], former: readonly string[], id: string) =>
  latecomers.map((one) => ({ ...one, told: toldAs(one.told, former, id) ?? one.told }))

/** The cause of most CLBs that are not well. The known one counts first among equals. */
function causeOfAll({ cause }: Incident, parts: readonly Part[]): Incident['cause'] {
  const sick = parts.filter(({ wellAt }) => wellAt === null)
  if (sick.length === 0) return cause
  const counts = new Map<string, number>()
  for (const part of sick) {
    const key = part.cause ? causeKey(part.cause) : ''
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const most = Math.max(...counts.values())
  const own = cause ? causeKey(cause) : ''
  if (counts.get(own) === most) return cause
  const first = sick.find((part) => counts.get(part.cause ? causeKey(part.cause) : '') === most)
  return first?.cause ?? null
}

/** The state that follows from the CLBs, and the next message. */
function settled(incident: Incident, now: number): Incident {
  const { parts, state } = incident
  const areWell = parts.every(({ wellAt }) => wellAt !== null)
  const wasWell = state === 'recovered'
  if (areWell && !wasWell)
    return withNews(
      event({ ...incident, state: 'recovered', recoveredAt: now }, 'recovered', now, whyOver(parts)),
      now,
    )
  if (!areWell && wasWell)
    return withNews(
      event(
        { ...incident, state: 'updated', recoveredAt: null, reopened: incident.reopened + 1 },
        'reopened',
        now,
      ),
      now,
    )
  return withNews(incident, now)
}

/** Why it is over, if none of its CLBs recovered, or if its sender and a look did not agree on one of them. */
const whyOver = (parts: readonly Part[]): Absence | Ending | undefined =>
  parts.every(({ absent }) => absent !== undefined)
    ? parts[0]?.absent
    : ENDINGS.find((ending) => parts.some((part) => part.ending === ending))

const event = (incident: Incident, name: TimelineEvent, now: number, detail?: Absence | Ending): Incident =>
  withEntry(incident, { at: iso(now), event: name, ...(detail === undefined ? {} : { detail }) })
