import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { guest, machine, type Shop, shop, VPC } from '../../src/simulator/base.ts'
import type { Calls } from '../../src/simulator/calls.ts'
import { joinDataCentre, joinShanghai } from '../../src/simulator/data-centre.ts'
import type { Backend, World } from '../../src/simulator/world.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { findingsOf } from '../support/snapshots.ts'

// Only a registration shows that a backend is behind CCN. A member of a target group has no registration when it is first
// read. Other backends have no registration if the read of registrations is denied.

const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const
const backend = (type: string, ip: string, machineId: string | null = null): Backend => ({
  type,
  machineId,
  ip,
  port: 8080,
  weight: 10,
})
const codesOf = ({ gaps }: Diagnosis) => gaps.flatMap(({ errorCode }) => errorCode ?? [])
const owners = (calls: Calls) => calls.log().filter(({ action }) => action === 'vpc:DescribeUsedIpAddress')

/** Binds the members through a target group. The health answer does not contain their type. */
function ofGroup(made: Shop, members: readonly Backend[]): World {
  const { world, front, pool } = made
  front.snatPro = true
  front.snatIps = ['10.0.0.201']
  pool.backends = []
  pool.targetGroupId = 'lbtg-far00001'
  world.targetGroups = [
    { id: 'lbtg-far00001', name: 'far', vpcId: VPC, type: 'v1', check: null, members: [...members] },
  ]
  return world
}

function shanghai({ named = false, rules = '10.0.0.0/16' } = {}) {
  const made = shop()
  const far = joinShanghai(made.world, [11, 12])
  for (const { rules: own } of far.groups) for (const rule of own) rule.source = rules
  const members = far.machines.map(({ ip, id }) => backend('CCN', ip, named ? id : null))
  return { far, world: ofGroup(made, members) }
}

describe('members of a target group that are behind CCN', () => {
  it.each([true, false])(
    'have the security groups of their machines (with instance id: %s)',
    async (named) => {
      const { world } = shanghai({ named, rules: '10.8.0.0/16' })
      const { diagnosis } = await diagnoseSimulated(world)
      expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked cause likely → 11,12')
      expect(diagnosis.gaps).toEqual([])
    },
  )

  it.each([true, false])(
    'are not reported as a data centre if they are machines (with instance id: %s)',
    async (named) => {
      const { world, far } = shanghai({ named })
      for (const own of far.machines.slice(0, 1)) own.guest.listens = []
      const { diagnosis } = await diagnoseSimulated(world)
      expect(findingsOf(diagnosis)).toEqual([])
      expect(diagnosis.verdict).toBe('degraded')
      expect(JSON.stringify(diagnosis.checks)).toContain('"check":"snat","outcome":"pass"')
    },
  )

  it('have a certain cause if their machine is stopped', async () => {
    const { world, far } = shanghai()
    for (const own of far.machines.slice(0, 1)) own.state = 'STOPPED'
    expect(findingsOf((await diagnoseSimulated(world)).diagnosis)).toEqual([
      'instance-state/not-running cause certain → 11',
    ])
  })

  it('are reported as a data centre if the API has no entry for them', async () => {
    const made = shop()
    joinDataCentre(made.world, '172.20.0.0/16')
    const hosts = ['172.20.5.11', '172.20.5.12']
    made.world.remotes = hosts.map((ip) => ({ ip, guest: { ...guest(8080), listens: [] } }))
    const world = ofGroup(
      made,
      hosts.map((ip) => backend('CCN', ip)),
    )
    expect(findingsOf((await diagnoseSimulated(world)).diagnosis)).toContain(
      'snat/confirm-idc-firewall cause possible → 11,12',
    )
  })

  it('have an unknown location if the CLB has no SNAT IPs, so that the missing SNAT IPs are a possible cause', async () => {
    const { world } = shanghai()
    for (const one of world.balancers) Object.assign(one, { snatPro: false, snatIps: [] })
    const { diagnosis } = await diagnoseSimulated(world)
    expect(findingsOf(diagnosis)).toContain('snat/no-snat-ip cause possible → 11,12')
  })

  it.each([
    'clb:DescribeTargetGroupInstances',
    'clb:DescribeCrossTargets',
    'clb:DescribeLoadBalancers',
    'vpc:DescribeVpcs',
  ])('are not reported as a data centre if %s is denied', async (action) => {
    const { world, far } = shanghai()
    for (const own of far.machines) own.guest.listens = []
    const { diagnosis } = await diagnoseSimulated(world, { [action]: DENIED })
    expect(findingsOf(diagnosis).filter((one) => !one.includes('fallback-active'))).toEqual([])
    expect(codesOf(diagnosis)).toContain(DENIED.code)
  })
})

it('a CLB with SNAT IPs needs no owner for the addresses of machines in its own VPC', async () => {
  const made = shop()
  const own = [16, 17].map((host) => machine(host))
  const world = ofGroup(
    made,
    own.map(({ id, ip }) => backend('CVM', ip, id)),
  )
  const { diagnosis, calls } = await diagnoseSimulated(world)
  expect([diagnosis.verdict, owners(calls)]).toEqual(['healthy', []])
})

it('a CLB with SNAT IPs needs no owner for addresses outside the VPC if the registrations are denied', async () => {
  const { world, front, pool } = shop()
  joinDataCentre(world, '172.20.0.0/16')
  front.snatPro = true
  front.snatIps = ['10.0.0.201']
  const far = Array.from({ length: 100 }, (_, i) => `172.20.5.${i + 1}`)
  world.remotes = far.map((ip) => ({ ip, guest: guest(8080) }))
  pool.backends = far.map((ip) => backend('CCN', ip))
  const { diagnosis, calls } = await diagnoseSimulated(world, { 'clb:DescribeTargets': DENIED })
  expect([owners(calls), codesOf(diagnosis)]).toEqual([[], [DENIED.code]])
})
