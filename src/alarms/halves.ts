import { isObject } from '../model/untrusted.ts'

/** Two payloads that together say the same as a batch, each with half of its entries. Null if it cannot be halved. */
export function halvesOf(payload: unknown): readonly [unknown, unknown] | null {
  if (!isObject(payload)) return null
  const lists = Object.entries(payload).filter(([, value]) => Array.isArray(value) && value.length > 1)
  const [longest] = lists.sort(([, a], [, b]) => lengthOf(b) - lengthOf(a))
  if (longest === undefined) return null
  const [key, entries] = longest as [string, readonly unknown[]]
  const middle = Math.ceil(entries.length / 2)
  return [
    { ...payload, [key]: entries.slice(0, middle) },
    { ...payload, [key]: entries.slice(middle) },
  ]
}

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0)
