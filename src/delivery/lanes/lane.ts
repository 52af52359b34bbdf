import { createHash } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import type { Log } from '../../model/log.ts'
import { type Change, type Store, StoreError } from '../../store/index.ts'
import type { Outcome, Receiver } from '../receiver.ts'
import { attempt } from './attempt.ts'
import type { Composed, Composition, Occasion } from './composition.ts'
import { entryOf, type Group, groupsOf, nameTried, outboxOf, triedAtOf } from './entry.ts'
import {
  after,
  type LaneReport,
  outdatedPuts,
  parkedPuts,
  putsOf,
  removalsOf,
  reportsOf,
  unknownsOf,
} from './outcome.ts'
import { isAway, type LaneState, type Plan, planOf, slotsOf, withSent } from './plan.ts'
import { laneStateKey, laneStateOf, writtenLaneState } from './state.ts'

/** A receiver by the name that routes and people use. */
export interface NamedReceiver {
  readonly name: string
  readonly receiver: Receiver
}

export interface LaneOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  /** Makes the message of these groups, or of some of them, now. */
  readonly compose: (groups: readonly Group[], receiver: string, occasion: Occasion) => Promise<Composition>
  /** Writes the change together with what the reports mean for their incidents. */
  readonly settle: (change: Change, reports: readonly LaneReport[], subject: string | null) => Promise<void>
  /** False: the store keeps another address under this name at the moment. */
  readonly isOwn: (receiver: string) => Promise<boolean>
  /** One attempt may take so long, in ms, if the receiver says nothing else. */
  readonly attemptMs: number
}

/** Time until which a message may still be tried, and what ended. */
export interface Stepped {
  /** When there is something to do next. Null: nothing waits. */
  readonly nextAt: number | null
  readonly reports: readonly LaneReport[]
}

const MOST_ENTRIES = 500

/** Does the next thing that is due for one receiver. The caller holds the claim on the lane. */
export async function step(
  { name, receiver }: NamedReceiver,
  options: LaneOptions,
  stopped: AbortSignal,
): Promise<Stepped> {
  const { store, clock, log } = options
  const windows = receiver.windows ?? []
  const now = clock.now()
  const [stored, [kept]] = await Promise.all([
    store.list(outboxOf(name), { limit: MOST_ENTRIES }),
    store.read([laneStateKey(name)]),
  ])
  const entries = stored.flatMap((one) => entryOf(one) ?? [])
  const state = laneStateOf(kept?.value ?? null)
  const groups = groupsOf(entries)
  const late = isAway(state) ? groups.filter(({ isMissed, deadline }) => !isMissed && deadline <= now) : []
  if (late.length > 0) {
    const put = late.flatMap((group) =>
      putsOf(name, group, { state: 'missed', unknowns: unknownsOf(group) }, group.nextAt),
    )
    await options.settle({ put }, reportsOf(name, late, 'waiting', now), null)
    return { nextAt: now, reports: [] }
  }
  const { keepsEach: isSeparate = false, digestSize } = receiver
  const plan = planOf(groups, state, windows, { now, isSeparate, digestSize })
  switch (plan.kind) {
    case 'nothing':
      return { nextAt: null, reports: [] }
    case 'wait':
      return { nextAt: plan.until, reports: [] }
    case 'drop': {
      // What may have arrived twice has ended as unknown already.
      const never = plan.groups.filter((group) => receiver.idempotent || unknownsOf(group) < 2)
      const reports = reportsOf(name, never, 'dropped', now, { why: 'it did not answer for a day' })
      await options.settle({ remove: removalsOf(name, plan.groups) }, reports, null)
      for (const { about, news } of reports)
        log.error('message dropped: the receiver did not answer for a day', { receiver: name, about, news })
      return { nextAt: now, reports }
    }
    case 'send':
      return send({ own: { name, receiver }, state, all: groups }, plan, options, stopped)
  }
}

/** The lane as it stood when the step began. */
interface Lane {
  readonly own: NamedReceiver
  readonly state: LaneState
  /** Everything that waits. */
  readonly all: readonly Group[]
}

async function send(
  lane: Lane,
  { groups, why }: Extract<Plan, { kind: 'send' }>,
  options: LaneOptions,
  stopped: AbortSignal,
): Promise<Stepped> {
  const { own, state } = lane
  const since = state.away?.since ?? Math.min(...groups.map(({ takenAt }) => takenAt))
  const occasion = { why, since, namesIn: own.receiver.namesIn ?? null }
  const made = await options.compose(groups, own.name, occasion).catch(defectOf)
  if (typeof made === 'string') {
    // One that cannot be made must not take the others with it.
    if (groups.length > 1)
      return send(lane, { kind: 'send', groups: groups.slice(0, 1), why: null }, options, stopped)
    return dropped(own.name, groups, made, options)
  }
  await setAside(own.name, groups, made, options)
  const told = groups.flatMap((group) => {
    const tells = made.tells.find(({ about }) => about === group.about)
    return tells ? [{ ...group, news: tells.news }] : []
  })
  if (made.composed === null || told.length === 0) return { nextAt: options.clock.now(), reports: [] }
  return tried(lane, told, made.composed, options, stopped)
}

