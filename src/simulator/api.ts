/** An error that the API answers with, inside HTTP 200. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export type Request = Readonly<Record<string, unknown>>
export type Answer = Readonly<Record<string, unknown>>

export const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** The values of one filter; `null` where it was not given. */
export function filter(request: Request, name: string): string[] | null {
  const filters = Array.isArray(request.Filters) ? (request.Filters as Record<string, unknown>[]) : []
  const found = filters.find((one) => one.Name === name)
  return found ? texts(found.Values) : null
}

export function atMost(list: readonly unknown[], limit: number, name: string): void {
  if (list.length > limit)
    throw new ApiError('LimitExceeded', `${name}: at most ${limit}, ${list.length} given`)
}

/** Filters take five values in VPC calls. */
export function checkFilters(request: Request, most = 5): void {
  for (const one of Array.isArray(request.Filters) ? request.Filters : [])
    if (texts(one.Values).length > most)
      throw new ApiError('InvalidParameterValue.LimitExceeded', `Filter.Values: at most ${most}`)
}

/** Offset and Limit, 20 by default, 100 at most; `asText` where the API wants strings. */
export function page<T>(request: Request, all: readonly T[], asText = false): readonly T[] {
  const read = (name: string, fallback: number): number => {
    const value = request[name]
    if (value === undefined || value === null) return fallback
    if (typeof value !== (asText ? 'string' : 'number'))
      throw new ApiError('InvalidParameter', `${name} must be a ${asText ? 'string' : 'number'}`)
    return Number(value)
  }
  const [offset, limit] = [read('Offset', 0), read('Limit', 20)]
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw new ApiError('InvalidParameterValue.Range', 'Limit must be 1 to 100')
  return all.slice(offset, offset + limit)
}
