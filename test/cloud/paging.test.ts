import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CallOptions, CloudSession } from '../../src/cloud/cloud.ts'
import { readAll } from '../../src/cloud/paging.ts'
import { answerWith, cloudAt, failureOf, GUANGZHOU, json, never, type Reply, startApi } from './api.ts'

interface Item {
  readonly id: number
}
interface Asked {
  readonly Offset?: number | string
  readonly Limit?: number | string
}
interface Answer {
  readonly items?: readonly Item[] | null
  readonly total?: number | null
}

/** A session that answers every call with `answer` and keeps the requests. */
function answering(answer: (asked: Asked) => Answer) {
  const asked: (Asked & { readonly wave: number })[] = []
  const session = {
    cost: { apiCalls: 0, retries: 0, waves: 0 },
    call: async (_: string, request: Asked, options: CallOptions) => {
      asked.push({ ...request, wave: options.wave })
      return answer(request)
    },
  }
  return { asked, session: session as unknown as CloudSession }
}

const ACTION = 'vpc:DescribeNetworkAcls'
const list = (session: CloudSession, request: object = { Offset: 0, Limit: 100 }) =>
  readAll<typeof ACTION, Item>(session, ACTION, request, GUANGZHOU, (answer) => {
    const { items, total } = answer as Answer
    return { items, total }
  })
const upTo = (count: number): Item[] => Array.from({ length: count }, (_, id) => ({ id }))
/** Its first page counts 200 items, its second 201. */
const grown = (asked: Asked): Answer => ({
  items: slice(upTo(200), asked),
  total: asked.Offset === 0 ? 200 : 201,
})
const slice = (all: readonly Item[], { Offset = 0, Limit = 20 }: Asked, most = 100): Item[] =>
  all.slice(Number(Offset), Number(Offset) + Math.min(most, Number(Limit)))

describe('a list', () => {
  it('is read completely, each item once, for any length, any Limit and any size of the pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 450 }),
        fc.integer({ min: 5, max: 100 }),
        fc.integer({ min: 5, max: 100 }),
        fc.boolean(),
        async (length, limit, most, asText) => {
          const all = upTo(length)
          const { asked, session } = answering((request) => ({
            items: slice(all, request, most),
            total: length,
          }))
          const request = asText ? { Offset: '0', Limit: String(limit) } : { Offset: 0, Limit: limit }
          expect(await list(session, request)).toEqual(all)
          expect(asked.length).toBe(Math.max(1, Math.ceil(length / Math.min(limit, most))))
          for (const { Offset, Limit } of asked)
            expect([typeof Offset, typeof Limit]).toEqual(
              asText ? ['string', 'string'] : ['number', 'number'],
            )
        },
      ),
      { numRuns: 300 },
    )
  })

  it('without a Limit in the request continues with the size of the first page', async () => {
    const { asked, session } = answering((request) => ({ items: slice(upTo(50), request), total: 50 }))
    expect(await list(session, {})).toEqual(upTo(50))
    expect(asked.map(({ Offset, Limit }) => [Offset, Limit])).toEqual([
      [undefined, undefined],
      [20, 20],
      [40, 20],
    ])
  })

  it('takes two waves for five pages', async () => {
    const { asked, session } = answering((request) => ({ items: slice(upTo(450), request), total: 450 }))
    await list(session)
    expect(asked.map(({ wave }) => wave)).toEqual([1, 2, 2, 2, 2])
  })

  it('is empty if the answer has no items, as an empty list or as null', async () => {
    for (const answer of [
      { items: [], total: 0 },
      { items: null, total: 0 },
      { items: [], total: null },
    ])
      expect(await list(answering(() => answer).session)).toEqual([])
  })

  it('with a count that is too low is complete if its page is not full', async () => {
    expect(await list(answering(() => ({ items: upTo(3), total: 1 })).session)).toEqual(upTo(3))
  })

  it('without a count is complete if its page is not full', async () => {
    expect(await list(answering(() => ({ items: upTo(99), total: null })).session)).toEqual(upTo(99))
  })
})

describe('an incomplete list is an error', () => {
  it.each<[string, (asked: Asked) => Answer, string]>([
    ['if every page is the first one', () => ({ items: upTo(100), total: 250 }), 'IncompleteList'],
    [
      'if later pages are empty',
      ({ Offset }) => ({ items: Offset === 0 ? upTo(100) : [], total: 250 }),
      'IncompleteList',
    ],
    [
      'if later pages are missing',
      ({ Offset }) => ({ items: Offset === 0 ? upTo(100) : null, total: 250 }),
      'IncompleteList',
    ],
    ['if a page is short', (asked) => ({ items: slice(upTo(249), asked), total: 250 }), 'IncompleteList'],
    ['if the first page is empty', () => ({ items: [], total: 3 }), 'IncompleteList'],
    ['if the first page is missing', () => ({ total: 3 }), 'IncompleteList'],
    ['if the list grew by an item between two pages', grown, 'IncompleteList'],
    [
      'if a full page has more items than were counted',
      () => ({ items: upTo(100), total: 1 }),
      'IncompleteList',
    ],
    ['if the count is far too high', () => ({ items: upTo(1), total: 1e9 }), 'IncompleteList'],
    ['if the answer has no list and no count', () => ({}), 'NoTotalCount'],
    ['if a full page has no count', () => ({ items: upTo(100), total: null }), 'NoTotalCount'],
    ['if the count is not a number', () => ({ items: upTo(100), total: Number.NaN }), 'NoTotalCount'],
  ])('%s', async (_, answer, code) => {
    const { asked, session } = answering(answer)
    expect(await failureOf(list(session))).toMatchObject({ problem: 'malformed', code, action: ACTION })
    expect(asked.length).toBeLessThanOrEqual(3)
  })

  it('if a page fails, with the error of that page', async () => {
    const { session } = answering((asked) => {
      if (asked.Offset === 200) throw new Error('no page')
      return { items: slice(upTo(250), asked), total: 250 }
    })
    expect(await failureOf(list(session))).toHaveProperty('message', 'no page')
  })
})

it('a list from the API is read with Offset and Limit as texts if the action needs texts', async () => {
  const subnets = Array.from({ length: 25 }, (_, i) => ({ SubnetId: `subnet-${i}` }))
  const reply: Reply = (seen, response) => {
    const { Offset, Limit } = seen.body
    if (typeof Offset !== 'string' || typeof Limit !== 'string')
      return answerWith({})(seen, response, response.req.socket)
    const SubnetSet = subnets.slice(Number(Offset), Number(Offset) + Number(Limit))
    json(response, { Response: { SubnetSet, TotalCount: 25, RequestId: 'r' } })
  }
  await using api = await startApi(reply)
  using cloud = cloudAt(api.origin)
  const session = cloud.session(never())
  const request = { Offset: '0', Limit: '10' }
  const all = await readAll(session, 'vpc:DescribeSubnets', request, GUANGZHOU, (answer) => ({
    items: answer.SubnetSet,
    total: answer.TotalCount,
  }))
  expect(all.map(({ SubnetId }) => SubnetId)).toEqual(subnets.map(({ SubnetId }) => SubnetId))
  expect(session.cost).toEqual({ apiCalls: 3, retries: 0, waves: 2 })
})
