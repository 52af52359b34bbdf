import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { shop } from '../../src/simulator/base.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

// Two pools share a backend on one port, and only one of them gets its answer. The evidence shows which one.

const statusesIn = ({ findings }: Diagnosis): Readonly<Record<string, string>> =>
  findings.flatMap(({ evidence }) =>
    evidence.filter(({ fact }) => fact === 'HealthStatusDetail').map(({ value }) => value),
  )[0] as Readonly<Record<string, string>>

describe('the evidence for a rule in front of two pools', () => {
  it('has the status of a shared backend for each pool', async () => {
    const { world, front, pool, listener, machines } = shop()
    world.groups.push({ id: 'sg-newempty', name: 'new-and-empty', rules: [] })
    for (const own of machines) own.groups = ['sg-newempty']
    // The probes of this rule come from 100.64.0.0/10, which is exempt from the group. Those of the first rule are not.
    pool.backends = pool.backends.slice(0, 2)
    front.listeners.push({
      ...listener,
      id: 'lbl-second01',
      port: 8443,
      rules: [{ ...pool, id: 'loc-second01', check: { ...pool.check, source: 1 } }],
    })
    const { diagnosis } = await diagnoseSimulated(world)
    expect(statusesIn(diagnosis)).toEqual({
      'HTTPS:443 shop.example.com/ 10.0.1.16:8080': 'Dead',
      'HTTPS:443 shop.example.com/ 10.0.1.17:8080': 'Dead',
    })
  })

  it('names a backend of one pool by its address only', async () => {
    const { world, machines } = shop()
    world.groups.push({ id: 'sg-newempty', name: 'new-and-empty', rules: [] })
    for (const own of machines.slice(0, 1)) own.groups = ['sg-newempty']
    const { diagnosis } = await diagnoseSimulated(world)
    expect(statusesIn(diagnosis)).toEqual({ '10.0.1.16:8080': 'Dead' })
  })
})
