import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../model/secret.ts'

/** Constant in time, whatever the lengths. */
function same(given: string, secret: Secret): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(secret.reveal()))
}

export const isLoopback = (address: string | null): boolean =>
  address !== null && (/^(::ffff:)?127\./.test(address) || address === '::1')

export interface Caller {
  readonly authorization: string | undefined
  /** From `?token=`; null where the route does not take it. */
  readonly queryToken: string | null
  readonly address: string | null
}

/**
 * With a token configured the caller must show it, as `Authorization: Bearer` or in the query; without one only
 * loopback may call, and where the platform stands in front (`trustLoopback` false) nobody may.
 */
export function mayCall(caller: Caller, token: Secret | null, trustLoopback: boolean): boolean {
  if (!token) return trustLoopback && isLoopback(caller.address)
  const bearer = /^Bearer\s+(.+)$/i.exec(caller.authorization ?? '')?.[1]?.trim()
  return [bearer, caller.queryToken].some((given) => typeof given === 'string' && same(given, token))
}
