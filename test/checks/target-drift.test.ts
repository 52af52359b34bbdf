import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { ClusterNode } from '../../src/model/snapshot.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { worldOf } from '../simulator/support.ts'
import { findingOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import {
  allow,
  denied,
  diagnosisOf,
  drop,
  findingsOf,
  group,
  type Machine,
  type World,
} from '../support/snapshots.ts'

const machine = (host: number, status: string, port = 31_080, fields: Partial<Machine> = {}): Machine => ({
  host,
  status,
  ...fields,
  registration: { port, ...fields.registration },
})
const node = (host: number): ClusterNode => ({
  id: `ins-${String(host).padStart(8, '0')}`,
  ip: `10.0.1.${host}`,
})
const world = (
  machines: readonly Machine[],
  nodes: readonly ClusterNode[],
  fields: Partial<World> = {},
): World => ({
  machines,
  ...fields,
  balancer: { tags: { 'tke-clusterId': 'cls-1' }, ...fields.balancer },
  replace: { clusterNodes: { 'cls-1': ok(nodes) }, ...fields.replace },
})
const outcomeOf = ({ checks }: Diagnosis) => checks.find(({ check }) => check === 'target-drift')?.outcome
const driftsOf = (diagnosis: Diagnosis) =>
  findingsOf(diagnosis).filter((line) => line.startsWith('target-drift/'))

describe('a NodePort backend outside the cluster', () => {
  it('is likely stale if another backend is a node, and the detail says why this is not certain', () => {
    const given = world([machine(16, 'Dead'), machine(17, 'Alive')], [node(17)])
    for (const language of ['en', 'zh-CN'] as const) {
      const diagnosis = diagnosisOf(given, language)
      expect(driftsOf(diagnosis)).toEqual(['target-drift/stale-target cause likely → 16'])
      expect(findingOf(diagnosis, 'target-drift/stale-target').detail).toMatch(
        /likely, not certain|不是“确定”/,
      )
      expect(
        findingOf(diagnosis, 'target-drift/stale-target').fix?.commands?.map(({ line }) => line),
      ).toEqual([
        `tccli clb DeregisterTargets --region ap-guangzhou --LoadBalancerId lb-7dpmqwcu --ListenerId lbl-aaaaaaaa --Targets '[{"InstanceId":"ins-00000016","Port":31080}]'`,
      ])
    }
  })

  it('is only possibly stale if its pool has no node', () => {
    const diagnosis = diagnosisOf(world([machine(16, 'Dead'), machine(17, 'Dead')], [node(40)]))
    expect(driftsOf(diagnosis)).toEqual(['target-drift/stale-target cause possible → 16,17'])
    expect(diagnosis.gaps.some(({ byHand }) => byHand !== undefined)).toBe(true)
  })

  it('is stale only in a note if another backend outside the cluster is healthy', () => {
    const given = world([machine(16, 'Dead'), machine(17, 'Alive'), machine(18, 'Alive')], [node(18)])
    expect(driftsOf(diagnosisOf(given))).toEqual(['target-drift/stale-target note possible'])
  })

  it('is not reported if its address is the address of a native node', () => {
    const native = { id: 'np-1ade4uid-0a2dc', ip: '10.0.1.16' }
    const diagnosis = diagnosisOf(world([machine(16, 'Dead'), machine(17, 'Alive')], [node(17), native]))
    expect([driftsOf(diagnosis), outcomeOf(diagnosis)]).toEqual([[], 'pass'])
  })

  it('is reported only by instance-state if the machine does not exist', () => {
    const given = world([machine(16, 'Dead', 31_080, { instance: null }), machine(17, 'Alive')], [node(17)])
    const diagnosis = diagnosisOf(given)
    expect(findingsOf(diagnosis)).toContain('instance-state/not-found cause certain → 16')
    expect(driftsOf(diagnosis)).toEqual([])
  })

  it('is unbound in batches of twenty', () => {
    const many = Array.from({ length: 45 }, (_, i) => machine(20 + i, 'Dead'))
    const found = findingOf(
      diagnosisOf(world([...many, machine(17, 'Alive')], [node(17)])),
      'target-drift/stale-target',
    )
    const sizes = found?.fix?.commands?.map(
      ({ line }) => JSON.parse(/'(\[.*\])'$/.exec(line)?.[1] ?? '[]').length,
    )
    expect(sizes).toEqual([20, 20, 5])
  })
})

describe('a Dead NodePort that differs from the NodePort of all healthy backends', () => {
  const nodes = [16, 17, 18].map(node)
  const twin = (status: string, port: number) => machine(17, status, port)

  it('is a possible cause, and a likely cause if the same machine is healthy on the other port', () => {
    const alone = diagnosisOf(world([machine(16, 'Dead', 30_500), twin('Alive', 31_080)], nodes))
    expect(driftsOf(alone)).toEqual(['target-drift/port-mismatch cause possible → 16'])
    const both = diagnosisOf(world([twin('Dead', 30_500), twin('Alive', 31_080)], nodes))
    expect(driftsOf(both)).toEqual(['target-drift/port-mismatch cause likely → 17'])
    expect(findingOf(both, 'target-drift/port-mismatch').title).toContain('30500')
  })

  it.each([
    [
      'the healthy backends have several',
      [machine(16, 'Dead', 30_500), twin('Alive', 31_080), machine(18, 'Alive', 32_000)],
    ],
    ['no backend is healthy', [machine(16, 'Dead', 30_500), twin('Dead', 31_080)]],
    ['the healthy backends have no NodePort', [machine(16, 'Dead', 30_500), twin('Alive', 8080)]],
    ['every backend is healthy on the same port', [machine(16, 'Alive', 31_080), twin('Alive', 31_080)]],
    ['every backend is healthy, on two ports', [machine(16, 'Alive', 30_500), twin('Alive', 31_080)]],
  ] as const)('is not reported if %s', (_, machines) => {
    expect(driftsOf(diagnosisOf(world(machines, nodes)))).toEqual([])
  })

  it('is not reported if a rule on its path denies its port', () => {
    const groups = [group('sg-a', [drop('0.0.0.0/0', '30500'), allow('0.0.0.0/0', '31080')])]
    const machines = [
      machine(17, 'Dead', 30_500, { groups: ['sg-a'] }),
      machine(17, 'Alive', 31_080, { groups: ['sg-a'] }),
    ]
    const diagnosis = diagnosisOf(world(machines, nodes, { groups }))
    expect(findingsOf(diagnosis)).toContain('security-group/probe-blocked cause certain → 17')
    expect(driftsOf(diagnosis)).toEqual([])
  })

  it('is only a possible cause if its security group could not be read', () => {
    const fields = { replace: { securityGroups: { 'sg-open': denied('vpc:DescribeSecurityGroupPolicies') } } }
    const diagnosis = diagnosisOf(world([twin('Dead', 30_500), twin('Alive', 31_080)], nodes, fields))
    expect(driftsOf(diagnosis)).toEqual(['target-drift/port-mismatch cause possible → 17'])
  })
})

describe('the target-drift check', () => {
  const dead = [machine(16, 'Dead'), machine(17, 'Alive')]

  it('is unknown if the nodes could not be read, and the gap names the grant', () => {
    const fact = denied('tke:DescribeClusterInstances')
    const diagnosis = diagnosisOf(world(dead, [], { replace: { clusterNodes: { 'cls-1': fact } } }))
    expect([outcomeOf(diagnosis), driftsOf(diagnosis)]).toEqual(['unknown', []])
    const grant = 'tke:DescribeClusterInstances'
    expect(diagnosis.gaps).toContainEqual(expect.objectContaining({ action: grant, grant }))
    expect(diagnosis.gaps.find(({ byHand }) => byHand !== undefined)?.why).toContain(grant)
  })

  it('does not apply without the tag or without NodePorts', () => {
    const untagged = diagnosisOf(world(dead, [node(17)], { balancer: { tags: {} } }))
    const direct = diagnosisOf(world([machine(16, 'Dead', 8080)], []))
    expect([untagged, direct].map(outcomeOf)).toEqual(['not-applicable', 'not-applicable'])
    expect([untagged, direct].flatMap(driftsOf)).toEqual([])
  })
})

describe('the nodes', () => {
  it('are read once for a CLB with the tag and NodePorts, and never for another CLB', async () => {
    const callsFor = async (name: string) => {
      const { calls } = await diagnoseSimulated(worldOf(findScenario(name)))
      return [calls.count('tke:DescribeClusterInstances'), calls.count('tke:DescribeClusters')]
    }
    // The mode of the cluster is read too: a backend is Dead, and probes come from the VIP.
    expect(await callsFor('stale-node')).toEqual([1, 1])
    expect(await callsFor('healthy')).toEqual([0, 0])
  })

  it('are also read if the NodePorts are in a target group', async () => {
    const stale = worldOf(findScenario('stale-node'))
    const pool = stale.balancers[0]?.listeners[0]?.rules[0]
    if (!pool) throw new Error('no pool')
    stale.targetGroups = [
      {
        id: 'lbtg-shop0001',
        name: 'nodes',
        vpcId: 'vpc-1ywqac83',
        type: 'v1',
        check: null,
        members: pool.backends,
      },
    ]
    Object.assign(pool, { targetGroupId: 'lbtg-shop0001', backends: [] })
    const { diagnosis } = await diagnoseSimulated(stale)
    expect(driftsOf(diagnosis)).toEqual(['target-drift/stale-target cause likely → 18'])
  })

  it('are read from all pages', async () => {
    const world = worldOf(findScenario('stale-node'))
    const others = Array.from({ length: 250 }, (_, i) => `ins-other${String(i).padStart(3, '0')}`)
    for (const cluster of world.clusters) cluster.machineIds = [...others, ...cluster.machineIds]
    const { calls, diagnosis } = await diagnoseSimulated(world)
    expect(calls.count('tke:DescribeClusterInstances')).toBe(3)
    expect(driftsOf(diagnosis)).toEqual(['target-drift/stale-target cause likely → 18'])
  })

  it('leave the check unknown if their read is denied, and the gap names the grant', async () => {
    const { diagnosis } = await diagnoseSimulated(worldOf(findScenario('stale-node')), {
      'tke:DescribeClusterInstances': { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' },
    })
    expect([diagnosis.verdict, outcomeOf(diagnosis), driftsOf(diagnosis)]).toEqual([
      'degraded',
      'unknown',
      [],
    ])
    expect(diagnosis.gaps.flatMap(({ grant }) => grant ?? [])).toEqual(['tke:DescribeClusterInstances'])
  })
})

describe('several machines outside the cluster', () => {
  const STALE = 'target-drift/stale-target'
  const hosts = Array.from({ length: 12 }, (_, i) => 101 + i)
  const given = world([...hosts.map((host) => machine(host, 'Dead')), machine(17, 'Alive')], [node(17)])
  const entry = (code: string, resource: string) => ({
    entry: 1,
    code,
    resource,
    reason: 'OPS-1',
    until: '2026-12-31',
  })

  it('are one finding that names ten and counts the others', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      const { title, quote, resources, explains } = findingOf(diagnosisOf(given, language), STALE)
      expect(title).toMatch(/^12 (machines are|台机器)/)
      expect(quote).toContain('ins-00000110')
      expect(quote).toMatch(/and 2 more$|等 12 项$/)
      expect(resources.map(({ id }) => id)).toEqual([...hosts.map((host) => `ins-00000${host}`), 'cls-1'])
      expect(explains).toHaveLength(12)
    }
  })

  it('are one machine in the finding if it is bound to two listeners', () => {
    const twice = world([machine(16, 'Dead'), machine(16, 'Dead', 31_081), machine(17, 'Alive')], [node(17)])
    const { title, params } = findingOf(diagnosisOf(twice), STALE)
    expect(title).toBe('ins-00000016 (10.0.1.16) is not in cluster cls-1, but still bound by NodePort')
    expect(params).toMatchObject({ count: 1, ports: ['31080-31081'] })
  })

  it('lose only the machine that an entry names', () => {
    const diagnosis = diagnosisOf(given, 'en', { expected: [entry(STALE, 'ins-00000103')] })
    const found = driftsOf(diagnosis)
    expect(found).toEqual([
      `${STALE} cause likely → ${hosts.filter((host) => host !== 103).join(',')}`,
      `${STALE} note likely → 103`,
    ])
  })

  it('are all expected by an entry for the cluster', () => {
    const diagnosis = diagnosisOf(given, 'en', { expected: [entry(STALE, 'cls-1')] })
    expect(driftsOf(diagnosis)).toEqual([`${STALE} note likely → ${hosts.join(',')}`])
  })

  it('are still refuted by a healthy one that an entry names', () => {
    const mixed = world([machine(16, 'Dead'), machine(17, 'Alive'), machine(18, 'Alive')], [node(18)])
    const diagnosis = diagnosisOf(mixed, 'en', { expected: [entry(STALE, 'ins-00000017')] })
    expect(driftsOf(diagnosis).filter((line) => line.includes(' cause '))).toEqual([])
  })
})

