import type { Clock } from '../model/clock.ts'
import type { Log } from '../model/log.ts'
import type { Action, RequestOf, ResponseOf } from './actions.ts'
import type { CloudSession } from './cloud.ts'
import { CloudError, CredentialsError, classify } from './errors.ts'
import { createLimiter } from './rate.ts'
import { type Access, createTransport } from './transport.ts'

export interface CloudOptions extends Access {
  readonly ratePerSecond: number
  readonly clock: Clock
  /** 0 up to 1. */
  readonly random: () => number
  readonly log: Log
}

/** The API of one account. Connections and rate are shared by all its sessions. */
export interface Cloud {
  /** One diagnosis: its own counters and answers, ended by `signal`. */
  session(signal: AbortSignal): CloudSession
  close(): void
}

const ATTEMPTS = 4
const FIRST_BACKOFF_MS = 200
const LONGEST_BACKOFF_MS = 2_000
/** The platform counts calls per second. */
const THROTTLE_WINDOW_MS = 1_000

export function createCloud(options: CloudOptions): Cloud {
  const { clock, random, log } = options
  const transport = createTransport(options)
  const limit = createLimiter(options.ratePerSecond, clock)
  return {
    session: (signal) => createSession(signal),
    close: () => transport.close(),
  }

  function createSession(signal: AbortSignal): CloudSession {
    const cost = { apiCalls: 0, retries: 0, waves: 0 }
    const answers = new Map<string, Promise<unknown>>()
    let rejected: CredentialsError | null = null

    async function attempt<A extends Action>(action: A, request: RequestOf<A>, region: string) {
      if (rejected) throw rejected
      try {
        await limit(action, signal)
        cost.apiCalls += 1
        return await transport.send(action, request, region, signal)
      } catch (thrown) {
        const error = classify(thrown, action, signal.aborted)
        if (error instanceof CredentialsError) rejected = error
        throw error
      }
    }

    /** Reads only, so asking again is always safe. */
    async function persist<A extends Action>(action: A, request: RequestOf<A>, region: string) {
      for (let n = 1; ; n++) {
        try {
          return await attempt(action, request, region)
        } catch (error) {
          if (!(error instanceof CloudError) || !error.retryable || n === ATTEMPTS) throw error
          cost.retries += 1
          log.warn('API call is repeated', { action, code: error.code, attempt: n })
          await pause(error, n, action)
        }
      }
    }

    async function pause(error: CloudError, n: number, action: Action): Promise<void> {
      const most = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (n - 1))
      const base = error.problem === 'throttled' ? THROTTLE_WINDOW_MS : 0
      try {
        await clock.sleep(base + random() * most, signal)
      } catch (thrown) {
        throw classify(thrown, action, true)
      }
    }

    return {
      cost,
      call<A extends Action>(
        action: A,
        request: RequestOf<A>,
        { region, wave }: { readonly region: string; readonly wave: number },
      ): Promise<ResponseOf<A>> {
        cost.waves = Math.max(cost.waves, wave)
        const key = `${action} ${region} ${JSON.stringify(request)}`
        const known = answers.get(key)
        const answer = known ?? persist(action, request, region)
        answers.set(key, answer)
        return answer as Promise<ResponseOf<A>>
      },
    }
  }
}
