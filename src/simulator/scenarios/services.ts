import { guest, machine, type Shop, shop, VPC } from '../base.ts'
import { scenario } from '../scenario.ts'
import type { Service } from '../world.ts'

const redis = (fields: Partial<Service> = {}): Service => ({
  kind: 'redis',
  id: 'crs-shop0001',
  vpcId: VPC,
  subnetId: 'subnet-web00001',
  ip: '10.0.1.71',
  groups: ['sg-redis001'],
  guest: guest(6379),
  ...fields,
})

/** The pool is a Redis instance of the VPC. It is bound by its address, so probes come from the SNAT IPs. */
function boundByAddress(rules: Shop['world']['groups'][number]['rules']): Shop {
  const made = shop()
  const { world, front, listener, pool } = made
  world.groups.push({ id: 'sg-redis001', name: 'redis', rules })
  world.services = [redis()]
  front.snatPro = true
  front.snatIps = ['10.0.0.201']
  listener.protocol = 'TCP'
  Object.assign(pool, { domain: null, url: null })
  Object.assign(pool.check, { type: 'TCP', method: null, host: null, path: null })
  pool.backends = [{ type: 'CCN', machineId: null, ip: '10.0.1.71', port: 6379, weight: 10 }]
  return made
}

export const serviceScenarios = [
  scenario({
    name: 'redis-group',
    summary: {
      'zh-CN': '后端是云数据库 Redis，它的安全组没有放行 SNAT IP',
      en: 'the backend is a TencentDB for Redis whose security group does not let the SNAT IP in',
    },
    build: () =>
      boundByAddress([
        { protocol: 'TCP', port: '6379', source: '10.0.1.0/24', action: 'ACCEPT', note: 'the web servers' },
      ]).world,
  }),
  scenario({
    name: 'redis-acl',
    summary: {
      'zh-CN': '后端是云数据库 Redis，它所在子网的网络 ACL 拦截了回包',
      en: 'the backend is a TencentDB for Redis, and the ACL of its subnet stops the replies',
    },
    build() {
      const { world, acl } = boundByAddress([
        { protocol: 'TCP', port: '6379', source: '10.0.0.0/16', action: 'ACCEPT' },
      ])
      acl.egress = [{ protocol: 'tcp', port: '1-1023', cidr: '0.0.0.0/0', action: 'Accept' }]
      return world
    },
  }),
  scenario({
    name: 'cos-acl',
    summary: {
      'zh-CN': '后端是 VPC 内的 COS 地址（没有安全组），子网的网络 ACL 拦截了探测',
      en: 'the backend is a COS address of the VPC, which has no security groups; the ACL of its subnet stops the probes',
    },
    build() {
      const { world, acl, pool } = boundByAddress([])
      world.services = [redis({ kind: 'cos', id: 'cos-shop0001', groups: [], guest: guest(443) })]
      for (const one of pool.backends) one.port = 443
      acl.ingress = [{ protocol: 'tcp', port: '8080', cidr: '0.0.0.0/0', action: 'Accept' }]
      return world
    },
  }),
  scenario({
    name: 'address-released',
    summary: {
      'zh-CN': '按弹性网卡绑定的 1 个后端，地址已被释放',
      en: 'one backend is bound by an interface address that has been released',
    },
    build() {
      const { world, pool } = shop()
      pool.backends.push({ type: 'ENI', machineId: null, ip: '10.0.1.88', port: 8080, weight: 10 })
      return world
    },
  }),
  scenario({
    name: 'global-router-pods',
    summary: {
      'zh-CN': 'GlobalRouter 直连 Pod，节点安全组没有放行 VIP 到容器端口',
      en: 'pods of a GlobalRouter network, whose node does not let the VIP in to the container port',
    },
    build() {
      const { world, pool } = shop()
      const nodes = [61, 62].map((host) =>
        machine(host, { name: `node-${host}`, groups: [host === 61 ? 'sg-shopweb1' : 'sg-node0001'] }),
      )
      world.groups.push({
        id: 'sg-node0001',
        name: 'node',
        rules: [{ protocol: 'TCP', port: '30000-32767', source: '203.0.113.0/24', action: 'ACCEPT' }],
      })
      world.machines.push(...nodes)
      world.pods = nodes.map(({ id }, i) => ({
        ip: `172.16.${i}.${5 + i}`,
        machineId: id,
        guest: guest(8080),
      }))
      pool.backends = world.pods.map(({ ip, machineId }) => ({
        type: 'GLOBALROUTE',
        machineId,
        ip,
        port: 8080,
        weight: 10,
      }))
      return world
    },
  }),
  scenario({
    name: 'nat64',
    summary: {
      'zh-CN': 'IPv6 NAT64 负载均衡：1 个后端关机，其余正常',
      en: 'an IPv6 NAT64 CLB: one backend is shut down, the others are fine',
    },
    vip: '2402:4e00:1000:2600:0:9300:1a2b:3c4d',
    build() {
      const { world, front, pool, machine: own } = shop()
      Object.assign(front, { ipv6: true, nat64: true, vip: '2402:4e00:1000:2600:0:9300:1a2b:3c4d' })
      pool.check.source = 1
      own(18).state = 'STOPPED'
      return world
    },
  }),
]
