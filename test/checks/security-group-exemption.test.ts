import { describe, expect, it } from 'vitest'
import { ok } from '../../src/model/fact.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOf, findingsOf, group, healthCheck } from '../support/snapshots.ts'

// Documents differ on whether the groups of a backend of the same account let 100.64.0.0/10 in anyway. So a group that
// denies that range is only a possible cause for every backend type.

describe('a group that denies 100.64.0.0/10', () => {
  it.each([
    ['a machine', { type: 'CVM' }],
    ['an address of an interface', { type: 'ENI' }],
    ['a pod behind its node', { type: 'GLOBALROUTE' }],
    ['a backend of a type with few documents', { type: 'EVM' }],
  ])('is only a possible cause for %s', (_, registration) => {
    const diagnosis = diagnosisOf({
      machines: [{ host: 16, status: 'Dead', groups: ['sg-a'], registration }],
      listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
      groups: [group('sg-a', [])],
      replace: { addressOwners: { '10.0.1.16': ok(null) } },
    })
    expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked cause possible → 16')
    expect(findingOf(diagnosis, 'security-group/probe-blocked').detail).toContain(
      'this is possible, not proven',
    )
  })
})
