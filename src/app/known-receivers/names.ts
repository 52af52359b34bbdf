import type { Clock } from '../../model/clock.ts'
import type { Log } from '../../model/log.ts'
import type { Store, Stored } from '../../store/index.ts'
import type { ConfiguredReceiver } from '../receivers.ts'
import { hashed, RECORD, recordIn } from './record.ts'

// Instances that share a store may have other receivers for a while, for example while they are replaced one by one. The one
// that started last gave the names to its addresses. The others send nothing under a name that is not theirs, and do not
// decide who is told, because they may not know all names.

export interface Names {
  /** False: the store keeps another address under this name at the moment. */
  isOwn(name: string): Promise<boolean>
  /** True if that is so of no name. */
  areOwn(): Promise<boolean>
  /** Takes the names back if they belonged to other addresses for a minute. Never throws. */
  keep(): Promise<void>
}

interface Options {
  readonly store: Store
  readonly receivers: readonly ConfiguredReceiver[]
  readonly clock: Clock
  readonly log: Log
}

/** Who is replaced has ended by then. */
const PATIENCE_MS = 60_000

/** Nobody else has the store. */
const ALONE: Names = { isOwn: async () => true, areOwn: async () => true, keep: async () => {} }

export function createNames({ receivers, ...options }: Options): Names {
  const { store, clock, log } = options
  if (store.kind !== 'shared') return ALONE
  let last: { readonly version: number; readonly names: ReadonlySet<string> } | null = null
  let since: number | null = null

  async function foreign(): Promise<ReadonlySet<string>> {
    const [stored] = await store.read([RECORD])
    if (!stored) return new Set()
    if (last?.version !== stored.version)
      last = { version: stored.version, names: foreignIn(stored, receivers) }
    return last.names
  }

  async function tryKeep(): Promise<void> {
    const names = await foreign()
    if (names.size === 0) {
      since = null
      return
    }
    const now = clock.now()
    if (since === null) {
      since = now
      log.warn(
        'another instance has other receivers: this one sends nothing under these names for now; give all instances the same receivers',
        { receivers: [...names] },
      )
    }
    if (now - since < PATIENCE_MS) return
    since = null
    await (await import('./carry-over.ts')).carryOver(receivers, { ...options, patienceMs: PATIENCE_MS / 2 })
  }

  return {
    isOwn: async (name) => !(await foreign()).has(name),
    areOwn: async () => (await foreign()).size === 0,
    async keep() {
      try {
        await tryKeep()
      } catch (error) {
        log.warn('the names of receivers could not be compared; tried again', {
          error: error instanceof Error ? error.message : String(error),
        })
      }
    },
  }
}

/** Names of these receivers under which the store keeps something else. While it is moved, nobody knows what is where. */
function foreignIn(stored: Stored, receivers: readonly ConfiguredReceiver[]): ReadonlySet<string> {
  const record = recordIn(stored)
  if (record === null) return new Set()
  if (record.moving !== null) return new Set(receivers.map(({ name }) => name))
  const known = new Map(record.known.map(({ name, hash }) => [name, hash]))
  const others = hashed(receivers, record.key).filter(({ name, hash }) => (known.get(name) ?? hash) !== hash)
  return new Set(others.map(({ name }) => name))
}
