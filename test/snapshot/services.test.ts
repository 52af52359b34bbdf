import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { guest } from '../../src/simulator/base.ts'
import { findScenario } from '../../src/simulator/index.ts'
import type { Service, World } from '../../src/simulator/world.ts'
import { worldOf } from '../simulator/support.ts'
import { askSimulated, diagnoseSimulated } from '../support/simulated.ts'
import { diagnosisOfSnapshot, findingsOf } from '../support/snapshots.ts'

// Which security groups are in front of an address of a managed service. sg-redis001 blocks the SNAT IP, sg-open001 does not.

function worldWith(services: readonly Partial<Service>[]): World {
  const world = worldOf(findScenario('redis-group'))
  const [own] = world.services
  if (!own) throw new Error('no service')
  world.groups.push({
    id: 'sg-open001',
    name: 'open',
    rules: [{ protocol: 'ALL', port: 'ALL', source: '0.0.0.0/0', action: 'ACCEPT' }],
  })
  world.services = services.map((fields) => ({ ...own, ...fields, guest: guest(6379) }))
  const pool = world.balancers[0]?.listeners[0]?.rules[0]
  if (!pool) throw new Error('no pool')
  pool.backends = world.services.map(({ ip }) => ({
    type: 'CCN',
    machineId: null,
    ip,
    port: 6379,
    weight: 10,
  }))
  return world
}

const groupHops = ({ pools }: Diagnosis) =>
  pools.flatMap(({ targets }) =>
    targets.map(({ ip, path }) => {
      const hop = path.find(({ stage }) => stage === 'security-group')
      return [ip, hop?.verdict, hop?.decidedBy?.id]
    }),
  )

describe('two access points of one CKafka instance', () => {
  const points = (first: string, second: string) =>
    worldWith([
      { kind: 'ckafka', id: 'ckafka-shop01', ip: '10.0.1.71', groups: [first] },
      { kind: 'ckafka', id: 'ckafka-shop01', ip: '10.0.1.72', groups: [second] },
    ])

  it.each([
    ['sg-redis001', 'sg-open001', 'block', 'pass', '71'],
    ['sg-open001', 'sg-redis001', 'pass', 'block', '72'],
  ])('have their own groups, %s and %s', async (first, second, one, other, dead) => {
    const { diagnosis } = await diagnoseSimulated(points(first, second))
    expect(groupHops(diagnosis)).toEqual([
      ['10.0.1.71', one, first],
      ['10.0.1.72', other, second],
    ])
    expect(findingsOf(diagnosis)).toContain(`managed-service/group-blocks-probe cause likely → ${dead}`)
  })

  it('are unknown in an older snapshot, which has one answer for both', async () => {
    const { snapshot } = await askSimulated(points('sg-redis001', 'sg-open001'))
    if (!snapshot) throw new Error('no snapshot')
    const serviceGroups = { 'ckafka-shop01': { state: 'ok', value: ['sg-redis001'] } } as const
    const diagnosis = diagnosisOfSnapshot({ ...snapshot, serviceGroups })
    expect(groupHops(diagnosis)).toEqual([
      ['10.0.1.71', 'unknown', undefined],
      ['10.0.1.72', 'unknown', undefined],
    ])
  })
})

describe('a read-only MySQL instance', () => {
  it('is judged by its own groups and not by those of its read-only group', async () => {
    const world = worldWith([
      { kind: 'cdb', id: 'cdbro-shop001', groups: ['sg-redis001'], readOnlyGroup: ['sg-open001'] },
    ])
    const { diagnosis } = await diagnoseSimulated(world)
    expect(groupHops(diagnosis)).toEqual([['10.0.1.71', 'block', 'sg-redis001']])
  })
})
