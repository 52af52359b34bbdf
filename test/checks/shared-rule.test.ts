import { describe, expect, it } from 'vitest'
import { check, type Shop, shop } from '../../src/simulator/base.ts'
import { findingOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { findingsOf } from '../support/snapshots.ts'

// One rule is in front of two pools. One pool is probed from the VIP, the other from 100.64.0.0/10. The documents leave
// open only whether the second pool is exempt from the rule.

function twoSources(exempts10064: boolean): Shop {
  const made = shop()
  const { world, front, pool, machines, machine } = made
  world.exempts10064 = exempts10064
  world.groups.push({ id: 'sg-newempty', name: 'new-and-empty', rules: [] })
  for (const own of machines) own.groups = ['sg-newempty']
  front.listeners.push({
    id: 'lbl-second01',
    name: 'second',
    protocol: 'TCP',
    port: 8443,
    stopped: false,
    rules: [
      {
        ...pool,
        id: 'loc-second01',
        domain: null,
        url: null,
        check: check({ type: 'TCP', source: 1, method: null, host: null, path: null }),
        backends: pool.backends.filter(({ ip }) => ip === machine(20).ip),
      },
    ],
  })
  pool.backends = pool.backends.filter(({ ip }) => ip !== machine(20).ip)
  return made
}

describe('a rule that denies the VIP and 100.64.0.0/10', () => {
  it('is a certain cause for the pool probed from the VIP if the other pool is healthy', async () => {
    const { diagnosis } = await diagnoseSimulated(twoSources(true).world)
    expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked cause certain → 16,17,18,19')
    expect(findingOf(diagnosis, 'security-group/probe-blocked').detail).not.toMatch(
      /not proven|likely, not certain/,
    )
  })

  it('is only a possible cause if both pools are Dead, because one finding explains both', async () => {
    const { diagnosis } = await diagnoseSimulated(twoSources(false).world)
    expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked cause possible → 16,17,18,19,20')
  })
})
