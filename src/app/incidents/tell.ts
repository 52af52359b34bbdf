import { waiting } from '../../delivery/index.ts'
import {
  type Due,
  dueOf,
  type Incident,
  lastDeliveries,
  withDelivery,
  worstAttention,
} from '../../incidents/index.ts'
import { ATTENTION_ORDER } from '../../model/diagnosis.ts'
import { type News, TOLD_NOBODY } from '../../model/incident.ts'
import type { Put } from '../../store/index.ts'
import type { AppContext } from '../context.ts'
import { audienceOf, routesOf } from './audience.ts'
import { readOne, written, writtenIncident } from './records.ts'

// Who is told what, as soon as it is due: one entry in the outbox of each receiver.

/** Everything that one telling of an incident needs to know. */
export interface Occasion {
  readonly now: number
  /** When the alarm was taken, ms since the epoch. */
  readonly takenAt: number
  /** The alarm that led here is a repeat or a recovery: a receiver that may have missed the last message hears it again. */
  readonly isHeardAgain: boolean
  /** The process ends soon, so a first message does not wait for other alarms. */
  readonly isHurried?: boolean
}

const MOST_TRIES = 50

/** Does what is due for an incident. Returns true if somebody is told. */
export async function tellDue(id: string, occasion: Occasion, context: AppContext): Promise<boolean> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const done = await tryTell(id, occasion, context)
    if (done !== null) return done
  }
  throw new Error(`incident ${id} changed all the time`)
}

async function tryTell(id: string, occasion: Occasion, context: AppContext): Promise<boolean | null> {
  const { store, config, log, names } = context
  const [{ value: incident, unchanged }, busy, areOwn] = await Promise.all([
    readOne(store, 'incidents', id),
    store.count('looks'),
    names.areOwn(),
  ])
  if (incident === null) {
    await store.write({ remove: [{ collection: 'wake', id }] })
    return false
  }
  // Another instance knows who is told. It stays due until then.
  if (!areOwn) return false
  const { now } = occasion
  const options = { now, reminders: config.reminders, isQuiet: busy === 0 || occasion.isHurried === true }
  const due = dueOf(context.canWait ? incident : hurried(incident, now), options)
  const entries = entriesOf(due, occasion, context)
  if (due.incident === incident && entries.length === 0 && due.look.length === 0) return false
  const after = noted(due, entries, now)
  const kept = writtenIncident(after, config.reminders)
  const didWrite = await store.write({
    put: [
      ...kept.put,
      ...entries.map(({ put }) => put),
      ...due.look.map((clb) => ({
        ...written('looks', clb, { failures: 0, incident: id }, now),
        ifNew: true,
      })),
    ],
    remove: kept.remove,
    when: [unchanged],
  })
  if (didWrite && isToldNobody(due, entries)) {
    const routes = routesOf(due.incident, config)
    const unread = [...new Set(routes.flatMap((one) => one.unread))]
    log[unread.length > 0 ? 'warn' : 'info']('nobody is told', {
      incident: id,
      news: due.news,
      routes: [...new Set(routes.map(({ route }) => route))],
      ...(unread.length > 0 ? { unread } : {}),
    })
  }
  return didWrite ? entries.length > 0 : null
}

/** A process that does not live on puts nothing off. */
const hurried = (incident: Incident, now: number): Incident =>
  incident.due === null
    ? incident
    : { ...incident, due: { ...incident.due, at: Math.min(incident.due.at, now) } }

interface Told {
  readonly receiver: string
  readonly news: readonly News[]
  /** It heard this before, and may have missed it. */
  readonly isRepeat: boolean
  readonly put: Put
}

/** The most urgent incident is told first. */
export const rankOf = ({ parts, state }: Incident): number =>
  ATTENTION_ORDER.indexOf(worstAttention(parts)) + (state === 'recovered' ? 10 : 0)

/** One entry for each receiver that hears of it now. */
function entriesOf(due: Due, occasion: Occasion, context: AppContext): readonly Told[] {
  const { incident } = due
  const { config } = context
  const { now, takenAt } = occasion
  const about = { about: incident.id, rank: rankOf(incident), takenAt, deadline: takenAt + config.deadlineMs }
  const id = `${incident.id}:${incident.tellings}:${now}`
  const fresh = audienceOf(incident, due, config).map((one) => ({ ...one, isRepeat: false }))
  const repeated = due.news.length > 0 ? [] : repeatedTo(incident, occasion)
  return [...fresh, ...repeated.map((one) => ({ ...one, isRepeat: true }))].map((one) => ({
    ...one,
    put: waiting(one.receiver, id, { ...about, news: [...one.news] }, now),
  }))
}

/** A message that may not have arrived does not count as said when the alarm comes again. */
function repeatedTo(incident: Incident, { isHeardAgain }: Occasion) {
  if (!isHeardAgain || incident.told === null) return []
  return [...lastDeliveries(incident).values()]
    .filter(({ outcome }) => outcome === 'unknown')
    .map(({ receiver, reason }) => ({ receiver, news: [reason] }))
}

/** The routes name nobody, and nobody has heard of it. */
const isToldNobody = ({ news, own }: Due, told: readonly Told[]): boolean =>
  news.length > 0 && told.length === 0 && own.length === 0

/** Each receiver that will hear of it stands in the incident from now on. That nobody will stands in its timeline. */
function noted(due: Due, told: readonly Told[], now: number): Incident {
  const { incident } = due
  const at = new Date(now).toISOString()
  if (isToldNobody(due, told)) {
    const last = incident.timeline.findLastIndex(({ event }) => event === 'told')
    const timeline = incident.timeline.map((entry, i) =>
      i === last ? { ...entry, detail: `${entry.detail ?? ''}, ${TOLD_NOBODY}` } : entry,
    )
    return { ...incident, timeline }
  }
  return told
    .filter(({ isRepeat }) => !isRepeat)
    .reduce(
      (all, { receiver, news: [reason = 'first'] }) =>
        withDelivery(all, { receiver, reason, outcome: 'waiting', at }),
      incident,
    )
}
