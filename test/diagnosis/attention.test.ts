import { describe, expect, it } from 'vitest'
import type { Alarm } from '../../src/model/alarm.ts'
import type { Attention, Diagnosis } from '../../src/model/diagnosis.ts'
import type { ExpectedFinding } from '../../src/model/expected.ts'
import { known, ok } from '../../src/model/fact.ts'
import type { Listener, Snapshot } from '../../src/model/snapshot.ts'
import { findingOf } from '../support/findings.ts'
import {
  allow,
  denied,
  diagnosisOf,
  diagnosisOfSnapshot,
  drop,
  group,
  healthCheck,
  listener,
  type Machine,
  snapshotOf,
  type World,
} from '../support/snapshots.ts'

const alarm = (fields: Partial<Alarm> = {}): Alarm => ({
  source: 'cloud-monitor',
  state: 'firing',
  kind: 'metric',
  clb: { loadBalancerId: 'lb-7dpmqwcu', vip: null, vpcId: null, numericVpcId: null },
  region: 'ap-guangzhou',
  unknownRegion: null,
  listener: null,
  backend: null,
  policy: { id: null, name: null },
  subject: null,
  condition: null,
  durationSeconds: null,
  sessionId: null,
  firstOccurredAt: null,
  recoveredAt: null,
  ...fields,
})

const context = (fired: Partial<Alarm> | null, expected: readonly ExpectedFinding[] = []) => ({
  trigger: fired
    ? { source: 'cloud-monitor' as const, alarm: alarm(fired) }
    : { source: 'cli' as const, alarm: null },
  expected,
})

const diagnose = (world: World, fired: Partial<Alarm> | null = null, expected?: readonly ExpectedFinding[]) =>
  diagnosisOf(world, 'en', context(fired, expected))
const attention = (...given: Parameters<typeof diagnose>): Attention | undefined =>
  diagnose(...given).attention

const machines = (...statuses: readonly string[]): readonly Machine[] =>
  statuses.map((status, i) => ({ host: 16 + i, status }))
const weightless = (...statuses: readonly string[]): readonly Machine[] =>
  machines(...statuses).map((machine) => ({ ...machine, weight: 0 }))

const accept = (fields: Partial<ExpectedFinding>): ExpectedFinding => ({
  entry: 1,
  code: 'security-group/probe-blocked',
  resource: 'sg-closed',
  reason: 'OPS-123',
  until: '2026-12-31',
  ...fields,
})

describe('attention by health', () => {
  it('gives none if every backend is healthy and nothing is at risk', () => {
    expect(attention({ machines: machines('Alive', 'Alive') })).toBe('none')
  })

  it('is watch if an alarm fires over healthy backends, and none after its recovery', () => {
    expect(attention({ machines: machines('Alive', 'Alive') }, {})).toBe('watch')
    expect(attention({ machines: machines('Alive', 'Alive') }, { state: 'resolved' })).toBe('none')
  })

  it('is watch for a risk', () => {
    const checked = { healthCheck: healthCheck({ sourceIpType: 1 }) }
    const part = group('sg-part', [drop('100.64.0.0/12'), allow('0.0.0.0/0')])
    const alive = machines('Alive', 'Alive').map((machine) => ({ ...machine, groups: ['sg-part'] }))
    const diagnosis = diagnose({ listener: checked, machines: alive, groups: [part] })
    expect(diagnosis.findings.map(({ role }) => role)).toEqual(['risk'])
    expect(diagnosis).toMatchObject({ verdict: 'healthy', attention: 'watch' })
  })

  it('is act-soon if some backends are Dead, with or without an alarm', () => {
    expect(attention({ machines: machines('Alive', 'Dead') })).toBe('act-soon')
    expect(attention({ machines: machines('Alive', 'Dead') }, { state: 'resolved' })).toBe('act-soon')
  })

  it('is act-now if a pool has no healthy backend', () => {
    expect(attention({ machines: machines('Dead', 'Dead') })).toBe('act-now')
    expect(attention({ machines: machines('Dead', 'Unknown') })).toBe('act-now')
    expect(attention({ machines: [...machines('Dead'), { host: 30, status: 'Alive', weight: 0 }] })).toBe(
      'act-now',
    )
  })

  it('is act-soon if the other backends have no check, because they serve', () => {
    expect(attention({ machines: machines('Dead', 'Close') })).toBe('act-soon')
  })

  it('is watch if the health is inconclusive, and act-soon while an alarm fires', () => {
    const world = {
      machines: machines('Alive'),
      replace: { health: denied('clb:DescribeTargetHealth') },
    }
    expect(attention(world)).toBe('watch')
    expect(attention(world, {})).toBe('act-soon')
    expect(attention(world, { state: 'resolved' })).toBe('watch')
  })
})

describe('attention by what clients meet', () => {
  const alive = (rules: Parameters<typeof group>[1]): World => ({
    machines: [
      { host: 16, status: 'Alive', groups: ['sg-web'] },
      { host: 17, status: 'Dead', groups: ['sg-web'] },
    ],
    groups: [group('sg-web', rules)],
  })

  it('is act-now if every client is blocked though one backend passes its checks', () => {
    const world = alive([allow('203.0.113.26')])
    expect(diagnose(world)).toMatchObject({ verdict: 'degraded', attention: 'act-now' })
  })

  it('is not raised if some clients are let in, or nobody can tell', () => {
    expect(attention(alive([allow('203.0.113.26'), allow('198.51.100.0/24')]))).toBe('act-soon')
    expect(attention({ ...alive([allow('203.0.113.26')]), balancer: { snatPro: true } })).toBe('act-soon')
  })

  it('is not raised if only one backend blocks the clients', () => {
    const world: World = {
      machines: [
        { host: 16, status: 'Alive' },
        { host: 17, status: 'Dead', groups: ['sg-web'] },
      ],
      groups: [group('sg-web', [])],
    }
    expect(attention(world)).toBe('act-soon')
  })
})

