import { diagnosesIn } from '../../incidents/index.ts'
import { removeOlder, type Stored } from '../../store/index.ts'
import type { AppContext } from '../context.ts'
import { type Collection, decoded, readAll, recordKey } from './records.ts'

// What is no longer needed is removed: an incident 90 days after it was closed, with everything that belongs to it, and a
// diagnosis soon after a newer one took its place. An open incident and what belongs to it always stay. What waits for a
// receiver that is gone is dropped after a day.

const HOUR_MS = 3_600_000
const KEPT_MS = 90 * 24 * HOUR_MS
/** One instance does it in this time. A little less than an hour, so that clocks need not agree. */
const EVERY_MS = HOUR_MS - 60_000
/** A message may still be made of a diagnosis that a newer one replaced. */
const SUPERSEDED_MS = HOUR_MS
/** What a condition said last counts for five minutes. */
const STATES_MS = HOUR_MS
/** The most records of one collection that one run looks at, in steps. Between two steps others have their turn. */
const MOST = 5_000
const STEP = 200
/** A store without room gives up so many closed incidents at a time. */
const FOR_ROOM = 50
const ROOM_EVERY_MS = 10_000

export interface Retention {
  /** Removes what is old, once an hour over all instances. `isOver`: the caller has no time left. Never throws. */
  run(isOver: () => boolean): Promise<void>
  /** The store has no room: removes the oldest closed incidents, whatever their age. Never throws. */
  makeRoom(): Promise<void>
}

interface Context extends Pick<AppContext, 'store' | 'clock' | 'log' | 'holder'> {
  readonly lanes: Pick<AppContext['lanes'], 'dropRemoved'>
}

export function createRetention(context: Context): Retention {
  const { store, clock, log, holder, lanes } = context
  let notBefore = 0
  let roomNotBefore = 0

  /** Holds the claim under a name of its own, so that it cannot be renewed. */
  const isMyTurn = (now: number): Promise<boolean> => store.claim('retention', `${holder}:${now}`, EVERY_MS)

  return {
    async run(isOver) {
      const now = clock.now()
      if (now < notBefore) return
      notBefore = now + EVERY_MS
      try {
        if (!(await isMyTurn(now))) return
        const removed = await removeOld(context, now, isOver)
        if (Object.keys(removed).length > 0) log.info('old records were removed', removed)
        // Last, because it writes more than it removes.
        await lanes.dropRemoved(isOver)
      } catch (error) {
        log.warn('old records could not be removed; tried again in an hour', { error: textOf(error) })
      }
    },
    async makeRoom() {
      const now = clock.now()
      if (now < roomNotBefore) return
      roomNotBefore = now + ROOM_EVERY_MS
      try {
        const superseded = await removeSuperseded(context, now, () => false)
        const incidents = await removeClosed(context, now, FOR_ROOM, () => false)
        if (superseded + incidents === 0)
          log.error('the store has no room, and holds no closed incident that could give way')
        else
          log.warn('the store has no room: the oldest closed incidents were removed early', {
            incidents,
            diagnoses: superseded,
          })
      } catch (error) {
        log.error('the store has no room, and nothing could be removed', { error: textOf(error) })
      }
    },
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** How many records of each kind were removed. */
async function removeOld(
  context: Context,
  now: number,
  isOver: () => boolean,
): Promise<Readonly<Record<string, number>>> {
  const { store } = context
  const before = now - KEPT_MS
  const removed: Record<string, number> = {
    incidents: await removeClosed(context, before, MOST, isOver),
    diagnoses: await removeSuperseded(context, now - SUPERSEDED_MS, isOver),
  }
  for (const [collection, ownerOf] of Object.entries(OWNERS))
    removed[collection] = await removeOwned(
      collection as keyof typeof OWNERS,
      ownerOf,
      context,
      before,
      isOver,
    )
  for (const collection of ['messages', 'refusals', 'refused', 'heard'] as const)
    removed[collection] = await removeAll(store, collection, before, isOver)
  removed.states = await removeAll(store, 'states', now - STATES_MS, isOver)
  return Object.fromEntries(Object.entries(removed).filter(([, count]) => count > 0))
}

/** Records that are older than this and belong to nothing else. */
async function removeAll(
  store: AppContext['store'],
  collection: Collection,
  before: number,
  isOver: () => boolean,
): Promise<number> {
  let count = 0
  while (count < MOST && !isOver()) {
    const removed = await removeOlder(store, collection, before, STEP)
    count += removed
    if (removed < STEP) break
  }
  return count
}

/** Incidents that were closed before this time, the oldest first. Returns how many. */
async function removeClosed(
  { store }: Context,
  before: number,
  most: number,
  isOver: () => boolean,
): Promise<number> {
  let count = 0
  while (count < most && before > 0 && !isOver()) {
    const step = await store.list('closed', { upTo: before, limit: Math.min(STEP, most - count) })
    if (step.length === 0) break
    const ids = step.map(({ id }) => id)
    const incidents = (await readAll(store, 'incidents', ids)).flatMap(({ value }) => value ?? [])
    // The incident that took one over has taken its diagnoses over, too.
    const diagnoses = incidents
      .filter(({ mergedInto }) => mergedInto === null)
      .flatMap(({ parts }) => parts.flatMap(diagnosesIn))
    await store.write({
      remove: [
        ...(['closed', 'incidents', 'wake', 'subjects'] as const).flatMap((collection) =>
          ids.map((id) => recordKey(collection, id)),
        ),
        ...diagnoses.map((id) => recordKey('diagnoses', id)),
      ],
    })
    count += step.length
  }
  return count
}

async function removeSuperseded({ store }: Context, before: number, isOver: () => boolean): Promise<number> {
  let count = 0
  while (count < MOST && before > 0 && !isOver()) {
    const step = await store.list('superseded', { upTo: before, limit: STEP })
    if (step.length === 0) break
    await store.write({
      remove: step.flatMap(({ id }) => [recordKey('superseded', id), recordKey('diagnoses', id)]),
    })
    count += step.length
  }
  return count
}

/** The incident that a record belongs to. Null: it belongs to none. */
type OwnerOf = (record: Stored) => string | null

const OWNERS = {
  clbs: (record) => decoded('clbs', record).incident,
  causes: (record) => decoded('causes', record).incident,
  subjects: ({ id }) => id,
  references: ({ id }) => id.slice(id.lastIndexOf(' ') + 1),
} as const satisfies Partial<Record<Collection, OwnerOf>>

/** Old records whose incident is not kept any more. One that somebody renews meanwhile stays. */
async function removeOwned(
  collection: keyof typeof OWNERS,
  ownerOf: OwnerOf,
  { store }: Context,
  before: number,
  isOver: () => boolean,
): Promise<number> {
  let count = 0
  let after: Stored | undefined
  for (let seen = 0; seen < MOST && before > 0 && !isOver(); seen += STEP) {
    const step = await store.list(collection, {
      upTo: before - 1,
      limit: STEP,
      ...(after ? { after: { at: after.at, id: after.id } } : {}),
    })
    const owners = step.map(ownerOf)
    const kept = await store.read(owners.map((id) => recordKey('incidents', id ?? '')))
    const gone = step.filter((_, i) => !kept[i])
    const removed = await Promise.all(
      gone.map(({ id, version }) =>
        store.write({ when: [{ collection, id, version }], remove: [{ collection, id }] }),
      ),
    )
    count += removed.filter(Boolean).length
    after = step.at(-1)
    if (step.length < STEP) break
  }
  return count
}
