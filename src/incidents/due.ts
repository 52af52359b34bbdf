import type { News } from '../model/incident.ts'
import { type Incident, type Part, type Reminders, TIMES, withEntry, worstAttention } from './incident.ts'
import { afterOwnTelling, lateRecoveries, newcomersOf, withoutNewcomers } from './newcomers.ts'
import { newsOf, toldNow, withNews } from './news.ts'

// What time alone brings: updates that waited, reminders, looks that nobody asked for, the end.

export interface DueOptions {
  readonly now: number
  readonly reminders: Reminders
  /** No other alarm waits or is looked at. */
  readonly isQuiet: boolean
}

/** What is news for one receiver. */
export interface OwnNews {
  readonly receiver: string
  readonly news: readonly News[]
}

export interface Due {
  readonly incident: Incident
  /** Why people are told now. Empty: they are not. */
  readonly news: readonly News[]
  /** Receivers that hear something else than the others, or hear something alone. Without news of its own one hears nothing. */
  readonly own: readonly OwnNews[]
  /** Ids of CLBs to look at. */
  readonly look: readonly string[]
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** Pure. Doing it twice at the same time tells once. */
export function dueOf(given: Incident, options: DueOptions): Due {
  const nothing = { news: [], own: [], look: [] }
  const { now } = options
  if (given.closedAt !== null) return { incident: given, ...nothing }
  const incident = asked(ended(given, now), options)
  const isWaiting = incident.due !== null || newcomersOf(incident).length > 0
  if (incident.state === 'recovered' && !isWaiting && now >= closesAt(incident))
    return { incident: closed(incident, now), ...nothing }
  const stale = staleFor(incident, options)
  const look = incident.parts
    .filter((part) => looksAt(part) <= now || stale.includes(part))
    .map(({ id }) => id)
  const news = tellingsOf(incident, options)
  const own = news.length > 0 ? ownNews(incident, news, now) : aloneTold(incident, options)
  if (news.length > 0) return { incident: afterTelling(incident, news, now), news, own, look }
  // What was to be told is no longer so.
  const isStale = incident.due !== null && incident.due.at <= now
  const rest = isStale ? { ...incident, due: null } : incident
  return { incident: own.length > 0 ? afterTellingAlone(rest, own, now) : rest, news, own, look }
}

/** When all are told: who has heard nothing, and who heard later than the others, so that less is news. */
function ownNews(incident: Incident, news: readonly News[], now: number): readonly OwnNews[] {
  const first = newcomersOf(incident).map((receiver) => ({ receiver, news: ['first'] as const }))
  if (news.includes('reminder')) return first
  const late = (incident.latecomers ?? []).map(({ receiver, told }) => ({
    receiver,
    news: newsOf({ ...incident, told }, now).news,
  }))
  return [...first, ...late]
}

/** Who is told while nothing is due for the others. A silence does not keep anybody from the first message. */
function aloneTold(incident: Incident, { now, isQuiet }: DueOptions): readonly OwnNews[] {
  if (incident.told === null) return []
  const isTime = isQuiet || (incident.untoldAt ?? now) <= now
  const first = isTime ? newcomersOf(incident) : []
  return [
    ...first.map((receiver) => ({ receiver, news: ['first'] as const })),
    ...lateRecoveries(incident).map((receiver) => ({ receiver, news: ['recovered'] as const })),
  ]
}

function tellingsOf(incident: Incident, { now, reminders, isQuiet }: DueOptions): readonly News[] {
  const { due } = incident
  if (due !== null && (due.at <= now || (due.gathers && isQuiet))) return newsOf(incident, now).news
  return remindsAt(incident, reminders) <= now && staleFor(incident, { now, reminders }).length === 0
    ? ['reminder']
    : []
}

/** CLBs that are looked at before people are reminded of them, so that nobody is told an old state. */
function staleFor(
  incident: Incident,
  { now, reminders }: Pick<DueOptions, 'now' | 'reminders'>,
): readonly Part[] {
  const { remindsSince, parts } = incident
  if (remindsAt(incident, reminders) > now || (remindsSince ?? now) + TIMES.patience <= now) return []
  return parts.filter(({ wellAt, lookedAt }) => wellAt === null && lookedAt + TIMES.fresh < now)
}

/** From when on a reminder waits for looks. */
function asked(incident: Incident, options: DueOptions): Incident {
  const isAsked = typeof incident.remindsSince === 'number'
  if (remindsAt(incident, options.reminders) > options.now)
    return isAsked ? { ...incident, remindsSince: null } : incident
  return isAsked || staleFor(incident, options).length === 0
    ? incident
    : { ...incident, remindsSince: options.now }
}

function afterTellingAlone(incident: Incident, own: readonly OwnNews[], now: number): Incident {
  const receivers = own.map(({ receiver }) => receiver)
  const [{ news } = { news: [] }] = own
  const entry = { at: iso(now), event: 'told', detail: news.join(', ') } as const
  return withEntry(afterOwnTelling(incident, receivers, now), entry)
}

/** What people were told, and that nothing else is due. */
function afterTelling(incident: Incident, news: readonly News[], now: number): Incident {
  const told = {
    ...withoutNewcomers(incident),
    latecomers: [],
    endOwed: incident.state === 'recovered' && !news.includes('recovered') ? (incident.endOwed ?? []) : [],
    state: incident.told !== null && incident.state === 'open' ? ('updated' as const) : incident.state,
    told: toldNow(incident, now),
    toldBefore: incident.told,
    tellings: incident.tellings + 1,
    gathersAt: gathersAfter(incident, now),
    flapTold: incident.flapTold || incident.parts.some((part) => part.wellAt === null && part.isFlapping),
    due: null,
    remindsSince: null,
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

/** Doubles with each look, up to an hour. */
const growing = (first: number, looks: number): number =>
  Math.min(first * 2 ** Math.min(looks - 1, 10), TIMES.longestDoubt)

/** When a CLB is looked at without an alarm. */
function looksAt({ wellAt, isFiring, isLeftToLooks, doubts, heardAt, lookedAt, blind = 0 }: Part): number {
  if (wellAt !== null) return Number.POSITIVE_INFINITY
  // What could not be read at one moment can often be read at the next.
  if (blind > 0) return lookedAt + growing(TIMES.blind, blind)
  if ((!isFiring || isLeftToLooks) && doubts > 0) return lookedAt + growing(TIMES.doubt, doubts)
  // One look after the silence, then once in that time. Looks before a reminder put it off no further.
  return Math.max(heardAt, lookedAt < heardAt + TIMES.silence ? heardAt : lookedAt) + TIMES.silence
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
  const { due, told, acknowledged, silenced, parts, state, untoldAt } = incident
  const times = [
    due?.at,
    told === null ? undefined : (untoldAt ?? undefined),
    lateRecoveries(incident).length > 0 ? incident.updatedAt : undefined,
    acknowledged?.until,
    silenced?.until,
    state === 'recovered' ? closesAt(incident) : undefined,
    remindsAt(incident, reminders),
    ...parts.map(looksAt),
  ].filter((at) => at !== undefined && Number.isFinite(at))
  return times.length === 0 ? null : Math.min(...times.flatMap((at) => at ?? []))
}
