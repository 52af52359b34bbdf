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

/** What came of one message at one receiver. */
export interface DeliveryReport {
  /** The receiver's label. */
  readonly receiver: string
  readonly outcome: 'delivered' | 'suppressed' | 'retry' | 'permanent' | 'unknown'
  readonly attempts: number
  readonly reason?: string
}

export interface Dispatcher {
  /**
   * To every receiver at once; one that fails or waits stops no other. `budgetMs` runs from the message's turn at its
   * receiver. Never throws.
   */
  dispatch(message: Message, budgetMs: number): Promise<readonly DeliveryReport[]>
}

export interface DispatcherOptions {
  readonly receivers: readonly Address[]
  readonly proxies: Proxies
  readonly clock: Clock
  readonly log: Log
  /** 0 up to 1. */
  readonly random: () => number
  readonly record?: DeliveryRecord
  /** Messages under way to one receiver at a time; the others wait their turn. Without it: as many as there are. */
  readonly abreast?: number
}

export function createDispatcher({ receivers, proxies, clock, ...rest }: DispatcherOptions): Dispatcher {
  const means = { post: createPost(proxies), now: clock.now }
  return dispatcherOver(
    receivers.map((receiver) => receiver.connect(means)),
    { clock, ...rest },
  )
}

/** The stages around each sink: dedup → retry → record. */
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
  const lanes = receivers.map((receiver) => ({ receiver, turn: pLimit(abreast) }))
  return {
    dispatch(message, budgetMs) {
      const about = subjectOf(message)
      const words = fingerprint(message)
      return Promise.all(lanes.map(({ receiver, turn }, position) => turn(() => deliver(receiver, position))))

      async function deliver(receiver: Receiver, position: number): Promise<DeliveryReport> {
        const { label } = receiver
        // Two bots of one host share a label: the position tells them apart.
        const place = `${position} ${label}`
        const subject = `${place} ${about}`
        if (!record.claim(subject, words)) {
          log.info('message suppressed: the same was sent before', { receiver: label, message: message.id })
          return { receiver: label, outcome: 'suppressed', attempts: 0 }
        }
        const id = `${message.id}-${createHash('sha256').update(place).digest('hex').slice(0, 8)}`
        const deadline = { signal: AbortSignal.timeout(budgetMs), at: clock.now() + budgetMs }
        const delivery = { id, threadId: about, message }
        const { outcome, attempts } = await sendWithRetry(receiver, delivery, deadline, { clock, random })
        // What may have arrived is held for said only where saying it again would show it twice.
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
