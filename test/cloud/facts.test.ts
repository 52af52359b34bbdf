import { describe, expect, it } from 'vitest'
import { CloudError } from '../../src/cloud/errors.ts'
import { createFacts, type FactsOptions } from '../../src/cloud/facts.ts'
import { deferred } from '../support/deferred.ts'

const ACTION = 'cvm:DescribeInstances'
const WHERE = { region: 'ap-guangzhou', wave: 1 }
const ids = (from: number, count: number) => Array.from({ length: count }, (_, i) => `ins-${from + i}`)

function rig(options: Partial<FactsOptions> = {}, keep = 10) {
  const calls: { readonly region: string; readonly ids: readonly string[] }[] = []
  const facts = createFacts({ turn: async () => null, gather: null, bounded: true, ...options })
  const kind = { action: ACTION, size: 100, keep } as const
  return {
    calls,
    read: (asked: readonly string[], where = WHERE, within = '') =>
      facts.read({ kind, ids: asked, where, within }, async (chunk, { region }) => {
        calls.push({ region, ids: chunk })
        if (chunk.includes('ins-down')) throw new CloudError('unavailable', ACTION, 'Http502', 'gone')
        if (chunk.includes('ins-denied')) throw new CloudError('denied', ACTION, 'UnauthorizedOperation', '-')
        return (id) => `fact of ${id}`
      }),
  }
}

describe('ids that several readers request', () => {
  it('are sent together in the call that waits for its turn', async () => {
    const turn = deferred<null>()
    const { calls, read } = rig({ turn: () => turn.promise }, 1_000)
    const first = read(ids(0, 20))
    const others = Promise.all([read(ids(20, 20)), read(ids(30, 30))])
    turn.resolve(null)
    expect((await first).get('ins-3')).toEqual({ state: 'ok', value: 'fact of ins-3' })
    expect([...(await others)[1].keys()]).toEqual(ids(30, 30))
    expect(calls).toEqual([{ region: 'ap-guangzhou', ids: ids(0, 60) }])
  })

  it('fill as few calls as possible', async () => {
    const { calls, read } = rig({}, 1_000)
    await Promise.all([read(ids(0, 150)), read(ids(150, 101))])
    expect(calls.map((call) => call.ids.length)).toEqual([100, 100, 51])
  })

  it('wait for each other if `gather` is set', async () => {
    const moment = deferred<void>()
    const { calls, read } = rig({ gather: () => moment.promise }, 1_000)
    const first = read(['ins-1'])
    await Promise.resolve()
    const second = read(['ins-2'])
    moment.resolve()
    await Promise.all([first, second])
    expect(calls.map((call) => call.ids)).toEqual([['ins-1', 'ins-2']])
  })

  it('are read separately for each region and each VPC', async () => {
    const { calls, read } = rig()
    await Promise.all([
      read(['ins-1']),
      read(['ins-1'], { region: 'ap-beijing', wave: 1 }),
      read(['ins-1'], WHERE, 'vpc-2'),
    ])
    expect(calls.map(({ region }) => region).sort()).toEqual(['ap-beijing', 'ap-guangzhou', 'ap-guangzhou'])
  })
})

describe('a fact that was read', () => {
  it('is not requested again, even if it was denied', async () => {
    const { calls, read } = rig()
    await read(['ins-1'])
    await read(['ins-denied'])
    expect((await read(['ins-1', 'ins-denied'])).get('ins-denied')?.state).toBe('denied')
    expect(calls.map((call) => call.ids)).toEqual([['ins-1'], ['ins-denied']])
  })

  it('is requested again if the API was unavailable', async () => {
    const { calls, read } = rig()
    await read(['ins-down'])
    await read(['ins-down'])
    expect(calls.length).toBe(2)
  })

  it('is dropped at the limit if it is the least recently requested', async () => {
    const { calls, read } = rig({}, 3)
    await read(['ins-1', 'ins-2', 'ins-3'])
    await read(['ins-1'])
    await read(['ins-4'])
    await read(['ins-1', 'ins-3', 'ins-4'])
    expect(calls.length).toBe(2)
    await read(['ins-2'])
    expect(calls.length).toBe(3)
  })

  it('is never dropped if the facts are not bounded', async () => {
    const { calls, read } = rig({ bounded: false }, 0)
    await read(ids(0, 50))
    await read(ids(0, 50))
    expect(calls.length).toBe(1)
  })
})
