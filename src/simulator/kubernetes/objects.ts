import type { Cluster, ClusterInside, ClusterPod, ClusterService, Machine, World } from '../world.ts'
import { podsBehind, targetPortOf } from './forward.ts'

// The objects of a cluster as its API gives them, as far as clients look at them.

export type Api = Record<string, unknown>

const SINCE = '2026-11-01T00:00:00Z'

export const nodeName = ({ ip }: Pick<Machine, 'ip'>): string => ip

const nodesOf = (world: World, cluster: Cluster): readonly Machine[] =>
  world.machines.filter(({ id }) => cluster.machineIds.includes(id))

const nameOfNode = (world: World, id: string): string =>
  world.machines.find((machine) => machine.id === id)?.ip ?? id

export const services = (inside: ClusterInside): readonly Api[] =>
  inside.services.map((service) => ({
    metadata: {
      namespace: service.namespace,
      name: service.name,
      uid: service.uid,
      annotations: service.annotations,
      creationTimestamp: SINCE,
    },
    spec: {
      type: 'LoadBalancer',
      clusterIP: '172.20.0.10',
      externalTrafficPolicy: service.local ? 'Local' : 'Cluster',
      selector: service.selector,
      ports: [
        {
          ...(service.portName === undefined ? {} : { name: service.portName }),
          protocol: 'TCP',
          port: service.port,
          targetPort: service.targetPort,
          ...(service.nodePort === null ? {} : { nodePort: service.nodePort }),
        },
      ],
    },
    status: { loadBalancer: { ingress: service.addresses.map((ip) => ({ ip })) } },
  }))

/** The slice of a Service: its pods that have an address and the port, ready or not. */
export const slices = (world: World, inside: ClusterInside): readonly Api[] =>
  inside.services.map((service) => {
    const pods = podsBehind(inside, service).filter((pod) => targetPortOf(service, pod) !== null)
    const [port = null] = pods.map((pod) => targetPortOf(service, pod))
    return {
      metadata: {
        namespace: service.namespace,
        name: `${service.name}-7xk2p`,
        labels: { 'kubernetes.io/service-name': service.name },
      },
      addressType: 'IPv4',
      ports: port === null ? [] : [{ name: service.portName ?? '', protocol: 'TCP', port }],
      endpoints: pods.map((pod) => {
        const isReady = isPodReady(inside, pod)
        return {
          addresses: [pod.ip],
          conditions: { ready: isReady, serving: isReady, terminating: false },
          nodeName: nameOfNode(world, pod.machineId),
          targetRef: { kind: 'Pod', namespace: pod.namespace, name: pod.name },
        }
      }),
    }
  })

const isPodReady = ({ notReady }: ClusterInside, { state, machineId }: ClusterPod): boolean =>
  state === 'ready' && !notReady.includes(machineId)

/** The same as the older Endpoints. */
export const endpoints = (world: World, inside: ClusterInside): readonly Api[] =>
  slices(world, inside).map((slice, i) => {
    const all = slice.endpoints as readonly {
      conditions: { ready: boolean }
      addresses: string[]
      nodeName: string
      targetRef: Api
    }[]
    const of = (isReady: boolean) =>
      all
        .filter(({ conditions }) => conditions.ready === isReady)
        .map(({ addresses: [ip], nodeName: node, targetRef }) => ({ ip, nodeName: node, targetRef }))
    const { namespace, name } = inside.services[i] as ClusterService
    return {
      metadata: { namespace, name },
      subsets:
        all.length === 0 ? [] : [{ addresses: of(true), notReadyAddresses: of(false), ports: slice.ports }],
    }
  })

