import { isObject } from '../model/untrusted.ts'

/** Two payloads that together say the same as a batch, each with half of its entries. Null if it cannot be halved. */
export function halvesOf(payload: unknown): readonly [unknown, unknown] | null {
  if (!isObject(payload)) return null
  const lists = Object.entries(payload).flatMap(([key, entries]) =>
    Array.isArray(entries) && entries.length > 1 ? [{ key, entries: entries as readonly unknown[] }] : [],
  )
  const [longest] = lists.sort((a, b) => b.entries.length - a.entries.length)
  if (longest === undefined) return null
  const { key, entries } = longest
  const middle = Math.ceil(entries.length / 2)
  return [
    { ...payload, [key]: entries.slice(0, middle) },
    { ...payload, [key]: entries.slice(middle) },
  ]
}
