import { type Shop, shop } from '../base.ts'
import { scenario } from '../scenario.ts'

/** The shop behind a classic CLB. Its listener has no domains and no choice of the probe source. */
function classicShop(protocol: 'TCP' | 'HTTP'): Shop {
  const made = shop()
  const { front, listener, pool } = made
  front.classic = true
  listener.protocol = protocol
  Object.assign(pool, { domain: null, url: null })
  Object.assign(pool.check, { source: null, method: null, host: null })
  if (protocol === 'TCP') Object.assign(pool.check, { type: 'TCP', path: null })
  return made
}

const PRIVATE = { type: 'INTERNAL', vip: '10.0.0.30', subnetId: 'subnet-clb00001' } as const

export const classicScenarios = [
  scenario({
    name: 'classic-private',
    summary: {
      'zh-CN': '传统型内网负载均衡：后端子网的网络 ACL 拦截了 169.254.128.0/17 的探测',
      en: 'a classic private CLB: the ACL of the backends stops its probes from 169.254.128.0/17',
    },
    vip: PRIVATE.vip,
    build() {
      const { world, front, acl } = classicShop('TCP')
      Object.assign(front, PRIVATE)
      acl.ingress.unshift({ protocol: 'all', port: '', cidr: '169.254.0.0/16', action: 'Drop' })
      return world
    },
  }),
  scenario({
    name: 'classic-private-group',
    summary: {
      'zh-CN': '传统型内网负载均衡：1 个后端的服务没有监听；安全组看似拦截探测，其实默认放行',
      en: 'a classic private CLB: one backend does not listen; a group seems to stop probes, which are let in by default',
    },
    vip: PRIVATE.vip,
    build() {
      const { world, front, machine: own } = classicShop('TCP')
      Object.assign(front, PRIVATE)
      own(18).guest.listens = []
      return world
    },
  }),
  scenario({
    name: 'classic-public-stopped',
    summary: {
      'zh-CN': '传统型公网负载均衡（HTTP 监听器）：1 个后端关机',
      en: 'a classic public CLB with an HTTP listener: one backend is shut down',
    },
    build() {
      const { world, machine: own } = classicShop('HTTP')
      own(18).state = 'STOPPED'
      return world
    },
  }),
]
