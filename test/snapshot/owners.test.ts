import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { Calls } from '../../src/simulator/calls.ts'
import { findScenario } from '../../src/simulator/index.ts'
import type { Backend, World } from '../../src/simulator/world.ts'
import { worldOf } from '../simulator/support.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { findingsOf } from '../support/snapshots.ts'

// DescribeUsedIpAddress refuses a whole call if one address is not in the VPC.

const backend = (type: string, ip: string): Backend => ({
  type,
  machineId: null,
  ip,
  port: 6379,
  weight: 10,
})

/** A Redis of the VPC is bound by its address, and its group blocks the VIP. The other backends are outside the VPC. */
function besideRedis(...others: readonly Backend[]): World {
  const world = worldOf(findScenario('redis-group'))
  const pool = world.balancers[0]?.listeners[0]?.rules[0]
  if (!pool) throw new Error('no pool')
  pool.check.source = 0
  pool.backends = [backend('ENI', '10.0.1.71'), ...others]
  return world
}

const RANGE = 'InvalidParameterValue.Range'
const asked = (calls: Calls): readonly string[] =>
  calls
    .log()
    .filter(({ action }) => action === 'vpc:DescribeUsedIpAddress')
    .flatMap(({ body }) => JSON.parse(body).IpAddresses)
const codesOf = ({ gaps }: Diagnosis) => gaps.flatMap(({ errorCode }) => errorCode ?? [])

describe('an address outside the VPC', () => {
  it('does not hide the finding of another address', async () => {
    const { diagnosis } = await diagnoseSimulated(besideRedis(backend('ENI', '198.18.0.5')))
    expect(findingsOf(diagnosis)).toContain('managed-service/group-blocks-probe cause likely → 71')
    expect(codesOf(diagnosis)).toEqual([RANGE])
  })

  it.each(['SRV', 'NAT'])('is not read if its owner decides nothing: %s', async (type) => {
    const { diagnosis, calls } = await diagnoseSimulated(besideRedis(backend(type, '198.18.0.5')))
    expect(asked(calls)).toEqual(['10.0.1.71'])
    expect(findingsOf(diagnosis)).toContain('managed-service/group-blocks-probe cause likely → 71')
    expect(codesOf(diagnosis)).toEqual([])
  })

  it('is not read if the CIDRs of the VPC are known', async () => {
    const world = besideRedis(backend('ENI', '198.18.0.5'), backend('CCN', '10.0.1.72'))
    const { diagnosis, calls } = await diagnoseSimulated(world)
    expect([...asked(calls)].sort()).toEqual(['10.0.1.71', '10.0.1.72'])
    expect(codesOf(diagnosis)).toEqual([])
  })
})
