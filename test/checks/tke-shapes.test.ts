import { describe, expect, it } from 'vitest'
import { collect } from '../../src/kube/collect.ts'
import { kubernetesIn } from '../../src/kube/index.ts'
import { known, ok } from '../../src/model/fact.ts'
import type { Kubernetes, KubernetesIngress } from '../../src/model/kubernetes.ts'
import type { ListenerRule } from '../../src/model/snapshot.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { answerKubernetes } from '../../src/simulator/kubernetes/api.ts'
import { findingOf } from '../support/findings.ts'
import { cluster, endpoint, NODE_PORT, pod, port, service, slice } from '../support/kubernetes.ts'
import {
  diagnosisOf,
  findingsOf,
  healthCheck,
  listener,
  type Machine,
  type World,
} from '../support/snapshots.ts'

// Clusters of many shapes: several Services, Ingresses with several paths, slices of several families, large ones.

const TAGS = { 'tke-clusterId': 'cls-1', 'tke-createdBy-flag': 'yes' }
const HOSTS = [16, 17, 18]
const lines = (world: World): readonly string[] =>
  findingsOf(diagnosisOf({ balancer: { tags: TAGS }, ...world })).filter((line) =>
    /^(tke-(node|pod)|target-drift)\//.test(line),
  )
const dead = (host: number, registration: Machine['registration'] = {}): Machine => ({
  host,
  status: 'Dead',
  registration: { port: NODE_PORT, ...registration },
})
const viewed = (
  view: Partial<Kubernetes>,
  more: NonNullable<World['replace']> = {},
): NonNullable<World['replace']> => ({
  kubernetes: ok(cluster(HOSTS, view)),
  ...more,
})

describe('several Services that share a CLB', () => {
  const api = service({
    name: 'api',
    uid: 'uid-api',
    selector: { app: 'api' },
    ports: [port({ port: 8443, nodePort: 31_090 })],
  })
  const both = {
    services: ok([service(), api]),
    slices: ok([slice(HOSTS.map((host) => endpoint(host))), slice([], { service: 'api' })]),
  }
  const listeners = ok([listener(), listener({ id: 'lbl-bbbbbbbb', port: 8443 })])
  const machines = [
    dead(16),
    dead(17, { listenerId: 'lbl-bbbbbbbb', port: 31_090 }),
    dead(18, { listenerId: 'lbl-bbbbbbbb', port: 31_090 }),
  ]

  it('are told each for its own listener', () => {
    expect(lines({ machines, replace: viewed(both, { listeners }) })).toEqual([
      'tke-pod/no-endpoints cause certain → 17,18',
    ])
  })

  it('do not lend their NodePort to the listener of another: that is drift', () => {
    const world = { machines: [dead(16, { port: 31_090 })], replace: viewed(both) }
    expect(lines(world)).toEqual(['target-drift/port-mismatch cause likely → 16'])
    const { title } = findingOf(
      diagnosisOf({ balancer: { tags: TAGS }, ...world }),
      'target-drift/port-mismatch',
    )
    expect(title).toContain('shop/web has 31080 now')
  })
})

describe('an Ingress with several paths', () => {
  const rule = (locationId: string, url: string): ListenerRule => ({
    locationId,
    domain: 'shop.example.com',
    url,
    healthCheck: healthCheck({ type: 'HTTP' }),
    forwardType: null,
    targetType: null,
    targetGroupIds: [],
    redirectsTo: null,
  })
  const ingress: KubernetesIngress = {
    namespace: 'shop',
    name: 'front',
    uid: 'uid-front',
    addresses: [],
    services: ['web', 'api'],
    clbIds: ['lb-7dpmqwcu'],
    isDirect: false,
    isSkipped: false,
    serviceConfig: null,
  }
  const web = service({ clbIds: [], type: 'NodePort' })
  const api = service({
    name: 'api',
    uid: 'uid-api',
    clbIds: [],
    type: 'NodePort',
    selector: { app: 'api' },
    ports: [port({ port: 80, nodePort: 31_090 })],
  })

  it('is told for the path whose Service has no pod, and not for the other', () => {
    expect(
      lines({
        listener: { protocol: 'HTTPS', rules: [rule('loc-web00001', '/'), rule('loc-api00001', '/api')] },
        machines: [
          { ...dead(16, { locationId: 'loc-web00001' }), status: 'Alive' },
          dead(17, { locationId: 'loc-api00001', port: 31_090 }),
        ],
        replace: viewed({
          services: ok([web, api]),
          ingresses: ok([ingress]),
          slices: ok([slice(HOSTS.map((host) => endpoint(host))), slice([], { service: 'api' })]),
        }),
      }),
    ).toEqual(['tke-pod/no-endpoints cause certain → 17'])
  })

  it('forwards to the pods of a headless Service directly', () => {
    const headless = service({ clbIds: [], type: 'ClusterIP', ports: [port({ nodePort: null })] })
    const gone = '172.16.1.99'
    expect(
      lines({
        listener: { protocol: 'HTTPS', rules: [rule('loc-web00001', '/')] },
        machines: [
          dead(16, { locationId: 'loc-web00001', type: 'ENI', instanceId: null, ip: gone, port: 8080 }),
        ],
        replace: viewed({
          services: ok([headless]),
          ingresses: ok([{ ...ingress, services: ['web'], isDirect: true }]),
        }),
      }),
    ).toEqual([expect.stringContaining('target-drift/stale-target cause likely')])
  })
})

