import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import { sample } from '../alarms/samples.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { type Stage, setStage } from './support.ts'

// Instances of the deployed function that share a real Redis. Each is loaded anew, as the platform starts one.
const require = createRequire(import.meta.url)
const bundle = fileURLToPath(new URL('../../dist/handler.js', import.meta.url))

let redis: TestRedis
let stage: Stage

beforeAll(async () => {
  redis = await startRedis()
}, 30_000)
afterAll(() => redis.close())
afterEach(async () => {
  vi.unstubAllEnvs()
  redis.cli('FLUSHALL')
  await stage.close()
})

async function instances(count: number) {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario)
  for (const [name, value] of Object.entries({ ...stage.env, CLB_DOCTOR_REDIS_URL: redis.url }))
    vi.stubEnv(name, value)
  return Array.from({ length: count }, () => {
    delete require.cache[bundle]
    const { main_handler } = require(bundle) as {
      main_handler: (event: unknown, c: object) => Promise<unknown>
    }
    return (event: unknown) => main_handler(event, { request_id: 'r', time_limit_in_ms: 60_000 })
  })
}

const DUE = { Type: 'Timer', TriggerName: 'due', Time: '2026-11-20T00:00:00Z', Message: '{"task":"due"}' }
const firing = sample('metric-l7-listener')

it('several instances tell a repeated alarm once', async () => {
  const [first, second] = await instances(2)
  expect(await first?.(firing)).toMatchObject({ handled: [{ loadBalancer: 'lb-7dpmqwcu' }] })
  await second?.(firing)
  expect(stage.group.messages).toHaveLength(1)
})

it('a message that the receiver did not take is sent by another instance at its timer', async () => {
  const [first, second] = await instances(2)
  stage.group.reply({ errcode: 45009, errmsg: 'api freq out of limit' }, 1)
  await first?.(firing)
  expect(stage.group.messages).toHaveLength(0)
  const now = Date.now()
  const later = vi.spyOn(Date, 'now').mockImplementation(() => now + 70_000)
  const done = await second?.(DUE)
  later.mockRestore()
  expect(done).toMatchObject({ due: { deliveries: [{ receiver: 'wecom-1', outcome: 'delivered' }] } })
  expect(stage.group.messages).toHaveLength(1)
})
