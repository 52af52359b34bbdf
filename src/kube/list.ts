import { type Fact, type FactProblem, ok, unread } from '../model/fact.ts'
import { type KubernetesRule, kubernetesAction } from '../model/kubernetes.ts'
import { kept } from '../model/memo.ts'
import { CallError, type Get } from './get.ts'
import { pageOf } from './parse/index.ts'
import type { Json } from './parse/json.ts'
import { isJson } from './parse/json.ts'
import { NamelessError } from './parse/named.ts'

// Lists and single objects of the API, as facts. A denied or failed read becomes the fact of its own kind.

const PAGE = 500
/** More objects than any check needs. */
const MOST_PAGES = 20

/** Lists and objects that this run has asked for, by path. */
export type Answers = Map<string, Promise<Fact<unknown>>>

export interface Read {
  readonly get: Get
  readonly signal: AbortSignal
  readonly answers: Answers
}

/** A scan asks for many CLBs of one cluster. `path` stands for the kind of its answer. */
const once = <T>({ answers }: Read, path: string, ask: () => Promise<Fact<T>>): Promise<Fact<T>> =>
  kept(answers, path, ask) as Promise<Fact<T>>

/** What an answer means if it is not 200. */
function refusal(status: number): CallError {
  const code = `Http${status}`
  const problem: FactProblem =
    status === 403 ? 'denied' : status === 404 ? 'not-found' : status === 429 ? 'throttled' : 'rejected'
  return new CallError(status >= 500 ? 'unavailable' : problem, code, `HTTP ${status}`)
}

async function asFact<T>(rule: KubernetesRule, reading: Promise<T>): Promise<Fact<T>> {
  const action = kubernetesAction(rule)
  try {
    return ok(await reading)
  } catch (error) {
    if (error instanceof NamelessError)
      return unread({ problem: 'malformed', action, code: 'Nameless', message: 'an object without a name' })
    if (!(error instanceof CallError)) throw error
    const { problem, code, message } = error
    return unread({ problem, action, code, message })
  }
}

/** All pages of a list. A list whose first page is too old by then is read once more from the start (410). */
export function listOf<T>(
  read: Read,
  rule: KubernetesRule,
  { path, query = {} }: { readonly path: string; readonly query?: Readonly<Record<string, string>> },
  of: (api: Json) => T,
): Promise<Fact<readonly T[]>> {
  return once(read, `${path}?${new URLSearchParams(query)}`, () =>
    asFact(
      rule,
      pagesOf(read, path, query)
        .catch((error: unknown) => {
          if (error instanceof CallError && error.code === 'Http410') return pagesOf(read, path, query)
          throw error
        })
        .then((objects) => objects.map(of)),
    ),
  )
}

async function pagesOf(
  { get, signal }: Read,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly Json[]> {
  const objects: Json[] = []
  let next: string | null = null
  for (let page = 0; page < MOST_PAGES; page++) {
    const asked = new URLSearchParams({
      ...query,
      limit: String(PAGE),
      ...(next === null ? {} : { continue: next }),
    })
    const { status, value } = await get(`${path}?${asked}`, signal)
    if (status !== 200) throw refusal(status)
    const found = pageOf(value)
    if (!found) throw new CallError('malformed', 'NoList', 'no list')
    objects.push(...found.objects)
    next = found.next
    if (next === null) return objects
  }
  throw new CallError('malformed', 'TooMany', String(PAGE * MOST_PAGES))
}

/** One object. Null if it does not exist. */
export function objectOf<T>(
  read: Read,
  rule: KubernetesRule,
  path: string,
  of: (api: Json) => T,
): Promise<Fact<T | null>> {
  return once(read, path, () =>
    asFact(
      rule,
      read.get(path, read.signal).then(({ status, value }) => {
        if (status === 404) return null
        if (status !== 200) throw refusal(status)
        if (!isJson(value)) throw new CallError('malformed', 'NoObject', 'no object')
        return of(value)
      }),
    ),
  )
}
