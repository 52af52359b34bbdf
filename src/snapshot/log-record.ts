import { text } from './fields.ts'

// The door lets records of the audit log and of the health-check log through unchecked (cloud/shapes.ts): one that
// cannot be read must not take the others with it. They are read field by field.

export const textIn = (value: unknown): string | null => (typeof value === 'string' ? text(value) : null)

export const integerIn = (value: unknown): number | null => {
  const n = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof n === 'number' && Number.isInteger(n) ? n : null
}

/** An object as it is, or as JSON. */
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
