import { describe, expect, it } from 'vitest'
import { backend, shop } from '../../src/simulator/base.ts'
import { joinShanghai, SHANGHAI } from '../../src/simulator/data-centre.ts'
import type { World } from '../../src/simulator/world.ts'
import { findingOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { denied, diagnosisOfSnapshot, snapshotOf } from '../support/snapshots.ts'

// A machine that the API does not return is gone only if the right region and account were asked for it.

const refused = (action: string) => ({ [action]: { kind: 'error', code: 'UnauthorizedOperation' } }) as const

async function instanceStateFindings(world: World, action?: string): Promise<readonly string[]> {
  const { diagnosis } = await diagnoseSimulated(world, action ? refused(action) : {})
  return diagnosis.findings
    .filter(({ code }) => code.startsWith('instance-state/'))
    .map(({ code, certainty }) => `${code} ${certainty}`)
}

/** A machine in Shanghai that does not listen. The CLB in Guangzhou has it by cross-region binding 1.0. */
function boundByVersion1(): World {
  const { world, front, pool } = shop()
  const far = joinShanghai(world, [11])
  for (const group of far.groups)
    group.rules = [{ protocol: 'ALL', port: 'ALL', source: '0.0.0.0/0', action: 'ACCEPT' }]
  front.targetRegion = { region: SHANGHAI, vpcId: 'vpc-shanghai' }
  pool.backends = far.machines.map((own) => backend(own, 8080))
  for (const { guest } of far.machines) guest.listens = []
  return world
}

/** The same machine, bound over CCN. The health answer names it. */
function boundOverCcn(): World {
  const { world, front, pool } = shop()
  Object.assign(front, { snatPro: true, snatIps: ['10.0.0.201'] })
  const far = joinShanghai(world, [11])
  pool.backends = far.machines.map(({ ip, id }) => ({
    type: 'CCN',
    machineId: id,
    ip,
    port: 8080,
    weight: 10,
  }))
  for (const { guest } of far.machines) guest.listens = []
  return world
}

describe('a machine of another region is not reported as gone', () => {
  it.each<[string, () => World, string]>([
    ['the region is not known', boundByVersion1, 'clb:DescribeLoadBalancers'],
    ['the kind of backend is not known', boundOverCcn, 'clb:DescribeTargets'],
    ['CLB does not say which machine it is', boundOverCcn, 'clb:DescribeCrossTargets'],
  ])('if %s', async (_, world, action) => {
    expect(await instanceStateFindings(world())).toEqual([])
    expect(await instanceStateFindings(world(), action)).toEqual([])
  })
})

describe('a machine that the API does not return', () => {
  const withCrossTarget = (cross: object | null) => {
    const base = snapshotOf({
      balancer: { snatPro: true, snatIps: [{ ip: '10.0.0.9', subnetId: 'subnet-snat' }] },
      machines: [
        {
          host: 16,
          status: 'Dead',
          instance: null,
          registration: { type: 'CCN', ip: '10.8.1.16' },
        },
      ],
    })
    const found = cross === null ? denied('clb:DescribeCrossTargets') : { state: 'ok' as const, value: cross }
    return diagnosisOfSnapshot({ ...base, crossTargets: { '10.8.1.16': found } } as typeof base)
  }

  it('is not reported as gone if CLB lists it, because it may belong to another account', () => {
    const { findings } = withCrossTarget({
      ip: '10.8.1.16',
      region: 'ap-shanghai',
      vpcId: 'vpc-other',
      eniId: 'eni-other',
      instanceId: 'ins-other',
    })
    expect(findings.filter(({ code }) => code === 'instance-state/not-found')).toEqual([])
  })

  it('is reported as gone if it is registered in the CLB’s own region', () => {
    const { findings } = diagnosisOfSnapshot(
      snapshotOf({ machines: [{ host: 16, status: 'Dead', instance: null }] }),
    )
    expect(findingOf({ findings }, 'instance-state/not-found')).toMatchObject({
      code: 'instance-state/not-found',
      certainty: 'certain',
    })
  })
})

it('an EVM address without an interface is not reported as a cause', () => {
  const snapshot = snapshotOf({
    machines: [{ host: 16, status: 'Dead', registration: { type: 'EVM', instanceId: null } }],
    replace: {
      instances: {},
      interfaces: { '10.0.1.16': { state: 'ok', value: null } },
      addressOwners: { '10.0.1.16': { state: 'ok', value: null } },
    },
  })
  expect(diagnosisOfSnapshot(snapshot).findings.filter(({ role }) => role === 'cause')).toEqual([])
})

it('SNAT IPs whose addresses the API does not give are not reported as missing', () => {
  const snapshot = snapshotOf({
    balancer: { snatPro: true, snatIps: [{ ip: null, subnetId: 'subnet-snat' }] },
    machines: [{ host: 16, status: 'Dead', registration: { type: 'CCN', instanceId: null } }],
    replace: { instances: {} },
  })
  const { findings, checks } = diagnosisOfSnapshot(snapshot)
  expect(findings.filter(({ code }) => code.startsWith('snat/'))).toEqual([])
  expect(checks.find(({ check }) => check === 'snat')?.outcome).toBe('unknown')
})
