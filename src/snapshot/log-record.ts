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
  const found = typeof value === 'string' ? parsed(value) : value
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? { ...found } : null
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
