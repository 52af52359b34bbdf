import type { NoticeChange } from '../model/incident.ts'
import type { Part, Told } from './incident.ts'

/** Why `changed` is news: what people were told last, beside what they were told before. Pure. */
export function changedSince(
  before: Told,
  told: Told,
  parts: readonly Part[],
): Pick<NoticeChange, 'cause' | 'disputed' | 'firing' | 'unread' | 'readable'> {
  // What joined is news of its own.
  const sick = parts.filter(({ id, wellAt }) => wellAt === null && before.clbs.includes(id))
  const idsOf = (isIn: (part: Part) => boolean): readonly string[] => sick.filter(isIn).map(({ id }) => id)
  const lists = {
    disputed: idsOf(({ id }) => told.disputed.includes(id) && !before.disputed.includes(id)),
    firing: idsOf(({ id, isFiring }) => isFiring && before.disputed.includes(id)),
    unread: idsOf(({ id }) => told.unread.includes(id) && !before.unread.includes(id)),
    readable: idsOf(({ id }) => before.unread.includes(id) && !told.unread.includes(id)),
  }
  return {
    ...(told.cause === before.cause ? {} : { cause: causeChange(before, told) }),
    ...Object.fromEntries(Object.entries(lists).filter(([, ids]) => ids.length > 0)),
  }
}

const causeChange = (before: Told, told: Told): NonNullable<NoticeChange['cause']> =>
  before.cause === null ? 'known' : told.cause === null ? 'unknown' : 'another'
