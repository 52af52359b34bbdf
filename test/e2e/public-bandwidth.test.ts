import { describe, expect, it } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import { SHANGHAI } from '../../src/simulator/data-centre.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { findingOf, gapOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

// An account that pays for public bandwidth at the machines, over the simulated API.

const ACTION = 'vpc:DescribeNetworkAccountType'
const CODE = 'instance-state/no-public-bandwidth'

function billedByCvm() {
  const made = shop()
  made.world.accountType = 'LEGACY'
  for (const own of made.world.machines) own.publicBandwidth = 5
  made.machine(16).publicBandwidth = 0
  return made
}

const diagnosed = (world: ReturnType<typeof shop>['world'], faults: Record<string, Fault> = {}) =>
  diagnoseSimulated(world, faults)

describe('an account that is billed by CVM', () => {
  it('has a Dead machine without public bandwidth, and the likely cause names it', async () => {
    const { diagnosis, calls } = await diagnosed(billedByCvm().world)
    const { role, certainty, resources } = findingOf(diagnosis, CODE)
    expect([role, certainty, resources.map(({ id }) => id)]).toEqual(['cause', 'likely', ['ins-web00016']])
    expect(calls.count(ACTION)).toBe(1)
  })

  it('is a gap that names the permission if its type was denied', async () => {
    const { diagnosis } = await diagnosed(billedByCvm().world, {
      [ACTION]: { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' },
    })
    expect(gapOf(diagnosis, 'How the account is billed').grant).toBe(ACTION)
    expect(diagnosis.findings.map(({ code }) => code)).not.toContain(CODE)
  })

  it('is not asked for its type about a machine that does not exist, or backends of another region', async () => {
    const gone = billedByCvm()
    gone.world.machines = gone.world.machines.filter(({ id }) => id !== 'ins-web00016')
    const far = billedByCvm()
    far.front.targetRegion = { region: SHANGHAI, vpcId: 'vpc-shanghai' }
    for (const { world } of [gone, far]) {
      const { diagnosis, calls } = await diagnosed(world)
      expect(diagnosis.verdict).not.toBe('healthy')
      expect(calls.count(ACTION)).toBe(0)
    }
  })
})
