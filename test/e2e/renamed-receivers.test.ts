import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { startWecomStandIn, type WecomGroup } from '../../src/simulator/wecom.ts'
import type { GroupRule, World } from '../../src/simulator/world.ts'
import { startRedis } from '../support/redis.ts'
import { serving } from './serving.ts'
import { type Stage, setStage } from './support.ts'

// The built `serve` is stopped, and starts again with the same receivers in another order or under other names.

const scenario = SCENARIOS.find(({ name }) => name === 'changed-before')
const DROP: GroupRule = { protocol: 'TCP', port: '8000-9000', source: '203.0.113.0/24', action: 'DROP' }
const OVER = { alarmStatus: '0', recoverTime: '2026-11-20 07:25:00', durationTime: 1500 }

let world: World
let stage: Stage
let groups: readonly [WecomGroup, WecomGroup]

beforeEach(async () => {
  if (!scenario) throw new Error('no scenario')
  ;({ world } = shop())
  world.groups[0]?.rules.unshift(DROP)
  const own = world
  stage = await setStage({ ...scenario, build: () => own }, 'en')
  groups = [stage.group, await startWecomStandIn()]
})
afterEach(async () => {
  await groups[1].close()
  await stage.close()
})

/** Runs `serve` with these receivers, posts one alarm, and ends it when everything is told. Returns the log. */
async function servedWith(receivers: readonly WecomGroup[], alarm: object): Promise<string> {
  const CLB_DOCTOR_SINKS = receivers.map(({ url }) => `wecom+${url}`).join(' ')
  const own = await serving({ ...stage.env, CLB_DOCTOR_SINKS })
  await fetch(`${own.url}/alarms`, { method: 'POST', body: JSON.stringify(alarm) })
  own.child.kill('SIGTERM')
  expect(await own.closed).toBe(0)
  return own.log()
}

const fire = (receivers: readonly WecomGroup[]) => servedWith(receivers, scenario?.alarm() as object)

function recover(receivers: readonly WecomGroup[]): Promise<string> {
  world.groups[0]?.rules.shift()
  return servedWith(receivers, { ...(scenario?.alarm() as object), ...OVER })
}

const heard = ({ messages }: WecomGroup): readonly string[] =>
  messages.map(({ content }) => (content.includes('Recovered') ? 'recovery' : 'trouble'))

describe('the recovery arrives at the receiver that heard of the trouble', () => {
  it('if another receiver stands before it in CLB_DOCTOR_SINKS after a restart', async () => {
    const [first, second] = groups
    await fire([first])
    const log = await recover([second, first])
    expect([heard(first), heard(second)]).toEqual([['trouble', 'recovery'], []])
    expect(log).toContain('"from":"wecom-1","to":"wecom-2"')
  })

  it('if the receiver before it was removed, and not at the one that has its name now', async () => {
    const [first, second] = groups
    await fire([second, first])
    await recover([first])
    expect([heard(first), heard(second)]).toEqual([['trouble', 'recovery'], ['trouble']])
  })
})

it('a new address under an old name hears no recovery of trouble that it never heard of', async () => {
  const [first, second] = groups
  await fire([first])
  const log = await recover([second])
  expect([heard(first), heard(second)]).toEqual([['trouble'], []])
  expect(log).toMatch(/"level":"warn".*"receiver":"wecom-1"/)
})

it('instances are replaced one by one: the one with the old names sends to nobody else', async () => {
  const redis = await startRedis()
  const started = (receivers: readonly WecomGroup[]) =>
    serving({
      ...stage.env,
      CLB_DOCTOR_REDIS_URL: redis.url,
      CLB_DOCTOR_SINKS: receivers.map(({ url }) => `wecom+${url}`).join(' '),
    })
  const post = (url: string, fields: object) => {
    const body = JSON.stringify({ ...(scenario?.alarm() as object), ...fields })
    return fetch(`${url}/alarms`, { method: 'POST', body })
  }
  const [first, second] = groups
  const old = await started([first])
  const ending = [old]
  try {
    await post(old.url, {})
    await expect.poll(() => heard(first), { timeout: 10_000 }).toEqual(['trouble'])
    const young = await started([second, first])
    ending.push(young)
    // The old one does not know the name that the receiver has now.
    world.groups[0]?.rules.shift()
    await post(old.url, OVER)
    await expect.poll(() => heard(first), { timeout: 20_000 }).toEqual(['trouble', 'recovery'])
    old.child.kill('SIGTERM')
    expect(await old.closed).toBe(0)
    expect(heard(second)).toEqual([])
  } finally {
    for (const { child, closed } of ending) {
      child.kill('SIGKILL')
      await closed
    }
    await redis.close()
  }
})
