export type AlarmSource = 'cloud-monitor' | 'eventbridge' | 'alertmanager' | 'timer' | 'api' | 'cli' | 'job'

/**
 * How a CLB was named. `loadBalancerId` wins; without it the CLB is looked up by VIP, in the VPC when one is given
 * (private VIPs repeat across VPCs).
 */
export interface ClbReference {
  readonly loadBalancerId: string | null
  readonly vip: string | null
  /** `vpc-…`. */
  readonly vpcId: string | null
  /** The number that some alarms carry in place of `vpc-…`; matches `NumericalVpcId`. */
  readonly numericVpcId: number | null
}

/** One alarm about one CLB, in our own words. Times are ISO 8601 in UTC. */
export interface Alarm {
  readonly source: AlarmSource
  readonly state: 'firing' | 'resolved'
  readonly kind: 'metric' | 'event' | 'prometheus' | 'template' | 'request'
  readonly clb: ClbReference
  /** Full region, e.g. `ap-guangzhou`; null where the alarm does not name one that we know. */
  readonly region: string | null
  /** The alarm's region as written, if it is not one that we know. */
  readonly unknownRegion: string | null
  /** What the alarm is about within the CLB, as far as it says so. */
  readonly listener: { readonly port: number | null; readonly protocol: string | null } | null
  readonly backend: { readonly ip: string; readonly port: number | null } | null
  readonly policy: { readonly id: string | null; readonly name: string | null }
  /** Metric or event name, as sent. */
  readonly subject: string | null
  /** The sender's own id, echoed in the answer. Not stable between trigger and recovery. */
  readonly sessionId: string | null
  readonly firstOccurredAt: string | null
  readonly recoveredAt: string | null
}

/** The same for alarms that name the same CLB in the same way. */
export const clbKey = ({ clb, region, unknownRegion }: Alarm): string =>
  clb.loadBalancerId ?? JSON.stringify([region, unknownRegion, clb.vpcId, clb.numericVpcId, clb.vip])

/** Why a payload is not an alarm that we can act on. */
export type RefusalReason =
  | 'not-an-object'
  | 'unknown-shape'
  | 'not-clb'
  | 'no-clb-named'
  | 'bad-vip'
  | 'empty-batch'
  | 'bad-timer'

export interface Refusal {
  readonly reason: RefusalReason
  /** One sentence for the log, in English, without payload data. */
  readonly detail: string
}

/** What a timer asks for. Null: the default region. */
export interface ScanRequest {
  readonly regions: readonly string[] | 'all' | null
}

/** What a payload turned out to be: alarms, or a named refusal; a batch may hold both. */
export interface ParsedPayload {
  readonly alarms: readonly Alarm[]
  readonly refusals: readonly Refusal[]
  /** A scan of the fleet, from a timer event alone. */
  readonly scan?: ScanRequest
  /** The id to echo to the sender, if the payload has one. */
  readonly sessionId: string | null
}
