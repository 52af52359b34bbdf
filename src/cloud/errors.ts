import type { ActionName, FactProblem, ReadFailure } from '../model/fact.ts'

export type CloudProblem = FactProblem | 'credentials'

const RETRYABLE: ReadonlySet<CloudProblem> = new Set(['throttled', 'unavailable', 'malformed'])
const LONGEST_MESSAGE = 200

/** At most 200 characters, never half of one. */
export const shorten = (text: string): string => [...text].slice(0, LONGEST_MESSAGE).join('')

/** A call that gave no answer to use. The message holds the API's own words, shortened; never a credential. */
export class CloudError extends Error {
  override readonly name: string = 'CloudError'
  readonly problem: CloudProblem
  /** Also the CAM action to grant when the problem is `denied`. */
  readonly action: ActionName
  /** The API's code, e.g. `UnauthorizedOperation.CamNoAuth`, or ours for what happened below it, e.g. `Http502`. */
  readonly code: string
  /** Worth asking again. */
  readonly retryable: boolean

  constructor(
    problem: CloudProblem,
    action: ActionName,
    code: string,
    message: string,
    options?: ErrorOptions & { readonly retryable?: boolean },
  ) {
    super(shorten(message), options)
    this.problem = problem
    this.action = action
    this.code = code
    this.retryable = options?.retryable ?? RETRYABLE.has(problem)
  }
}

/** What about the credentials the API does not accept. */
export type CredentialsFault = 'unknown-id' | 'bad-signature' | 'clock-skew' | 'token' | 'other'

const FAULTS: readonly (readonly [RegExp, CredentialsFault])[] = [
  [/SecretId/, 'unknown-id'],
  [/SignatureExpire/, 'clock-skew'],
  [/Signature/, 'bad-signature'],
  [/Token/, 'token'],
]

/** The API does not accept who we are: no other call will fare better. */
export class CredentialsError extends CloudError {
  override readonly name = 'CredentialsError'
  readonly fault: CredentialsFault

  constructor(action: ActionName, code: string, message: string, options?: ErrorOptions) {
    super('credentials', action, code, message, options)
    this.fault = FAULTS.find(([pattern]) => pattern.test(code))?.[1] ?? 'other'
  }
}

/** The error as plain data for a Fact. */
export const readFailure = (error: CloudError): ReadFailure => ({
  problem: error.problem === 'credentials' ? 'rejected' : error.problem,
  action: error.action,
  code: error.code,
  message: error.message,
})
