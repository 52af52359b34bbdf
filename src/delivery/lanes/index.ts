import { systemClock } from '../../model/clock.ts'
import type { Proxies } from '../../net/index.ts'
import type { Address } from '../address.ts'
import { createPost } from '../post.ts'
import { type LaneOptions, type NamedReceiver, type Stepped, step } from './lane.ts'
import type { LaneReport } from './outcome.ts'
import { dropRemoved } from './removed.ts'
import { connected } from './shared.ts'
import { CLAIM_MS, claimOf } from './state.ts'

// Each receiver has a lane. A lane takes what waits for its receiver from the store and sends one message at a time, so a
// receiver that hangs delays nobody else. Several instances share the lanes: one holds the claim on a lane at a time.

export type { Composed, Composition, Occasion } from './composition.ts'
export type { Entry, Group } from './entry.ts'
export { entryOf, outboxOf, waiting } from './entry.ts'
export type { LaneOptions, NamedReceiver } from './lane.ts'
export { moveLane } from './moved.ts'
export type { LaneReport } from './outcome.ts'
export { claimOf, heldUntilOf, laneStateKey, tryAtOnce } from './state.ts'

export interface LanesOptions extends LaneOptions {
  readonly receivers: readonly { readonly name: string; readonly address: Address }[]
  readonly proxies: Proxies
  /** The id of this instance. */
  readonly holder: string
}

export interface Lanes {
  /** Sends what is due, until nothing is or `until` comes (ms since the epoch). For a process that does not live on. */
  runUntil(until: number): Promise<readonly LaneReport[]>
  /** Sends from now on, until it is stopped. */
  start(): RunningLanes
  /** Drops what waited for a day for a receiver that was removed. `isOver`: the caller has no time left. */
  dropRemoved(isOver: () => boolean): Promise<void>
}

export interface RunningLanes {
  /** Something new may wait. */
  poke(): void
  /** Ends after the messages that are on their way, or after `withinMs`. Everything else stays in the store. */
  stop(withinMs: number): Promise<void>
}

/** For writing down what came of the attempts that a stop cut off. */
const LAST_WORDS_MS = 2_000
const NOTHING: Stepped = { nextAt: null, reports: [] }
/** Another instance may have put something in the outbox. */
const POLL_MS = 1_000

export function createLanes({ receivers: addresses, proxies, ...options }: LanesOptions): Lanes {
  const means = { post: createPost(proxies), now: options.clock.now }
  return lanesOf(connected(addresses, means), options)
}

/** The lanes of these receivers. */
export function lanesOf(
  receivers: readonly NamedReceiver[],
  options: Omit<LanesOptions, 'receivers' | 'proxies'>,
): Lanes {
  const { store, clock, log, holder, isOwn } = options

  /** The next step of a lane, if no other instance holds it. */
  async function stepped(own: NamedReceiver, cutOff: AbortSignal) {
    const claim = claimOf(own.name)
    if (!(await isOwn(own.name))) {
      await store.release(claim, holder)
      return NOTHING
    }
    if (!(await store.claim(claim, holder, CLAIM_MS))) return null
    const renewal = setInterval(() => {
      store.claim(claim, holder, CLAIM_MS).catch(() => {})
    }, CLAIM_MS / 3)
    try {
      return await step(own, options, cutOff)
    } finally {
      clearInterval(renewal)
    }
  }

  async function drained(own: NamedReceiver, until: number): Promise<readonly LaneReport[]> {
    const all: LaneReport[] = []
    const cutOff = new AbortController()
    const patience = setTimeout(() => cutOff.abort(), Math.max(0, until - clock.now()))
    try {
      while (clock.now() < until) {
        const done = await stepped(own, cutOff.signal)
        all.push(...(done?.reports ?? []))
        if (done?.nextAt === null) break
        const nextAt = done?.nextAt ?? clock.now() + 200
        if (nextAt >= until) break
        if (nextAt > clock.now()) await clock.sleep(nextAt - clock.now())
      }
    } finally {
      clearTimeout(patience)
    }
    await store.release(claimOf(own.name), holder)
    return all
  }

  function start(): RunningLanes {
    const stopping = new AbortController()
    const cutOff = new AbortController()
    const sleepers = new Set<AbortController>()

    /** Ends early when the lanes are poked or stopped. */
    async function slept(ms: number): Promise<void> {
      const sleeper = new AbortController()
      sleepers.add(sleeper)
      await clock.sleep(ms, sleeper.signal).catch(() => {})
      sleepers.delete(sleeper)
    }

    const wakeAll = (): void => {
      for (const sleeper of sleepers) sleeper.abort()
    }

    async function live(own: NamedReceiver): Promise<void> {
      while (!stopping.signal.aborted) {
        let nextAt: number | null = null
        try {
          nextAt = (await stepped(own, cutOff.signal))?.nextAt ?? null
        } catch (error) {
          log.error('the store of messages cannot be used; tried again', {
            receiver: own.name,
            error: error instanceof Error ? error.message : String(error),
          })
        }
        const wait = Math.min(POLL_MS, nextAt === null ? POLL_MS : nextAt - clock.now())
        if (wait > 0 && !stopping.signal.aborted) await slept(wait)
      }
      await store.release(claimOf(own.name), holder).catch(() => {})
    }

    const lives = receivers.map(live)
    return {
      poke: wakeAll,
      async stop(withinMs) {
        stopping.abort()
        wakeAll()
        const patience = setTimeout(() => cutOff.abort(), withinMs)
        // A store that does not answer must not hold the process.
        const end = new AbortController()
        const last = systemClock.sleep(withinMs + LAST_WORDS_MS, end.signal).catch(() => {})
        await Promise.race([Promise.all(lives), last])
        end.abort()
        clearTimeout(patience)
      },
    }
  }

  return {
    runUntil: async (until) => (await Promise.all(receivers.map((own) => drained(own, until)))).flat(),
    start,
    dropRemoved: (isOver) =>
      dropRemoved(
        receivers.map(({ name }) => name),
        options,
        isOver,
      ),
  }
}
