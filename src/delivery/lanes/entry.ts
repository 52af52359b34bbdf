import * as v from 'valibot'
import type { Put, Stored } from '../../store/index.ts'

// What waits for a receiver: one entry for each telling. The message is made when it is sent, so an entry only names what
// it is about. Entries about one incident become one message.

const Entry = v.object({
  /** The id of an incident, or of a message that is kept in `messages`. */
  about: v.string(),
  /** Why it is told, the most important first. */
  news: v.array(v.string()),
  /** The most urgent is sent first. 0 is the most urgent. */
  rank: v.number(),
  /** When the alarm was taken, ms since the epoch. */
  takenAt: v.number(),
  /** Until then it is tried as a message of its own. After that it waits for the receiver to come back. */
  deadline: v.number(),
  attempts: v.number(),
  /** Attempts that may have arrived. */
  unknowns: v.number(),
  state: v.picklist(['waiting', 'sending', 'missed']),
  /** When the last attempt began or ended that can have arrived, ms since the epoch. */
  triedAt: v.optional(v.number()),
  /** Why the last attempt failed. */
  why: v.optional(v.string()),
  /** The name that the receiver had when it was tried first. Left out: it still has it. */
  firstName: v.optional(v.string()),
})
export type Entry = v.InferOutput<typeof Entry>

export interface StoredEntry {
  readonly id: string
  readonly at: number
  readonly version: number
  readonly entry: Entry
}

/** Null for a record that is not ours to read. */
export function entryOf({ id, at, version, value }: Stored): StoredEntry | null {
  const read = v.safeParse(Entry, parsedJson(value))
  return read.success ? { id, at, version, entry: read.output } : null
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export const outboxOf = (receiver: string): string => `outbox:${receiver}`

/** What to write so that one thing waits for a receiver. `at`: when it is sent first, ms since the epoch. */
export const waiting = (
  receiver: string,
  id: string,
  told: Pick<Entry, 'about' | 'news' | 'rank' | 'takenAt' | 'deadline'>,
  at: number,
): Put => ({
  collection: outboxOf(receiver),
  id,
  value: JSON.stringify({ ...told, attempts: 0, unknowns: 0, state: 'waiting' } satisfies Entry),
  at,
})

/** Entries about one thing. */
export interface Group {
  readonly about: string
  readonly entries: readonly StoredEntry[]
  /** Why it is told. */
  readonly news: readonly string[]
  readonly rank: number
  readonly takenAt: number
  readonly deadline: number
  readonly nextAt: number
  readonly attempts: number
  readonly unknowns: number
  readonly triedAt: number | null
  /** True if its time as a message of its own is over. */
  readonly isMissed: boolean
  /** An attempt began, and its end is not known. */
  readonly isCutOff: boolean
}

/** The name of the receiver that stands in the id of an attempt. */
export const nameTried = (groups: readonly Group[], name: string): string =>
  groups.flatMap(({ entries }) => entries.flatMap(({ entry }) => entry.firstName ?? []))[0] ?? name

/** Groups, the most urgent first. */
export function groupsOf(stored: readonly StoredEntry[]): readonly Group[] {
  const byAbout = new Map<string, StoredEntry[]>()
  for (const one of stored) {
    const own = byAbout.get(one.entry.about)
    if (own) own.push(one)
    else byAbout.set(one.entry.about, [one])
  }
  return [...byAbout].map(([about, entries]) => groupOf(about, entries)).sort(byUrgency)
}

const byUrgency = (a: Group, b: Group): number => a.rank - b.rank || a.takenAt - b.takenAt

function groupOf(about: string, entries: readonly StoredEntry[]): Group {
  const all = entries.map(({ entry }) => entry)
  return {
    about,
    entries,
    news: [...new Set(all.flatMap(({ news }) => news))],
    rank: Math.min(...all.map(({ rank }) => rank)),
    takenAt: Math.min(...all.map(({ takenAt }) => takenAt)),
    deadline: Math.max(...all.map(({ deadline }) => deadline)),
    nextAt: Math.min(...entries.map(({ at }) => at)),
    attempts: Math.max(...all.map(({ attempts }) => attempts)),
    unknowns: Math.max(...all.map(({ unknowns }) => unknowns)),
    triedAt: latest(all.map(({ triedAt = null }) => triedAt)),
    isMissed: all.every(({ state }) => state === 'missed'),
    isCutOff: all.some(({ state }) => state === 'sending'),
  }
}

export const triedAtOf = (groups: readonly Group[]): number | null =>
  latest(groups.map(({ triedAt }) => triedAt))

const latest = (times: readonly (number | null)[]): number | null =>
  times.reduce((last, one) => (one === null || (last !== null && last >= one) ? last : one), null)
