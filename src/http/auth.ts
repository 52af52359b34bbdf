import type { AppContext } from '../app/index.ts'
import type { Secret } from '../model/secret.ts'
import { createAttempts, sourceOf } from './attempts.ts'
import { whyNotLocal } from './local.ts'
import { linkCheck, refused } from './pages.ts'
import { problemResponse } from './problem.ts'
import { createTally } from './tally.ts'
import { isRight, shownBy } from './tokens.ts'
import type { Context, MiddlewareHandler } from './web.ts'

/** Who may call if no token is set. */
export interface Access {
  /** False behind a platform's gateway, where every caller looks local or has no address. */
  readonly trustLoopback: boolean
  readonly addressOf: (context: Context) => string | null
  /** False in the function: a wait costs its owner money, and each caller gets an instance of its own. */
  readonly slowsWrongTokens: boolean
}

interface Key {
  readonly variable: string
  readonly tokens: readonly Secret[]
}

export interface Keys {
  readonly alarm: Key
  readonly api: Key
}

/**
 * What a path asks for. Null: the path belongs to no area, so nothing behind the door can be reached there, whatever is
 * registered. A new route is closed without a token unless it is listed here as open.
 */
export function areaOf(path: string): 'open' | 'page' | keyof Keys | null {
  if (path === '/healthz') return 'open'
  if (/^\/(?:alarms(?:\/|$)|$)/.test(path)) return 'alarm'
  if (/^\/incidents(?:\/|$)/.test(path)) return 'page'
  if (/^\/(?:v1|metrics)(?:\/|$)/.test(path)) return 'api'
  return null
}

const isReading = (c: Context): boolean => c.req.method === 'GET' || c.req.method === 'HEAD'

/** A connection can hold many requests without reading an answer. */
const MOST_SLOWED = 256

interface DoorOptions extends Access {
  readonly keys: Keys
  readonly context: Pick<AppContext, 'config' | 'clock' | 'log'>
}

/**
 * Stands before all routes. Admits a caller that shows a token of the area. If the area has no token, only programs on
 * this machine may call, or nobody if loopback is not trusted. All others get 401. An address check, which is a GET of
 * `/alarms`, needs no token, but a wrong one is refused. The page of an incident opens with a signed link or the API token; a
 * person gets a page that says what to do.
 */
export function door(options: DoorOptions): MiddlewareHandler {
  const { keys, context, addressOf } = options
  const { clock, log } = context
  const attempts = createAttempts(() => clock.now())
  const wrong = createTally({
    now: () => clock.now(),
    report: ({ count, sources }) => log.warn('wrong tokens were shown', { count, from: sources }),
  })
  let slowed = 0
  /** Counts a wrong token or signature. Its answer waits, unless so many wait that they would fill the memory. */
  const slow = async (c: Context): Promise<void> => {
    const source = sourceOf(addressOf(c))
    wrong.add(source)
    const wait = attempts.wrong(source)
    if (wait <= 0 || !options.slowsWrongTokens || slowed >= MOST_SLOWED) return
    slowed += 1
    await clock.sleep(wait).finally(() => {
      slowed -= 1
    })
  }
  return async (c, next) => {
    const area = areaOf(c.req.path)
    if (area === 'open') return next()
    if (area === null) return c.notFound()
    const shown = shownBy(c)
    const { variable, tokens } = keys[area === 'page' ? 'api' : area]
    const whyNot = options.trustLoopback ? whyNotLocal(c, addressOf(c)) : 'nobody may call'
    if (area === 'page') {
      const { outcome } = linkCheck(c, context)
      if (outcome === 'right') return next()
      if (outcome === 'wrong') await slow(c)
      const isOpenHere = tokens.length === 0 && whyNot === null
      if (outcome !== 'none' || (shown.length === 0 && !isOpenHere)) return refused(c, context, outcome)
    }
    if (tokens.length === 0)
      return whyNot === null
        ? next()
        : unauthorized(`${variable} is not set, and ${whyNot}; set it, and ${SHOW}`)
    if (isRight(shown, tokens)) return next()
    if (shown.length === 0) {
      if (isReading(c) && c.req.path === '/alarms') return next()
      if (isReading(c) && c.req.path === '/') return c.notFound()
      return unauthorized(`Show the secret of ${variable}: ${SHOW}`)
    }
    await slow(c)
    return unauthorized(`The token is wrong. Show the secret of ${variable}: ${SHOW}`)
  }
}

const SHOW = 'show it as Authorization: Bearer, as the password of Basic, or as ?token=.'

const unauthorized = (detail: string): Response =>
  problemResponse(
    { status: 401, title: 'Unauthorized', detail },
    { 'www-authenticate': 'Bearer, Basic realm="clb-doctor"' },
  )
