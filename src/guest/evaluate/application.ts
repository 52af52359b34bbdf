import type { FindingCode } from '../../model/diagnosis.ts'
import type { GuestOutcome } from '../../model/guest.ts'
import type { AddressSet } from '../../rules/index.ts'
import type { GuestReason } from '../evaluation.ts'
import type { Listening, LocalRequest, RequestEnd } from '../facts.ts'
import { told } from './answers.ts'
import type { Arrival, Endpoint } from './arrivals.ts'
import { type End, endOf, endText, type Failure, requestText } from './ends.ts'
import { codesText, isExpected } from './expected.ts'
import type { Given } from './given.ts'
import { reasonOf } from './reasons.ts'
import { otherRequests, ownRequests, unanswered } from './requests.ts'
import { isWildcard, listenersOf, socketText } from './sockets.ts'
import { inDoubt, NOTHING, stoppedBy, type Verdicts } from './stops.ts'

// What the application answers to the check's own request. A check of TCP ends with the handshake.

export function application({ sources, endpoints, isForwarded }: Arrival, given: Given): Verdicts {
  const { check, machine } = given
  if (check.kind === 'tcp' || check.kind === 'udp' || check.kind === 'ping') return NOTHING
  const taking = isForwarded ? [] : endpoints.flatMap((to) => listenersOf(to, given).taking)
  const isAny = taking.length > 0 && taking.every((socket) => isWildcard(socket, machine.family))
  const requests = ownRequests(given, isAny)
  const found = requests.map((request) => endOf(request, given))
  const telling = found.findIndex((end) => end !== null)
  const [request, end] = [requests[telling], found[telling]]
  if (request === undefined || end === undefined || end === null)
    return isStopped(taking) ? stopped(sources, taking, given) : notAnswered(sources, endpoints, given)
  if (end.kind === 'any') return notCompared(sources, request, given)
  return end.kind === 'ok'
    ? NOTHING
    : stoppedBy(failing(sources, { request, end, taking, isOneOfSeveral: endpoints.length > 1 }, given))
}

/** Without a tool that speaks TLS: what came back to a ClientHello tells whether the port does. */
function notAnswered(sources: AddressSet, endpoints: readonly Endpoint[], given: Given): Verdicts {
  const { check } = given
  const greeting = otherRequests(given).find(
    ({ scheme, end }) => scheme === 'https' && end.kind === 'not-tls',
  )
  if (check.kind !== 'https' || greeting === undefined) return unread(sources, endpoints, given)
  return stoppedBy(
    reasonOf(given, {
      code: 'guest-http/tls-mismatch',
      stage: 'application',
      sources,
      outcome: 'wrong-answer',
      certainty: 'likely',
      decidedBy: `${requestText(check)}: an answer that is not TLS`,
      params: {
        request: requestText(check),
        end: greeting.end.kind,
        expected: codesText(check),
        timeout: check.timeoutSeconds,
        speaks: 'plain',
      },
      evidence: [{ fact: `${greeting.tool} ClientHello`, value: 'not TLS' }],
    }),
  )
}

/** Nobody told what a healthy answer is. */
function notCompared(sources: AddressSet, { end }: LocalRequest, { check }: Given): Verdicts {
  const decidedBy = `${requestText(check)}: ${endText(end, { kind: 'wrong', reason: 'status-mismatch' })}`
  return inDoubt({
    sources,
    stage: 'application',
    decidedBy,
    could: ['wrong-answer'],
    notSeen: [{ layer: 'request', why: 'not-understood', what: decidedBy }],
  })
}

function unread(sources: AddressSet, endpoints: readonly Endpoint[], given: Given): Verdicts {
  const { check } = given
  const [to] = endpoints
  const isMoved = to !== undefined && (to.port !== check.port || to.address !== check.ip)
  const what = `${requestText(check)}${check.host === null ? '' : ` (Host ${check.host})`}`
  return inDoubt({
    sources,
    stage: 'application',
    decidedBy: null,
    could: ['http-timeout', 'wrong-answer'],
    notSeen: unanswered(isMoved ? `${what} → ${to.address}:${to.port}` : what, given),
  })
}

/** Every process that has the socket is stopped: TCP opens, and nobody answers. */
const isStopped = (taking: readonly Listening[]): boolean =>
  taking.length > 0 && taking.every(({ processState }) => processState === 'T' || processState === 't')

/** Why nobody answers, if all processes that have the socket are stopped or wait inside the kernel. */
function statesOf(taking: readonly Listening[]): Pick<GuestReason, 'params' | 'evidence'> {
  const states = taking.map(({ processState }) => processState)
  const [state = null] = states
  if (state === null || states.some((one) => one === null || !STUCK.has(one)))
    return { params: {}, evidence: [] }
  const process = taking[0]?.process?.name
  const pids = [...new Set(taking.flatMap((one) => one.pids ?? one.process?.pid ?? []))].map(String)
  return {
    params: { state: state.toUpperCase(), pids, ...(process === undefined ? {} : { process }) },
    evidence: [{ fact: 'process-state', value: `${process ?? '?'} ${pids.join(' ')}: ${state}` }],
  }
}

/** Of /proc/PID/stat: stopped, traced, waiting inside the kernel, ended. */
const STUCK: ReadonlySet<string> = new Set(['T', 't', 'D', 'Z'])

