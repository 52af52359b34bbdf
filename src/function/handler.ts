import { AsyncLocalStorage } from 'node:async_hooks'
import { parseAlarms } from '../app/alarms.ts'
import { languageIn, loadConfig, noRegionForTimer, SHORT_TOKEN, shortTokens } from '../app/config.ts'
import { ConfigError } from '../app/config-error.ts'
import { loadConfigFile, oldNameOf } from '../app/config-file.ts'
import { createContext } from '../app/create.ts'
import type { Budget } from '../app/diagnose.ts'
import {
  createHandleDue,
  createRefusedBox,
  type HandleDue,
  handleInPlace,
  type InPlace,
  type InPlaceBudget,
  type RefusedBox,
  StoreError,
} from '../app/incidents/engine.ts'
import type { AppContext } from '../app/index.ts'
import { knowReceivers } from '../app/known-receivers/index.ts'
import { jsonLog } from '../app/log.ts'
import { openStore } from '../app/store.ts'
import type { ScanRequest } from '../model/alarm.ts'
import { systemClock } from '../model/clock.ts'
import type { Log } from '../model/log.ts'
import { eventBudget, httpBudget, scanBudget } from './budgets.ts'
import { createHandOver, jobIn } from './hand-over.ts'
import { type PlatformEvent, readPlatformEvent, withRawHeaders } from './platform-event.ts'

/** An event that is being handled. */
interface Occasion {
  readonly platformContext: unknown
  /** When the platform gave it, ms since the epoch. */
  readonly at: number
}
const answering = new AsyncLocalStorage<Occasion>()

type HttpHandler = (event: object, platformContext: object) => Promise<unknown>

/** `clb-doctor.json` is deployed beside the function's code. The bundle is CommonJS. */
const FOLDERS = [typeof __dirname === 'string' ? __dirname : '.', '.']

/** For another instance that moves what is kept for renamed receivers. An HTTP event has 5 s. */
const PATIENCE_MS = 3_000

interface Warm {
  readonly context: AppContext
  readonly handleDue: HandleDue
  readonly refused: RefusedBox
  /** Created at the first HTTP event. */
  readonly http: () => Promise<HttpHandler>
}

/** Created at the first event and kept while the instance is warm. Holds connections and rules, never an alarm. */
let warm: Promise<Warm> | null = null

/** Whether V8 accepted the code cache beside the bundle. Null if the bundle is loaded without `load.ts`. */
let codeCache: 'taken' | 'refused' | 'missing' | null = null

/** `load.ts` calls this before the first event. */
export function loadedWith(outcome: 'taken' | 'refused' | 'missing'): void {
  codeCache = outcome
}

/**
 * SCF's event function, also for HTTP events in AWS Lambda's form: function URL, API Gateway, the raw callback of an
 * `SCF:` address, EventBridge single and batch, timer.
 *
 * An HTTP event gets an HTTP answer, a timer that starts a scan gets `{scan}`, and one that asks for what is due `{due}`. All others get `{handled, refused}`.
 * If the configuration or a timer's message is wrong, they throw, so that the platform's retry and dead-letter queue
 * see it.
 */
export async function main_handler(event: unknown, platformContext: unknown): Promise<unknown> {
  const at = Date.now()
  const log = jsonLog((line) => process.stderr.write(line), Date.now)
  const platform = readPlatformEvent(event)
  let ready: Warm
  try {
    warm ??= create(log)
    ready = await warm
  } catch (error) {
    // The next event tries again: Redis may have been away.
    warm = null
    return misconfigured(error, platform, log)
  }
  if (platform.kind === 'http') {
    const http = await ready.http()
    try {
      return await answering.run({ platformContext, at }, () =>
        http(platform.event, isObject(platformContext) ? platformContext : {}),
      )
    } catch (error) {
      log.warn('HTTP event could not be read', {
        error: error instanceof Error ? error.message : String(error),
      })
      return httpProblem(400, 'Bad request', 'The platform gave an HTTP event that cannot be read.')
    } finally {
      await ready.refused.flush()
    }
  }
  try {
    return await handled(platform.payload, ready, log, { platformContext, at })
  } finally {
    await ready.refused.flush()
  }
}

/** Any event but those of HTTP: alarms, a timer, a job that an instance handed over. */
async function handled(payload: unknown, ready: Warm, log: Log, occasion: Occasion): Promise<unknown> {
  const budget = (): InPlaceBudget => eventBudget(occasion.platformContext, Date.now() - occasion.at)
  const job = jobIn(payload)
  const parsed = parseAlarms(job ? job.payload : payload, log, ready.refused)
  const wrong = parsed.refusals.find(({ reason }) => reason === 'bad-timer')
  if (wrong) throw new Error(wrong.detail)
  if (ready.context.config.receivers.length === 0)
    log.warn('CLB_DOCTOR_SINKS is empty, and clb-doctor.json has no receivers: nobody is told')
  if (parsed.due) {
    const done = await ready.handleDue(budget())
    return { due: { looks: done.handled.length, deliveries: done.reports.map(deliveryOf) } }
  }
  if (parsed.scan) return scanned(parsed.scan, ready.context, scanBudget(occasion.platformContext))
  const done = await handleInPlace(parsed.alarms, ready.context, budget(), job?.takenAt)
  if (done.isUndelivered) throw new Error(`${UNDELIVERED}; the platform is asked to try again`)
  return { handled: done.handled.map((one) => summary(one, done)), refused: parsed.refusals }
}

