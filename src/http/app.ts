import { parseAlarms } from '../app/alarms.ts'
import { diagnose, renderAs } from '../app/diagnose.ts'
import { excerpt } from '../app/excerpt.ts'
import type { AppContext } from '../app/index.ts'
import { VERSION } from '../app/version.ts'
import type { ParsedPayload } from '../model/alarm.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { Format } from '../model/formats.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { parseSentJson } from '../model/untrusted.ts'
import { type Access, requireSecret } from './auth.ts'
import { type Problem, problemResponse as problem } from './problem.ts'
import { readQuestion } from './question.ts'
import { accepts, bodyLimit, type Context, Hono } from './web.ts'

export interface AppOptions extends Access {
  readonly context: AppContext
  /** Takes alarms over. Resolves once they are safe, or with the reason why the sender must repeat them. */
  readonly enqueue: (parsed: ParsedPayload) => Promise<EnqueueResult>
  /** Time for reading in `POST /v1/diagnoses`, ms. */
  readonly readBudget: number
}

export type EnqueueResult = 'enqueued' | 'full' | 'undelivered'

/** The answer that makes a sender repeat an alarm. */
const REPEAT: Readonly<
  Record<Exclude<EnqueueResult, 'enqueued'>, { problem: Problem; afterSeconds: number }>
> = {
  full: {
    problem: { status: 503, title: 'Busy', detail: 'The queue of alarms is full; send it again shortly.' },
    afterSeconds: 30,
  },
  // WeCom asks for a minute, the longest wait of any known receiver.
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

/** The routes of contract 3, for `serve` and for the function. */
export function createApp(options: AppOptions): Hono {
  const { context } = options
  const { config, log } = context
  const app = new Hono()

  app.use(
    bodyLimit({
      maxSize: BODY_LIMIT,
      onError: () =>
        // The rest of the body is not read, so the connection cannot be reused.
        problem(
          { status: 413, title: 'Payload too large', detail: 'The body may have at most 1 MiB.' },
          { connection: 'close' },
        ),
    }),
  )

  app.get('/healthz', (c) => c.json({ status: 'ok', version: VERSION }))

  // Cloud Monitor checks an address with a GET or an empty body before it saves it (intake facts 1.6).
  app.get('/alarms', (c) => c.json({ sessionId: '', retCode: 0 }))
  app.post('/alarms', requireSecret('CLB_DOCTOR_ALARM_TOKEN', config.alarmToken, options), async (c) => {
    const body = await c.req.text()
    if (body.trim() === '') return c.json({ sessionId: '', retCode: 0 })
    const payload = parseSentJson(body)
    if (payload === undefined) {
      log.warn('alarm body is not JSON', { body: excerpt(body) })
      return problem({ status: 400, title: 'Not JSON', detail: 'The body of an alarm must be JSON.' })
    }
    const parsed = parseAlarms(payload, log)
    // The alarm token only permits alarms. A scan needs a timer event, which comes from the platform itself.
    if (parsed.scan) log.warn('scan refused: only a timer of the function starts one', { route: '/alarms' })
    const result = parsed.alarms.length > 0 ? await options.enqueue(parsed) : 'enqueued'
    if (result !== 'enqueued') {
      const { problem: why, afterSeconds } = REPEAT[result]
      return problem(why, { 'retry-after': String(afterSeconds) })
    }
    return c.json({ sessionId: parsed.sessionId ?? '', retCode: 0 })
  })

  app.post('/v1/diagnoses', requireSecret('CLB_DOCTOR_API_TOKEN', config.apiToken, options), async (c) => {
    const asked = readQuestion(parseSentJson(await c.req.text()))
    if (typeof asked === 'string') return problem({ status: 400, title: 'Bad request', detail: asked })
    const { diagnosis, lookupFailure } = await diagnose(
      {
        clb: asked.clb,
        region: asked.region,
        listenerId: asked.listenerId,
        ...(asked.language ? { language: asked.language } : {}),
        trigger: { source: 'api', alarm: null },
      },
      context,
      AbortSignal.timeout(options.readBudget),
    )
    if (lookupFailure && lookupFailure.kind !== 'unreadable')
      return problem(problemOf(lookupFailure, diagnosis))
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
