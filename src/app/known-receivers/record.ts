import { createHmac } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import type { Log } from '../../model/log.ts'
import type { Key, Put, Store, Stored } from '../../store/index.ts'
import type { ConfiguredReceiver } from '../receivers.ts'

// What the store knows of receivers: under which name it keeps which address. An address can be secret, so it is kept as a hash
// with a key. One record, so that it is read at once and changes at once.

export interface KnownOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** How long to wait for another instance that moves something at this moment. */
  readonly patienceMs: number
}

/** A newer version may name addresses in another form. What it wrote counts as nothing then. */
const FORM = 1

export const RECORD: Key = { collection: 'receivers', id: 'known' }

export interface Known {
  readonly name: string
  /** Of its address. */
  readonly hash: string
  /** Since when no receiver has this address, ms since the epoch. Left out: one has. */
  readonly goneAt?: number
}

/**
 * - `renamed`: the address has another name now.
 * - `shared`: the same, and several receivers have this address.
 * - `replaced`: no receiver has the address any more, and a new address has its name.
 * - `retired`: no receiver has the address any more, and another one that is known has its name.
 */
export type Why = 'renamed' | 'shared' | 'replaced' | 'retired'

export interface Move {
  readonly from: string
  readonly to: string
  readonly why: Why
}

export interface KnownReceivers {
  /** Of the hashes. It never leaves the store. */
  readonly key: string
  readonly known: readonly Known[]
  /**
   * Moves that have begun. Two receivers may have changed places, so everything goes to a place between (`away`) before it
   * goes to its new name (`home`).
   */
  readonly moving: { readonly phase: 'away' | 'home'; readonly moves: readonly Move[] } | null
}

/** Null: the store is new, or another version wrote it. */
export function recordIn(stored: Stored | null | undefined): KnownReceivers | null {
  if (!stored) return null
  const { form, ...record } = JSON.parse(stored.value) as KnownReceivers & { readonly form: number }
  return form === FORM ? record : null
}

export const writtenRecord = (record: KnownReceivers, at: number): Put => ({
  ...RECORD,
  value: JSON.stringify({ form: FORM, ...record }),
  at,
})

type Named = Pick<ConfiguredReceiver, 'name' | 'address'>

export const hashed = (receivers: readonly Named[], key: string): readonly Known[] =>
  receivers.map(({ name, address }) => ({
    name,
    hash: createHmac('sha256', key).update(address.identity.reveal()).digest('hex').slice(0, 32),
  }))

/** True if every receiver has the name under which the store keeps its address, and there was no other one. */
export function isAsKnown({ key, known, moving }: KnownReceivers, receivers: readonly Named[]): boolean {
  const present = new Map(
    known.flatMap(({ name, hash, goneAt }) => (goneAt === undefined ? [[name, hash]] : [])),
  )
  return (
    moving === null &&
    present.size === receivers.length &&
    hashed(receivers, key).every(({ name, hash }) => present.get(name) === hash)
  )
}
