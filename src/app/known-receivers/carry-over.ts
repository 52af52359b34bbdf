import { randomBytes } from 'node:crypto'
import { outboxOf } from '../../delivery/index.ts'
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

/** One instance does it. The others wait for it. @throws StoreError */
export async function carryOver(
  receivers: readonly ConfiguredReceiver[],
  options: KnownOptions,
): Promise<void> {
  const { store, clock, patienceMs } = options
  const holder = randomBytes(8).toString('hex')
  const until = clock.now() + patienceMs
  while (!(await store.claim(CLAIM, holder, CLAIM_MS))) {
    if (clock.now() >= until) throw new StoreError('unavailable', filled(TEXTS.receivers.moving, {}))
    await clock.sleep(PAUSE_MS)
  }
  const renewal = setInterval(() => {
    store.claim(CLAIM, holder, CLAIM_MS).catch(() => {})
  }, CLAIM_MS / 3)
  try {
    while (!(await isDone(receivers, options))) {}
  } finally {
    clearInterval(renewal)
    // It ends by itself, too.
    await store.release(CLAIM, holder).catch(() => {})
  }
}

/** Does the next step. True: there was none. */
async function isDone(receivers: readonly ConfiguredReceiver[], options: KnownOptions): Promise<boolean> {
  const { store, clock } = options
  const [stored] = await store.read([RECORD])
  const record = recordIn(stored)
  const unchanged: Condition = { ...RECORD, version: stored?.version ?? null }
  if (record?.moving) {
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
