import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CloudError, CredentialsError } from '../../src/cloud/errors.ts'
import { createFacts } from '../../src/cloud/facts.ts'
import type { Fact } from '../../src/model/fact.ts'
import { failureOf } from './api.ts'

const ACTION = 'cvm:DescribeInstances'
const notFound = () => new CloudError('not-found', ACTION, 'InvalidInstanceId.NotFound', 'no such id')

const WHERE = { region: 'ap-guangzhou', wave: 1 }

/** Reads with new facts. `fetch` gets the number of failed calls before the call for these ids. */
function readInBatches<T>(
  ids: readonly string[],
  size: number,
  fetch: (chunk: readonly string[], halvings: number) => Promise<T>,
): Promise<ReadonlyMap<string, Fact<T>>> {
  const facts = createFacts({ turn: async () => null, gather: null, bounded: false })
  const kind = { action: ACTION, size, keep: 0 } as const
  return facts.read({ kind, ids, where: WHERE }, async (chunk, { wave }) => {
    const answer = await fetch(chunk, wave - WHERE.wave)
    return () => answer
  })
}

/** An API that fails a whole call if one id is bad. */
function api(bad: ReadonlySet<string>) {
  const calls: (readonly string[])[] = []
  return {
    calls,
    fetch: async (chunk: readonly string[]) => {
      calls.push(chunk)
      if (chunk.some((id) => bad.has(id))) throw notFound()
      return chunk
    },
  }
}

const id = fc.integer({ min: 0, max: 400 }).map((n) => `ins-${n}`)

describe('ids in batches', () => {
  it('all get a fact: a good id gets its value, and a bad id gets not-found', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(id, { maxLength: 300 }),
        fc.array(id, { maxLength: 8 }),
        fc.integer({ min: 1, max: 100 }),
        async (ids, badIds, size) => {
          const bad = new Set(badIds)
          const { calls, fetch } = api(bad)
          const facts = await readInBatches(ids, size, fetch)
          expect(new Set(facts.keys())).toEqual(new Set(ids))
          for (const [asked, fact] of facts)
            if (bad.has(asked))
              expect(fact).toMatchObject({ state: 'failed', failure: { problem: 'not-found' } })
            else expect(fact).toMatchObject({ state: 'ok', value: expect.arrayContaining([asked]) })
          const distinct = new Set(ids).size
          const wrong = [...new Set(ids)].filter((one) => bad.has(one)).length
          const most = Math.ceil(distinct / size) + 2 * wrong * Math.ceil(Math.log2(Math.max(2, size)))
          expect(calls.length).toBeLessThanOrEqual(most)
          expect(calls.every((chunk) => chunk.length > 0 && chunk.length <= size)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('are requested once each, in full calls', async () => {
    const { calls, fetch } = api(new Set())
    await readInBatches(['a', 'b', 'a', 'c', 'b'], 2, fetch)
    expect(calls).toEqual([['a', 'b'], ['c']])
  })

  it('need no call if the list is empty', async () => {
    const { calls, fetch } = api(new Set())
    expect((await readInBatches([], 100, fetch)).size).toBe(0)
    expect(calls).toEqual([])
  })

  it('need fewer than two calls for each id if every id is bad', async () => {
    const ids = Array.from({ length: 100 }, (_, i) => `ins-${i}`)
    const { calls, fetch } = api(new Set(ids))
    await readInBatches(ids, 100, fetch)
    expect(calls.length).toBe(199)
  })

  it.each(['denied', 'throttled', 'unavailable', 'malformed', 'deadline', 'rejected'] as const)(
    'of a call that is %s fail together, without a call for each id',
    async (problem) => {
      let calls = 0
      const facts = await readInBatches(['a', 'b', 'c', 'd'], 2, async (chunk) => {
        calls += 1
        if (chunk.includes('b')) throw new CloudError(problem, ACTION, 'Code', 'words')
        return chunk.length
      })
      const state = problem === 'denied' ? 'denied' : 'failed'
      expect([...facts].map(([key, fact]) => [key, fact.state])).toEqual([
        ['a', state],
        ['b', state],
        ['c', 'ok'],
        ['d', 'ok'],
      ])
      expect(calls).toBe(2)
    },
  )

  it('give each call the number of failed calls before it', async () => {
    const waited = new Map<string, number>()
    await readInBatches(['a', 'b', 'c', 'd'], 4, async (chunk, halvings) => {
      waited.set(chunk.join(''), halvings)
      if (chunk.includes('a')) throw notFound()
    })
    expect(Object.fromEntries(waited)).toEqual({ abcd: 0, ab: 1, cd: 1, a: 2, b: 2 })
  })

  it('stop at rejected credentials and at programming errors', async () => {
    for (const error of [new CredentialsError(ACTION, 'AuthFailure', 'no'), new TypeError('bug')])
      expect(await failureOf(readInBatches(['a', 'b'], 2, () => Promise.reject(error)))).toBe(error)
  })
})