describe('a NodePort', () => {
  it('of a range of its own is found by the Service', () => {
    const own = { services: ok([service({ ports: [port({ nodePort: 20_080 })] })]), slices: ok([slice([])]) }
    const world = { machines: [dead(16, { port: 20_080 })], replace: viewed({ ...own, pods: ok([]) }) }
    expect(lines(world)).toEqual(['tke-pod/no-endpoints cause certain → 16'])
    // A self-built cluster has no tags.
    const bare = { ...world, balancer: {}, replace: viewed({ ...own, pods: ok([]) }) }
    expect(lines(bare)).toEqual(['tke-pod/no-endpoints cause certain → 16'])
  })

  it('that TCP and UDP share is that of the protocol of the listener', () => {
    const dns = service({
      ports: [port({ name: 'udp', protocol: 'UDP' }), port({ name: 'tcp', protocol: 'TCP' })],
    })
    const tcpOnly = slice(
      HOSTS.map((host) => endpoint(host)),
      { ports: [{ name: 'tcp', protocol: 'TCP', port: 8080 }] },
    )
    expect(
      lines({ machines: [dead(16)], replace: viewed({ services: ok([dns]), slices: ok([tcpOnly]) }) }),
    ).toEqual([])
  })

  it('is served by slices of one family each, and by several slices', () => {
    const six = slice(
      HOSTS.map((host) =>
        endpoint(host, { addresses: [`2402:4e00::${host}`], isReady: false, isServing: false }),
      ),
    )
    const empty = slice([])
    const full = slice([endpoint(17)])
    expect(lines({ machines: [dead(16)], replace: viewed({ slices: ok([six, empty, full]) }) })).toEqual([])
  })
})

describe('a large cluster', () => {
  const PODS = 1_200
  const ip = (i: number): string => `172.16.${Math.floor(i / 250)}.${(i % 250) + 1}`

  it('is read over all pages and slices, and a pod in the last one is known', async () => {
    const world = findScenario('local-policy')?.build()
    const own = world?.clusters[0]
    if (!world || !own?.inside) throw new Error('no cluster')
    const labels = { 'kubernetes.io/service-name': 'web' }
    const endpoints = Array.from({ length: PODS }, (_, i) => ({
      addresses: [ip(i)],
      conditions: { ready: true },
      targetRef: { kind: 'Pod', name: `web-${i}` },
    }))
    own.inside.objects = {
      endpointslices: Array.from({ length: PODS / 100 }, (_, i) => ({
        metadata: { namespace: 'shop', name: `web-${i}`, labels },
        ports: [{ protocol: 'TCP', port: 8080 }],
        endpoints: endpoints.slice(i * 100, (i + 1) * 100),
      })),
      pods: endpoints.map((_, i) => ({
        metadata: { namespace: 'shop', name: `web-${i}`, labels: { app: 'web' } },
        spec: { containers: [] },
        status: { phase: 'Running', podIP: ip(i), conditions: [{ type: 'Ready', status: 'True' }] },
      })),
    }
    let asked = 0
    const get = async (path: string) => {
      asked++
      const { status, body } = answerKubernetes(world, own, path)
      return { status, value: JSON.parse(JSON.stringify(body)) as unknown }
    }
    const view = known(
      await collect(
        { get, signal: AbortSignal.timeout(5_000), answers: new Map() },
        { id: 'lb-7dpmqwcu', tags: {}, vips: [], domain: null, nodePorts: [] },
        'test',
      ),
    )
    expect([known(view?.slices)?.length, known(view?.pods)?.length]).toEqual([PODS / 100, PODS])
    // Pages of 500: three for the pods.
    expect(asked).toBe(12)
    const bound = (address: string): Machine =>
      dead(16, { type: 'GLOBALROUTE', instanceId: null, ip: address, port: 8080 })
    const direct = known(view?.services)?.map((one) => ({ ...one, isDirect: true })) ?? []
    const told = (address: string) =>
      lines({
        machines: [bound(address)],
        replace: { kubernetes: ok({ ...view, by: 'api', services: ok(direct) }) },
      })
    expect(told(ip(PODS - 1))).toEqual([])
    expect(told('172.16.99.1')).toEqual([expect.stringContaining('target-drift/stale-target cause likely')])
  })
})

