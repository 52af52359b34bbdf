import type { Text } from '../model/language.ts'
import { TextError } from '../model/text-error.ts'

/** Where a record is: in a collection, which is any text, by an id. */
export interface Key {
  readonly collection: string
  readonly id: string
}

export interface Stored {
  readonly id: string
  readonly value: string
  /** What the collection is ordered by: milliseconds since the epoch, a whole number from 0. */
  readonly at: number
  /** Unique over the life of the store: a record that was removed and made again has another one. */
  readonly version: number
}

export interface Put extends Key {
  readonly value: string
  readonly at: number
  /** An existing record keeps its `at`. */
  readonly keepAt?: boolean
  /** An existing record stays as it is. */
  readonly ifNew?: boolean
}

/** The record must have this version. Null: it must not exist. */
export interface Condition extends Key {
  readonly version: number | null
}

/** One step: all of it is written, or nothing. Removals come before puts; of two puts of one key the last one stays. */
export interface Change {
  readonly when?: readonly Condition[]
  readonly remove?: readonly Key[]
  readonly put?: readonly Put[]
}

export interface Query {
  /** Only records with at <= upTo. */
  readonly upTo?: number
  readonly newestFirst?: boolean
  /** Only what comes behind this record in the given order. It may have been removed since. */
  readonly after?: { readonly at: number; readonly id: string }
  readonly limit: number
}

/** Who can see what is in it: this process, the owner of a folder, or every instance. */
export type StoreKind = 'process' | 'folder' | 'shared'

/** Every method rejects with a StoreError and with no other error. */
export interface Store {
  readonly kind: StoreKind
  /** When this store began, in ms since the epoch: with the process, with its file, or when Redis was first used. */
  readonly since: number
  /** The records of one moment, in the order of the keys. */
  read(keys: readonly Key[]): Promise<readonly (Stored | null)[]>
  /**
   * False: a condition did not hold, and nothing was written. It resolves when the change is durable. After `unavailable`
   * it is not known whether the change was written; everything else that rejects wrote nothing.
   */
  write(change: Change): Promise<boolean>
  /** Ordered by (at, id); ids compare by their UTF-8 bytes. */
  list(collection: string, query: Query): Promise<readonly Stored[]>
  count(collection: string): Promise<number>
  /** A claim ends by itself after `forMs`. Its holder may renew it. False: somebody else holds it. */
  claim(name: string, holder: string, forMs: number): Promise<boolean>
  /** Ends the claim if this holder has it. */
  release(name: string, holder: string): Promise<void>
  close(): Promise<void>
}

/**
 * `full`: there is no room; it works again when there is. `unavailable`: Redis cannot be reached at the moment.
 * `owned`: another process owns the folder. `newer`: a newer version wrote it. `defect`: the data or the call is wrong.
 */
export type StoreTrouble = 'full' | 'unavailable' | 'owned' | 'newer' | 'defect'

export class StoreError extends TextError {
  override readonly name = 'StoreError'
  readonly kind: StoreTrouble

  constructor(kind: StoreTrouble, text: Text, options?: ErrorOptions) {
    super(text, options)
    this.kind = kind
  }

  /** Each bundle of the build has a class of its own. An error of one is an error of all. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'StoreError'
  }
}
