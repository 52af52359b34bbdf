import type { Digest } from '../model/incident.ts'
import type { Message } from '../model/message.ts'

/**
 * The outcome of one attempt to send.
 * - `delivered`: the receiver confirmed it. `reason` is set if only a part was delivered. `reference`: the receiver's own
 * key of what it made. It comes back with later messages of the incident. `ticket`: the key by which people know it.
 * `extra`: messages beside this one that count towards its limit. `isCheck`: nothing was made or sent, only looked at.
 * - `retry`: not accepted now, but possible later. `afterMs` is the wait that the receiver asks for, else 0. `retries`
 * is its limit, if it has one. `isUntried`: nothing of this attempt can have arrived. `isOwn`: the wait is that of this
 * message, so others go on.
 * - `permanent`: the receiver will never accept this message.
 * - `unknown`: the request went out without a usable answer, so the message may have arrived.
 */
export type Outcome =
  | {
      readonly kind: 'delivered'
      readonly reason?: string
      readonly extra?: number
      readonly isCheck?: true
      readonly reference?: string
      readonly ticket?: string
    }
  | {
      readonly kind: 'retry'
      readonly afterMs: number
      readonly retries?: number
      readonly isUntried?: boolean
      readonly isOwn?: boolean
      readonly reason: string
    }
  | { readonly kind: 'permanent'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** One message to one receiver. */
export interface Delivery {
  /** The same for all attempts. Receivers with idempotency keys use it as the key. */
  readonly id: string
  /** The same for all messages about one CLB, and for all scans. Receivers use it for threads. */
  readonly threadId: string
  /** The subject of the first message of this incident, or `fresh` if this is the first. */
  readonly subjectFor: (fresh: string) => string
  readonly message: Message
  /** 1 for the first attempt. */
  readonly attempt: number
  /** An earlier attempt may have arrived. A chat marks the message, so that nobody takes it for news. */
  readonly mayRepeat: boolean
  /** When the last attempt began or ended that can have arrived, ms since the epoch. Null: there was none. */
  readonly triedAt: number | null
  /** Whom to mention, in the receiver's own form: a user id, a phone number, an open id. */
  readonly mentions: readonly string[]
  /** What the receiver called the incident in its last answer, for example the key of a ticket. Null: not told yet. */
  readonly reference: string | null
  /** How many more messages the limit of the receiver has room for, after this one. */
  readonly room: number
}

/** At most `most` messages in `perMs`. */
export interface Window {
  readonly most: number
  readonly perMs: number
}

/** Sends a message once and returns the outcome. The retry stage decides on further attempts. */
export interface Receiver {
  readonly kind: string
  /** The receiver in logs and errors: kind and host, never the secret part of its address. */
  readonly label: string
  /** False if a second send after `unknown` could show the message twice. */
  readonly idempotent: boolean
  /** Below the receiver's own limits. Left out: it has none. */
  readonly windows?: readonly Window[]
  /** It keeps each incident by itself, so it gets no message about several incidents. */
  readonly keepsEach?: boolean
  /** The message of an open incident is sent again after this time, in ms, because the receiver forgets it. */
  readonly resendMs?: number
  /** One attempt may take so long, in ms. Left out: what is usual for a chat. */
  readonly attemptMs?: number
  /**
   * The ids of the incidents that its message names, of several in one message, also if it has the mark of a repeat. Left
   * out: all of them.
   */
  readonly namesIn?: (digest: Digest, mentions: readonly string[]) => Promise<readonly string[]>
  /** About so many incidents fit into one message. Left out: as many as a digest may have. */
  readonly digestSize?: number
  send(delivery: Delivery, signal: AbortSignal): Promise<Outcome>
}
