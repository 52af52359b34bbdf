import type { RefusalReason } from './alarm.ts'

/** A payload that was refused, as it is kept for the person who set up its sender. */
export interface RefusedPayload {
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly reason: RefusalReason | 'not-json' | 'too-large'
  readonly detail: string
  /** At most 2 KB, without credentials. Empty if the body was not read. */
  readonly excerpt: string
}
