/** An API action, `service:Action`, which is also its CAM name, e.g. `vpc:DescribeNetworkAcls`. */
export type ActionName = `${string}:${string}`

export type FactProblem =
  | 'denied'
  | 'not-found'
  | 'throttled'
  | 'unavailable'
  | 'malformed'
  | 'deadline'
  | 'rejected'

/** Why a fact could not be read. Holds no secret and no request data. */
export interface ReadFailure {
  readonly problem: FactProblem
  readonly action: ActionName
  /** The API's error code, e.g. `UnauthorizedOperation.CamNoAuth`, or a transport code. */
  readonly code: string
  readonly message: string
}

/** What is known about one thing: read, refused by CAM, or not readable for another reason. */
export type Fact<T> =
  | { readonly state: 'ok'; readonly value: T }
  | { readonly state: 'denied'; readonly failure: ReadFailure }
  | { readonly state: 'failed'; readonly failure: ReadFailure }

export const ok = <T>(value: T): Fact<T> => ({ state: 'ok', value })

export const unread = (failure: ReadFailure): Fact<never> => ({
  state: failure.problem === 'denied' ? 'denied' : 'failed',
  failure,
})

/** The same fact about what `change` makes of the value. */
export const mapped = <T, U>(fact: Fact<T>, change: (value: T) => U): Fact<U> =>
  fact.state === 'ok' ? ok(change(fact.value)) : fact

/** The value where it was read, else `undefined`. */
export const known = <T>(fact: Fact<T> | undefined): T | undefined =>
  fact?.state === 'ok' ? fact.value : undefined

/** Why those were not read that were asked for and failed. */
export const failuresOf = (facts: readonly (Fact<unknown> | undefined)[]): readonly ReadFailure[] =>
  facts.flatMap((fact) => (fact && fact.state !== 'ok' ? fact.failure : []))
