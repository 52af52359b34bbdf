import { arrived, parseAlarms } from '../app/alarms.ts'
import {
  type Config,
  languageIn,
  loadConfig,
  noRegionForTimer,
  SHORT_TOKEN,
  shortTokens,
} from '../app/config.ts'
import { ConfigError } from '../app/config-error.ts'
import { createContext } from '../app/context.ts'
import { type Budget, type Handled, handleAlarms } from '../app/diagnose.ts'
import { loadExpected } from '../app/expected.ts'
import type { AppContext } from '../app/index.ts'
import { jsonLog } from '../app/log.ts'
import type { ScanHandled } from '../app/scan.ts'
import type { ParsedPayload, ScanRequest } from '../model/alarm.ts'
import type { Log } from '../model/log.ts'
import { type PlatformEvent, readPlatformEvent, withRawHeaders } from './platform-event.ts'

// The sender of an alarm waits 5 s (intake facts 1.6), and a function is frozen once it has answered. So the function
// works before it answers. Reading stops early enough to deliver what is known, and delivery gets the time that is
// left.
const within = (total: number, read: number): Budget => ({
  read,
  deliver: (spent) => Math.max(total - spent, 500),
})
const HTTP_BUDGET = within(4_500, 3_000)
/** For events whose sender does not wait. The limit is the function's own time-out, 60 s in serverless.yml. */
const EVENT_BUDGET = within(50_000, 25_000)
const TIME_LIMIT_MS = 60_000

/** A scan may read as long as the function runs, minus the time for delivery. */
function scanBudget(platformContext: unknown): Budget {
  const limit = timeLimitOf(platformContext) ?? TIME_LIMIT_MS
  const total = limit - Math.min(2_000, limit * 0.1)
  return within(total, total - Math.min(15_000, total * 0.3))
}

/** SCF's `time_limit_in_ms`, as a number or digits. Null if the platform does not give it. */
function timeLimitOf(platformContext: unknown): number | null {
  const given =
    isObject(platformContext) && 'time_limit_in_ms' in platformContext
      ? Number(platformContext.time_limit_in_ms)
      : 0
  return Number.isFinite(given) && given > 0 ? given : null
}

type HttpHandler = (event: object, platformContext: object) => Promise<unknown>

/** `clb-doctor.json` is deployed beside the function's code. The bundle is CommonJS. */
const FOLDERS = [typeof __dirname === 'string' ? __dirname : '.', '.']

interface Warm {
  readonly context: AppContext
  /** Created at the first HTTP event. */
  readonly http: () => Promise<HttpHandler>
}

/** Created at the first event and kept while the instance is warm. Holds connections and rules, never an alarm. */
let warm: Warm | null = null

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
 * An HTTP event gets an HTTP answer, and a timer that starts a scan gets `{scan}`. All others get `{handled, refused}`.
 * If the configuration or a timer's message is wrong, they throw, so that the platform's retry and dead-letter queue
 * see it.
 */
export async function main_handler(event: unknown, platformContext: unknown): Promise<unknown> {
  const log = jsonLog((line) => process.stderr.write(line), Date.now)
  const platform = readPlatformEvent(event)
  let ready: Warm
  try {
    warm ??= create(loadConfig(process.env, loadExpected(FOLDERS)), log)
    ready = warm
  } catch (error) {
    return misconfigured(error, platform, log)
  }
  if (platform.kind === 'http') {
    const http = await ready.http()
    try {
      return await http(platform.event, isObject(platformContext) ? platformContext : {})
    } catch (error) {
      log.warn('HTTP event could not be read', {
        error: error instanceof Error ? error.message : String(error),
      })
      return httpProblem(400, 'Bad request', 'The platform gave an HTTP event that cannot be read.')
    }
  }
  const parsed = parseAlarms(platform.payload, log)
  const wrong = parsed.refusals.find(({ reason }) => reason === 'bad-timer')
  if (wrong) throw new Error(wrong.detail)
  if (ready.context.config.receivers.length === 0) log.warn('CLB_DOCTOR_SINKS is empty: nobody is told')
  if (parsed.scan) return scanned(parsed.scan, ready.context, scanBudget(platformContext))
  const handled = await inPlace(parsed, ready.context, EVENT_BUDGET)
  if (handled.some(isUndelivered)) throw new Error(`${UNDELIVERED}; the platform is asked to try again`)
  return { handled: handled.map(summary), refused: parsed.refusals }
}

