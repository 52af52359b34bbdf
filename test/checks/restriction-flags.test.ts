import { describe, expect, it } from 'vitest'
import type { Language } from '../../src/model/language.ts'
import type { LoadBalancer } from '../../src/model/snapshot.ts'
import { trafficOf } from '../../src/render/traffic.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOf, findingsOf } from '../support/snapshots.ts'

// `IsBlock` is the VIP's state; `BanStatus` and `BlockStatus` restrict a CLB for reasons that the API does not give.

const told = (
  balancer: Partial<LoadBalancer>,
  status: 'Alive' | 'Dead' = 'Alive',
  language: Language = 'en',
) => diagnosisOf({ machines: [{ host: 16, status }], balancer }, language)

const evidenceOf = (balancer: Partial<LoadBalancer>) =>
  findingOf(told(balancer), 'load-balancer-state/vip-blocked').evidence.map(({ fact, value }) => [
    fact,
    value,
  ])

const wordsOf = (balancer: Partial<LoadBalancer>, language: Language): string => {
  const finding = findingOf(told(balancer, 'Alive', language), 'load-balancer-state/vip-blocked')
  return `${finding?.title} ${finding?.detail}`
}

describe('a CLB with a flag of restriction', () => {
  it.each([
    [{ attributeFlags: ['BanStatus'] }, 'likely'],
    [{ attributeFlags: ['banstatus'] }, 'likely'],
    [{ attributeFlags: ['BlockStatus'] }, 'possible'],
    [{ attributeFlags: ['BlockStatus', 'BanStatus'] }, 'likely'],
    [{ blocked: true }, 'certain'],
    [{ blocked: true, attributeFlags: ['BlockStatus'] }, 'certain'],
  ])('is not healthy with %j, and no surer of it than the API: %s', (balancer, certainty) => {
    const diagnosis = told(balancer)
    expect(diagnosis.verdict).toBe('degraded')
    expect(findingsOf(diagnosis)).toEqual([`load-balancer-state/vip-blocked cause ${certainty}`])
  })

  it('cites only what was read', () => {
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

  it.each(['BanStatus', 'BlockStatus'])('is not told as attacked, nor its VIP as blocked, for %s', (flag) => {
    const flagged = { attributeFlags: [flag] }
    expect(wordsOf(flagged, 'en')).toContain(flag)
    expect(wordsOf(flagged, 'en')).not.toMatch(/attack|DDoS|IsBlock|VIP/i)
    expect(wordsOf(flagged, 'zh-CN')).toContain(flag)
    expect(wordsOf(flagged, 'zh-CN')).not.toMatch(/攻击|DDoS|IsBlock|VIP/)
    expect(trafficOf(told(flagged), 'en')).toEqual(['cannot be told: the CLB is restricted'])
    expect(told(flagged).headline).toContain('it may not be serving')
  })

  it('has its VIP reported as blocked if the API says so', () => {
    expect(wordsOf({ blocked: true }, 'en')).toContain('IsBlock=true')
    expect(trafficOf(told({ blocked: true }), 'en')).toEqual([
      'public traffic does not reach the CLB: its VIP is blocked',
    ])
  })

  it('leaves a Dead backend without an explanation, and says so', () => {
    const diagnosis = told({ attributeFlags: ['BlockStatus'] }, 'Dead')
    expect(diagnosis.findings.map(({ code, explains }) => [code, explains])).toContainEqual([
      'load-balancer-state/vip-blocked',
      [],
    ])
    expect(diagnosis.gaps.map(({ what }) => what)).toContain('why this backend fails: 10.0.1.16:8080')
  })
})
