import { describe, expect, it } from 'vitest'
import type { Transport } from '../../src/cloud/transport.ts'
import type { Log } from '../../src/model/log.ts'
import { deferred } from '../support/deferred.ts'
import {
  answerWith,
  cloudAt,
  failureOf,
  failWith,
  GUANGZHOU,
  hold,
  inTurn,
  never,
  reset,
  startApi,
  status,
} from './api.ts'
import { manualClock, steppingClock } from './clocks.ts'

const lb = (id: string) => ({ LoadBalancerId: id })

describe('a failed call', () => {
  it('is repeated until it is answered, and the retries are counted and logged', async () => {
    const lines: unknown[] = []
    const log: Log = { info() {}, error() {}, warn: (message, fields) => lines.push([message, fields]) }
    await using api = await startApi(inTurn(status(503), reset, answerWith({ TotalCount: 7 })))
    using cloud = cloudAt(api.origin, { clock: steppingClock(), log })
    const session = cloud.session(never())
    const answer = await session.call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU)
    expect(answer.TotalCount).toBe(7)
    expect(session.cost).toEqual({ apiCalls: 3, retries: 2, waves: 1 })
    const message = 'API call is repeated'
    const fields = { action: 'clb:DescribeListeners', region: 'ap-guangzhou' }
    expect(lines).toEqual([
      [message, { ...fields, code: 'Http503', attempt: 1 }],
      [message, { ...fields, code: 'ECONNRESET', attempt: 2 }],
    ])
  })

  it('waits longer before each retry, for a random share of the backoff', async () => {
    await using api = await startApi(status(503))
    const clock = steppingClock()
    using cloud = cloudAt(api.origin, { clock, random: () => 0.5 })
    await failureOf(cloud.session(never()).call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU))
    expect(clock.slept).toEqual([100, 200, 400])
  })

  it('waits more than a second before a retry if it was throttled', async () => {
    await using api = await startApi(
      inTurn(failWith('RequestLimitExceeded'), failWith('RequestLimitExceeded'), answerWith({})),
    )
    const clock = steppingClock()
    using cloud = cloudAt(api.origin, { clock, random: () => 0.5 })
    await cloud.session(never()).call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU)
    expect(clock.slept).toEqual([1_100, 1_200])
  })
})

describe('one diagnosis', () => {
  it('sends the same request only once, even if it is made again at once or later', async () => {
    await using api = await startApi(answerWith({ TotalCount: 1 }))
    using cloud = cloudAt(api.origin)
    const session = cloud.session(never())
    const ask = () => session.call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU)
    const answers = [...(await Promise.all([ask(), ask()])), await ask()]
    expect(answers.map(({ TotalCount }) => TotalCount)).toEqual([1, 1, 1])
    expect(session.cost.apiCalls).toBe(1)
    await session.call('clb:DescribeTargets', lb('lb-1'), GUANGZHOU)
    await session.call('clb:DescribeListeners', lb('lb-2'), GUANGZHOU)
    await session.call('clb:DescribeListeners', lb('lb-1'), { region: 'ap-shanghai', wave: 1 })
    expect(session.cost.apiCalls).toBe(4)
    expect(api.seen).toHaveLength(4)
  })

  it('does not use an answer to another diagnosis', async () => {
    await using api = await startApi(inTurn(answerWith({ TotalCount: 1 }), answerWith({ TotalCount: 2 })))
    using cloud = cloudAt(api.origin)
    const totals = []
    for (const session of [cloud.session(never()), cloud.session(never())])
      totals.push((await session.call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU)).TotalCount)
    expect(totals).toEqual([1, 2])
  })

  it('counts the highest wave of its calls', async () => {
    await using api = await startApi()
    using cloud = cloudAt(api.origin)
    const session = cloud.session(never())
    for (const wave of [1, 3, 2])
      await session.call('clb:DescribeListeners', lb(`lb-${wave}`), { region: 'ap-guangzhou', wave })
    expect(session.cost.waves).toBe(3)
  })
})

describe('rejected credentials', () => {
  it('end the session: later and waiting calls are not sent', async () => {
    await using api = await startApi(failWith('AuthFailure.SecretIdNotFound'))
    const clock = manualClock()
    using cloud = cloudAt(api.origin, { clock, rate: 1 })
    const session = cloud.session(never())
    const first = failureOf(session.call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU))
    const waiting = failureOf(session.call('clb:DescribeListeners', lb('lb-2'), GUANGZHOU))
    const error = await first
    await clock.advance(5_000)
    expect(await waiting).toBe(error)
    expect(await failureOf(session.call('clb:DescribeTargets', lb('lb-1'), GUANGZHOU))).toBe(error)
    expect(session.cost).toMatchObject({ apiCalls: 1, retries: 0 })
    expect(api.seen).toHaveLength(1)
  })

  it('do not end the next session, which sends its call', async () => {
    await using api = await startApi(
      inTurn(failWith('AuthFailure.TokenFailure'), answerWith({ TotalCount: 3 })),
    )
    using cloud = cloudAt(api.origin)
    await failureOf(cloud.session(never()).call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU))
    const answer = await cloud.session(never()).call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU)
    expect(answer.TotalCount).toBe(3)
  })
})

