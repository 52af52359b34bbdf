import { describe, expect, it } from 'vitest'
import type { Fix } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { Language } from '../../src/model/language.ts'
import type { AuditEvent, Instance } from '../../src/model/snapshot.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOfSnapshot, type Machine, snapshotOf, type World } from '../support/snapshots.ts'

const ALARMED = '2026-11-19T23:00:00.000Z'
const ago = (minutes: number): string => new Date(Date.parse(ALARMED) - minutes * 60_000).toISOString()

const event = (
  minutes: number,
  name: string,
  ids: readonly string[] = ['ins-00000016'],
  actor: string | null = 'li.wei',
): AuditEvent => ({ at: ago(minutes), event: name, resourceIds: ids, actor, sourceIp: null })

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

const machine = (host: number, instance: Partial<Instance> | null): Machine => ({
  host,
  status: 'Dead',
  instance,
})
const off = (...hosts: readonly number[]): World => ({
  machines: hosts.map((host) => machine(host, { state: 'STOPPED' })),
})
const STOPPED = 'instance-state/not-running'
const GONE = 'instance-state/not-found'

describe('the fix that starts a stopped machine', () => {
  it('names who stopped it and when, and says to ask first', () => {
    const events = [event(8, 'StopInstances')]
    const fix = fixFor(STOPPED, off(16), events)
    expect(fix?.kind).toBe('restore')
    expect(fix?.notes).toEqual(['li.wei stopped ins-00000016 at 11-19 22:52 UTC; ask li.wei first.'])
    expect(fixFor(STOPPED, off(16), events, 'zh-CN')?.notes).toEqual([
      'li.wei 于 06:52 关闭了 ins-00000016，先与 li.wei 确认。',
    ])
  })

  it('says to find out who it was if the log does not know', () => {
    expect(fixFor(STOPPED, off(16), [event(8, 'StopInstances', ['ins-00000016'], null)])?.notes).toEqual([
      'Someone stopped ins-00000016 at 11-19 22:52 UTC; first find out who did it, and why.',
    ])
  })

  it('names each person of several machines with the machines that this person stopped', () => {
    const events = [
      event(9, 'StopInstances', ['ins-00000016', 'ins-00000017']),
      event(8, 'StopInstances', ['ins-00000018'], 'zhang.san'),
    ]
    expect(fixFor(STOPPED, off(16, 17, 18), events)?.notes).toEqual([
      'li.wei stopped ins-00000016, ins-00000017 at 11-19 22:51 UTC; ask li.wei first.',
      'zhang.san stopped ins-00000018 at 11-19 22:52 UTC; ask zhang.san first.',
    ])
  })

  it.each<[string, readonly AuditEvent[]]>([
    ['the log has no such operation', [event(8, 'RebootInstances')]],
    ['it was started after that', [event(20, 'StopInstances'), event(8, 'StartInstances')]],
    ['another operation came in the same second', [event(8, 'StartInstances'), event(8, 'StopInstances')]],
    ['another machine was stopped', [event(8, 'StopInstances', ['ins-00000017'])]],
  ])('names nobody if %s', (_, events) => {
    expect(fixFor(STOPPED, off(16), events)?.notes).toBeUndefined()
  })
})

describe('a machine that was terminated', () => {
  const events = [event(8, 'TerminateInstances')]

  it('is not started, but the fix says who terminated it', () => {
    for (const [code, instance] of [
      [GONE, null],
      [STOPPED, { state: 'SHUTDOWN' }],
    ] as const) {
      const fix = fixFor(code, { machines: [machine(16, instance)] }, events)
      expect(fix?.notes).toEqual(['li.wei terminated ins-00000016 at 11-19 22:52 UTC.'])
      expect(fix?.kind).not.toBe('restore')
    }
  })
})

describe('a listener that was stopped', () => {
  it('is started only after asking the one who stopped it', () => {
    const world: World = { listener: { stopped: true }, machines: [{ host: 16, status: 'Alive' }] }
    const events = [event(8, 'SetLoadBalancerStartStatus', ['lbl-aaaaaaaa'])]
    expect(fixFor('load-balancer-state/listener-stopped', world, events)?.notes).toEqual([
      'li.wei stopped lbl-aaaaaaaa at 11-19 22:52 UTC; ask li.wei first.',
    ])
  })
})
