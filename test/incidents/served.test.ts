import { describe, expect, it } from 'vitest'
import { isServed, look, type Sighting, see } from '../../src/incidents/index.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import type { Verdict } from '../../src/model/diagnosis.ts'
import { ALARM } from '../faults/cases.ts'

const NOW = 100 * 60_000
const time = (minute: number): string => new Date(minute * 60_000).toISOString()
const fired = (minute: number | null): Alarm => ({
  ...ALARM,
  firstOccurredAt: minute === null ? null : time(minute),
  recoveredAt: null,
})
const over = (minute: number, recovered: number): Alarm => ({
  ...fired(minute),
  state: 'resolved',
  recoveredAt: time(recovered),
})

const OVER: Alarm = { ...fired(null), state: 'resolved' }

/** What is known after looks for these alarms, all of them now. */
const knownAfter = (alarms: readonly Alarm[], verdict: Verdict = 'degraded', at = NOW): readonly Sighting[] =>
  alarms.reduce<readonly Sighting[]>(
    (known, alarm) => see(known, look({ alarm, at, until: at }, { verdict, pools: [] })).sightings,
    [],
  )

describe('a look that was just made', () => {
  it.each<[string, readonly Alarm[], Alarm, boolean]>([
    ['serves a repeat of the alarm that led to it', [fired(0)], fired(0), true],
    ['serves a repeat without a time of its own', [fired(null)], fired(null), true],
    ['serves a repeated recovery', [fired(0), over(0, 5)], over(0, 5), true],
    ['serves a firing that arrives after its recovery', [fired(0), over(0, 5)], fired(0), true],
    ['does not serve a recovery', [fired(0)], over(0, 5), false],
    ['does not serve the second recovery without times', [fired(null), OVER, fired(null)], OVER, false],
    ['does not serve a firing without a time after its recovery', [fired(null), OVER], fired(null), false],
    ['serves the repeat of such a recovery', [fired(null), OVER, fired(null), OVER], OVER, true],
    ['does not serve another firing', [fired(0)], fired(8), false],
    ['does not serve a firing after a recovery', [fired(0), over(0, 5)], fired(8), false],
    ['does not serve a firing that has a time, when the known one has none', [fired(null)], fired(8), false],
    [
      'does not serve another listener of the CLB',
      [fired(0)],
      { ...fired(0), listener: { port: 8443, protocol: 'tcp' } },
      false,
    ],
    [
      'does not serve another policy',
      [fired(0)],
      { ...fired(0), policy: { id: 'policy-other001', name: null } },
      false,
    ],
  ])('%s', (_, before, alarm, expected) => {
    expect(isServed(alarm, knownAfter(before), NOW)).toBe(expected)
  })

  it('serves nothing if it could not see what is wrong', () => {
    expect(isServed(fired(0), knownAfter([fired(0)], 'inconclusive'), NOW)).toBe(false)
  })

  it('serves nothing if nothing is known', () => {
    expect(isServed(fired(0), [], NOW)).toBe(false)
  })
})
