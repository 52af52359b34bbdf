import { setMaxListeners } from 'node:events'
import { usualRate } from '../model/actions.ts'
import type { Clock } from '../model/clock.ts'
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
  /** Requests per second and action, any positive number; null: the usual ones of each action. */
  readonly ratePerSecond: number | null
  readonly clock: Clock
  /** 0 up to 1. */
  readonly random: () => number
  readonly log: Log
  /** Carries the requests; HTTPS to the API if left out. */
  readonly transport?: Transport
}

/** The API of one account. Connections and rate are shared by all its sessions. */
export interface Cloud {
  /**
   * One diagnosis, or one scan over many CLBs: its own counters and answers, ended by `signal`. A scan waits a moment
   * for more ids to send together, and keeps a bounded part of what it has read.
   */
  session(signal: AbortSignal, over?: 'one' | 'many'): CloudSession
  /** Ends the kept-alive connections. */
  close(): void
}

/** A frozen function's connections die unseen, and a request on such a one hangs until it times out. */
const LONGEST_IDLE_MS = 15_000

/**
 * CLBs whose listeners come with one second's turns ask for their backends within so long of one another; a scan is
 * bound by the rate of the calls that take one CLB each, and does not feel it.
 */
const GATHER_MS = 100

export function createCloud(options: CloudOptions): Cloud {
  const { clock, random, log } = options
  const transport = options.transport ?? createTransport(options)
  const limit = createLimiter((action) => options.ratePerSecond ?? usualRate(action), clock)
  let lastUsed = clock.now()
  return {
    session(signal, over = 'one') {
      if (Math.abs(clock.now() - lastUsed) > LONGEST_IDLE_MS) transport.dropIdle()
      return createSession(signal, over === 'many')
    },
    close: () => transport.close(),
  }

  function createSession(signal: AbortSignal, many: boolean): CloudSession {
    // Every request in flight listens to it: many are no leak.
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
        // It may have come while this call was waiting.
        if (refusal) throw refusal
        cost.apiCalls += 1
        lastUsed = clock.now()
        return await transport.send(action, request, region, signal)
      } catch (error) {
        if (error instanceof CredentialsError) refusal = error
        // An answer counts, even when it came together with the deadline.
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

    /** Null if there is no turn. The call itself then finds out why. */
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
        const known = answers.get(key)
        if (known) return known as Promise<ResponseOf<A>>
        const answer = ask(action, request, options)
        answers.set(key, answer)
        // Of a scan, only who asks at the same time shares an answer: kept, they would be the whole account.
        const forget = () => answers.delete(key)
        if (many) answer.then(forget, forget)
        return answer
      },
    }
  }
}
