import type { ActionName } from '../model/fact.ts'
import type { Action, RequestOf, ResponseOf } from './actions.ts'
import type { CallOptions, CloudSession } from './cloud.ts'
import { CloudError } from './errors.ts'

export interface Page<T> {
  readonly items: readonly T[] | null | undefined
  /** TotalCount. */
  readonly total: number | null | undefined
}

/** The code of a list whose items contradict its count. */
export const INCOMPLETE_LIST = 'IncompleteList'

/** More pages than any account has. Stops a server that counts wrong. */
const MOST_PAGES = 200

/**
 * Reads every page. The first page gives the total. The other pages follow together, one wave later. Items with the
 * same `keyOf` count once.
 *
 * `Offset` and `Limit` stay strings if the request has them as strings, because some VPC actions accept nothing else.
 * @param request the request for the first page; its `Limit` is the page size
 * @throws CloudError `malformed` if the items that came contradict the count; a list that may be short is never returned
 */
export async function readAll<A extends Action, T>(
  cloud: CloudSession,
  action: A,
  request: RequestOf<A>,
  where: CallOptions,
  pageOf: (answer: ResponseOf<A>) => Page<T>,
  keyOf: (item: T) => string = (item) => JSON.stringify(item),
): Promise<readonly T[]> {
  const { items, total } = counted(pageOf(await cloud.call(action, request, where)), request, action)
  if (items.length >= total) return items
  // The server's page size, which may be smaller than the requested one.
  const step = items.length
  const pages = Math.ceil(total / step)
  if (step === 0 || pages > MOST_PAGES) throw incomplete(action, step, total)
  const inForm = sendsTextNumbers(request) ? String : (n: number) => n
  const rest = await Promise.all(
    Array.from({ length: pages - 1 }, (_, i) =>
      cloud.call(
        action,
        { ...request, Offset: inForm((i + 1) * step), Limit: inForm(step) },
        { ...where, wave: where.wave + 1 },
      ),
    ),
  )
  const later = rest.map(pageOf)
  const all = [...items, ...later.flatMap((page) => page.items ?? [])]
  const distinct = [...new Map(all.map((item) => [keyOf(item), item])).values()]
  // The list may have grown since the first page.
  const most = Math.max(total, ...later.map((page) => page.total ?? 0))
  if (distinct.length < most) throw incomplete(action, distinct.length, most)
  return distinct
}

/** Without a total count, or with one that is too low, only a page that is not full is complete. */
function counted<T>(
  page: Page<T>,
  request: object,
  action: ActionName,
): { readonly items: readonly T[]; readonly total: number } {
  const limit = 'Limit' in request ? Number(request.Limit) : 0
  const items = page.items ?? []
  if (typeof page.total === 'number' && page.total >= 0) {
    if (page.total < items.length && items.length >= limit) throw incomplete(action, items.length, page.total)
    return { items, total: page.total }
  }
  if (page.items && items.length < limit) return { items, total: items.length }
  throw new CloudError('malformed', action, 'NoTotalCount', 'a list came without its TotalCount')
}

const sendsTextNumbers = (request: object): boolean =>
  ('Offset' in request && typeof request.Offset === 'string') ||
  ('Limit' in request && typeof request.Limit === 'string')

/** Not retried, because one session gets the same answer again. */
const incomplete = (action: ActionName, had: number, total: number): CloudError =>
  new CloudError('malformed', action, INCOMPLETE_LIST, `${had} of ${total} items were returned`, {
    retryable: false,
  })
