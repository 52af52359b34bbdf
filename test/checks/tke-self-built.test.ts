import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { findScenario } from '../../src/simulator/index.ts'
import type { ClusterInside, World } from '../../src/simulator/world.ts'
import { askSimulated, diagnoseSimulated } from '../support/simulated.ts'
import { findingsOf } from '../support/snapshots.ts'

// Clusters that TKE does not manage: no tags name them.

const NODE_PORT = 8081

interface Told {
  readonly lines: readonly string[]
  readonly outcome: string | undefined
  readonly snapshot: Snapshot | null
}

/** A CLB without tags, whose backends are machines with this port. */
async function told(change: (inside: ClusterInside, world: World) => void): Promise<Told> {
  const world = findScenario('no-endpoints')?.build()
  const inside = world?.clusters[0]?.inside
  if (!world || !inside) throw new Error('no cluster')
  for (const balancer of world.balancers) balancer.tags = {}
  for (const { rules } of world.balancers.flatMap(({ listeners }) => listeners))
    for (const rule of rules) rule.backends = rule.backends.map((one) => ({ ...one, port: NODE_PORT }))
  for (const service of inside.services)
    Object.assign(service, { annotations: {}, addresses: [], nodePort: NODE_PORT })
  change(inside, world)
  const { diagnosis, snapshot } = await diagnoseSimulated(world)
  return {
    lines: findingsOf(diagnosis).filter((line) => /^(tke-|target-drift)/.test(line)),
    outcome: diagnosis.checks.find(({ check }) => check === 'tke-pod')?.outcome,
    snapshot,
  }
}

describe('a NodePort of another range than 30000-32767', () => {
  it('is asked for where the machines are nodes of the cluster', async () => {
    const { lines } = await told(() => {})
    expect(lines).toContain('tke-pod/no-endpoints cause certain → 16,17,18,19,20')
  })

  it.each([
    [
      'no Service has it',
      (inside: ClusterInside) => {
        for (const service of inside.services) Object.assign(service, { nodePort: 9090 })
      },
    ],
    [
      'the machines are no nodes',
      (inside: ClusterInside) => {
        inside.objects = { ...inside.objects, nodes: [] }
      },
    ],
  ])('leaves the CLB out of all questions about clusters if %s', async (_, change) => {
    const { lines, outcome, snapshot } = await told(change)
    expect([lines, outcome, snapshot?.kubernetes]).toEqual([[], 'not-applicable', undefined])
  })
})

describe('a cluster that is asked in case only', () => {
  it('leaves no gap for a CLB with plain ports if it refuses', async () => {
    const world = findScenario('no-endpoints')?.build()
    if (!world) throw new Error('no scenario')
    for (const balancer of world.balancers) balancer.tags = {}
    for (const { rules } of world.balancers.flatMap(({ listeners }) => listeners))
      for (const rule of rules) rule.backends = rule.backends.map((one) => ({ ...one, port: 80 }))
    const kubernetes = { denied: new Set(['list services']) }
    const { diagnosis } = await askSimulated(world, { kubernetes })
    expect(diagnosis.gaps.filter(({ action }) => action?.startsWith('kubernetes:'))).toEqual([])
  })
})

describe('an Ingress of another controller', () => {
  const front = (fields: object, addresses: readonly string[]) => ({
    metadata: { namespace: 'shop', name: 'front', uid: 'uid-front' },
    spec: {
      ...fields,
      rules: [{ http: { paths: [{ backend: { service: { name: 'app', port: { number: 80 } } } }] } }],
    },
    status: { loadBalancer: { ingress: addresses.map((ip) => ({ ip })) } },
  })

  it.each([
    ['nginx', { ingressClassName: 'nginx' }, false],
    ['TKE', { ingressClassName: 'qcloud' }, true],
    ['TKE, by default', {}, true],
  ])('is not of the CLB by the address that it shows: %s', async (_, fields, isOwn) => {
    const addresses: string[] = []
    const { snapshot } = await told((inside, world) => {
      for (const { vip } of world.balancers) addresses.push(vip)
      inside.objects = { ...inside.objects, ingresses: [front(fields, addresses)] }
    })
    const view = snapshot?.kubernetes?.state === 'ok' ? snapshot.kubernetes.value : undefined
    const names = view?.ingresses?.state === 'ok' ? view.ingresses.value.map(({ name }) => name) : null
    expect(names).toEqual(isOwn ? ['front'] : [])
  })
})
