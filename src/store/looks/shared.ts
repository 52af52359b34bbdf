import { Queue, Worker } from 'bullmq'
import { connectTo, reasonOf, TAG } from '../redis/index.ts'
import type { RedisAddress } from '../redis-address.ts'
import type { LookHandler, LookQueue, LookQueueOptions } from './index.ts'
import { createSweep } from './sweep.ts'

export interface SharedLookQueueOptions extends LookQueueOptions {
  readonly address: RedisAddress
  /** How long a worker that died keeps its job. */
  readonly lockMs?: number
}

const NAME = 'looks'
const SWEEP_MS = 2_000
const LOCK_MS = 15_000
/** A restart of all instances in the middle of a job counts as once. Looks are safe to repeat, so there is no limit. */
const MOST_STALLED = 1_000_000
const ASK_MS = 2_000
const MOST_EVENTS = 100
/** BullMQ would print its warnings as plain lines among those of the log, once for each connection. advice.ts gives them. */
const SKIPS_CHECK = true

interface Wanted {
  readonly key: string
}

/**
 * The queue of several instances. BullMQ gives a key to one of them, and again to another one if that one dies. A request
 * for a key that is active makes it run once more. Without Redis nothing is woken; the sweep finds it later.
 */
export function createSharedLookQueue(options: SharedLookQueueOptions): LookQueue {
  const { address, store, clock, log, sweepMs = SWEEP_MS, lockMs = LOCK_MS } = options
  const calls = connectTo(address, 'calls')
  const queue = new Queue<Wanted>(NAME, {
    connection: calls,
    prefix: TAG,
    skipVersionCheck: SKIPS_CHECK,
    streams: { events: { maxLen: MOST_EVENTS } },
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  })
  // Without listeners an error would end the process. The store's own connection logs that Redis is away.
  queue.on('error', () => {})

  const sweep = createSweep({ store, clock, log, everyMs: sweepMs }, async (keys) => {
    // A key whose job waits or is active is left alone.
    const jobs = keys.map((key) => ({ name: NAME, data: { key }, opts: { deduplication: { id: key } } }))
    await soon(queue.addBulk(jobs))
  })
  let ending: (() => Promise<void>) | null = null

  return {
    async ask(key) {
      if (sweep.isStopped()) return
      await soon(queue.add(NAME, { key }, { deduplication: { id: key, keepLastIfActive: true } })).catch(
        (error: unknown) =>
          log.warn('looks: the sweep will find what could not be asked for', { error: reasonOf(error) }),
      )
    },
    work(handler, workers) {
      ending ??= startWorker(options, { handler, workers, lockMs, failed: sweep.failed })
      sweep.start()
    },
    async stop() {
      sweep.stop()
      await ending?.()
      await queue.close().catch(() => {})
      calls.disconnect()
    },
  }
}

interface Work {
  readonly handler: LookHandler
  readonly workers: number
  readonly lockMs: number
  readonly failed: (key: string, error: unknown) => void
}

function startWorker(
  { address }: SharedLookQueueOptions,
  { handler, workers, lockMs, failed }: Work,
): () => Promise<void> {
  const connection = connectTo(address, 'worker')
  const worker = new Worker<Wanted>(
    NAME,
    async ({ data: { key } }) => {
      // A failed job is over for BullMQ. The record in the store is still due.
      await handler(key).catch((error: unknown) => failed(key, error))
    },
    {
      connection,
      prefix: TAG,
      skipVersionCheck: SKIPS_CHECK,
      concurrency: workers,
      lockDuration: lockMs,
      stalledInterval: Math.ceil(lockMs / 3),
      maxStalledCount: MOST_STALLED,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  )
  worker.on('error', () => {})
  return async () => {
    await worker.close().catch(() => {})
    connection.disconnect()
  }
}

/** BullMQ waits for a connection as long as it takes. Its caller does not. */
async function soon<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ASK_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
