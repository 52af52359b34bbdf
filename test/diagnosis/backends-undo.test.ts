import { describe, expect, it } from 'vitest'
import type { Fix } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { Language } from '../../src/model/language.ts'
import type { AuditEvent, AuditedEdit, AuditedTarget } from '../../src/model/snapshot.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOfSnapshot, type Machine, snapshotOf, type World } from '../support/snapshots.ts'

const ALARMED = '2026-11-19T23:00:00.000Z'
const ago = (minutes: number): string => new Date(Date.parse(ALARMED) - minutes * 60_000).toISOString()
const LISTENER = 'lbl-aaaaaaaa'

const backend = (host: number, weight: number | null = null): AuditedTarget => ({
  poolId: LISTENER,
  instanceId: `ins-${String(host).padStart(8, '0')}`,
  ip: null,
  port: 8080,
  weight,
})
const EVENTS = {
  'targets-added': 'RegisterTargets',
  'targets-removed': 'DeregisterTargets',
  'weights-set': 'ModifyTargetWeight',
} as const
type Kind = keyof typeof EVENTS

const event = (
  minutes: number,
  name: string,
  edit?: AuditedEdit,
  actor: string | null = 'li.wei',
): AuditEvent => ({
  at: ago(minutes),
  event: name,
  resourceIds: [LISTENER],
  actor,
  sourceIp: null,
  ...(edit ? { edit } : {}),
})
const did = (minutes: number, kind: Kind, ...targets: readonly AuditedTarget[]): AuditEvent =>
  event(minutes, EVENTS[kind], { kind, targets })

function fixFor(
  code: string,
  world: World,
  events: readonly AuditEvent[],
  language: Language = 'en',
): Fix | null {
  const log = ok({ from: ago(24 * 60), to: ALARMED, complete: true, events })
  const snapshot = { ...snapshotOf(world), alarmedAt: ALARMED, auditEvents: { 'ap-guangzhou': log } }
  return findingOf(diagnosisOfSnapshot(snapshot, language), code).fix
}
const linesOf = (fix: Fix | null): readonly string[] => (fix?.commands ?? []).map(({ line }) => line)

describe('a pool whose backends somebody unbound', () => {
  const NONE = 'pool-membership/no-targets'
  const empty: World = { machines: [] }

  it('gets them back first, with the weight that the log has, and the one who unbound them is asked', () => {
    const events = [
      did(600, 'targets-added', backend(16, 20), backend(17, 30)),
      did(8, 'targets-removed', backend(16), backend(17)),
    ]
    const fix = fixFor(NONE, empty, events)
    expect(fix).toMatchObject({
      kind: 'restore',
      verified: false,
      summary:
        'Undo: bind the 2 unbound backends again (ins-00000016:8080, weight 20, ins-00000017:8080, weight 30); ask li.wei first',
      alternatives: [{ kind: 'settings' }],
    })
    expect(linesOf(fix)).toEqual([
      `tccli clb RegisterTargets --region ap-guangzhou --LoadBalancerId lb-7dpmqwcu --ListenerId ${LISTENER} --Targets '[{"InstanceId":"ins-00000016","Port":8080,"Weight":20},{"InstanceId":"ins-00000017","Port":8080,"Weight":30}]'`,
    ])
    expect(fixFor(NONE, empty, events, 'zh-CN')?.summary).toBe(
      '撤销：重新绑定被解绑的 2 个后端（ins-00000016:8080 权重 20、ins-00000017:8080 权重 30），先与 li.wei 确认',
    )
  })

  it('gets the default weight where the log has none, and the fix says so', () => {
    const fix = fixFor(NONE, empty, [did(8, 'targets-removed', backend(16))])
    expect(fix?.summary).toContain('does not have the weight of before, so the command has the default 10')
    expect(linesOf(fix)[0]).toContain('"Weight":10')
  })

  it('gets back what several calls unbound, twenty a command', () => {
    const all = Array.from({ length: 25 }, (_, i) => backend(100 + i))
    const fix = fixFor(NONE, empty, [
      did(9, 'targets-removed', ...all.slice(0, 20)),
      did(8, 'targets-removed', ...all.slice(20)),
    ])
    expect(linesOf(fix).map((line) => line.match(/InstanceId/g)?.length)).toEqual([20, 5])
  })

  it.each<[string, readonly AuditEvent[]]>([
    ['nobody unbound any', []],
    [
      'a later operation is not understood',
      [did(8, 'targets-removed', backend(16)), event(3, 'AssociateTargetGroups')],
    ],
    [
      'another operation came in the same second',
      [did(8, 'targets-removed', backend(16)), did(8, 'targets-added', backend(16, 5))],
    ],
  ])('gets nothing back if %s', (_, events) => {
    expect(fixFor(NONE, empty, events)?.kind).toBe('settings')
  })

  it('gets nothing back from us if TKE binds them', () => {
    const managed: World = { machines: [], balancer: { tags: { 'tke-clusterId': 'cls-1' } } }
    expect(fixFor(NONE, managed, [did(8, 'targets-removed', backend(16))])?.kind).toBe('advice')
  })
})

describe('backends whose weight somebody set to 0', () => {
  const ZERO = 'pool-membership/all-weights-zero'
  const machine = (host: number): Machine => ({ host, status: 'Alive', weight: 0 })
  const idle: World = { machines: [machine(16), machine(17)] }
  const zeroed = did(8, 'weights-set', backend(16, 0), backend(17, 0))

  it('get back the weight that the log has', () => {
    const fix = fixFor(ZERO, idle, [did(600, 'weights-set', backend(16, 20), backend(17, 30)), zeroed])
    expect(fix).toMatchObject({ kind: 'restore', verified: false })
    expect(fix?.summary).toBe(
      'Undo: put the weight of 2 backends back (ins-00000016:8080, weight 20, ins-00000017:8080, weight 30); ask li.wei first',
    )
    expect(linesOf(fix)).toEqual([
      `tccli clb ModifyTargetWeight --region ap-guangzhou --LoadBalancerId lb-7dpmqwcu --ListenerId ${LISTENER} --Targets '[{"InstanceId":"ins-00000016","Port":8080,"Weight":20},{"InstanceId":"ins-00000017","Port":8080,"Weight":30}]'`,
    ])
  })

  it('get a weight as an opening if the log does not have the one of before', () => {
    const fix = fixFor(ZERO, idle, [zeroed], 'zh-CN')
    expect(fix?.kind).toBe('settings')
    expect(fix?.summary).toBe(
      '把 2 个后端的权重调到大于 0（ins-00000016:8080、ins-00000017:8080），日志里没有之前的权重，命令用默认值 10，先与 li.wei 确认',
    )
  })

  it.each<[string, readonly AuditEvent[]]>([
    ['the log has no such operation', []],
    ['a later operation is not understood', [zeroed, event(3, 'BatchModifyTargetWeight')]],
    [
      'a later operation gave them another weight',
      [zeroed, did(3, 'weights-set', backend(16, 5), backend(17, 5))],
    ],
  ])('get no weight back if %s', (_, events) => {
    expect(linesOf(fixFor(ZERO, idle, events))).toEqual([])
  })
})
