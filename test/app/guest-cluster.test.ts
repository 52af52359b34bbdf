import { describe, expect, it } from 'vitest'
import { evaluateCluster, evaluateClusterInSnapshot } from '../../src/app/guest-judge/index.ts'
import { findScenario } from '../../src/simulator/index.ts'
import type { World } from '../../src/simulator/world.ts'
import { printed } from '../support/kubectl.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

// What kubectl printed, without access to the cluster.

const worldOf = (name: string): World => {
  const scenario = findScenario(name)
  if (!scenario) throw new Error(name)
  return scenario.build()
}
const question = {
  at: '2026-11-20T00:00:00.000Z',
  target: null,
  sources: null,
  language: 'en',
} as const
interface Api {
  readonly kind: string
  readonly metadata: { name: string; labels?: object; annotations?: object }
}
const answersOf = (evaluated: ReturnType<typeof evaluateCluster>) =>
  evaluated.refusal === null ? evaluated.answers : [evaluated.refusal]
const judged = (json: object, target: { ip: string; port: number | null } | null = null) =>
  answersOf(evaluateCluster({ ...question, json, target })).map((answer) =>
    typeof answer === 'string'
      ? answer
      : `${answer.target} ${answer.outcomes[0]?.outcome}: ${answer.findings.map(({ code, certainty }) => `${code} ${certainty}`).join()}`,
  )

describe('the JSON of kubectl', () => {
  it.each([
    ['local-policy', 'unknown: tke-node/local-policy-no-pod certain'],
    ['no-endpoints', 'refused: tke-pod/no-endpoints certain'],
    ['kube-proxy-down', 'unknown: tke-node/kube-proxy-not-ready likely'],
    ['readiness-failing', 'refused: tke-pod/readiness-failing certain'],
  ])('of %s names the cause for each LoadBalancer Service', (name, expected) => {
    expect(judged(printed(worldOf(name)))).toEqual([`shop/web TCP:443 ${expected}`])
  })

  it('is judged for one node if --target names its NodePort, or for a pod of a Service that is bound directly', () => {
    const json = printed(worldOf('local-policy'))
    expect(judged(json, { ip: '10.0.1.18', port: 31_080 })).toEqual([
      '10.0.1.18:31080 timeout: tke-node/local-policy-no-pod certain',
    ])
    expect(judged(json, { ip: '10.0.1.16', port: 31_080 })).toEqual(['10.0.1.16:31080 unknown: '])
    const direct = worldOf('readiness-failing')
    for (const { inside } of direct.clusters)
      for (const service of inside?.services ?? [])
        service.annotations['service.cloud.tencent.com/direct-access'] = 'true'
    expect(judged(printed(direct), { ip: '172.16.16.5', port: 8080 })).toEqual([
      '172.16.16.5:8080 unknown: tke-pod/readiness-failing likely',
    ])
  })

  it.each([
    ['iptables', 'timeout'],
    ['nftables', 'timeout'],
    ['ipvs', 'refused'],
    // The mode may stand in a file.
    [null, 'unknown'],
  ])('without a local pod ends as kube-proxy of mode %s does it: %s', (mode, outcome) => {
    const json = JSON.stringify(printed(worldOf('local-policy'))).replace(
      '"--proxy-mode=iptables"',
      mode === null ? '"--config=/var/lib/kube-proxy/config.conf"' : `"--proxy-mode=${mode}"`,
    )
    expect(judged(JSON.parse(json), { ip: '10.0.1.18', port: 31_080 })).toEqual([
      `10.0.1.18:31080 ${outcome}: tke-node/local-policy-no-pod certain`,
    ])
  })

  it('without kube-proxy has no outcome, because what stands in its place may drop or refuse', () => {
    const { items } = JSON.parse(JSON.stringify(printed(worldOf('no-endpoints'))))
    const others = items.filter((one: object) => !JSON.stringify(one).includes('kube-proxy'))
    const system = {
      kind: 'Pod',
      metadata: { name: 'cilium-1', namespace: 'kube-system' },
      spec: {},
      status: {},
    }
    const set = { kind: 'DaemonSet', metadata: { name: 'cilium', namespace: 'kube-system' } }
    expect(judged({ kind: 'List', items: [...others, system, set] })).toEqual([
      'shop/web TCP:443 unknown: tke-pod/no-endpoints certain',
    ])
  })

  it('names what holds for every node without a list of nodes', () => {
    const json = printed(worldOf('no-endpoints'), ['Service', 'EndpointSlice', 'Pod', 'DaemonSet'])
    expect(judged(json)).toEqual(['shop/web TCP:443 refused: tke-pod/no-endpoints certain'])
    expect(JSON.stringify(evaluateCluster({ ...question, json }))).not.toContain('0.0.0.0')
    const local = printed(worldOf('local-policy'), ['Service', 'EndpointSlice', 'Pod', 'DaemonSet'])
    expect(judged(local)).toEqual(['shop/web TCP:443 unknown: '])
  })

  it('is judged for the nodes that the Service binds, if its annotations or their labels leave some out', () => {
    const changed = (change: (one: Api) => void) => {
      const { items } = JSON.parse(JSON.stringify(printed(worldOf('local-policy')))) as { items: Api[] }
      for (const one of items) change(one)
      return judged({ kind: 'List', items })
    }
    const annotated = (name: string, value: string) =>
      changed((one) => {
        if (one.kind === 'Service') one.metadata.annotations = { ...one.metadata.annotations, [name]: value }
      })
    const quiet = ['shop/web TCP:443 unknown: ']
    expect(annotated('service.kubernetes.io/local-svc-only-bind-node-with-pod', 'true')).toEqual(quiet)
    expect(annotated('service.kubernetes.io/qcloud-loadbalancer-backends-label', 'a=b')).toEqual(quiet)
    const excluded = changed((one) => {
      if (one.kind === 'Node' && !/[.]1[67]$/.test(one.metadata.name))
        one.metadata.labels = { 'node.kubernetes.io/exclude-from-external-load-balancers': '' }
    })
    expect(excluded).toEqual(quiet)
  })

  it('finds a pod by its own address although its Service has a NodePort', () => {
    expect(judged(printed(worldOf('readiness-failing')), { ip: '172.16.16.5', port: 8080 })).toEqual([
      '172.16.16.5:8080 unknown: tke-pod/readiness-failing likely',
    ])
  })

  it('names the sources that were asked for, and what it does not hold', () => {
    const json = printed(worldOf('no-endpoints'), ['Service', 'EndpointSlice', 'Node'])
    const [answer] = answersOf(evaluateCluster({ ...question, json, sources: ['10.0.0.9/32'] }))
    if (answer === undefined || typeof answer === 'string') throw new Error(answer)
    expect(answer.outcomes).toEqual([
      { source: '10.0.0.9/32', outcome: 'refused', decidedBy: expect.stringContaining('shop/web') },
    ])
    expect(answer.findings.map(({ sources }) => sources)).toEqual([['10.0.0.9/32']])
    expect(answer.notSeen.join()).toMatch(/pods: not in the output.*kube-proxy.*inside of the machines/)
  })

  it.each([
    ['no Service', printed(worldOf('local-policy'), ['Node']), null, 'no-services'],
    [
      'an address without a port',
      printed(worldOf('local-policy')),
      { ip: '10.0.1.16', port: null },
      'no-port',
    ],
    [
      'no such NodePort',
      printed(worldOf('local-policy')),
      { ip: '10.0.1.16', port: 30_001 },
      'not-in-cluster',
    ],
  ] as const)('with %s is refused', (_, json, target, refusal) => {
    expect(judged(json, target)).toEqual([refusal])
  })

  it('without a LoadBalancer Service asks for a target', () => {
    const json = JSON.parse(
      JSON.stringify(printed(worldOf('no-endpoints'))).replaceAll('"LoadBalancer"', '"NodePort"'),
    )
    expect(judged(json)).toEqual(['no-load-balancer'])
    expect(judged(json, { ip: '10.0.1.16', port: 31_080 })).toEqual([
      '10.0.1.16:31080 refused: tke-pod/no-endpoints certain',
    ])
  })
})

