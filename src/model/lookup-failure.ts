import type { ReadFailure } from './fact.ts'

/** Why a CLB could not be looked up. */
export type LookupFailure =
  | {
      readonly kind:
        | 'unknown-load-balancer'
        | 'unknown-domain'
        | 'ambiguous-vip'
        | 'no-region'
        | 'unknown-region'
        | 'not-named'
        | 'unknown-listener'
      /** What was searched for, for example `lb-7dpmqwcu`. */
      readonly searched: string
      readonly region: string | null
      /** Who asks named the region, so that no setting changes it. */
      readonly isRegionNamed?: boolean
      /** The candidates: CLBs that share the VIP, domain or name, or the listeners of the CLB. */
      readonly candidates: readonly string[]
    }
  | {
      readonly kind: 'credentials'
      readonly code: string
      /** The variable to check. Null if the machine's clock is wrong. */
      readonly variable: string | null
      readonly region: string | null
    }
  | { readonly kind: 'unreadable'; readonly failure: ReadFailure; readonly region: string | null }
  /** A bug in clb-doctor itself. */
  | { readonly kind: 'defect'; readonly detail: string; readonly region: string | null }
