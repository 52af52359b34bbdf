import type { RefusalReason } from './alarm.ts'

/** A payload that was refused, as it is kept for the person who set up its sender. */
export interface RefusedPayload {
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly reason: RefusalReason | 'not-json'
  readonly detail: string
  /** At most 2 KB, without credentials. */
  readonly excerpt: string
}
