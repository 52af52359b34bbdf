import { filled } from '../text/index.ts'
import { type Change, type Key, type Put, type Query, StoreError } from './store.ts'
import { TEXTS } from './texts.ts'

/**
 * The change as every store takes it. Half a surrogate pair has no UTF-8 form: SQLite and Redis would keep another text
 * than memory. So it becomes U+FFFD everywhere.
 * @throws StoreError `defect` for an `at` that cannot be ordered
 */
export function checkedChange({ when = [], remove = [], put = [] }: Change): Required<Change> {
  return { when: when.map(wellFormed), remove: remove.map(wellFormed), put: put.map(checkedPut) }
}

function checkedPut(put: Put): Put {
  return { ...wellFormed(put), value: put.value.toWellFormed(), at: time(put.at) }
}

export const wellFormed = <K extends Key>(key: K): K => ({
  ...key,
  collection: key.collection.toWellFormed(),
  id: key.id.toWellFormed(),
})

/** @throws StoreError `defect` for a limit or a time that is no whole number */
export function checkedQuery(query: Query): Query {
  if (query.after) time(query.after.at)
  return { ...query, limit: whole(query.limit, 'limit') }
}

const time = (at: number): number => whole(at, 'at')

function whole(value: number, field: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new StoreError('defect', filled(TEXTS.notWhole, { field, value: String(value) }))
}