describe('the JSON of kubectl beside a snapshot', () => {
  const snapshotOf = async (name: string) => {
    const { snapshot } = await diagnoseSimulated(worldOf(name))
    if (!snapshot) throw new Error(name)
    const { kubernetes: _, ...rest } = snapshot
    return rest
  }

  it('is judged for the CLB of the snapshot, or for one of its backends', async () => {
    const snapshot = await snapshotOf('local-policy')
    const json = printed(worldOf('local-policy'))
    const [whole] = answersOf(evaluateClusterInSnapshot({ ...question, json }, snapshot))
    expect(whole).toMatchObject({
      target: 'lb-7dpmqwcu',
      findings: [{ code: 'tke-node/local-policy-no-pod', certainty: 'certain' }],
      outcomes: [{ outcome: 'timeout' }],
    })
    const target = { ip: '10.0.1.16', port: 31_080 }
    const [one] = answersOf(evaluateClusterInSnapshot({ ...question, json, target }, snapshot))
    expect(one).toMatchObject({ target: '10.0.1.16:31080', findings: [] })
  })

  it('of another cluster is refused', async () => {
    const world = worldOf('local-policy')
    for (const { inside } of world.clusters)
      for (const service of inside?.services ?? [])
        Object.assign(service, {
          annotations: { 'service.kubernetes.io/loadbalance-id': 'lb-other000' },
          addresses: [],
        })
    const snapshot = await snapshotOf('local-policy')
    expect(answersOf(evaluateClusterInSnapshot({ ...question, json: printed(world) }, snapshot))).toEqual([
      'not-of-clb',
    ])
  })
})
