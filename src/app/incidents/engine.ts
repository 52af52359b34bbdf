import { outboxOf, type RunningLanes } from '../../delivery/index.ts'
import type { Alarm } from '../../model/alarm.ts'

import { StoreError } from '../../store/index.ts'

export { createLookQueue, type LookQueue } from '../../store/looks/index.ts'
export { StoreError }

import type { LookQueue } from '../../store/looks/index.ts'
import type { AppContext } from '../context.ts'
import { runDue } from './due.ts'
import { forgetOldest } from './forget.ts'
import { createInsideSlots } from './inside.ts'
import type { Handled, Limits } from './look.ts'
import { createTakeMissed } from './missed.ts'
import { type Sent, sendWaiting } from './post.ts'
import { createRetention } from './retention.ts'
import { createStoreTrouble } from './store-trouble.ts'
import { takeAlarms } from './take.ts'
import { tellDue } from './tell.ts'

export { createRefusedBox, type RefusedBox } from './refused-box.ts'

// How an alarm becomes messages: taken (safe) → a look → an incident → who is told what → lanes. `serve` does this all the
// time. A function does it for one event, within its time.

const DAY_MS = 24 * 3_600_000
const READ_BUDGET_MS = 30_000
/** With a look inside machines, which takes up to 40 s. */
const INSIDE_BUDGET_MS = 75_000
/** Of the looks at once, so many may be inside machines. */
const INSIDE_AT_ONCE = 2
const LOOKS_AT_ONCE = 4
/** The most time between two looks at what time alone brings. */
const TICK_MS = 1_000
/** How often the history of alarms is read. */
const HISTORY_MS = 60_000
/** How often the names of receivers are compared with those of other instances. */
const NAMES_MS = 10_000
/** What is old is removed only while so much time is left. */
const SPARE_MS = 5_000
/** For saying that this instance is gone. */
const LEAVE_MS = 500
/** The most looks that one timer takes over. */
const MOST_LEFT = 50

/** Loaded at the first look. A function that hands its alarms over, or has nothing due, needs none of it. */
async function lookAt(clb: string, context: AppContext, limits: Limits): Promise<readonly Handled[]> {
  return (await import('./look.ts')).lookAt(clb, context, limits)
}

export interface Engine {
  /** Looks and sends from now on, until it is stopped. */
  start(): void
  /** Resolves once the alarms are safe. @throws StoreError if they are not */
  take(alarms: readonly Alarm[]): Promise<void>
  /** Looks that run. */
  unfinished(): number
  /** Ends what is on its way within about this time. The rest stays in the store. */
  stop(withinMs: number): Promise<void>
}

export function createEngine(context: AppContext, looks: LookQueue, atOnce = LOOKS_AT_ONCE): Engine {
  const { store, clock } = context
  let isStopped = false
  const cut = new AbortController()
  const slots = createInsideSlots(INSIDE_AT_ONCE)
  let running = 0
  let timer: NodeJS.Timeout | null = null
  let history: NodeJS.Timeout | null = null
  let names: NodeJS.Timeout | null = null
  let lanes: RunningLanes | null = null
  const takeMissed = createTakeMissed(context)
  const retention = createRetention(context)
  const trouble = createStoreTrouble(context, () => void retention.makeRoom())

  async function look(clb: string): Promise<void> {
    if (isStopped || trouble.rests()) return
    running += 1
    try {
      const handled = await lookAt(clb, context, {
        readMs: context.config.inGuest ? INSIDE_BUDGET_MS : READ_BUDGET_MS,
        slots,
        stop: cut.signal,
      })
      if (handled.length > 0) await tellQuiet(context)
    } catch (error) {
      trouble.lookFailed(error)
    } finally {
      running -= 1
      lanes?.poke()
    }
  }

  async function tick(): Promise<void> {
    try {
      await runDue(context)
      lanes?.poke()
      void retention.run(() => isStopped)
    } catch (error) {
      trouble.dueFailed(error)
    }
    if (!isStopped) timer = setTimeout(() => void tick(), TICK_MS)
  }

  // It never fails: a sweep finds the rest.
  const whenQuiet = askWhenQuiet((clb) => void looks.ask(clb))

  async function missed(): Promise<void> {
    for (const clb of await takeMissed()) void looks.ask(clb)
  }

  return {
    start() {
      lanes = context.lanes.start()
      looks.work(look, atOnce)
      void tick()
      void context.instances.join()
      history = setInterval(() => void missed(), HISTORY_MS)
      names = setInterval(() => void context.names.keep(), NAMES_MS)
    },
    async take(alarms) {
      trouble.mustHaveRoom()
      const clbs = await takeAlarms(alarms, store, clock.now()).catch((error: unknown) => {
        trouble.noted(error)
        throw error
      })
      for (const clb of clbs) whenQuiet.ask(clb)
    },
    unfinished: () => running,
    async stop(withinMs) {
      whenQuiet.flush()
      await within(
        idle(context, clock.now() + withinMs / 2, () => running > 0),
        withinMs / 2,
      )
      isStopped = true
      if (timer) clearTimeout(timer)
      if (history) clearInterval(history)
      if (names) clearInterval(names)
      const patience = setTimeout(() => cut.abort(), withinMs / 4)
      await Promise.all([within(looks.stop(), withinMs / 2), lanes?.stop(withinMs / 2)])
      clearTimeout(patience)
      cut.abort()
      await within(context.instances.leave(), LEAVE_MS)
    },
  }
}

