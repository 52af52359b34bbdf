import { check, guest, shop } from '../base.ts'
import { scenario } from '../scenario.ts'
import type { Group } from '../world.ts'

/** A strict group. It allows the office and the VPC, but not the CLB. */
const hardened: Group = {
  id: 'sg-hardened',
  name: 'shop-web-hardened',
  rules: [
    { protocol: 'TCP', port: '22', source: '198.51.100.0/24', action: 'ACCEPT', note: 'office ssh' },
    { protocol: 'TCP', port: '8080', source: '10.0.0.0/16', action: 'ACCEPT', note: 'inside the VPC' },
    {
      protocol: 'TCP',
      port: '8080',
      source: '203.0.113.0/24',
      action: 'DROP',
      note: 'no public traffic past the CLB',
    },
  ],
}

export const securityGroupScenarios = [
  scenario({
    name: 'sg-blocks-vip',
    summary: {
      'zh-CN': '探测源为 VIP，2 个后端换了加固安全组，没有放行 VIP；另外 3 个正常',
      en: 'probes carry the VIP; two of five backends got a hardened security group that drops it',
    },
    build() {
      const { world, machine } = shop()
      world.groups.push(structuredClone(hardened))
      for (const host of [17, 19]) machine(host).groups = ['sg-hardened']
      return world
    },
  }),
  scenario({
    name: 'sg-blocks-100-64',
    summary: {
      'zh-CN': '探测源为 100.64.0.0/10，2 个后端的安全组没有放行该网段；另外 3 个放行且正常',
      en: 'probes come from 100.64.0.0/10; two backends are in a group without it, three in one that has it',
    },
    build() {
      const { world, machine, pool } = shop()
      world.exempts10064 = false
      world.groups.push(structuredClone(hardened))
      pool.check = check({ source: 1 })
      for (const host of [17, 19]) machine(host).groups = ['sg-hardened']
      return world
    },
  }),
  scenario({
    name: 'sg-exempt-control',
    summary: {
      'zh-CN': '安全组没有放行 100.64.0.0/10，但同组 4 个后端正常（平台默认放通）；1 个后端服务没起来',
      en: 'the group lacks 100.64.0.0/10 yet four backends behind it are healthy (let through by default); one has no service',
    },
    build() {
      const { world, machines, machine, pool } = shop()
      world.groups.push(structuredClone(hardened))
      pool.check = check({ source: 1 })
      for (const own of machines) own.groups = ['sg-hardened']
      machine(18).guest = guest(8080, { listens: [] })
      return world
    },
  }),
  scenario({
    name: 'sg-template-first',
    summary: {
      'zh-CN': '黑名单参数模板里混进了 VIP 所在网段，排在放行规则之前；2 个后端用了这个安全组',
      en: 'a blocklist template that took in the network of the VIP stands before the rule that allows it, on two backends',
    },
    build() {
      const { world, machine } = shop()
      world.addressTemplates['ipm-scanners1'] = ['198.51.100.7', '192.0.2.10-192.0.2.40', '203.0.113.0/24']
      world.groups.push({
        id: 'sg-screened',
        name: 'shop-web-screened',
        rules: [
          { protocol: 'TCP', port: '22', source: '198.51.100.0/24', action: 'ACCEPT', note: 'office ssh' },
          { protocol: 'ALL', port: 'ALL', source: 'ipm-scanners1', action: 'DROP', note: 'known scanners' },
          { protocol: 'TCP', port: '8080', source: '203.0.113.26', action: 'ACCEPT', note: 'CLB' },
        ],
      })
      for (const host of [17, 19]) machine(host).groups = ['sg-screened']
      return world
    },
  }),
  scenario({
    name: 'all-backends-down',
    summary: {
      'zh-CN': '有人在共用安全组最前面加了一条拒绝规则，全部后端异常，CLB 转发给所有后端',
      en: 'someone put a DROP on top of the shared group: every backend is Dead, CLB forwards to all of them',
    },
    build() {
      const { world } = shop()
      world.groups[0]?.rules.unshift({
        protocol: 'TCP',
        port: '8000-9000',
        source: '203.0.113.0/24',
        action: 'DROP',
        note: 'block scanners',
      })
      return world
    },
  }),
]
