import type { ActionName } from '../model/fact.ts'
import { CloudError, type CloudProblem, CredentialsError } from './errors.ts'

/** By the API's error code (platform facts H), first match wins: a denial and a throttle hide among AuthFailure. */
const PROBLEMS: readonly (readonly [RegExp, CloudProblem])[] = [
  [/^(AuthFailure\.)?UnauthorizedOperation/, 'denied'],
  [/^(AuthFailure\.)?RequestLimitExceeded/, 'throttled'],
  [/^AuthFailure/, 'credentials'],
  // So tke says that there is no such cluster (tke errors.go of the Go SDK): asking again does not help.
  [/^InternalError\.ClusterNotFound/, 'not-found'],
  [/^(InternalError|InternalServerError|ServiceUnavailable)/, 'unavailable'],
  // InvalidInstanceId.Malformed too: an id that cannot exist does not.
  [/^ResourceNotFound|^InvalidInstanceId|NotFound(\.|$)/, 'not-found'],
]

/**
 * What one attempt threw, told apart. The SDK has one class for an error of the API (own `code`), for a status other
 * than 200 (`httpCode`) and for a failed connection (neither); a bad body comes as node-fetch's error or as a
 * TypeError (platform facts H).
 * @returns a CloudError; what is none of these is a programming error and comes back as it is
 */
export function classify(thrown: unknown, action: ActionName, aborted: boolean): unknown {
  if (thrown instanceof CloudError) return thrown
  const error = thrown instanceof Error ? thrown : null
  const cause = { cause: thrown }
  // An answer counts, even when it came together with the deadline.
  if (error && isSdkError(error) && 'code' in error) return fromApi(error.code, error.message, action, cause)
  if (aborted)
    return new CloudError('deadline', action, 'Deadline', 'not answered within the time allowed', cause)
  if (!error) return thrown
  if (isSdkError(error) && 'httpCode' in error) return fromStatus(Number(error.httpCode), action, cause)
  if (isUnreadable(error)) return new CloudError('malformed', action, 'NotJson', NOT_THE_API, cause)
  if (/Parse Error/.test(error.message))
    return new CloudError('malformed', action, 'NotHttp', NOT_THE_API, cause)
  if (!isSdkError(error) && error.name !== 'FetchError') return thrown
  const reason = error.message.replace(/^.*?reason: |^.*?trying to fetch /s, '')
  return new CloudError(
    'unavailable',
    action,
    networkCode(error.message),
    `no answer from the API: ${reason}`,
    cause,
  )
}

const NOT_THE_API = 'the answer is not what the API documents'

const isSdkError = (error: Error): boolean => 'traceId' in error

/** A body that is not JSON, or JSON without `Response`. */
const isUnreadable = (error: Error): boolean =>
  ('type' in error && error.type === 'invalid-json') ||
  (error instanceof TypeError && /reading '(Response|Error)'/.test(error.message))

function fromApi(code: unknown, message: string, action: ActionName, cause: ErrorOptions): CloudError {
  if (typeof code !== 'string' || !/^[\w.*-]{1,128}$/.test(code))
    return new CloudError('malformed', action, 'NoErrorCode', NOT_THE_API, cause)
  const problem = PROBLEMS.find(([pattern]) => pattern.test(code))?.[1] ?? 'rejected'
  return problem === 'credentials'
    ? new CredentialsError(action, code, message, cause)
    : new CloudError(problem, action, code, message, cause)
}

/** The API answers its own errors with 200: another status is a gateway's or a proxy's. */
function fromStatus(status: number, action: ActionName, cause: ErrorOptions): CloudError {
  const retryable = status >= 500 || status === 429
  return new CloudError('unavailable', action, `Http${status}`, `HTTP ${status} in place of an answer`, {
    ...cause,
    retryable,
  })
}

/** `ECONNREFUSED` and the like, out of the text: the SDK keeps nothing else. */
function networkCode(message: string): string {
  if (/time-?out/i.test(message)) return 'Timeout'
  if (/socket hang up|Premature close/.test(message)) return 'ECONNRESET'
  if (/certificate|altnames|\bSSL\b|\bTLS\b/i.test(message)) return 'Tls'
  return /\bE[A-Z_]{3,}\b/.exec(message)?.[0] ?? 'Network'
}
