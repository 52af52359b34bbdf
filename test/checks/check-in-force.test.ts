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

// Settings are judged as they are in force: a v2 target group has its own, ping has no port, and a backend that listens
// on all ports has none that could differ.

interface Grouped {
  readonly own: Partial<HealthCheck>
  readonly hosts: readonly number[]
  readonly type?: 'v1' | 'v2'
}

/** One listener over target groups, every member of which is Dead. */
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

describe('checks of several v2 target groups', () => {
  const elsewhere = { healthCheck: healthCheck({ port: 9999 }) }

  it('alike are in force together: the check of their listener is not', () => {
    const snapshot = bound(
      { 'lbtg-a': { own: {}, hosts: [16] }, 'lbtg-b': { own: {}, hosts: [17] } },
      elsewhere,
    )
    expect(settings(snapshot)).toEqual([])
    expect(diagnosisOfSnapshot(snapshot).pools[0]?.healthCheck.port).toBeNull()
  })

  it('that differ are each judged for their own members, and the pool shows none of them as its own', () => {
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

  it('that are odd in two ways are two findings', () => {
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

  it('are named by the groups that have them', () => {
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

  it('of type v1 leave the check of the listener in force, and that is cited', () => {
    const snapshot = bound({ 'lbtg-a': { own: {}, hosts: [16], type: 'v1' } }, elsewhere)
    expect(settings(snapshot).map(({ evidence }) => evidence)).toEqual([
      [{ source: 'clb:DescribeListeners', fact: 'CheckPort', value: 9999 }],
    ])
  })
})

describe('the port of the check', () => {
  it('is not compared if the check is a ping, which has none', () => {
    const diagnosis = diagnosisOf({
      machines: [{ host: 16, status: 'Dead' }],
      listener: { protocol: 'UDP', healthCheck: healthCheck({ type: 'PING', port: 9090 }) },
    })
    expect(findingsOf(diagnosis)).toEqual(['all-backends-down/fallback-active note certain'])
  })

  it('is not compared with that of a backend on a full-port listener, which takes the port of the listener', () => {
    const diagnosis = diagnosisOf({
      machines: [{ host: 16, status: 'Dead', registration: { port: 0 } }],
      listener: { port: 1, endPort: 65_535, healthCheck: healthCheck({ port: 80 }) },
    })
    expect(findingsOf(diagnosis)).toEqual(['all-backends-down/fallback-active note certain'])
  })
})