export const pods = (world: World, cluster: Cluster, inside: ClusterInside): readonly Api[] => [
  ...inside.pods.map((pod) => {
    const isReady = isPodReady(inside, pod)
    const isUp = pod.state !== 'crashing'
    return {
      metadata: { namespace: pod.namespace, name: pod.name, labels: pod.labels },
      spec: {
        nodeName: nameOfNode(world, pod.machineId),
        containers: [
          {
            name: 'web',
            image: 'shop/web:1',
            env: [{ name: 'DB_PASSWORD', value: 'never-shown' }],
            ports: pod.ports.map(({ name, port }) => ({
              ...(name ? { name } : {}),
              containerPort: port,
              protocol: 'TCP',
            })),
            readinessProbe: { httpGet: { path: '/ready', port: pod.listens } },
          },
        ],
      },
      status: {
        phase: 'Running',
        podIP: pod.ip,
        podIPs: [{ ip: pod.ip }],
        conditions: [
          { type: 'Ready', status: isReady ? 'True' : 'False' },
          { type: 'ContainersReady', status: isReady ? 'True' : 'False' },
        ],
        containerStatuses: [
          {
            name: 'web',
            ready: pod.state === 'ready',
            restartCount: isUp ? 0 : 7,
            state: isUp ? { running: { startedAt: SINCE } } : { waiting: { reason: 'CrashLoopBackOff' } },
          },
        ],
      },
    }
  }),
  ...nodesOf(world, cluster).map((machine) => proxyPod(machine, inside)),
]

export const proxyName = (machineId: string): string => `kube-proxy-${machineId.slice(-5)}`

function proxyPod(machine: Machine, { notReady, withoutProxy }: ClusterInside): Api {
  const isDown = withoutProxy.includes(machine.id)
  const isReady = !isDown && !notReady.includes(machine.id)
  return {
    metadata: { namespace: 'kube-system', name: proxyName(machine.id), labels: { 'k8s-app': 'kube-proxy' } },
    spec: { nodeName: nodeName(machine), hostNetwork: true, containers: [{ name: 'kube-proxy' }] },
    status: {
      phase: 'Running',
      podIP: machine.ip,
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
      containerStatuses: [
        {
          name: 'kube-proxy',
          ready: !isDown,
          restartCount: isDown ? 12 : 0,
          state: isDown ? { waiting: { reason: 'CrashLoopBackOff' } } : { running: {} },
        },
      ],
    },
  }
}

export const nodes = (world: World, cluster: Cluster, { notReady }: ClusterInside): readonly Api[] =>
  nodesOf(world, cluster).map((machine) => {
    const isReady = !notReady.includes(machine.id)
    return {
      metadata: { name: nodeName(machine), labels: { 'cloud.tencent.com/node-instance-id': machine.id } },
      spec: { providerID: `qcloud:///100003/${machine.id}` },
      status: {
        addresses: [
          { type: 'InternalIP', address: machine.ip },
          { type: 'Hostname', address: machine.ip },
        ],
        conditions: [
          isReady
            ? { type: 'Ready', status: 'True', reason: 'KubeletReady' }
            : { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' },
        ],
      },
    }
  })

export const proxySet = (cluster: Cluster): Api => ({
  metadata: { namespace: 'kube-system', name: 'kube-proxy', labels: { 'k8s-app': 'kube-proxy' } },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: 'kube-proxy',
            command: ['kube-proxy', `--proxy-mode=${cluster.ipvs ? 'ipvs' : 'iptables'}`],
          },
        ],
      },
    },
  },
  status: { desiredNumberScheduled: cluster.machineIds.length, numberReady: cluster.machineIds.length },
})

export const controllerConfig: Api = {
  metadata: { namespace: 'kube-system', name: 'tke-service-controller-config' },
  data: { VERSION: 'v2.10.0', GlobalRouteDirectAccess: 'false' },
}

/** A warning for each pod that is not ready. */
export const events = (inside: ClusterInside): readonly Api[] =>
  inside.pods
    .filter(({ state }) => state !== 'ready')
    .map((pod) => ({
      metadata: { namespace: pod.namespace, name: `${pod.name}.17a1` },
      type: 'Warning',
      reason: pod.state === 'failing' ? 'Unhealthy' : 'BackOff',
      message:
        pod.state === 'failing'
          ? 'Readiness probe failed: HTTP probe failed with statuscode: 503'
          : 'Back-off restarting failed container web',
      involvedObject: { kind: 'Pod', namespace: pod.namespace, name: pod.name },
      lastTimestamp: '2026-11-19T23:00:00Z',
    }))
