import { type IncidentNotice, isOver, type News } from '../model/incident.ts'
import { isNotice, kindOf, type Message } from '../model/message.ts'
import { type Extent, type Report, reportOf } from '../render/index.ts'
import type { Delivery, Outcome } from './receiver.ts'

// What all receivers of tickets have in common: one ticket for an incident, found again by its key, with a comment for each
// news. A tracker makes the requests of one system.

/** An attempt ends here, with this outcome. */
export class AttemptError extends Error {
  override readonly name = 'AttemptError'
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super(outcome.kind)
    this.outcome = outcome
  }
}

/** The ticket is not there, or this user may not see it. */
export class GoneError extends Error {
  override readonly name = 'GoneError'
}

export interface Written {
  readonly report: Report
  readonly extent: Extent
  readonly mayRepeat: boolean
}

export interface Made {
  /** The tracker's key, which comes back as the reference. */
  readonly key: string
  /** The key as people know it. */
  readonly shown: string
}

/**
 * One system of tickets. Each call is one request or a few.
 * @throws AttemptError, GoneError
 */
export interface Tracker {
  /** A ticket that may have been made is found by its label after so many ms at most. Until then no other one is made. */
  readonly lagMs: number
  /**
   * Makes nothing: shows that the address, the login and the project are right, and that tickets can be made there. Returns
   * what no look can show, else null.
   */
  check(): Promise<string | null>
  /** The oldest ticket with this label, without the one with the key `gone`: a search shows it for a while. */
  find(label: string, gone: string | null): Promise<Made | null>
  create(written: Written, label: string): Promise<Made>
  /** Ends the ticket or opens it again, unless it is so already. Returns what a person has to know, else null. */
  move(key: string, to: 'done' | 'open'): Promise<string | null>
  comment(key: string, written: Written): Promise<void>
  /** The key as people know it. */
  shownOf(key: string): string
}

/** Where a ticket of the incident is looked for. */
interface Search {
  readonly delivery: Delivery
  readonly label: string
  readonly tracker: Tracker
  readonly now: () => number
}

/** A label has no spaces, and other signs mean something in searches. */
export const labelOf = (threadId: string): string => `clb-doctor-${threadId.replace(/[^A-Za-z0-9-]/g, '-')}`

export async function sendTicket(delivery: Delivery, tracker: Tracker, now: () => number): Promise<Outcome> {
  try {
    return await told(delivery, tracker, now)
  } catch (error) {
    if (error instanceof AttemptError) return error.outcome
    if (error instanceof GoneError)
      return { kind: 'permanent', reason: 'the project is not there, or this user may not see it' }
    throw error
  }
}

async function told(delivery: Delivery, tracker: Tracker, now: () => number): Promise<Outcome> {
  const { message, threadId, reference } = delivery
  switch (kindOf(message)) {
    case 'test': {
      const reason = await tracker.check()
      return { kind: 'delivered', isCheck: true, ...(reason === null ? {} : { reason }) }
    }
    case 'scan':
      return { kind: 'delivered', reason: 'a scan makes no ticket' }
    case 'digest':
      return { kind: 'permanent', reason: 'defect: several incidents for one ticket' }
    default:
  }
  const label = labelOf(threadId)
  const search = { delivery, label, tracker, now }
  if (reference !== null) return updated(ticketIn(reference), search)
  const found = await earlier(search, null)
  if (found && isOnlyFirst(message)) return { kind: 'delivered', reference: found.key, ticket: found.shown }
  if (found) return updated({ key: found.key, isSecond: false }, search)
  if (isMerged(message)) return { kind: 'delivered', reason: 'it became a part of another incident' }
  return created(delivery, label, tracker)
}

/** The second search comes after so long, and each later one after twice the time. */
const FIRST_SEARCH_MS = 3_000

/** The ticket of an earlier attempt. It is searched only if one can have arrived, and again until a search would show it. */
async function earlier(
  { delivery: { triedAt, mayRepeat }, label, tracker, now }: Search,
  gone: string | null,
): Promise<Made | null> {
  if (triedAt === null && !mayRepeat) return null
  const found = await tracker.find(label, gone)
  if (found) return found
  const passed = now() - (triedAt ?? Number.NEGATIVE_INFINITY)
  if (passed < tracker.lagMs)
    throw new AttemptError({
      kind: 'retry',
      afterMs: Math.min(tracker.lagMs - passed, Math.max(passed, FIRST_SEARCH_MS)),
      isUntried: true,
      isOwn: true,
      reason: 'the last attempt may have made a ticket; searched again before another one is made',
    })
  return null
}

