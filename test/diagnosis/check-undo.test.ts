import { describe, expect, it } from 'vitest'
import type { Fix } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { Language } from '../../src/model/language.ts'
import type { AuditEvent, HealthCheck } from '../../src/model/snapshot.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOfSnapshot, healthCheck, snapshotOf, type World } from '../support/snapshots.ts'

const ALARMED = '2026-11-19T23:00:00.000Z'
const ago = (minutes: number): string => new Date(Date.parse(ALARMED) - minutes * 60_000).toISOString()

const set = (minutes: number, check?: Partial<HealthCheck> | null): AuditEvent => ({
  at: ago(minutes),
  event: 'ModifyListener',
  resourceIds: ['lbl-aaaaaaaa'],
  actor: 'li.wei',
  sourceIp: null,
  ...(check === null ? {} : { edit: { kind: 'check-set', ...(check ? { check } : {}) } }),
})

const world = (balancer: World['balancer'] = {}): World => ({
  balancer,
  listener: { healthCheck: healthCheck({ port: 9090, intervalSeconds: 5 }) },
  machines: [{ host: 16, status: 'Dead' }],
})

function fixFor(events: readonly AuditEvent[], language: Language = 'en', of = world()): Fix | null {
  const log = ok({ from: ago(24 * 60), to: ALARMED, complete: true, events })
  const snapshot = { ...snapshotOf(of), alarmedAt: ALARMED, auditEvents: { 'ap-guangzhou': log } }
  return findingOf(diagnosisOfSnapshot(snapshot, language), 'health-check-config/port-differs').fix
}

describe('settings of a health check that somebody changed', () => {
  const events = [set(600, { port: null, intervalSeconds: 10 }), set(8, { port: 9090 })]

  it('are given back, the whole settings, if an earlier operation says what they were', () => {
    const fix = fixFor(events)
    expect(fix).toMatchObject({
      kind: 'restore',
      verified: false,
      summary:
        'Undo: give the health check of TCP:443 the settings of before (check port 9090 → -, check interval 5 → 10); ask li.wei first',
      alternatives: [{ kind: 'settings' }],
    })
    expect(fix?.commands?.[0]?.line).toContain('tccli clb ModifyListener')
    const sent = JSON.parse(/--HealthCheck '(.*)'$/.exec(fix?.commands?.[0]?.line ?? '')?.[1] ?? '{}')
    expect(sent).toMatchObject({ CheckPort: -1, IntervalTime: 10, TimeOut: 2, CheckType: 'TCP' })
    expect(fixFor(events, 'zh-CN')?.summary).toBe(
      '撤销：把 TCP:443 的健康检查改回上一次的设置（检查端口 9090 → -，检查间隔 5 → 10），先与 li.wei 确认',
    )
  })

  it.each<[string, readonly AuditEvent[], string?]>([
    ['no earlier operation gave them', [set(8, { port: 9090 })]],
    ['the earlier one does not have all of them', [set(600, { intervalSeconds: 5 }), set(8, { port: 9090 })]],
    ['the earlier ones are found fault with, too', [set(600, { port: 9091 }), set(8, { port: 9090 })]],
    ['others are in force now', [set(600, { port: null }), set(8, { port: 9999 })]],
    ['a change in between is not understood', [set(600, { port: null }), set(500), set(8, { port: 9090 })]],
    ['they were changed twice within the hour', [set(20, { port: null }), set(8, { port: 9090 })]],
  ])('are not given back if %s, and the fix says that the log does not show them', (_, some) => {
    const fix = fixFor(some)
    expect([fix?.kind, fix?.alternatives]).toEqual(['settings', undefined])
    expect(fix?.notes?.join()).toContain('does not show what lbl-aaaaaaaa was before')
  })

  it('are not given back by us on a CLB of TKE, whose controller sets them', () => {
    expect(fixFor(events, 'en', world({ tags: { 'tke-clusterId': 'cls-1' } }))?.kind).toBe('settings')
  })
})
