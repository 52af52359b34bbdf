import { StoreError } from '../app/incidents/engine.ts'
import type { AppContext } from '../app/index.ts'
import { renderAs } from '../app/rendering.ts'
import type { ParsedPayload } from '../model/alarm.ts'
import { deadlineIn } from '../model/clock.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { Format } from '../model/formats.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import type { RefusedPayload } from '../model/refused-payload.ts'
import { parseSentJson } from '../model/untrusted.ts'
import { type EnqueueResult, takeAlarms, taken } from './alarms.ts'
import { type Access, door } from './auth.ts'
import { bodyOf } from './body.ts'
import { createHealth } from './health.ts'
import { answerIncident, answerPage, answerRefused } from './incidents.ts'
import { addPages, pageWithoutStore } from './pages.ts'
import { type Problem, problemResponse as problem } from './problem.ts'
import { disagreement, readQuestion } from './question.ts'
import { accepts, type Context, Hono } from './web.ts'

export type { EnqueueResult } from './alarms.ts'

export interface AppOptions extends Access {
  readonly context: AppContext
  /** Takes alarms over. Resolves once they are safe, or with the reason why the sender must repeat them. */
  readonly enqueue: (parsed: ParsedPayload, payload: unknown) => Promise<EnqueueResult>
  /** Keeps what was refused. The log has it in any case. */
  readonly keepRefused?: (refused: RefusedPayload) => void
  /** Time for reading in `POST /v1/diagnoses`, ms. */
  readonly readBudget: number | (() => number)
}

/** The routes of contract 3, for `serve` and for the function. All of them are behind the door. */
export function createApp(options: AppOptions): Hono {
  const { context, enqueue, keepRefused } = options
  const { config, log, clock } = context
  const keeper = keepRefused && { now: () => clock.now(), keep: keepRefused }
  const app = new Hono({ getPath: pathOf })

  app.use(
    door({
      ...options,
      keys: {
        alarm: { variable: 'CLB_DOCTOR_ALARM_TOKEN', tokens: config.alarmTokens },
        api: { variable: 'CLB_DOCTOR_API_TOKEN', tokens: config.apiTokens },
      },
      context,
    }),
  )

  app.get('/healthz', createHealth(context))

  for (const path of ['/alarms', '/']) {
    // Cloud Monitor checks an address with a GET or an empty body before it saves it (intake facts 1.6).
    app.get(path, (c) => taken(c))
    app.post(path, (c) => takeAlarms(c, { enqueue, log, keeper }))
  }

  app.post('/v1/diagnoses', (c) => answerQuestion(c, options))

  app.get('/v1/refused', (c) => answerRefused(c, context))
  app.get('/v1/incidents', (c) => answerPage(c, context))
  app.get('/v1/incidents/:id', (c) => answerIncident(c, context))
  addPages(app, context)

  app.notFound((c) => noRoute(app, c))
  app.onError(async (error, c) => {
    if (error instanceof StoreError) {
      log.error('request refused: the store does not answer', { why: error.message })
      const headers = { 'retry-after': STORE_AWAY_SECONDS }
      return (await pageWithoutStore(c, context, headers)) ?? problem(STORE_AWAY, headers)
    }
    log.error('request failed', { error: error.message, stack: error.stack?.split('\n').slice(0, 6) })
    return problem({ status: 500, title: 'Internal error', detail: 'See the log.' })
  })
  return app
}

/** It does not name the store. A caller does not need its address. */
const STORE_AWAY: Problem = {
  status: 503,
  title: 'Store not available',
  detail: 'The store takes or gives nothing at the moment; try again shortly. The log says why.',
}
const STORE_AWAY_SECONDS = '10'

/** Slashes at the end and doubled ones do not count: a function URL, as the console shows it, ends in one. */
const pathOf = (request: Request): string =>
  new URL(request.url).pathname.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** 405 if the path has other methods, else 404, which names the routes. */
function noRoute(app: Hono, c: Context): Response {
  const { method, path } = c.req
  const allowed = METHODS.filter((one) =>
    app.router.match(one, path)[0].some(([[, route]]) => route.method === one),
  )
  if (allowed.length > 0 && !allowed.includes(method === 'HEAD' ? 'GET' : method)) {
    const allow = allowed.flatMap((one) => (one === 'GET' ? [one, 'HEAD'] : [one])).join(', ')
    return problem(
      { status: 405, title: 'Method not allowed', detail: `${path} takes ${allow}, not ${method}.` },
      { allow },
    )
  }
  const routes = app.routes.filter((route) => METHODS.includes(route.method) && route.path !== '/')
  const names = [...new Set(routes.map((route) => `${route.method} ${route.path}`))].join(', ')
  const detail = `There is no ${method} ${path}. The routes: ${names}.`
  return problem({ status: 404, title: 'Not found', detail })
}

async function answerQuestion(c: Context, { context, readBudget }: AppOptions): Promise<Response> {
  const body = await bodyOf(c, context.log)
  if (typeof body !== 'string') return body
  const asked = readQuestion(parseSentJson(body))
  if (typeof asked === 'string') return problem({ status: 400, title: 'Bad request', detail: asked })
  // Loaded at the first question, because most events are alarms.
  const { diagnose } = await import('../app/diagnose.ts')
  const budgetMs = typeof readBudget === 'number' ? readBudget : readBudget()
  const { diagnosis, lookupFailure } = await diagnose(
    {
      clb: asked.clb,
      region: asked.region,
      listenerId: asked.listenerId,
      ...(asked.language ? { language: asked.language } : {}),
      trigger: { source: 'api', alarm: null },
      endsAt: context.clock.now() + budgetMs,
    },
    context,
    deadlineIn(budgetMs),
  )
  if (lookupFailure && lookupFailure.kind !== 'unreadable')
    return problem(problemOf(lookupFailure, diagnosis))
  const wrong = disagreement(asked, diagnosis.loadBalancer)
  if (wrong !== null) return problem({ status: 400, title: 'Bad request', detail: wrong })
  return rendered(diagnosis, c)
}

function problemOf(lookupFailure: LookupFailure, { headline }: Diagnosis): Problem {
  switch (lookupFailure.kind) {
    case 'unknown-load-balancer':
    case 'unknown-domain':
    case 'unknown-listener':
      return { status: 404, title: 'Not found', detail: headline, region: lookupFailure.region }
    case 'ambiguous-vip':
      return { status: 409, title: 'Ambiguous', detail: headline, candidates: lookupFailure.candidates }
    case 'no-region':
    case 'unknown-region':
    case 'not-named':
      return { status: 400, title: 'Bad request', detail: headline }
    case 'defect':
      return { status: 500, title: 'Internal error', detail: headline }
    default:
      return { status: 502, title: 'Tencent Cloud API', detail: headline }
  }
}

const MEDIA_TYPES = {
  'application/json': 'json',
  'text/plain': 'text',
  'text/markdown': 'markdown',
  'text/html': 'html',
} as const satisfies Record<string, Format>

const formatOf = (type: string): Format =>
  Object.entries(MEDIA_TYPES).find(([name]) => name === type)?.[1] ?? 'json'

async function rendered(diagnosis: Diagnosis, c: Context): Promise<Response> {
  const type = accepts(c, {
    header: 'Accept',
    supports: Object.keys(MEDIA_TYPES),
    default: 'application/json',
  })
  const body = await renderAs(formatOf(type), diagnosis)
  return new Response(body, { headers: { 'content-type': `${type}; charset=utf-8` } })
}
