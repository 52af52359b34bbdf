export type AlarmSource =
  | ('cloud-monitor' | 'eventbridge' | 'alertmanager' | 'grafana')
  | ('timer' | 'api' | 'cli' | 'job')

/**
 * How a CLB was named. `loadBalancerId` wins. Without it the CLB is looked up by VIP, within the VPC if one is given,
 * because private VIPs repeat across VPCs; without a VIP by its domain. Only a person at a shell gives a `name`.
 */
export interface ClbReference {
  readonly loadBalancerId: string | null
  readonly vip: string | null
  /** For example `vpc-1ywqac83`. */
  readonly vpcId: string | null
  /** The number that some alarms carry in place of the VPC's id. It matches `NumericalVpcId`. */
  readonly numericVpcId: number | null
  /** The domain that the platform gave the CLB, in lower case. Not the domain of a forwarding rule. */
  readonly domain?: string
  readonly name?: string
  /** True if `vip` is only a guess, which counts if the lookup finds exactly one CLB. Otherwise nobody is told. */
  readonly guessed?: true
}

/**
 * What the sender's policy watches, as the sender wrote it. Numbers stay text, so that `96.739` is not rounded. A field
 * is null if the sender does not give it.
 */
export interface AlarmCondition {
  /** Name of the metric or event as sent, for example `UnhealthRsCount`. It can be a number. */
  readonly metric: string | null
  /** Its name for people, for example `健康检查异常数`. */
  readonly shownName: string | null
  /** As sent, for example `>=`. */
  readonly operator: string | null
  readonly threshold: string | null
  /** The value that set off the alarm, or that ended it. */
  readonly value: string | null
  readonly unit: string | null
  readonly periodSeconds: number | null
  /** The sender's own word, for example `Remind`, `Warn`, `Serious` or a `severity` label. */
  readonly level: string | null
}

/** One alarm about one CLB. Times are ISO 8601 in UTC. */
export interface Alarm {
  readonly source: AlarmSource
  readonly state: 'firing' | 'resolved'
  readonly kind: 'metric' | 'event' | 'prometheus' | 'template' | 'request'
  readonly clb: ClbReference
  /** Full region, for example `ap-guangzhou`. Null if the alarm names no known region. */
  readonly region: string | null
  /** The alarm's region as written, if it is not a known one. */
  readonly unknownRegion: string | null
  /** The listener and backend that the alarm names. */
  readonly listener: { readonly port: number | null; readonly protocol: string | null } | null
  readonly backend: { readonly ip: string; readonly port: number | null } | null
  readonly policy: { readonly id: string | null; readonly name: string | null }
  /** Name of the metric or event, as sent. */
  readonly subject: string | null
  /** Null if the sender gives none of it. */
  readonly condition: AlarmCondition | null
  /** How long the trouble has lasted, or lasted, by the sender's count. Null also for 0, which senders use for "no value". */
  readonly durationSeconds: number | null
  /** The sender's own id, which the answer echoes. It differs between trigger and recovery. */
  readonly sessionId: string | null
  /**
   * Equal for all alarms of one condition, and for no others. Absent in alarms that an older version kept, and where the
   * sender's record of an alarm is not the alarm as sent: there the fields that are read tell conditions apart.
   */
  readonly identity?: string
  readonly firstOccurredAt: string | null
  readonly recoveredAt: string | null
  /** An event that only begins: its sender never says that it is over. */
  readonly isStateless?: true
}

/** An alarm as it arrived. Times in ms since the epoch. */
export interface Received {
  readonly alarm: Alarm
  readonly at: number
  /** When its last repeat arrived. */
  readonly until: number
}

/** Without firstOccurTime, a firing this soon after the last one is a repeat. */
export const REPEAT_MS = 5 * 60_000

/** Equal for alarms that name the same CLB in the same way. */
export const clbKey = ({ clb, region, unknownRegion }: Alarm): string =>
  clb.loadBalancerId ??
  JSON.stringify([region, unknownRegion, clb.vpcId, clb.numericVpcId, clb.vip ?? clb.domain])

/** Why a payload cannot be handled as an alarm. */
export type RefusalReason =
  | 'not-an-object'
  | 'unknown-shape'
  | 'not-clb'
  | 'no-clb-named'
  | 'several-clbs'
  | 'bad-vip'
  | 'empty-batch'
  | 'bad-timer'
  /** Entries of a batch that were not read. */
  | 'too-many'

export interface Refusal {
  readonly reason: RefusalReason
  /** One sentence for the log, in English. Of the payload it has ids at most. */
  readonly detail: string
}

/** The regions that a timer's scan covers. Null: the default region. */
export interface ScanRequest {
  readonly regions: readonly string[] | 'all' | null
}

/** The result of reading a payload. A batch can give both alarms and refusals. */
export interface ParsedPayload {
  readonly alarms: readonly Alarm[]
  readonly refusals: readonly Refusal[]
  /** A scan of the account. Only timer events give one. */
  readonly scan?: ScanRequest
  /** What time alone brings is to be done. Only timer events ask for it. */
  readonly due?: true
  /** The id that the answer echoes. Null if the payload has none. */
  readonly sessionId: string | null
}
