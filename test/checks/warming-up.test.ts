import { describe, expect, it } from 'vitest'
import { ok } from '../../src/model/fact.ts'
import { findingOf, gapOf } from '../support/findings.ts'
import { diagnosisOf, findingsOf, healthCheck, type World } from '../support/snapshots.ts'

// The snapshot is taken at 2026-11-20 08:00:00 Beijing time. The check needs 3 good probes, one every 5 s, and 2 s more.

const bound = (registeredAt: string, status = 'Dead', world: Partial<World> = {}): World => ({
  machines: [
    { host: 16, status, registration: { registeredAt } },
    { host: 17, status: 'Alive' },
  ],
  ...world,
})

const CODE = 'pool-membership/warming-up'
const NOW = '2026-11-20 07:59:50'

describe('a backend that was bound a moment ago', () => {
  it('is warming up, not failing, and the gap says when to look again', () => {
    for (const [language, ready] of [
      ['en', '2026-11-20 00:00:07'],
      ['zh-CN', '2026-11-20 08:00:07'],
    ] as const) {
      const diagnosis = diagnosisOf(bound(NOW), language)
      expect(findingsOf(diagnosis)).toContain(`${CODE} note likely`)
      expect(findingOf(diagnosis, CODE).detail).toContain(ready)
      expect(diagnosis.headline).toMatch(/warming up|还在预热/)
      const gap = gapOf(diagnosis, language === 'en' ? 'bound a moment ago' : '刚绑定')
      expect(gap.why).toContain(ready)
      expect(gap.byHand).toHaveLength(1)
      expect(gap.byHand?.[0]).toContain('tccli clb DescribeTargetHealth')
    }
  })

  it('is no longer when there was time for enough probes', () => {
    expect(findingsOf(diagnosisOf(bound('2026-11-20 07:59:40'))).join()).not.toContain(CODE)
    expect(gapOf(diagnosisOf(bound('2026-11-20 07:59:40')), 'this backend fails')).toBeDefined()
  })

  it('replaces the note that a backend is not probed yet', () => {
    const lines = findingsOf(diagnosisOf(bound(NOW, 'Unknown'))).join()
    expect(lines).toContain(CODE)
    expect(lines).not.toContain('not-probed-yet')
  })

  it('says nothing about a setting', () => {
    const listener = { healthCheck: healthCheck({ port: 9090 }) }
    const { findings } = diagnosisOf({
      ...bound(NOW),
      machines: [{ host: 16, status: 'Dead', registration: { registeredAt: NOW } }],
      listener,
    })
    expect(findingOf({ findings }, 'health-check-config/port-differs').role).toBe('risk')
  })

  it.each([
    ['a time that cannot be read', bound('soon')],
    ['a time far ahead of the clock', bound('2026-11-20 09:00:00')],
    ['a healthy backend', bound(NOW, 'Alive')],
    [
      'a threshold that is not known',
      bound(NOW, 'Dead', { listener: { healthCheck: healthCheck({ healthyThreshold: null }) } }),
    ],
  ])('is not seen for %s', (_, world) => {
    expect(findingsOf(diagnosisOf(world)).join()).not.toContain(CODE)
  })
})

describe('a listener of TKE without backends', () => {
  it('is left to its controller: the fix neither binds nor deletes, and asks the cluster', () => {
    const empty: World = {
      machines: [],
      balancer: { tags: { 'tke-clusterId': 'cls-1' } },
      replace: { registrations: ok([]) },
    }
    for (const language of ['en', 'zh-CN'] as const) {
      const { fix } = findingOf(diagnosisOf(empty, language), 'pool-membership/no-targets')
      expect(fix?.summary).toMatch(/externalTrafficPolicy/)
      expect(fix?.summary).not.toMatch(/delete the rule|删除不再使用/)
      expect(fix?.commands?.every(({ tool }) => tool === 'kubectl')).toBe(true)
    }
  })

  it('is the same without rules, and for a CLB without listeners', () => {
    const balancer = { tags: { 'tke-createdBy-flag': 'yes' } }
    for (const world of [
      { machines: [], balancer, listener: { protocol: 'HTTP', healthCheck: null } },
      { machines: [], balancer, replace: { listeners: ok([]) } },
    ])
      expect(findingOf(diagnosisOf(world), 'pool-membership/no-targets').fix?.summary).toMatch(/^TKE manages/)
  })

  it('of a CLB without TKE is to be bound or deleted', () => {
    const { fix } = findingOf(diagnosisOf({ machines: [] }), 'pool-membership/no-targets')
    expect(fix?.summary).toBe('Bind backends, or delete listeners and rules that are no longer used.')
    expect(fix?.commands).toBeUndefined()
  })
})
