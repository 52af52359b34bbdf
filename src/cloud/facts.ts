import type { Fact } from '../model/fact.ts'
import type { Action } from './actions.ts'
import { readHalving } from './batch.ts'
import type { Facts, Fetch, Kind, Reading, Ticket } from './cloud.ts'

export interface FactsOptions {
  /** Waits for a turn of the action. Null if there will be none. */
  readonly turn: (action: Action) => Promise<Ticket | null>
  /** Waits for more ids before a call that is not full. Null: no wait. */
  readonly gather: (() => Promise<void>) | null
  /** False for one diagnosis: everything that was read is kept. */
  readonly bounded: boolean
}

interface Entry {
  readonly id: string
  readonly wave: number
  readonly settle: (fact: Fact<unknown>) => void
  readonly fail: (error: unknown) => void
}

/** Ids that wait for a call, and the number of calls that are about to take them. */
interface Lane {
  readonly pending: Entry[]
  senders: number
}

export function createFacts({ turn, gather, bounded }: FactsOptions): Facts {
  const kept = new Map<Kind, Map<string, Promise<Fact<unknown>>>>()
  const lanes = new Map<Kind, Map<string, Lane>>()

  async function send<T>(lane: Lane, { kind, where }: Reading, fetch: Fetch<T>): Promise<void> {
    if (gather && lane.pending.length < kind.size) await gather()
    const ticket = await turn(kind.action)
    lane.senders -= 1
    const entries = lane.pending.splice(0, kind.size)
    const wave = Math.max(...entries.map((entry) => entry.wave))
    try {
      const found = await readHalving(
        entries.map(({ id }) => id),
        (ids, halvings) => fetch(ids, { region: where.region, wave: wave + halvings, ticket }),
        kind.halvesOn,
      )
      const facts = new Map(found)
      for (const { id, settle, fail } of entries) {
        const fact = facts.get(id)
        if (!fact) fail(new Error(`no answer for ${id}`))
        else settle(fact.state === 'ok' ? { state: 'ok', value: fact.value(id) } : fact)
      }
    } catch (error) {
      for (const { fail } of entries) fail(error)
    }
  }

  function enqueue<T>(id: string, reading: Reading, fetch: Fetch<T>): Promise<Fact<unknown>> {
    const { kind, where } = reading
    const own = entryOf(lanes, kind, () => new Map<string, Lane>())
    const lane = entryOf(own, slot(reading), () => ({ pending: [], senders: 0 }))
    const fact = new Promise<Fact<unknown>>((settle, fail) => {
      lane.pending.push({ id, wave: where.wave, settle, fail })
    })
    if (lane.senders * kind.size < lane.pending.length) {
      lane.senders += 1
      void send(lane, reading, fetch).finally(() => {
        if (lane.senders === 0) own.delete(slot(reading))
      })
    }
    return fact
  }

  function ask<T>(id: string, reading: Reading, fetch: Fetch<T>): Promise<Fact<unknown>> {
    const { kind } = reading
    const memory = entryOf(kept, kind, () => new Map<string, Promise<Fact<unknown>>>())
    const key = `${slot(reading)} ${id}`
    const known = memory.get(key)
    const fact = known ?? enqueue(id, reading, fetch)
    if (!bounded) {
      memory.set(key, fact)
      return fact
    }
    memory.delete(key)
    memory.set(key, fact)
    for (const oldest of memory.keys()) {
      if (memory.size <= kind.keep) break
      memory.delete(oldest)
    }
    // A passing failure is not kept, so that the next reader can try again.
    const forget = (): void => {
      if (memory.get(key) === fact) memory.delete(key)
    }
    if (!known) fact.then((settled) => (isPassing(settled) ? forget() : undefined), forget)
    return fact
  }

  return {
    async read<T>(reading: Reading, fetch: Fetch<T>) {
      const ids = [...new Set(reading.ids)]
      const facts = await Promise.all(ids.map((id) => ask(id, reading, fetch)))
      return new Map(ids.map((id, i) => [id, facts[i] as Fact<T>]))
    },
  }
}

const slot = ({ where, within = '' }: Reading): string => `${where.region} ${within}`

const isPassing = (fact: Fact<unknown>): boolean =>
  fact.state === 'failed' && fact.failure.problem !== 'not-found'

function entryOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const found = map.get(key) ?? create()
  map.set(key, found)
  return found
}
