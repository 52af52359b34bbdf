import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { arrived, gather } from '../app/alarms.ts'
import { handleAlarms } from '../app/diagnose.ts'
import type { AppContext } from '../app/index.ts'
import type { Received } from '../model/alarm.ts'
import { createApp } from './app.ts'
import { isTooLarge } from './body.ts'
import { type ConnectionLimits, drain, LIMITS, limitConnections, serverOptions } from './connections.ts'
import { problemResponse } from './problem.ts'
import { createQueue, type QueueSize } from './queue.ts'
import { getConnInfo, getRequestListener } from './web.ts'

/** The most alarms that may wait. A longer queue would answer after the senders have given up. */
const QUEUE: QueueSize = { capacity: 256, workers: 4 }

const READ_BUDGET_MS = 30_000
/** Long enough for a WeCom bot to get through its rate limit. */
const DELIVER_BUDGET_MS = 180_000

export interface Server {
  readonly address: { readonly host: string; readonly port: number }
  /** Refuses new requests, finishes accepted alarms and requests, then closes. */
  stop(): Promise<void>
  /** Of what `stop` waits for. */
  unfinished(): { readonly requests: number; readonly alarms: number }
}

interface ServeOptions {
  readonly host: string
  readonly port: number
  readonly queue?: QueueSize
  readonly limits?: ConnectionLimits
}

/** Runs `clb-doctor serve`. An alarm is answered once it is queued and handled afterwards. */
export async function serve(context: AppContext, options: ServeOptions): Promise<Server> {
  const limits = options.limits ?? LIMITS
  const queue = createQueue<readonly Received[]>({
    ...(options.queue ?? QUEUE),
    // A waiting alarm has not read the CLB yet, so one diagnosis serves it and the newer alarm. Each still counts.
    merge: (waiting) => gather(waiting.flat()),
    async work(received, free) {
      try {
        // `free` lets the next diagnosis begin while a receiver still makes this message wait.
        await handleAlarms(
          received,
          context,
          { read: READ_BUDGET_MS, deliver: () => DELIVER_BUDGET_MS },
          free,
        )
      } catch (error) {
        context.log.error('alarm failed', { error: error instanceof Error ? error.message : String(error) })
      }
    },
  })

  const app = createApp({
    context: context,
    enqueue: async ({ alarms }) => (queue.offer(arrived(alarms, context.clock.now())) ? 'enqueued' : 'full'),
    trustLoopback: true,
    slowsWrongTokens: true,
    addressOf: (c) => getConnInfo(c).remote.address ?? null,
    readBudget: READ_BUDGET_MS,
  })
  let requests = 0
  const listener = getRequestListener(
    async (request, env) => {
      const response = await app.fetch(request, env)
      // Otherwise a client that keeps its connection open would hold up the stop until that connection times out.
      if (!server.listening) response.headers.set('connection', 'close')
      return response
    },
    // HTTP/1.0 has no Host header, and some health checks speak it.
    { autoCleanupIncoming: false, errorHandler: badRequest, hostname: 'localhost' },
  )
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    requests += 1
    outgoing.once('close', () => {
      requests -= 1
    })
    outgoing.once('finish', () => drain(incoming))
    void listener(incoming, outgoing)
  }
  const server = createServer(serverOptions(limits), answer)
  // A client that asks before it sends a large body gets its answer without sending it.
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!isTooLarge(incoming.headers['content-length'])) outgoing.writeContinue()
    answer(incoming, outgoing)
  })
  limitConnections(server, limits, context.log, () => context.clock.now())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : options.port
  context.log.info('listening', { host: options.host, port })
  return {
    address: { host: options.host, port },
    unfinished: () => ({ requests, alarms: queue.unfinished() }),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      await queue.drain()
      // Requests finish within their own budget. After that, connections that are still open are closed.
      const patience = setTimeout(() => server.closeAllConnections(), READ_BUDGET_MS)
      await closed
      clearTimeout(patience)
    },
  }
}

/** The request's own line or Host header is not valid. Errors of routes do not get here. */
const badRequest = (): Response =>
  problemResponse({
    status: 400,
    title: 'Bad request',
    detail: 'The address or the Host header is not valid.',
  })
