import { describe, expect, it } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import { worldOf } from '../simulator/support.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

// The gap of a missing fact names the action for that fact, even if another action has returned a part of it.

const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const
const scenario = (name: string) => worldOf(findScenario(name))

describe('the owner of an address', () => {
  it('is in a gap with its action if only its product is known, and its groups are no cause', async () => {
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
  it('are in a gap if the subnets are also unknown, and the gaps name both actions', async () => {
    const { diagnosis } = await diagnoseSimulated(scenario('healthy'), {
      'vpc:DescribeSubnets': DENIED,
      'vpc:DescribeNetworkAcls': DENIED,
    })
    const actions = diagnosis.gaps.map(({ action }) => action)
    expect(actions).toEqual(expect.arrayContaining(['vpc:DescribeSubnets', 'vpc:DescribeNetworkAcls']))
  })

  it('are in no gap if no subnet has an ACL', async () => {
    const world = scenario('healthy')
    for (const subnet of world.subnets) subnet.aclId = null
    const { diagnosis } = await diagnoseSimulated(world, { 'vpc:DescribeNetworkAcls': DENIED })
    expect(diagnosis.gaps).toEqual([])
  })
})
