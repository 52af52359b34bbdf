import type { LaneReport } from '../../delivery/index.ts'
import { type Incident, withDelivery } from '../../incidents/index.ts'
import { type DeliveryEntry, NEWS_ORDER, type News } from '../../model/incident.ts'
import type { Change } from '../../store/index.ts'
import type { AppContext } from '../context.ts'
import { closingOf } from './merged.ts'
import { readAll, written } from './records.ts'
import { type PassedOn, passedOn } from './refusals.ts'

const MOST_TRIES = 50

/** Writes how telling ended into the incidents, together with `change`. What was refused waits for others from then on. */
export async function settleReports(
  change: Change,
  reports: readonly LaneReport[],
  subject: string | null,
  context: Pick<AppContext, 'store' | 'config' | 'log'>,
): Promise<void> {
  const { store, config } = context
  const ended = reports.filter(({ outcome }) => outcome !== 'waiting')
  const failed = reports.filter(({ outcome, why }) => outcome === 'waiting' && why !== undefined)
  const ids = [...new Set([...ended, ...failed].map(({ about }) => about))]
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const incidents = await readAll(store, 'incidents', ids)
    const changed = incidents.flatMap(({ value, unchanged }) => {
      const after = value && settledOf(failed.reduce(withFailure, value), ended, config)
      return after && after.incident !== value ? [{ value, unchanged, after }] : []
    })
    const settled = changed.map(({ after }) => after)
    const subjects =
      subject === null
        ? []
        : ended.map(({ about, at }) => ({ ...written('subjects', about, { subject }, at), ifNew: true }))
    const didWrite = await store.write({
      ...change,
      put: [
        ...(change.put ?? []),
        ...settled.flatMap(({ incident, put }) => [
          written('incidents', incident.id, incident, incident.openedAt),
          ...put,
        ]),
        ...subjects,
        ...changed.flatMap(({ value }) => lateTickets(value, ended, context)),
        ...ended.flatMap(referenceOf),
      ],
      when: [...(change.when ?? []), ...changed.map(({ unchanged }) => unchanged)],
    })
    if (didWrite) {
      for (const one of settled) logged(one, context)
      return
    }
  }
  throw new Error('the records of an incident changed all the time')
}

/** A ticket that was made while its incident became a part of another one is closed, too. */
function lateTickets(
  value: Incident | null,
  ended: readonly LaneReport[],
  context: Pick<AppContext, 'config'>,
) {
  if (value === null || value.mergedInto === null) return []
  return ended
    .filter(({ about, ticket }) => about === value.id && ticket !== undefined)
    .map(({ receiver, at }) => closingOf(value, receiver, at, context))
}

/** What the receiver called it comes back with the next message. */
const referenceOf = ({ receiver, about, reference, at }: LaneReport) =>
  reference === undefined ? [] : [written('references', `${receiver} ${about}`, { reference }, at)]

function settledOf(value: Incident, ended: readonly LaneReport[], config: AppContext['config']): PassedOn {
  const own = ended.filter(({ about }) => about === value.id)
  return passedOn(own.reduce(withReport, value), own, config)
}

function logged({ incident, to }: PassedOn, { log }: Pick<AppContext, 'log'>): void {
  if (to === null) return
  if (to.length > 0) log.warn('a message that was not taken goes to others', { incident: incident.id, to })
  else {
    const receivers = [...new Set(incident.deliveries.map(({ receiver }) => receiver))]
    log.error('no receiver takes the message about an incident', { incident: incident.id, receivers })
  }
}

/** The entry still waits. Why it does is written once, not at each attempt. */
function withFailure(incident: Incident, { about, receiver, why }: LaneReport): Incident {
  const isOpen = waitsFor(receiver)
  if (about !== incident.id || why === undefined) return incident
  if (incident.deliveries.every((one) => !isOpen(one) || one.why === why)) return incident
  return { ...incident, deliveries: incident.deliveries.map((one) => (isOpen(one) ? { ...one, why } : one)) }
}

const waitsFor =
  (receiver: string) =>
  (one: DeliveryEntry): boolean =>
    one.receiver === receiver && one.outcome === 'waiting'

/** The entry that waited ends. */
function withReport(incident: Incident, report: LaneReport): Incident {
  const { receiver, outcome, at, why, news, ticket } = report
  // It was only sent again, for a receiver that forgets.
  if (news.length === 0) return incident
  const entry: DeliveryEntry = {
    receiver,
    reason: newsIn(report),
    outcome,
    at: new Date(at).toISOString(),
    ...(ticket === undefined ? {} : { ticket }),
    ...(why === undefined ? {} : { why }),
  }
  const isOpen = waitsFor(receiver)
  const last = incident.deliveries.findLast(isOpen)
  if (!last) return withDelivery(incident, entry)
  // Several entries that waited became one message.
  const others = incident.deliveries.filter((one) => !isOpen(one))
  return withDelivery({ ...incident, deliveries: others }, entry)
}

/** The most important of what one message said. */
const newsIn = ({ news }: LaneReport): News => NEWS_ORDER.find((one) => news.includes(one)) ?? 'first'
