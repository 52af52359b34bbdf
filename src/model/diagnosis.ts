import type { Alarm, AlarmSource } from './alarm.ts'
import type { Language } from './language.ts'

// The TypeScript form of docs/diagnosis.schema.json. A test holds the two together.

/** Worst first. */
export const VERDICT_ORDER = ['down', 'degraded', 'inconclusive', 'healthy'] as const
export type Verdict = (typeof VERDICT_ORDER)[number]
export type HopStage = 'acl-in' | 'security-group' | 'guest-firewall' | 'listener' | 'application' | 'acl-out'
export type HopVerdict = 'pass' | 'partial' | 'block' | 'unknown' | 'not-applicable'
const TARGET_STATUSES = ['Alive', 'Dead', 'Unknown', 'Close'] as const
export type TargetStatus = (typeof TARGET_STATUSES)[number]

/**
 * Parses HealthStatusDetail in any case. Null for any other text. The boolean HealthStatus is not used, because a
 * documented answer has `true` beside `Dead` (platform facts C4).
 */
export const statusIn = (detail: string | null): TargetStatus | null =>
  TARGET_STATUSES.find((name) => name.toLowerCase() === detail?.toLowerCase()) ?? null
export type ProbeVia = 'vip' | '100.64' | '169.254' | 'snat' | 'unknown'
/** In the order in which findings are shown. */
export const ROLE_ORDER = ['cause', 'contributor', 'risk', 'note'] as const
export type Role = (typeof ROLE_ORDER)[number]
/** Most certain first. */
export const CERTAINTY_ORDER = ['certain', 'likely', 'possible'] as const
export type Certainty = (typeof CERTAINTY_ORDER)[number]
/** Worst first. */
export const SEVERITY_ORDER = ['critical', 'high', 'medium', 'low', 'info'] as const
export type Severity = (typeof SEVERITY_ORDER)[number]
/** Most urgent first. */
export const ATTENTION_ORDER = ['act-now', 'act-soon', 'watch', 'none'] as const
/** What a person should feel: docs/architecture.md, "Attention". */
export type Attention = (typeof ATTENTION_ORDER)[number]
export type FindingCode = `${string}/${string}`
/** `<listenerId>/<locationId or ->/<ip>:<port>` */
export type TargetKey = string

export interface Resource {
  readonly type: string
  readonly id: string
  readonly name?: string
  readonly region?: string
  /** PolicyIndex of a security-group rule, Priority of an ACL entry. Null if the implicit deny decided. */
  readonly ruleIndex?: number | null
  readonly ruleId?: string | null
  readonly consoleUrl?: string
}

/** Why a hop could not be judged. Every text is in the language of the report. */
export interface UnknownHop {
  /** A group with its rule, a template, an address or a permission. */
  readonly subject: string
  readonly reason: string
  /** What would settle it: a permission, a page of the console or one command. Null if nothing is known. */
  readonly settle?: string | null
  /** True inside a machine that somebody looked into. Others are open there because nobody looked. */
  readonly looked?: boolean
}

export interface Hop {
  readonly stage: HopStage
  readonly verdict: HopVerdict
  readonly decidedBy?: Resource | null
  /** Exact CIDRs of the probe source that are blocked, minimal and sorted. */
  readonly blockedSources?: readonly string[]
  readonly detail?: string
  /** Only if the verdict is `unknown`. */
  readonly unknown?: UnknownHop
}

export interface Target {
  readonly key: TargetKey
  readonly type: string
  readonly instanceId: string | null
  readonly eniId: string | null
  readonly targetGroupId: string | null
  readonly name?: string
  readonly ip: string
  readonly port: number
  readonly weight: number
  readonly status: TargetStatus
  readonly statusDetail?: string
  readonly subnetId: string | null
  readonly securityGroupIds: readonly string[]
  readonly path: readonly Hop[]
  /** In JSON with more than 100 targets: the key of an earlier target with the same path. `path` is then empty. */
  readonly samePathAs?: TargetKey
}

export type CodeClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx'

export interface HealthCheckView {
  readonly enabled?: boolean
  readonly type?: string
  /** Null: the backend's own port. */
  readonly port?: number | null
  readonly intervalSeconds?: number | null
  readonly timeoutSeconds?: number | null
  readonly healthyThreshold?: number | null
  readonly unhealthyThreshold?: number | null
  readonly method?: string | null
  readonly host?: string | null
  readonly path?: string | null
  readonly expectedCodes?: readonly CodeClass[]
  /** How `sendContext` and `recvContext` are written. */
  readonly contextType?: string | null
  /** What a CUSTOM check sends. */
  readonly sendContext?: string | null
  /** What must come back to a CUSTOM check. */
  readonly recvContext?: string | null
  /** The gRPC status codes of a healthy backend, as the API writes them. */
  readonly extendedCode?: string | null
}

