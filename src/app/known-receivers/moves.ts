import { entryOf, moveLane, outboxOf } from '../../delivery/index.ts'
import { renamedIn } from '../../incidents/index.ts'
import type { Condition, Put, Store, Stored } from '../../store/index.ts'
import { decoded, recordKey, written } from '../incidents/records.ts'

// Everything that the store keeps by the name of a receiver: what waits for it, the state of its lane, what it called an
// incident, who was told what of an open incident, and when the others heard that it refuses.

export interface Step {
  readonly from: string
  readonly to: string
}

interface Options {
  readonly store: Store
  readonly now: number
  /** It holds until the step is over. */
  readonly unchanged: Condition
}

const PAGE = 500
const INCIDENTS_AT_ONCE = 50

/** False: somebody else wrote meanwhile, so it has to be done again. What is done already does no harm. */
export async function moveAll(steps: readonly Step[], options: Options): Promise<boolean> {
  // The incidents come first: a closed one is only found while something of it waits.
  const ids = await concerned(steps, options.store)
  for (let first = 0; first < ids.length; first += INCIDENTS_AT_ONCE)
    if (!(await movedIncidents(ids.slice(first, first + INCIDENTS_AT_ONCE), steps, options))) return false
  for (const step of steps) {
    if (!(await movedOne(recordKey('refusals', step.from), recordKey('refusals', step.to), options)))
      return false
    if (!(await moveLane(step, options))) return false
  }
  return true
}

/** The incidents that are open, and those of which something waits to be told. */
async function concerned(steps: readonly Step[], store: Store): Promise<readonly string[]> {
  const ids = new Set<string>()
  for await (const { id } of pagesOf('wake', store)) ids.add(id)
  for (const { from } of steps)
    for await (const one of pagesOf(outboxOf(from), store)) {
      const stored = entryOf(one)
      if (stored) ids.add(stored.entry.about)
    }
  return [...ids]
}

async function* pagesOf(collection: string, store: Store): AsyncGenerator<Stored> {
  let after: Stored | undefined
  do {
    const page = await store.list(collection, {
      limit: PAGE,
      ...(after ? { after: { at: after.at, id: after.id } } : {}),
    })
    yield* page
    after = page.length < PAGE ? undefined : page.at(-1)
  } while (after)
}

const referenceKey = (receiver: string, id: string) => recordKey('references', `${receiver} ${id}`)

async function movedIncidents(
  ids: readonly string[],
  steps: readonly Step[],
  { store, unchanged }: Options,
): Promise<boolean> {
  const references = ids.flatMap((id) =>
    steps.map(({ from, to }) => ({ from: referenceKey(from, id), to: referenceKey(to, id) })),
  )
  const keys = ids.map((id) => recordKey('incidents', id))
  const stored = await store.read([...keys, ...references.map(({ from }) => from)])
  const names = new Map(steps.map(({ from, to }) => [from, to]))
  const put: Put[] = []
  const when: Condition[] = []
  for (const [i, key] of keys.entries()) {
    const one = stored[i]
    const incident = one ? decoded('incidents', one) : null
    const after = incident && renamedIn(incident, names)
    if (!one || after === null || after === incident) continue
    put.push(written('incidents', key.id, after, one.at))
    when.push({ ...key, version: one.version })
  }
  const known = references.flatMap((key, i) => {
    const one = stored[keys.length + i]
    return one ? [{ ...key, one }] : []
  })
  if (put.length + known.length === 0) return true
  return store.write({
    remove: known.map(({ from }) => from),
    put: [...put, ...known.map(({ to, one }) => ({ ...to, value: one.value, at: one.at }))],
    when: [unchanged, ...when, ...known.map(({ from, one }) => ({ ...from, version: one.version }))],
  })
}

async function movedOne(
  from: ReturnType<typeof recordKey>,
  to: ReturnType<typeof recordKey>,
  { store, unchanged }: Options,
): Promise<boolean> {
  const [one] = await store.read([from])
  if (!one) return true
  return store.write({
    remove: [from],
    put: [{ ...to, value: one.value, at: one.at }],
    when: [unchanged, { ...from, version: one.version }],
  })
}
