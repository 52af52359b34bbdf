import { ATTENTION_ORDER, type Attention, VERDICT_ORDER, type Verdict } from '../model/diagnosis.ts'
import type {
  Absence,
  DeliveryEntry,
  Ending,
  IncidentMember,
  IncidentState,
  IncidentView,
  News,
  SharedCause,
  TimelineEntry,
} from '../model/incident.ts'
import { compareTexts } from '../model/order.ts'
import type { RouteFacts } from '../model/routing.ts'

// Times are ms since the epoch.

/** What one look says of a CLB, and what the senders of its alarms say. */
export interface ClbLook {
  /** The id of the CLB, or the address that the alarm gives if no CLB was found. */
  readonly id: string
  /** False if the CLB could not be looked up. */
  readonly isFound: boolean
  /** Every name under which alarms and records know it. */
  readonly names: readonly string[]
  readonly name: string
  readonly region: string
  readonly verdict: Verdict
  readonly attention: Attention
  readonly headline: string
  /** The first-ranked cause, if it is certain or likely. */
  readonly cause: SharedCause | null
  /** Different backends (address and port) with weight. */
  readonly backends: { readonly total: number; readonly dead: number }
  /** Dead backends of all listeners and weights, one behind two listeners twice. */
  readonly deadTargets: number
  /** Pools with Dead backends and no healthy one. */
  readonly emptyPools: readonly string[]
  /** True if an alarm fires. False if the sender says that it is over. Null: no alarm led to this look. */
  readonly isFiring: boolean | null
  /** How often an alarm began to fire lately, and whether that means flapping. */
  readonly firings: number
  readonly isFlapping: boolean
  readonly firstOccurredAt: number | null
  readonly recoveredAt: number | null
  /** The id of the diagnosis. */
  readonly diagnosis: string
  /** The API answered, and there is no such CLB. Left out: it exists, or nobody could look. */
  readonly absent?: Absence
  /** What still fires has no sender that will end it, and this look and an earlier one saw every backend healthy. */
  readonly isOutvoted?: boolean
  /** What still fires has no sender that will end it. Looks have to. */
  readonly isLeftToLooks?: boolean
  /** A sender said that a condition of it is over. */
  readonly hasHeardEnd?: boolean
  /** Backends are Dead and no cause was found, while something that could name one could not be read. */
  readonly isCauseUnread?: true
  /** What only routes ask about it. */
  readonly routeFacts?: RouteFacts
  /**
   * Receivers that routes named for it while it was not well, and that were told nothing of its incident yet. Left out: it was
   * never seen in trouble.
   */
  readonly untold?: readonly string[]
  /** Receivers that heard of it while it was a part of another incident. */
  readonly heardBefore?: readonly string[]
}

/** The last look that could read a CLB. */
export interface ReadableLook {
  /** The id of its diagnosis. */
  readonly diagnosis: string
  readonly at: number
}

/** A CLB of an incident. */
export interface Part extends Omit<ClbLook, 'isFiring'> {
  readonly isFiring: boolean
  readonly joinedAt: number
  readonly lookedAt: number
  /** When an alarm about it arrived last. */
  readonly heardAt: number
  /** The last diagnosis that an alarm led to. It holds the alarm. */
  readonly alarmed: string
  /** When it was seen well and its sender said that it is over. */
  readonly wellAt: number | null
  /** Looks since the sender said that it is over, which did not agree. */
  readonly doubts: number
  /** Looks in a row that saw nothing. Older versions did not count them. */
  readonly blind?: number
  /** When its sender said first that it is over. Left out: it fires, or an older version heard it. */
  readonly saidOverAt?: number
  /** When a sender said last that one of its conditions is over. */
  readonly endHeardAt?: number
  /** Since when all looks that could read it have seen every backend healthy. */
  readonly healthySince?: number
  /** How it ended, if its sender and a look did not agree. */
  readonly ending?: Ending
  /** The last look that could read it. Left out: none could, or an older version looked. */
  readonly readable?: ReadableLook
  /** When the first of the looks was that cannot read it. Left out: the last one could. */
  readonly unreadSince?: number
}

/** What people were told last. */
export interface Told {
  readonly at: number
  readonly state: 'sick' | 'well'
  readonly attention: Attention
  readonly dead: number
  readonly deadTargets: number
  /** CLBs of which nothing could be told. */
  readonly unread: readonly string[]
  readonly clbs: readonly string[]
  readonly emptyPools: readonly string[]
  readonly cause: string | null
  readonly well: readonly string[]
  /** CLBs whose sender said that it is over, while the look did not agree. */
  readonly disputed: readonly string[]
}

/** A receiver that got its first message after the others, and what that said. */
export interface Latecomer {
  readonly receiver: string
  readonly told: Told
}

export interface Person {
  readonly by: string
  readonly at: number
  readonly until: number
}

