import { describe, expect, it } from 'vitest'
import { machine, shop } from '../../src/simulator/base.ts'
import { createSimulatedApi } from '../../src/simulator/simulated-api.ts'
import { type GuestRun, runProbes } from '../../src/snapshot/guests.ts'
import { cloudAt } from '../cloud/api.ts'
import { transportTo } from '../support/in-memory.ts'
import { agent, COMMAND, fastClock, registered } from '../support/tat.ts'

// Runs through TAT: who shares an invocation, and what one machine that is not ready costs the others.

const REGION = 'ap-guangzhou'
const idOf = (n: number): string => `ins-many${String(n).padStart(4, '0')}`

function account(count: number, offline: readonly number[] = []) {
  const { world } = shop()
  world.machines = Array.from({ length: count }, (_, n) => ({
    ...machine(16),
    id: idOf(n),
    ...(offline.includes(n) ? { agent: agent({ status: 'Offline' }) } : {}),
  }))
  const api = createSimulatedApi(registered(world), { requestsPerSecond: 10_000 })
  const cloud = cloudAt('http://127.0.0.1', { rate: 10_000, transport: transportTo(api) })
  const clock = fastClock()
  const run = (runs: readonly GuestRun[]) =>
    runProbes(
      cloud.session(AbortSignal.timeout(20_000)),
      runs,
      { kind: 'registered', commandId: COMMAND, parameter: 'parameters' },
      { clock, signal: AbortSignal.timeout(20_000), until: clock.now() + 60_000, depth: 0 },
    )
  const invoked = () =>
    api.calls
      .log()
      .filter(({ action }) => action === 'tat:InvokeCommand')
      .map(({ body, code }) => ({ machines: JSON.parse(body).InstanceIds.length as number, code }))
  return { run, invoked, api }
}

const asked = (n: number, parameters = 'dGFyZ2V0PTEwLjAuMS4xNg=='): GuestRun => ({
  key: `k${n}`,
  instanceId: idOf(n),
  region: REGION,
  parameters,
})
const all = (count: number) => Array.from({ length: count }, (_, n) => asked(n))

describe('machines that are asked the same', () => {
  it('share an invocation, 200 at most, and their tasks are read page by page', async () => {
    const { run, invoked, api } = account(250)
    const results = await run(all(250))
    expect(invoked()).toEqual([
      { machines: 200, code: null },
      { machines: 50, code: null },
    ])
    expect(Object.values(results).filter(({ state }) => state === 'ok')).toHaveLength(250)
    expect(api.calls.count('tat:DescribeInvocationTasks')).toBe(3)
  })

  it('fail together, and are halved until the one that is not ready stands alone', async () => {
    const { run } = account(16, [5])
    const results = await run(all(16))
    expect(results.k5).toMatchObject({ state: 'failed', failure: { code: 'AgentOffline' } })
    expect(Object.values(results).filter(({ state }) => state === 'ok')).toHaveLength(15)
  })

  it('with other parameters are an invocation of their own', async () => {
    const { run, invoked } = account(2)
    await run([asked(0), asked(1, 'dGFyZ2V0PTEwLjAuMS4xNw==')])
    expect(invoked()).toHaveLength(2)
  })
})

it('two questions to one machine are two invocations', async () => {
  const { run, invoked } = account(1)
  const results = await run([asked(0), { ...asked(0, 'dGFyZ2V0PTEwLjAuMS4xNw=='), key: 'other' }])
  expect(Object.keys(results).sort()).toEqual(['k0', 'other'])
  expect(invoked()).toHaveLength(2)
})
