import { describe, expect, it } from 'vitest'
import { known, ok } from '../../src/model/fact.ts'
import { entry } from '../rules/builders.ts'
import { findingOf } from '../support/findings.ts'
import {
  acl,
  allow,
  diagnosisOf,
  diagnosisOfSnapshot,
  findingsOf,
  group,
  healthCheck,
  snapshotOf,
  type World,
} from '../support/snapshots.ts'

// The causes are the fewest findings that explain the Dead targets. Beside a certain cause of the same backend, a possible
// one is only a contributor.

const open = entry({ priority: 1, protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' })
const half = acl({ ingress: [entry({ ...open, cidr: '100.64.0.0/11' })], egress: [open] })
const dead = (host: number, more: object = {}) => ({ host, status: 'Dead', ...more })
const lines = (world: World) => findingsOf(diagnosisOf(world)).filter((line) => !line.includes(' note '))

describe('health check settings that can fail good backends', () => {
  it('are contributors if a partial block is the cause', () => {
    const world: World = {
      machines: [dead(16)],
      listener: { healthCheck: healthCheck({ sourceIpType: 1, port: 9090 }) },
      subnet: { networkAclId: 'acl-web' },
      acls: [half],
    }
    expect(lines(world)).toEqual([
      'network-acl/probe-partly-blocked cause possible → 16',
      'health-check-config/port-differs contributor possible',
    ])
  })

  it('are a cause if they are unusual, and contributors if they are common', () => {
    const world: World = {
      machines: [dead(16), dead(17)],
      listener: { healthCheck: healthCheck({ type: 'HTTPS', httpCodes: 8 }) },
    }
    expect(lines(world)).toEqual([
      'health-check-config/codes-exclude-2xx cause possible → 16,17',
      'health-check-config/https-to-backend contributor possible',
    ])
  })

  it('are alternative causes if they are equally unusual', () => {
    const diagnosis = diagnosisOf({
      machines: [dead(16)],
      listener: { healthCheck: healthCheck({ type: 'HTTP', httpCodes: 8, port: 9090 }) },
    })
    const causes = diagnosis.findings.filter(({ role }) => role === 'cause')
    expect(causes.map(({ code }) => code)).toEqual([
      'health-check-config/codes-exclude-2xx',
      'health-check-config/port-differs',
    ])
    for (const { detail } of causes) {
      expect(detail).not.toMatch(/there is another cause/)
      expect(detail).toMatch(/For 10\.0\.1\.16:8080 there may be another cause \(not proven\)/)
    }
  })
})

describe('a cause beside a possible cause', () => {
  it('says that the possible cause may keep the backend down, which is not proven', () => {
    const diagnosis = diagnosisOf({
      machines: [dead(16, { groups: ['sg-a'], instance: { restrictState: 'EXPIRED' } })],
      listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
      groups: [group('sg-a', [allow('10.0.0.0/8')])],
    })
    const codes = diagnosis.findings.map(({ code }) => code)
    expect(codes.slice(0, 2)).toEqual(['instance-state/isolated', 'security-group/probe-blocked'])
    expect(findingOf(diagnosis, 'instance-state/isolated').detail).toContain(
      'For 10.0.1.16:8080 there may be another cause (not proven)',
    )
    expect(findingOf(diagnosis, 'security-group/probe-blocked').detail).toContain(
      'For 10.0.1.16:8080 there is another cause: Instance ins-00000016',
    )
  })
})

describe('faults of different pools', () => {
  it('are separate causes, and each explains only the backends of its own pool', () => {
    const stopped = snapshotOf({ machines: [dead(17, { instance: { state: 'STOPPED' } })] })
    const blocked = snapshotOf({
      machines: [dead(16, { groups: ['sg-a'] })],
      listener: { id: 'lbl-bbbbbbbb', port: 80 },
      groups: [group('sg-a', [])],
    })
    const both = <K extends 'listeners' | 'registrations' | 'health'>(key: K) =>
      ok([
        ...(known<readonly unknown[]>(stopped[key]) ?? []),
        ...(known<readonly unknown[]>(blocked[key]) ?? []),
      ])
    const diagnosis = diagnosisOfSnapshot({
      ...blocked,
      instances: { ...stopped.instances, ...blocked.instances },
      listeners: both('listeners') as typeof blocked.listeners,
      registrations: both('registrations') as typeof blocked.registrations,
      health: both('health') as typeof blocked.health,
    })
    const causes = diagnosis.findings.filter(({ role }) => role === 'cause')
    expect(causes.map(({ code, explains }) => [code, ...explains])).toEqual([
      ['security-group/probe-blocked', 'lbl-bbbbbbbb/-/10.0.1.16:8080'],
      ['instance-state/not-running', 'lbl-aaaaaaaa/-/10.0.1.17:8080'],
    ])
    for (const { detail } of causes) expect(detail).not.toContain('as well')
  })
})
