import { isAlarm, type Keeper, parseAlarms, refuseBody, refuseSize } from '../app/alarms.ts'
import type { ParsedPayload } from '../model/alarm.ts'
import type { Log } from '../model/log.ts'
import { parseSentJson } from '../model/untrusted.ts'
import { bodyOf } from './body.ts'
import { type Problem, problemResponse as problem } from './problem.ts'
import type { Context } from './web.ts'

export type EnqueueResult = 'enqueued' | 'untaken' | 'undelivered'

/** The answer that makes a sender repeat an alarm. */
const REPEAT: Readonly<
  Record<Exclude<EnqueueResult, 'enqueued'>, { problem: Problem; afterSeconds: number }>
> = {
  untaken: {
    problem: {
      status: 503,
      title: 'Store not available',
      detail: 'The store takes nothing at the moment; send the alarm again shortly. The log says why.',
    },
    afterSeconds: 30,
  },
  // WeCom asks for a minute, the longest wait of any known receiver.
  undelivered: {
    problem: {
      status: 503,
      title: 'Not delivered',
      detail:
        'No receiver took the message: none in time, or one said that it will later; send the alarm again shortly.',
    },
    afterSeconds: 60,
  },
}

/** The answer that tells Cloud Monitor that it need not repeat the alarm (intake facts 1.6). */
export const taken = (c: Context, sessionId: string | null = null): Response =>
  c.json({ sessionId: sessionId ?? '', retCode: 0 })

interface AlarmsOptions {
  readonly log: Log
  readonly keeper: Keeper | undefined
  /** Takes the alarms of a payload, which is given as it was sent. */
  readonly enqueue: (parsed: ParsedPayload, payload: unknown) => Promise<EnqueueResult>
}

/**
 * Takes the alarms of a body. An empty body is an address check. At `/`, the address of a function URL as the console
 * shows it, only an alarm is taken; anything else is not found.
 */
export async function takeAlarms(c: Context, options: AlarmsOptions): Promise<Response> {
  const { log, keeper, enqueue } = options
  const body = await bodyOf(c, log)
  if (typeof body !== 'string') {
    if (body.status === 413) refuseSize(announced(c), log, keeper)
    return body
  }
  if (body.trim() === '') return taken(c)
  const payload = parseSentJson(body)
  if (c.req.path === '/' && !isAlarm(payload)) return c.notFound()
  if (payload === undefined) {
    refuseBody(body, log, keeper)
    return problem({ status: 400, title: 'Not JSON', detail: 'The body of an alarm must be JSON.' })
  }
  const parsed = parseAlarms(payload, log, keeper)
  // The alarm token only permits alarms. A scan needs a timer event, which comes from the platform itself.
  if (parsed.scan) log.warn('scan refused: only a timer of the function starts one', { route: '/alarms' })
  const result = parsed.alarms.length > 0 ? await enqueue(parsed, payload) : 'enqueued'
  if (result === 'enqueued') return taken(c, parsed.sessionId)
  const { problem: why, afterSeconds } = REPEAT[result]
  return problem(why, { 'retry-after': String(afterSeconds) })
}

/** How many bytes a request says that it has. */
function announced(c: Context): number | null {
  const length = Number(c.req.header('content-length') ?? Number.NaN)
  return Number.isSafeInteger(length) ? length : null
}
