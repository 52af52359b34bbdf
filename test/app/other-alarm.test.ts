import { afterEach, describe, expect, it } from 'vitest'
import { parseAlarms } from '../../src/app/alarms.ts'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { silentLog } from '../../src/model/log.ts'
import { shop } from '../../src/simulator/base.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { type Stage, setStage } from '../e2e/support.ts'

// An alarm that is not about health checks fires over backends that a rule took down, and recovers.

const base = SCENARIOS.find(({ name }) => name === 'changed-before') ?? raise()
function raise(): never {
  throw new Error('no scenario')
}

const BAD = { protocol: 'TCP', port: '8000-9000', source: '203.0.113.0/24', action: 'DROP' } as const
const BUDGET = { read: 20_000, total: 60_000 }
const OVER = { alarmStatus: '0', recoverTime: '2026-11-20 07:25:00', durationTime: 1500 }

/** About the connections of clients. */
function ofConnections(): object {
  const given = base.alarm() as { readonly alarmPolicyInfo: { readonly conditions: object } }
  const conditions = {
    ...given.alarmPolicyInfo.conditions,
    metricName: 'ClientConnum',
    metricShowName: '客户端连接数',
  }
  return { ...given, alarmPolicyInfo: { ...given.alarmPolicyInfo, conditions } }
}

let stage: Stage
afterEach(() => stage.close())

/** The messages of the group. */
async function toldIn(language: Language): Promise<readonly string[]> {
  const { world } = shop()
  world.groups[0]?.rules.unshift(BAD)
  stage = await setStage({ ...base, build: () => world }, language)
  const context = createContext(loadConfig(stage.env), silentLog, {
    store: createMemoryStore({ clock: Date }),
    canWait: true,
  })
  const take = (payload: object) => handleInPlace(parseAlarms(payload, silentLog).alarms, context, BUDGET)
  await take(ofConnections())
  world.groups[0]?.rules.shift()
  await take({ ...ofConnections(), ...OVER })
  return stage.group.messages.map(({ content }) => content)
}

describe.each(LANGUAGES)('the recovery of trouble whose cause was found, in %s', (language) => {
  it('is confirmed, whatever its alarm is about', async () => {
    const [first, last, ...more] = await toldIn(language)
    expect(more).toEqual([])
    expect(first).toMatch(/原因（确定）|Cause \(certain\)/)
    expect(last).toMatch(/\*\*(更新|Update)\*\* (已恢复，异常持续了|Recovered; the trouble lasted)/)
    expect(last).toMatch(/恢复已确认|Recovery confirmed/)
    expect(last).not.toMatch(/可能与健康检查无关|may not be about health checks/)
  })
})
