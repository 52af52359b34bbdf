import type { News } from '../model/incident.ts'
import { type Incident, type Part, type Reminders, TIMES, withEntry, worstAttention } from './incident.ts'
import { newsOf, toldNow, withNews } from './news.ts'

// What time alone brings: updates that waited, reminders, looks that nobody asked for, the end.

export interface DueOptions {
  readonly now: number
  readonly reminders: Reminders
  /** No other alarm waits or is looked at. */
  readonly isQuiet: boolean
}

export interface Due {
  readonly incident: Incident
  /** Why people are told now. Empty: they are not. */
  readonly news: readonly News[]
  /** Ids of CLBs to look at. */
  readonly look: readonly string[]
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** Pure. Doing it twice at the same time tells once. */
export function dueOf(given: Incident, { now, reminders, isQuiet }: DueOptions): Due {
  if (given.closedAt !== null) return { incident: given, news: [], look: [] }
  const incident = ended(given, now)
  if (incident.state === 'recovered' && incident.due === null && now >= closesAt(incident))
    return { incident: closed(incident, now), news: [], look: [] }
  const look = incident.parts.filter((part) => looksAt(part) <= now).map(({ id }) => id)
  const news = tellingsOf(incident, { now, reminders, isQuiet })
  // What was to be told is no longer so.
  if (news.length === 0 && incident.due !== null && incident.due.at <= now)
    return { incident: { ...incident, due: null }, news, look }
  return { incident: news.length > 0 ? afterTelling(incident, news, now) : incident, news, look }
}

function tellingsOf(incident: Incident, { now, reminders, isQuiet }: DueOptions): readonly News[] {
  const { due } = incident
  if (due !== null && (due.at <= now || (due.gathers && isQuiet))) return newsOf(incident, now).news
  return remindsAt(incident, reminders) <= now ? ['reminder'] : []
}

/** What people were told, and that nothing else is due. */
function afterTelling(incident: Incident, news: readonly News[], now: number): Incident {
  const told = {
    ...incident,
    state: incident.told !== null && incident.state === 'open' ? ('updated' as const) : incident.state,
    told: toldNow(incident, now),
    toldBefore: incident.told,
    tellings: incident.tellings + 1,
    gathersAt: gathersAfter(incident, now),
    flapTold: incident.flapTold || incident.parts.some((part) => part.wellAt === null && part.isFlapping),
    due: null,
  }
  return withEntry(told, { at: iso(now), event: 'told', detail: news.join(', ') })
}

/** One update follows 30 s after the first message. News that is told before it does not take its place. */
const gathersAfter = ({ told, gathersAt }: Incident, now: number): number | null => {
  if (told === null) return now + TIMES.gathered
  return gathersAt !== null && now < gathersAt ? gathersAt : null
}

const closesAt = ({ recoveredAt }: Incident): number =>
  (recoveredAt ?? Number.POSITIVE_INFINITY) + TIMES.close

function closed(incident: Incident, now: number): Incident {
  const over: Incident = { ...incident, state: 'closed', closedAt: now, updatedAt: now }
  return withEntry(over, { at: iso(now), event: 'closed' })
}

/** Nobody is reminded of what a person has, of what is silenced, or of what is only watched. */
function remindsAt(incident: Incident, reminders: Reminders): number {
  const { told, state, parts, acknowledged, silenced } = incident
  if (told === null || state === 'recovered') return Number.POSITIVE_INFINITY
  const attention = worstAttention(parts.filter(({ wellAt }) => wellAt === null))
  if (attention !== 'act-now' && attention !== 'act-soon') return Number.POSITIVE_INFINITY
  const until = Math.max(acknowledged?.until ?? 0, silenced?.until ?? 0)
  return Math.max(told.at + reminders[attention], until)
}

/** When a CLB is looked at without an alarm. */
function looksAt({ wellAt, isFiring, doubts, heardAt, lookedAt }: Part): number {
  if (wellAt !== null) return Number.POSITIVE_INFINITY
  if (!isFiring && doubts > 0)
    return lookedAt + Math.min(TIMES.doubt * 2 ** Math.min(doubts - 1, 10), TIMES.longestDoubt)
  // One look after the silence, then once in that time.
  return Math.max(heardAt, lookedAt) + TIMES.silence
}

/** An acknowledgement and a silence end by themselves. */
function ended(incident: Incident, now: number): Incident {
  const { acknowledged, silenced } = incident
  const isAckOver = acknowledged !== null && acknowledged.until <= now
  const isSilenceOver = silenced !== null && silenced.until <= now
  if (!isAckOver && !isSilenceOver) return incident
  return withNews(
    {
      ...incident,
      acknowledged: isAckOver ? null : acknowledged,
      silenced: isSilenceOver ? null : silenced,
    },
    now,
  )
}

/** When `dueOf` has something to do next, ms since the epoch. Null: never. */
export function wakesAt(incident: Incident, reminders: Reminders): number | null {
  if (incident.closedAt !== null) return null
  const { due, acknowledged, silenced, parts, state } = incident
  const times = [
    due?.at,
    acknowledged?.until,
    silenced?.until,
    state === 'recovered' ? closesAt(incident) : undefined,
    remindsAt(incident, reminders),
    ...parts.map(looksAt),
  ].filter((at) => at !== undefined && Number.isFinite(at))
  return times.length === 0 ? null : Math.min(...times.flatMap((at) => at ?? []))
}
