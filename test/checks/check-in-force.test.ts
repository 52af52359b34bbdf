import { describe, expect, it } from 'vitest'
import { known, ok } from '../../src/model/fact.ts'
import type { GroupMember, HealthCheck, Listener, Snapshot } from '../../src/model/snapshot.ts'
import {
  diagnosisOf,
  diagnosisOfSnapshot,
  findingsOf,
  healthCheck,
  listener,
  snapshotOf,
} from '../support/snapshots.ts'

// The settings in force are judged. A v2 target group has its own health check. A ping has no port. A backend of a
// full-port listener has no port of its own that could differ.

interface Grouped {
  readonly own: Partial<HealthCheck>
  readonly hosts: readonly number[]
  readonly type?: 'v1' | 'v2'
}

/** One listener over target groups. Every member is Dead. */
function bound(groups: Readonly<Record<string, Grouped>>, front: Partial<Listener>): Snapshot {
  const hosts = Object.values(groups).flatMap((group) => group.hosts)
  const base = snapshotOf({ machines: hosts.map((host) => ({ host, status: 'Dead' })) })
  const direct = known(base.registrations) ?? []
  const membersOf = (id: string): readonly GroupMember[] =>
    (groups[id]?.hosts ?? []).flatMap((host) =>
      direct
        .filter(({ ip }) => ip === `10.0.1.${host}`)
        .map(({ listenerId: _, locationId: __, ...member }) => ({ ...member, targetGroupId: id })),
    )
  const ids = Object.keys(groups)
  return {
    ...base,
    listeners: ok([listener({ targetGroupIds: ids, ...front })]),
    registrations: ok([]),
    targetGroups: Object.fromEntries(
      Object.entries(groups).map(([id, { own, type = 'v2' }]) => [
        id,
        ok({ id, name: id, vpcId: null, type, healthCheck: healthCheck({ sourceIpType: null, ...own }) }),
      ]),
    ),
    targetGroupMembers: Object.fromEntries(ids.map((id) => [id, ok(membersOf(id))])),
  }
}

const settings = (snapshot: Snapshot) =>
  diagnosisOfSnapshot(snapshot).findings.filter(({ code }) => code.startsWith('health-check-config/'))

describe('the health checks of target groups', () => {
  const elsewhere = { healthCheck: healthCheck({ port: 9999 }) }

  it('replace the check of the listener if the groups are v2', () => {
    const snapshot = bound(
      { 'lbtg-a': { own: {}, hosts: [16] }, 'lbtg-b': { own: {}, hosts: [17] } },
      elsewhere,
    )
    expect(settings(snapshot)).toEqual([])
    expect(diagnosisOfSnapshot(snapshot).pools[0]?.healthCheck.port).toBeNull()
  })

  it('are each judged for their own members if they differ, and the pool shows no check', () => {
    const snapshot = bound(
      { 'lbtg-a': { own: { port: 9090 }, hosts: [16, 18] }, 'lbtg-b': { own: {}, hosts: [17] } },
      elsewhere,
    )
    const diagnosis = diagnosisOfSnapshot(snapshot)
    expect(findingsOf(diagnosis)).toContain('health-check-config/port-differs cause possible → 16,18')
    expect(settings(snapshot)).toHaveLength(1)
    expect(diagnosis.pools[0]?.healthCheck).toEqual({})
    expect(settings(snapshot)[0]?.evidence).toEqual([
      { source: 'clb:DescribeTargetGroups', fact: 'lbtg-a HealthCheck.Port', value: 9090 },
    ])
  })

  it('are two findings if they have two different unusual ports', () => {
    const snapshot = bound(
      { 'lbtg-a': { own: { port: 9090 }, hosts: [16] }, 'lbtg-b': { own: { port: 9091 }, hosts: [17] } },
      elsewhere,
    )
    expect(
      settings(snapshot).map(({ title, explains }) => [title.match(/\d{4}/)?.[0], explains.length]),
    ).toEqual([
      ['9090', 1],
      ['9091', 1],
    ])
  })

  it('are in the evidence with the ids of their groups', () => {
    const own = {
      type: 'HTTP',
      port: 9090,
      timeoutSeconds: 5,
      intervalSeconds: 5,
      method: 'HEAD',
      httpCodes: 4,
    }
    const snapshot = bound(
      { 'lbtg-a': { own, hosts: [16] }, 'lbtg-b': { own, hosts: [17] } },
      { healthCheck: healthCheck() },
    )
    const evidence = settings(snapshot).flatMap((one) => one.evidence)
    expect(new Set(evidence.map(({ source }) => source))).toEqual(new Set(['clb:DescribeTargetGroups']))
    expect(evidence.map(({ fact }) => fact).sort()).toEqual([
      'lbtg-a, lbtg-b HealthCheck.HttpCheckMethod',
      'lbtg-a, lbtg-b HealthCheck.HttpCode',
      'lbtg-a, lbtg-b HealthCheck.Port',
      'lbtg-a, lbtg-b HealthCheck.Timeout, GapTime',
    ])
  })

  it('do not replace the check of the listener if the groups are v1, and the evidence cites the listener', () => {
    const snapshot = bound({ 'lbtg-a': { own: {}, hosts: [16], type: 'v1' } }, elsewhere)
    expect(settings(snapshot).map(({ evidence }) => evidence)).toEqual([
      [{ source: 'clb:DescribeListeners', fact: 'CheckPort', value: 9999 }],
    ])
  })
})

describe('the port of the health check', () => {
  it('is not compared if the check is a ping', () => {
    const diagnosis = diagnosisOf({
      machines: [{ host: 16, status: 'Dead' }],
      listener: { protocol: 'UDP', healthCheck: healthCheck({ type: 'PING', port: 9090 }) },
    })
    expect(findingsOf(diagnosis)).toEqual(['all-backends-down/fallback-active note certain'])
  })

  it('is not compared with the port of a backend on a full-port listener', () => {
    const diagnosis = diagnosisOf({
      machines: [{ host: 16, status: 'Dead', registration: { port: 0 } }],
      listener: { port: 1, endPort: 65_535, healthCheck: healthCheck({ port: 80 }) },
    })
    expect(findingsOf(diagnosis)).toEqual(['all-backends-down/fallback-active note certain'])
  })
})
