import { createAdaptorServer } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { createApp } from './http.ts'
import type { Alarm } from './model/alarm.ts'
import { handleAlarm, type Surroundings } from './pipeline.ts'
import { createQueue, type QueueSize } from './queue.ts'

/** Alarms that may wait: more would only be answered after their sender has given up. */
const QUEUE: QueueSize = { capacity: 256, workers: 4 }

const READ_BUDGET_MS = 30_000
/** Long enough for a WeCom bot that is over its rate to be free again. */
const DELIVER_BUDGET_MS = 180_000

export interface Server {
  readonly address: { readonly host: string; readonly port: number }
  /** Takes no new requests, finishes every alarm that was taken, then closes. */
  stop(): Promise<void>
}

/** `clb-doctor serve`: answers once an alarm is queued, works behind the answer. */
export async function serve(
  around: Surroundings,
  options: { readonly host: string; readonly port: number; readonly queue?: QueueSize },
): Promise<Server> {
  const queue = createQueue<Alarm>(async (alarm) => {
    try {
      await handleAlarm(alarm, around, { read: READ_BUDGET_MS, deliver: DELIVER_BUDGET_MS })
    } catch (error) {
      around.log.error('alarm failed', { error: error instanceof Error ? error.message : String(error) })
    }
  }, options.queue ?? QUEUE)

  const app = createApp({
    around,
    accept: async ({ alarms }) => (queue.offer(alarms) ? 'taken' : 'full'),
    trustLoopback: true,
    addressOf: (c) => getConnInfo(c).remote.address ?? null,
    readBudget: READ_BUDGET_MS,
  })
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : options.port
  around.log.info('listening', { host: options.host, port })
  return {
    address: { host: options.host, port },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      if ('closeIdleConnections' in server) server.closeIdleConnections()
      await queue.drain()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}
