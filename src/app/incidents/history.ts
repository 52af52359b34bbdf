import { setImmediate } from 'node:timers/promises'
import { type Incident, viewOf } from '../../incidents/index.ts'
import type { Diagnosis } from '../../model/diagnosis.ts'
import type { IncidentDetails, IncidentPage } from '../../model/incident.ts'
import type { Language } from '../../model/language.ts'
import { jsonFormOf } from '../../render/index.ts'
import type { Store, Stored } from '../../store/index.ts'
import { inLanguage, lastReadableIn, lastReadableOf } from './last-readable.ts'
import { decoded, readAll, readOne, recordKey, waitingOf } from './records.ts'

// What happened, as `GET /v1/incidents` and `clb-doctor incidents` show it. A read-only store is enough.

type Reading = Pick<Store, 'read' | 'list' | 'count'>

export const MOST_IN_PAGE = 200
export const DEFAULT_IN_PAGE = 50
/** The most CLBs whose waiting alarms are counted. */
const MOST_WAITING = 1_000

export interface PageQuestion {
  readonly limit: number
  /** The incident behind which the page begins. Null: the newest. */
  readonly before: string | null
  /** Only those that are not closed. */
  readonly isOpen: boolean
}

/** The newest first. Null: there is no incident `before`. */
export async function incidentPage(
  { limit, before, isOpen }: PageQuestion,
  store: Reading,
  now: number,
): Promise<IncidentPage | null> {
  let after: Stored | undefined
  if (before !== null) {
    const [from] = await store.read([recordKey('incidents', before)])
    if (!from) return null
    after = from
  }
  const found: Incident[] = []
  for (;;) {
    const batch = await store.list('incidents', {
      newestFirst: true,
      limit: MOST_IN_PAGE,
      ...(after ? { after: { at: after.at, id: after.id } } : {}),
    })
    const read = batch.map((one) => decoded('incidents', one))
    found.push(...read.filter(({ state }) => !isOpen || state !== 'closed'))
    after = batch.at(-1)
    // One more than the page shows that there is a next page.
    if (found.length > limit || batch.length < MOST_IN_PAGE) break
    // The folder answers at once, so alarms would wait until the last batch.
    await setImmediate()
  }
  const shown = found.slice(0, limit)
  return {
    incidents: shown.map((one) => viewOf(one, now)),
    next: found.length > limit ? (shown.at(-1)?.id ?? null) : null,
    waiting: await waitingAlarms(store),
  }
}

/** Alarms that were taken and that no look has served yet, so that no incident shows them. */
async function waitingAlarms(store: Reading): Promise<number> {
  const looks = await store.list('looks', { limit: MOST_WAITING })
  const counts = await Promise.all(looks.map(({ id }) => store.count(waitingOf(id))))
  return counts.reduce((sum, count) => sum + count, 0)
}

/** With what happened and the last diagnosis of each CLB, in this language where it is kept. Null: it is not known. */
export async function incidentDetails(
  id: string,
  store: Pick<Store, 'read'>,
  now: number,
  language: Language,
): Promise<IncidentDetails | null> {
  const { value: incident } = await readOne(store, 'incidents', id)
  if (incident === null) return null
  const records = await readAll(
    store,
    'diagnoses',
    incident.parts.map(({ diagnosis }) => diagnosis),
  )
  const diagnoses = records.flatMap(({ value }) => {
    const one = inLanguage(value, language)
    return one ? [jsonFormOf(one) as Diagnosis] : []
  })
  const last = await lastReadableIn(incident.parts, store, language)
  const lastOf = new Map(
    incident.parts.map((part, i) => [part.id, lastReadableOf(part, last[i] ?? null)] as const),
  )
  const view = viewOf(incident, now)
  const loadBalancers = view.loadBalancers.map((one) => {
    const lastReadable = lastOf.get(one.id)
    return lastReadable ? { ...one, lastReadable } : one
  })
  return { ...view, loadBalancers, timeline: incident.timeline, diagnoses }
}
