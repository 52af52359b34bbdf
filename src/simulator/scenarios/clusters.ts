import { type Shop, shop } from '../base.ts'
import { scenario } from '../scenario.ts'

const CLUSTER = 'cls-shop0001'
const NODE_PORT = 31_080

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
]
