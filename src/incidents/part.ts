import { ATTENTION_ORDER, type Attention } from '../model/diagnosis.ts'
import type { Absence, Ending } from '../model/incident.ts'
import { type ClbLook, type Incident, type Part, type ReadableLook, TIMES, type Told } from './incident.ts'

// A CLB in an incident: which part is the CLB of a look, and what the look changes.

/**
 * Two CLBs that were found are one by their ids. One that was not found is known by its names only. A name alone does not
 * make two found CLBs one, because an address can move from one to the other.
 */
export const isSameClb = (
  part: Pick<Part, 'id' | 'isFound' | 'names'>,
  look: Pick<ClbLook, 'id' | 'isFound' | 'names'>,
): boolean =>
  part.isFound && look.isFound ? part.id === look.id : part.names.some((name) => look.names.includes(name))

/** Every part that is the CLB of the look. A name that was given to several leads to the one that was looked at last. */
export function partsOf(
  { parts }: Pick<Incident, 'parts'>,
  look: Pick<ClbLook, 'id' | 'isFound' | 'names'>,
): readonly Part[] {
  const own = parts.filter((part) => isSameClb(part, look))
  const [found] = own.filter(({ isFound }) => isFound).toSorted((a, b) => b.lookedAt - a.lookedAt)
  return found ? own.filter((part) => !part.isFound || part.id === found.id) : own
}

/** What is known of one CLB that was taken for several. Null: nothing. */
export const asOnePart = (parts: readonly Part[]): Part | null =>
  parts.length === 0 ? null : parts.reduce(combined)

type Reading = Pick<Part, 'readable' | 'unreadSince'>

/** Without the fields that have no value. */
const optional = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never

/** Older versions did not keep the last look that could read it. */
const readableOf = ({ readable, blind = 0, diagnosis, lookedAt }: Part): ReadableLook | undefined =>
  readable ?? (blind > 0 ? undefined : { diagnosis, at: lookedAt })

/** Of two that are one, the newer look that could read it counts. */
function combinedReading(known: Part, other: Part): Reading {
  const { unreadSince } = known
  const [newest] = [known, other].flatMap((part) => readableOf(part) ?? []).toSorted((a, b) => b.at - a.at)
  return optional({
    readable: newest,
    unreadSince: unreadSince && Math.max(unreadSince, newest?.at ?? 0),
  })
}

function combined(a: Part, b: Part): Part {
  const known = a.isFound === b.isFound ? (a.lookedAt >= b.lookedAt ? a : b) : a.isFound ? a : b
  // At one time, what fires counts.
  const isFirst = a.heardAt === b.heardAt ? a.isFiring : a.heardAt > b.heardAt
  const heard = isFirst ? a : b
  return {
    ...known,
    ...combinedReading(known, known === a ? b : a),
    names: [...new Set([...a.names, ...b.names])],
    isFiring: heard.isFiring,
    firings: Math.max(a.firings, b.firings),
    firstOccurredAt: earlier(a.firstOccurredAt, b.firstOccurredAt),
    joinedAt: Math.min(a.joinedAt, b.joinedAt),
    lookedAt: Math.max(a.lookedAt, b.lookedAt),
    heardAt: heard.heardAt,
    alarmed: heard.alarmed,
    wellAt: a.wellAt === null || b.wellAt === null ? null : Math.max(a.wellAt, b.wellAt),
    ...optional({
      saidOverAt: heard.saidOverAt,
      endHeardAt: Math.max(a.endHeardAt ?? 0, b.endHeardAt ?? 0) || undefined,
    }),
  }
}

/** The part after a look. `before`: null if the CLB was none. */
export function partOf(before: Part | null, look: ClbLook, now: number): Part {
  const absent = absenceOf(before, look)
  // What is no CLB has no alarm of one.
  const isFiring = absent !== 'no CLB' && !look.isOutvoted && (look.isFiring ?? before?.isFiring ?? false)
  const saidOverAt = isFiring ? undefined : saidOverIn(before, look, now)
  const isSilent = before !== null && now - before.heardAt >= TIMES.silence
  const isOver = !isFiring || (look.isFiring === null && isSilent)
  const isUnread = sawNothing(look)
  const isCauseUnread = look.cause === null && (isUnread || look.isCauseUnread === true)
  // A look that saw nothing does not end what was over, and it does not show that something is over, but the word of its sender
  // counts after a while. A CLB that does not exist has no trouble, if its sender says so too.
  const wasWell = before !== null && before.wellAt !== null
  const isUnseen = isUnread && !wasWell && isTakenAtWord(before, saidOverAt, now)
  const isWell = isOver && (absent !== null || (isUnread ? wasWell || isUnseen : agrees(look)))
  const ending =
    isWell && absent === null ? endingOf(before, look, { isUnread, isUnseen, isFiring }) : undefined
  const known = before && !look.isFound ? before : look
  return {
    ...look,
    ...(before && isUnread ? keptOf(before, look) : {}),
    ...(before && isCauseUnread ? { cause: before.cause } : {}),
    ...readingAfter(before, look, { now, isUnread: absent === null && isCauseUnread }),
    ...(absent === null ? {} : { absent }),
    ...(absent !== null && isWell ? NOTHING_LEFT : {}),
    ...(ending === 'unseen' ? { attention: look.attention } : {}),
    ...optional({
      ending,
      saidOverAt,
      endHeardAt: look.hasHeardEnd ? now : before?.endHeardAt,
      healthySince: healthySinceIn(before, look, now),
    }),
    id: known.id,
    // A look that did not find the CLB knows no name.
    name: before && known.name === known.id ? before.name : known.name,
    region: known.region || (before?.region ?? ''),
    isFound: known.isFound,
    names: [...new Set([...look.names, ...(before?.names ?? [])])],
    isFiring,
    firings: Math.max(look.firings, before?.firings ?? 0),
    firstOccurredAt: earlier(before?.firstOccurredAt ?? null, look.firstOccurredAt),
    joinedAt: before?.joinedAt ?? now,
    lookedAt: now,
    heardAt: look.isFiring === null ? (before?.heardAt ?? now) : now,
    alarmed: (look.isFiring === null ? before?.alarmed : null) ?? look.diagnosis,
    wellAt: isWell ? (before?.wellAt ?? now) : null,
    doubts: (isOver || look.isLeftToLooks) && !isWell ? (before?.doubts ?? 0) + 1 : 0,
    blind: isUnread && absent === null ? (before?.blind ?? 0) + 1 : 0,
  }
}

