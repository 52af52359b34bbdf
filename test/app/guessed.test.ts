import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAlarms } from '../../src/app/alarms.ts'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { silentLog } from '../../src/model/log.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { type Stage, setStage } from '../e2e/support.ts'

let stage: Stage

beforeAll(async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario, 'en')
})

afterAll(() => stage.close())

/** Handles an alert whose only name of a CLB is the label `instance`. */
async function handled(instance: string) {
  const logged: string[] = []
  const log = {
    ...silentLog,
    warn: (message: string, fields?: object) => logged.push(`${message} ${JSON.stringify(fields)}`),
  }
  const context = createContext(loadConfig(stage.env), log)
  const { alarms } = parseAlarms({ alerts: [{ status: 'firing', labels: { instance } }] }, log)
  const before = stage.group.messages.length
  await handleInPlace(alarms, context, { read: 10_000, total: 20_000 })
  context.close()
  return { logged, messages: stage.group.messages.length - before }
}

describe('an alert that names a CLB only by its label instance', () => {
  it('is told if the lookup finds exactly one CLB', async () => {
    expect(await handled('203.0.113.26:443')).toEqual({ logged: [], messages: 1 })
  })

  it.each([
    ['none', '10.9.9.9:9100'],
    ['several', '10.0.0.10:6379'],
  ])('is refused in the log and told to nobody if the lookup finds %s', async (_, instance) => {
    const { logged, messages } = await handled(instance)
    expect(messages).toBe(0)
    expect(logged).toEqual([expect.stringMatching(/^alarm refused .*"guessed-vip".*label instance/)])
  })
})
