import { createHash } from 'node:crypto'
import type { Clock } from '../model/clock.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { Log } from '../model/log.ts'
import type { Receiver } from './address.ts'
import type { Sink } from './sink.ts'
import { createSmtpSink } from './smtp/index.ts'
import { createMemoryRecord, type DeliveryRecord, fingerprint } from './stages/dedup.ts'
import { sendWithRetry } from './stages/retry.ts'
import { createWebhookSink } from './webhook/index.ts'
import { createWecomSink } from './wecom/index.ts'

/** What came of one diagnosis at one receiver. */
export interface DeliveryReport {
  /** The receiver's label. */
  readonly receiver: string
  readonly outcome: 'delivered' | 'suppressed' | 'retry' | 'permanent' | 'unknown'
  readonly attempts: number
  readonly reason?: string
}

export interface Dispatcher {
  /** To every receiver at once; one that fails stops no other. Never throws. */
  dispatch(diagnosis: Diagnosis, budgetMs: number): Promise<readonly DeliveryReport[]>
}

export interface DispatcherOptions {
  readonly receivers: readonly Receiver[]
  readonly clock: Clock
  readonly log: Log
  /** 0 up to 1. */
  readonly random: () => number
  readonly record?: DeliveryRecord
}

export const createDispatcher = ({ receivers, clock, ...rest }: DispatcherOptions): Dispatcher =>
  dispatcherOver(
    receivers.map((receiver) => sinkFor(receiver, clock)),
    { clock, ...rest },
  )

function sinkFor(receiver: Receiver, clock: Clock): Sink {
  switch (receiver.kind) {
    case 'wecom':
      return createWecomSink(receiver)
    case 'webhook':
      return createWebhookSink(receiver, clock.now)
    case 'smtp':
      return createSmtpSink(receiver)
  }
}

/** The stages around each sink: dedup → retry → record. */
export function dispatcherOver(
  sinks: readonly Sink[],
  { clock, log, random, record = createMemoryRecord(clock) }: Omit<DispatcherOptions, 'receivers'>,
): Dispatcher {
  return {
    dispatch(diagnosis, budgetMs) {
      const signal = AbortSignal.timeout(budgetMs)
      const deadline = { signal, at: clock.now() + budgetMs }
      return Promise.all(sinks.map((sink, position) => deliver(sink, position)))

      async function deliver(sink: Sink, position: number): Promise<DeliveryReport> {
        const receiver = sink.label
        // Two bots of one host share a label: the position tells them apart.
        const key = `${position} ${receiver} ${fingerprint(diagnosis)}`
        if (!record.claim(key)) {
          log.info('message suppressed: the same was sent before', { receiver, diagnosis: diagnosis.id })
          return { receiver, outcome: 'suppressed', attempts: 0 }
        }
        const id = `${diagnosis.id}-${createHash('sha256').update(`${position} ${receiver}`).digest('hex').slice(0, 8)}`
        const threadId = diagnosis.loadBalancer?.id ?? diagnosis.id
        const tried = await sendWithRetry(sink, { id, threadId, diagnosis }, deadline, { clock, random })
        const { outcome, attempts } = tried
        record.settle(key, outcome.kind === 'delivered' || outcome.kind === 'unknown')
        const reason = 'reason' in outcome ? { reason: outcome.reason } : {}
        const report = { receiver, outcome: outcome.kind, attempts, ...reason }
        if (outcome.kind === 'delivered') log.info('message delivered', report)
        else log.error('message not delivered', report)
        return report
      }
    },
  }
}