export interface Counts {
  readonly total: number
  readonly alive: number
  readonly dead: number
  readonly unknown: number
  readonly off: number
  readonly zeroWeight: number
}

export interface Pool {
  readonly listenerId: string
  readonly locationId: string | null
  readonly listenerName?: string
  readonly protocol: string
  readonly port: number
  /** The last port of a listener for a range of ports. */
  readonly endPort?: number
  readonly domain?: string | null
  readonly url?: string | null
  readonly healthCheck: HealthCheckView
  readonly probe: { readonly via: ProbeVia; readonly sources: readonly string[] }
  readonly counts: Counts
  /** True if every weighted target is Dead. CLB then forwards to all of them. */
  readonly fallback: boolean
  readonly targets: readonly Target[]
  readonly clients?: Clients
}

/** Do the clients reach the backends of a pool, or does what blocks the probes block them too? */
export interface Clients {
  /** `partial`: some client addresses are let in. Whether these are the right ones is not ours to know. */
  readonly verdict: 'pass' | 'partial' | 'block' | 'unknown'
  readonly detail?: string
  /** The rule that decides, as text. Null if the implicit deny decides. */
  readonly decidedBy?: string | null
  /** For `partial`: CIDRs of the clients that are let in, minimal and sorted. */
  readonly allowedSources?: readonly string[]
}

export interface Evidence {
  readonly source: string
  readonly fact: string
  readonly value?: unknown
}

export interface FixCommand {
  readonly tool: 'tccli' | 'shell' | 'kubectl' | 'terraform'
  readonly line: string
}

/**
 * - `open`: a rule that lets the probes in
 * - `undo`: takes a change back
 * - `restore`: writes an earlier state again
 * - `settings`: other settings of the CLB, a listener or a rule
 * - `advice`: steps outside the API
 */
export type FixKind = 'open' | 'undo' | 'restore' | 'settings' | 'advice'

/** Where new rules go, and what they let in. With it, the fixes of several CLBs can become one. */
export interface FixOpening {
  /** Id of the security group or network ACL. */
  readonly target: string
  /** Where the rule goes, in words. */
  readonly position: string
  /** CIDRs of the probes' sources. */
  readonly from: readonly string[]
  /** For example `TCP 8080`. */
  readonly opens: readonly string[]
}

export interface Fix {
  readonly kind?: FixKind
  readonly summary: string
  readonly commands?: readonly FixCommand[]
  /** True if the path was evaluated again with the fix and every explained target passes the hop. */
  readonly verified: boolean
  readonly widens?: string
  /** Only of a fix that is new rules in one direction. */
  readonly opening?: FixOpening
  /** What else to know about it, a sentence each. */
  readonly notes?: readonly string[]
  /** Other ways to mend the same thing, best first. They have no alternatives of their own. */
  readonly alternatives?: readonly Fix[]
}

export interface Accepted {
  /** The role without the acceptance. */
  readonly role: Role
  readonly resource: string
  readonly reason: string
  /** A calendar date in UTC (inclusive), or an ISO 8601 time. */
  readonly until: string
}

export interface Finding {
  readonly id: string
  readonly code: FindingCode
  readonly role: Role
  readonly certainty: Certainty
  readonly severity: Severity
  readonly title: string
  /** The one line that proves it: the deciding rule as the console shows it, or the machines that it is about. */
  readonly quote?: string
  readonly detail: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly resources: readonly Resource[]
  readonly explains: readonly TargetKey[]
  readonly contradictedBy: readonly TargetKey[]
  readonly evidence: readonly Evidence[]
  readonly fix: Fix | null
  /** Set if the user expects the finding. It is a note until the acceptance ends. */
  readonly expected?: Accepted
  /** The same as `expected`, under its first name. Stays until schemaVersion 2. */
  readonly accepted?: Accepted
  readonly changes?: readonly number[]
}

interface MaybeExpected {
  readonly role: Role
  readonly accepted?: { readonly role: Role } | undefined
}

/** Found by a look inside the machine. */
export const isFromInside = (code: FindingCode): boolean => code.split('-', 1)[0] === 'guest'

