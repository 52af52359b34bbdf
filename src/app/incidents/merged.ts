import { waiting } from '../../delivery/index.ts'
import type { Incident } from '../../incidents/index.ts'
import type { Put } from '../../store/index.ts'
import type { AppContext } from '../context.ts'

// An incident that an older one took over is told to nobody, but its tickets are closed with the id of the older one.

/** Behind everything that needs a person. */
const RANK = 10

/** True if its tickets have to hear that it became a part of another one. */
export const hasTickets = ({ mergedInto, deliveries }: Incident): boolean =>
  mergedInto !== null && deliveries.some(({ ticket }) => ticket !== undefined)

/** A message about it may still be made, also if its ticket is made at this moment. */
export const isStillTold = (incident: Incident): boolean =>
  hasTickets(incident) || incident.deliveries.some(({ outcome }) => outcome === 'waiting')

/** The receivers that keep a ticket of it. */
export const ticketKeepersOf = ({ deliveries }: Incident): readonly string[] => [
  ...new Set(deliveries.flatMap(({ receiver, ticket }) => (ticket === undefined ? [] : [receiver]))),
]

/** What waits for one receiver, so that it closes its ticket. */
export function closingOf(
  { id }: Pick<Incident, 'id'>,
  receiver: string,
  now: number,
  { config }: Pick<AppContext, 'config'>,
): Put {
  const told = { about: id, news: ['changed'], rank: RANK, takenAt: now, deadline: now + config.deadlineMs }
  return waiting(receiver, `${id}:merged`, told, now)
}
