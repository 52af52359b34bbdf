import type { ActionName, FactProblem, ReadFailure } from '../model/fact.ts'

export type CloudProblem = FactProblem | 'credentials'

/** A call that gave no answer to use. The message holds the API's own words, shortened; never a credential. */
export class CloudError extends Error {
  override readonly name: string = 'CloudError'
  readonly problem: CloudProblem
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
    super(message.slice(0, LONGEST_MESSAGE), options)
    this.problem = problem
    this.action = action
    this.code = code
    this.retryable = options?.retryable ?? RETRYABLE.has(problem)
  }
}

/** The API does not accept who we are: no other call will fare better. */
export class CredentialsError extends CloudError {
  override readonly name = 'CredentialsError'

  constructor(action: ActionName, code: string, message: string, options?: ErrorOptions) {
    super('credentials', action, code, message, options)
  }
}

const LONGEST_MESSAGE = 200
const RETRYABLE: ReadonlySet<CloudProblem> = new Set(['throttled', 'unavailable', 'malformed'])

export const readFailure = (error: CloudError): ReadFailure => ({
  problem: error.problem === 'credentials' ? 'rejected' : error.problem,
  action: error.action,
  code: error.code,
  message: error.message,
})

/** By the API's error code (platform facts H): longest known prefix first. */
const PREFIXES: readonly (readonly [RegExp, CloudProblem])[] = [
  [/^AuthFailure\.UnauthorizedOperation/, 'denied'],
  [/^(AuthFailure\.)?RequestLimitExceeded/, 'throttled'],
  [/^AuthFailure/, 'credentials'],
  [/^UnauthorizedOperation/, 'denied'],
  [/^(InternalError|InternalServerError|ServiceUnavailable)/, 'unavailable'],
  [/^ResourceNotFound|NotFound$|NotFound\.|^InvalidParameter\.LBIdNotFound|^InvalidInstanceId/, 'not-found'],
]

/** What the SDK throws, told apart: it has one class for most of it, with or without `code` and `httpCode`. */
export function classify(thrown: unknown, action: ActionName, aborted: boolean): CloudError {
  if (thrown instanceof CloudError) return thrown
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const options = { cause: error }
  if (aborted || error.name === 'AbortError')
    return new CloudError('deadline', action, 'Deadline', 'not answered within the time allowed', options)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const status = 'httpCode' in error && typeof error.httpCode === 'number' ? error.httpCode : 0
  if (status > 0) {
    const retryable = status >= 500 || status === 429
    return new CloudError('unavailable', action, `Http${status}`, `HTTP ${status}`, { ...options, retryable })
  }
  // A body that is not JSON is a FetchError with a `type`; JSON without `Response` is a TypeError.
  const type = 'type' in error && typeof error.type === 'string' ? error.type : ''
  if (error instanceof TypeError || error instanceof SyntaxError || type === 'invalid-json')
    return new CloudError('malformed', action, 'NotJson', 'the answer is not what the API documents', options)
  if (code === '' || type !== '')
    return new CloudError('unavailable', action, networkCode(error), 'no answer from the API', options)
  const problem = PREFIXES.find(([pattern]) => pattern.test(code))?.[1] ?? 'rejected'
  return problem === 'credentials'
    ? new CredentialsError(action, code, error.message, options)
    : new CloudError(problem, action, code, error.message, options)
}

/** `ECONNREFUSED` and the like out of a message such as `request to … failed, reason: connect ECONNREFUSED …`. */
const networkCode = ({ message }: Error): string =>
  /\bE[A-Z]{3,}\b/.exec(message)?.[0] ?? (/time-?out/i.test(message) ? 'Timeout' : 'Network')
