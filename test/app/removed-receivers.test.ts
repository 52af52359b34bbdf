import { afterEach, expect, it } from 'vitest'
import { parseAlarms } from '../../src/app/alarms.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { createRetention } from '../../src/app/incidents/retention.ts'
import type { Outcome, Receiver } from '../../src/delivery/receiver.ts'
import { silentLog } from '../../src/model/log.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { sample } from '../alarms/samples.ts'
import { contextOf, type Stage, setStage } from '../e2e/support.ts'
import { toldTo } from '../support/lanes.ts'

let stage: Stage
afterEach(() => stage.close())

const receiver = (kind: string, outcome: Outcome): Receiver => ({
  kind,
  label: kind,
  idempotent: true,
  send: async () => outcome,
})

it('an incident says that a receiver was not told because it was removed', async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario, 'en')
  let ahead = 0
  const clock = {
    now: () => Date.now() + ahead,
    sleep: async (ms: number) => {
      ahead += ms
    },
  }
  const own = { ...contextOf(stage), clock, canWait: true }
  const well = receiver('well', { kind: 'delivered' })
  const before = toldTo([well, receiver('old', { kind: 'retry', afterMs: 0, reason: 'busy' })], own)
  const { alarms } = parseAlarms(sample('metric-l7-listener'), silentLog)
  await handleInPlace(alarms, before, { read: 10_000, total: 30_000 })

  const after = toldTo([well], own, before.store)
  const outcomes = async () => {
    await createRetention(after).run(() => false)
    const [incident] = await after.store.list('incidents', { limit: 9 })
    const { deliveries } = JSON.parse(incident?.value ?? '{}')
    return deliveries
      .map((one: { receiver: string; outcome: string }) => `${one.receiver} ${one.outcome}`)
      .toSorted()
  }
  expect(await outcomes()).toEqual(['old-2 waiting', 'well-1 delivered'])
  ahead += 25 * 3_600_000
  expect(await outcomes()).toEqual(['old-2 dropped', 'well-1 delivered'])
})