describe('the deadline', () => {
  it('ends a request that waits for its answer, and closes its connection', async () => {
    const arrived = deferred<void>()
    const ended = deferred<void>()
    await using api = await startApi((_, __, socket) => {
      socket.once('close', () => ended.resolve())
      arrived.resolve()
    })
    using cloud = cloudAt(api.origin)
    const over = new AbortController()
    const session = cloud.session(over.signal)
    const call = failureOf(session.call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU))
    await arrived.promise
    over.abort()
    expect(await call).toMatchObject({
      problem: 'deadline',
      code: 'Deadline',
      action: 'clb:DescribeListeners',
    })
    await ended.promise
    expect(session.cost).toMatchObject({ apiCalls: 1, retries: 0 })
  })

  it('ends a request while its answer arrives', async () => {
    const begun = deferred<void>()
    await using api = await startApi((_, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('{"Response":', () => begun.resolve())
    })
    using cloud = cloudAt(api.origin)
    const over = new AbortController()
    const call = failureOf(cloud.session(over.signal).call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU))
    await begun.promise
    over.abort()
    expect(await call).toMatchObject({ problem: 'deadline' })
  })

  it('ends the wait before a retry, and the failure names the last error', async () => {
    await using api = await startApi(failWith('RequestLimitExceeded'))
    const clock = manualClock()
    using cloud = cloudAt(api.origin, { clock })
    const over = new AbortController()
    const call = failureOf(cloud.session(over.signal).call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU))
    while (clock.asleep() === 0) await clock.settle()
    over.abort()
    expect(await call).toMatchObject({
      problem: 'deadline',
      message: expect.stringContaining('RequestLimitExceeded'),
      cause: { problem: 'throttled' },
    })
    expect(api.seen).toHaveLength(1)
  })

  it('ends the wait for a turn', async () => {
    await using api = await startApi(hold)
    const clock = manualClock()
    using cloud = cloudAt(api.origin, { clock, rate: 1 })
    const over = new AbortController()
    const session = cloud.session(over.signal)
    const calls = ['lb-1', 'lb-2', 'lb-3'].map((id) =>
      failureOf(session.call('clb:DescribeListeners', lb(id), GUANGZHOU)),
    )
    while (api.seen.length === 0) await clock.settle()
    over.abort()
    expect(await Promise.all(calls)).toMatchObject(Array(3).fill({ problem: 'deadline' }))
    expect(session.cost.apiCalls).toBe(1)
  })

  it('that has passed stops every request', async () => {
    await using api = await startApi()
    using cloud = cloudAt(api.origin)
    const session = cloud.session(AbortSignal.abort())
    const error = await failureOf(session.call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU))
    expect(error).toMatchObject({ problem: 'deadline' })
    expect(session.cost.apiCalls).toBe(0)
    expect(api.seen).toHaveLength(0)
  })
})

it('many requests at once print no warning about listeners', async () => {
  const warnings: string[] = []
  const collect = (warning: Error) => warnings.push(warning.message)
  process.on('warning', collect)
  await using api = await startApi()
  using cloud = cloudAt(api.origin)
  const session = cloud.session(never())
  await Promise.all(
    Array.from({ length: 30 }, (_, i) => session.call('clb:DescribeListeners', lb(`lb-${i}`), GUANGZHOU)),
  )
  process.off('warning', collect)
  expect(warnings.filter((text) => /listeners/.test(text))).toEqual([])
})

describe('a transport that the caller gives', () => {
  it('sends every request instead of HTTPS', async () => {
    const sent: unknown[] = []
    const transport: Transport = {
      async send(action, request, region) {
        sent.push([action, request, region])
        return { TotalCount: 7, RequestId: 'req-1' }
      },
      dropIdle() {},
      close: () => void sent.push('closed'),
    }
    const cloud = cloudAt('http://127.0.0.1:9', { transport })
    const answer = await cloud.session(never()).call('clb:DescribeListeners', lb('lb-1'), GUANGZHOU)
    cloud.close()
    expect(answer.TotalCount).toBe(7)
    expect(sent).toEqual([['clb:DescribeListeners', lb('lb-1'), 'ap-guangzhou'], 'closed'])
  })
})
