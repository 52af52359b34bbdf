/** An error of the API. Its answer has HTTP status 200. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export type Request = Readonly<Record<string, unknown>>
export type Answer = Readonly<Record<string, unknown>>

export const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** The values of one filter. Null if the request does not have the filter. */
export function filter(request: Request, name: string): string[] | null {
  const filters = Array.isArray(request.Filters) ? (request.Filters as Record<string, unknown>[]) : []
  const found = filters.find((one) => one.Name === name)
  return found ? texts(found.Values) : null
}

/** Does the request ask for this value? Null or an empty list asks for all. */
export const among = (value: string, wanted: readonly string[] | null): boolean =>
  wanted === null || wanted.length === 0 || wanted.includes(value)

/** Cuts out one page. Offset and Limit may be numbers or strings of digits. Limit is 20 by default and at most 100. */
export function page<T>(request: Request, all: readonly T[]): readonly T[] {
  const [offset, limit] = [Number(request.Offset ?? 0), Number(request.Limit ?? 20)]
  if (!Number.isInteger(offset) || offset < 0)
    throw new ApiError('InvalidParameterValue.Range', 'Offset must not be negative')
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw new ApiError('InvalidParameterValue.Range', 'Limit must be 1 to 100')
  return all.slice(offset, offset + limit)
}
