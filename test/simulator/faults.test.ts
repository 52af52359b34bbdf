import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { deferred } from '../support/deferred.ts'
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

describe('an action with the fault', () => {
  it('"error" answers with the code, inside HTTP 200', async () => {
    simulator.faults.set(BALANCERS, { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' })
    const answer = await raw()
    expect([answer.status, rawCode(answer)]).toEqual([200, 'UnauthorizedOperation.CamNoAuth'])
  })

  it('"error" still answers a wrong key with SignatureFailure', async () => {
    simulator.faults.set(BALANCERS, { kind: 'error', code: 'InternalError' })
    const stranger = ask(simulator, BALANCERS, {}, { secretKey: 'not the key' })
    expect(await codeOf(stranger)).toBe('AuthFailure.SignatureFailure')
  })

  it('"http" answers with the HTTP status and without JSON', async () => {
    simulator.faults.set(BALANCERS, { kind: 'http', status: 503 })
    const { status, text } = await raw()
    expect(status).toBe(503)
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
  })

  it('"garbage" answers with HTTP 200 and without JSON', async () => {
    simulator.faults.set(BALANCERS, { kind: 'garbage' })
    const { status, text } = await raw()
    expect(status).toBe(200)
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
  })

  it('"reset" drops the connection before any answer', async () => {
    simulator.faults.set(BALANCERS, { kind: 'reset' })
    await expect(raw()).rejects.toThrow(/ECONNRESET|socket hang up/)
  })

  it('"truncated" drops the connection within the body', async () => {
    simulator.faults.set(BALANCERS, { kind: 'truncated' })
    await expect(raw()).rejects.toThrow('aborted')
  })

  it('"slow" does not delay another action, and a delayed call fails when the simulator closes', async () => {
    simulator.faults.set(SUBNETS, { kind: 'slow', ms: 3_600_000 })
    const held = codeOf(ask(simulator, SUBNETS))
    expect((await ask(simulator, BALANCERS)).TotalCount).toBe(4)
    await simulator.close()
    expect(await held).toMatch(/^no code: /)
  })

  it('"held" gives the normal answer when its promise resolves', async () => {
    const released = deferred<void>()
    simulator.faults.set(SUBNETS, { kind: 'held', until: released.promise })
    const first = await Promise.race([ask(simulator, SUBNETS), ask(simulator, BALANCERS)])
    expect(first.TotalCount).toBe(4)
    const held = ask(simulator, SUBNETS)
    released.resolve()
    expect((await held).TotalCount).toBe(3)
  })

  it('"held" ends when the simulator closes', async () => {
    simulator.faults.set(SUBNETS, { kind: 'held', until: deferred<void>().promise })
    const held = codeOf(ask(simulator, SUBNETS))
    expect((await ask(simulator, BALANCERS)).TotalCount).toBe(4)
    await simulator.close()
    expect(await held).toMatch(/^no code: /)
  })

  it('"slow" gives the normal answer after the delay', async () => {
    simulator.faults.set(SUBNETS, { kind: 'slow', ms: 1 })
    expect((await ask(simulator, SUBNETS)).TotalCount).toBe(3)
  })
})

describe('a fault', () => {
  const failure = { kind: 'error', code: 'InternalError' } as const

  it('with a number of times ends after that many calls', async () => {
    simulator.faults.set(BALANCERS, { ...failure, times: 2 })
    const answers = [await raw(), await raw(), await raw()]
    expect(answers.map(rawCode)).toEqual(['InternalError', 'InternalError', null])
  })

  it('without a number of times lasts until it is cleared', async () => {
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

  it('of all actions applies if the action has no fault of its own', async () => {
    simulator.faults.set('*', { kind: 'error', code: 'ServiceUnavailable' })
    simulator.faults.set(BALANCERS, { ...failure, times: 1 })
    expect([rawCode(await raw()), rawCode(await raw())]).toEqual(['InternalError', 'ServiceUnavailable'])
    expect(await codeOf(ask(simulator, SUBNETS))).toBe('ServiceUnavailable')
    simulator.faults.clear()
    expect(rawCode(await raw())).toBeNull()
  })

  it('of an action that does not exist cannot be set', () => {
    for (const action of ['DescribeSubnets', 'vpc:DescribeSubnet', 'tat:CreateCommand'])
      expect(() => simulator.faults.set(action, failure)).toThrow(RangeError)
  })
})

describe('the calls', () => {
  it('are counted, and logged with action, region, request, time, wave and error', async () => {
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

  it('that start before any answer are one wave', async () => {
    simulator.faults.set('*', { kind: 'slow', ms: 3_600_000 })
    const held = [SUBNETS, BALANCERS, 'cvm:DescribeInstances'].map((action) => codeOf(ask(simulator, action)))
    await vi.waitFor(() => expect(simulator.calls.total()).toBe(3), { timeout: 20_000 })
    expect(simulator.calls.waves()).toBe(1)
    await simulator.close()
    await Promise.all(held)
  })

  it('that start after an answer are the next wave, and a reset of the log starts again at 0', async () => {
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

  it('is 20 calls of one action in any second', async () => {
    const codes = await burst(22)
    expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => null))
    expect(codes.slice(20)).toEqual(['RequestLimitExceeded', 'RequestLimitExceeded'])
    expect((await ask(simulator, SUBNETS)).TotalCount).toBe(3)
    now += 999
    expect(await burst(1)).toEqual(['RequestLimitExceeded'])
    now += 1
    expect(await burst(1)).toEqual([null])
  })

  it('still counts earlier calls after a reset of the log', async () => {
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
  it('fails with EADDRINUSE if its port is taken', async () => {
    const port = Number(new URL(simulator.origin).port)
    await expect(startSimulator(shop().world, { port })).rejects.toThrow('EADDRINUSE')
  })
})
