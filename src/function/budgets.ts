import type { Budget } from '../app/diagnose.ts'
import type { InPlaceBudget } from '../app/incidents/engine.ts'
import { isObject } from '../model/untrusted.ts'

// How long an event may take. A function works before it answers, because it is frozen once it has answered. Reading stops
// early enough that what is known can be told, and telling gets the time that is left. No budget is ever 0: without time
// nobody would be told, and nobody would know why.

/** The limit of the function in serverless.yml, for a platform that does not say it. */
const TIME_LIMIT_MS = 60_000
/** The sender of an alarm waits 5 s (intake facts 1.6). */
const SENDER_MS = 5_000
const HTTP_SPARE_MS = 500
const HTTP_READ_MS = 3_000
/** For events whose sender does not wait. */
const EVENT: InPlaceBudget = { read: 25_000, total: 50_000 }
const EVENT_SPARE_MS = 1_000
/** The least, also where the limit is over already. */
const LEAST_MS = 50

/**
 * What is left of `total` after `spent`. Who is late still gets half of the time until the limit.
 */
const left = (total: number, limit: number, spent: number): number =>
  Math.max(total - spent, (limit - spent) / 2, LEAST_MS)

/** The answer to an HTTP event leaves before the function's own limit, and before its sender gives up. */
export function httpBudget(platformContext: unknown, spent: number): InPlaceBudget {
  const limit = Math.min(SENDER_MS, timeLimitOf(platformContext))
  const total = left(limit - Math.min(HTTP_SPARE_MS, limit / 2), limit, spent)
  return { read: Math.min(HTTP_READ_MS, total * 0.66), total }
}

export function eventBudget(platformContext: unknown, spent: number): InPlaceBudget {
  const limit = timeLimitOf(platformContext)
  const total = left(Math.min(EVENT.total, limit - Math.min(EVENT_SPARE_MS, limit * 0.3)), limit, spent)
  return { read: Math.min(EVENT.read, total / 2), total }
}

/** A scan may read as long as the function runs, minus the time for delivery. */
export function scanBudget(platformContext: unknown): Budget {
  const limit = timeLimitOf(platformContext)
  const total = limit - Math.min(2_000, limit * 0.1)
  return {
    read: total - Math.min(15_000, total * 0.3),
    deliver: (spent) => Math.max(total - spent, 500),
  }
}

/** SCF's `time_limit_in_ms`, as a number or digits. */
function timeLimitOf(platformContext: unknown): number {
  const given = isObject(platformContext) ? Number(platformContext.time_limit_in_ms ?? 0) : 0
  return Number.isFinite(given) && given > 0 ? given : TIME_LIMIT_MS
}
