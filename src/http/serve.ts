import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  createEngine,
  createLookQueue,
  createRefusedBox,
  type LookQueue,
  StoreError,
} from '../app/incidents/engine.ts'
import type { AppContext } from '../app/index.ts'
import { createApp } from './app.ts'
import { isTooLarge } from './body.ts'
import { type ConnectionLimits, drain, LIMITS, limitConnections, serverOptions } from './connections.ts'
import { problemResponse } from './problem.ts'
import { getConnInfo, getRequestListener } from './web.ts'

const READ_BUDGET_MS = 30_000
/** With a look inside machines, which takes up to 40 s. */
const INSIDE_BUDGET_MS = 75_000
/** Looks and messages that are on their way end within about this time at a stop. The rest is kept. */
const STOP_MS = 13_000
/** So do requests. */
const STOP_REQUESTS_MS = 16_000
const STOP_REFUSED_MS = 1_000

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
  readonly stopMs?: number
  readonly looksAtOnce?: number
  /** Default: the queue of this process. */
  readonly looks?: LookQueue
  readonly limits?: ConnectionLimits
}

/** Refused payloads are written together, so that a refusal costs less than an alarm. */
const REFUSED_MS = 1_000

/** Runs `clb-doctor serve`. An alarm is answered once it is safe in the store and handled afterwards. */
export async function serve(context: AppContext, options: ServeOptions): Promise<Server> {
  const limits = options.limits ?? LIMITS
  const engine = createEngine(context, options.looks ?? createLookQueue(context), options.looksAtOnce)
  const refused = createRefusedBox(context)
  let flush: NodeJS.Timeout | null = null
  const app = createApp({
    context: context,
    keepRefused: (payload) => {
      refused.keep(payload)
      flush ??= setTimeout(() => {
        flush = null
        void refused.flush()
      }, REFUSED_MS).unref()
    },
    enqueue: async ({ alarms }) => {
      try {
        await engine.take(alarms)
        return 'enqueued'
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        context.log.error('alarms refused: they could not be kept', {
          alarms: alarms.length,
          why: error.message,
        })
        return 'untaken'
      }
    },
    trustLoopback: true,
    slowsWrongTokens: true,
    addressOf: (c) => getConnInfo(c).remote.address ?? null,
    readBudget: context.config.inGuest ? INSIDE_BUDGET_MS : READ_BUDGET_MS,
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
  engine.start()
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : options.port
  context.log.info('listening', { host: options.host, port })
  return {
    address: { host: options.host, port },
    unfinished: () => ({ requests, alarms: engine.unfinished() }),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const patience = setTimeout(() => server.closeAllConnections(), options.stopMs ?? STOP_REQUESTS_MS)
      await engine.stop(options.stopMs ?? STOP_MS)
      await closed
      clearTimeout(patience)
      if (flush) clearTimeout(flush)
      await Promise.race([refused.flush(), context.clock.sleep(STOP_REFUSED_MS)])
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
