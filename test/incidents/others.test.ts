import { describe, expect, it } from 'vitest'
import { look, type Sighting, see, withOthers } from '../../src/incidents/index.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import { ALARM } from '../faults/cases.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const fired = (identity: string, part: Partial<Alarm> = {}): Alarm => ({
  ...ALARM,
  identity,
  firstOccurredAt: new Date(0).toISOString(),
  recoveredAt: null,
  ...part,
})
const over = (identity: string, minute = 5): Alarm =>
  fired(identity, { state: 'resolved', recoveredAt: new Date(minute * MINUTE).toISOString() })
const knownAfter = (...sent: readonly (readonly [Alarm, number])[]): readonly Sighting[] =>
  sent.reduce<readonly Sighting[]>(
    (known, [alarm, at]) =>
      see(known, look({ alarm, at, until: at }, { verdict: 'healthy', pools: [] })).sightings,
    [],
  )
const said = (alarm: Alarm, known: readonly Sighting[], at: number): string =>
  withOthers(alarm, [alarm], known, at).state

describe('the recovery of one of several conditions of a CLB', () => {
  const both = [
    [fired('a'), 0],
    [fired('b', { backend: { ip: '10.0.1.17', port: 80 } }), MINUTE],
  ] as const

  it('is not that of the CLB as long as another one fires', () => {
    const known = knownAfter(...both)
    expect(withOthers(over('a'), [over('a')], known, 2 * MINUTE)).toMatchObject({
      state: 'firing',
      backend: { ip: '10.0.1.17', port: 80 },
      recoveredAt: null,
    })
    expect(said(over('b'), knownAfter(...both, [over('a'), 2 * MINUTE]), 3 * MINUTE)).toBe('resolved')
  })

  it('still counts one that fired once, hours ago, and no longer after a day of silence', () => {
    const known = knownAfter(...both, [fired('a'), 20 * HOUR])
    expect(said(over('a'), known, 20 * HOUR)).toBe('firing')
    expect(said(over('a'), known, 25 * HOUR)).toBe('resolved')
  })

  it('does not wait for the lost recovery of an earlier firing of a condition that is over', () => {
    const later = fired('b', { firstOccurredAt: new Date(HOUR).toISOString() })
    const end: Alarm = { ...later, state: 'resolved', recoveredAt: new Date(2 * HOUR).toISOString() }
    const known = knownAfter(...both, [later, HOUR], [end, 2 * HOUR])
    expect(said(over('a'), known, 2 * HOUR)).toBe('resolved')
  })
})
