import type { TimelineEvent } from '../model/incident.ts'
import { causeKey } from './cause.ts'
import { type ClbLook, type Incident, type Part, TIMES, withEntry } from './incident.ts'
import { withNews } from './news.ts'

// A look at a CLB changes its incident: it opens one, joins one, moves to one, or updates its own.

export interface KnownIncidents {
  /** The incident that the CLB is a part of, unless it is closed. */
  readonly own: Incident | null
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
  const { own, alike } = known
  const { now } = options
  const target = alike && isOpenTo(alike, look, now) ? alike : null
  if (own === null) {
    if (target) return { changed: [updated(target, look, now)] }
    return isTrouble(look, options)
      ? { changed: [updated(opened(look, options), look, now)] }
      : { changed: [] }
  }
  const before = updated(own, look, now)
  if (target === null || target.id === own.id) return { changed: [before] }
  return moved(own, target, look, now)
}

/** CLBs join for 15 minutes after the last join. One that is a part already belongs to it anyway. */
const isOpenTo = (incident: Incident, look: ClbLook, now: number): boolean =>
  incident.closedAt === null &&
  (incident.parts.some((part) => isSameClb(part, look)) ||
    (look.isFiring !== false && now - incident.joinedAt <= TIMES.join))

/**
 * A recovery of an alarm that was never told opens nothing, unless the alarm is older than this memory. Then somebody
 * may wait for it.
 */
function isTrouble(look: ClbLook, { knownSince }: LookOptions): boolean {
  if (look.isFiring !== false) return true
  const began = look.firstOccurredAt ?? look.recoveredAt
  return !agrees(look) || began === null || began < knownSince
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
function moved(own: Incident, target: Incident, look: ClbLook, now: number): Looked {
  const others = own.parts.filter((part) => !isSameClb(part, look))
  if (others.length > 0) {
    const left = noted({ ...own, parts: others, updatedAt: now }, 'left', look.id, now, target.id)
    return { changed: [updated(target, look, now), settled(left, now)] }
  }
  const [older, younger] = own.openedAt <= target.openedAt ? [own, target] : [target, own]
  const merged = {
    ...older,
    parts: [...older.parts, ...younger.parts.filter(({ id }) => older.parts.every((part) => part.id !== id))],
    cause: target.cause,
    joinedAt: now,
  }
  const closed: Incident = {
    ...younger,
    state: 'closed',
    updatedAt: now,
    closedAt: now,
    due: null,
    mergedInto: older.id,
  }
  return {
    changed: [
      updated(noted(merged, 'merged', look.id, now, younger.id), look, now),
      noted(closed, 'merged', look.id, now, older.id),
    ],
  }
}

/** The incident after a look at one of its CLBs, or at one that joins. */
function updated(incident: Incident, look: ClbLook, now: number): Incident {
  const before = incident.parts.find((part) => isSameClb(part, look)) ?? null
  const part = partOf(before, look, now)
  const parts = before
    ? incident.parts.map((one) => (one === before ? part : one))
    : [...incident.parts, part]
  const joined =
    before || incident.parts.length === 0
      ? incident
      : noted({ ...incident, joinedAt: now }, 'joined', look.id, now)
  return settled(
    noted(
      { ...joined, parts, updatedAt: now, cause: causeOfAll(incident, parts) },
      'looked',
      look.id,
      now,
      look.headline,
    ),
    now,
  )
}

const isSameClb = (part: Part, look: ClbLook): boolean =>
  part.id === look.id || part.names.some((name) => look.names.includes(name))

function partOf(before: Part | null, look: ClbLook, now: number): Part {
  const isFiring = look.isFiring ?? before?.isFiring ?? false
  const isSilent = before !== null && now - before.heardAt >= TIMES.silence
  const isOver = !isFiring || (look.isFiring === null && isSilent)
  const isWell = isOver && agrees(look)
  // A look that found nothing does not forget which CLB it is.
  const known = before?.isFound && !look.isFound ? before : look
  return {
    ...look,
    id: known.id,
    name: known.name,
    region: known.region,
    isFound: known.isFound,
    names: [...new Set([...look.names, ...(before?.names ?? [])])],
    isFiring,
    firings: Math.max(look.firings, before?.firings ?? 0),
    firstOccurredAt: earlier(before?.firstOccurredAt ?? null, look.firstOccurredAt),
    joinedAt: before?.joinedAt ?? now,
    lookedAt: now,
    heardAt: look.isFiring === null ? (before?.heardAt ?? now) : now,
    wellAt: isWell ? (before?.wellAt ?? now) : null,
    doubts: isOver && !isWell ? (before?.doubts ?? 0) + 1 : 0,
  }
}

const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)

/** The look shows nothing that a person has to act on. What could not be read does not agree. */
export const agrees = ({ attention, verdict }: Pick<ClbLook, 'attention' | 'verdict'>): boolean =>
  (attention === 'none' || attention === 'watch') && verdict !== 'inconclusive'

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
    return withNews(event({ ...incident, state: 'recovered', recoveredAt: now }, 'recovered', now), now)
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

const event = (incident: Incident, name: TimelineEvent, now: number): Incident =>
  withEntry(incident, { at: iso(now), event: name })
