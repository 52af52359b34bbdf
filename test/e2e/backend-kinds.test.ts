import { describe, expect, it } from 'vitest'
import { type Shop, shop, subnet } from '../../src/simulator/base.ts'
import { findingOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { findingsOf } from '../support/snapshots.ts'

const FAR = 'ap-shanghai'
const FAR_VPC = 'vpc-shanghai'

/** Cross-region binding 1.0: the CLB is in Guangzhou, and all its machines are in one VPC in Shanghai. */
function boundAcross(): Shop {
  const made = shop()
  const { world, front, machines } = made
  front.targetRegion = { region: FAR, vpcId: FAR_VPC }
  for (const own of machines) Object.assign(own, { vpcId: FAR_VPC, subnetId: 'subnet-far00001' })
  world.others[FAR] = {
    vpcs: [{ id: FAR_VPC, numericId: 90_001, cidr: '10.0.0.0/16' }],
    subnets: [subnet({ id: 'subnet-far00001', vpcId: FAR_VPC, cidr: '10.0.1.0/24' })],
    acls: [],
    groups: structuredClone(world.groups),
    machines,
    interfaces: [],
    routeTables: [],
  }
  world.machines = world.machines.filter((own) => !machines.includes(own))
  return made
}

describe('backends of another region that are bound with cross-region binding 1.0', () => {
  it('are read in their own region and are healthy', async () => {
    const { diagnosis } = await diagnoseSimulated(boundAcross().world)
    expect([diagnosis.verdict, diagnosis.gaps]).toEqual(['healthy', []])
    for (const { subnetId } of diagnosis.pools.flatMap(({ targets }) => targets))
      expect(subnetId).toBe('subnet-far00001')
  })

  it('can be blocked by a security group of their region, and the fix changes that group', async () => {
    const made = boundAcross()
    made.world.others[FAR]?.groups.push({ id: 'sg-far00001', name: 'far', rules: [] })
    made.machine(17).groups = ['sg-far00001']
    const { diagnosis } = await diagnoseSimulated(made.world)
    expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked cause certain → 17')
    const cause = findingOf(diagnosis, 'security-group/probe-blocked')
    expect(cause?.resources[0]).toMatchObject({ id: 'sg-far00001', region: FAR })
    expect(cause?.fix).toMatchObject({ verified: true })
    expect(cause?.fix?.commands?.[0]?.line).toContain(`--region ${FAR} `)
  })

  it('are reported with their own region if they are stopped', async () => {
    const made = boundAcross()
    made.machine(18).state = 'STOPPED'
    const { diagnosis } = await diagnoseSimulated(made.world)
    expect(findingsOf(diagnosis)).toContain('instance-state/not-running cause certain → 18')
    expect(findingOf(diagnosis, 'instance-state/not-running').resources[0]).toMatchObject({ region: FAR })
  })
})

describe('a backend of an unknown type', () => {
  it.each(['NAT', 'SRV', 'SOMETHING-NEW'])(
    '%s is listed: its filter hops are unknown, a gap names the type, and there is no cause',
    async (type) => {
      const { world, pool } = shop()
      pool.backends.push({ type, machineId: null, ip: '10.0.1.99', port: 8080, weight: 10 })
      const { diagnosis } = await diagnoseSimulated(world)
      const target = diagnosis.pools[0]?.targets.find(({ ip }) => ip === '10.0.1.99')
      expect(target).toMatchObject({ type, status: 'Dead' })
      const filters = target?.path.filter(({ stage }) =>
        ['acl-in', 'security-group', 'acl-out'].includes(stage),
      )
      for (const hop of filters ?? [])
        expect(hop).toMatchObject({ verdict: 'unknown', detail: expect.stringContaining(type) })
      expect(filters).toHaveLength(3)
      expect(diagnosis.gaps.map(({ what }) => what).join()).toContain(`10.0.1.99 (type ${type})`)
      expect(diagnosis.findings.filter(({ role }) => role === 'cause')).toEqual([])
      expect(diagnosis.verdict).toBe('degraded')
    },
  )
})
