import type { Action } from '../model/actions.ts'
import type { RequestOf, ResponseOf } from './actions.ts'
import { CloudError } from './errors.ts'
import { SHAPES } from './shapes.ts'

/** What a shape is where its type does not matter (`shape.ts`). */
type Shape = string | readonly Shape[] | { readonly [field: string]: Shape }

/** A value that does not have its shape. */
class Misshapen extends Error {
  override readonly name: string = 'Misshapen'
  readonly code: string = 'WrongShape'
}

/** An item of a list without what it is about. */
class Incomplete extends Misshapen {
  override readonly name = 'Incomplete'
  override readonly code = 'IncompleteList'
}

const isNeeded = (shape: Shape): boolean => typeof shape === 'string' && /^\w+!/.test(shape)

/**
 * The fields of the action's shape, and no others, each of its type. This is the one place where answers are checked:
 * behind it a list is a list of its items, a port is 0–65535, and an id is one that was asked for. A field that the
 * answer leaves out stays out, and null stays null.
 * @throws CloudError `malformed`, which names the first field that is not as it has to be
 */
export function admit<A extends Action>(action: A, request: RequestOf<A>, answer: unknown): ResponseOf<A> {
  const trail: (string | number)[] = []
  try {
    return read(answer, SHAPES[action], { request, trail }) as ResponseOf<A>
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error
    throw new CloudError('malformed', action, error.code, `${pathOf(trail)} ${error.message}`, {
      retryable: false,
    })
  }
}

interface Reading {
  readonly request: object
  /** Where in the answer the reading is. */
  readonly trail: (string | number)[]
}

function read(value: unknown, shape: Shape, reading: Reading): unknown {
  if (value === null || value === undefined) return value
  if (typeof shape === 'string') return scalar(value, shape, reading.request)
  return isList(shape) ? items(value, shape[0] ?? {}, reading) : fields(value, shape, reading)
}

function items(value: unknown, shape: Shape, reading: Reading): readonly unknown[] {
  if (!Array.isArray(value)) throw new Misshapen('is not a list')
  const { trail } = reading
  return value.map((item: unknown, i) => {
    trail.push(i)
    if (item === null) throw new Misshapen('is null')
    const found = read(item, shape, reading)
    trail.pop()
    return found
  })
}

function fields(
  value: unknown,
  shape: { readonly [field: string]: Shape },
  reading: Reading,
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Misshapen('is not an object')
  const given: Readonly<Record<string, unknown>> = { ...value }
  const found: Record<string, unknown> = {}
  const { trail } = reading
  for (const [name, own] of Object.entries(shape)) {
    const field = name.replace('?', '')
    if (isNeeded(own) && (given[field] ?? '') === '') throw new Incomplete(`came without its ${field}`)
    if (!Object.hasOwn(given, field)) continue
    const depth = trail.push(field)
    try {
      found[field] = read(given[field], own, reading)
    } catch (error) {
      if (!(error instanceof Misshapen) || field === name) throw error
      found[field] = null
      trail.length = depth
    }
    trail.pop()
  }
  return found
}

/** The API writes "unset" as "" too (platform facts A), in place of numbers as well. */
function scalar(value: unknown, shape: string, request: object): unknown {
  if (shape === 'any') return value
  if (shape === 'text' || shape === 'text!') return typeof value === 'string' ? value : fail('is not a text')
  if (shape === 'ports')
    return typeof value === 'string' || typeof value === 'number' ? String(value) : fail('is not a text')
  if (shape.startsWith('asked')) return askedFor(value, shape.slice(shape.indexOf(' ') + 1), request)
  if (value === '') return null
  if (shape === 'flag') return typeof value === 'boolean' ? value : fail('is neither true nor false')
  if (shape === 'on-off' && (typeof value === 'boolean' || value === 0 || value === 1)) return value
  return number(value, shape)
}

function number(value: unknown, shape: string): number {
  const n = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value
  if (typeof n !== 'number' || !Number.isInteger(n)) return fail('is not an integer')
  const least = shape === 'port' ? 0 : shape === 'port or -1' ? -1 : null
  if (least !== null && (n < least || n > 65_535)) return fail('is not a port')
  return n
}

/** Any text, where the request does not say what it asks for by `name`: neither in a list nor in a filter. */
function askedFor(value: unknown, name: string, request: object): string {
  if (typeof value !== 'string') return fail('is not a text')
  const asked: unknown = Object.entries(request).find(([key]) => key === name)?.[1] ?? filtered(request, name)
  return !Array.isArray(asked) || value === '' || asked.includes(value)
    ? value
    : fail('names what was not asked for')
}

function filtered(request: object, name: string): readonly string[] | undefined {
  if (!('Filters' in request) || !Array.isArray(request.Filters)) return undefined
  const filters: readonly { readonly Name: string; readonly Values: readonly string[] }[] = request.Filters
  return filters.find(({ Name }) => Name === name)?.Values
}

function fail(what: string): never {
  throw new Misshapen(what)
}

/** Array.isArray does not narrow readonly lists. */
const isList = (shape: Shape): shape is readonly Shape[] => Array.isArray(shape)

/** `InstanceSet[0].InstanceId`. */
const pathOf = (trail: readonly (string | number)[]): string =>
  trail.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('')