describe('old NodePorts in several pools', () => {
  const MISMATCH = 'target-drift/port-mismatch'
  const rules = ['loc-aaaaaaaa', 'loc-bbbbbbbb']
  const at = (locationId: string | undefined, host: number, status: string, port: number) =>
    machine(host, status, port, { registration: { locationId: locationId ?? null } })
  const given = world(
    rules.flatMap((rule) => [at(rule, 16, 'Dead', 30_500), at(rule, 17, 'Alive', 31_080)]),
    [16, 17].map(node),
    {
      listener: {
        protocol: 'HTTP',
        rules: rules.map((locationId) => ({
          locationId,
          domain: `${locationId}.example.com`,
          url: '/',
          healthCheck: null,
          forwardType: null,
          targetType: null,
          targetGroupIds: [],
          redirectsTo: null,
        })),
      },
    },
  )

  it('are one finding if the healthy backends have the same NodePort', () => {
    const diagnosis = diagnosisOf(given)
    expect(driftsOf(diagnosis)).toEqual([`${MISMATCH} cause possible → 16,16`])
    const { title, fix } = findingOf(diagnosis, MISMATCH)
    expect(title).toBe('2 failing backends are bound with NodePort 30500, all healthy ones with 31080')
    expect(fix?.commands?.map(({ line }) => line.match(/loc-\w+/)?.[0])).toEqual(rules)
  })

  it.each([
    ['rule', 'loc-bbbbbbbb', [`${MISMATCH} cause possible → 16`, `${MISMATCH} note possible → 16`]],
    ['machine', 'ins-00000016', [`${MISMATCH} note possible → 16,16`]],
  ])('are expected by an entry for their %s', (_, resource, found) => {
    const expected = [{ entry: 1, code: MISMATCH, resource, reason: 'OPS-1', until: '2026-12-31' }]
    expect(driftsOf(diagnosisOf(given, 'en', { expected }))).toEqual(found)
  })
})
