import { type Answer, ApiError, type Request, texts } from './api.ts'
import type { World } from './world.ts'

// The parameters of each action, from the models of tencentcloud-sdk-nodejs 4.1.313. The API refuses unknown parameters.
// A parameter or filter that is not simulated is refused too, so that no answer ignores a filter silently.

/** `digits` is a number in a string: some VPC actions take Offset and Limit in this form. `whole` may have any length. */
type Kind = 'text' | 'texts' | 'flag' | 'number' | 'whole' | 'digits' | 'list' | 'filters'

export interface SimulatedAction {
  readonly takes: Readonly<Record<string, Kind>>
  readonly needs?: string
  /** Most ids in one call. */
  readonly most?: Readonly<Record<string, number>>
  readonly filters?: readonly string[]
  /** Most values in one filter. */
  readonly values?: number
  /** The ids that exclude filters. */
  readonly either?: string
  /** Throws `ApiError`. */
  answer(world: World, request: Request): Answer
}

/** By `service:Action`. */
export type SimulatedActions = Readonly<Record<string, SimulatedAction>>

export const PAGE = { Offset: 'number', Limit: 'number' } as const
export const PAGE_IN_TEXT = { Offset: 'digits', Limit: 'digits' } as const

/** Throws `ApiError` for a request that the action would refuse whatever the account holds. */
export function checkParameters(action: string, declared: SimulatedAction, request: Request): void {
  for (const [name, value] of Object.entries(request)) {
    const kind = declared.takes[name]
    if (!kind) throw new ApiError('UnknownParameter', `${name} is not a parameter of ${action}`)
    if (!IS[kind](value)) throw new ApiError('InvalidParameter', `${name} must be ${SAID[kind]}`)
    const most = declared.most?.[name] ?? Number.POSITIVE_INFINITY
    if (texts(value).length > most)
      throw new ApiError('LimitExceeded', `${name}: at most ${most}, ${texts(value).length} given`)
  }
  const { needs, either } = declared
  if (needs && (request[needs] === undefined || request[needs] === ''))
    throw new ApiError('MissingParameter', `${needs} is required`)
  if (either && texts(request[either]).length > 0 && request.Filters !== undefined)
    throw new ApiError('InvalidParameter.Coexist', `${either} and Filters exclude each other`)
  checkFilters(declared, request.Filters)
}

function checkFilters(declared: SimulatedAction, filters: unknown): void {
  for (const { Name, Values } of Array.isArray(filters) ? filters : []) {
    if (!declared.filters?.includes(Name))
      throw new ApiError('InvalidParameter.FilterInvalidKey', `no filter ${String(Name)}`)
    if (texts(Values).length === 0)
      throw new ApiError('InvalidParameterValue', `Filter ${String(Name)} has no values`)
    // Five in VPC calls; a hundred in CLB's (platform facts C6, D).
    const most = declared.values ?? 100
    if (texts(Values).length > most)
      throw new ApiError('InvalidParameterValue.LimitExceeded', `Filter.Values: at most ${most}`)
  }
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

const IS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  texts: isTexts,
  flag: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  whole: (value) => typeof value === 'number' || typeof value === 'bigint',
  list: Array.isArray,
  digits: (value) => typeof value === 'string' && /^\d+$/.test(value),
  filters: (value) =>
    Array.isArray(value) && value.every((one) => typeof one?.Name === 'string' && isTexts(one.Values)),
}

const SAID: Readonly<Record<Kind, string>> = {
  text: 'a string',
  texts: 'a list of strings',
  flag: 'a boolean',
  number: 'a number',
  whole: 'a whole number',
  list: 'a list',
  digits: 'a number in a string',
  filters: 'a list of {Name, Values}',
}
