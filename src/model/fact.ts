/** An API action as `service:Action`, which is also its CAM name, for example `vpc:DescribeNetworkAcls`. */
export type ActionName = `${string}:${string}`

export type FactProblem =
  | 'denied'
  | 'not-found'
  | 'throttled'
  | 'unavailable'
  | 'malformed'
  | 'deadline'
  | 'rejected'

/** Why a fact could not be read. Holds no secrets and no request data. */
export interface ReadFailure {
  readonly problem: FactProblem
  readonly action: ActionName
  /** The API's error code, for example `UnauthorizedOperation.CamNoAuth`, or a transport code. */
  readonly code: string
  readonly message: string
}

/** The result of reading one thing: its value, or a failure. `denied` means that CAM refused. */
export type Fact<T> =
  | { readonly state: 'ok'; readonly value: T }
  | { readonly state: 'denied'; readonly failure: ReadFailure }
  | { readonly state: 'failed'; readonly failure: ReadFailure }

export const ok = <T>(value: T): Fact<T> => ({ state: 'ok', value })

export const unread = (failure: ReadFailure): Fact<never> => ({
  state: failure.problem === 'denied' ? 'denied' : 'failed',
  failure,
})

/** Applies `change` to the value if there is one. */
export const mapped = <T, U>(fact: Fact<T>, change: (value: T) => U): Fact<U> =>
  fact.state === 'ok' ? ok(change(fact.value)) : fact

/** The value if it was read, else undefined. */
export const known = <T>(fact: Fact<T> | undefined): T | undefined =>
  fact?.state === 'ok' ? fact.value : undefined

/** The failures among these facts. An undefined fact was not requested and did not fail. */
export const failuresOf = (facts: readonly (Fact<unknown> | undefined)[]): readonly ReadFailure[] =>
  facts.flatMap((fact) => (fact && fact.state !== 'ok' ? fact.failure : []))
