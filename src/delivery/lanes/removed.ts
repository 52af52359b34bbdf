import type { Stored } from '../../store/index.ts'
import { entryOf, groupsOf, outboxOf } from './entry.ts'
import type { LaneOptions } from './lane.ts'
import { removalsOf, reportsOf } from './outcome.ts'
import { DAY_MS, FRESH } from './plan.ts'
import { CLAIM_MS, claimOf, LANES, laneStateKey, writtenLaneState } from './state.ts'

// What waits for a receiver that the configuration does not name any more. It was removed, or its name belongs to another
// address now, so no lane sends it.

const STEP = 500
const MOST_LANES = 1_000
const WHY = 'no receiver has this name any more'

interface Options extends LaneOptions {
  readonly holder: string
}

/**
 * Drops what waited for a day for a receiver that is not one of these. It also writes down these, so that a later
 * process knows that they were there. `isOver`: the caller has no time left.
 */
export async function dropRemoved(
  receivers: readonly string[],
  options: Options,
  isOver: () => boolean,
): Promise<void> {
  const { store, clock } = options
  const now = clock.now()
  await store.write({
    put: receivers.map((name) => ({ ...writtenLaneState(name, FRESH, now), ifNew: true })),
  })
  const lanes = await store.list(LANES, { limit: MOST_LANES })
  for (const lane of lanes)
    if (!receivers.includes(lane.id) && !isOver()) await dropLane(lane, options, isOver)
}

async function dropLane(lane: Stored, options: Options, isOver: () => boolean): Promise<void> {
  const { store, holder } = options
  // Another instance still has the receiver.
  if (!(await store.claim(claimOf(lane.id), holder, CLAIM_MS))) return
  try {
    while (!isOver() && (await isDropped(lane, options))) {}
  } finally {
    await store.release(claimOf(lane.id), holder)
  }
}

/** False: nothing of it is old enough. */
async function isDropped(
  { id: name, at, version }: Stored,
  { store, clock, settle, log }: Options,
): Promise<boolean> {
  const now = clock.now()
  const stored = await store.list(outboxOf(name), { limit: STEP })
  const groups = groupsOf(stored.flatMap((one) => entryOf(one) ?? []))
  const old = groups.filter(({ takenAt }) => now - takenAt >= DAY_MS)
  if (old.length > 0) {
    const reports = reportsOf(name, old, 'dropped', now, { why: WHY })
    await settle({ remove: removalsOf(name, old) }, reports, null)
    for (const { about, news } of reports)
      log.error(`message dropped: ${WHY}`, { receiver: name, about, news })
    return true
  }
  if (stored.length === 0 && now - at >= DAY_MS)
    await store.write({
      when: [{ ...laneStateKey(name), version }],
      remove: [laneStateKey(name)],
    })
  return false
}
