import { afterEach, expect, it } from 'vitest'
import { parseAlarms } from '../../src/app/alarms.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import type { Delivery, Outcome, Receiver } from '../../src/delivery/receiver.ts'
import { silentLog } from '../../src/model/log.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { sample } from '../alarms/samples.ts'
import { contextOf, type Stage, setStage } from '../e2e/support.ts'
import { toldTo } from '../support/lanes.ts'

let stage: Stage
afterEach(() => stage.close())

/** Tells the alarm of a scenario to a receiver that gives these outcomes, and the last one from then on. */
async function told(outcomes: readonly Outcome[], fields: Partial<Receiver> = {}, fullFor = 0) {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario, 'en')
  const sent: Delivery[] = []
  const receiver: Receiver = {
    kind: 'test',
    label: 'test',
    idempotent: true,
    async send(delivery) {
      sent.push(delivery)
      return outcomes[Math.min(sent.length, outcomes.length) - 1] ?? { kind: 'delivered' }
    },
    ...fields,
  }
  let ahead = 0
  const skip = (ms: number): void => {
    ahead += ms
  }
  const own = contextOf(stage)
  const clock = { now: () => Date.now() + ahead, sleep: async (ms: number) => skip(ms) }
  const store = createMemoryStore({ clock })
  let refusals = fullFor
  const write: typeof store.write = async (change) => {
    // Once something was sent.
    if (sent.length > 0 && refusals-- > 0) throw new Error('full')
    return store.write(change)
  }
  const context = toldTo([receiver], { ...own, clock, canWait: true }, { ...store, write })
  const { alarms } = parseAlarms(sample('metric-l7-listener'), silentLog)
  await handleInPlace(alarms, context, { read: 10_000, total: 60_000 })
  return {
    sent,
    context,
    wait: async (ms: number) => {
      skip(ms)
      await context.lanes.runUntil(clock.now() + 1_000)
    },
  }
}

const RETRY: Outcome = { kind: 'retry', afterMs: 0, reason: 'busy' }

it('every attempt of one message has one id, so that a receiver knows a repeat', async () => {
  const { sent } = await told([RETRY, { kind: 'unknown', reason: 'reset' }, RETRY, { kind: 'delivered' }])
  expect(sent.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4])
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1)
  expect(sent.map(({ mayRepeat }) => mayRepeat)).toEqual([false, false, true, true])
})

it('a receiver that forgets hears of an open incident again and again, with what it called it', async () => {
  const { sent, wait, context } = await told([{ kind: 'delivered', reference: 'known as 7' }], {
    resendMs: 180_000,
  })
  await wait(100_000)
  expect(sent).toHaveLength(1)
  for (let i = 0; i < 3; i++) await wait(180_000)
  expect(sent.map(({ reference }) => reference)).toEqual([null, ...Array(3).fill('known as 7')])
  const [incident] = await context.store.list('incidents', { limit: 9 })
  const { deliveries } = JSON.parse(incident?.value ?? '{}')
  expect(deliveries.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['delivered'])
})

it('a message is not sent again while the store cannot be written', async () => {
  const { sent, context } = await told([{ kind: 'delivered' }], {}, 3)
  expect(sent).toHaveLength(1)
  expect(await context.store.count('outbox:test-1')).toBe(0)
})
