import type { Fact } from '../model/fact.ts'
import type { Action, RequestOf, ResponseOf } from './actions.ts'
import type { CloudProblem } from './errors.ts'

// What a session over the API is to those who read with it.

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

/** Things of one kind that are read by id. */
export interface Kind {
  readonly action: Action
  /** Ids that one call takes. */
  readonly size: number
  /** How many facts a session over many CLBs keeps for the next that asks; the least recently asked for give way. */
  readonly keep: number
  /** Problems with one id that fail a whole call; `not-found` when left out. */
  readonly blamed?: ReadonlySet<CloudProblem>
}

export interface Reading {
  readonly kind: Kind
  readonly ids: readonly string[]
  readonly where: CallOptions
  /** What else tells two things with the same id apart, e.g. the VPC of an address. */
  readonly within?: string
}

/** One call for these ids; answers what each of them is. Equal readings must come with equal fetches. */
export type Fetch<T> = (ids: readonly string[], where: CallOptions) => Promise<(id: string) => T>

export interface Facts {
  /**
   * The fact of each id, asked for once however many ask. Ids that come while a call waits for its turn go with it, up
   * to as many as a call takes.
   * @throws CredentialsError, and whatever `fetch` throws that is no CloudError
   */
  read<T>(reading: Reading, fetch: Fetch<T>): Promise<ReadonlyMap<string, Fact<T>>>
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
