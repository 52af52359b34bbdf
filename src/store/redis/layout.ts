import type { Change, Key, Query, Stored } from '../store.ts'
import { AT_DIGITS } from './scripts.ts'

/** Braces: on a cluster all keys with this tag are on one node, as a script needs it. BullMQ's keys have it, too. */
export const TAG = '{clb-doctor}'
export const NUMBERS = `${TAG}:numbers`
export const claimKey = (name: string): string => `${TAG}:claim:${name}`
export const triple = (collection: string): readonly string[] =>
  ['versions', 'values', 'order'].map((part) => `${TAG}:${part}:${collection}`)

const digits = (at: number): string => String(at).padStart(AT_DIGITS, '0')

/** The keys of a call, and the place of each collection among them as Lua counts. */
class Keys {
  readonly all: string[]
  readonly #places = new Map<string, number>()

  constructor(first: readonly string[]) {
    this.all = [...first]
  }

  placeOf(collection: string): number {
    const known = this.#places.get(collection)
    if (known !== undefined) return known
    const place = this.all.length + 1
    this.#places.set(collection, place)
    this.all.push(...triple(collection))
    return place
  }
}

interface Call {
  readonly keys: readonly string[]
  readonly args: readonly (string | number)[]
}

export function writeCall({ when, remove, put }: Required<Change>, now: number): Call {
  const keys = new Keys([NUMBERS])
  const conditions = when.flatMap((one) => [keys.placeOf(one.collection), one.id, one.version ?? ''])
  const removals = remove.flatMap((one) => [keys.placeOf(one.collection), one.id])
  const puts = put.flatMap((one) => [
    keys.placeOf(one.collection),
    one.id,
    digits(one.at),
    one.ifNew ? 'new' : one.keepAt ? 'keep' : '',
    one.value,
  ])
  // After a restart Redis may have lost its last second. With the time in them, versions are not given twice even then.
  const args = [when.length, remove.length, put.length, now * 1_000, ...conditions, ...removals, ...puts]
  return { keys: keys.all, args }
}

export function readCall(wanted: readonly Key[]): Call {
  const keys = new Keys([])
  const args = wanted.flatMap(({ collection, id }) => [keys.placeOf(collection), id])
  return { keys: keys.all, args }
}

export function listCall(collection: string, { upTo, newestFirst = false, after, limit }: Query): Call {
  const behind = after && `(${digits(after.at)}${after.id}`
  const end = upTo === undefined ? '+' : `(${digits(upTo + 1)}`
  const isAfterFirst = after !== undefined && (upTo === undefined || after.at <= upTo)
  const range = newestFirst ? [isAfterFirst && behind ? behind : end, '-'] : [behind ?? '-', end]
  return { keys: triple(collection), args: [newestFirst ? 'newest' : '', ...range, limit] }
}

/** The records of an answer of READ, in the order of the keys. */
export function recordsRead(wanted: readonly Key[], answer: unknown): readonly (Stored | null)[] {
  const found = textsIn(answer)
  return wanted.map(({ id }, i) => storedOf(id, found[2 * i], found[2 * i + 1]))
}

export function recordsListed(answer: unknown): readonly Stored[] {
  const found = textsIn(answer)
  const records: Stored[] = []
  for (let i = 0; i < found.length; i += 3) {
    const record = storedOf(found[i] ?? '', found[i + 1], found[i + 2])
    if (record) records.push(record)
  }
  return records
}

function storedOf(
  id: string,
  meta: string | null | undefined,
  value: string | null | undefined,
): Stored | null {
  if (typeof meta !== 'string' || typeof value !== 'string') return null
  const [version, at] = meta.split(':')
  return { id, value, at: Number(at), version: Number(version) }
}

const textsIn = (answer: unknown): readonly (string | null)[] =>
  Array.isArray(answer) ? answer.map((one) => (typeof one === 'string' ? one : null)) : []
