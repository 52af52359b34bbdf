import type { Part } from '../../incidents/index.ts'
import type { Diagnosis } from '../../model/diagnosis.ts'
import type { LastReadable } from '../../model/incident.ts'
import type { Language } from '../../model/language.ts'
import { reasonsIn } from '../../model/requests.ts'
import type { Store } from '../../store/index.ts'
import { type DiagnosisRecord, readAll } from './records.ts'

// A CLB that cannot be read now: what the last look found that could.

export const inLanguage = (record: DiagnosisRecord | null, language: Language): Diagnosis | null =>
  record?.byLanguage[language] ?? Object.values(record?.byLanguage ?? {})[0] ?? null

const isUnreadNow = ({ readable, unreadSince }: Part): boolean =>
  readable !== undefined && unreadSince !== undefined

/** The diagnosis of the last look that could read each part. Null: the newest could, or it is not kept. */
export async function lastReadableIn(
  parts: readonly Part[],
  store: Pick<Store, 'read'>,
  language: Language,
): Promise<readonly (Diagnosis | null)[]> {
  const unread = parts.filter(isUnreadNow)
  if (unread.length === 0) return parts.map(() => null)
  const ids = [...new Set(unread.flatMap(({ readable }) => readable?.diagnosis ?? []))]
  const records = await readAll(store, 'diagnoses', ids)
  const byId = new Map(ids.map((id, i) => [id, inLanguage(records[i]?.value ?? null, language)]))
  return parts.map((part) => (isUnreadNow(part) ? (byId.get(part.readable?.diagnosis ?? '') ?? null) : null))
}

export function lastReadableOf(
  { readable, unreadSince }: Part,
  diagnosis: Diagnosis | null,
): LastReadable | undefined {
  if (readable === undefined || unreadSince === undefined) return undefined
  const [first] = diagnosis === null ? [] : reasonsIn(diagnosis)
  return {
    at: new Date(readable.at).toISOString(),
    unreadSince: new Date(unreadSince).toISOString(),
    ...(diagnosis === null ? {} : { headline: diagnosis.headline }),
    ...(first ? { cause: { code: first.code, certainty: first.certainty, title: first.title } } : {}),
    ...(first?.fix ? { fix: first.fix.summary } : {}),
  }
}
