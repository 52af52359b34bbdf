import type { Fact } from '../model/fact.ts'
import type { Action, RequestOf, ResponseOf } from './actions.ts'
import type { CloudProblem } from './errors.ts'

// The interface of a session with the API, for the code that reads with it.

/** A turn that the rate limiter has already granted. The first request that carries it does not wait. */
export interface Ticket {
  spent: boolean
}

export interface CallOptions {
  /** The region of the call, for example `ap-guangzhou`. */
  readonly region: string
  /**
   * The length of the longest chain of calls that ends with this one. Collectors set it. The session keeps the maximum,
   * which becomes `stats.waves`.
   */
  readonly wave: number
  readonly ticket?: Ticket | null
  /** Ask, although the same was asked before: what is read changes by itself. */
  readonly isFresh?: true
}

/** Things of one kind that are read by id. */
export interface Kind {
  readonly action: Action
  /** The most ids that one call takes. */
  readonly size: number
  /** How many facts a session over many CLBs keeps. The least recently used are dropped. */
  readonly keep: number
  /** Problems with one id that fail a whole call. Default: `not-found`. */
  readonly halvesOn?: ReadonlySet<CloudProblem>
}

export interface Reading {
  readonly kind: Kind
  readonly ids: readonly string[]
  readonly where: CallOptions
  /** Distinguishes things with equal ids, for example by the VPC of an address. */
  readonly within?: string
}

/** Makes one call for these ids and returns a lookup by id. Equal readings must come with equal fetches. */
export type Fetch<T> = (ids: readonly string[], where: CallOptions) => Promise<(id: string) => T>

export interface Facts {
  /**
   * The fact of each id. Each id is read once, however often it is requested. Ids that come while a call waits for its
   * turn join that call if it has room.
   * @throws CredentialsError, and whatever `fetch` throws that is not a CloudError
   */
  read<T>(reading: Reading, fetch: Fetch<T>): Promise<ReadonlyMap<string, Fact<T>>>
}

/**
 * The Tencent Cloud API for one diagnosis. All actions but those with a grant of their own (model/actions) are reads. Calls are rate-limited, retried, and bounded by one deadline.
 * Every failure is a `CloudError`.
 */
export interface CloudSession {
  call<A extends Action>(action: A, request: RequestOf<A>, options: CallOptions): Promise<ResponseOf<A>>
  /** Things that are read by id, many per call. */
  readonly facts: Facts
  readonly cost: { readonly apiCalls: number; readonly retries: number; readonly waves: number }
}
