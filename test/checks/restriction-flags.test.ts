import { describe, expect, it } from 'vitest'
import type { Language } from '../../src/model/language.ts'
import type { LoadBalancer } from '../../src/model/snapshot.ts'
import { impactIn } from '../../src/render/impact.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOf, findingsOf } from '../support/snapshots.ts'

// `IsBlock` is the state of the VIP. `BanStatus` and `BlockStatus` restrict a CLB, and the API does not give the reason.

const diagnose = (
  balancer: Partial<LoadBalancer>,
  status: 'Alive' | 'Dead' = 'Alive',
  language: Language = 'en',
) => diagnosisOf({ machines: [{ host: 16, status }], balancer }, language)

const evidenceOf = (balancer: Partial<LoadBalancer>) =>
  findingOf(diagnose(balancer), 'load-balancer-state/vip-blocked').evidence.map(({ fact, value }) => [
    fact,
    value,
  ])

const wordsOf = (balancer: Partial<LoadBalancer>, language: Language): string => {
  const finding = findingOf(diagnose(balancer, 'Alive', language), 'load-balancer-state/vip-blocked')
  return `${finding?.title} ${finding?.detail}`
}

describe('a CLB with a restriction flag', () => {
  it.each([
    [{ attributeFlags: ['BanStatus'] }, 'likely'],
    [{ attributeFlags: ['banstatus'] }, 'likely'],
    [{ attributeFlags: ['BlockStatus'] }, 'possible'],
    [{ attributeFlags: ['BlockStatus', 'BanStatus'] }, 'likely'],
    [{ blocked: true }, 'certain'],
    [{ blocked: true, attributeFlags: ['BlockStatus'] }, 'certain'],
  ])('is degraded with %j, and the cause is %s', (balancer, certainty) => {
    const diagnosis = diagnose(balancer)
    expect(diagnosis.verdict).toBe('degraded')
    expect(findingsOf(diagnosis)).toEqual([`load-balancer-state/vip-blocked cause ${certainty}`])
  })

  it('has only the fields that were read in the evidence', () => {
    expect(evidenceOf({ attributeFlags: ['BlockStatus'] })).toEqual([['AttributeFlags', 'BlockStatus']])
    expect(evidenceOf({ attributeFlags: ['BanStatus', 'BlockStatus'] })).toEqual([
      ['AttributeFlags', 'BanStatus'],
      ['AttributeFlags', 'BlockStatus'],
    ])
    expect(evidenceOf({ blocked: true })).toEqual([['IsBlock', true]])
    expect(evidenceOf({ blocked: true, attributeFlags: ['BlockStatus'] })).toEqual([
      ['IsBlock', true],
      ['AttributeFlags', 'BlockStatus'],
    ])
  })

  it.each(['BanStatus', 'BlockStatus'])(
    'is reported as restricted for %s, without an attack or a blocked VIP',
    (flag) => {
      const flagged = { attributeFlags: [flag] }
      expect(wordsOf(flagged, 'en')).toContain(flag)
      expect(wordsOf(flagged, 'en')).not.toMatch(/attack|DDoS|IsBlock|VIP/i)
      expect(wordsOf(flagged, 'zh-CN')).toContain(flag)
      expect(wordsOf(flagged, 'zh-CN')).not.toMatch(/攻击|DDoS|IsBlock|VIP/)
      expect(impactIn(diagnose(flagged), 'en').text).toMatch(/^The CLB is restricted; the API does not say/)
      expect(diagnose(flagged).headline).toContain('it may not be serving')
    },
  )

  it('has a blocked VIP in the report if IsBlock is true', () => {
    expect(wordsOf({ blocked: true }, 'en')).toContain('IsBlock=true')
    expect(impactIn(diagnose({ blocked: true }), 'en').text).toBe(
      'Public requests do not reach the CLB: its VIP is blocked',
    )
  })

  it('does not explain a Dead backend, and a gap says so', () => {
    const diagnosis = diagnose({ attributeFlags: ['BlockStatus'] }, 'Dead')
    expect(diagnosis.findings.map(({ code, explains }) => [code, explains])).toContainEqual([
      'load-balancer-state/vip-blocked',
      [],
    ])
    expect(diagnosis.gaps.map(({ what }) => what)).toContain('why this backend fails: 10.0.1.16:8080')
  })
})
