import { createHash } from 'node:crypto'
import { causeKey, type Incident, type Reminders, type Sighting, wakesAt } from '../../incidents/index.ts'
import type { Alarm } from '../../model/alarm.ts'
import type { Diagnosis } from '../../model/diagnosis.ts'
import type { SharedCause } from '../../model/incident.ts'
import type { Language } from '../../model/language.ts'
import type { Message } from '../../model/message.ts'
import type { RefusedPayload } from '../../model/refused-payload.ts'
import type { RowCause } from '../../scan/index.ts'
import type { Condition, Key, Put, Store, Stored } from '../../store/index.ts'

// What is kept, by collection. The store holds only what this program wrote, and a migration changes older records, so a
// record is decoded without a check of every field.

interface Records {
  /** By incident. `at`: when it opened. */
  incidents: Incident
  /** By incident. `at`: when time alone has something to do for it. */
  wake: null
  /** By the id of a CLB, and by the name that an alarm gives it. `at`: the last look. */
  clbs: ClbRecord
  /** By cause. The newest incident with this cause. */
  causes: { readonly incident: string }
  /** By diagnosis. */
  diagnoses: DiagnosisRecord
  /** By message: scans and notes, which no incident holds. */
  messages: Message
  /** By incident: the subject of its first mail. */
  subjects: { readonly subject: string }
  /** By receiver and incident: what the receiver called it in its last answer. */
  references: { readonly reference: string }
  /** By receiver: when the others were last told that it refuses for good. */
  refusals: { readonly at: number }
  /** By their content: alarms that arrived. `at`: when. */
  heard: Heard
  /** By condition: what alarms without a time of their own said last. `at`: when. */
  states: StateRecord
  /** By incident. `at`: when it was closed. */
  closed: null
  /** By diagnosis: those that a newer look replaced. `at`: when. */
  superseded: null
  /** By what it says: payloads that were refused. `at`: when the last one arrived. */
  refused: RefusedPayload
  /** By CLB key: CLBs to look at. `at`: when. */
  looks: LookRecord
}

export interface ClbRecord {
  readonly incident: string | null
  readonly sightings: readonly Sighting[]
}

export interface DiagnosisRecord {
  readonly byLanguage: Readonly<Partial<Record<Language, Diagnosis>>>
  /** What a message about several CLBs joins. */
  readonly causes: Readonly<Partial<Record<Language, readonly RowCause[]>>>
}

/** One alarm that arrived, as far as it tells a firing from others. */
export interface Heard {
  readonly policy: string
  readonly began: string
  readonly state: Alarm['state']
  readonly clb: string | null
  readonly vip: string | null
  readonly port: number | null
  readonly backend: string | null
}

export interface StateRecord {
  readonly state: Alarm['state']
  /** The id of the alarm that waits, or waited, with this state. */
  readonly place: string
  /** How many places the condition has had. */
  readonly turn: number
}

export interface LookRecord {
  /** Looks that failed for a defect of ours. */
  readonly failures: number
  /** A look that no alarm asked for. */
  readonly incident?: string
}

export type Collection = keyof Records

export const recordKey = (collection: Collection, id: string): Key => ({ collection, id })

export const written = <C extends Collection>(
  collection: C,
  id: string,
  value: Records[C],
  at: number,
): Put => ({
  collection,
  id,
  value: JSON.stringify(value),
  at,
})

export const decoded = <C extends Collection>(_: C, { value }: Stored): Records[C] =>
  JSON.parse(value) as Records[C]

/** A record with the condition that it has not changed since. */
export interface Read<C extends Collection> {
  readonly value: Records[C] | null
  /** Ms since the epoch. Null: there is no record. */
  readonly at: number | null
  readonly unchanged: Condition
}

export async function readAll<C extends Collection>(
  store: Pick<Store, 'read'>,
  collection: C,
  ids: readonly string[],
): Promise<readonly Read<C>[]> {
  const keys = ids.map((id) => recordKey(collection, id))
  const stored = await store.read(keys)
  return keys.map((key, i) => {
    const one = stored[i] ?? null
    return {
      value: one === null ? null : decoded(collection, one),
      at: one?.at ?? null,
      unchanged: { ...key, version: one?.version ?? null },
    }
  })
}

export async function readOne<C extends Collection>(
  store: Pick<Store, 'read'>,
  collection: C,
  id: string,
): Promise<Read<C>> {
  const [one] = await readAll(store, collection, [id])
  if (!one) throw new Error('the store gave no answer')
  return one
}

export const waitingOf = (clb: string): string => `waiting:${clb}`

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

export const causeId = (cause: SharedCause): string => hashOf(causeKey(cause))

/** What to write for an incident that changed. */
export function writtenIncident(
  incident: Incident,
  reminders: Reminders,
): { put: readonly Put[]; remove: readonly Key[] } {
  const at = wakesAt(incident, reminders)
  const kept = written('incidents', incident.id, incident, incident.openedAt)
  const wake = recordKey('wake', incident.id)
  const closed = incident.closedAt === null ? [] : [written('closed', incident.id, null, incident.closedAt)]
  return at === null
    ? { put: [kept, ...closed], remove: [wake] }
    : { put: [kept, written('wake', incident.id, null, at)], remove: [] }
}