function stopped(sources: AddressSet, taking: readonly Listening[], given: Given): Verdicts {
  const process = taking[0]?.process?.name
  const { params, evidence } = statesOf(taking)
  return stoppedBy(
    reasonOf(given, {
      code: 'guest-http/too-slow',
      stage: 'application',
      sources,
      outcome: 'http-timeout',
      certainty: 'likely',
      decidedBy: `${taking.map(socketText).join(', ')}: process ${process ?? '?'} is stopped (T)`,
      params: {
        end: 'answer-timeout',
        request: requestText(given.check),
        timeout: given.check.timeoutSeconds,
        ...params,
      },
      evidence,
    }),
  )
}

interface Failed {
  readonly request: LocalRequest
  readonly end: Failure
  readonly taking: readonly Listening[]
  readonly isOneOfSeveral: boolean
}

function failing(
  sources: AddressSet,
  { request, end, taking, isOneOfSeveral }: Failed,
  given: Given,
): GuestReason {
  const { check } = given
  const states = end.kind === 'slow' ? statesOf(taking) : { params: {}, evidence: [] }
  const { code, params, isOpen }: Mismatch =
    end.kind === 'slow' ? { code: 'too-slow', params: states.params } : mismatch(request, end.reason, given)
  const outcome: GuestOutcome = end.kind === 'slow' ? 'http-timeout' : 'wrong-answer'
  const text = endText(request.end, end)
  const isStuck = states.params.state === 'T' || states.params.state === 'Z'
  const isSlowAgain = end.kind === 'slow' && (isStuck || isSlowTwice(given))
  const { certainty, ...doubts } = told({ request, code, isSlowAgain, isOneOfSeveral }, given)
  return reasonOf(given, {
    code: `guest-http/${code}` as FindingCode,
    stage: 'application',
    sources,
    outcome: outcome,
    certainty: isOpen ? 'possible' : certainty,
    ...doubts,
    decidedBy: `${requestText(check)}: ${text}`,
    params: {
      request: requestText(check),
      end: request.end.kind,
      expected: codesText(check),
      timeout: check.timeoutSeconds,
      ...('status' in request.end && request.end.status !== null ? { status: request.end.status } : {}),
      ...(end.kind === 'slow' && end.seconds !== null ? { seconds: end.seconds } : {}),
      ...params,
    },
    evidence: [{ fact: `${request.tool} ${requestText(check)}`, value: text }, ...states.evidence],
  })
}

/** True if further requests in the check's own protocol were slow, too, and none was fast. */
function isSlowTwice(given: Given): boolean {
  const all = [...ownRequests(given, false), ...otherRequests(given)]
  const ends = all.filter(({ scheme }) => scheme === given.check.kind).map((one) => endOf(one, given))
  return ends.length > 1 && ends.every((end) => end?.kind === 'slow')
}

interface Mismatch {
  readonly code: string
  readonly params: GuestReason['params']
  /** True if a request that nobody sent would show whether the reason is another one. */
  readonly isOpen?: boolean
}

/** The more exact reason, where a request of another kind to the same port fares better. */
function mismatch(
  request: LocalRequest,
  reason: Extract<End, { kind: 'wrong' }>['reason'],
  given: Given,
): Mismatch {
  const { check } = given
  const others = otherRequests(given)
  const overTls = others.filter(({ scheme }) => scheme === 'https')
  if (check.kind === 'http' && overTls.some(({ end }) => SPEAKS_TLS.has(end.kind)))
    return isOfPlainHttp(request.end)
      ? { code: 'tls-mismatch', params: { speaks: 'tls' } }
      : { code: reason, params: {} }
  if (check.kind === 'https' && others.some(({ scheme, end }) => scheme === 'http' && isPlainAnswer(end)))
    return { code: 'tls-mismatch', params: { speaks: 'plain' } }
  if (reason === 'tls-mismatch') return { code: reason, params: { speaks: 'plain' } }
  if (request.end.kind === 'tls-error') return { code: reason, params: {} }
  const get = others.find(
    (other) =>
      other.scheme === check.kind &&
      other.method === 'GET' &&
      // The probe asks for the check's own path without saying so.
      (other.path === null || other.path === check.path) &&
      isAnswer(other.end) &&
      isExpected(other.end, check),
  )
  if (
    check.method.toUpperCase() === 'HEAD' &&
    get !== undefined &&
    'status' in get.end &&
    get.end.status !== null
  )
    return { code: 'head-not-supported', params: { get: get.end.status } }
  const isGetUnknown =
    check.method.toUpperCase() === 'HEAD' &&
    !others.some(({ scheme, method }) => scheme === check.kind && method === 'GET')
  if (isGetUnknown && isOfMethod(request.end)) return { code: 'head-not-supported', params: {}, isOpen: true }
  const isTlsUnknown = check.kind === 'http' && overTls.length === 0 && isOfPlainHttp(request.end)
  return { code: reason, params: {}, isOpen: isGetUnknown || isTlsUnknown }
}

/** Not allowed, not implemented: the method is what the server minds. */
const isOfMethod = (end: RequestEnd): boolean => isAnswer(end) && (end.status === 405 || end.status === 501)

const SPEAKS_TLS: ReadonlySet<RequestEnd['kind']> = new Set<RequestEnd['kind']>([
  'answer',
  'tls',
  'tls-error',
])

/** Servers of TLS, too, answer a plain request: nginx with 400 "plain HTTP request was sent to HTTPS port". */
const isPlainAnswer = (end: RequestEnd): boolean => isAnswer(end) && !isOfPlainHttp(end)

/** How a server that speaks TLS alone ends a plain request. */
const isOfPlainHttp = (end: RequestEnd): boolean =>
  end.kind === 'answer' ? end.status === 400 || end.status === 426 || end.status === 497 : true

const isAnswer = (end: RequestEnd): end is Extract<RequestEnd, { kind: 'answer' }> => end.kind === 'answer'
