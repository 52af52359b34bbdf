import { describe, expect, it } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import { worldOf } from '../simulator/support.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

// A fact that is missing is named together with the call that would have told, even where another call told a part.

const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const
const scenario = (name: string) => worldOf(findScenario(name))

describe('the owner of an address', () => {
  it('whose product alone is known leaves its groups open, and the gap names the call', async () => {
    const { diagnosis } = await diagnoseSimulated(scenario('redis-group'), {
      'vpc:DescribeUsedIpAddress': DENIED,
    })
    expect(diagnosis.findings.filter(({ role }) => role === 'cause')).toEqual([])
    expect(diagnosis.gaps.find(({ action }) => action === 'vpc:DescribeUsedIpAddress')).toMatchObject({
      errorCode: DENIED.code,
      grant: 'vpc:DescribeUsedIpAddress',
    })
    expect(JSON.stringify(diagnosis.pools)).toContain('vpc:DescribeUsedIpAddress')
  })
})

describe('network ACLs that could not be listed', () => {
  it('are missed if the subnets are not known either: both calls are named', async () => {
    const { diagnosis } = await diagnoseSimulated(scenario('healthy'), {
      'vpc:DescribeSubnets': DENIED,
      'vpc:DescribeNetworkAcls': DENIED,
    })
    const actions = diagnosis.gaps.map(({ action }) => action)
    expect(actions).toEqual(expect.arrayContaining(['vpc:DescribeSubnets', 'vpc:DescribeNetworkAcls']))
  })

  it('are not missed if no subnet has one', async () => {
    const world = scenario('healthy')
    for (const subnet of world.subnets) subnet.aclId = null
    const { diagnosis } = await diagnoseSimulated(world, { 'vpc:DescribeNetworkAcls': DENIED })
    expect(diagnosis.gaps).toEqual([])
  })
})
