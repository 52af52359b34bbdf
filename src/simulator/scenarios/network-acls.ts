import { check, guest, machine, shop } from '../base.ts'
import { scenario } from '../scenario.ts'
import type { AclEntry } from '../world.ts'

const accept = (protocol: string, port: string, cidr: string): AclEntry => ({
  protocol,
  port,
  cidr,
  action: 'Accept',
})

export const networkAclScenarios = [
  scenario({
    name: 'acl-denies-inbound',
    summary: {
      'zh-CN': '后端子网的网络 ACL 入站只放行 VPC 网段，拦截了探测',
      en: "the subnet's ACL lets in the VPC alone, so probes do not get in",
    },
    build() {
      const { world, acl } = shop()
      acl.ingress = [
        accept('tcp', '1-65535', '10.0.0.0/16'),
        { ...accept('all', '', '0.0.0.0/0'), action: 'Drop' },
      ]
      return world
    },
  }),
  scenario({
    name: 'acl-denies-reply',
    summary: {
      'zh-CN': '网络 ACL 入站放行，出站只放行 VPC 网段：探测的回包出不去',
      en: 'the ACL lets probes in but only lets out what goes to the VPC: no reply gets back',
    },
    build() {
      const { world, acl } = shop()
      acl.egress = [accept('tcp', '1-65535', '10.0.0.0/16')]
      return world
    },
  }),
  scenario({
    name: 'acl-partial-cover',
    summary: {
      'zh-CN': '网络 ACL 只放行了 100.64.0.0/11，探测网段的另一半被拦截：目前仍正常，随时可能抖动',
      en: 'the ACL opens 100.64.0.0/11, one half of the probe range: still healthy, bound to flap',
    },
    build() {
      const { world, acl, pool } = shop()
      pool.check = check({ source: 1 })
      // Most nodes of this CLB have addresses in the half that the ACL allows.
      world.probers = ['100.64.0.5', '100.70.12.9', '100.77.201.14', '100.91.40.2', '100.110.66.6']
      acl.ingress = [accept('tcp', '8080', '100.64.0.0/11'), accept('tcp', 'ALL', '10.0.0.0/16')]
      return world
    },
  }),
  scenario({
    name: 'recovered',
    summary: {
      'zh-CN': '告警发来时已经恢复：全部后端正常，但网络 ACL 出站只放行了一半探测源的回包，告警可能再来',
      en: 'recovered by the time we look: every backend is well, but the ACL lets out only half of the replies, so it may come again',
    },
    build() {
      const { world, acl, pool } = shop()
      pool.check = check({ source: 1 })
      world.probers = ['100.64.0.5', '100.70.12.9', '100.77.201.14', '100.91.40.2', '100.110.66.6']
      acl.egress = [accept('tcp', 'ALL', '100.64.0.0/11'), accept('tcp', 'ALL', '10.0.0.0/16')]
      return world
    },
  }),
  scenario({
    name: 'ipv6',
    summary: {
      'zh-CN': 'IPv6 CLB：网络 ACL 只写了 IPv4 规则，IPv6 探测落到默认拒绝',
      en: 'an IPv6 CLB: the ACL has IPv4 entries only, so IPv6 probes meet the default deny',
    },
    vip: '2402:4e00:1000:2600:0:9300:1a2b:3c4d',
    build() {
      const { world, front, pool } = shop()
      front.ipv6 = true
      front.vip = '2402:4e00:1000:2600:0:9300:1a2b:3c4d'
      const [subnet] = world.subnets
      if (subnet) subnet.ipv6Cidr = '2402:4e00:1000:2601::/64'
      const six = [51, 52].map((host) =>
        machine(host, { name: `shop-six-${host}`, ipv6: `2402:4e00:1000:2601::${host}`, guest: guest(8080) }),
      )
      world.machines.push(...six)
      pool.backends = six.map(({ ipv6 }) => ({
        type: 'ENI',
        machineId: null,
        ip: ipv6 ?? '',
        port: 8080,
        weight: 10,
      }))
      return world
    },
  }),
  scenario({
    name: 'denied-permission',
    summary: {
      'zh-CN': '网络 ACL 拦截了探测，但执行角色没有读取 ACL 的权限：只能说“看不到”，不能瞎猜',
      en: 'an ACL blocks the probe, and the role may not read ACLs: the honest answer is "cannot tell"',
    },
    faults: {
      'vpc:DescribeNetworkAcls': {
        kind: 'error',
        code: 'UnauthorizedOperation.CamNoAuth',
        message: 'you are not authorized to perform operation (vpc:DescribeNetworkAcls)',
      },
    },
    build() {
      const { world, acl } = shop()
      acl.ingress = [accept('tcp', '1-65535', '10.0.0.0/16')]
      return world
    },
  }),
]
