import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { shop } from '../../src/simulator/base.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

// One backend, on one port, in two pools of which only one gets its answer: evidence tells the two apart.

const statusesIn = ({ findings }: Diagnosis): Readonly<Record<string, string>> =>
  findings.flatMap(({ evidence }) =>
    evidence.filter(({ fact }) => fact === 'HealthStatusDetail').map(({ value }) => value),
  )[0] as Readonly<Record<string, string>>

describe('the evidence of a rule before two pools', () => {
  it('gives each its own status of a backend that they share', async () => {
    const { world, front, pool, listener, machines } = shop()
    world.groups.push({ id: 'sg-newempty', name: 'new-and-empty', rules: [] })
    for (const own of machines) own.groups = ['sg-newempty']
    // Answers of this rule are exempt from the group, those of the first are not.
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
      'HTTPS:8443 shop.example.com/ 10.0.1.16:8080': 'Alive',
      'HTTPS:8443 shop.example.com/ 10.0.1.17:8080': 'Alive',
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
