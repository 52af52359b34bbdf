import type { Action, RequestOf, ResponseOf } from './actions.ts'
import type { Facts } from './facts.ts'

/** A turn that was waited for already: the first request sent with it waits for none of its own. */
export interface Ticket {
  spent: boolean
}

export interface CallOptions {
  /** The region the action is asked in, e.g. `ap-guangzhou`. */
  readonly region: string
  /**
   * How many calls had to finish before this one could be asked, plus one. Collectors know what they waited for;
   * the session only keeps the maximum, which is what `stats.waves` reports.
   */
  readonly wave: number
  readonly ticket?: Ticket | null
}

/**
 * The Tencent Cloud API as one diagnosis sees it: reads only, rate-limited, retried, bounded by one deadline.
 * Every failure is a `CloudError`.
 */
export interface CloudSession {
  call<A extends Action>(action: A, request: RequestOf<A>, options: CallOptions): Promise<ResponseOf<A>>
  /** Things that are read by id, many a call. */
  readonly facts: Facts
  readonly cost: { readonly apiCalls: number; readonly retries: number; readonly waves: number }
}
