import type { Action } from '../model/actions/index.ts'
import { kept } from '../model/memo.ts'
import { isObject } from '../model/untrusted.ts'
import type { RequestOf, ResponseOf } from './actions.ts'
import { CloudError } from './errors.ts'
import { SHAPES } from './shapes.ts'

/** Any shape, without the type that it describes (`shape.ts`). */
type Shape = string | readonly Shape[] | { readonly [field: string]: Shape }

/** A value that does not fit its shape. */
class Misshapen extends Error {
  override readonly name: string = 'Misshapen'
  readonly code: string = 'WrongShape'
  /** The steps from the value up to the answer, the innermost first. */
  readonly trail: (string | number)[] = []
}

/** A list item without the field that identifies it. */
class Incomplete extends Misshapen {
  override readonly name = 'Incomplete'
  override readonly code = 'IncompleteList'
}

/**
 * Checks a value that is present, or throws `Misshapen`. `asked` gives the ids that the request names. Null if it names
 * none.
 */
type Reader = (value: unknown, asked: Asked) => unknown
type Asked = (name: string) => ReadonlySet<unknown> | null

const readers = new Map<Action, Reader>()

/**
 * Checks an answer and returns only the fields of its shape. This is the only check of answers: after it, lists contain
 * items, ports are 0–65535, and ids were requested. A missing field stays missing, and null stays null. A field that only
 * informs is left out if its type is wrong.
 * @throws CloudError `malformed`, which names the first wrong field
 */
export function admit<A extends Action>(action: A, request: RequestOf<A>, answer: unknown): ResponseOf<A> {
  const read = kept(readers, action, () => readerOf(SHAPES[action]))
  try {
    return (isAbsent(answer) ? answer : read(answer, askedIn(request))) as ResponseOf<A>
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error
    const message = `${pathOf(error.trail.toReversed())} ${error.message}`
    throw new CloudError('malformed', action, error.code, message, { retryable: false })
  }
}

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined

/** An answer has thousands of fields of a few shapes, so each shape is compiled to a reader once. */
function readerOf(shape: Shape): Reader {
  if (typeof shape === 'string') return scalar(shape)
  return isList(shape) ? items(readerOf(shape[0] ?? {})) : fields(shape)
}

const items =
  (read: Reader): Reader =>
  (value, asked) => {
    if (!Array.isArray(value)) return fail('is not a list')
    return value.map((item: unknown, i) => {
      try {
        return item === null ? fail('is null') : read(item, asked)
      } catch (error) {
        throw at(i, error)
      }
    })
  }

function fields(shape: { readonly [field: string]: Shape }): Reader {
  const own = Object.entries(shape).map(([name, inner]) => ({
    field: name.replace('?', ''),
    isInforming: name.endsWith('?'),
    isNeeded: typeof inner === 'string' && /^\w+!/.test(inner),
    read: readerOf(inner),
  }))
  return (value, asked) => {
    if (!isObject(value)) return fail('is not an object')
    const found: Record<string, unknown> = {}
    for (const { field, isInforming, isNeeded, read } of own) {
      const given = value[field]
      if (isNeeded && (isAbsent(given) || given === '')) throw new Incomplete(`came without its ${field}`)
      if (given === undefined) continue
      try {
        found[field] = given === null ? null : read(given, asked)
      } catch (error) {
        if (!isInforming || !(error instanceof Misshapen)) throw at(field, error)
      }
    }
    return found
  }
}

/**
 * The API also writes "unset" as "", even for numbers (platform facts A). JSON may carry half of a surrogate pair, which no
 * address and no UTF-8 can: texts are made well-formed here.
 */
function scalar(shape: string): Reader {
  if (shape === 'any') return (value) => value
  if (shape === 'text' || shape === 'text!')
    return (value) => (typeof value === 'string' ? value.toWellFormed() : fail('is not a text'))
  if (shape === 'text or number')
    return (value) =>
      typeof value === 'string' || Number.isSafeInteger(value)
        ? String(value).toWellFormed()
        : fail('is not a text')
  if (shape.startsWith('asked')) return askedFor(shape.slice(shape.indexOf(' ') + 1))
  if (shape === 'flag')
    return (value) =>
      value === '' ? null : typeof value === 'boolean' ? value : fail('is neither true nor false')
  if (shape === 'on-off')
    return (value) => (value === '' ? null : typeof value === 'boolean' ? value : onOff(number(value, null)))
  if (shape === 'count') return (value) => (value === '' ? null : count(number(value, null)))
  const least = shape === 'port' ? 0 : shape === 'port or -1' ? -1 : null
  return (value) => (value === '' ? null : number(value, least))
}

const onOff = (n: number): boolean | null => (n === 1 ? true : n === 0 ? false : null)

/** The documented limits of weights, seconds and thresholds are far lower. */
const MOST = 100_000

const count = (n: number): number | null =>
  n === -1 ? null : n >= 0 && n <= MOST ? n : fail('is out of range')

/** @param least the lowest allowed port; null allows any integer */
function number(value: unknown, least: number | null): number {
  const n = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value
  if (typeof n !== 'number' || !Number.isInteger(n)) return fail('is not an integer')
  if (least !== null && (n < least || n > 65_535)) return fail('is not a port')
  return n
}

/** Accepts any text if the request has no list or filter called `name`. */
const askedFor =
  (name: string): Reader =>
  (value, asked) => {
    if (typeof value !== 'string') return fail('is not a text')
    return value === '' || asked(name)?.has(value) !== false
      ? value.toWellFormed()
      : fail('was not requested')
  }

/** The ids in the request's list or filter of a given name. */
function askedIn(request: object): Asked {
  const known = new Map<string, ReadonlySet<unknown> | null>()
  return (name) =>
    kept(known, name, () => {
      const asked: unknown =
        Object.entries(request).find(([key]) => key === name)?.[1] ?? filtered(request, name)
      return Array.isArray(asked) ? new Set<unknown>(asked) : null
    })
}

function filtered(request: object, name: string): readonly string[] | undefined {
  if (!('Filters' in request) || !Array.isArray(request.Filters)) return undefined
  const filters: readonly { readonly Name: string; readonly Values: readonly string[] }[] = request.Filters
  return filters.find(({ Name }) => Name === name)?.Values
}

function fail(what: string): never {
  throw new Misshapen(what)
}

function at(step: string | number, error: unknown): unknown {
  if (error instanceof Misshapen) error.trail.push(step)
  return error
}

/** Array.isArray does not narrow readonly lists. */
const isList = (shape: Shape): shape is readonly Shape[] => Array.isArray(shape)

/** For example `InstanceSet[0].InstanceId`. */
const pathOf = (trail: readonly (string | number)[]): string =>
  trail.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('')
