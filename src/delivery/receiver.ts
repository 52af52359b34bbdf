import type { Message } from '../model/message.ts'

/**
 * What one attempt to send came to.
 * - `delivered`: the receiver said so itself, in its own words; `reason` where not all of it was.
 * - `retry`: it did not take it, and may later; `afterMs` is its wish, 0 when it has none, and `retries` how many it
 *   puts up with, where it says so.
 * - `permanent`: it will never take it as it is.
 * - `unknown`: the request went out and no usable answer came back; it may have arrived.
 */
export type Outcome =
  | { readonly kind: 'delivered'; readonly reason?: string }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly retries?: number; readonly reason: string }
  | { readonly kind: 'permanent'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** One message on its way to one receiver. */
export interface Delivery {
  /** Stable across attempts: receivers that know idempotency keys get this one. */
  readonly id: string
  /** Same for all messages about one CLB's trouble, and for all scans: for threading. */
  readonly threadId: string
  readonly message: Message
  /** 1 for the first attempt. */
  readonly attempt: number
}

/** A receiver. It sends once and says what came of it; when to try again is not its business. */
export interface Receiver {
  readonly kind: string
  /** Names the receiver in logs and errors: kind and host, never the secret part of its address. */
  readonly label: string
  /** False where a second send after `unknown` could show the message twice. */
  readonly idempotent: boolean
  send(delivery: Delivery, signal: AbortSignal): Promise<Outcome>
}