/** A cause that the user does not expect. */
export const isCause = ({ role }: { readonly role: Role }): boolean => role === 'cause'

/** A cause that the user expects. Its role is `note` until the acceptance ends. */
export const isExpectedCause = <F extends MaybeExpected>(
  finding: F,
): finding is F & { readonly accepted: NonNullable<F['accepted']> } => finding.accepted?.role === 'cause'

/** A cause, whether or not the user expects it. It accounts for the targets that it explains. */
export const isReason = (finding: MaybeExpected): boolean => isCause(finding) || isExpectedCause(finding)

export interface Gap {
  /** `entry`: an entry of `clb-doctor.json` without effect, which somebody has to mend. */
  readonly kind?: 'entry'
  readonly what: string
  readonly why: string
  /** What would settle it, if the CLB itself could not be looked up. */
  readonly settle?: string
  readonly action?: string
  readonly errorCode?: string
  readonly grant?: string
  readonly byHand?: readonly string[]
}

/** The CLB itself could not be looked up, so nothing else was read. */
export const isOfLookup = ({ settle }: Pick<Gap, 'settle'>): boolean => settle !== undefined

export const isEntry = ({ kind }: Pick<Gap, 'kind'>): boolean => kind === 'entry'

export type CheckOutcome = 'pass' | 'found' | 'unknown' | 'not-applicable'

export interface CheckReport {
  readonly check: string
  readonly outcome: CheckOutcome
  readonly reason?: string
}

export interface Change {
  readonly at: string
  readonly event: string
  readonly resource: Resource
  readonly actor?: string
  readonly sourceIp?: string
  readonly secondsBeforeOnset?: number | null
}

export interface LoadBalancerView {
  readonly id: string
  readonly name?: string
  readonly region: string
  readonly vpcId?: string | null
  readonly networkType?: 'OPEN' | 'INTERNAL'
  readonly generation?: 'application' | 'classic'
  readonly ipVersion?: 'ipv4' | 'ipv6' | 'ipv6-nat64'
  readonly vips: readonly string[]
  /** The domain name of a CLB that the API names by a domain, mostly in place of a VIP. */
  readonly domain?: string | null
  readonly snatIps?: readonly string[]
  readonly passToTarget?: boolean | null
  readonly consoleUrl?: string
}

export interface Stats {
  readonly apiCalls: number
  readonly retries?: number
  /** The longest chain of calls that had to wait for one another. */
  readonly waves?: number
  readonly durationMs: number
}

/** The change between an alarm and its recovery without which probes would be blocked now. */
export interface Repair {
  /** Index in `changes`. */
  readonly change: number
  /** How many backends that are Alive now would be blocked. An address and port counts once. */
  readonly backends: number
  /** Evaluated, but nobody saw the probes fail for this reason. */
  readonly certainty: Extract<Certainty, 'likely'>
}

/** What was seen of this CLB shortly before, and now. */
export interface Recent {
  /** The time that it covers. */
  readonly minutes: number
  /** How often an alarm began to fire in that time, this one included. A sender's repeat is not counted. */
  readonly firings: number
}

export interface Diagnosis {
  readonly schemaVersion: 1
  readonly id: string
  readonly createdAt: string
  readonly language?: Language
  /** The zone of the times in texts, an IANA name. Left out: the zone of the language. */
  readonly timeZone?: string
  readonly trigger: { readonly source: AlarmSource; readonly alarm?: Alarm | null }
  readonly loadBalancer: LoadBalancerView | null
  readonly verdict: Verdict
  readonly attention?: Attention
  readonly headline: string
  /** Only for an alarm. */
  readonly recent?: Recent
  /** A look inside machines follows this one, and people are told what it finds. Only for an alarm. */
  readonly lookFollows?: true
  readonly pools: readonly Pool[]
  /** Causes first, then contributors, risks, notes. Ranked within each role. */
  readonly findings: readonly Finding[]
  readonly checks: readonly CheckReport[]
  readonly gaps: readonly Gap[]
  /** Changes on the probes' way: before the trouble, or for a recovery between the alarm and its end. Newest first. */
  readonly changes: readonly Change[]
  /** Only for a confirmed recovery, and only if the evaluation shows it. */
  readonly mendedBy?: Repair
  /** Only for a confirmed recovery without `mendedBy`: indices in `changes` of what may have mended it, at most two. */
  readonly changedMeanwhile?: readonly number[]
  readonly stats: Stats
}
