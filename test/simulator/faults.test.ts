import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { ask, codeOf, rawCode, sendRaw, signed } from './support.ts'

const SUBNETS = 'vpc:DescribeSubnets'
const BALANCERS = 'clb:DescribeLoadBalancers'

let simulator: Simulator
let now: number
beforeEach(async () => {
  now = Date.now()
  simulator = await startSimulator(shop().world, { now: () => now })
})
afterEach(() => simulator.close())

const raw = () => sendRaw(simulator, signed(simulator, now))

describe('an action that is made to', () => {
  it('fail answers the code inside HTTP 200', async () => {
    simulator.faults.set(BALANCERS, { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' })
    const answer = await raw()
    expect([answer.status, rawCode(answer)]).toEqual([200, 'UnauthorizedOperation.CamNoAuth'])
  })

  it('fail does so only to callers that it knows', async () => {
    simulator.faults.set(BALANCERS, { kind: 'error', code: 'InternalError' })
    const stranger = ask(simulator, BALANCERS, {}, { secretKey: 'not the key' })
    expect(await codeOf(stranger)).toBe('AuthFailure.SignatureFailure')
  })

  it('answer HTTP 503 sends no JSON', async () => {
    simulator.faults.set(BALANCERS, { kind: 'http', status: 503 })
    const { status, text } = await raw()
    expect(status).toBe(503)
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
  })

  it('answer garbage sends it as HTTP 200', async () => {
    simulator.faults.set(BALANCERS, { kind: 'garbage' })
    const { status, text } = await raw()
    expect(status).toBe(200)
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
  })

  it('reset drops the connection before any answer', async () => {
    simulator.faults.set(BALANCERS, { kind: 'reset' })
    await expect(raw()).rejects.toThrow(/ECONNRESET|socket hang up/)
  })

  it('truncate drops it within the body', async () => {
    simulator.faults.set(BALANCERS, { kind: 'truncated' })
    await expect(raw()).rejects.toThrow('aborted')
  })

  it('be slow holds up only that action, and ends when the simulator closes', async () => {
    simulator.faults.set(SUBNETS, { kind: 'slow', ms: 3_600_000 })
    const held = codeOf(ask(simulator, SUBNETS))
    expect((await ask(simulator, BALANCERS)).TotalCount).toBe(4)
    await simulator.close()
    expect(await held).toMatch(/^no code: /)
  })

  it('be slow answers as ever afterwards', async () => {
    simulator.faults.set(SUBNETS, { kind: 'slow', ms: 1 })
    expect((await ask(simulator, SUBNETS)).TotalCount).toBe(3)
  })
})

describe('a fault', () => {
  const failure = { kind: 'error', code: 'InternalError' } as const

  it('lasts as often as it was told, then the answer is good again', async () => {
    simulator.faults.set(BALANCERS, { ...failure, times: 2 })
    const answers = [await raw(), await raw(), await raw()]
    expect(answers.map(rawCode)).toEqual(['InternalError', 'InternalError', null])
  })

  it('without a number lasts until it is cleared', async () => {
    simulator.faults.set(BALANCERS, failure)
    for (let i = 0; i < 5; i++) expect(rawCode(await raw())).toBe('InternalError')
    simulator.faults.clear(BALANCERS)
    expect(rawCode(await raw())).toBeNull()
  })

  it('of one action does not change the others', async () => {
    simulator.faults.set(SUBNETS, failure)
    expect(rawCode(await raw())).toBeNull()
    expect(await codeOf(ask(simulator, SUBNETS))).toBe('InternalError')
  })

  it('for all comes after the one that an action has of its own', async () => {
    simulator.faults.set('*', { kind: 'error', code: 'ServiceUnavailable' })
    simulator.faults.set(BALANCERS, { ...failure, times: 1 })
    expect([rawCode(await raw()), rawCode(await raw())]).toEqual(['InternalError', 'ServiceUnavailable'])
    expect(await codeOf(ask(simulator, SUBNETS))).toBe('ServiceUnavailable')
    simulator.faults.clear()
    expect(rawCode(await raw())).toBeNull()
  })

  it('for an action that does not exist is refused at once', () => {
    for (const action of ['DescribeSubnets', 'vpc:DescribeSubnet', 'tat:RunCommand'])
      expect(() => simulator.faults.set(action, failure)).toThrow(RangeError)
  })
})

describe('the calls', () => {
  it('are counted, each with its action, region, request, time and error', async () => {
    simulator.faults.set(BALANCERS, { kind: 'reset', times: 1 })
    await raw().catch(() => null)
    await raw()
    await codeOf(ask(simulator, SUBNETS, { Limit: '0' }, { region: 'ap-beijing' }))
    expect([
      simulator.calls.total(),
      simulator.calls.count(BALANCERS),
      simulator.calls.count(SUBNETS),
    ]).toEqual([3, 2, 1])
    const body = '{"LoadBalancerIds":["lb-7dpmqwcu"]}'
    const code = 'InvalidParameterValue.Range'
    expect(simulator.calls.log()).toEqual([
      { action: BALANCERS, region: 'ap-guangzhou', body, at: now, wave: 1, code: 'reset' },
      { action: BALANCERS, region: 'ap-guangzhou', body, at: now, wave: 2, code: null },
      { action: SUBNETS, region: 'ap-beijing', body: '{"Limit":"0"}', at: now, wave: 3, code },
    ])
  })

  it('that wait for no answer are one wave', async () => {
    simulator.faults.set('*', { kind: 'slow', ms: 3_600_000 })
    const held = [SUBNETS, BALANCERS, 'cvm:DescribeInstances'].map((action) => codeOf(ask(simulator, action)))
    await vi.waitFor(() => expect(simulator.calls.total()).toBe(3), { timeout: 20_000 })
    expect(simulator.calls.waves()).toBe(1)
    await simulator.close()
    await Promise.all(held)
  })

  it('that come after an answer are the next wave, until the log is reset', async () => {
    await ask(simulator, SUBNETS)
    await ask(simulator, SUBNETS)
    expect(simulator.calls.waves()).toBe(2)
    simulator.calls.reset()
    expect([simulator.calls.waves(), simulator.calls.total(), simulator.calls.log()]).toEqual([0, 0, []])
    await ask(simulator, SUBNETS)
    expect(simulator.calls.waves()).toBe(1)
  })
})

describe('the rate', () => {
  const burst = async (calls: number): Promise<readonly (string | null)[]> => {
    const codes: (string | null)[] = []
    for (let i = 0; i < calls; i++) codes.push(rawCode(await raw()))
    return codes
  }

  it('is 20 calls in any second of one action', async () => {
    const codes = await burst(22)
    expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => null))
    expect(codes.slice(20)).toEqual(['RequestLimitExceeded', 'RequestLimitExceeded'])
    expect((await ask(simulator, SUBNETS)).TotalCount).toBe(3)
    now += 999
    expect(await burst(1)).toEqual(['RequestLimitExceeded'])
    now += 1
    expect(await burst(1)).toEqual([null])
  })

  it('is not forgotten when the log is', async () => {
    await burst(20)
    simulator.calls.reset()
    expect(await burst(1)).toEqual(['RequestLimitExceeded'])
  })

  it('can be set', async () => {
    const strict = await startSimulator(shop().world, { requestsPerSecond: 1, now: () => now })
    const once = () => sendRaw(strict, signed(strict, now)).then(rawCode)
    expect([await once(), await once()]).toEqual([null, 'RequestLimitExceeded'])
    await strict.close()
  })
})

describe('a simulator', () => {
  it('says so when its port is taken', async () => {
    const port = Number(new URL(simulator.origin).port)
    await expect(startSimulator(shop().world, { port })).rejects.toThrow('EADDRINUSE')
  })
})
