import type { Action } from '../cloud/actions.ts'
import { readInBatches } from '../cloud/batch.ts'
import { CloudError } from '../cloud/errors.ts'
import { readFact } from '../cloud/fact.ts'
import { ok } from '../model/fact.ts'
import type { ById } from '../model/snapshot.ts'

/** One call per id; each id has its own outcome. */
export async function readEach<T>(
  ids: readonly string[],
  read: (id: string) => Promise<T>,
): Promise<Record<string, ById<T>[string]>> {
  const distinct = [...new Set(ids)]
  const facts = await Promise.all(distinct.map((id) => readFact(read(id))))
  return Object.fromEntries(distinct.flatMap((id, i) => (facts[i] ? [[id, facts[i]] as const] : [])))
}

/** Many ids a call. An id that the answer leaves out is `ok(null)`: asked for, and not there. */
export async function readMany<T>(
  ids: readonly string[],
  size: number,
  fetch: (chunk: readonly string[], halvings: number) => Promise<readonly T[]>,
  idsOf: (found: T) => readonly string[],
): Promise<Record<string, ById<T | null>[string]>> {
  const batches = await readInBatches(ids, size, fetch)
  const wanted = new Set(ids)
  const facts: Record<string, ById<T | null>[string]> = {}
  for (const [id, fact] of batches) {
    if (fact.state !== 'ok') {
      facts[id] = fact.failure.problem === 'not-found' ? ok(null) : fact
      continue
    }
    facts[id] ??= ok(null)
    for (const found of fact.value)
      for (const foundId of idsOf(found)) if (wanted.has(foundId)) facts[foundId] = ok(found)
  }
  return facts
}

/** Each failed call that a bisected one had to wait for is a wave. */
export const later = <W extends { readonly wave: number }>(where: W, waves: number): W => ({
  ...where,
  wave: where.wave + waves,
})

/** A list that is missing from an answer is no empty list. */
export function listed<T>(
  action: Action,
  items: readonly T[] | null | undefined,
  total?: number | null,
): readonly T[] {
  const found = items ?? []
  if (items === undefined || (typeof total === 'number' && found.length < total))
    throw new CloudError(
      'malformed',
      action,
      'IncompleteList',
      `${found.length} of ${total ?? '?'} items were returned`,
      {
        retryable: false,
      },
    )
  return found
}

export const distinct = (ids: readonly (string | null | undefined)[]): readonly string[] => [
  ...new Set(ids.filter((id): id is string => typeof id === 'string' && id !== '')),
]
