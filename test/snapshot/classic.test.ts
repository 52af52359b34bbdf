import { describe, expect, it } from 'vitest'
import type { ClbReference } from '../../src/model/alarm.ts'
import { type Shop, shop } from '../../src/simulator/base.ts'
import { findScenario } from '../../src/simulator/index.ts'
import type { World } from '../../src/simulator/world.ts'
import { worldOf } from '../simulator/support.ts'
import { findingOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import {
  denied,
  diagnosisOf,
  diagnosisOfSnapshot,
  findingsOf,
  group,
  healthCheck,
  snapshotOf,
} from '../support/snapshots.ts'

const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const
const CALLS = [
  'clb:DescribeClassicalLBListeners',
  'clb:DescribeClassicalLBTargets',
  'clb:DescribeClassicalLBHealthStatus',
] as const
const APPLICATION = ['clb:DescribeListeners', 'clb:DescribeTargets', 'clb:DescribeTargetHealth'] as const

const stopped = (): World => worldOf(findScenario('classic-public-stopped'))
const hostsOf = (keys: readonly string[]): string => keys.map((key) => key.split('.').at(-1)).join()

/** The shop as a classic private CLB, changed by `change`. */
function classic(change: (made: Shop) => void): World {
  const made = shop()
  Object.assign(made.front, {
    classic: true,
    type: 'INTERNAL',
    vip: '10.0.0.30',
    subnetId: 'subnet-clb00001',
  })
  made.listener.protocol = 'TCP'
  Object.assign(made.pool, { domain: null, url: null })
  Object.assign(made.pool.check, { type: 'TCP', source: null, method: null, host: null, path: null })
  change(made)
  return made.world
}

describe('a classic CLB', () => {
  it('named by its id takes one more wave, and the refused calls leave no gap', async () => {
    const { diagnosis, calls } = await diagnoseSimulated(stopped())
    expect(APPLICATION.map((action) => calls.count(action))).toEqual([1, 1, 1])
    expect(CALLS.map((action) => calls.count(action))).toEqual([1, 1, 1])
    expect(calls.log().flatMap(({ code }) => code ?? [])).toEqual(Array(3).fill('UnsupportedOperation'))
    expect([diagnosis.stats.waves, diagnosis.gaps]).toEqual([4, []])
    expect(diagnosis.loadBalancer?.generation).toBe('classic')
  })

  it('named by its VIP is read only with the classic calls', async () => {
    const clb: ClbReference = { loadBalancerId: null, vip: '203.0.113.26', vpcId: null, numericVpcId: null }
    const { diagnosis, calls } = await diagnoseSimulated(stopped(), {}, clb)
    expect(APPLICATION.map((action) => calls.count(action))).toEqual([0, 0, 0])
    expect([diagnosis.stats.waves, diagnosis.gaps]).toEqual([4, []])
    expect(findingsOf(diagnosis)).toContain('instance-state/not-running cause certain → 18')
  })

  it('has one pool per listener, also for HTTP, and its backends have the backend port of the listener', async () => {
    const { diagnosis } = await diagnoseSimulated(stopped())
    expect(diagnosis.pools).toMatchObject([
      { listenerId: 'lbl-shop0443', locationId: null, protocol: 'HTTP', healthCheck: { type: 'HTTP' } },
    ])
    expect(diagnosis.pools[0]?.targets.map(({ type, port }) => [type, port])).toEqual(
      Array(5).fill(['CVM', 8080]),
    )
  })

  it('is recognized by the refused calls if its attributes are denied', async () => {
    const { diagnosis } = await diagnoseSimulated(stopped(), { 'clb:DescribeLoadBalancers': DENIED })
    expect(diagnosis.gaps.flatMap(({ grant }) => grant ?? [])).toEqual(['clb:DescribeLoadBalancers'])
    expect(findingsOf(diagnosis)).toContain('instance-state/not-running cause certain → 18')
  })

  it('has only backends in Close if its health check is off', async () => {
    const { diagnosis } = await diagnoseSimulated(
      classic(({ pool }) => Object.assign(pool.check, { on: false })),
    )
    expect(diagnosis.pools[0]?.counts).toMatchObject({ total: 5, off: 5, alive: 0 })
    expect(diagnosis.verdict).toBe('inconclusive')
    expect(findingsOf(diagnosis)).toContain('pool-membership/check-disabled risk certain')
  })

  it.each(CALLS)('is inconclusive if %s is denied, and the gap names the grant', async (action) => {
    const healthy = await diagnoseSimulated(classic(() => {}))
    expect(healthy.diagnosis.verdict).toBe('healthy')
    const { diagnosis } = await diagnoseSimulated(
      classic(() => {}),
      { [action]: DENIED },
    )
    expect(diagnosis.verdict).toBe('inconclusive')
    expect(diagnosis.gaps).toContainEqual(expect.objectContaining({ action, grant: action }))
    expect(diagnosis.findings.filter(({ role }) => role === 'cause')).toEqual([])
  })

  it('still has its Dead backend and its listener if only its health can be read', async () => {
    const faults = { [CALLS[0]]: DENIED, [CALLS[1]]: DENIED }
    const { diagnosis } = await diagnoseSimulated(stopped(), faults)
    const dead = diagnosis.pools.flatMap(({ targets }) => targets.filter(({ status }) => status === 'Dead'))
    expect([diagnosis.verdict, hostsOf(dead.map(({ ip }) => ip))]).toEqual(['degraded', '18'])
    expect(diagnosis.pools.map(({ protocol, port }) => `${protocol}:${port}`)).toEqual(['HTTP:443'])
  })

  it('is inconclusive if nothing can be read', async () => {
    const faults = Object.fromEntries(CALLS.map((action) => [action, DENIED]))
    const { diagnosis } = await diagnoseSimulated(stopped(), faults)
    expect([diagnosis.verdict, diagnosis.findings]).toEqual(['inconclusive', []])
    expect(diagnosis.gaps.map(({ grant }) => grant)).toEqual(expect.arrayContaining([...CALLS]))
  })
})

describe('an application CLB', () => {
  it('is not read as a classic CLB if only one of its calls is refused', async () => {
    const faults = {
      'clb:DescribeLoadBalancers': DENIED,
      'clb:DescribeTargets': { kind: 'error', code: 'UnsupportedOperation' },
    } as const
    const { calls, diagnosis } = await diagnoseSimulated(shop().world, faults)
    expect(CALLS.map((action) => calls.count(action))).toEqual([0, 0, 0])
    expect(diagnosis.pools).toHaveLength(1)
  })

  it('has the first refusals as its gaps if the classic calls are refused too', async () => {
    const refusal = { kind: 'error', code: 'UnsupportedOperation' } as const
    const faults = Object.fromEntries(APPLICATION.map((action) => [action, refusal]))
    const { diagnosis } = await diagnoseSimulated(shop().world, {
      ...faults,
      'clb:DescribeLoadBalancers': DENIED,
    })
    expect(diagnosis.gaps.map(({ action }) => action)).toEqual(expect.arrayContaining([...APPLICATION]))
    expect(diagnosis.gaps.map(({ action }) => action)).not.toContain(CALLS[0])
  })
})

describe('the probes of a classic private CLB', () => {
  const web = { generation: 'classic', networkType: 'INTERNAL', vips: ['10.0.0.30'] } as const
  const listener = { classic: true, healthCheck: healthCheck({ sourceIpType: null }) }
  const world = (createdAt: string | null, vpcId: string | null = 'vpc-1ywqac83') => ({
    balancer: { ...web, createdAt, vpcId },
    listener,
    machines: [{ host: 16, status: 'Dead', groups: ['sg-a'] }],
    groups: [group('sg-a', [])],
  })

  it.each(['2016-12-05 00:00:00', '2025-03-12 10:00:00', '2016-12-04 23:59:59', null])(
    'pass by default, so that a group that denies them is only a possible cause (created %s)',
    (createdAt) => {
      const diagnosis = diagnosisOf(world(createdAt))
      expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked cause possible → 16')
      expect(findingOf(diagnosis, 'security-group/probe-blocked').detail).toContain('classic private CLBs')
      expect(diagnosis.gaps.some(({ byHand }) => byHand !== undefined)).toBe(true)
    },
  )

  it('are reported as blocked only in a note if a backend behind the same group is healthy', () => {
    const given = world('2025-03-12 10:00:00')
    const alive = { host: 17, status: 'Alive', groups: ['sg-a'] }
    const found = findingsOf(diagnosisOf({ ...given, machines: [...given.machines, alive] }))
    expect(found).toContain('security-group/probe-blocked note possible')
  })

  it('may come from the VIP if the CLB is old, so that a group that allows only 169.254.0.0/16 is unknown', () => {
    const rules = [{ protocol: 'TCP', port: '8080', cidr: '169.254.0.0/16', action: 'ACCEPT' }]
    const hopOf = (createdAt: string | null) =>
      diagnosisOf({ ...world(createdAt), groups: [group('sg-a', rules)] }).pools[0]?.targets[0]?.path.find(
        ({ stage }) => stage === 'security-group',
      )?.verdict
    expect([hopOf('2025-03-12 10:00:00'), hopOf('2015-03-12 10:00:00'), hopOf(null)]).toEqual([
      'pass',
      'unknown',
      'unknown',
    ])
  })

  it('come from unknown addresses in the basic network: a group that denies all is possible', () => {
    const diagnosis = diagnosisOf(world('2015-03-12 10:00:00', null))
    expect(findingsOf(diagnosis)[0]).toMatch(/^security-group\/probe-blocked cause possible/)
    expect(diagnosis.pools[0]?.probe).toEqual({ via: 'unknown', sources: [] })
  })

  it('come from unknown addresses if the CLB could not be read, so that no group is a cause', () => {
    const snapshot = snapshotOf(world('2025-03-12 10:00:00'))
    const unread = diagnosisOfSnapshot({ ...snapshot, loadBalancer: denied('clb:DescribeLoadBalancers') })
    expect(unread.findings.filter(({ role }) => role === 'cause')).toEqual([])
  })
})
