import { type LaneReport, lanesOf } from '../../src/delivery/index.ts'
import type { Receiver } from '../../src/delivery/receiver.ts'
import type { Log } from '../../src/model/log.ts'
import { createMemoryStore, type Stored } from '../../src/store/index.ts'
import { blocked } from './diagnoses.ts'

const ENOUGH_MS = 5_000

export interface Attempted {
  /** As the lane settled them. */
  readonly settled: readonly LaneReport[]
  readonly reports: readonly LaneReport[]
  /** What waits for another attempt. */
  readonly left: readonly Stored[]
}

/** A real lane makes one attempt to send one message. */
export async function oneAttempt(receiver: Receiver, log: Log, attemptMs: number): Promise<Attempted> {
  // The lane stops after one attempt.
  let now = 0
  const clock = { now: () => now, sleep: async () => {} }
  const store = createMemoryStore({ clock })
  const entry = { about: 'dx-1', news: [], rank: 0, takenAt: 0, deadline: 1, attempts: 0, unknowns: 0 }
  const value = JSON.stringify({ ...entry, state: 'waiting' })
  await store.write({ put: [{ collection: 'outbox:one', id: 'dx-1', value, at: 0 }] })
  const settled: LaneReport[] = []
  const lanes = lanesOf([{ name: 'one', receiver }], {
    store,
    holder: 'test',
    clock,
    log,
    random: () => 0,
    attemptMs,
    isOwn: async () => true,
    compose: async () => ({
      composed: {
        message: blocked(),
        mentions: [],
        threadId: 'lb-7dpmqwcu',
        reference: null,
        subject: null,
      },
      tells: [{ about: 'dx-1', news: [] }],
      over: [],
      waits: [],
    }),
    settle: async (change, reports) => {
      settled.push(...reports)
      await store.write(change)
      now = ENOUGH_MS
    },
  })
  const reports = await lanes.runUntil(ENOUGH_MS)
  return { settled, reports, left: await store.list('outbox:one', { limit: 9 }) }
}