describe('a part of the kinds', () => {
  const list = (...items: readonly object[]) => kubernetesIn({ kind: 'List', items })
  const SERVICE = {
    kind: 'Service',
    metadata: {
      namespace: 'shop',
      name: 'web',
      annotations: { 'service.kubernetes.io/loadbalance-id': 'lb-7dpmqwcu' },
    },
    spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 443, nodePort: NODE_PORT }] },
  }
  const NODE = {
    kind: 'Node',
    metadata: { name: 'node-16', labels: { 'cloud.tencent.com/node-instance-id': 'ins-00000016' } },
    status: { addresses: [{ type: 'InternalIP', address: '10.0.1.16' }] },
  }
  const toldOf = (view: Kubernetes) => lines({ machines: [dead(16)], replace: { kubernetes: ok(view) } })

  it.each([
    ['Services alone', list(SERVICE)],
    ['Services and nodes', list(SERVICE, NODE)],
    [
      'pods of another namespace',
      list(SERVICE, NODE, {
        kind: 'Pod',
        metadata: { namespace: 'other', name: 'x', labels: { app: 'web' } },
      }),
    ],
  ])('concludes nothing from %s', (_, view) => {
    expect(toldOf(view)).toEqual([])
  })

  it('does not take the pods of other namespaces as all pods', () => {
    const view = list(
      SERVICE,
      NODE,
      { kind: 'Pod', metadata: { namespace: 'other', name: 'x' } },
      {
        kind: 'EndpointSlice',
        metadata: { namespace: 'shop', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
        endpoints: [],
        ports: [],
      },
    )
    const { detail } = findingOf(
      diagnosisOf({ balancer: { tags: TAGS }, machines: [dead(16)], replace: { kubernetes: ok(view) } }),
      'tke-pod/no-endpoints',
    )
    expect(detail).not.toContain('no pod has the labels')
  })

  it('does not take the slices of other namespaces as all slices', () => {
    const view = list(SERVICE, NODE, {
      kind: 'EndpointSlice',
      metadata: { namespace: 'default', name: 'k-1', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      endpoints: [{ addresses: ['10.0.0.9'] }],
      ports: [{ port: 6443 }],
    })
    expect(toldOf(view)).toEqual([])
  })
})

it('a pod of the Service that is bound under its IPv6 address is found in the slice of that family', () => {
  const six = slice([endpoint(16, { addresses: ['2402:4e00::16'] })])
  const machines = [dead(16, { type: 'ENI', instanceId: null, ip: '2402:4e00::16', port: 8080 })]
  const view = { services: ok([service({ isDirect: true })]), pods: ok([pod(16)]) }
  const told = (slices: readonly ReturnType<typeof slice>[]) =>
    lines({ machines, replace: viewed({ ...view, slices: ok(slices) }) })
  expect(told([slice([endpoint(16)]), six])).toEqual([])
  // Endpoints of the older form have one family.
  expect(told([slice([endpoint(16)])])).toEqual([])
})

it('an interface that is bound beside the pods is not certain to be a pod', () => {
  const noteOf = (ip: string) =>
    findingOf(
      diagnosisOf({
        balancer: { tags: TAGS },
        listener: { port: 9443 },
        machines: [dead(16, { type: 'ENI', instanceId: null, ip, port: 8080 })],
        replace: viewed({ services: ok([service({ isDirect: true })]) }),
      }),
      'tke-mode/direct',
    )
  expect(noteOf('172.16.1.16').certainty).toBe('certain')
  const other = noteOf('10.0.1.99')
  expect([other.certainty, other.detail]).toEqual(['likely', expect.stringContaining('names no pod')])
})
