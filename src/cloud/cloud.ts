import type { Action, RequestOf, ResponseOf } from './actions.ts'

export interface CallOptions {
  /** The region the action is asked in, e.g. `ap-guangzhou`. */
  readonly region: string
  /**
   * How many calls had to finish before this one could be asked, plus one. Collectors know what they waited for;
   * the session only keeps the maximum, which is what `stats.waves` reports.
   */
  readonly wave: number
}

/**
 * The Tencent Cloud API as one diagnosis sees it: reads only, rate-limited, retried, bounded by one deadline.
 * Every failure is a `CloudError`.
 */
export interface CloudSession {
  call<A extends Action>(action: A, request: RequestOf<A>, options: CallOptions): Promise<ResponseOf<A>>
  readonly cost: { readonly apiCalls: number; readonly retries: number; readonly waves: number }
}
