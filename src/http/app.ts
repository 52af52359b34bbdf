import { receive } from '../app/alarms.ts'
import { answer, type Format, renderAs, type Surroundings } from '../app/diagnose.ts'
import { excerpt } from '../app/excerpt.ts'
import { VERSION } from '../app/version.ts'
import type { Intake } from '../model/alarm.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { Obstacle } from '../model/lookup-failure.ts'
import type { Secret } from '../model/secret.ts'
import { mayCall } from './auth.ts'
import { type Problem, problemResponse } from './problem.ts'
import { readQuestion } from './question.ts'
import { accepts, bodyLimit, type Context, Hono } from './web.ts'

export interface AppOptions {
  readonly around: Surroundings
  /** Takes alarms over: answers once they are safe, or why they are to be sent again. */
  readonly accept: (intake: Intake) => Promise<Acceptance>
  /** False behind a platform's gateway, whose caller always looks local or like nobody. */
  readonly trustLoopback: boolean
  readonly addressOf: (context: Context) => string | null
  /** How long `POST /v1/diagnoses` may read, ms. */
  readonly readBudget: number
}

export type Acceptance = 'taken' | 'full' | 'undelivered'

/** Why the sender is asked to repeat itself. */
const REPEAT: Readonly<Record<Exclude<Acceptance, 'taken'>, { problem: Problem; afterSeconds: number }>> = {
  full: {
    problem: { status: 503, title: 'Busy', detail: 'The queue of alarms is full; send it again shortly.' },
    afterSeconds: 30,
  },
  // The longest that a receiver is known to ask for is WeCom's minute.
  undelivered: {
    problem: {
      status: 503,
      title: 'Not delivered',
      detail: 'No receiver took the message, and one said that it will later; send the alarm again shortly.',
    },
    afterSeconds: 60,
  },
}

const BODY_LIMIT = 1024 * 1024

/** The routes of contract 3, the same for `serve` and for the function. */
export function createApp(options: AppOptions): Hono {
  const { around, trustLoopback } = options
  const { config, log } = around
  const app = new Hono()

  const allowed = (c: Context, token: Secret | null): boolean =>
    mayCall(
      {
        authorization: c.req.header('authorization'),
        queryToken: c.req.query('token') ?? null,
        address: options.addressOf(c),
      },
      token,
      trustLoopback,
    )

  const unauthorized = (variable: string, token: Secret | null): Response => {
    const who = trustLoopback ? 'only loopback may call' : 'nobody may call'
    const detail = token
      ? `Show the secret of ${variable} as Authorization: Bearer or ?token=.`
      : `${variable} is not set, so ${who}; set it, and show it as Authorization: Bearer or ?token=.`
    return problem({ status: 401, title: 'Unauthorized', detail }, { 'www-authenticate': 'Bearer' })
  }

  app.use(
    bodyLimit({
      maxSize: BODY_LIMIT,
      onError: () =>
        // What is left of the body is not read: the connection cannot be used again.
        problem(
          { status: 413, title: 'Payload too large', detail: 'The body may have at most 1 MiB.' },
          { connection: 'close' },
        ),
    }),
  )

  app.get('/healthz', (c) => c.json({ status: 'ok', version: VERSION }))

  // The sender checks an address with a GET or an empty body before it saves it (intake facts 1.6).
  app.get('/alarms', (c) => c.json({ sessionId: '', retCode: 0 }))
  app.post('/alarms', async (c) => {
    if (!allowed(c, config.alarmToken)) return unauthorized('CLB_DOCTOR_ALARM_TOKEN', config.alarmToken)
    const body = await c.req.text()
    if (body.trim() === '') return c.json({ sessionId: '', retCode: 0 })
    const payload = parseJson(body)
    if (payload === undefined) {
      log.warn('alarm body is not JSON', { body: excerpt(body) })
      return problem({ status: 400, title: 'Not JSON', detail: 'The body of an alarm must be JSON.' })
    }
    const intake = receive(payload, log)
    // The token of alarms lets in alarms: a scan is started by a timer, which the platform vouches for.
    if (intake.scan) log.warn('scan refused: only a timer of the function starts one', { route: '/alarms' })
    const accepted = intake.alarms.length > 0 ? await options.accept(intake) : 'taken'
    if (accepted !== 'taken') {
      const { problem: why, afterSeconds } = REPEAT[accepted]
      return problem(why, { 'retry-after': String(afterSeconds) })
    }
    return c.json({ sessionId: intake.sessionId ?? '', retCode: 0 })
  })

  app.post('/v1/diagnoses', async (c) => {
    if (!allowed(c, config.apiToken)) return unauthorized('CLB_DOCTOR_API_TOKEN', config.apiToken)
    const asked = readQuestion(parseJson(await c.req.text()))
    if (typeof asked === 'string') return problem({ status: 400, title: 'Bad request', detail: asked })
    const { diagnosis, obstacle } = await answer(
      {
        clb: asked.clb,
        region: asked.region,
        listenerId: asked.listenerId,
        ...(asked.language ? { language: asked.language } : {}),
        trigger: { source: 'api', alarm: null },
      },
      around,
      AbortSignal.timeout(options.readBudget),
    )
    if (obstacle && obstacle.kind !== 'unreadable') return problem(problemOf(obstacle, diagnosis))
    return rendered(diagnosis, c)
  })

  const later = (): Response =>
    problem({
      status: 501,
      title: 'Not available',
      detail: 'The incident history is not available in this version; POST /v1/diagnoses runs a diagnosis.',
    })
  app.get('/v1/incidents', later)
  app.get('/v1/incidents/:id', later)
  app.get('/incidents/:id', later)

  app.notFound((c) =>
    problem({ status: 404, title: 'Not found', detail: `There is no ${c.req.method} ${c.req.path}.` }),
  )
  app.onError((error) => {
    log.error('request failed', { error: error.message, stack: error.stack?.split('\n').slice(0, 6) })
    return problem({ status: 500, title: 'Internal error', detail: 'See the log.' })
  })
  return app
}

const problem = problemResponse

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function problemOf(obstacle: Obstacle, { headline }: Diagnosis): Problem {
  switch (obstacle.kind) {
    case 'unknown-load-balancer':
    case 'unknown-listener':
      return { status: 404, title: 'Not found', detail: headline, region: obstacle.region }
    case 'ambiguous-vip':
      return { status: 409, title: 'Ambiguous', detail: headline, candidates: obstacle.candidates }
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

const FORMATS: Readonly<Record<string, Format>> = {
  'application/json': 'json',
  'text/plain': 'text',
  'text/markdown': 'markdown',
  'text/html': 'html',
}

async function rendered(diagnosis: Diagnosis, c: Context): Promise<Response> {
  const type = accepts(c, { header: 'Accept', supports: Object.keys(FORMATS), default: 'application/json' })
  const format = FORMATS[type] ?? 'json'
  const body = await renderAs(format, diagnosis)
  return new Response(body, { headers: { 'content-type': `${type}; charset=utf-8` } })
}
