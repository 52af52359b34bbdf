// Reads JSON whose shape nobody promises. A value of another type is as if it were not there, but for what an object
// cannot be without: its name.

export type Json = Readonly<Record<string, unknown>>

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const at = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((inner, name) => (isJson(inner) ? inner[name] : undefined), value)

export const json = (value: unknown, ...names: readonly string[]): Json => {
  const found = at(value, ...names)
  return isJson(found) ? found : {}
}

/** Null for "" and for anything that is no text. */
export const text = (value: unknown, ...names: readonly string[]): string | null => {
  const found = at(value, ...names)
  return typeof found === 'string' && found !== '' ? found : null
}

export const whole = (value: unknown, ...names: readonly string[]): number | null => {
  const found = at(value, ...names)
  return typeof found === 'number' && Number.isInteger(found) ? found : null
}

export const flag = (value: unknown, ...names: readonly string[]): boolean | null => {
  const found = at(value, ...names)
  return typeof found === 'boolean' ? found : null
}

/** The objects of a list. What is no object in it is left out. */
export const items = (value: unknown, ...names: readonly string[]): readonly Json[] => {
  const found = at(value, ...names)
  return Array.isArray(found) ? found.filter(isJson) : []
}

export const words = (value: unknown, ...names: readonly string[]): readonly string[] => {
  const found = at(value, ...names)
  return Array.isArray(found) ? found.filter((one) => typeof one === 'string' && one !== '') : []
}

/** The texts of a map. */
export const texts = (value: unknown, ...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(json(value, ...names)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )

/** A port: its number, or its name. */
export const portOf = (value: unknown): number | string | null => {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  if (typeof value !== 'string' || value === '') return null
  return /^\d+$/.test(value) ? Number(value) : value
}
