import { describe, expect, it } from 'vitest'
import { KubernetesTextError, kubernetesIn, parseKubernetes } from '../../src/kube/index.ts'
import { pageOf } from '../../src/kube/parse/index.ts'
import { known } from '../../src/model/fact.ts'

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: 'uid-web',
    annotations: {
      'service.kubernetes.io/loadbalance-id': 'lb-7dpmqwcu',
      'service.cloud.tencent.com/direct-access': 'true',
      'service.cloud.tencent.com/mode': 'skip',
      'service.cloud.tencent.com/tke-service-config-auto': 'true',
      'service.kubernetes.io/local-svc-only-bind-node-with-pod': 'true',
      'kubectl.kubernetes.io/last-applied-configuration': '{"password":"never-shown"}',
    },
  },
  spec: {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: 31_999,
    selector: { app: 'web' },
    ports: [
      { name: 'https', port: 443, protocol: 'TCP', targetPort: 'http', nodePort: 31_080 },
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353 },
      { port: 80 },
    ],
  },
  status: { loadBalancer: { ingress: [{ ip: '203.0.113.26' }, { hostname: 'lb.example.com' }] } },
}
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-1',
    namespace: 'shop',
    labels: { app: 'web' },
    deletionTimestamp: '2026-11-20T00:00:00Z',
  },
  spec: {
    nodeName: '10.0.1.16',
    readinessGates: [{ conditionType: 'cloud.tencent.com/load-balancer-backendgroup-ready' }],
    containers: [
      {
        name: 'web',
        env: [{ name: 'DB_PASSWORD', value: 'never-shown' }],
        ports: [{ name: 'http', containerPort: 8080 }],
        readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
      },
      { name: 'sidecar' },
    ],
  },
  status: {
    phase: 'Running',
    podIP: '172.16.1.5',
    podIPs: [{ ip: '172.16.1.5' }, { ip: '2402:4e00::5' }],
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      { name: 'web', ready: false, restartCount: 7, state: { waiting: { reason: 'CrashLoopBackOff' } } },
      { name: 'sidecar', ready: true, restartCount: 0, state: { running: {} } },
    ],
  },
}
const listOf = (...items: readonly unknown[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
const servicesIn = (text: string) => known(parseKubernetes(text).services)
const errorOf = (text: string): KubernetesTextError => {
  try {
    parseKubernetes(text)
  } catch (error) {
    if (error instanceof KubernetesTextError) return error
    throw error
  }
  throw new Error('it was taken')
}

describe('what kubectl prints', () => {
  it('is read as a mixed list, with a fact for each kind that it holds', () => {
    const view = parseKubernetes(listOf(SERVICE, POD))
    expect(Object.keys(view).sort()).toEqual(['by', 'pods', 'services'])
    expect(known(view.services)).toEqual([
      {
        namespace: 'shop',
        name: 'web',
        uid: 'uid-web',
        type: 'LoadBalancer',
        ports: [
          { name: 'https', protocol: 'TCP', port: 443, targetPort: 'http', nodePort: 31_080 },
          { name: 'dns', protocol: 'UDP', port: 53, targetPort: 5353, nodePort: null },
          { name: null, protocol: 'TCP', port: 80, targetPort: 80, nodePort: null },
        ],
        isLocal: true,
        healthCheckNodePort: 31_999,
        selector: { app: 'web' },
        addresses: ['203.0.113.26', 'lb.example.com'],
        bindsNodesWithPods: true,
        clbIds: ['lb-7dpmqwcu'],
        isDirect: true,
        isSkipped: true,
        serviceConfig: 'web-auto-service-config',
      },
    ])
    expect(known(view.pods)).toEqual([
      {
        namespace: 'shop',
        name: 'web-1',
        labels: { app: 'web' },
        phase: 'Running',
        ips: ['172.16.1.5', '2402:4e00::5'],
        node: '10.0.1.16',
        isTerminating: true,
        isReady: false,
        openGates: ['cloud.tencent.com/load-balancer-backendgroup-ready'],
        containers: [
          {
            name: 'web',
            isReady: false,
            restarts: 7,
            waiting: 'CrashLoopBackOff',
            ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
            readiness: { kind: 'http', port: 'http', path: '/ready' },
          },
          { name: 'sidecar', isReady: true, restarts: 0, waiting: null, ports: [], readiness: null },
        ],
      },
    ])
  })

  it('keeps no environment and no other annotation', () => {
    expect(JSON.stringify(parseKubernetes(listOf(SERVICE, POD)))).not.toContain('never-shown')
  })

  it.each([
    [
      'a list of one kind, whose objects carry none',
      JSON.stringify({ kind: 'ServiceList', items: [{ ...SERVICE, kind: undefined }] }),
    ],
    ['one object', JSON.stringify(SERVICE)],
    [
      'a list of lists',
      JSON.stringify([
        { kind: 'List', items: [SERVICE] },
        { kind: 'List', items: [POD] },
      ]),
    ],
    ['text with a byte order mark', `\ufeff${listOf(SERVICE)}`],
  ])('is read as %s', (_, text) => {
    expect(servicesIn(text)?.map(({ name }) => name)).toEqual(['web'])
  })

  it('reads nodes, slices, kube-proxy and its mode, the controller, and warnings', () => {
    const view = parseKubernetes(
      listOf(
        {
          kind: 'Node',
          metadata: { name: 'n1', labels: {} },
          spec: { providerID: 'qcloud:///100003/ins-00000016' },
          status: {
            addresses: [
              { type: 'InternalIP', address: '10.0.1.16' },
              { type: 'Hostname', address: 'n1' },
            ],
            conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }],
          },
        },
        {
          kind: 'EndpointSlice',
          metadata: { name: 'web-x', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
          ports: [{ name: '', port: 8080 }],
          endpoints: [
            {
              addresses: ['172.16.1.5'],
              conditions: { ready: false, serving: true, terminating: true },
              nodeName: 'n1',
            },
            { addresses: ['172.16.1.6'], conditions: {}, targetRef: { kind: 'Pod', name: 'web-2' } },
          ],
        },
        {
          ...POD,
          metadata: { name: 'kube-proxy-1', namespace: 'kube-system', labels: { 'k8s-app': 'kube-proxy' } },
        },
        {
          kind: 'DaemonSet',
          metadata: { name: 'kube-proxy', namespace: 'kube-system' },
          spec: { template: { spec: { containers: [{ command: ['kube-proxy', '--proxy-mode', 'ipvs'] }] } } },
          status: { desiredNumberScheduled: 3 },
        },
        {
          kind: 'ConfigMap',
          metadata: { name: 'tke-service-controller-config', namespace: 'kube-system' },
          data: { VERSION: 'v2.10.0', GlobalRouteDirectAccess: 'true' },
        },
        { kind: 'Event', metadata: { name: 'a', namespace: 'shop' }, type: 'Normal', reason: 'Pulled' },
        {
          kind: 'Event',
          metadata: { name: 'b', namespace: 'shop' },
          type: 'Warning',
          reason: 'Unhealthy',
          message: 'm'.repeat(999),
          involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
          lastTimestamp: '2026-11-20T00:00:00Z',
        },
      ),
    )
    expect(known(view.nodes)).toEqual([
      {
        name: 'n1',
        addresses: ['10.0.1.16'],
        instanceId: 'ins-00000016',
        isReady: false,
        reason: 'NodeStatusUnknown',
        isVirtual: false,
      },
    ])
    expect(known(view.slices)).toEqual([
      {
        namespace: 'shop',
        service: 'web',
        ports: [{ name: null, protocol: 'TCP', port: 8080 }],
        endpoints: [
          {
            addresses: ['172.16.1.5'],
            isReady: false,
            isServing: true,
            isTerminating: true,
            node: 'n1',
            pod: null,
          },
          {
            addresses: ['172.16.1.6'],
            isReady: true,
            isServing: true,
            isTerminating: false,
            node: null,
            pod: 'web-2',
          },
        ],
      },
    ])
    expect(known(view.proxies)?.map(({ name }) => name)).toEqual(['kube-proxy-1'])
    expect(known(view.proxySet)).toEqual({ mode: 'ipvs', desired: 3 })
    expect(known(view.controller)).toEqual({ version: 'v2.10.0', globalRouteDirect: true })
    expect(known(view.events)?.map(({ reason, message }) => [reason, message.length])).toEqual([
      ['Unhealthy', 200],
    ])
  })

  it('takes Endpoints where there are no EndpointSlices', () => {
    const view = parseKubernetes(
      listOf({
        kind: 'Endpoints',
        metadata: { name: 'web', namespace: 'shop' },
        subsets: [
          {
            addresses: [{ ip: '172.16.1.5', nodeName: 'n1' }],
            notReadyAddresses: [
              { ip: '172.16.1.6', nodeName: 'n2', targetRef: { kind: 'Pod', name: 'web-2' } },
            ],
            ports: [{ port: 8080, protocol: 'TCP' }],
          },
        ],
      }),
    )
    const ready = known(view.slices)?.flatMap(({ endpoints }) =>
      endpoints.map(({ addresses, isReady }) => [addresses[0], isReady]),
    )
    expect(ready).toEqual([
      ['172.16.1.5', true],
      ['172.16.1.6', false],
    ])
  })

  it('reads an Ingress of another class as one, and a list of nothing', () => {
    const classOf = (fields: object) =>
      known(kubernetesIn({ kind: 'Ingress', metadata: { name: 'front' }, ...fields }).ingresses)?.[0]
        ?.isOfOther
    const annotated = (value: string) => ({
      metadata: { name: 'front', annotations: { 'kubernetes.io/ingress.class': value } },
    })
    expect([
      classOf({}),
      classOf({ spec: { ingressClassName: 'qcloud' } }),
      classOf(annotated('qcloud')),
      classOf({ spec: { ingressClassName: 'nginx' } }),
      classOf(annotated('nginx')),
    ]).toEqual([undefined, undefined, undefined, true, true])
    expect(pageOf({ kind: 'PodList', items: null })).toEqual({ objects: [], next: null })
    expect(pageOf({ kind: 'Pod', items: null })).toBeNull()
  })

  it('tells whether a Service binds the nodes with its pods alone', () => {
    const [yes, no, other] = ['true', 'false', undefined].map(
      (value) =>
        known(
          kubernetesIn({
            kind: 'Service',
            metadata: {
              name: 'web',
              annotations: { 'service.kubernetes.io/local-svc-only-bind-node-with-pod': value },
            },
          }).services,
        )?.[0]?.bindsNodesWithPods,
    )
    expect([yes, no, other]).toEqual([true, false, false])
  })

  it('does not take a slice without the label of a Service for one of it', () => {
    const slice = { kind: 'EndpointSlice', metadata: { namespace: 'shop', name: 'web' } }
    expect(known(kubernetesIn(slice).slices)?.[0]?.service).toBe('')
  })

  it('does not take the pods of one namespace as proof that there is no kube-proxy', () => {
    expect(parseKubernetes(listOf(POD)).proxies).toBeUndefined()
  })

  it('reads an Ingress of either form, with the id of its CLB', () => {
    const rule = (backend: object) => [{ http: { paths: [{ backend }] } }]
    const ingress = (name: string, backend: object) => ({
      kind: 'Ingress',
      metadata: {
        name,
        namespace: 'shop',
        annotations: { 'kubernetes.io/ingress.existLbId': 'lb-7dpmqwcu' },
      },
      spec: { rules: rule(backend) },
    })
    const view = parseKubernetes(
      listOf(ingress('new', { service: { name: 'web' } }), ingress('old', { serviceName: 'web' })),
    )
    expect(known(view.ingresses)?.map(({ clbIds, services }) => [clbIds, services])).toEqual([
      [['lb-7dpmqwcu'], ['web']],
      [['lb-7dpmqwcu'], ['web']],
    ])
  })

  it('takes fields of the wrong type as missing', () => {
    const odd = {
      ...SERVICE,
      spec: { ports: [null, { port: '80' }, { port: 81, nodePort: 'x' }], selector: [] },
      status: null,
    }
    expect(servicesIn(listOf(odd, null, 7))?.map(({ ports, selector }) => [ports.length, selector])).toEqual([
      [1, null],
    ])
  })
})

describe('a text that says nothing of a cluster', () => {
  it.each([
    ['{"items": [', /no complete JSON.*kubectl get svc/],
    ['{"a": 1}', /no Kubernetes object.*kubectl get svc/],
    ['[]', /no Kubernetes object/],
    ['"text"', /no Kubernetes object/],
    [
      JSON.stringify({
        kind: 'SecretList',
        items: [{ metadata: { name: 's' }, data: { a: 'never-shown' } }],
      }),
      /only Secret/,
    ],
    [JSON.stringify({ kind: 'Status', message: 'services is forbidden' }), /services is forbidden/],
    [listOf({ kind: 'Service', metadata: {} }), /no metadata\.name/],
    [
      JSON.stringify({ kind: 'PodList', metadata: { continue: 'eyJ2' }, items: [POD] }),
      /PodList is only the first page.*kubectl get svc/,
    ],
  ])('%s is refused with what to run instead', (text, message) => {
    const error = errorOf(text)
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('never-shown')
    expect(error.inLanguage('zh-CN')).toMatch(/\p{Script=Han}/u)
  })
})
