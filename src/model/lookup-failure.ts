import type { ReadFailure } from './fact.ts'

/** Why there is nothing to diagnose. */
export type LookupFailure =
  | {
      readonly kind:
        | 'unknown-load-balancer'
        | 'ambiguous-vip'
        | 'no-region'
        | 'unknown-region'
        | 'not-named'
        | 'unknown-listener'
      /** What was searched for, e.g. `lb-7dpmqwcu`. */
      readonly searched: string
      readonly region: string | null
      /** What there is instead: CLBs that share the VIP, listeners of the CLB. */
      readonly candidates: readonly string[]
    }
  | {
      readonly kind: 'credentials'
      readonly code: string
      /** The variable to look at; null where the machine's clock is what is wrong. */
      readonly variable: string | null
      readonly region: string | null
    }
  | { readonly kind: 'unreadable'; readonly failure: ReadFailure; readonly region: string | null }
  /** Something in clb-doctor itself broke. */
  | { readonly kind: 'defect'; readonly detail: string; readonly region: string | null }