type Delivered = Extract<Outcome, { readonly kind: 'delivered' }>

/** A ticket that the store knows. */
interface Ticket {
  readonly key: string
  /** It was made in the place of one that is gone. */
  readonly isSecond: boolean
}

/** Behind the key of a second ticket in its reference. No key has this sign. */
const SECOND = '~2'

const ticketIn = (reference: string): Ticket =>
  reference.endsWith(SECOND)
    ? { key: reference.slice(0, -SECOND.length), isSecond: true }
    : { key: reference, isSecond: false }

const referenceOf = ({ key, isSecond }: Ticket): string => `${key}${isSecond ? SECOND : ''}`

async function created(delivery: Delivery, label: string, tracker: Tracker): Promise<Delivered> {
  const { message } = delivery
  const report = await reportOf(message)
  const { key, shown } = await tracker.create({ report, extent: 'whole', mayRepeat: false }, label)
  const made = { kind: 'delivered', reference: key, ticket: shown } as const
  if (!isNotice(message) || !isOver(message.incident)) return made
  // The ticket is there, so nothing that follows may lead to another attempt.
  try {
    const reason = await tracker.move(key, 'done')
    return reason === null ? made : { ...made, reason }
  } catch (error) {
    if (!(error instanceof AttemptError || error instanceof GoneError)) throw error
    return { ...made, reason: `the ticket ${shown} was made, but it could not be closed; close it` }
  }
}

async function updated(ticket: Ticket, search: Search): Promise<Outcome> {
  const { delivery, label, tracker } = search
  try {
    return await commented(ticket, delivery, tracker)
  } catch (error) {
    if (!(error instanceof GoneError)) throw error
  }
  const gone = `the ticket ${tracker.shownOf(ticket.key)} was deleted, or this user may not see it any more`
  if (!needsTicket(delivery.message))
    return {
      kind: 'delivered',
      reference: referenceOf(ticket),
      reason: `${gone}; there is nothing left to close`,
    }
  // A permission that was lost would make another one each time.
  const noThird = `${gone}, as the one before it; no third one is made for this incident`
  if (ticket.isSecond) return { kind: 'permanent', reason: noThird }
  const found = await earlier(search, ticket.key)
  try {
    const second = found
      ? await commented({ key: found.key, isSecond: true }, delivery, tracker)
      : await created(delivery, label, tracker)
    const { reference = '', ticket: shown = '' } = second
    const reason = `${gone}; ${shown} was made in its place, because the trouble lasts`
    return { ...second, reason, reference: referenceOf({ key: ticketIn(reference).key, isSecond: true }) }
  } catch (error) {
    if (error instanceof GoneError) return { kind: 'permanent', reason: noThird }
    throw error
  }
}

/**
 * The ticket is moved first: moving it again does nothing, and a comment would be said again.
 * @throws GoneError
 */
async function commented(
  ticket: Ticket,
  { message, mayRepeat }: Delivery,
  tracker: Tracker,
): Promise<Delivered> {
  const { key } = ticket
  const shown = isMerged(message) ? {} : { ticket: tracker.shownOf(key) }
  const told = { kind: 'delivered', reference: referenceOf(ticket), ...shown } as const
  const to = isNotice(message) ? stateOf(message) : null
  const reason = to === null ? null : await tracker.move(key, to)
  await tracker.comment(key, { report: await reportOf(message), extent: extentOf(message), mayRepeat })
  return reason === null ? told : { ...told, reason }
}

/** The trouble lasts, so people look for its ticket. */
const needsTicket = (message: Message): boolean =>
  !isNotice(message) || !(isOver(message.incident) || isMerged(message))

/** The ticket itself says it all. */
const isOnlyFirst = (message: Message): boolean =>
  !isNotice(message) || (!isOver(message.incident) && message.news.every((one) => one === 'first'))

const isMerged = (message: Message): boolean => isNotice(message) && message.incident.mergedInto !== undefined

/** Only what happened moves a ticket, so one that a person closed stays closed while the trouble lasts. */
function stateOf(notice: IncidentNotice): 'done' | 'open' | null {
  if (isOver(notice.incident)) return 'done'
  return notice.news.includes('reopened') ? 'open' : null
}

/** The first comment after a new cause or a return says what to do, too. */
const extentOf = (message: Message): Extent =>
  isNotice(message) && (isMerged(message) || !message.news.some((one) => WHOLE.has(one))) ? 'news' : 'summary'

const WHOLE: ReadonlySet<News> = new Set(['reopened', 'changed'])
