import type { Attention, Change, Diagnosis, Finding, FindingCode, Verdict } from './diagnosis.ts'
import type { Language } from './language.ts'
import type { Requests } from './requests.ts'
import type { ScanCause } from './scan.ts'

// An incident is what one person does once: the trouble of one CLB, or of all CLBs with the same cause. IncidentDetails and
// IncidentPage are the TypeScript form of docs/incident.schema.json. A test holds the two together.

/** `closed` follows 30 minutes after `recovered`. */
export const INCIDENT_STATES = ['open', 'updated', 'recovered', 'closed'] as const
export type IncidentState = (typeof INCIDENT_STATES)[number]

export const isOver = ({ state }: { readonly state: IncidentState }): boolean =>
  state === 'recovered' || state === 'closed'

/** Why people are told, the most important first. */
export const NEWS_ORDER = [
  'recovered',
  'reopened',
  'first',
  'worse',
  'another CLB',
  'changed',
  'flapping',
  'reminder',
] as const
export type News = (typeof NEWS_ORDER)[number]

/** Stands behind the news in the timeline if no receiver was told. */
export const TOLD_NOBODY = 'nobody'

/** The cause that all CLBs of an incident share. Null in an incident of one CLB without a certain or likely cause. */
export interface SharedCause {
  readonly code: FindingCode
  /** The id of the resource that decides, for example `sg-a1b2c3d4`. */
  readonly resource: string
  /** The rule by its content, never by its place. Null: the default deny, or no rule at all. */
  readonly rule: string | null
}

/** The last look that could read a CLB, while newer ones cannot. It says nothing of now. */
export interface LastReadable {
  /** When that look was. ISO 8601, UTC. */
  readonly at: string
  /** When the first look was that could not read it. */
  readonly unreadSince: string
  /** What that look found. Left out in a list, and if its diagnosis is no longer kept. */
  readonly headline?: string
  /** The first cause that it found. Left out: it found none. */
  readonly cause?: Pick<Finding, 'code' | 'certainty' | 'title'>
  /** What to do about that cause. */
  readonly fix?: string
}

export interface IncidentMember {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly verdict: Verdict
  /** Left out: the last look could read it, or no look ever could. */
  readonly lastReadable?: LastReadable
}

/** How a message to one receiver ended. `waiting`: not sent yet. */
export const DELIVERY_OUTCOMES = ['delivered', 'retry', 'permanent', 'unknown', 'waiting', 'dropped'] as const
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number]

export interface DeliveryEntry {
  readonly receiver: string
  readonly reason: News
  readonly outcome: DeliveryOutcome
  /** ISO 8601, UTC. */
  readonly at: string
  /** The key of the ticket, if the receiver keeps tickets. */
  readonly ticket?: string
  /** Why it was not delivered, without secrets. */
  readonly why?: string
}

export const TIMELINE_EVENTS = [
  'opened',
  'joined',
  'left',
  'looked',
  'sender-recovered',
  'told',
  'acknowledged',
  'silenced',
  'recovered',
  'reopened',
  'merged',
  'closed',
] as const
export type TimelineEvent = (typeof TIMELINE_EVENTS)[number]

/** One thing that happened to an incident: a look, a message, a word of a person. */
export interface TimelineEntry {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly event: TimelineEvent
  /** The id of the CLB that it is about. */
  readonly loadBalancer?: string
  /**
   * The headline of a look, the news of a message, the id of another incident, the end of a silence, or why it is over, if that
   * is something else than what its sender says and a look confirms: what is absent, or who alone says so (`ENDINGS`).
   */
  readonly detail?: string
  /** The person. */
  readonly by?: string
}

/** One entry of `GET /v1/incidents`. */
export interface IncidentView {
  readonly id: string
  readonly state: IncidentState
  readonly attention: Attention
  readonly openedAt: string
  readonly updatedAt: string
  readonly recoveredAt: string | null
  /** How often it came back after it had recovered. */
  readonly reopened: number
  readonly cause: SharedCause | null
  readonly loadBalancers: readonly IncidentMember[]
  readonly deliveries: readonly DeliveryEntry[]
  /** Set if there was something to tell, and no receiver was named for it. */
  readonly toldNobody?: true
  readonly acknowledgedBy?: string
  readonly silencedUntil?: string
  /** The older incident that took this one over. */
  readonly mergedInto?: string
}

/** `GET /v1/incidents/{id}`. */
export interface IncidentDetails extends IncidentView {
  /** The oldest first. */
  readonly timeline?: readonly TimelineEntry[]
  /** The last diagnosis of each CLB. */
  readonly diagnoses?: readonly Diagnosis[]
}

/** `GET /v1/incidents`, the newest first. */
export interface IncidentPage {
  readonly incidents: readonly IncidentView[]
  /** The value of `before` for the next page. Null: this is the last page. */
  readonly next: string | null
  /** Alarms that were taken and wait for their first look. */
  readonly waiting?: number
}

/**
 * What a look says that found no CLB, though it could search. `gone`: it was seen before. `unknown`: it never was. `no CLB`:
 * the alarm only guessed that its address is one.
 */
