import { guest, type Shop, shop, VPC } from '../base.ts'
import { joinDataCentre, joinShanghai } from '../data-centre.ts'
import { scenario } from '../scenario.ts'
import type { Backend, Elsewhere } from '../world.ts'

const SNAT_IPS = ['10.0.0.201', '10.0.0.202']
const OFFICE = '172.20.0.0/16'

const overCcn = (ip: string): Backend => ({ type: 'CCN', machineId: null, ip, port: 8080, weight: 10 })

/** The shop, but its pool is in the company's own data centre. All routes exist. */
function office(): Shop {
  const made = shop()
  joinDataCentre(made.world, OFFICE)
  made.front.snatPro = true
  made.front.snatIps = SNAT_IPS
  const hosts = ['172.20.5.11', '172.20.5.12']
  made.world.remotes = hosts.map((ip) => ({ ip, guest: guest(8080) }))
  made.pool.backends = hosts.map(overCcn)
  return made
}

/** The shop, but two machines of its pool are in Shanghai. They are bound across regions over the same CCN. */
function shanghai(): { readonly made: Shop; readonly far: Elsewhere } {
  const made = shop()
  const { world, front, pool } = made
  front.snatPro = true
  front.snatIps = SNAT_IPS
  const far = joinShanghai(world, [11, 12])
  pool.backends = far.machines.map(({ ip }) => overCcn(ip))
  return { made, far }
}

export const otherRegionScenarios = [
  scenario({
    name: 'ccn-not-attached',
    summary: {
      'zh-CN': '后端在 IDC，VPC 与云联网的关联已被解除',
      en: 'backends in a data centre, and the VPC is no longer attached to the CCN',
    },
    build() {
      const { world } = office()
      for (const ccn of world.ccns) ccn.attached = ccn.attached.filter(({ id }) => id !== VPC)
      for (const table of world.routeTables) table.routes = []
      return world
    },
  }),
  scenario({
    name: 'ccn-route-disabled',
    summary: {
      'zh-CN': '后端在 IDC，云联网中通往 IDC 的路由被禁用',
      en: 'backends in a data centre, and the CCN route that leads there is disabled',
    },
    build() {
      const { world } = office()
      for (const route of world.ccns[0]?.routes ?? []) if (route.cidr === OFFICE) route.enabled = false
      return world
    },
  }),
  scenario({
    name: 'snat-subnet-acl',
    summary: {
      'zh-CN': '后端在 IDC，SNAT IP 所在子网的网络 ACL 只放行 VPC 网段，探测发不出去',
      en: "backends in a data centre, and the ACL of the SNAT IPs' own subnet lets out the VPC alone",
    },
    build() {
      const { world } = office()
      world.acls.push({
        id: 'acl-clb00001',
        name: 'clb',
        vpcId: VPC,
        type: 'TRIPLE',
        ingress: [{ protocol: 'all', port: '', cidr: '0.0.0.0/0', action: 'Accept' }],
        egress: [{ protocol: 'all', port: '', cidr: '10.0.0.0/16', action: 'Accept' }],
      })
      for (const own of world.subnets) if (own.id === 'subnet-clb00001') own.aclId = 'acl-clb00001'
      return world
    },
  }),
  scenario({
    name: 'cross-region-healthy',
    summary: {
      'zh-CN': '后端跨地域绑定（上海），一切正常',
      en: 'backends bound across regions, in Shanghai: all is well',
    },
    build: () => shanghai().made.world,
  }),
  scenario({
    name: 'cross-region-sg',
    summary: {
      'zh-CN': '后端跨地域绑定（上海），当地安全组没有放行 SNAT IP',
      en: 'backends bound across regions, in Shanghai, whose security group does not let the SNAT IPs in',
    },
    build() {
      const { made, far } = shanghai()
      for (const group of far.groups)
        group.rules = [
          { protocol: 'TCP', port: '8080', source: '10.8.0.0/16', action: 'ACCEPT', note: 'its own VPC' },
        ]
      return made.world
    },
  }),
  scenario({
    name: 'cross-region-no-return',
    summary: {
      'zh-CN': '后端跨地域绑定（上海），当地子网的路由表没有回到 SNAT IP 的路由',
      en: 'backends bound across regions, in Shanghai, whose route table has no way back to the SNAT IPs',
    },
    build() {
      const { made, far } = shanghai()
      for (const table of far.routeTables) table.routes = []
      return made.world
    },
  }),
]
