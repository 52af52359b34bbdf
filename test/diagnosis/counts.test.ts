import { describe, expect, it } from 'vitest'
import { diagnosisReport } from '../../src/render/report.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOf, group, healthCheck } from '../support/snapshots.ts'

// A number of backends counts different addresses and ports: a machine behind three rules is one backend.

const rules = ['a', 'b', 'c'].map((name) => ({
  locationId: `loc-0000000${name}`,
  domain: 'shop.example.com',
  url: `/${name}`,
  healthCheck: healthCheck(),
  forwardType: null,
  redirectsTo: null,
  targetType: 'NODE',
  targetGroupIds: [],
}))
const diagnosis = diagnosisOf({
  listener: { protocol: 'HTTP', port: 80, healthCheck: null, rules },
  machines: rules.flatMap(({ locationId }) =>
    [16, 17, 18, 19, 20].map((host) => ({
      host,
      status: host < 20 ? 'Dead' : 'Alive',
      groups: host < 20 ? ['sg-empty'] : ['sg-open'],
      registration: { locationId },
    })),
  ),
  groups: [group('sg-empty', [])],
})
const { summary } = diagnosisReport(diagnosis)
const textOf = (topic: string): string => summary.find((part) => part.topic === topic)?.text ?? ''

describe('four of five machines that are down behind three rules', () => {
  it('are four of five in the headline, the impact, the finding and the fix', () => {
    expect(diagnosis.headline).toContain('4 of 5 backends')
    expect(textOf('impact')).toContain('only 1 backend still serves')
    expect(findingOf(diagnosis, 'security-group/probe-blocked').detail).toContain('4 backends affected')
    expect(textOf('action')).toContain('this brings 4 backends back')
  })
})
