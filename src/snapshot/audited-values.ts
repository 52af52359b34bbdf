import { isObject } from '../model/untrusted.ts'
import { text } from './fields.ts'
import { integerIn } from './log-record.ts'

// Values in the parameters of an audited operation. They have no fixed shape.

export type Fields = Readonly<Record<string, unknown>>

export class NotUnderstood extends Error {}

export function listIn(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) throw new NotUnderstood()
  return value
}

export function fieldsOf(value: unknown): Fields {
  if (!isObject(value)) throw new NotUnderstood()
  return value
}

/** A text, or a number that stands for its text. */
export function plain(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'string' && typeof value !== 'number') throw new NotUnderstood()
  return text(String(value))
}

export function indexIn(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null
  const index = integerIn(value)
  if (index === null) throw new NotUnderstood()
  return index
}
