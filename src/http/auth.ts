import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../model/secret.ts'
import { problemResponse } from './problem.ts'
import type { Context, MiddlewareHandler } from './web.ts'

/** Compares in constant time, so that the time does not reveal how much of a guess is right. */
function isSame(given: string, secret: Secret): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(secret.reveal()))
}

export const isLoopback = (address: string | null): boolean =>
  address !== null && (/^(::ffff:)?127\./.test(address) || address === '::1')

/** Who may call if no secret is set. */
export interface Access {
  /** False behind a platform's gateway, where every caller looks local or has no address. */
  readonly trustLoopback: boolean
  readonly addressOf: (context: Context) => string | null
}

/**
 * Admits a caller that shows the secret of `variable`, as `Authorization: Bearer` or as `?token=`. If the secret is not
 * set, only loopback may call, or nobody if loopback is not trusted. All others get 401.
 */
export const requireSecret =
  (variable: string, secret: Secret | null, { trustLoopback, addressOf }: Access): MiddlewareHandler =>
  async (c, next) => {
    const isAllowed = secret
      ? shownBy(c).some((given) => isSame(given, secret))
      : trustLoopback && isLoopback(addressOf(c))
    if (isAllowed) return next()
    const who = trustLoopback ? 'only loopback may call' : 'nobody may call'
    const detail = secret
      ? `Show the secret of ${variable} as Authorization: Bearer or ?token=.`
      : `${variable} is not set, so ${who}; set it, and show it as Authorization: Bearer or ?token=.`
    return problemResponse({ status: 401, title: 'Unauthorized', detail }, { 'www-authenticate': 'Bearer' })
  }

function shownBy(c: Context): readonly string[] {
  const bearer = /^Bearer\s+(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1]?.trim()
  return [bearer, c.req.query('token')].filter((given) => given !== undefined)
}