export interface Incident {
  readonly id: string
  readonly state: IncidentState
  readonly openedAt: number
  readonly updatedAt: number
  readonly recoveredAt: number | null
  readonly closedAt: number | null
  readonly reopened: number
  /** When a CLB joined last. */
  readonly joinedAt: number
  readonly cause: SharedCause | null
  readonly parts: readonly Part[]
  readonly told: Told | null
  /** What they were told before that, which a message compares with. */
  readonly toldBefore: Told | null
  /** How many messages were told. */
  readonly tellings: number
  /** When one update tells what has joined since the first message. Null: it was told, or its time is over. */
  readonly gathersAt: number | null
  /** True once people were told that it flaps. */
  readonly flapTold: boolean
  /** The next message and its time. `gathers`: at once if nothing else waits, else at `at`. */
  readonly due: { readonly at: number; readonly news: readonly News[]; readonly gathers: boolean } | null
  /** When looks were asked for, so that a reminder can follow. Null: none is due. */
  readonly remindsSince?: number | null
  readonly acknowledged: Person | null
  readonly silenced: Person | null
  readonly mergedInto: string | null
  readonly deliveries: readonly DeliveryEntry[]
  /** When receivers that were told nothing of it hear their first message. Null: there are none. */
  readonly untoldAt?: number | null
  /** Since the last message to all. */
  readonly latecomers?: readonly Latecomer[]
  /** Receivers that heard of trouble elsewhere, which is over here, where the recovery was told without them. */
  readonly endOwed?: readonly string[]
  /** Older records: receivers that heard of one of its CLBs while that was a part of another incident. */
  readonly heardBefore?: readonly string[]
  readonly timeline: readonly TimelineEntry[]
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export const TIMES = {
  /** CLBs with one cause join within this time of the last join. */
  join: 15 * MINUTE,
  /** An incident that recovered is closed after this time. */
  close: 30 * MINUTE,
  /** The most time between two updates, unless something is urgent. */
  update: 5 * MINUTE,
  /** The first message waits so long for other alarms that have arrived. */
  gather: 5_000,
  /** One update so long after the first message, if something joined. */
  gathered: 30_000,
  /** Without an alarm for this time, the next look decides. */
  silence: 24 * HOUR,
  /** The first look again, if the sender says that it is over and the look does not agree. Doubles each time. */
  doubt: 5 * MINUTE,
  longestDoubt: HOUR,
  /** What no look can read is over so long after its sender said so. */
  unseen: HOUR,
  /** Two looks so far apart that see every backend healthy count over a condition whose recovery is missing. */
  outvote: 30 * MINUTE,
  /** The first look again after one that saw nothing. Doubles each time, up to an hour. */
  blind: MINUTE,
  /** A reminder says what was seen within this time. */
  fresh: 5 * MINUTE,
  /** Looks that do not come about hold up a reminder so long at most. */
  patience: 10 * MINUTE,
} as const

export interface Reminders {
  readonly 'act-now': number
  readonly 'act-soon': number
}
export const REMINDERS: Reminders = { 'act-now': 4 * HOUR, 'act-soon': 24 * HOUR }

export const worstAttention = (parts: readonly Part[]): Attention =>
  ATTENTION_ORDER.find((attention) => parts.some((part) => part.attention === attention)) ?? 'none'

/** Those that need a person most first. */
export const byNeed = (a: Part, b: Part): number =>
  Number(a.wellAt !== null) - Number(b.wellAt !== null) ||
  ATTENTION_ORDER.indexOf(a.attention) - ATTENTION_ORDER.indexOf(b.attention) ||
  VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict) ||
  b.backends.dead - a.backends.dead ||
  compareTexts(a.name, b.name) ||
  compareTexts(a.id, b.id)

const iso = (ms: number): string => new Date(ms).toISOString()

const memberOf = ({ id, name, region, verdict, readable, unreadSince }: Part): IncidentMember => ({
  id,
  name,
  region,
  verdict,
  ...(readable === undefined || unreadSince === undefined
    ? {}
    : { lastReadable: { at: iso(readable.at), unreadSince: iso(unreadSince) } }),
})

/** What was tried and still waits has failed so far. */
const shownDelivery = (entry: DeliveryEntry): DeliveryEntry =>
  entry.outcome === 'waiting' && entry.why !== undefined ? { ...entry, outcome: 'retry' } : entry

/** One entry of `GET /v1/incidents`. */
export function viewOf(incident: Incident, now: number): IncidentView {
  const { id, state, openedAt, updatedAt, recoveredAt, reopened, cause, parts, deliveries } = incident
  const { acknowledged, silenced, mergedInto, told } = incident
  return {
    id,
    state,
    attention: worstAttention(parts),
    openedAt: iso(openedAt),
    updatedAt: iso(updatedAt),
    recoveredAt: recoveredAt === null ? null : iso(recoveredAt),
    reopened,
    cause,
    loadBalancers: parts.toSorted(byNeed).map(memberOf),
    deliveries: deliveries.map(shownDelivery),
    ...(told !== null && deliveries.length === 0 && mergedInto === null ? { toldNobody: true as const } : {}),
    ...(acknowledged && acknowledged.until > now ? { acknowledgedBy: acknowledged.by } : {}),
    ...(silenced && silenced.until > now ? { silencedUntil: iso(silenced.until) } : {}),
    ...(mergedInto === null ? {} : { mergedInto }),
  }
}

const MOST_ENTRIES = 500

export const withEntry = (incident: Incident, entry: TimelineEntry): Incident => ({
  ...incident,
  timeline: [...incident.timeline, entry].slice(-MOST_ENTRIES),
})

/** How the newest message to each receiver ended, by its name. */
export const lastDeliveries = ({
  deliveries,
}: Pick<Incident, 'deliveries'>): ReadonlyMap<string, DeliveryEntry> =>
  new Map(deliveries.map((one) => [one.receiver, one]))

export const withDelivery = (incident: Incident, entry: DeliveryEntry): Incident => ({
  ...incident,
  deliveries: [...incident.deliveries, entry].slice(-MOST_ENTRIES),
})
