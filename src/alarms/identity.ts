import { createHash } from 'node:crypto'
import { isObject, text, unpacked } from '../model/untrusted.ts'

// What tells one condition from all others of its sender: the rule, and all dimensions or labels, also those that nobody
// reads here (intake facts 0). Values, times, messages and session ids differ between a firing and its recovery, so they
// are no part of it.

/** Names for people. They change when somebody renames the CLB or edits its tags. */
const SHOWN = new Set(['objname', 'devicename', 'instancename'])
const MOST_LEVELS = 4

const canonical = (name: string): string => name.toLowerCase().replace(/[_-]/g, '')

/** Equal for dimensions that differ only in order, case of their names, spaces, and numbers as text. */
function dimension(value: unknown, levels: number): unknown {
  const given = unpacked(value)
  if (levels === 0) return null
  if (Array.isArray(given)) return given.map((item: unknown) => dimension(item, levels - 1))
  if (!isObject(given)) return typeof given === 'boolean' ? String(given) : text(given, 65_536)
  return Object.entries(given)
    .map(([name, own]) => [canonical(name), dimension(own, levels - 1)] as const)
    .filter(([name, own]) => own !== null && !SHOWN.has(name))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

/** The identity of a condition, of fixed length, because it is kept with each sighting. */
export const identityOf = (...parts: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify(parts.map((part) => dimension(part, MOST_LEVELS))))
    .digest('hex')
    .slice(0, 32)
