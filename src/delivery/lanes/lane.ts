import { createHash } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import type { Log } from '../../model/log.ts'
import type { Message } from '../../model/message.ts'
import { type Change, type Store, StoreError } from '../../store/index.ts'
import type { Outcome, Receiver } from '../receiver.ts'
import { entryOf, type Group, groupsOf, outboxOf, triedAtOf } from './entry.ts'
import { after, type LaneReport, putsOf, removalsOf, reportsOf, unknownsOf } from './outcome.ts'
import { isAway, type LaneState, type Plan, planOf, withSent } from './plan.ts'
import { laneStateKey, laneStateOf, writtenLaneState } from './state.ts'

/** A receiver by the name that routes and people use. */
export interface NamedReceiver {
  readonly name: string
  readonly receiver: Receiver
}

/** A message that is made at the moment it is sent. */
export interface Composed {
  readonly message: Message
  readonly mentions: readonly string[]
  readonly threadId: string
  /** What the receiver called it in its last answer. */
  readonly reference: string | null
  /** The subject of the first mail. Null: this is the first. */
  readonly subject: string | null
}

export interface LaneOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  /** Makes the message of these groups now. Null: there is nothing to tell any more. */
  readonly compose: (
    groups: readonly Group[],
    receiver: string,
    why: 'away' | 'limit' | null,
    since: number,
  ) => Promise<Composed | null>
  /** Writes the change together with what the reports mean for their incidents. */
  readonly settle: (change: Change, reports: readonly LaneReport[], subject: string | null) => Promise<void>
  /** One attempt may take so long, in ms. */
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
  const plan = planOf(groups, state, windows, { now, isSeparate: receiver.keepsEach === true })
  switch (plan.kind) {
    case 'nothing':
      return { nextAt: null, reports: [] }
    case 'wait':
      return { nextAt: plan.until, reports: [] }
    case 'drop': {
      const reports = reportsOf(name, plan.groups, 'dropped', now, { why: 'it did not answer for a day' })
      await options.settle({ remove: removalsOf(name, plan.groups) }, reports, null)
      for (const { about, news } of reports)
        log.error('message dropped: the receiver did not answer for a day', { receiver: name, about, news })
      return { nextAt: now, reports }
    }
    case 'send':
      return send({ name, receiver }, plan, state, options, stopped)
  }
}

async function send(
  { name, receiver }: NamedReceiver,
  { groups, why }: Extract<Plan, { kind: 'send' }>,
  before: LaneState,
  options: LaneOptions,
  stopped: AbortSignal,
): Promise<Stepped> {
  const { store, clock, log, compose } = options
  const since = before.away?.since ?? Math.min(...groups.map(({ takenAt }) => takenAt))
  const composed = await compose(groups, name, why, since).catch(defectOf)
  if (composed === null) {
    await options.settle({ remove: removalsOf(name, groups) }, [], null)
    return { nextAt: clock.now(), reports: [] }
  }
  if (typeof composed === 'string') {
    // One that cannot be made must not take the others with it.
    if (groups.length > 1)
      return send(
        { name, receiver },
        { kind: 'send', groups: groups.slice(0, 1), why: null },
        before,
        options,
        stopped,
      )
    const reports = reportsOf(name, groups, 'permanent', clock.now(), { why: composed })
    await options.settle({ remove: removalsOf(name, groups) }, reports, null)
    log.error('message dropped: it cannot be made', {
      receiver: name,
      about: groups[0]?.about,
      reason: composed,
    })
    return { nextAt: clock.now(), reports }
  }
  const windows = receiver.windows ?? []
  // Written before the attempt: an attempt that is cut off counts, and may have arrived.
  const begunAt = clock.now()
  const begun = withSent(before, windows, begunAt)
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
  const mayRepeat = groups.some((group) => unknownsOf(group) > 0)
  let subject: string | null = null
  const outcome = await attempt(
    receiver,
    {
      id: `${composed.message.id}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`,
      threadId: composed.threadId,
      subjectFor: (fresh) => {
        subject = composed.subject ?? fresh
        return subject
      },
      message: composed.message,
      attempt: attempts,
      mayRepeat,
      triedAt: triedAtOf(groups),
      mentions: composed.mentions,
      reference: composed.reference,
    },
    AbortSignal.any([AbortSignal.timeout(options.attemptMs), stopped]),
  )
  const ended = after({ name, receiver }, groups, begun, outcome, {
    attempts,
    now: clock.now(),
    jitter: options.random(),
  })
  await persistently(
    () => options.settle(ended.change, ended.reports, outcome.kind === 'delivered' ? subject : null),
    options,
    stopped,
  )
  const over = ended.reports.filter(({ outcome: kind }) => kind !== 'waiting')
  const fields = {
    receiver: name,
    id: composed.message.id,
    outcome: outcome.kind,
    attempts,
    ...(outcome.reason ? { reason: outcome.reason } : {}),
  }
  if (outcome.kind === 'delivered' && !outcome.reason) log.info('message delivered', fields)
  else if (outcome.kind === 'delivered') log.warn('message delivered in part', fields)
  else if (over.length > 0) log.error('message not delivered', fields)
  else log.warn('message not delivered yet', fields)
  return { nextAt: clock.now(), reports: over }
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

const GRACE_MS = 1_000

/** A receiver that throws, or does not end when it is told to, has a bug, which must not stop its lane. */
async function attempt(
  receiver: Receiver,
  delivery: Parameters<Receiver['send']>[0],
  signal: AbortSignal,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  let begin = (): void => {}
  const overdue = new Promise<Outcome>((resolve) => {
    begin = () => {
      timer = setTimeout(() => resolve({ kind: 'unknown', reason: 'no answer in time' }), GRACE_MS)
    }
  })
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  try {
    return await Promise.race([receiver.send(delivery, signal), overdue])
  } catch (error) {
    return { kind: 'permanent', reason: `defect: ${error instanceof Error ? error.name : 'error'}` }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', begin)
  }
}
