import { describe, expect, it } from 'vitest'
import { newsOf } from '../../src/incidents/news.ts'
import type { FindingCode } from '../../src/model/diagnosis.ts'
import { type Happening, played } from './histories.ts'

// An alarm is told before the look inside the machines has ended. What that look finds must not wait for the next update.

const alarm = (cause: number | null): Happening => ({
  kind: 'alarm',
  clb: 0,
  way: 'id',
  health: { dead: 1, isEmpty: false, cause, isFlapping: false },
})

/** The news of an incident that was told with or without a cause, and now has this one. */
function newsWith(told: number | null, code: FindingCode | null) {
  const [incident] = played([alarm(told)]).incidents.values()
  if (!incident?.told) throw new Error('nothing was told')
  const cause = code === null ? null : { code, resource: 'ins-1', rule: null }
  return newsOf({ ...incident, cause }, incident.told.at + 1_000)
}

describe('a cause that was found after the first message', () => {
  it.each<FindingCode>([
    'guest-port/not-listening',
    'guest-firewall/probe-dropped',
    'guest-kernel/rp-filter',
    'guest-icmp/echo-ignored',
  ])('by a look inside is told at once: %s', (code) => {
    expect(newsWith(null, code)).toMatchObject({ news: ['changed'], isUrgent: true, isLoud: false })
  })

  it.each<FindingCode>([
    'security-group/probe-blocked',
    'instance-state/not-running',
    'health-check-config/port-differs',
  ])('by the API is told with the next update: %s', (code) => {
    expect(newsWith(null, code)).toMatchObject({ news: ['changed'], isUrgent: false })
  })

  it('in place of another one is told with the next update', () => {
    expect(newsWith(0, 'guest-port/not-listening')).toMatchObject({ news: ['changed'], isUrgent: false })
  })

  it('is no news if there is still none', () => {
    expect(newsWith(null, null)).toEqual({ news: [], isUrgent: false, isLoud: false })
  })
})