const readingAfter = (
  before: Part | null,
  { diagnosis }: ClbLook,
  { now, isUnread }: { readonly now: number; readonly isUnread: boolean },
) =>
  optional(
    isUnread
      ? { readable: before ? readableOf(before) : undefined, unreadSince: before?.unreadSince ?? now }
      : { readable: { diagnosis, at: now } },
  )

/** When its sender said that it is over. Older versions did not keep that time. */
function saidOverIn(before: Part | null, { isFiring }: ClbLook, now: number): number | undefined {
  if (before === null || before.isFiring) return isFiring === false ? now : undefined
  return before.saidOverAt ?? before.heardAt
}

/** No look can read it, and its sender said long ago that it is over. A look that saw trouble, then or later, counts for a day. */
function isTakenAtWord(before: Part | null, saidOverAt: number | undefined, now: number): boolean {
  if (before === null || saidOverAt === undefined) return false
  const seenAt = readableOf(before)?.at ?? 0
  return seenAt >= saidOverAt ? now - seenAt >= TIMES.silence : now - saidOverAt >= TIMES.unseen
}

function endingOf(
  before: Part | null,
  { isOutvoted }: ClbLook,
  { isUnread, isUnseen, isFiring }: Readonly<Record<'isUnread' | 'isUnseen' | 'isFiring', boolean>>,
): Ending | undefined {
  if (isUnread) return isUnseen ? 'unseen' : before?.ending
  return isOutvoted || isFiring ? 'unsaid' : undefined
}

/** A look that could not read it says nothing. */
const healthySinceIn = (before: Part | null, look: ClbLook, now: number): number | undefined =>
  sawNothing(look)
    ? before?.healthySince
    : look.verdict === 'healthy'
      ? (before?.healthySince ?? now)
      : undefined

/** The ids of the diagnoses that are kept for a CLB. Older versions did not name the one with the alarm. */
export const diagnosesIn = ({ diagnosis, alarmed, readable }: Part): readonly string[] => [
  ...new Set([diagnosis, alarmed ?? diagnosis, readable?.diagnosis ?? diagnosis]),
]

/** A CLB that had backends was there. */
function absenceOf(before: Part | null, { absent }: ClbLook): Absence | null {
  const wasSeen = before !== null && (before.backends.total > 0 || before.absent === 'gone')
  return absent === 'unknown' && wasSeen ? 'gone' : (absent ?? null)
}

/** Nobody has to act on a CLB that does not exist, nor on what it had. */
const NOTHING_LEFT = {
  attention: 'none',
  cause: null,
  backends: { total: 0, dead: 0 },
  deadTargets: 0,
  emptyPools: [],
} as const

/** The CLB was not found, or the health of its backends could not be read. */
const sawNothing = ({ isFound, verdict, backends }: ClbLook): boolean =>
  !isFound || (verdict === 'inconclusive' && backends.dead === 0)

/** What was known before a look that saw nothing is still the last that is known. */
const keptOf = (before: Part, look: ClbLook) => ({
  cause: look.cause ?? before.cause,
  attention: graver(look.attention, before.attention),
  backends: before.backends,
  deadTargets: before.deadTargets,
  emptyPools: before.emptyPools,
})

const graver = (a: Attention, b: Attention): Attention =>
  ATTENTION_ORDER.indexOf(a) <= ATTENTION_ORDER.indexOf(b) ? a : b

const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)

/** The look shows nothing that a person has to act on. What could not be read does not agree. */
export const agrees = ({ attention, verdict }: Pick<ClbLook, 'attention' | 'verdict'>): boolean =>
  (attention === 'none' || attention === 'watch') && verdict !== 'inconclusive'

/** What people were told of a CLB under its former ids, under its id now. It is no other CLB. */
export function toldAs(told: Told | null, former: readonly string[], id: string): Told | null {
  if (told === null || former.every((one) => one === id)) return told
  const named = (ids: readonly string[]): readonly string[] => [
    ...new Set(ids.map((one) => (former.includes(one) ? id : one))),
  ]
  const pool = (name: string): string => {
    const own = former.find((one) => name.startsWith(`${one} `))
    return own === undefined ? name : `${id}${name.slice(own.length)}`
  }
  return {
    ...told,
    clbs: named(told.clbs),
    well: named(told.well),
    unread: named(told.unread),
    disputed: named(told.disputed),
    emptyPools: [...new Set(told.emptyPools.map(pool))],
  }
}
