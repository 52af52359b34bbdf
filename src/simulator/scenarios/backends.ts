import { backend, check, guest, shop } from '../base.ts'
import { joinDataCentre } from '../data-centre.ts'
import { scenario } from '../scenario.ts'

const SNAT_IPS = ['10.0.0.201', '10.0.0.202']

/** The shop, but its pool has two machines in the company's own data centre. */
function dataCentre(snatIps: string[], drops: string[]) {
  const made = shop()
  const { world, front, pool } = made
  joinDataCentre(world, '172.20.0.0/16')
  front.snatPro = true
  front.snatIps = snatIps
  const hosts = ['172.20.5.11', '172.20.5.12']
  world.remotes = hosts.map((ip) => ({ ip, guest: guest(8080, { drops }) }))
  pool.backends = hosts.map((ip) => ({ type: 'CCN', machineId: null, ip, port: 8080, weight: 10 }))
  return world
}

export const backendScenarios = [
  scenario({
    name: 'healthy',
    summary: { 'zh-CN': '一切正常', en: 'all is well' },
    build: () => shop().world,
  }),
  scenario({
    name: 'instance-stopped',
    summary: { 'zh-CN': '1 台后端云服务器被关机', en: 'one backend instance was shut down' },
    build() {
      const { world, machine } = shop()
      machine(18).state = 'STOPPED'
      return world
    },
  }),
  scenario({
    name: 'instance-gone',
    summary: {
      'zh-CN': '1 台后端云服务器已销毁，监听器里还绑着',
      en: 'one backend instance was terminated and is still bound',
    },
    build() {
      const { world } = shop()
      world.machines = world.machines.filter(({ ip }) => ip !== '10.0.1.20')
      return world
    },
  }),
  scenario({
    name: 'service-down',
    summary: {
      'zh-CN': '云上配置都放行，2 台机器上的服务没有监听端口：只有到机器上才看得出来',
      en: 'everything is open in the cloud, the service of two machines does not listen: only the guests can tell',
    },
    build() {
      const { world, machine } = shop()
      for (const host of [16, 20]) machine(host).guest = guest(8080, { listens: [] })
      return world
    },
  }),
  scenario({
    name: 'health-check-off',
    summary: { 'zh-CN': '健康检查被关闭', en: 'the health check is switched off' },
    build() {
      const { world, pool } = shop()
      pool.check = check({ on: false })
      return world
    },
  }),
  scenario({
    name: 'weight-zero',
    summary: {
      'zh-CN': '全部后端权重为 0：健康检查正常，但没有流量',
      en: 'every backend has weight 0: healthy, and no traffic',
    },
    build() {
      const { world, pool, machines } = shop()
      pool.backends = machines.map((own) => backend(own, 8080, 0))
      return world
    },
  }),
  scenario({
    name: 'idc-without-snat-ip',
    summary: {
      'zh-CN': '后端在 IDC，经云联网接入，CLB 没有配置 SNAT IP',
      en: 'backends in a data centre behind CCN, and the CLB has no SNAT IP',
    },
    build: () => dataCentre([], []),
  }),
  scenario({
    name: 'idc-firewall',
    summary: {
      'zh-CN': '后端在 IDC，SNAT IP 已配置，但 IDC 的防火墙没有放行它们',
      en: 'backends in a data centre whose firewall does not let the SNAT IPs in',
    },
    build: () => dataCentre(SNAT_IPS, ['10.0.0.0/24']),
  }),
  scenario({
    name: 'target-group',
    summary: {
      'zh-CN': '规则绑定目标组，其中 1 个成员的安全组拦截 VIP',
      en: 'the rule is bound to a target group, and the security group of one member drops the VIP',
    },
    build() {
      const { world, machines, machine, pool } = shop()
      world.groups.push({
        id: 'sg-hardened',
        name: 'shop-web-hardened',
        rules: [
          { protocol: 'TCP', port: 'ALL', source: '10.0.0.0/16', action: 'ACCEPT', note: 'inside the VPC' },
        ],
      })
      machine(17).groups = ['sg-hardened']
      world.targetGroups = [
        {
          id: 'lbtg-shop0001',
          name: 'shop-web',
          vpcId: world.vpcs[0]?.id ?? '',
          type: 'v1',
          check: null,
          members: machines.map((own) => backend(own, 8080)),
        },
      ]
      pool.targetGroupId = 'lbtg-shop0001'
      pool.backends = []
      return world
    },
  }),
  scenario({
    name: 'two-faults',
    summary: {
      'zh-CN': '1 个后端被安全组拦截，另 1 个同时被拦截且已关机',
      en: 'one backend is blocked by its security group, another is blocked and shut down as well',
    },
    build() {
      const { world, machine } = shop()
      world.groups.push({ id: 'sg-newempty', name: 'new-and-empty', rules: [] })
      for (const host of [16, 17]) machine(host).groups = ['sg-newempty']
      machine(17).state = 'STOPPED'
      return world
    },
  }),
]
