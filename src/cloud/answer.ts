import type { Action } from './actions.ts'
import { CloudError, type CloudProblem, CredentialsError } from './errors.ts'
import { parseExactly } from './exact-json.ts'

/**
 * The problem by error code (platform facts H). The first match wins, because a denial and a throttle can also begin
 * with AuthFailure.
 */
const PROBLEMS: readonly (readonly [RegExp, CloudProblem])[] = [
  [/^(AuthFailure\.)?UnauthorizedOperation/, 'denied'],
  [/^(AuthFailure\.)?RequestLimitExceeded/, 'throttled'],
  [/^AuthFailure/, 'credentials'],
  // The code of tke for a cluster that does not exist (tke errors.go of the Go SDK). A retry does not help.
  [/^InternalError\.ClusterNotFound/, 'not-found'],
  [/^(InternalError|InternalServerError|ServiceUnavailable)/, 'unavailable'],
  // Includes InvalidInstanceId.Malformed: an id that cannot exist does not exist.
  [/^ResourceNotFound|^InvalidInstanceId|NotFound(\.|$)/, 'not-found'],
]

const WITH_LONG_INTEGERS: ReadonlySet<Action> = new Set(['cloudaudit:DescribeEvents'])

/**
 * The API sends its own errors with HTTP status 200. Any other status comes from a gateway.
 * @param clean removes secrets from a text, because an answer may echo the request
 * @throws CloudError for an error of the API and for an answer that is not the API's
 */
export function readAnswer(
  action: Action,
  { status, text }: { readonly status: number; readonly text: string },
  clean: (text: string) => string = (text) => text,
): unknown {
  if (status !== 200)
    throw new CloudError('unavailable', action, `Http${status}`, `HTTP ${status} in place of an answer`, {
      retryable: isPassing(status),
    })
  const response = field(parse(action, text), 'Response')
  if (response === null || response === undefined) throw malformed(action, 'NotJson')
  const error = field(response, 'Error')
  if (error) throw fromApi(action, field(error, 'Code'), field(error, 'Message'), clean)
  if (typeof field(response, 'RequestId') !== 'string') throw malformed(action, 'NoRequestId')
  return response
}

/** A status that may be gone on the next attempt. */
export const isPassing = (status: number): boolean => status >= 500 || status === 429

export const malformed = (action: Action, code: string): CloudError =>
  new CloudError('malformed', action, code, 'the answer is not what the API documents')

function parse(action: Action, body: string): unknown {
  try {
    return WITH_LONG_INTEGERS.has(action) ? parseExactly(body) : JSON.parse(body)
  } catch {
    // The parser's error quotes the text, which may contain a secret.
    throw malformed(action, 'NotJson')
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined

function fromApi(
  action: Action,
  code: unknown,
  message: unknown,
  clean: (text: string) => string,
): CloudError {
  const name = typeof code === 'string' ? clean(code) : ''
  if (!/^[\w.*-]{1,128}$/.test(name)) return malformed(action, 'NoErrorCode')
  const words = clean(String(message))
  const problem = PROBLEMS.find(([pattern]) => pattern.test(name))?.[1] ?? 'rejected'
  return problem === 'credentials'
    ? new CredentialsError(action, name, words)
    : new CloudError(problem, action, name, words)
}
