import {
  type Action,
  type CallOptions,
  CloudError,
  type CloudSession,
  INCOMPLETE_LIST,
  type Reading,
} from '../cloud/index.ts'
import { ok } from '../model/fact.ts'
import type { ById } from '../model/snapshot.ts'

type Outcome<T> = Record<string, ById<T>[string]>

/** Reads ids one by one. Each id has its own fact. */
export async function readEach<T>(
  cloud: CloudSession,
  reading: Reading,
  read: (id: string, where: CallOptions) => Promise<T>,
): Promise<Outcome<T>> {
  const facts = await cloud.facts.read(reading, async ([id = ''], where) => {
    const value = await read(id, where)
    return () => value
  })
  return Object.fromEntries(facts)
}

/** Reads many ids per call. An id that the answer leaves out becomes `ok(null)`: it does not exist. */
export async function readMany<T>(
  cloud: CloudSession,
  reading: Reading,
  fetch: (ids: readonly string[], where: CallOptions) => Promise<readonly (readonly [string, T])[]>,
): Promise<Outcome<T | null>> {
  const facts = await cloud.facts.read(reading, async (ids, where) => {
    const byId = new Map(await fetch(ids, where))
    return (id: string) => byId.get(id) ?? null
  })
  return Object.fromEntries(
    [...facts].map(([id, fact]) => [
      id,
      fact.state !== 'ok' && fact.failure.problem === 'not-found' ? ok(null) : fact,
    ]),
  )
}

/** Throws `malformed` if the list is missing or shorter than its total count. A missing list is not an empty one. */
export function listed<T>(
  action: Action,
  items: readonly T[] | null | undefined,
  total?: number | null,
): readonly T[] {
  const found = items ?? []
  if (items === undefined || (typeof total === 'number' && found.length < total))
    throw malformed(action, `${found.length} of ${total ?? '?'} items were returned`)
  return found
}

/** The error for an answer that lacks a necessary field or list. */
export const malformed = (action: Action, message: string): CloudError =>
  new CloudError('malformed', action, INCOMPLETE_LIST, message, { retryable: false })

export const distinct = (ids: readonly (string | null | undefined)[]): readonly string[] => [
  ...new Set(ids.filter((id): id is string => typeof id === 'string' && id !== '')),
]
