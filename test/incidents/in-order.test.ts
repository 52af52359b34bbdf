import { describe, expect, it } from 'vitest'
import { look, newestState, type Sighting, see } from '../../src/incidents/index.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import { ALARM } from '../faults/cases.ts'

const time = (minute: number): string => new Date(minute * 60_000).toISOString()
const fired = (minute: number): Alarm => ({ ...ALARM, firstOccurredAt: time(minute), recoveredAt: null })
const over = (minute: number, recovered: number): Alarm => ({
  ...fired(minute),
  state: 'resolved',
  recoveredAt: time(recovered),
})
/** What the last alarm says after the others have arrived, a minute apart. */
const lastOf = (...alarms: readonly [...Alarm[], Alarm]): string => {
  const known = alarms.slice(0, -1).reduce<readonly Sighting[]>((before, alarm, i) => {
    const at = (60 + i) * 60_000
    return see(before, look({ alarm, at, until: at }, { verdict: 'healthy', pools: [] })).sightings
  }, [])
  const { state, firstOccurredAt } = newestState(alarms[alarms.length - 1] as Alarm, known)
  return `${state} ${(Date.parse(firstOccurredAt ?? '') / 60_000).toString()}`
}

describe('alarms that arrive in another order than they were sent', () => {
  it.each<[string, readonly [...Alarm[], Alarm], string]>([
    ['a firing is a firing', [fired(0)], 'firing 0'],
    ['a recovery is a recovery', [fired(0), over(0, 5)], 'resolved 0'],
    ['a firing after its own recovery is over', [fired(0), over(0, 5), fired(0)], 'resolved 0'],
    ['a firing that only arrives after its recovery is over', [over(0, 5), fired(0)], 'resolved 0'],
    ['a later firing fires', [fired(0), over(0, 5), fired(8)], 'firing 8'],
    [
      'a recovery of an earlier firing does not end a later one',
      [fired(0), fired(8), over(0, 5)],
      'firing 8',
    ],
    ['the last recovery ends the later one', [fired(8), over(0, 5), over(8, 9)], 'resolved 8'],
    ['an earlier firing does not take back a later one', [over(0, 5), fired(8), fired(0)], 'firing 8'],
  ])('%s', (_, alarms, expected) => {
    expect(lastOf(...alarms)).toBe(expected)
  })

  it('goes by the order of arrival if the sender gives no time of the recovery', () => {
    const undated: Alarm = { ...over(0, 5), recoveredAt: null }
    expect(lastOf(fired(0), undated, fired(0))).toBe('firing 0')
    expect(lastOf(fired(0), fired(8), undated)).toBe('resolved 0')
  })

  it('goes by the time of the recovery if the sender gives no time of the firing with it', () => {
    const event: Alarm = { ...over(0, 5), firstOccurredAt: null }
    expect(lastOf(fired(0), event, fired(0))).toBe('resolved 0')
    expect(lastOf(event, fired(0))).toBe('resolved 0')
    expect(lastOf(event, fired(8))).toBe('firing 8')
  })

  it('does not end the firing of another backend', () => {
    const other: Alarm = { ...fired(0), backend: { ip: '10.0.1.99', port: 8080 } }
    expect(lastOf(other, over(0, 5), other)).toBe('firing 0')
  })
})
