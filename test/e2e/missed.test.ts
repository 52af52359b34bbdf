import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import type { AlarmRecord, World } from '../../src/simulator/world.ts'
import { sample } from '../alarms/samples.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startedWith } from './deployed.ts'
import { type Stage, setStage } from './support.ts'

// Alarms whose callback never arrived, taken from the history of alarms at the timer of the function.
const DUE = { Type: 'Timer', TriggerName: 'due', Time: '2026-11-20T00:00:00Z', Message: '{"task":"due"}' }
const MINUTE = 60_000

let redis: TestRedis
let stage: Stage
let world: World
let lines: string[] = []
let now = 0

beforeAll(async () => {
  redis = await startRedis()
}, 30_000)
afterAll(() => redis.close())
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  redis.cli('FLUSHALL')
  await stage.close()
})

/** Instances of the deployed function, whose store began now. */
async function instances(count: number) {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  world = scenario.build()
  stage = await setStage({ ...scenario, build: () => world }, 'zh-CN', { now: () => Date.now() })
  lines = []
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(String(line))
    return true
  })
  now = Math.floor(Date.now() / 1000) * 1000
  vi.spyOn(Date, 'now').mockImplementation(() => now)
  const env = { ...stage.env, CLB_DOCTOR_REDIS_URL: redis.url }
  const all = Array.from({ length: count }, () => startedWith(env))
  for (const one of all) await one(DUE)
  return all
}

const recordAt = (at: number, change: Partial<AlarmRecord> = {}): AlarmRecord => ({
  id: 'alarm-1',
  policy: { id: 'policy-n4exeh88', name: 'clb-health' },
  namespace: 'lb_hc_vport',
  metric: 'UnhealthRsCount',
  status: 'ALARM',
  firstAt: at / 1000,
  lastAt: at / 1000,
  region: 'gz',
  dimensions: { vip: '203.0.113.26', vport: 443, protocol: 'https' },
  ...change,
})

const told = (): readonly string[] => stage.group.messages.map(({ content }) => content.split('\n')[0] ?? '')
const taken = (): number => lines.filter((line) => line.includes('taken from the history')).length

describe('the history of alarms', () => {
  it('gives an alarm whose callback never arrived, once for all instances', async () => {
    const [first, second] = await instances(2)
    world.alarmHistory = [recordAt(now + MINUTE)]
    now += 3 * MINUTE
    await first?.(DUE)
    expect(told(), 'its callback may still be on its way').toEqual([])
    now += 2 * MINUTE
    await first?.(DUE)
    await second?.(DUE)
    now += MINUTE
    await second?.(DUE)
    expect(told()).toEqual([expect.stringContaining('2/5 后端异常')])
    expect(taken()).toBe(1)
  })

  it('gives no alarm that arrived, though it names its object in another way', async () => {
    const [only] = await instances(1)
    const firstOccurTime = new Date(now + MINUTE + 8 * 60 * MINUTE)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ')
    now += 2 * MINUTE
    await only?.({ ...sample('metric-l7-listener'), firstOccurTime })
    world.alarmHistory = [
      recordAt(now - MINUTE, { dimensions: { vip: '203.0.113.26', protocol: 'https', objId: 'x' } }),
      // The same policy alarms at the same time for another CLB.
      recordAt(now - MINUTE, { id: 'alarm-2', dimensions: { vip: '203.0.113.99', vport: 443 } }),
    ]
    now += 10 * MINUTE
    await only?.(DUE)
    expect(taken()).toBe(1)
    expect(lines.filter((line) => line.includes('could not be diagnosed'))).toHaveLength(1)
    expect(told().filter((line) => line.includes('shop-front'))).toHaveLength(1)
  })

  it('gives a recovery whose firing arrived, and no recovery of what nobody heard', async () => {
    const [only] = await instances(1)
    world.alarmHistory = [recordAt(now + MINUTE)]
    now += 5 * MINUTE
    await only?.(DUE)
    expect(told()).toHaveLength(1)
    const open = { protocol: 'TCP', port: '8080', source: '0.0.0.0/0', action: 'ACCEPT', note: '' } as const
    world.groups = world.groups.map((one) => (one.id === 'sg-hardened' ? { ...one, rules: [open] } : one))
    world.alarmHistory = [
      recordAt(now - 4 * MINUTE, { status: 'OK', lastAt: now / 1000 }),
      recordAt(now - 4 * MINUTE, {
        id: 'alarm-9',
        policy: { id: 'policy-other001', name: 'x' },
        status: 'OK',
      }),
    ]
    now += 5 * MINUTE
    await only?.(DUE)
    expect(told().at(-1)).toContain('恢复')
    expect(told()).toHaveLength(2)
    expect(taken()).toBe(2)
  })

  it('gives nothing that began before the store did: another memory may have told it', async () => {
    const [only] = await instances(1)
    world.alarmHistory = [recordAt(now - MINUTE)]
    now += 10 * MINUTE
    await only?.(DUE)
    expect(told()).toEqual([])
  })

  it('that may not be read is asked for once an hour, and everything else goes on', async () => {
    const [only] = await instances(1)
    stage.cloud.faults.set('monitor:DescribeAlarmHistories', { kind: 'error', code: 'UnauthorizedOperation' })
    for (let minute = 0; minute < 4; minute++) {
      now += MINUTE
      await only?.(DUE)
    }
    expect(lines.filter((line) => line.includes('history of alarms could not be read'))).toHaveLength(1)
    await only?.(sample('metric-l7-listener'))
    expect(told()).toHaveLength(1)
  })
})
