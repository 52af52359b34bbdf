import type { Message } from '../../model/message.ts'
import type { Receiver } from '../receiver.ts'

// What a lane asks for when it is about to send, and what it gets.

/** Why a message is made. */
export interface Occasion {
  /** Several incidents in one message, because the receiver was away or its limit is used up. */
  readonly why: 'away' | 'limit' | null
  /** Since when, ms since the epoch. */
  readonly since: number
  /** Which incidents of a digest the receiver's message names. Null: all of them. */
  readonly namesIn: NonNullable<Receiver['namesIn']> | null
}

/** A message that is made at the moment it is sent. */
export interface Composed {
  readonly message: Message
  readonly mentions: readonly string[]
  readonly threadId: string
  /** What the receiver called it in its last answer. */
  readonly reference: string | null
  /** The subject of the first mail. Null: this is the first. */
  readonly subject: string | null
}

/** What is made of some of the things that wait, by their names. What it does not name stays as it is. */
export interface Composition {
  /** Null: nothing is sent now. */
  readonly composed: Composed | null
  /** What `composed` tells, and what of it is news now. */
  readonly tells: readonly { readonly about: string; readonly news: readonly string[] }[]
  /** There is nothing to tell of these any more. */
  readonly over: readonly string[]
  /** What waits of these would be wrong now. It is told later, if it is right then. */
  readonly waits: readonly string[]
}
