import type { Change } from '../../model/diagnosis.ts'
import type { AuditEvent, AuditedEdit } from '../../model/snapshot.ts'
import { isRecent, isStamp, operationsOn, type Paths, RECENT_S } from '../../path/index.ts'

/** The operation that made a thing what it is. */
export interface Making {
  readonly change: Change
  readonly edit: AuditedEdit
  /** Operations on the same thing before it, oldest first. */
  readonly earlier: readonly AuditEvent[]
}

/**
 * The last operation on a thing, if the audit log tells what it did and it came before the trouble, by an hour at most.
 * Null if another one came at the same time, because then their order is not known.
 */
export function makingOf(
  { snapshot, changes }: Pick<Paths, 'snapshot' | 'changes'>,
  id: string,
): Making | null {
  const operations = operationsOn(snapshot, id)
  const last = operations.at(-1)
  const earlier = operations.slice(0, -1)
  if (!last?.edit || earlier.some(({ at }) => at === last.at)) return null
  const change = changeBy(changes, id, last)
  if (!change) return null
  return { change, edit: last.edit, earlier }
}

/** The change that an operation made to a thing, if it came before the trouble, by an hour at most. */
export const changeBy = (
  changes: Paths['changes'],
  id: string,
  { at, event }: Pick<AuditEvent, 'at' | 'event'>,
): Change | undefined =>
  changes.find(
    (change) =>
      change.resource.id === id &&
      change.event === event &&
      Date.parse(change.at) === Date.parse(at) &&
      (isRecent(change) || change.secondsBeforeOnset === null),
  )

/** Was the same thing changed before, within the hour before this operation? */
export const isSecondChange = ({ change, earlier }: Pick<Making, 'change' | 'earlier'>): boolean =>
  earlier.some(({ at }) => Date.parse(change.at) - Date.parse(at) <= RECENT_S * 1000)

/** The time stamp of a rule within the hour before the trouble. Only read where the audit log was not. */
export const stampOn = (
  { changes }: Pick<Paths, 'changes'>,
  { id, index }: { readonly id: string; readonly index: number },
): Change | undefined =>
  changes.find(
    (change) =>
      isStamp(change) && isRecent(change) && change.resource.id === id && change.resource.ruleIndex === index,
  )
