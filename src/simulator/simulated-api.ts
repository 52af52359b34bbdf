import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { respond, SIMULATED_ACTIONS } from './actions.ts'
import { type Answer, ApiError } from './api.ts'
import { type Calls, createCallLog } from './calls.ts'
import { createFaults, type Fault, type Faults, isRaw, type RawFault } from './faults.ts'
import { isAllowed } from './policy.ts'
import type { World } from './world.ts'

export interface ApiOptions {
  /** Before every answer. */
  readonly latencyMs?: number
  /** Milliseconds since 1970: the clock for signatures and for the rate limit. */
  readonly now?: () => number
  /** Per action; by default what the action documents, which is mostly 20 (platform facts J). */
  readonly requestsPerSecond?: number
}

export interface ApiRequest {
  /** `service:Action`. */
  readonly action: string
  readonly region: string | null
  readonly version: string | undefined
  /** The JSON text. */
  readonly body: string
  /** Why whoever carried the request refuses it, e.g. a bad signature; null for a good one. */
  readonly refusal: ApiError | null
}

/** The JSON text of an answer, with HTTP status 200; or a fault below the API, which the carrier acts out. */
export type Reply = { readonly kind: 'answer'; readonly text: string } | RawFault

/** API 3.0 over one world, whatever carries its requests. */
export interface SimulatedApi {
  readonly calls: Calls
  /** `set` throws `RangeError` for an action that is not simulated: the fault would never show. */
  readonly faults: Pick<Faults, 'set' | 'clear'>
  /** Rejects only if `signal` ends the wait, or `close`. */
  answer(request: ApiRequest, signal?: AbortSignal): Promise<Reply>
  /** Ends every wait. */
  close(): void
}

/** Actions whose page gives another limit than 20 (215/15804). */
const DOCUMENTED: Readonly<Record<string, number>> = { 'vpc:DescribeSecurityGroupPolicies': 100 }

/** Long numbers with all their digits, as the API writes them. */
const inFull = (answer: object): string =>
  JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? `\u0000${value}` : value)).replace(
    /"\\u0000(\d+)"/g,
    '$1',
  )

/** The world is read again for every call, so a test's change shows at once. */
export function createSimulatedApi(world: World, options: ApiOptions = {}): SimulatedApi {
  const now = options.now ?? Date.now
  const limitOf = (action: string): number => options.requestsPerSecond ?? DOCUMENTED[action] ?? 20
  const faults = createFaults()
  const { begin, ...calls } = createCallLog()
  const closing = new AbortController()
  // Every delayed answer listens to this signal.
  setMaxListeners(0, closing.signal)
  let answers = 0

  const wait = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
    delay(ms, undefined, { signal: signal ? AbortSignal.any([signal, closing.signal]) : closing.signal })

  function respondTo({ refusal, ...question }: ApiRequest, recent: number, fault: Fault | null): Answer {
    const { action } = question
    if (refusal) throw refusal
    if (!isAllowed(action))
      throw new ApiError(
        'UnauthorizedOperation.CamNoAuth',
        `you are not authorized to perform operation (${action})`,
      )
    if (fault?.kind === 'error') throw new ApiError(fault.code, fault.message ?? 'told to fail')
    if (recent >= limitOf(action))
      throw new ApiError(
        'RequestLimitExceeded',
        `more than ${limitOf(action)} requests a second for ${action}`,
      )
    const answer = respond(world, question)
    if (fault?.kind !== 'changed') return answer
    const changed = structuredClone(answer)
    fault.change(changed)
    return changed
  }

  return {
    calls,
    faults: {
      set(action, fault) {
        if (action !== '*' && !Object.hasOwn(SIMULATED_ACTIONS, action))
          throw new RangeError(`no simulated action ${action}: write service:Action, or *`)
        faults.set(action, fault)
      },
      clear: faults.clear,
    },
    async answer(request, signal) {
      const { action, region, body } = request
      const call = begin({ action, region, body, at: now() })
      if (options.latencyMs) await wait(options.latencyMs, signal)
      const fault = faults.take(action)
      if (fault?.kind === 'slow') await wait(fault.ms, signal)
      if (fault && isRaw(fault)) {
        call.end(fault.kind)
        return fault
      }
      let answer: Answer
      try {
        answer = respondTo(request, call.recent, fault)
        call.end(null)
      } catch (error) {
        const { code, message } =
          error instanceof ApiError ? error : new ApiError('InternalError', String(error), { cause: error })
        call.end(code)
        answer = { Error: { Code: code, Message: message } }
      }
      answers += 1
      const RequestId = `00000000-0000-4000-8000-${String(answers).padStart(12, '0')}`
      return { kind: 'answer', text: inFull({ Response: { ...answer, RequestId } }) }
    },
    close: () => closing.abort(),
  }
}
