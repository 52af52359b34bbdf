import { describe, expect, it } from 'vitest'
import { type Shop, shop, VPC } from '../../src/simulator/base.ts'
import { findingOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { findingsOf } from '../support/snapshots.ts'

// A backend is bound by the address of a second network interface. It is down if the machine of that interface is down.

function withSecondInterface(): Shop {
  const made = shop()
  made.world.interfaces.push({
    id: 'eni-second01',
    vpcId: VPC,
    subnetId: 'subnet-web00001',
    ips: ['10.0.1.60'],
    groups: ['sg-shopweb1'],
    machineId: 'ins-web00031',
  })
  made.pool.backends.push({ type: 'ENI', machineId: null, ip: '10.0.1.60', port: 8080, weight: 10 })
  const own = made.world.machines.find(({ id }) => id === 'ins-web00031')
  own?.guest.listens.push({ port: 8080, protocol: 'tcp' })
  return made
}

const machineOf = ({ world }: Shop) => {
  const own = world.machines.find(({ id }) => id === 'ins-web00031')
  if (!own) throw new Error('no machine')
  return own
}

describe('a backend bound by the address of a second network interface', () => {
  it('is Dead because the machine of the interface is stopped', async () => {
    const made = withSecondInterface()
    machineOf(made).state = 'STOPPED'
    const { diagnosis } = await diagnoseSimulated(made.world)
    expect(findingsOf(diagnosis)).toEqual(['instance-state/not-running cause certain → 60'])
    expect(findingOf(diagnosis, 'instance-state/not-running').resources).toMatchObject([
      { type: 'cvm', id: 'ins-web00031' },
    ])
  })

  it('is likely Dead because the machine of the interface has expired', async () => {
    const made = withSecondInterface()
    machineOf(made).restrictState = 'EXPIRED'
    const { diagnosis } = await diagnoseSimulated(made.world)
    expect(findingsOf(diagnosis)).toEqual(['instance-state/isolated cause likely → 60'])
  })

  it('needs no further request while it is healthy', async () => {
    const { diagnosis, calls } = await diagnoseSimulated(withSecondInterface().world)
    expect([diagnosis.verdict, findingsOf(diagnosis)]).toEqual(['healthy', []])
    expect(calls.count('cvm:DescribeInstances')).toBe(1)
  })

  it('has no cause if the machine could not be read, and the gap names the action', async () => {
    const made = withSecondInterface()
    machineOf(made).state = 'STOPPED'
    made.pool.backends = made.pool.backends.filter(({ type }) => type === 'ENI')
    const { diagnosis } = await diagnoseSimulated(made.world, {
      'cvm:DescribeInstances': { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' },
    })
    expect(diagnosis.findings.filter(({ role }) => role === 'cause')).toEqual([])
    expect(diagnosis.gaps.map(({ action }) => action)).toContain('cvm:DescribeInstances')
    expect(diagnosis.checks.find(({ check }) => check === 'instance-state')?.outcome).toBe('unknown')
  })
})