/** Alarms of a burst are answered before the first look takes the processor, which then serves more of them. */
const QUIET_MS = 30
const LONGEST_BURST_MS = 250

function askWhenQuiet(ask: (clb: string) => void) {
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  let since = 0
  const flush = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
    for (const clb of waiting) ask(clb)
    waiting.clear()
  }
  return {
    flush,
    ask(clb: string): void {
      const now = performance.now()
      if (timer) clearTimeout(timer)
      else since = now
      waiting.add(clb)
      timer = setTimeout(flush, Math.max(0, Math.min(QUIET_MS, since + LONGEST_BURST_MS - now)))
    },
  }
}

/** First messages wait for other alarms. Once nothing else waits they go out. */
async function tellQuiet(context: AppContext): Promise<void> {
  const { store, clock } = context
  if ((await store.count('looks')) > 0) return
  const now = clock.now()
  const soon = await store.list('wake', { upTo: now + 6_000, limit: 100 })
  for (const { id } of soon) await tellDue(id, { now, takenAt: now, isHeardAgain: false }, context)
}

/** Resolves when nothing waits that can be done now, or at `until`. */
async function idle(
  { store, clock, config, names }: AppContext,
  until: number,
  isLooking: () => boolean,
): Promise<void> {
  const isBusy = async (): Promise<boolean> => {
    // Between the end of a look and its entry in the outbox nothing in the store says that more comes.
    if (isLooking()) return true
    const now = clock.now()
    const first = { upTo: now + 6_000, limit: 1 }
    if ((await store.list('looks', { upTo: now, limit: 1 })).length > 0) return true
    const outboxes = config.receivers.map(async ({ name }) =>
      (await names.isOwn(name)) ? store.list(outboxOf(name), first) : [],
    )
    return (await Promise.all(outboxes)).some((entries) => entries.length > 0)
  }
  while (clock.now() < until && (await isBusy().catch(() => false))) await clock.sleep(50)
}

const within = (work: Promise<void>, ms: number): Promise<void> =>
  Promise.race([work, new Promise<void>((resolve) => setTimeout(resolve, ms).unref())])

export interface InPlace extends Sent {
  readonly handled: readonly Handled[]
}

export interface InPlaceBudget {
  /** For reading one CLB, in ms. */
  readonly read: number
  /** For everything, in ms. */
  readonly total: number
}

/**
 * Handles alarms within the time that an event has. The process may not live on, so a first message does not wait for
 * other alarms. With a shared store later updates wait for the next event or timer. `takenAt`: when the alarms were taken, if
 * that was earlier, ms since the epoch.
 */
export async function handleInPlace(
  alarms: readonly Alarm[],
  context: AppContext,
  budget: InPlaceBudget,
  takenAt?: number,
): Promise<InPlace> {
  const { store, clock } = context
  const now = clock.now()
  const until = now + budget.total
  const at = takenAt !== undefined && takenAt <= now && takenAt > now - DAY_MS ? takenAt : now
  const clbs = await takeAlarms(alarms, store, at)
  return finish(clbs, context, budget.read, until)
}

/** Does what time alone brings, and looks that another process left, within the time that an event has. */
export type HandleDue = (budget: InPlaceBudget) => Promise<InPlace>

/** What it returns is kept between events: it knows when the history was read and what is old was removed. */
export function createHandleDue(context: AppContext): HandleDue {
  const { store, clock, canWait, names } = context
  const takeMissed = createTakeMissed(context)
  const retention = createRetention(context)
  return async ({ read, total }) => {
    const now = clock.now()
    await names.keep()
    await takeMissed()
    // What is due may ask for a look first, and the next timer comes in a minute.
    await runDue(context)
    const left = await store.list('looks', { upTo: clock.now(), limit: MOST_LEFT })
    const clbs = left.map(({ id }) => id)
    const until = now + total
    const done = await finish(clbs, context, read, until)
    if (canWait) await retention.run(() => clock.now() > until - SPARE_MS)
    return done
  }
}

async function finish(
  clbs: readonly string[],
  context: AppContext,
  readMs: number,
  until: number,
): Promise<InPlace> {
  const { clock } = context
  const looks = await Promise.allSettled(clbs.map((clb) => lookAt(clb, context, { readMs })))
  for (const one of looks) if (one.status === 'rejected') throw one.reason
  const handled = looks.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  const now = clock.now()
  const occasion = { now, takenAt: now, isHeardAgain: false, isHurried: true }
  for (const id of new Set(handled.flatMap(({ incidents }) => incidents.map((one) => one.id))))
    await tellDue(id, occasion, context)
  await runDue(context)
  const sent = await sendWaiting(context, until)
  if (sent.isUndelivered) logUntold(handled, context)
  if (!context.canWait) await forgetOldest(context)
  return { handled, ...sent }
}

/** The log names the CLBs, because this process may be gone before it can tell them. */
function logUntold(handled: readonly Handled[], { log }: AppContext): void {
  const parts = handled.flatMap(({ incidents }) =>
    incidents.flatMap((incident) => incident.parts.map((part) => ({ incident: incident.id, part }))),
  )
  for (const { incident, part } of parts)
    log.warn('not told yet: no receiver took the message', {
      loadBalancer: part.id,
      name: part.name,
      verdict: part.verdict,
      headline: part.headline,
      incident,
    })
}
