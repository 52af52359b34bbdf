import { randomBytes } from 'node:crypto'
import { claimOf, outboxOf } from '../../delivery/index.ts'
import type { Log } from '../../model/log.ts'
import { type Condition, type Store, StoreError } from '../../store/index.ts'
import { filled } from '../../text/index.ts'
import type { ConfiguredReceiver } from '../receivers.ts'
import { TEXTS } from '../texts.ts'
import { moveAll } from './moves.ts'
import { planOf } from './plan.ts'
import {
  hashed,
  isAsKnown,
  type KnownOptions,
  type KnownReceivers,
  type Move,
  RECORD,
  recordIn,
  type Why,
  writtenRecord,
} from './record.ts'

// Carries what the store keeps over to the new names of receivers. Every write asks that the record of receivers is as it was
// at the begin of the phase, and a phase can be done twice. So a process may be killed at any time, and one that was
// overtaken writes nothing any more.

const CLAIM = 'receivers'
const CLAIM_MS = 15_000
const PAUSE_MS = 200
/** With what comes after it. */
const LONGEST_ATTEMPT_MS = 50_000

/** One instance does it. The others wait for it. @throws StoreError */
export async function carryOver(
  receivers: readonly ConfiguredReceiver[],
  options: KnownOptions,
): Promise<void> {
  const { clock, patienceMs } = options
  const claims = createHeld(options)
  try {
    if (!(await claims.take(CLAIM, clock.now() + patienceMs)))
      throw new StoreError('unavailable', filled(TEXTS.receivers.moving, {}))
    while (!(await isDone(receivers, claims, options))) {}
  } finally {
    await claims.release()
  }
}

/** Claims that are renewed until they are released. */
interface Held {
  /** Waits until the claim is free. False: it was not until then, ms since the epoch. */
  take(claim: string, until: number): Promise<boolean>
  release(): Promise<void>
}

function createHeld({ store, clock }: KnownOptions): Held {
  const holder = randomBytes(8).toString('hex')
  const held = new Set<string>()
  const each = (act: (claim: string) => Promise<unknown>) =>
    // They end by themselves, too.
    Promise.all([...held].map((claim) => act(claim).catch(() => {})))
  const renewal = setInterval(() => void each((one) => store.claim(one, holder, CLAIM_MS)), CLAIM_MS / 3)
  return {
    async take(claim, until) {
      while (!(await store.claim(claim, holder, CLAIM_MS))) {
        if (clock.now() >= until) return false
        await clock.sleep(PAUSE_MS)
      }
      held.add(claim)
      return true
    },
    async release() {
      clearInterval(renewal)
      await each((one) => store.release(one, holder))
    },
  }
}

/** Does the next step. True: there was none. */
async function isDone(
  receivers: readonly ConfiguredReceiver[],
  claims: Held,
  options: KnownOptions,
): Promise<boolean> {
  const { store, clock } = options
  const [stored] = await store.read([RECORD])
  const record = recordIn(stored)
  const unchanged: Condition = { ...RECORD, version: stored?.version ?? null }
  if (record?.moving) {
    await lanesTaken(record.moving.moves, claims, options)
    await movedOn(record, record.moving, unchanged, options)
    return false
  }
  if (record !== null && isAsKnown(record, receivers)) return true
  const now = clock.now()
  const key = record?.key ?? randomBytes(32).toString('hex')
  // A store of an older version knows no addresses, so its names are taken as they are.
  const { moves, known } = planOf(record?.known ?? [], hashed(receivers, key), now)
  const moving = moves.length === 0 ? null : ({ phase: 'away', moves } as const)
  const put = [writtenRecord({ key, known, moving }, now)]
  try {
    await store.write({ put, when: [unchanged] })
    return false
  } catch (error) {
    if (moving !== null || !(error instanceof StoreError) || error.kind !== 'full') throw error
    // Nothing has to be moved, so the next start can write it as well.
    options.log.warn('the store has no room for the addresses of receivers; tried again at the next start')
    return true
  }
}

/**
 * An instance with other receivers may be sending. Once it sees that something is moved it stops, after the attempt that
 * runs. One of an older version does not.
 */
async function lanesTaken(
  moves: readonly Move[],
  claims: Held,
  { clock, log, patienceMs }: KnownOptions,
): Promise<void> {
  const until = clock.now() + Math.min(patienceMs, LONGEST_ATTEMPT_MS)
  for (const name of new Set(moves.flatMap(({ from, to }) => [from, to])))
    if (!(await claims.take(claimOf(name), until)))
      log.warn('another instance still sends under a name that belongs to another address now', {
        receiver: name,
      })
}

/** Where something stands on its way to this name. No receiver can have such a name. */
const betweenOf = (to: string): string => `(moving to ${to})`

/** Does one phase, as far as nobody else writes meanwhile. */
async function movedOn(
  record: KnownReceivers,
  { phase, moves }: NonNullable<KnownReceivers['moving']>,
  unchanged: Condition,
  { store, clock, log }: KnownOptions,
): Promise<void> {
  const steps = moves.map(({ from, to }) =>
    phase === 'away' ? { from, to: betweenOf(to) } : { from: betweenOf(to), to },
  )
  const now = clock.now()
  if (!(await moveAll(steps, { store, now, unchanged }))) return
  const moving = phase === 'away' ? ({ phase: 'home', moves } as const) : null
  const isWritten = await store.write({
    put: [writtenRecord({ ...record, moving }, now)],
    when: [unchanged],
  })
  if (isWritten && moving === null) await logged(moves, store, log)
}

const MESSAGES: Readonly<Record<Why, string>> = {
  renamed: 'a receiver has another name now: what waits for it and what it was told has that name, too',
  shared:
    'a receiver has another name now, and several have its address: what waits for it and what it was told has the name of one of them',
  replaced:
    'a receiver has another address now and counts as a new one: it hears no recovery of earlier trouble, and what waits for the earlier address is dropped after a day',
  retired:
    'a receiver was removed and another one has its name now: what waits for the removed one is dropped after a day',
}

async function logged(moves: readonly Move[], store: Store, log: Log): Promise<void> {
  for (const { from, to, why } of moves) {
    const waiting = await store.count(outboxOf(to))
    if (why === 'renamed') log.info(MESSAGES.renamed, { from, to, waiting })
    else if (why === 'shared') log.warn(MESSAGES.shared, { from, to, waiting })
    else if (why === 'replaced') log.warn(MESSAGES.replaced, { receiver: from, keptAs: to, waiting })
    else log.info(MESSAGES.retired, { receiver: from, keptAs: to, waiting })
  }
}
