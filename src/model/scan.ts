import type {
  Accepted,
  Attention,
  Certainty,
  Counts,
  FindingCode,
  Fix,
  Gap,
  Resource,
  Role,
  Severity,
  Verdict,
} from './diagnosis.ts'
import type { Language } from './language.ts'
import type { Requests } from './requests.ts'

// The TypeScript form of docs/scan.schema.json. A test holds the two together.

/** A finding of one CLB in short. `clb-doctor diagnose` gives the details and the fix. */
export interface ScanFinding {
  readonly code: FindingCode
  readonly role: Role
  readonly certainty: Certainty
  readonly severity: Severity
  readonly title: string
  readonly resources: readonly Resource[]
  /** Number of Dead backends that it explains. */
  readonly explains: number
  /** Number of healthy backends that contradict it. */
  readonly contradictedBy: number
  /** Set if the user expects the finding. It is a note until the acceptance ends. */
  readonly accepted?: Accepted
}

export interface ScanRow {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly vpcId: string | null
  readonly vips: readonly string[]
  readonly verdict: Verdict
  readonly attention?: Attention
  /** What requests meet. */
  readonly requests: Requests
  readonly headline: string
  /**
   * Set if the CLB decides nothing in a scan. `idle`: everything was read, and CLB probes no backend. `expected`: the
   * user expects everything that is wrong.
   */
  readonly nothingToCheck?: 'idle' | 'expected'
  /** Over all pools. */
  readonly counts: Counts & { readonly pools: number }
  /** Causes first, then contributors, risks, notes. */
  readonly findings: readonly ScanFinding[]
  /** Questions that the API cannot answer, for example why a backend is Dead. */
  readonly gaps: readonly Pick<Gap, 'what' | 'why'>[]
  /** Actions that could not be read for this CLB. The scan's own gaps say why. */
  readonly unread: readonly string[]
}

/** One change, and what it mends. */
export interface ScanFix extends Pick<Fix, 'kind' | 'summary' | 'verified' | 'widens'> {
  /** CIDRs of the probes' sources, if several CLBs share new rules. */
  readonly from?: readonly string[]
  /** The CLBs that it is for. */
  readonly loadBalancers: number
  /** Of these, the CLBs of which it brings every Dead backend back. */
  readonly recovers: number
}

/** What a finding is about: the deciding rule of a group or ACL, or the resources. Never the words. */
export const thingKey = ({ code, resources }: Pick<ScanCause, 'code' | 'resources'>): string =>
  [
    code,
    ...resources.map(({ type, id, ruleIndex = '', ruleId = '' }) => [type, id, ruleIndex, ruleId].join(':')),
  ].join(' ')

/** A cause that one CLB has, or several with the same deciding rule or resource. */
export interface ScanCause {
  readonly code: FindingCode
  readonly certainty: Certainty
  readonly title: string
  readonly quote?: string
  readonly resources: readonly Resource[]
  /** Ids, the worst first. */
  readonly loadBalancers: readonly string[]
  /** Dead backends that it explains. */
  readonly explains: number
  /** The changes that mend it, the one for the most CLBs first. */
  readonly fixes: readonly ScanFix[]
}

/** One thing that could not be read, with the number of CLBs that it affects. */
export interface ScanGap extends Omit<Gap, 'byHand'> {
  readonly action: string
  readonly errorCode: string
  readonly loadBalancers: number
}

export interface ScanRegion {
  readonly region: string
  /** `unsupported`: a region of the built-in list in which the platform has no CLB. */
  readonly state: 'read' | 'unread' | 'unsupported'
  readonly loadBalancers: number | null
  /** Why the region was not read, as a sentence. */
  readonly why?: string
}

/** A CLB that was found but not examined before the scan ended. */
export interface NotReached {
  readonly id: string
  readonly name: string
  readonly region: string
  /** Number of Dead backends at the first look. Null if that was not read. */
  readonly dead: number | null
}

/** `stopped`: nothing could be read. The headline says why. */
export type ScanEnd = 'complete' | 'interrupted' | 'out-of-time' | 'stopped'

export interface ScanCounts {
  readonly found: number
  readonly examined: number
  readonly down: number
  readonly degraded: number
  readonly inconclusive: number
  readonly healthy: number
  /** CLBs that decide nothing (`nothingToCheck` of their rows). They count under no verdict. */
  readonly nothingToCheck: number
  /** Healthy CLBs with a risk. */
  readonly atRisk: number
  /** CLBs that were listed and deleted before they were examined. Not counted in `found`. */
  readonly deleted: number
}

export interface Scan {
  readonly schemaVersion: 1
  /** Begins with `sc-`. */
  readonly id: string
  readonly createdAt: string
  readonly language: Language
  /** The zone of the times in texts, an IANA name. Left out: the zone of the language. */
  readonly timeZone?: string
  readonly trigger: { readonly source: 'cli' | 'timer' }
  /**
   * The worst of all CLBs that decide. `inconclusive` if something could not be read and no CLB is worse.
   */
  readonly verdict: Verdict
  readonly headline: string
  readonly ended: ScanEnd
  readonly regions: readonly ScanRegion[]
  readonly counts: ScanCounts
  /** The causes of the CLBs that decide, those of the most CLBs first. */
  readonly causes: readonly ScanCause[]
  /** The examined CLBs, worst first. */
  readonly loadBalancers: readonly ScanRow[]
  readonly notReached: readonly NotReached[]
  /** The gaps that affect the most CLBs first. */
  readonly gaps: readonly ScanGap[]
  readonly stats: { readonly apiCalls: number; readonly retries: number; readonly durationMs: number }
}
