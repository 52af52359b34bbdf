import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import { deferred } from '../support/deferred.ts'
import { startRedis } from '../support/redis.ts'
import { onStage } from './cli.ts'
import { serving } from './serving.ts'
import type { Stage } from './support.ts'

// A stop takes 20 s at most, whatever hangs. Then the next start goes on with what was taken.

const SIGTERM_MS = 20_000
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function started(env: Readonly<Record<string, string>>) {
  const { child, url, closed, log } = await serving(env)
  closing.push(() => child.kill('SIGKILL'))
  const alarm = () =>
    fetch(`${url}/alarms`, {
      method: 'POST',
      body: JSON.stringify(findScenario('sg-blocks-vip')?.alarm()),
    })
  const stopped = async () => {
    const begun = performance.now()
    child.kill('SIGTERM')
    const status = await closed
    const errors = log()
      .split('\n')
      .filter((line) => /"level":"error"|is closed/.test(line))
    return { status, ms: performance.now() - begun, errors }
  }
  return { alarm, stopped, log }
}

async function expectToldAfterStart({ env, group }: Stage, more: Readonly<Record<string, string>> = {}) {
  const next = await started({ ...env, ...more })
  // Claims and jobs of a process that could not give them back end by themselves.
  await expect.poll(() => group.messages.length, { timeout: 45_000 }).toBe(1)
  expect((await next.stopped()).status).toBe(0)
}

describe('SIGTERM', { timeout: 120_000 }, () => {
  it('ends while the API hangs', () =>
    onStage('sg-blocks-vip', async (stage) => {
      const never = deferred<void>()
      stage.cloud.faults.set('*', { kind: 'held', until: never.promise })
      const { alarm, stopped } = await started(stage.env)
      expect((await alarm()).status).toBe(200)
      await expect.poll(() => stage.cloud.calls.count('clb:DescribeLoadBalancers')).toBeGreaterThan(0)
      const { status, ms, errors } = await stopped()
      never.resolve()
      stage.cloud.faults.clear()
      expect([status, errors]).toEqual([0, []])
      expect(ms).toBeLessThan(SIGTERM_MS)
      await expectToldAfterStart(stage)
    }))

  it.each([
    ['a chat', 'wecom+http://127.0.0.1:PORT/cgi-bin/webhook/send?key=k'],
    ['a webhook', 'webhook+http://127.0.0.1:PORT/hook'],
    ['a system of tickets', 'github+http://t0ken@127.0.0.1:PORT/repos/shop/ops'],
  ])('ends while %s hangs', (_, address) =>
    onStage('sg-blocks-vip', async (stage) => {
      const deaf = createServer(() => {}).listen(0, '127.0.0.1')
      await once(deaf, 'listening')
      closing.push(() => deaf.closeAllConnections() ?? deaf.close())
      const { port } = deaf.address() as AddressInfo
      const asked = once(deaf, 'request')
      const { alarm, stopped } = await started({
        ...stage.env,
        CLB_DOCTOR_SINKS: address.replace('PORT', String(port)),
      })
      expect((await alarm()).status).toBe(200)
      await asked
      const { status, ms, errors } = await stopped()
      expect(status).toBe(0)
      expect(errors.filter((line) => line.includes('closed'))).toEqual([])
      expect(ms).toBeLessThan(SIGTERM_MS)
    }),
  )

  it('ends while Redis hangs, and so does the API', () =>
    onStage('sg-blocks-vip', async (stage) => {
      const redis = await startRedis()
      closing.push(() => redis.close())
      const url = { CLB_DOCTOR_REDIS_URL: redis.url }
      const never = deferred<void>()
      stage.cloud.faults.set('*', { kind: 'held', until: never.promise })
      const { alarm, stopped } = await started({ ...stage.env, ...url })
      expect((await alarm()).status).toBe(200)
      await expect.poll(() => stage.cloud.calls.count('clb:DescribeLoadBalancers')).toBeGreaterThan(0)
      redis.signal('SIGSTOP')
      const { status, ms, errors } = await stopped()
      redis.signal('SIGCONT')
      never.resolve()
      stage.cloud.faults.clear()
      expect(status).toBe(0)
      expect(errors.filter((line) => line.includes('closed'))).toEqual([])
      expect(ms).toBeLessThan(SIGTERM_MS)
      await expectToldAfterStart(stage, url)
    }))
})
