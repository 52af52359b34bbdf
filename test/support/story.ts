import { parseAlarms } from '../../src/app/alarms.ts'
import { createHandleDue, handleInPlace } from '../../src/app/incidents/engine.ts'
import type { Receiver } from '../../src/delivery/receiver.ts'
import type { Incident } from '../../src/incidents/index.ts'
import type { IncidentNotice } from '../../src/model/incident.ts'
import type { Language } from '../../src/model/language.ts'
import { type Log, silentLog } from '../../src/model/log.ts'
import { isNotice } from '../../src/model/message.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { contextOf, setStage } from '../e2e/support.ts'
import { toldTo } from './lanes.ts'

// What one receiver is told of a CLB of the simulated cloud over hours and days, which pass at once.

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

export async function startStory(
  language: Language = 'en',
  extra: Record<string, string> = {},
  log: Log = silentLog,
) {
  const base = findScenario('changed-before')
  const down = findScenario('all-backends-down')
  if (!base || !down) throw new Error('no scenario')
  const world = down.build()
  const stage = await setStage({ ...base, build: () => world }, language)
  let ahead = 0
  const clock = {
    now: () => Date.now() + ahead,
    sleep: async (ms: number) => {
      ahead += Math.min(ms, 1_000)
    },
  }
  const notices: IncidentNotice[] = []
  const receiver: Receiver = {
    kind: 'chat',
    label: 'chat',
    idempotent: false,
    async send({ message }) {
      if (isNotice(message)) notices.push(message)
      return { kind: 'delivered' }
    },
  }
  const own = contextOf(stage, extra)
  const store = createMemoryStore({ clock })
  const context = toldTo([receiver], { ...own, log, clock, canWait: true }, store)
  const handleDue = createHandleDue(context)
  const { faults } = stage.cloud
  return {
    stage,
    world,
    faults,
    notices,
    store,
    /** An alarm arrives and is handled. */
    async take(payload: unknown) {
      await handleInPlace(parseAlarms(payload, log).alarms, context, { read: 3_000, total: 6_000 })
    },
    /** What Cloud Monitor sends about shop-front. */
    firing: (fields: object = {}) => ({ ...(base.alarm() as object), ...fields }),
    recovered: (fields: object = {}) => ({
      ...(base.alarm() as object),
      alarmStatus: '0',
      recoverTime: '2026-11-20 07:25:00',
      durationTime: 1500,
      ...fields,
    }),
    /** Time passes, and what is due is done every `step`. */
    async pass(ms: number, step = 15 * MINUTE) {
      for (let passed = 0; passed < ms; passed += step) {
        ahead += Math.min(step, ms - passed)
        await handleDue({ read: 3_000, total: 6_000 })
      }
    },
    async incidents(): Promise<readonly Incident[]> {
      const all = await store.list('incidents', { limit: 9 })
      return all.map(({ value }) => JSON.parse(value) as Incident)
    },
    close: () => stage.close(),
  }
}

export type Story = Awaited<ReturnType<typeof startStory>>