function create(config: Config, log: Log): Warm {
  log.info('function started', { codeCache })
  for (const variable of shortTokens(config)) log.warn(SHORT_TOKEN, { variable })
  const context = createContext(config, log)
  let http: Promise<HttpHandler> | null = null
  return {
    context,
    http: () => {
      http ??= httpHandler(context)
      return http
    },
  }
}

/** Loaded at the first HTTP event: this is a third of the function's load time, and other events do not need it. */
async function httpHandler(context: AppContext): Promise<HttpHandler> {
  const [{ createApp }, { getConnInfo, getRequestListener, serverless }] = await Promise.all([
    import('../http/app.ts'),
    import('../http/web.ts'),
  ])
  const app = createApp({
    context,
    enqueue: async (parsed) => {
      const handled = await inPlace(parsed, context, HTTP_BUDGET)
      return handled.some(isUndelivered) ? 'undelivered' : 'enqueued'
    },
    trustLoopback: false,
    slowsWrongTokens: false,
    addressOf: (c) => getConnInfo(c).remote.address || null,
    readBudget: HTTP_BUDGET.read,
  })
  return serverless(getRequestListener(app.fetch), {
    // @hono/node-server only reads rawHeaders, which serverless-http leaves empty.
    request: withRawHeaders,
  }) as HttpHandler
}

const inPlace = (parsed: ParsedPayload, context: AppContext, budget: Budget): Promise<readonly Handled[]> =>
  Promise.all(
    arrived(parsed.alarms, context.clock.now()).map((received) => handleAlarms(received, context, budget)),
  )

async function scanned(asked: ScanRequest, context: AppContext, budget: Budget): Promise<unknown> {
  const { region } = context.config
  const regions = asked.regions ?? (region === null ? [] : [region])
  if (regions.length === 0) throw noRegionForTimer()
  const { runScan } = await import('./scan-job.ts')
  const handled = await runScan(regions, context.config, context.log, budget)
  if (isUndelivered(handled)) throw new Error(`${UNDELIVERED}; the platform is asked to try again`)
  const { id, verdict, headline, ended, counts } = handled.scan
  return { scan: { id, verdict, headline, ended, counts, deliveries: handled.deliveries } }
}

const UNDELIVERED = 'no receiver took the message, and one said that it will later'

/**
 * True if no receiver got the message and one may still accept it. The caller must then repeat the event, because the
 * function does not live long enough to retry. If one receiver got it, a repeat would only send it twice.
 */
const isUndelivered = ({ deliveries }: Pick<Handled | ScanHandled, 'deliveries'>): boolean =>
  deliveries.some(({ outcome }) => outcome === 'retry') &&
  deliveries.every(({ outcome }) => outcome === 'retry' || outcome === 'permanent')

const summary = ({ diagnosis, deliveries }: Handled) => ({
  diagnosis: diagnosis.id,
  loadBalancer: diagnosis.loadBalancer?.id ?? null,
  verdict: diagnosis.verdict,
  headline: diagnosis.headline,
  deliveries,
})

function misconfigured(error: unknown, platform: PlatformEvent, log: Log): unknown {
  if (!(error instanceof ConfigError)) throw error
  const detail = error.inLanguage(languageIn(process.env))
  log.error('configuration is wrong', { detail })
  if (platform.kind !== 'http') throw new Error(detail, { cause: error })
  return httpProblem(500, 'Configuration', detail)
}

/** A problem document as the answer to an HTTP event, without the routes. */
const httpProblem = (status: number, title: string, detail: string) => ({
  statusCode: status,
  headers: { 'content-type': 'application/problem+json; charset=utf-8' },
  body: JSON.stringify({ type: 'about:blank', status, title, detail }),
  isBase64Encoded: false,
})

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
