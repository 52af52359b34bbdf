import { setMaxListeners } from 'node:events'
import http from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { respond, SIMULATED_ACTIONS } from './actions.ts'
import { type Answer, ApiError } from './api.ts'
import { type Calls, createCallLog } from './calls.ts'
import { createFaults, type Fault, type Faults, isRaw, misbehave } from './faults.ts'
import { bodyOf, closeAtOnce, listenOnLoopback } from './listen.ts'
import { isAllowed } from './policy.ts'
import { hostOf, verify } from './tc3.ts'
import type { World } from './world.ts'

export interface Simulator {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  readonly credentials: { readonly secretId: string; readonly secretKey: string }
  readonly calls: Calls
  /** `set` throws `RangeError` for an action that is not simulated, so that a misspelt fault fails. */
  readonly faults: Pick<Faults, 'set' | 'clear'>
  close(): Promise<void>
}

export interface SimulatorOptions {
  /** A free one by default. */
  readonly port?: number
  /** Before every answer. */
  readonly latencyMs?: number
  /** Milliseconds since 1970: the clock for signatures and the rate limit. */
  readonly now?: () => number
  /** Per action; by default the documented rate, mostly 20 (platform facts J). */
  readonly requestsPerSecond?: number
}

/** Documented limits other than 20 (215/15804). */
const DOCUMENTED: Readonly<Record<string, number>> = { 'vpc:DescribeSecurityGroupPolicies': 100 }

const CREDENTIALS = {
  secretId: 'AKIDsimulated0000000000000000000000',
  secretKey: 'simulated-secret-key',
} as const

/** Long numbers with all their digits, as the API writes them. */
const inFull = (answer: object): string =>
  JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? `\u0000${value}` : value)).replace(
    /"\\u0000(\d+)"/g,
    '$1',
  )

/**
 * API 3.0 over one world, on a loopback port: signed requests in, documented answers out. The world is read again for
 * every call, so a test's change shows at once.
 */
export async function startSimulator(world: World, options: SimulatorOptions = {}): Promise<Simulator> {
  const now = options.now ?? Date.now
  const limitOf = (action: string): number => options.requestsPerSecond ?? DOCUMENTED[action] ?? 20
  const faults = createFaults()
  const calls = createCallLog()
  const closing = new AbortController()
  // Every delayed answer listens to this signal.
  setMaxListeners(0, closing.signal)
  let answers = 0

  const server = http.createServer((req, res) => {
    handle(req, res).catch((error: unknown) => {
      // A client that has gone away, or a simulator that is closing: there is nobody to answer.
      res.destroy(error instanceof Error ? error : undefined)
    })
  })
  const wait = (ms: number): Promise<void> => delay(ms, undefined, { signal: closing.signal })

  async function handle(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    const body = await bodyOf(req)
    const headers = req.headers as Record<string, string | undefined>
    const action = `${hostOf(headers).split('.')[0]}:${headers['x-tc-action'] ?? ''}`
    const region = headers['x-tc-region'] ?? null
    const call = calls.begin({ action, region, body, at: now() })
    if (options.latencyMs) await wait(options.latencyMs)
    const fault = faults.take(action)
    if (fault?.kind === 'slow') await wait(fault.ms)
    if (fault && isRaw(fault)) {
      call.end(fault.kind)
      return misbehave(fault, res)
    }

    const judge = (): Answer => {
      if (req.method !== 'POST' || req.url !== '/')
        throw new ApiError('UnsupportedProtocol', 'only POST / is simulated')
      const refused = verify({ headers, body }, CREDENTIALS, now())
      if (refused) throw new ApiError(refused.code, refused.message)
      if (!isAllowed(action))
        throw new ApiError(
          'UnauthorizedOperation.CamNoAuth',
          `you are not authorized to perform operation (${action})`,
        )
      if (fault?.kind === 'error') throw new ApiError(fault.code, fault.message ?? 'told to fail')
      if (call.recent >= limitOf(action))
        throw new ApiError(
          'RequestLimitExceeded',
          `more than ${limitOf(action)} requests a second for ${action}`,
        )
      return respond(world, { action, region, version: headers['x-tc-version'], body })
    }
    let answer: Answer
    try {
      answer = judge()
      if (fault?.kind === 'changed') {
        answer = structuredClone(answer)
        fault.change(answer)
      }
      call.end(null)
    } catch (error) {
      const { code, message } =
        error instanceof ApiError ? error : new ApiError('InternalError', String(error), { cause: error })
      call.end(code)
      answer = { Error: { Code: code, Message: message } }
    }
    answers += 1
    const RequestId = `00000000-0000-4000-8000-${String(answers).padStart(12, '0')}`
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end(inFull({ Response: { ...answer, RequestId } }))
  }

  const port = await listenOnLoopback(server, options.port ?? 0)
  const { begin: _, ...shown } = calls
  return {
    origin: `http://127.0.0.1:${port}`,
    credentials: CREDENTIALS,
    faults: {
      set(action: string, fault: Fault) {
        if (action !== '*' && !SIMULATED_ACTIONS.includes(action))
          throw new RangeError(`no simulated action ${action}: write service:Action, or *`)
        faults.set(action, fault)
      },
      clear: faults.clear,
    },
    calls: shown,
    close() {
      closing.abort()
      return closeAtOnce(server)
    },
  }
}