describe('attention of a CLB that serves nobody', () => {
  it('is act-now if all weights are 0, and the verdict stays healthy', () => {
    expect(diagnose({ machines: weightless('Alive', 'Alive') })).toMatchObject({
      verdict: 'healthy',
      attention: 'act-now',
    })
  })

  it.each([{ attributeFlags: ['Stop'] }, { isolated: true }, { blocked: true }])(
    'is act-now for %j',
    (balancer) => {
      expect(attention({ balancer, machines: machines('Alive') })).toBe('act-now')
    },
  )

  it('is act-now if its only listener is stopped', () => {
    expect(attention({ listener: { stopped: true }, machines: machines('Alive') })).toBe('act-now')
  })

  /** A second listener on port 8443 with machine 40, beside TCP:443 with machine 16. */
  const withSecond = (fields: Partial<Listener>, weight = 10): Snapshot => {
    const own = snapshotOf({ machines: machines('Alive') })
    const second = listener({ id: 'lbl-bbbbbbbb', port: 8443, ...fields })
    const other = snapshotOf({ listener: second, machines: [{ host: 40, status: 'Alive', weight }] })
    return {
      ...own,
      listeners: ok([listener(), second]),
      registrations: ok([...(known(own.registrations) ?? []), ...(known(other.registrations) ?? [])]),
      health: ok([...(known(own.health) ?? []), ...(known(other.health) ?? [])]),
      instances: { ...own.instances, ...other.instances },
    }
  }
  const of = (snapshot: Snapshot, fired: Partial<Alarm> | null = null): Diagnosis =>
    diagnosisOfSnapshot(snapshot, 'en', context(fired))
  const named = { listener: { port: 8443, protocol: 'tcp' } }
  const others = { listener: { port: 443, protocol: 'TCP' } }

  it.each<[string, Snapshot]>([
    ['a stopped listener', withSecond({ stopped: true })],
    ['a pool of weight 0', withSecond({}, 0)],
  ])('is watch for %s beside a serving one, and act-now if the alarm names it', (_, snapshot) => {
    expect(of(snapshot).attention).toBe('watch')
    expect(of(snapshot, {}).attention).toBe('watch')
    expect(of(snapshot, others).attention).toBe('watch')
    expect(of(snapshot, named).attention).toBe('act-now')
    expect(of(snapshot, { backend: { ip: '10.0.1.40', port: null } }).attention).toBe('act-now')
    expect(of(snapshot, { ...named, state: 'resolved' }).attention).toBe('watch')
  })

  it('is act-now if every pool is stopped or has weight 0', () => {
    const both = withSecond({ stopped: true })
    const rest = (known(both.registrations) ?? []).map((one) => ({ ...one, weight: 0 }))
    expect(of({ ...both, registrations: ok(rest) }).attention).toBe('act-now')
  })
})

describe('attention beside expected findings', () => {
  const blocked = (...open: readonly Machine[]): World => ({
    machines: [{ host: 16, status: 'Dead', groups: ['sg-closed'] }, ...open],
    groups: [group('sg-closed', [allow('10.0.0.0/8')])],
  })

  it('gives none if an expected cause explains every Dead backend; the verdict follows health', () => {
    const world = blocked({ host: 18, status: 'Alive' })
    expect(diagnose(world, null, [accept({})])).toMatchObject({ verdict: 'degraded', attention: 'none' })
    expect(diagnose(world, {}, [accept({})]).attention).toBe('none')
    expect(diagnose(blocked(), null, [accept({})])).toMatchObject({ verdict: 'down', attention: 'none' })
  })

  it('counts the Dead backends that it does not explain', () => {
    const world = blocked({ host: 17, status: 'Dead' }, { host: 18, status: 'Alive' })
    expect(attention(world, null, [accept({})])).toBe('act-soon')
    expect(attention(blocked({ host: 17, status: 'Dead' }), null, [accept({})])).toBe('act-now')
  })

  it('counts a backend that another cause blocks, too', () => {
    const world = blocked({ host: 18, status: 'Alive' })
    const stopped = world.machines.map((machine) =>
      machine.host === 16 ? { ...machine, instance: { state: 'STOPPED' } } : machine,
    )
    expect(attention({ ...world, machines: stopped }, null, [accept({})])).toBe('act-soon')
  })

  it('counts backends that an expected finding explains only possibly', () => {
    const world: World = {
      listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
      machines: [{ host: 16, status: 'Dead', groups: ['sg-closed'] }],
      groups: [group('sg-closed', [allow('10.0.0.0/8')])],
    }
    const diagnosis = diagnose(world, null, [accept({})])
    expect(findingOf(diagnosis, 'security-group/probe-blocked')).toMatchObject({
      role: 'note',
      certainty: 'possible',
    })
    expect(diagnosis.attention).toBe('act-now')
  })

  it('gives none for expected weights of 0', () => {
    const idle = accept({ code: 'pool-membership/all-weights-zero', resource: 'lbl-aaaaaaaa' })
    expect(attention({ machines: weightless('Alive') }, null, [idle])).toBe('none')
  })

  it('is never none if the health is inconclusive', () => {
    const world = { ...blocked(), replace: { health: denied('clb:DescribeTargetHealth') } }
    expect(attention(world, null, [accept({})])).toBe('watch')
  })
})
