import { setMaxListeners } from 'node:events'
import { rateBeside, usualRate } from '../model/actions/index.ts'
import type { Clock } from '../model/clock.ts'
import { isLoopback } from '../model/ip.ts'
import type { Log } from '../model/log.ts'
import type { Action, RequestOf, ResponseOf } from './actions.ts'
import type { CallOptions, CloudSession, Ticket } from './cloud.ts'
import { admit } from './door.ts'
import { CloudError, CredentialsError } from './errors.ts'
import { writeExactly } from './exact-json.ts'
import { createFacts } from './facts.ts'
import { createLimiter } from './rate.ts'
import { withRetry } from './retry.ts'
import { type Access, createTransport, type Transport } from './transport.ts'

export interface CloudOptions extends Access {
  /** The most requests per second and action, above 0. Null: the default rate of each action. */
  readonly ratePerSecond: number | null
  /** How many instances share the rate. Default: this one alone. */
  readonly instances?: () => number
  readonly clock: Clock
  /** From 0 up to, but not including, 1. */
  readonly random: () => number
  readonly log: Log
  /** Sends the requests. Default: HTTPS to the API. */
  readonly transport?: Transport
}

/** The API of one account. Its sessions share connections and rate limits. */
export interface Cloud {
  /**
   * A session for one diagnosis, or for one scan over many CLBs. It has its own counters and answers and ends with
   * `signal`. A scan waits briefly for more ids per call and keeps only a bounded part of what it has read.
   */
  session(signal: AbortSignal, over?: 'one' | 'many'): CloudSession
  /** Closes the kept-alive connections. */
  close(): void
}

/** The connections of a frozen function die unnoticed. A request on such a connection would hang until it times out. */
const LONGEST_IDLE_MS = 15_000

/**
 * A scan reads the listeners of many CLBs within one second, and they ask for their backends within about this time of
 * each other. The wait does not slow a scan down, because the rate of the calls that take one CLB each is its limit.
 */
const GATHER_MS = 100

/** On loopback there is no platform whose rates are known. */
export function rateOf({
  ratePerSecond: set,
  apiOrigin,
}: Pick<CloudOptions, 'ratePerSecond' | 'apiOrigin'>): (action: string) => number {
  if (set === null) return usualRate
  const isLocal = apiOrigin !== null && isLoopback(new URL(apiOrigin).hostname)
  return isLocal ? () => set : (action) => rateBeside(action, set)
}

export function createCloud(options: CloudOptions): Cloud {
  const { clock, random, log } = options
  const transport = options.transport ?? createTransport(options)
  const rate = rateOf(options)
  const instances = options.instances ?? (() => 1)
  const limit = createLimiter((action) => rate(action) / instances(), clock)
  let lastUsed = clock.now()
  return {
    session(signal, over = 'one') {
      if (Math.abs(clock.now() - lastUsed) > LONGEST_IDLE_MS) transport.dropIdle()
      return createSession(signal, over === 'many')
    },
    close: () => transport.close(),
  }

  function createSession(signal: AbortSignal, many: boolean): CloudSession {
    // Every request in flight listens to the signal, so many listeners are not a leak.
    setMaxListeners(0, signal)
    const pace = many ? 'evenly' : 'at once'
    const cost = { apiCalls: 0, retries: 0, waves: 0 }
    const answers = new Map<string, Promise<unknown>>()
    let refusal: CredentialsError | null = null

    async function attempt<A extends Action>(
      action: A,
      request: RequestOf<A>,
      { region, ticket }: CallOptions,
    ) {
      try {
        if (refusal) throw refusal
        if (ticket && !ticket.spent) ticket.spent = true
        else await limit(action, signal, pace)
        // The refusal may have come while this call was waiting.
        if (refusal) throw refusal
        cost.apiCalls += 1
        lastUsed = clock.now()
        return await transport.send(action, request, region, signal)
      } catch (error) {
        if (error instanceof CredentialsError) refusal = error
        // An answer counts even if the deadline passed at the same time.
        if (error instanceof CloudError || !signal.aborted) throw error
        throw new CloudError('deadline', action, 'Deadline', 'not answered within the time allowed', {
          cause: error,
        })
      }
    }

    function ask<A extends Action>(
      action: A,
      request: RequestOf<A>,
      options: CallOptions,
    ): Promise<ResponseOf<A>> {
      const onRetry = (error: { readonly code: string }, n: number): void => {
        cost.retries += 1
        log.warn('API call is repeated', { action, region: options.region, code: error.code, attempt: n })
      }
      const asked = withRetry(() => attempt(action, request, options), { clock, random, signal, onRetry })
      return asked.then((answer) => admit(action, request, answer))
    }

    /** Null if the limiter gives no turn. The call itself then reports why. */
    const turn = async (action: Action): Promise<Ticket | null> => {
      try {
        await limit(action, signal, pace)
        return { spent: false }
      } catch {
        return null
      }
    }
    const gather = () => clock.sleep(GATHER_MS, signal).catch(() => undefined)

    return {
      cost,
      facts: createFacts({ turn, gather: many ? gather : null, bounded: many }),
      call<A extends Action>(action: A, request: RequestOf<A>, options: CallOptions): Promise<ResponseOf<A>> {
        cost.waves = Math.max(cost.waves, options.wave)
        const key = `${action} ${options.region} ${writeExactly(request)}`
        const known = options.isFresh ? undefined : answers.get(key)
        if (known) return known as Promise<ResponseOf<A>>
        const answer = ask(action, request, options)
        answers.set(key, answer)
        // A scan only shares answers between simultaneous calls. If it kept them, it would hold the whole account.
        const forget = () => answers.delete(key)
        if (many) answer.then(forget, forget)
        return answer
      },
    }
  }
}
