import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppContext } from '../../src/app/context.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { announced, createInsideSlots, insideTurn } from '../../src/app/incidents/inside.ts'
import type { Received } from '../../src/model/alarm.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { alarmSince, askSimulated, openCloud, type SimulatedCloud } from '../support/simulated.ts'

// When a look goes inside machines: never while people wait for a first message, and never on every worker.

const world = () => {
  const found = findScenario('service-down')
  if (!found) throw new Error('no scenario')
  return found.build()
}
const ALARM = alarmSince('2026-11-20T07:00:00.000Z')
const received: readonly Received[] = [{ alarm: ALARM, at: 0, until: 0 }]

let cloud: SimulatedCloud
let context: AppContext
beforeAll(async () => {
  cloud = await openCloud(world(), { over: 'memory' })
  context = { ...cloud.context, config: { ...cloud.context.config, inGuest: true } }
})
afterAll(() => cloud.close())

describe('a look of serve', () => {
  it('at a CLB that nobody has heard of stays outside, and another one follows', async () => {
    const slots = createInsideSlots(2)
    expect(await insideTurn(received, false, context, slots)).toBe('after')
    expect([slots.take(), slots.take()]).toEqual([true, true])
  })

  it('at a CLB of an open incident goes inside, with or without an alarm', async () => {
    await handleInPlace([ALARM], { ...context, config: cloud.context.config }, { read: 5_000, total: 9_000 })
    const slots = createInsideSlots(2)
    expect(await insideTurn(received, false, context, slots)).toBe('now')
    expect(await insideTurn([], true, context, slots)).toBe('now')
  })

  it('waits while every slot is taken, unless an alarm waits for it', async () => {
    const slots = createInsideSlots(1)
    expect(await insideTurn([], true, context, slots)).toBe('now')
    expect(await insideTurn([], true, context, slots)).toBe('wait')
    expect(await insideTurn(received, false, context, slots)).toBe('after')
    slots.release()
    expect(await insideTurn([], true, context, slots)).toBe('now')
  })
})

describe('the look from outside before it', () => {
  const looked = async (scenario: string) => {
    const { diagnosis, inLanguage, snapshot } = await askSimulated(
      findScenario(scenario)?.build() ?? world(),
      { language: 'en' },
    )
    const answer = await announced({ diagnosis, inLanguage, snapshot, lookupFailure: null })
    return [answer.diagnosis, answer.inLanguage('zh-CN')].map(({ lookFollows }) => lookFollows)
  }

  it('says in each language that a look inside follows', async () => {
    expect(await looked('service-down')).toEqual([true, true])
  })

  it.each(['instance-gone', 'weight-zero', 'idc-firewall'])(
    'says nothing of %s, where there is no machine to look into',
    async (scenario) => {
      expect(await looked(scenario)).toEqual([undefined, undefined])
    },
  )
})

it('a process that looks at one CLB has no slots: the configuration alone decides', async () => {
  expect(await insideTurn(received, false, context, undefined)).toBe('as asked')
  expect(await insideTurn(received, false, cloud.context, createInsideSlots(1))).toBe('as asked')
})
