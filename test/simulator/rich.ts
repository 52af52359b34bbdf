import {
  backend,
  balancer,
  check,
  guest,
  machine,
  openAcl,
  rule,
  shop,
  subnet,
} from '../../src/simulator/base.ts'
import { joinDataCentre } from '../../src/simulator/data-centre.ts'
import type { World } from '../../src/simulator/world.ts'

export const RICH = {
  listeners: ['lbl-shop0443', 'lbl-udp00053', 'lbl-tcp00080'],
  classic: 'lb-classic1',
  cache: '10.0.1.71',
} as const

const KINDS = [
  ['cdb', 'cdb-rich0001'],
  ['redis', 'crs-rich0001'],
  ['mongodb', 'cmgo-rich0001'],
  ['postgres', 'postgres-rich0001'],
  ['ckafka', 'ckafka-rich0001'],
] as const

/** The shop and one of everything else: extra interfaces, target groups, a quintuple ACL, templates, IPv6. */
export function richWorld(): World {
  const { world, front, machines } = shop()
  const six = machine(60, { ipv6: '2402:4e00:1000:2601::60', publicBandwidth: 1 })
  world.machines.push(six)
  world.interfaces = [
    {
      id: 'eni-second01',
      vpcId: six.vpcId,
      subnetId: 'subnet-web00001',
      ips: ['10.0.1.161', '10.0.1.162'],
      groups: ['sg-tmpl0001'],
      machineId: six.id,
    },
    {
      id: 'eni-loose001',
      vpcId: six.vpcId,
      subnetId: 'subnet-web00001',
      ips: ['10.0.1.170'],
      groups: [],
      machineId: null,
    },
  ]
  world.acls.push(
    openAcl({
      id: 'acl-five0001',
      name: 'five',
      type: 'QUINTUPLE',
      ingress: [
        {
          protocol: 'TCP',
          port: '8080',
          cidr: '100.64.0.0/10',
          action: 'Accept',
          destinationCidr: '10.0.1.0/24',
        },
        { protocol: 'ALL', port: '', cidr: '::/0', action: 'Drop' },
      ],
      egress: [
        { protocol: 'TCP', port: '1024-65535', cidr: '10.0.1.0/24', action: 'Accept', sourcePort: '8080' },
      ],
    }),
  )
  world.groups.push({
    id: 'sg-tmpl0001',
    name: 'templates',
    rules: [
      { protocol: '', port: '', service: 'ppm-web00001', source: 'ipm-clb00001', action: 'ACCEPT' },
      { protocol: '', port: '', service: 'ppmg-all00001', source: 'ipmg-all0001', action: 'ACCEPT' },
      { protocol: 'TCP', port: 'ALL', source: 'sg-shopweb1', action: 'ACCEPT' },
      { protocol: 'TCP', port: '8080', source: '2402:4e00::/32', action: 'DROP', note: 'no IPv6' },
    ],
  })
  world.addressTemplates = {
    'ipm-clb00001': ['100.64.0.0/10', '10.0.0.1-10.0.0.9'],
    'ipm-vip00001': ['203.0.113.26'],
  }
  world.addressGroups = { 'ipmg-all0001': ['ipm-clb00001', 'ipm-vip00001'] }
  world.serviceTemplates = { 'ppm-web00001': ['tcp:8080'], 'ppm-dns00001': ['udp:53'] }
  world.serviceGroups = { 'ppmg-all00001': ['ppm-web00001', 'ppm-dns00001'] }
  world.targetGroups = [
    {
      id: 'lbtg-first001',
      name: 'first',
      vpcId: front.vpcId,
      type: 'v1',
      check: null,
      members: machines.slice(0, 2).map((own) => backend(own, 8080)),
    },
    {
      id: 'lbtg-second01',
      name: 'second',
      vpcId: front.vpcId,
      type: 'v2',
      check: check({ type: 'TCP', source: null }),
      members: machines.slice(2).map((own) => backend(own, 8080)),
    },
  ]
  const dns = check({ type: 'PING', method: null, host: null, path: null })
  front.listeners.push(
    {
      id: 'lbl-udp00053',
      name: 'dns',
      protocol: 'UDP',
      port: 53,
      stopped: false,
      rules: [
        rule({
          id: 'loc-udp00053',
          check: dns,
          backends: [
            { type: 'ENI', machineId: null, ip: '10.0.1.161', port: 53, weight: 5 },
            { type: 'ENI', machineId: null, ip: '2402:4e00:1000:2601::60', port: 53, weight: 5 },
          ],
        }),
      ],
    },
    {
      id: 'lbl-tcp00080',
      name: 'grouped',
      protocol: 'TCP',
      port: 80,
      stopped: true,
      rules: [rule({ id: 'loc-tcp00080', targetGroupId: 'lbtg-second01' })],
    },
  )
  front.listeners[0]?.rules.push(
    rule({
      id: 'loc-group001',
      domain: 'shop.example.com',
      url: '/api',
      check: check(),
      targetGroupId: 'lbtg-first001',
    }),
  )
  world.balancers.push(
    balancer({
      id: 'lb-sixsix66',
      name: 'six',
      ipv6: true,
      vip: '2402:4e00:1000:2600:0:9300:1a2b:3c4d',
      snatPro: true,
      snatIps: ['10.0.0.201'],
      passToTarget: true,
      listeners: [],
    }),
  )
  world.services = KINDS.map(([kind, id], i) => ({
    kind,
    id,
    vpcId: front.vpcId,
    subnetId: 'subnet-web00001',
    ip: `10.0.1.${70 + i}`,
    groups: ['sg-shopweb1'],
    guest: guest(6379),
  }))
  world.clusters = [{ id: 'cls-rich0001', name: 'rich', ipvs: true, machineIds: [six.id] }]
  joinDataCentre(world, '172.20.0.0/16')
  world.others['ap-shanghai'] = {
    vpcs: [{ id: 'vpc-shanghai', numericId: 9, cidr: '10.8.0.0/16' }],
    subnets: [subnet({ id: 'subnet-shang001', vpcId: 'vpc-shanghai', cidr: '10.8.1.0/24' })],
    acls: [],
    groups: [],
    machines: [machine(9, { id: 'ins-shanghai9', ip: '10.8.1.9', vpcId: 'vpc-shanghai' })],
    interfaces: [],
    routeTables: [],
  }
  world.audit = [1, 2].map((n) => ({
    at: 1_800_000_000 + n,
    event: 'ModifySecurityGroupPolicies',
    write: true,
    resourceType: 'vpc',
    resourceId: 'sg-shopweb1',
    actor: 'ops',
    sourceIp: '198.51.100.7',
    secretId: 'AKIDplanted',
    token: 'planted-token',
    apiErrorCode: 0,
  }))
  world.healthLogs['topic-health1'] = [
    { at: 1_800_000_000_000, ip: '10.0.1.16', port: 8080, vip: front.vip, vport: 443, healthy: false },
  ]
  world.balancers.push(
    balancer({
      id: RICH.classic,
      name: 'classic',
      type: 'INTERNAL',
      vip: '10.0.0.11',
      classic: true,
      listeners: [
        {
          id: 'lbl-classic1',
          name: 'classic',
          protocol: 'TCP',
          port: 80,
          stopped: false,
          rules: [
            rule({ id: 'loc-classic1', backends: machines.slice(0, 2).map((own) => backend(own, 8080)) }),
          ],
        },
      ],
    }),
    balancer({
      id: 'lb-crossing',
      name: 'crossing',
      vip: '203.0.113.40',
      snatPro: true,
      snatIps: ['10.0.0.202'],
      listeners: [
        {
          id: 'lbl-crossing',
          name: 'crossing',
          protocol: 'TCP',
          port: 80,
          stopped: false,
          rules: [
            rule({
              id: 'loc-crossing',
              backends: [{ type: 'CCN', machineId: null, ip: '10.8.1.9', port: 8080, weight: 10 }],
            }),
          ],
        },
      ],
    }),
  )
  world.alarmHistory = [
    {
      id: 'alarm-rich0001',
      policy: { id: 'policy-rich0001', name: 'health' },
      namespace: 'lb_hc_vport',
      metric: 'UnhealthRsCount',
      status: 'ALARM',
      firstAt: 1_800_000_000,
      lastAt: 1_800_000_300,
      region: 'gz',
      dimensions: { vip: '203.0.113.7', vport: 443, protocol: 'https' },
    },
  ]
  world.tat = {
    granted: 'cmd-rich0001',
    mayRun: 'too',
    commands: [{ id: 'cmd-rich0001', name: 'rich', content: 'ls\n', type: 'SHELL', takesParameters: true }],
    invocations: [
      {
        id: 'inv-sim0001',
        region: world.region,
        commandId: 'cmd-rich0001',
        commandName: 'rich',
        script: 'ls\n',
        tasks: [{ id: 'invt-sim00010', machineId: 'ins-web00016', asked: 0 }],
      },
    ],
  }
  world.mayDetect = true
  world.functions = [{ name: 'clb-doctor', namespace: 'default', invoked: [] }]
  return world
}
