import { expect, it } from 'vitest'
import { waitingOf } from '../../src/app/incidents/records.ts'
import { takeAlarms } from '../../src/app/incidents/take.ts'
import { type Alarm, clbKey } from '../../src/model/alarm.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { ALARM } from '../faults/cases.ts'

const FIRING: Alarm = { ...ALARM, firstOccurredAt: null, recoveredAt: null }
const OVER: Alarm = { ...FIRING, state: 'resolved' }

it('a firing after a recovery without times does not take the place of the first one', async () => {
  const store = createMemoryStore({ clock: { now: () => 1_000_000 } })
  const waiting = async () => store.list(waitingOf(clbKey(ALARM)), { limit: 9 })
  await takeAlarms([FIRING], store, 1_000_000)
  const read = await waiting()
  await takeAlarms([OVER], store, 1_000_010)
  await takeAlarms([FIRING], store, 1_000_020)
  await takeAlarms([FIRING], store, 1_000_030)
  const states = (await waiting()).map(({ value }) => (JSON.parse(value) as { alarm: Alarm }).alarm.state)
  expect(states).toEqual(['firing', 'resolved', 'firing'])
  // The look that has read the first one removes it.
  await store.write({ remove: read.map(({ id }) => ({ collection: waitingOf(clbKey(ALARM)), id })) })
  const rest = (await waiting()).map(({ value }) => (JSON.parse(value) as { alarm: Alarm }).alarm.state)
  expect(rest).toEqual(['resolved', 'firing'])
})
