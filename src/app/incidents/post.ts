import { type LaneReport, laneStateKey, outboxOf, tryAtOnce, waiting } from '../../delivery/index.ts'
import type { Message } from '../../model/message.ts'
import type { AppContext } from '../context.ts'
import { written } from './records.ts'

const MOST_ENTRIES = 500
/** Between what needs a person and what does not. */
const RANK = 5

/** A message that no incident holds waits for these receivers. Default: for every receiver. */
export async function postMessage(
  message: Message,
  { store, clock, config }: AppContext,
  receivers: readonly { readonly name: string }[] = config.receivers,
): Promise<void> {
  const now = clock.now()
  const told = { about: message.id, news: [], rank: RANK, takenAt: now, deadline: now + config.deadlineMs }
  await store.write({
    put: [
      written('messages', message.id, message, now),
      ...receivers.map(({ name }) => waiting(name, message.id, told, now)),
    ],
  })
}

export interface Sent {
  readonly reports: readonly LaneReport[]
  /** True if nobody got anything, a receiver may take it later, and no other process will send it then. */
  readonly isUndelivered: boolean
}

/** Sends what waits until nothing does, or until the time is over (ms since the epoch). */
export async function sendWaiting(context: AppContext, until: number): Promise<Sent> {
  const { store, lanes, config, canWait, clock } = context
  if (!canWait) await hurry(context)
  const reports: LaneReport[] = []
  let ended: readonly LaneReport[]
  // What one receiver refused may wait for another one, whose lane is done already.
  do {
    ended = await lanes.runUntil(until)
    reports.push(...ended)
  } while (ended.some(({ outcome }) => outcome === 'permanent') && clock.now() < until)
  const arrived = reports.some(({ outcome }) => outcome === 'delivered' || outcome === 'unknown')
  const waits = await Promise.all(config.receivers.map(({ name }) => store.count(outboxOf(name))))
  return { reports, isUndelivered: !canWait && !arrived && waits.some((count) => count > 0) }
}

/** A process that was frozen since tries at once what waited for later. */
async function hurry({ store, config, clock }: AppContext): Promise<void> {
  const now = clock.now()
  for (const { name } of config.receivers) {
    const [waiting, [lane]] = await Promise.all([
      store.list(outboxOf(name), { limit: MOST_ENTRIES }),
      store.read([laneStateKey(name)]),
    ])
    const entries = waiting.map(({ id, value, at }) => ({
      collection: outboxOf(name),
      id,
      value,
      at: Math.min(at, now),
    }))
    await store.write({ put: [...entries, ...tryAtOnce(name, lane?.value ?? null, now)] })
  }
}
