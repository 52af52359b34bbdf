import { lanesOf } from '../../src/delivery/index.ts'
import type { Entry } from '../../src/delivery/lanes/entry.ts'
import type { LaneOptions } from '../../src/delivery/lanes/lane.ts'
import type { LaneReport } from '../../src/delivery/lanes/outcome.ts'
import type { Delivery, Outcome, Receiver } from '../../src/delivery/receiver.ts'
import { silentLog } from '../../src/model/log.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { manualClock } from '../cloud/clocks.ts'
import { blocked } from './diagnoses.ts'

// Lanes with a store in memory, a clock that the test moves, and receivers that the test answers for.

/** One attempt, as the receiver saw it. */
export interface Attempt {
  /** Since the begin of the test, in ms. */
  readonly at: number
  readonly about: readonly string[]
  readonly why: 'away' | 'limit' | null
  readonly number: number
  readonly mayRepeat: boolean
  readonly room: number
}

export type Answer = (attempt: Attempt, signal: AbortSignal) => Outcome | Promise<Outcome>

export const DELIVERED: Outcome = { kind: 'delivered' }
export const REFUSED: Outcome = { kind: 'retry', afterMs: 0, reason: 'connection refused' }
export const UNKNOWN: Outcome = { kind: 'unknown', reason: 'reset' }

export const DEADLINE_MS = 180_000

interface RigReceiver extends Partial<Pick<Receiver, 'idempotent' | 'windows' | 'resendMs' | 'attemptMs'>> {
  readonly answer: Answer
}

const DIAGNOSIS = blocked()

function receiverOf({ answer, ...fields }: RigReceiver, seen: (delivery: Delivery) => Attempt): Receiver {
  return {
    kind: 'test',
    label: 'test',
    idempotent: false,
    ...fields,
    send: async (delivery, signal) => answer(seen(delivery), signal),
  }
}

interface RigOptions extends Partial<Omit<LaneOptions, 'clock' | 'compose'>> {
  readonly clock?: ReturnType<typeof manualClock>
  readonly holder?: string
  /** Runs before a message is made. What it throws is thrown there. */
  readonly making?: (about: readonly string[]) => void
}

export function laneRig(
  receivers: Readonly<Record<string, RigReceiver>>,
  { clock = manualClock(), making = () => {}, ...options }: RigOptions = {},
) {
  const begin = clock.now()
  const store = options.store ?? createMemoryStore({ clock })
  const reports: LaneReport[] = []
  const attempts = new Map<string, Attempt[]>(Object.keys(receivers).map((name) => [name, []]))
  const made = new Map<string, Pick<Attempt, 'about' | 'why'>>()
  const of = (name: string): Attempt[] => attempts.get(name) ?? []

  const compose: LaneOptions['compose'] = async (groups, _receiver, { why }) => {
    const about = groups.map((group) => group.about)
    making(about)
    const threadId = about.join(' ')
    made.set(threadId, { about, why })
    const composed = { message: DIAGNOSIS, mentions: [], threadId, reference: null, subject: null }
    return { composed, tells: groups, over: [], waits: [] }
  }

  const lanes = lanesOf(
    Object.entries(receivers).map(([name, own]) => ({
      name,
      receiver: receiverOf(own, ({ attempt, mayRepeat, threadId, room }) => {
        const { about, why } = made.get(threadId) ?? { about: [], why: null }
        const seen = { at: clock.now() - begin, about, why, number: attempt, mayRepeat, room }
        of(name).push(seen)
        return seen
      }),
    })),
    {
      store,
      clock,
      holder: 'one',
      log: silentLog,
      random: () => 0,
      attemptMs: 60_000,
      isOwn: async () => true,
      compose,
      settle: async (change, ended) => {
        await store.write(change)
        reports.push(...ended.filter(({ outcome }) => outcome !== 'waiting'))
      },
      ...options,
    },
  )

  return {
    lanes,
    store,
    clock,
    reports,
    of,
    /** How each thing ended, by its name. */
    ended: () => Object.fromEntries(reports.map(({ about, outcome }) => [about, outcome])),
    /** One telling waits from now on. */
    async tell(receiver: string, about: string, fields: Partial<Entry> = {}): Promise<void> {
      const now = clock.now()
      const entry: Entry = {
        about,
        news: ['first'],
        rank: 0,
        takenAt: now,
        deadline: now + DEADLINE_MS,
        attempts: 0,
        unknowns: 0,
        state: 'waiting',
        ...fields,
      }
      const id = `${about}:${now}`
      await store.write({
        put: [{ collection: `outbox:${receiver}`, id, value: JSON.stringify(entry), at: now }],
      })
    },
    /** What stands in the outbox of a receiver. */
    async kept(receiver: string): Promise<readonly Entry[]> {
      const all = await store.list(`outbox:${receiver}`, { limit: 1_000 })
      return all.map(({ value }) => JSON.parse(value))
    },
    /** Sends for so long. */
    async run(ms: number): Promise<void> {
      const done = lanes.runUntil(clock.now() + ms)
      await clock.advance(ms)
      await done
    },
  }
}
