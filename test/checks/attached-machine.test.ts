import { describe, expect, it } from 'vitest'
import { type Shop, shop, VPC } from '../../src/simulator/base.ts'
import { findingOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { findingsOf } from '../support/snapshots.ts'

// A backend that is bound by an address of a further interface, or by an IPv6 address, is down with its machine.

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

describe('a backend bound by an address of a further interface', () => {
  it('is Dead with the machine that the interface is attached to', async () => {
    const made = withSecondInterface()
    machineOf(made).state = 'STOPPED'
    const { diagnosis } = await diagnoseSimulated(made.world)
    expect(findingsOf(diagnosis)).toEqual(['instance-state/not-running cause certain → 60'])
    expect(findingOf(diagnosis, 'instance-state/not-running').resources).toMatchObject([
      { type: 'cvm', id: 'ins-web00031' },
    ])
  })

  it('is no more than likely Dead with a machine that has expired', async () => {
    const made = withSecondInterface()
    machineOf(made).restrictState = 'EXPIRED'
    const { diagnosis } = await diagnoseSimulated(made.world)
    expect(findingsOf(diagnosis)).toEqual(['instance-state/isolated cause likely → 60'])
  })

  it('is not asked about while it is well', async () => {
    const { diagnosis, calls } = await diagnoseSimulated(withSecondInterface().world)
    expect([diagnosis.verdict, findingsOf(diagnosis)]).toEqual(['healthy', []])
    expect(calls.count('cvm:DescribeInstances')).toBe(1)
  })

  it('is left open if the machine could not be read, and the gap names the call', async () => {
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
