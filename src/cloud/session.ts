import { setMaxListeners } from 'node:events'
import type { Clock } from '../model/clock.ts'
import type { Log } from '../model/log.ts'
import type { Action, RequestOf, ResponseOf } from './actions.ts'
import { classify } from './classify.ts'
import type { CloudSession } from './cloud.ts'
import { CredentialsError } from './errors.ts'
import { createLimiter } from './rate.ts'
import { withRetry } from './retry.ts'
import { type Access, createTransport } from './transport.ts'

export interface CloudOptions extends Access {
  /** Requests per second and action; any positive number. */
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
  /** Ends the kept-alive connections. */
  close(): void
}

/** The SDK sends a bigint as the number that it is; JSON has no word for it. */
const inDigits = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value)

/** A frozen function's connections die unseen, and a request on such a one hangs until it times out. */
const LONGEST_IDLE_MS = 15_000

export function createCloud(options: CloudOptions): Cloud {
  const { clock, random, log } = options
  const transport = createTransport(options)
  const limit = createLimiter(options.ratePerSecond, clock)
  let lastUsed = clock.now()
  return {
    session(signal) {
      if (Math.abs(clock.now() - lastUsed) > LONGEST_IDLE_MS) transport.dropIdle()
      return createSession(signal)
    },
    close: () => transport.close(),
  }

  function createSession(signal: AbortSignal): CloudSession {
    // Every request in flight listens to it: many are no leak.
    setMaxListeners(0, signal)
    const cost = { apiCalls: 0, retries: 0, waves: 0 }
    const answers = new Map<string, Promise<unknown>>()
    let refusal: CredentialsError | null = null

    async function attempt<A extends Action>(action: A, request: RequestOf<A>, region: string) {
      try {
        if (refusal) throw refusal
        await limit(action, signal)
        // It may have come while this call was waiting.
        if (refusal) throw refusal
        cost.apiCalls += 1
        lastUsed = clock.now()
        return await transport.send(action, request, region, signal)
      } catch (thrown) {
        const error = classify(thrown, action, signal.aborted)
        if (error instanceof CredentialsError) refusal = error
        throw error
      }
    }

    function ask<A extends Action>(action: A, request: RequestOf<A>, region: string): Promise<ResponseOf<A>> {
      const onRetry = (error: { readonly code: string }, n: number): void => {
        cost.retries += 1
        log.warn('API call is repeated', { action, region, code: error.code, attempt: n })
      }
      return withRetry(() => attempt(action, request, region), { clock, random, signal, onRetry })
    }

    return {
      cost,
      call<A extends Action>(
        action: A,
        request: RequestOf<A>,
        { region, wave }: { readonly region: string; readonly wave: number },
      ): Promise<ResponseOf<A>> {
        cost.waves = Math.max(cost.waves, wave)
        const key = `${action} ${region} ${JSON.stringify(request, inDigits)}`
        const known = answers.get(key)
        if (known) return known as Promise<ResponseOf<A>>
        const answer = ask(action, request, region)
        answers.set(key, answer)
        return answer
      },
    }
  }
}
