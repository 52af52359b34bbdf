import { describe, expect, it } from 'vitest'
import { ok } from '../../src/model/fact.ts'
import type { Registration, Snapshot } from '../../src/model/snapshot.ts'
import { evaluatePaths } from '../../src/path/index.ts'
import { entry } from '../rules/builders.ts'
import {
  acl,
  allow,
  drop,
  group,
  healthCheck,
  listener,
  snapshotOf,
  type World,
} from '../support/snapshots.ts'

const VIP = '203.0.113.26'
const SIX = '2402:4e00::17'

const targetsOf = (snapshot: Snapshot) => evaluatePaths(snapshot).pools.flatMap(({ targets }) => targets)

/** Machines 16 and 17 are both Dead behind one group. `other` makes 17 differ. */
const two = (other: Partial<World['machines'][number]> = {}, world: Partial<World> = {}) =>
  targetsOf(
    snapshotOf({
      machines: [
        { host: 16, status: 'Dead', groups: ['sg-web'] },
        { host: 17, status: 'Dead', groups: ['sg-web'], ...other },
      ],
      groups: [group('sg-web', [allow(VIP)])],
      ...world,
    }),
  )

const shares = (targets: ReturnType<typeof targetsOf>): boolean => {
  const [one, another, ...others] = targets
  expect(others).toEqual([])
  return one !== undefined && one.path === another?.path
}

const registered = (fields: Partial<Registration>) => ({ registration: fields })

describe('the path', () => {
  it('is one object for targets with the same subnet, groups, probe and kind', () => {
    expect(shares(two())).toBe(true)
  })

  it('is one object for targets of several listeners with the same probe', () => {
    const { registrations, health, ...snapshot } = snapshotOf({
      machines: [{ host: 16, status: 'Dead' }],
      groups: [],
    })
    if (registrations.state !== 'ok' || health.state !== 'ok') throw new Error('unread')
    const both = [listener(), listener({ id: 'lbl-bbbbbbbb', port: 8443 })]
    const onBoth = <T extends { readonly listenerId: string }>(records: readonly T[]): readonly T[] =>
      both.flatMap(({ id: listenerId }) => records.map((record) => ({ ...record, listenerId })))
    const targets = targetsOf({
      ...snapshot,
      listeners: ok(both),
      registrations: ok(onBoth(registrations.value)),
      health: ok(onBoth(health.value)),
    })
    expect(shares(targets)).toBe(true)
  })

  it.each<[string, Partial<World['machines'][number]>, Partial<World>]>([
    ['status', { status: 'Alive' }, {}],
    ['groups', { groups: ['sg-open'] }, {}],
    ['order of groups', { groups: ['sg-open', 'sg-web'] }, {}],
    ['port', registered({ port: 8081 }), {}],
    ['kind of target', registered({ type: 'ENI' }), {}],
    ['family of address', registered({ ip: SIX }), {}],
    ['subnet', { instance: { subnetId: 'subnet-db' } }, {}],
  ])('is another object for another %s', (_, other, world) => {
    expect(shares(two(other, world))).toBe(false)
  })

  it('is a separate object for each target group with its own health check', () => {
    const checked = (sourceIpType: number) => ({
      id: `lbtg-${sourceIpType}`,
      name: '',
      vpcId: null,
      type: 'v2',
      healthCheck: healthCheck({ sourceIpType }),
    })
    const snapshot = snapshotOf({
      machines: [
        { host: 16, status: 'Dead', ...registered({ targetGroupId: 'lbtg-0' }) },
        { host: 17, status: 'Dead', ...registered({ targetGroupId: 'lbtg-1' }) },
      ],
      replace: {
        targetGroups: { 'lbtg-0': ok(checked(0)), 'lbtg-1': ok(checked(1)) },
      },
    })
    expect(shares(targetsOf(snapshot))).toBe(false)
  })

  it('is shared under a quintuple ACL only by targets that match the same entries', () => {
    const quintuple = (destinationCidr: string) =>
      acl({
        kind: 'quintuple',
        ingress: [
          entry({
            priority: 1,
            protocol: 'ALL',
            action: 'ACCEPT',
            sourceCidr: '0.0.0.0/0',
            destinationCidr,
          }),
        ],
      })
    const under = (destinationCidr: string) =>
      two({}, { acls: [quintuple(destinationCidr)], subnet: { networkAclId: 'acl-web' } })
    expect(shares(under('10.0.1.0/24'))).toBe(true)
    const [named, other] = under('10.0.1.16/32')
    expect(named?.path).not.toBe(other?.path)
    expect([named, other].map((target) => target?.path[0]?.verdict)).toEqual(['pass', 'block'])
  })
})

describe('the hops', () => {
  const verdicts = (world: Partial<World>) =>
    Object.fromEntries(
      (two({}, world)[0]?.path ?? []).map(({ stage, verdict, notes }) => [
        stage,
        [verdict, ...notes.map(({ code }) => code)].join(' '),
      ]),
    )
  const guest = {
    'guest-firewall': 'unknown guest-unseen',
    listener: 'unknown guest-unseen',
    application: 'unknown guest-unseen',
  }

  it('pass if the group lets the VIP in and the subnet has no ACL', () => {
    expect(verdicts({})).toEqual({
      'acl-in': 'pass no-acl',
      'security-group': 'pass',
      ...guest,
      'acl-out': 'pass no-acl',
    })
  })

  it('report each block at the hop where it happens', () => {
    const web = acl({ ingress: [entry({ priority: 1, protocol: 'ALL', cidr: VIP, action: 'ACCEPT' })] })
    expect(
      verdicts({
        groups: [group('sg-web', [drop(VIP), allow('0.0.0.0/0')])],
        acls: [web],
        subnet: { networkAclId: 'acl-web' },
      }),
    ).toEqual({
      'acl-in': 'pass',
      'security-group': 'block',
      ...guest,
      'acl-out': 'block',
    })
  })

  it('do not apply if the listener is stopped', () => {
    const stages = verdicts({ listener: { stopped: true } })
    expect(new Set(Object.values(stages))).toEqual(new Set(['not-applicable listener-stopped']))
  })

  it('are unknown if the group and the subnet were not read', () => {
    expect(verdicts({ groups: [], replace: { subnets: {} } })).toEqual({
      'acl-in': 'unknown not-found',
      'security-group': 'unknown owner-unknown',
      ...guest,
      'acl-out': 'unknown not-found',
    })
  })

  it('pass inside the machine if the backend answers probes', () => {
    const [, alive] = two({ status: 'Alive' })
    expect(alive?.path.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual([
      'acl-in pass',
      'security-group pass',
      'guest-firewall pass',
      'listener pass',
      'application pass',
      'acl-out pass',
    ])
  })
})