async function create(log: Log): Promise<Warm> {
  const file = loadConfigFile(process.env, FOLDERS)
  const config = loadConfig(process.env, file)
  log.info('function started', { codeCache })
  for (const detail of oldNameOf(file, config.language))
    log.warn('clb-doctor.json has an old name', { detail })
  for (const variable of shortTokens(config)) log.warn(SHORT_TOKEN, { variable })
  const store = await openStore(config, { clock: systemClock, log })
  await knowReceivers(config, { store, clock: systemClock, log, patienceMs: PATIENCE_MS })
  const context = createContext(config, log, { store, canWait: store.kind === 'shared' })
  const refused = createRefusedBox(context)
  let http: Promise<HttpHandler> | null = null
  return {
    context,
    handleDue: createHandleDue(context),
    refused,
    http: () => {
      http ??= httpHandler(context, refused)
      return http
    },
  }
}

/** Loaded at the first HTTP event: this is a third of the function's load time, and other events do not need it. */
async function httpHandler(context: AppContext, refused: RefusedBox): Promise<HttpHandler> {
  const [{ createApp }, { getConnInfo, getRequestListener, serverless }] = await Promise.all([
    import('../http/app.ts'),
    import('../http/web.ts'),
  ])
  const handOver = createHandOver(context)
  /** What is left for the event that is being answered. */
  const budget = (): InPlaceBudget => {
    const now = context.clock.now()
    const { platformContext, at } = answering.getStore() ?? { platformContext: null, at: now }
    return httpBudget(platformContext, now - at)
  }
  const app = createApp({
    context,
    keepRefused: refused.keep,
    enqueue: async ({ alarms }, payload) => {
      const takenAt = context.clock.now()
      const platformContext = answering.getStore()?.platformContext
      if (await handOver({ payload, takenAt, platformContext, total: budget().total })) return 'enqueued'
      const { isUndelivered } = await handleInPlace(alarms, context, budget())
      return isUndelivered ? 'undelivered' : 'enqueued'
    },
    trustLoopback: false,
    slowsWrongTokens: false,
    addressOf: (c) => getConnInfo(c).remote.address || null,
    readBudget: () => budget().read,
  })
  return serverless(getRequestListener(app.fetch), {
    // @hono/node-server only reads rawHeaders, which serverless-http leaves empty.
    request: withRawHeaders,
  }) as HttpHandler
}

async function scanned(asked: ScanRequest, context: AppContext, budget: Budget): Promise<unknown> {
  const { region } = context.config
  const regions = asked.regions ?? (region === null ? [] : [region])
  if (regions.length === 0) throw noRegionForTimer()
  const { runScan } = await import('./scan-job.ts')
  const handled = await runScan(regions, context.config, context.log, budget)
  if (handled.isUndelivered) throw new Error(`${UNDELIVERED}; the platform is asked to try again`)
  const { id, verdict, headline, ended, counts } = handled.scan
  return { scan: { id, verdict, headline, ended, counts, deliveries: handled.reports.map(deliveryOf) } }
}

const UNDELIVERED = 'no receiver took the message: none in time, or one said that it will later'

const summary = ({ diagnosis, incidents }: InPlace['handled'][number], { reports }: InPlace) => ({
  ...(diagnosis === null
    ? { repeat: true }
    : {
        diagnosis: diagnosis.id,
        loadBalancer: diagnosis.loadBalancer?.id ?? null,
        verdict: diagnosis.verdict,
        headline: diagnosis.headline,
      }),
  incidents: incidents.map(({ id }) => id),
  deliveries: reports.filter(({ about }) => incidents.some(({ id }) => id === about)).map(deliveryOf),
})

const deliveryOf = ({ receiver, outcome, attempts, why }: InPlace['reports'][number]) => ({
  receiver,
  outcome,
  attempts,
  ...(why === undefined ? {} : { reason: why }),
})

function misconfigured(error: unknown, platform: PlatformEvent, log: Log): unknown {
  if (!(error instanceof ConfigError)) throw error
  const detail = error.inLanguage(languageIn(process.env))
  log.error('configuration is wrong', { detail })
  if (platform.kind !== 'http') throw new Error(detail, { cause: error })
  // Redis may only be away for a moment.
  return error.cause instanceof StoreError
    ? httpProblem(
        503,
        'Store not available',
        'The store does not answer; try again shortly. The log says why.',
        { 'retry-after': '10' },
      )
    : httpProblem(500, 'Configuration', detail)
}

/** A problem document as the answer to an HTTP event, without the routes. */
const httpProblem = (
  status: number,
  title: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
) => ({
  statusCode: status,
  headers: { ...headers, 'content-type': 'application/problem+json; charset=utf-8' },
  body: JSON.stringify({ type: 'about:blank', status, title, detail }),
  isBase64Encoded: false,
})

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
