import {
  entryOf,
  heldUntilOf,
  type LaneReport,
  laneStateKey,
  outboxOf,
  tryAtOnce,
  waiting,
} from '../../delivery/index.ts'
import type { Message } from '../../model/message.ts'
import type { AppContext } from '../context.ts'
import { readAll, written } from './records.ts'

const MOST_ENTRIES = 500
/** So many CLBs are named in one line of the log. */
const MOST_NAMED = 20
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
  if (!canWait) await logSilences(context)
  const waits = await Promise.all(config.receivers.map(({ name }) => store.count(outboxOf(name))))
  return { reports, isUndelivered: !canWait && !arrived && waits.some((count) => count > 0) }
}

/** The log names what waits for the end of a silence, because this process may be gone before that. */
async function logSilences(context: AppContext): Promise<void> {
  const { store, config, clock, log } = context
  for (const { name } of config.receivers) {
    const { waiting, lane } = await laneOf(name, store)
    const heldUntil = heldUntilOf(lane)
    const abouts = new Set(waiting.flatMap((one) => entryOf(one)?.entry.about ?? []))
    if (abouts.size === 0 || heldUntil <= clock.now()) continue
    log.warn('not told yet: the receiver asked for silence; it is told with the next alarm after that', {
      receiver: name,
      until: new Date(heldUntil).toISOString(),
      messages: abouts.size,
      loadBalancers: await clbsOf([...abouts], context),
    })
  }
}

/** What waits for a receiver, and the state of its lane. */
async function laneOf(name: string, store: AppContext['store']) {
  const [waiting, [lane]] = await Promise.all([
    store.list(outboxOf(name), { limit: MOST_ENTRIES }),
    store.read([laneStateKey(name)]),
  ])
  return { waiting, lane: lane?.value ?? null }
}

async function clbsOf(incidents: readonly string[], { store }: AppContext): Promise<readonly string[]> {
  const records = await readAll(store, 'incidents', incidents)
  const all = records.flatMap(({ value }) => value?.parts ?? []).map(({ id, name }) => `${id} (${name})`)
  const left = all.length - MOST_NAMED
  return left > 0 ? [...all.slice(0, MOST_NAMED), `and ${left} more`] : all
}

/** A process that was frozen since tries at once what waited for later. A silence that a receiver asked for stays. */
async function hurry({ store, config, clock }: AppContext): Promise<void> {
  const now = clock.now()
  for (const { name } of config.receivers) {
    const { waiting, lane } = await laneOf(name, store)
    const entries = waiting.map(({ id, value, at }) => ({
      collection: outboxOf(name),
      id,
      value,
      at: Math.min(at, now),
    }))
    await store.write({ put: [...entries, ...tryAtOnce(name, lane, now)] })
  }
}
