import { describe, expect, it } from 'vitest'
import { ok } from '../../src/model/fact.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { ccnRoundTripsTo } from '../../src/path/ccn-round-trip.ts'
import { poolsOf } from '../../src/path/pools.ts'
import { planProbe } from '../../src/path/probe.ts'
import { listener, loadBalancer, snapshotOf, unavailable } from '../support/snapshots.ts'

// These tests count reads instead of measuring time. The reads per target must not grow with the pool.

interface Counted {
  readonly snapshot: Snapshot
  /** The number of fields of health records and registrations that were read. */
  looks(): number
}

/** `count` targets of one listener, or of `pools` rules if `pools` is more than 1. */
function counted(count: number, pools = 1): Counted {
  let looks = 0
  const watched = <T extends object>(record: T): T =>
    new Proxy(record, {
      get(target, name, receiver) {
        looks++
        return Reflect.get(target, name, receiver)
      },
    })
  const base = snapshotOf({ machines: [] })
  const rules = Array.from({ length: pools }, (_, n) => ({
    locationId: `loc-${n}`,
    domain: 'shop.example.com',
    url: `/${n}`,
    healthCheck: listener().healthCheck,
    forwardType: 'HTTP',
    targetType: 'NODE',
    targetGroupIds: [],
    redirectsTo: null,
  }))
  const one = pools === 1 ? listener() : listener({ protocol: 'HTTPS', rules })
  const place = (n: number) => ({
    listenerId: one.id,
    locationId: pools === 1 ? null : `loc-${n % pools}`,
    ip: `10.0.${n >> 8}.${n & 255}`,
    port: 8080,
    targetGroupId: null,
    weight: 10,
  })
  const all = Array.from({ length: count }, (_, n) => n)
  return {
    snapshot: {
      ...base,
      listeners: ok([one]),
      registrations: ok(
        all.map((n) =>
          watched({ ...place(n), type: 'CVM', instanceId: `ins-${n}`, eniId: null, name: null }),
        ),
      ),
      // Reversed, so that no record has the index of its target.
      health: ok(
        all.toReversed().map((n) =>
          watched({
            ...place(n),
            protocol: one.protocol,
            listenerPort: one.port,
            targetId: `ins-${n}`,
            detail: 'Dead',
          }),
        ),
      ),
    },
    looks: () => looks,
  }
}

describe('a pool ten times as large', () => {
  it('needs at most about ten times as many reads of its targets', () => {
    const [small, large] = [counted(100), counted(1000)]
    for (const { snapshot } of [small, large]) expect(poolsOf(snapshot)).toHaveLength(1)
    expect(large.looks()).toBeLessThan(11 * small.looks())
  })
})

describe('the pools of many listeners', () => {
  it('read only their own targets', () => {
    const { snapshot, looks } = counted(1000)
    const others = Array.from({ length: 49 }, (_, n) => listener({ id: `lbl-other${n}`, port: 1000 + n }))
    const single = counted(1000)
    poolsOf(single.snapshot)
    expect(poolsOf({ ...snapshot, listeners: ok([listener(), ...others]) })).toHaveLength(50)
    expect(looks()).toBe(single.looks())
  })
})

describe('the pools of many rules', () => {
  it('read only their own targets', () => {
    const [few, many] = [counted(1000, 10), counted(1000, 100)]
    expect(poolsOf(few.snapshot)).toHaveLength(10)
    expect(poolsOf(many.snapshot)).toHaveLength(100)
    expect(many.looks()).toBeLessThan(1.1 * few.looks())
  })

  it('are found in the health answer if the listeners were not read', () => {
    const [few, many] = [counted(1000, 10), counted(1000, 100)].map(({ snapshot, looks }) => ({
      pools: poolsOf({ ...snapshot, listeners: unavailable('clb:DescribeListeners') }),
      looks: looks(),
    }))
    expect([few?.pools.length, many?.pools.length]).toEqual([10, 100])
    expect(many?.looks).toBeLessThan(1.1 * (few?.looks ?? 0))
  })
})

describe('the routes of a table', () => {
  /** The number of route ranges that were read for `count` targets behind a CCN. */
  function looksFor(count: number): number {
    let looks = 0
    const route = (n: number) => ({
      id: `rti-${n}`,
      get cidr() {
        looks++
        return `172.16.${n}.0/24`
      },
      ipv6Cidr: null,
      gatewayType: 'CCN',
      gatewayId: 'ccn-shop0001',
      enabled: true,
    })
    const [vpcId, region] = ['vpc-1ywqac83', 'ap-guangzhou']
    const table = { id: 'rtb-1', region, vpcId, routes: Array.from({ length: 100 }, (_, n) => route(n)) }
    const snapshot: Snapshot = {
      ...snapshotOf({ machines: [], subnet: { routeTableId: 'rtb-1' } }),
      vpcs: { [vpcId]: ok({ id: vpcId, cidrs: ['10.0.0.0/16'] }) },
      ccnAttachments: { [vpcId]: ok([]) },
      routeTables: { [vpcId]: ok([table]) },
    }
    const balancer = loadBalancer({ snatIps: [{ ip: '10.0.2.2', subnetId: 'subnet-web' }] })
    const [member] = poolsOf(counted(1).snapshot).flatMap(({ members }) => members)
    if (!member) throw new Error('no member')
    for (let n = 0; n < count; n++) {
      const trips = ccnRoundTripsTo(snapshot, balancer, { ...member, type: 'CCN', ip: `172.16.${n}.7` })
      expect(trips).toHaveLength(1)
    }
    return looks
  }

  it('are read once for all targets', () => {
    expect(looksFor(50)).toBe(looksFor(2))
  })
})

describe('the source of the probes', () => {
  it('is one set for all targets, so that it is evaluated only once', () => {
    const balancer = loadBalancer()
    const plans = poolsOf(counted(2).snapshot).flatMap((pool) =>
      pool.members.map((member) => planProbe(pool, member, balancer)),
    )
    expect(plans).toMatchObject(Array(2).fill({ kind: 'probe', origins: [{ via: 'vip' }] }))
    const [one, other] = plans.map((plan) => plan.kind === 'probe' && plan.origins[0]?.sources)
    expect(other).toBe(one)
  })
})
