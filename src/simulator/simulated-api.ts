import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { respond, SIMULATED_ACTIONS } from './actions.ts'
import { type Answer, ApiError } from './api.ts'
import { type Calls, createCallLog } from './calls.ts'
import { createFaults, type Fault, type Faults, isRaw, type RawFault } from './faults.ts'
import { isGranted } from './policy.ts'
import type { World } from './world.ts'

export interface ApiOptions {
  /** The delay of every answer. */
  readonly latencyMs?: number
  /** Answers wait until no further call arrives, so that all calls of a wave arrive before its first answer. */
  readonly wholeWaves?: boolean
  /** Milliseconds since 1970: the clock for signatures and for the rate limit. */
  readonly now?: () => number
  /** For each action. If left out, its documented limit, which is mostly 20 (platform facts J). */
  readonly requestsPerSecond?: number
}

export interface ApiRequest {
  /** `service:Action`. */
  readonly action: string
  readonly region: string | null
  readonly version: string | undefined
  /** The JSON text of the request. */
  readonly body: string
  /** If the caller has already refused the request, e.g. for a bad signature: the error. Null otherwise. */
  readonly refusal: ApiError | null
}

/** The JSON text of an answer with HTTP status 200. Or a fault below the API, which the caller has to perform. */
export type Reply = { readonly kind: 'answer'; readonly text: string } | RawFault

/** API 3.0 for one world, without HTTP: server.ts and the tests bring the requests. */
export interface SimulatedApi {
  readonly calls: Calls
  /** `set` throws `RangeError` for an action that is not simulated, because its fault would never happen. */
  readonly faults: Pick<Faults, 'set' | 'clear'>
  /** Rejects only if `signal` aborts or `close` is called during the delay. */
  answer(request: ApiRequest, signal?: AbortSignal): Promise<Reply>
  /** Ends all delays. */
  close(): void
}

/** A wave is whole when no call has arrived during so many pauses. More than one, because a busy process may miss one. */
const PAUSES = 3
const PAUSE_MS = 25
const HELD_AT_MOST_MS = 60_000

/** Rate limits other than 20, from the documentation of each action. */
const DOCUMENTED: Readonly<Record<string, number>> = {
  'vpc:DescribeSecurityGroupPolicies': 100,
  'vpc:CheckNetDetectState': 50,
  'tat:DescribeAutomationAgentStatus': 60,
}

/** JSON with bigints written as numbers, as the API does. */
const inFull = (answer: object): string =>
  JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? `\u0000${value}` : value)).replace(
    /"\\u0000(\d+)"/g,
    '$1',
  )

/** Creates the API. It reads the world again for every call, so a change by a test shows at once. */
export function createSimulatedApi(world: World, options: ApiOptions = {}): SimulatedApi {
  const now = options.now ?? Date.now
  const limitOf = (action: string): number => options.requestsPerSecond ?? DOCUMENTED[action] ?? 20
  const faults = createFaults()
  const { begin, ...calls } = createCallLog()
  const closing = new AbortController()
  // Every delayed answer adds a listener to this signal, so Node must not warn about their number.
  setMaxListeners(0, closing.signal)
  let answers = 0

  const wait = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
    delay(ms, undefined, { signal: signal ? AbortSignal.any([signal, closing.signal]) : closing.signal })

  let whole: Promise<void> | null = null

  /** Resolves for all calls of the wave at once. */
  async function wholeWave(): Promise<void> {
    let seen = 0
    let quiet = 0
    while (quiet < PAUSES) {
      await wait(PAUSE_MS, undefined)
      quiet = seen === calls.total() ? quiet + 1 : 0
      seen = calls.total()
    }
    whole = null
  }

  function respondTo({ refusal, ...question }: ApiRequest, recent: number, fault: Fault | null): Answer {
    const { action } = question
    if (refusal) throw refusal
    if (!isGranted(action, world))
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
      if (options.wholeWaves) {
        whole ??= wholeWave()
        await whole
      }
      const fault = faults.take(action)
      if (fault?.kind === 'slow') await wait(fault.ms, signal)
      if (fault?.kind === 'held') await Promise.race([fault.until, wait(HELD_AT_MOST_MS, signal)])
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
