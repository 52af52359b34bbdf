import { type Answer, ApiError, type Request, texts } from './api.ts'
import type { World } from './world.ts'

// The parameters of each action, from the models of tencentcloud-sdk-nodejs 4.1.313. The API refuses unknown parameters.
// A parameter or filter that is not simulated is refused too, so that no answer ignores a filter silently.

/** `digits`: a number as a string, as some VPC actions want Offset and Limit. `whole`: an integer of any length. */
type Kind = 'text' | 'texts' | 'flag' | 'number' | 'whole' | 'digits' | 'list' | 'filters'

export interface SimulatedAction {
  readonly takes: Readonly<Record<string, Kind>>
  readonly needs?: string
  /** The most ids in one call, by parameter. */
  readonly most?: Readonly<Record<string, number>>
  readonly filters?: readonly string[]
  /** The most values in one filter. If left out, 100. */
  readonly values?: number
  /** A parameter with ids. A request may have this parameter or filters, but not both. */
  readonly either?: string
  /** @throws ApiError */
  answer(world: World, request: Request): Answer
}

/** The keys are `service:Action`. */
export type SimulatedActions = Readonly<Record<string, SimulatedAction>>

export const PAGE = { Offset: 'number', Limit: 'number' } as const
export const PAGE_IN_TEXT = { Offset: 'digits', Limit: 'digits' } as const

/** @throws ApiError for a request that the action would refuse in every account */
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
    // VPC calls allow 5 values, CLB calls 100 (platform facts C6, D).
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
