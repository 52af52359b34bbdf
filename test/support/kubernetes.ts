import { ok } from '../../src/model/fact.ts'
import type {
  Container,
  Endpoint,
  EndpointSlice,
  Kubernetes,
  KubernetesNode,
  KubernetesService,
  Pod,
  ServicePort,
} from '../../src/model/kubernetes.ts'

// A hand-built cluster as the checks see it: Service shop/web on TCP:443 with NodePort 31080, nodes 10.0.1.x.

export const NODE_PORT = 31_080

export const port = (fields: Partial<ServicePort> = {}): ServicePort => ({
  name: null,
  protocol: 'TCP',
  port: 443,
  targetPort: 8080,
  nodePort: NODE_PORT,
  ...fields,
})

export const service = (fields: Partial<KubernetesService> = {}): KubernetesService => ({
  namespace: 'shop',
  name: 'web',
  uid: 'uid-web',
  type: 'LoadBalancer',
  ports: [port()],
  isLocal: false,
  healthCheckNodePort: null,
  selector: { app: 'web' },
  addresses: [],
  bindsNodesWithPods: false,
  clbIds: ['lb-7dpmqwcu'],
  isDirect: false,
  isSkipped: false,
  serviceConfig: null,
  ...fields,
})

export const node = (host: number, fields: Partial<KubernetesNode> = {}): KubernetesNode => ({
  name: `node-${host}`,
  addresses: [`10.0.1.${host}`],
  instanceId: `ins-${String(host).padStart(8, '0')}`,
  isReady: true,
  reason: null,
  isVirtual: false,
  ...fields,
})

export const container = (fields: Partial<Container> = {}): Container => ({
  name: 'web',
  isReady: true,
  restarts: 0,
  waiting: null,
  ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
  readiness: { kind: 'http', port: 8080, path: '/ready' },
  ...fields,
})

export const pod = (host: number, fields: Partial<Pod> = {}): Pod => ({
  namespace: 'shop',
  name: `web-${host}`,
  labels: { app: 'web' },
  phase: 'Running',
  ips: [`172.16.1.${host}`],
  node: `node-${host}`,
  isTerminating: false,
  isReady: true,
  openGates: [],
  containers: [container()],
  ...fields,
})

export const proxy = (host: number, fields: Partial<Pod> = {}): Pod =>
  pod(host, {
    namespace: 'kube-system',
    name: `kube-proxy-${host}`,
    labels: { 'k8s-app': 'kube-proxy' },
    ips: [`10.0.1.${host}`],
    containers: [container({ name: 'kube-proxy', ports: [], readiness: null })],
    ...fields,
  })

export const endpoint = (host: number, fields: Partial<Endpoint> = {}): Endpoint => ({
  addresses: [`172.16.1.${host}`],
  isReady: true,
  isServing: true,
  isTerminating: false,
  node: `node-${host}`,
  pod: `web-${host}`,
  ...fields,
})

export const slice = (
  endpoints: readonly Endpoint[],
  fields: Partial<EndpointSlice> = {},
): EndpointSlice => ({
  namespace: 'shop',
  service: 'web',
  ports: [{ name: null, protocol: 'TCP', port: 8080 }],
  endpoints,
  ...fields,
})

/** A cluster of these nodes in which all is well: a ready pod and kube-proxy on each. */
export const cluster = (hosts: readonly number[], fields: Partial<Kubernetes> = {}): Kubernetes => ({
  by: 'api',
  context: 'shop (10.0.0.2:443)',
  services: ok([service()]),
  ingresses: ok([]),
  slices: ok([slice(hosts.map((host) => endpoint(host)))]),
  pods: ok(hosts.map((host) => pod(host))),
  nodes: ok(hosts.map((host) => node(host))),
  proxies: ok(hosts.map((host) => proxy(host))),
  proxySet: ok({ mode: 'iptables', desired: hosts.length }),
  controller: ok({ version: 'v2.10.0', globalRouteDirect: false }),
  serviceConfigs: ok([]),
  events: ok([]),
  ...fields,
})
