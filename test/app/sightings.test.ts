import { expect, it } from 'vitest'
import { createSightingMemory, withRecent } from '../../src/app/sightings.ts'
import type { Alarm, Received } from '../../src/model/alarm.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { ALARM } from '../faults/cases.ts'
import { diagnosisOf } from '../support/snapshots.ts'

const one = (alarm: Alarm, at: number): readonly Received[] => [{ alarm, at, until: at }]
/** The diagnosis of an alarm that fires. */
const alarmed = (diagnosis: Diagnosis): Diagnosis => ({
  ...diagnosis,
  trigger: { source: 'cloud-monitor', alarm: ALARM },
})

it('the memory of sightings keeps a limited number of CLBs, and drops the one that was seen the longest ago', () => {
  const memory = createSightingMemory(2)
  const diagnosis = alarmed(diagnosisOf({ machines: [{ host: 16, status: 'Alive' }] }))
  const own = diagnosis.loadBalancer
  if (!own) throw new Error('no CLB')
  const firingsOf = (id: string, minute: number): number | undefined =>
    withRecent(
      { ...diagnosis, loadBalancer: { ...own, id } },
      one({ ...ALARM, firstOccurredAt: new Date(minute * 60_000).toISOString() }, minute * 60_000),
      memory,
      minute * 60_000,
    ).recent?.firings
  expect(['lb-a', 'lb-b', 'lb-a', 'lb-c', 'lb-b', 'lb-c'].map(firingsOf)).toEqual([1, 1, 2, 1, 1, 2])
})

it('an alarm whose CLB was not found is remembered by the address that it names', () => {
  const memory = createSightingMemory()
  const diagnosis = { ...alarmed(diagnosisOf({ machines: [] })), loadBalancer: null }
  const alarm = { ...ALARM, clb: { ...ALARM.clb, loadBalancerId: null, vip: '203.0.113.26' } }
  const again = { ...alarm, firstOccurredAt: '2026-01-01T00:00:00.000Z' }
  expect(withRecent(diagnosis, one(alarm, 0), memory, 0).recent?.firings).toBe(1)
  expect(withRecent(diagnosis, one(again, 1), memory, 1).recent?.firings).toBe(2)
})

it('an alarm that names its CLB by VIP is counted also if the CLB could not be looked up in between', () => {
  const memory = createSightingMemory()
  const read = alarmed(diagnosisOf({ machines: [{ host: 16, status: 'Alive' }] }))
  const unread = { ...read, loadBalancer: null }
  const clb = { ...ALARM.clb, loadBalancerId: null, vip: '203.0.113.26' }
  const firings = [read, unread, read, unread].map((diagnosis, i) => {
    const at = 60_000 * i
    const alarm = { ...ALARM, clb, firstOccurredAt: new Date(at).toISOString() }
    return withRecent(diagnosis, one(alarm, at), memory, at).recent?.firings
  })
  expect(firings).toEqual([1, 2, 3, 4])
})
