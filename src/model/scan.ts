import type {
  Accepted,
  Certainty,
  Counts,
  FindingCode,
  Gap,
  Resource,
  Role,
  Severity,
  Verdict,
} from './diagnosis.ts'
import type { Language } from './language.ts'

// The TypeScript form of docs/scan.schema.json; a test holds the two together.

/** A finding of one CLB without what it takes to act on it: `clb-doctor diagnose` gives that. */
export interface ScanFinding {
  readonly code: FindingCode
  readonly role: Role
  readonly certainty: Certainty
  readonly severity: Severity
  readonly title: string
  readonly resources: readonly Resource[]
  /** Dead backends that it explains. */
  readonly explains: number
  /** Healthy backends that speak against it. */
  readonly contradictedBy: number
  /** Somebody expects it: it is a note until then. */
  readonly accepted?: Accepted
}

export interface ScanRow {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly vpcId: string | null
  readonly vips: readonly string[]
  readonly verdict: Verdict
  readonly headline: string
  /** Over all pools. */
  readonly counts: Counts & { readonly pools: number }
  /** Causes first, then contributors, risks, notes. */
  readonly findings: readonly ScanFinding[]
  /** What no fact of the API could tell, such as why a backend is Dead. */
  readonly gaps: readonly Pick<Gap, 'what' | 'why'>[]
  /** Actions that could not be read for this CLB; why, is in the scan's own gaps. */
  readonly unread: readonly string[]
}

/** One thing that could not be read, however many CLBs it leaves open. */
export interface ScanGap extends Omit<Gap, 'byHand'> {
  readonly action: string
  readonly errorCode: string
  readonly loadBalancers: number
}

export interface ScanRegion {
  readonly region: string
  /** `unsupported`: of the built-in list, and the platform has no CLB there. */
  readonly state: 'read' | 'unread' | 'unsupported'
  readonly loadBalancers: number | null
  /** Why it is not read, in a sentence. */
  readonly why?: string
}

/** A CLB that was found and not examined before the scan ended. */
export interface NotReached {
  readonly id: string
  readonly name: string
  readonly region: string
  /** Dead backends as far as the first look told; null where it did not. */
  readonly dead: number | null
}

/** `stopped`: nothing could be read at all, for the reason that the headline gives. */
export type ScanEnd = 'complete' | 'interrupted' | 'out-of-time' | 'stopped'

export interface ScanCounts {
  readonly found: number
  readonly examined: number
  readonly down: number
  readonly degraded: number
  readonly inconclusive: number
  readonly healthy: number
  /** Healthy ones with a risk. */
  readonly atRisk: number
  /** Not among those found: they were listed, and deleted before they were examined. */
  readonly deleted: number
}

export interface Scan {
  readonly schemaVersion: 1
  /** `sc-…` */
  readonly id: string
  readonly createdAt: string
  readonly language: Language
  readonly trigger: { readonly source: 'cli' | 'timer' }
  /** The worst of all; `inconclusive` where something could not be read and nothing is worse. */
  readonly verdict: Verdict
  readonly headline: string
  readonly ended: ScanEnd
  readonly regions: readonly ScanRegion[]
  readonly counts: ScanCounts
  /** Those that were examined, worst first. */
  readonly loadBalancers: readonly ScanRow[]
  readonly notReached: readonly NotReached[]
  /** Those that concern most CLBs first. */
  readonly gaps: readonly ScanGap[]
  readonly stats: { readonly apiCalls: number; readonly retries: number; readonly durationMs: number }
}