async function dropped(
  receiver: string,
  groups: readonly Group[],
  why: string,
  { clock, log, settle }: LaneOptions,
): Promise<Stepped> {
  const reports = reportsOf(receiver, groups, 'permanent', clock.now(), { why })
  await settle({ remove: removalsOf(receiver, groups) }, reports, null)
  log.error('message dropped: it cannot be made', { receiver, about: groups[0]?.about, reason: why })
  return { nextAt: clock.now(), reports }
}

/** What cannot be told at the moment is looked at again after this time. */
const ASIDE_MS = 15_000

async function setAside(
  name: string,
  groups: readonly Group[],
  { over, waits }: Composition,
  { clock, settle }: LaneOptions,
): Promise<void> {
  if (over.length + waits.length === 0) return
  const of = (abouts: readonly string[]) => groups.filter(({ about }) => abouts.includes(about))
  const put = of(waits).flatMap((group) => putsOf(name, group, {}, clock.now() + ASIDE_MS))
  await settle({ remove: removalsOf(name, of(over)), put }, [], null)
}

async function tried(
  { own, state, all }: Lane,
  groups: readonly Group[],
  composed: Composed,
  options: LaneOptions,
  stopped: AbortSignal,
): Promise<Stepped> {
  const { store, clock } = options
  const { name, receiver } = own
  const windows = receiver.windows ?? []
  // Written before the attempt: an attempt that is cut off counts, and may have arrived.
  const begunAt = clock.now()
  const begun = withSent(state, windows, begunAt)
  const attempts = Math.max(...groups.map((group) => group.attempts)) + 1
  const isTaken = await store.write({
    put: [
      ...groups.flatMap((group) =>
        putsOf(name, group, { state: 'sending', attempts, triedAt: begunAt }, group.nextAt),
      ),
      writtenLaneState(name, begun, clock.now()),
    ],
    when: groups.flatMap(({ entries }) =>
      entries.map(({ id, version }) => ({ collection: outboxOf(name), id, version })),
    ),
  })
  if (!isTaken) return { nextAt: clock.now(), reports: [] }
  let subject: string | null = null
  const outcome = await attempt(
    receiver,
    {
      id: `${composed.message.id}-${createHash('sha256').update(nameTried(groups, name)).digest('hex').slice(0, 8)}`,
      threadId: composed.threadId,
      subjectFor: (fresh) => {
        subject = composed.subject ?? fresh
        return subject
      },
      message: composed.message,
      attempt: attempts,
      mayRepeat: groups.some((group) => unknownsOf(group) > 0),
      triedAt: triedAtOf(groups),
      mentions: composed.mentions,
      reference: composed.reference,
      room: slotsOf(windows, begun.sentAt, begunAt).count,
    },
    AbortSignal.any([AbortSignal.timeout(receiver.attemptMs ?? options.attemptMs), stopped]),
  )
  const now = clock.now()
  const extra = outcome.kind === 'delivered' ? (outcome.extra ?? 0) : 0
  const ended = after(own, groups, withSent(begun, windows, now, extra), outcome, {
    attempts,
    now,
    tookMs: now - begunAt,
    jitter: options.random(),
  })
  const others =
    outcome.kind === 'delivered'
      ? parkedPuts(name, all, groups, now)
      : outdatedPuts(name, all, groups, outcome, now)
  await persistently(
    () =>
      options.settle(
        { ...ended.change, put: [...ended.change.put, ...others] },
        ended.reports,
        outcome.kind === 'delivered' ? subject : null,
      ),
    options,
    stopped,
  )
  const reports = ended.reports.filter(({ outcome: kind }) => kind !== 'waiting')
  logged({ receiver: name, id: composed.message.id, attempts }, outcome, reports.length > 0, options.log)
  return { nextAt: now, reports }
}

function logged(
  about: { readonly receiver: string; readonly id: string; readonly attempts: number },
  { kind, reason }: Outcome,
  isOver: boolean,
  log: Log,
): void {
  const { receiver, id, attempts } = about
  const fields = { receiver, id, outcome: kind, attempts, ...(reason ? { reason } : {}) }
  if (kind === 'delivered' && !reason) log.info('message delivered', fields)
  else if (kind === 'delivered') log.warn('message delivered in part', fields)
  else if (isOver) log.error('message not delivered', fields)
  else log.warn('message not delivered yet', fields)
}

/** The message stays if the store cannot be read. Every other error is a defect of the message. */
function defectOf(error: unknown): string {
  if (error instanceof StoreError) throw error
  return `defect: ${error instanceof Error ? error.name : 'error'}`
}

const LONGEST_PAUSE_MS = 30_000

/**
 * What came of an attempt has to be written, or the message would be sent again and again. So the lane waits for the store.
 */
async function persistently(
  write: () => Promise<void>,
  { clock, log }: Pick<LaneOptions, 'clock' | 'log'>,
  stopped: AbortSignal,
): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      return await write()
    } catch (error) {
      log.error('what came of a message could not be written; tried again', {
        error: error instanceof Error ? error.message : String(error),
      })
      if (stopped.aborted) throw error
      await clock.sleep(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** Math.min(tries, 10)), stopped)
    }
}
