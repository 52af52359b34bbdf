import type { Action } from './actions.ts'
import { CloudError, type CloudProblem, CredentialsError } from './errors.ts'
import { parseExactly } from './exact-json.ts'

/** By the API's error code (platform facts H), first match wins: a denial and a throttle hide among AuthFailure. */
const PROBLEMS: readonly (readonly [RegExp, CloudProblem])[] = [
  [/^(AuthFailure\.)?UnauthorizedOperation/, 'denied'],
  [/^(AuthFailure\.)?RequestLimitExceeded/, 'throttled'],
  [/^AuthFailure/, 'credentials'],
  // tke says so for a cluster that does not exist (tke errors.go of the Go SDK): asking again does not help.
  [/^InternalError\.ClusterNotFound/, 'not-found'],
  [/^(InternalError|InternalServerError|ServiceUnavailable)/, 'unavailable'],
  // InvalidInstanceId.Malformed too: an id that cannot exist does not.
  [/^ResourceNotFound|^InvalidInstanceId|NotFound(\.|$)/, 'not-found'],
]

const WITH_LONG_INTEGERS: ReadonlySet<Action> = new Set(['cloudaudit:DescribeEvents'])

/**
 * The API answers its own errors with HTTP status 200; another status is a gateway's.
 * @param clean takes secrets out of a text: whoever answers may echo the request
 * @throws CloudError for an error of the API and for what is not an answer of the API
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

/** An HTTP status that another attempt may not meet. */
export const isPassing = (status: number): boolean => status >= 500 || status === 429

export const malformed = (action: Action, code: string): CloudError =>
  new CloudError('malformed', action, code, 'the answer is not what the API documents')

function parse(action: Action, body: string): unknown {
  try {
    return WITH_LONG_INTEGERS.has(action) ? parseExactly(body) : JSON.parse(body)
  } catch {
    // The parser's error quotes the text, which may be the start of a secret.
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
