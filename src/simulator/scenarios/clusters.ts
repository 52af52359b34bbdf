import { SHOP, SHOP_VIP, type Shop, shop } from '../base.ts'
import { scenario } from '../scenario.ts'
import type { ClusterInside } from '../world.ts'

const CLUSTER = 'cls-shop0001'
const NODE_PORT = 31_080
const POD_PORT = 8080

/** The shop's machines are the nodes of a cluster, and the CLB belongs to a Service of the cluster. */
function clusterShop(ipvs: boolean): Shop {
  const made = shop()
  const { world, front, listener, pool, machines } = made
  front.tags = { 'tke-clusterId': CLUSTER, 'tke-createdBy-flag': 'yes' }
  listener.protocol = 'TCP'
  Object.assign(pool, { domain: null, url: null })
  Object.assign(pool.check, { type: 'TCP', method: null, host: null, path: null })
  for (const node of machines) node.guest.listens = [{ port: NODE_PORT, protocol: 'tcp' }]
  for (const one of pool.backends) one.port = NODE_PORT
  for (const { rules } of world.groups)
    rules.unshift({
      protocol: 'TCP',
      port: '30000-32767',
      source: '203.0.113.0/24',
      action: 'ACCEPT',
      note: 'NodePorts',
    })
  world.clusters = [{ id: CLUSTER, name: 'shop', ipvs, machineIds: machines.map(({ id }) => id) }]
  return made
}

/** The cluster with its Service, a ready pod on each of these nodes, and an API of its own that can be asked. */
function inhabitedShop(hosts: readonly number[]): Shop & { readonly inside: ClusterInside } {
  const made = clusterShop(false)
  const { world, listener, machine: own } = made
  const inside: ClusterInside = {
    services: [
      {
        namespace: 'shop',
        name: 'web',
        uid: '0f6b2a52-5b0e-4a39-9f0d-7a1c1f1f7c01',
        annotations: { 'service.kubernetes.io/loadbalance-id': SHOP },
        port: listener.port,
        targetPort: POD_PORT,
        nodePort: NODE_PORT,
        local: false,
        selector: { app: 'web' },
        addresses: [SHOP_VIP],
      },
    ],
    pods: hosts.map((host, i) => ({
      namespace: 'shop',
      name: `web-7c9d5f6b8-${'bdfgh'[i % 5]}${i}x2k`,
      ip: `172.16.${host}.5`,
      machineId: own(host).id,
      labels: { app: 'web' },
      ports: [{ name: 'http', port: POD_PORT }],
      listens: POD_PORT,
      state: 'ready',
    })),
    notReady: [],
    withoutProxy: [],
  }
  for (const cluster of world.clusters) cluster.inside = inside
  for (const { rules } of world.groups)
    rules.unshift({ protocol: 'ALL', port: 'ALL', source: '10.0.0.0/16', action: 'ACCEPT', note: 'nodes' })
  return { ...made, inside }
}

export const clusterScenarios = [
  scenario({
    name: 'ipvs-loopback',
    summary: {
      'zh-CN': 'TKE 集群（IPVS 模式）的内网负载均衡：探测以 VIP 为源地址，回包出不了节点',
      en: 'a private CLB of a TKE cluster in IPVS mode: probes carry the VIP, and replies never leave the nodes',
    },
    vip: '10.0.0.30',
    build() {
      const { world, front } = clusterShop(true)
      Object.assign(front, { type: 'INTERNAL', vip: '10.0.0.30', subnetId: 'subnet-clb00001' })
      return world
    },
  }),
  scenario({
    name: 'ipvs-from-100-64',
    summary: {
      'zh-CN': '同样的集群，探测源改为 100.64.0.0/10：1 个节点的服务没有监听，其余正常',
      en: 'the same cluster with probes from 100.64.0.0/10: one node does not listen, the others are fine',
    },
    vip: '10.0.0.30',
    build() {
      const { world, front, pool, machine: own } = clusterShop(true)
      Object.assign(front, { type: 'INTERNAL', vip: '10.0.0.30', subnetId: 'subnet-clb00001' })
      pool.check.source = 1
      own(18).guest.listens = []
      return world
    },
  }),
  scenario({
    name: 'stale-node',
    summary: {
      'zh-CN': 'TKE 集群的公网负载均衡：1 台机器已移出集群，仍绑定在监听器上',
      en: 'a public CLB of a TKE cluster: one machine has left the cluster and is still bound',
    },
    build() {
      const { world, machine: own } = clusterShop(false)
      own(18).guest.listens = []
      for (const cluster of world.clusters)
        cluster.machineIds = cluster.machineIds.filter((id) => id !== own(18).id)
      return world
    },
  }),
  scenario({
    name: 'old-node-port',
    summary: {
      'zh-CN': 'Service 的 NodePort 改过：2 个节点在旧端口上的绑定还留着',
      en: 'the NodePort of a Service has changed: two nodes are still bound with the old one',
    },
    build() {
      const { world, pool, machine: own } = clusterShop(false)
      for (const host of [19, 20]) {
        const { id, ip } = own(host)
        pool.backends.push({ type: 'CVM', machineId: id, ip, port: 30_500, weight: 10 })
      }
      return world
    },
  }),
  scenario({
    name: 'local-policy',
    summary: {
      'zh-CN': 'Service 是 externalTrafficPolicy: Local，3 个节点上没有 Pod，探测异常是预期行为',
      en: 'a Service with externalTrafficPolicy Local: three nodes have no pod and fail by design',
    },
    build() {
      const { world, inside } = inhabitedShop([16, 17])
      for (const service of inside.services) service.local = true
      return world
    },
  }),
  scenario({
    name: 'no-endpoints',
    summary: {
      'zh-CN': 'Service 的 selector 写错，没有一个 Pod 符合：所有节点的 NodePort 都无人应答',
      en: 'the selector of a Service fits no pod: nobody answers on the NodePort of any node',
    },
    build() {
      const { world, inside } = inhabitedShop([16, 17, 18])
      for (const service of inside.services) service.selector = { app: 'web-v2' }
      return world
    },
  }),
  scenario({
    name: 'kube-proxy-down',
    summary: {
      'zh-CN': '1 个节点上的 kube-proxy 起不来，NodePort 没有转发规则',
      en: 'kube-proxy does not come up on one node, which has no rules for the NodePort',
    },
    build() {
      const { world, inside, machine: own } = inhabitedShop([16, 17, 18, 19, 20])
      inside.withoutProxy.push(own(18).id)
      return world
    },
  }),
  scenario({
    name: 'readiness-failing',
    summary: {
      'zh-CN': 'Pod 都在运行，但就绪探测不通过：问题在应用，不在负载均衡的路径上',
      en: 'the pods run and fail their readiness probe: the trouble is in the application',
    },
    build() {
      const { world, inside } = inhabitedShop([16, 17])
      for (const pod of inside.pods) pod.state = 'failing'
      return world
    },
  }),
]
