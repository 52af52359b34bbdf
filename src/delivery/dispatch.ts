import { createHash } from 'node:crypto'
import pLimit from 'p-limit'
import type { Clock } from '../model/clock.ts'
import type { Log } from '../model/log.ts'
import type { Message } from '../model/message.ts'
import type { Proxies } from '../net/index.ts'
import type { Address } from './address.ts'
import { createPost } from './post.ts'
import type { Receiver } from './receiver.ts'
import { createMemoryRecord, type DeliveryRecord, fingerprint, subjectOf } from './stages/dedup.ts'
import { sendWithRetry } from './stages/retry.ts'
import { createSubjectRecord, isLast } from './stages/subjects.ts'

/** The result of sending one message to one receiver. */
export interface DeliveryReport {
  /** The receiver's label. */
  readonly receiver: string
  readonly outcome: 'delivered' | 'suppressed' | 'retry' | 'permanent' | 'unknown'
  readonly attempts: number
  readonly reason?: string
}

export interface Dispatcher {
  /**
   * Sends to all receivers at once. A receiver that fails or waits does not hold up the others. `budgetMs` starts when
   * the message has its turn at the receiver. Never throws.
   */
  dispatch(message: Message, budgetMs: number): Promise<readonly DeliveryReport[]>
}

export interface DispatcherOptions {
  readonly receivers: readonly Address[]
  readonly proxies: Proxies
  readonly clock: Clock
  readonly log: Log
  /** From 0 up to, but not including, 1. */
  readonly random: () => number
  readonly record?: DeliveryRecord
  /** The most messages to one receiver at a time; the others wait. Default: no limit. */
  readonly abreast?: number
}

export function createDispatcher({ receivers, proxies, clock, ...rest }: DispatcherOptions): Dispatcher {
  const means = { post: createPost(proxies), now: clock.now }
  return dispatcherOver(
    receivers.map((receiver) => receiver.connect(means)),
    { clock, ...rest },
  )
}

/** Wraps each receiver in the stages dedup → retry → record. */
export function dispatcherOver(
  receivers: readonly Receiver[],
  {
    clock,
    log,
    random,
    record = createMemoryRecord(clock),
    abreast = Number.POSITIVE_INFINITY,
  }: Omit<DispatcherOptions, 'receivers' | 'proxies'>,
): Dispatcher {
  const subjects = createSubjectRecord(clock)
  const lanes = receivers.map((receiver) => ({ receiver, turn: pLimit(abreast) }))
  return {
    async dispatch(message, budgetMs) {
      const about = subjectOf(message)
      const words = fingerprint(message)
      const reports = await Promise.all(
        lanes.map(({ receiver, turn }, position) => turn(() => deliver(receiver, position))),
      )
      if (isLast(message)) subjects.end(about)
      return reports

      async function deliver(receiver: Receiver, position: number): Promise<DeliveryReport> {
        const { label } = receiver
        // Two bots on one host have the same label. The position makes it unique.
        const place = `${position} ${label}`
        const subject = `${place} ${about}`
        if (!record.claim(subject, words)) {
          log.info('message suppressed: the same was sent before', { receiver: label, id: message.id })
          return { receiver: label, outcome: 'suppressed', attempts: 0 }
        }
        const id = `${message.id}-${createHash('sha256').update(place).digest('hex').slice(0, 8)}`
        const deadline = { signal: AbortSignal.timeout(budgetMs), at: clock.now() + budgetMs }
        const subjectFor = (fresh: string): string => subjects.keep(about, fresh)
        const delivery = {
          id,
          threadId: about,
          subjectFor,
          message,
          mayRepeat: false,
          mentions: [],
          reference: null,
        }
        const { outcome, attempts } = await sendWithRetry(receiver, delivery, deadline, { clock, random })
        // Count `unknown` as sent only for receivers without idempotency keys.
        const said = outcome.kind === 'delivered' || (outcome.kind === 'unknown' && !receiver.idempotent)
        record.settle(subject, words, said)
        const reason = outcome.reason === undefined ? {} : { reason: outcome.reason }
        const report = { receiver: label, outcome: outcome.kind, attempts, ...reason }
        if (outcome.kind === 'delivered' && outcome.reason === undefined)
          log.info('message delivered', report)
        else if (outcome.kind === 'delivered') log.warn('message delivered in part', report)
        else log.error('message not delivered', report)
        return report
      }
    },
  }
}