export const ABSENCES = ['gone', 'unknown', 'no CLB'] as const
export type Absence = (typeof ABSENCES)[number]

/**
 * How the trouble of a CLB ended, if its sender and a look did not agree. `unseen`: its sender says so, and no look could read
 * it. `unsaid`: looks saw every backend healthy, and its sender did not say so.
 */
export const ENDINGS = ['unseen', 'unsaid'] as const
export type Ending = (typeof ENDINGS)[number]

/** A CLB in a message about an incident. */
export interface NoticeMember extends IncidentMember {
  readonly attention: Attention
  readonly headline: string
  /** Different backends (address and port) with weight. */
  readonly backends: { readonly total: number; readonly dead: number }
  /** What requests meet (`requestsTo`). Left out: a message says of it only what the verdict says. */
  readonly requests?: Requests
  readonly hasRecovered: boolean
  /** Left out: it exists, or nobody could look. */
  readonly absent?: Absence
  /** Left out: its sender and a look agree, or it is not over. */
  readonly ending?: Ending
  /** The first cause, however certain. If it cannot be read now, the one of the last look that could. */
  readonly reason?: FindingCode
}

/** What changed since the last message about an incident. */
export interface NoticeChange {
  /** Dead backends of all CLBs, then and now. Null: nothing was told before. */
  readonly dead: { readonly before: number; readonly now: number } | null
  /** Ids of CLBs that joined. */
  readonly joined: readonly string[]
  /** Ids of CLBs that recovered. */
  readonly recovered: readonly string[]
  /** `known`: no cause was known before. `unknown`: no cause is certain or likely now. */
  readonly cause?: 'another' | 'known' | 'unknown'
  /** Ids of CLBs whose sender says now that it is over, while no look agrees. */
  readonly disputed?: readonly string[]
  /** Ids of CLBs whose sender had said that it is over, and that fire again. */
  readonly firing?: readonly string[]
  /** Ids of CLBs whose state is not known now, and was. */
  readonly unread?: readonly string[]
  /** Ids of CLBs whose state is known now, and was not. */
  readonly readable?: readonly string[]
}

/** What brought several CLBs back, as far as their last looks show it. */
export interface NoticeRecovery {
  /** The removal of the named cause first, then the change that brought most CLBs back. */
  readonly repairs: readonly NoticeRepair[]
  /** Ids of CLBs of which no look shows what brought them back. */
  readonly unexplained: readonly string[]
}

export interface NoticeRepair {
  readonly change: Change
  /** True if the change is on the resource that the cause of the incident names. */
  readonly removesCause: boolean
  /** Ids of the CLBs whose probes would be blocked without it. */
  readonly loadBalancers: readonly string[]
}

/** A message about an incident. Plain data: renderers need nothing else. */
export interface IncidentNotice {
  readonly kind: 'incident'
  /** Begins with `no-`. The same for every attempt and every receiver. */
  readonly id: string
  readonly createdAt: string
  readonly language: Language
  readonly timeZone?: string
  /** Why it is sent, the most important first. */
  readonly news: readonly News[]
  readonly incident: IncidentView
  /** The last look at the CLB that needs a person most. */
  readonly lead: Diagnosis
  /** Every CLB of the incident, those that need a person most first. */
  readonly members: readonly NoticeMember[]
  /** The causes of all members, joined. Only if there are several members. */
  readonly causes: readonly ScanCause[]
  readonly change: NoticeChange
  /** Only for several members that have all recovered. */
  readonly recovery?: NoticeRecovery
  /** How often alarms fired, repeats not counted. */
  readonly firings: number
  /** From the first alarm to the recovery, else to now. */
  readonly durationSeconds: number | null
  /** Signed pages. Null without CLB_DOCTOR_PUBLIC_URL and a key. */
  readonly pages: { readonly incident: string; readonly acknowledge: string; readonly silence: string } | null
}

/** Several incidents in one message: the receiver was away, or more was to be told than its limit allows. */
export interface Digest {
  readonly kind: 'digest'
  /** Begins with `dg-`. */
  readonly id: string
  readonly createdAt: string
  readonly language: Language
  readonly timeZone?: string
  /** `away`: the receiver did not answer since `since`. `limit`: its limit of messages was used up. */
  readonly why: 'away' | 'limit'
  readonly since: string
  /** What each incident needs now, those that need a person most first. */
  readonly notices: readonly IncidentNotice[]
}

/** A harmless message that shows that a receiver works. */
export interface TestMessage {
  readonly kind: 'test'
  /** Begins with `te-`. */
  readonly id: string
  readonly createdAt: string
  readonly language: Language
  readonly timeZone?: string
  /** The name of the receiver. */
  readonly receiver: string
}

/** A word to the operator, for example that a receiver refuses for good. */
export interface OperatorNote {
  readonly kind: 'note'
  /** Begins with `on-`. */
  readonly id: string
  readonly createdAt: string
  readonly language: Language
  readonly timeZone?: string
  readonly title: string
  readonly lines: readonly string[]
}
