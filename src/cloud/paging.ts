import type { ActionName } from '../model/fact.ts'
import type { Action, RequestOf, ResponseOf } from './actions.ts'
import type { CallOptions, CloudSession } from './cloud.ts'
import { CloudError } from './errors.ts'

export interface Page<T> {
  readonly items: readonly T[] | null | undefined
  /** TotalCount; unknown counts as what this page holds. */
  readonly total: number | null | undefined
}

const PAGE = 100
/** More than any account has; ends a server that counts wrong. */
const MOST_PAGES = 200

/**
 * Every page: the first tells how many there are, the others follow together, one wave later. An answer that holds
 * fewer items than it counts is an error, never a short list.
 */
export async function readAll<A extends Action, T>(
  cloud: CloudSession,
  action: A,
  request: RequestOf<A>,
  where: CallOptions,
  pageOf: (answer: ResponseOf<A>) => Page<T>,
): Promise<readonly T[]> {
  const first = pageOf(await cloud.call(action, request, where))
  const items = first.items ?? []
  const total = first.total ?? items.length
  if (items.length >= total) return items
  const step = items.length
  if (step === 0 || Math.ceil(total / step) > MOST_PAGES) throw short(action, 0, total)
  const offsets = Array.from({ length: Math.ceil(total / step) - 1 }, (_, i) => (i + 1) * step)
  const asText = 'Offset' in request && typeof request.Offset === 'string'
  const rest = await Promise.all(
    offsets.map((offset) =>
      cloud.call(
        action,
        { ...request, Offset: asText ? String(offset) : offset, Limit: asText ? String(PAGE) : PAGE },
        { ...where, wave: where.wave + 1 },
      ),
    ),
  )
  const all = [...items, ...rest.flatMap((answer) => pageOf(answer).items ?? [])]
  if (all.length < total) throw short(action, all.length, total)
  return all
}

const short = (action: ActionName, had: number, total: number): CloudError =>
  new CloudError('malformed', action, 'ShortList', `${had} of ${total} items were returned`)
