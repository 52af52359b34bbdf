import type { ActionName, FactProblem, ReadFailure } from '../model/fact.ts'

export type CloudProblem = FactProblem | 'credentials'

const RETRYABLE: ReadonlySet<CloudProblem> = new Set(['throttled', 'unavailable', 'malformed'])
const LONGEST_MESSAGE = 200

/** Cuts at 200 characters, never within one. */
export const shorten = (text: string): string => [...text].slice(0, LONGEST_MESSAGE).join('')

/** A failed call. The message holds the API's own words, shortened, and never a credential. */
export class CloudError extends Error {
  override readonly name: string = 'CloudError'
  readonly problem: CloudProblem
  /** For `denied` this is also the CAM action to grant. */
  readonly action: ActionName
  /**
   * The API's code, for example `UnauthorizedOperation.CamNoAuth`, or our own for a network failure, for example
   * `Http502`.
   */
  readonly code: string
  /** True if a retry may help. */
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

  /** Each bundle of the build has a class of its own. An error of one is an error of all. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && (value.name === 'CloudError' || value.name === 'CredentialsError')
  }
}

/** Why the API rejects the credentials. */
export type CredentialsFault = 'unknown-id' | 'bad-signature' | 'clock-skew' | 'token' | 'other'

const FAULTS: readonly (readonly [RegExp, CredentialsFault])[] = [
  [/SecretId/, 'unknown-id'],
  [/SignatureExpire/, 'clock-skew'],
  [/Signature/, 'bad-signature'],
  [/Token/, 'token'],
]

/** The API rejects the credentials. Every other call would fail, too. */
export class CredentialsError extends CloudError {
  override readonly name = 'CredentialsError'
  readonly fault: CredentialsFault

  constructor(action: ActionName, code: string, message: string, options?: ErrorOptions) {
    super('credentials', action, code, message, options)
    this.fault = FAULTS.find(([pattern]) => pattern.test(code))?.[1] ?? 'other'
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'CredentialsError'
  }
}

/** The error as plain data for a Fact. */
export const readFailure = (error: CloudError): ReadFailure => ({
  problem: error.problem === 'credentials' ? 'rejected' : error.problem,
  action: error.action,
  code: error.code,
  message: error.message,
})
