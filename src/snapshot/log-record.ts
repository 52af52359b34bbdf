import { isObject, parseJson } from '../model/untrusted.ts'
import { text } from './fields.ts'

// The shape check lets records of the audit log and the health-check log through (cloud/shapes.ts), so that one
// unreadable record does not discard the others. These functions read them field by field.

export const textIn = (value: unknown): string | null => (typeof value === 'string' ? text(value) : null)

export const integerIn = (value: unknown): number | null => {
  const n = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof n === 'number' && Number.isInteger(n) ? n : null
}

/** The object, or the object that a JSON text holds. */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> | null {
  const found = typeof value === 'string' ? parseJson(value) : value
  return isObject(found) ? found : null
}
