import type {
  Acl,
  Backend,
  Balancer,
  Group,
  Guest,
  HealthCheck,
  Listener,
  Machine,
  Rule,
  Subnet,
  World,
} from './world.ts'

// A small shop in ap-guangzhou in which everything works. Scenarios start from it and break one thing.

export const REGION = 'ap-guangzhou'
export const VPC = 'vpc-1ywqac83'
export const SHOP = 'lb-7dpmqwcu'
export const SHOP_VIP = '203.0.113.26'

export const check = (fields: Partial<HealthCheck> = {}): HealthCheck => ({
  on: true,
  type: 'HTTP',
  source: 0,
  port: null,
  interval: 5,
  timeout: 2,
  codes: 2 + 4,
  method: 'GET',
  host: 'shop.example.com',
  path: '/healthz',
  ...fields,
})

export const guest = (port: number, fields: Partial<Guest> = {}): Guest => ({
  listens: [{ port, protocol: 'tcp' }],
  http: 200,
  drops: [],
  ping: true,
  ...fields,
})

export const machine = (host: number, fields: Partial<Machine> = {}): Machine => ({
  id: `ins-web000${host}`,
  name: `shop-web-${host}`,
  state: 'RUNNING',
  restrictState: 'NORMAL',
  vpcId: VPC,
  subnetId: 'subnet-web00001',
  ip: `10.0.1.${host}`,
  ipv6: null,
  groups: ['sg-shopweb1'],
  guest: guest(8080),
  ...fields,
})

export const backend = (own: Machine, port: number, weight = 10): Backend => ({
  type: 'CVM',
  machineId: own.id,
  ip: own.ip,
  port,
  weight,
})

export const rule = (fields: Partial<Rule>): Rule => ({
  id: 'loc-shop0001',
  domain: null,
  url: null,
  check: check({ type: 'TCP' }),
  backends: [],
  targetGroupId: null,
  ...fields,
})

export const balancer = (fields: Partial<Balancer> & { listeners: Listener[] }): Balancer => ({
  id: SHOP,
  name: 'shop-front',
  type: 'OPEN',
  vip: SHOP_VIP,
  ipv6: false,
  nat64: false,
  classic: false,
  vpcId: VPC,
  subnetId: '',
  tags: {},
  targetRegion: null,
  healthLogTopic: null,
  passToTarget: false,
  snatPro: false,
  snatIps: [],
  isolated: false,
  blocked: false,
  ...fields,
})

/** Allows the office, the VIPs of the shop, the VPC (with the private CLB) and the probe range of CLB. */
const shopWeb: Group = {
  id: 'sg-shopweb1',
  name: 'shop-web',
  rules: [
    { protocol: 'TCP', port: '22', source: '198.51.100.0/24', action: 'ACCEPT', note: 'office ssh' },
    { protocol: 'TCP', port: '8080,443,6379', source: '203.0.113.0/24', action: 'ACCEPT', note: 'CLB VIPs' },
    { protocol: 'TCP', port: 'ALL', source: '10.0.0.0/16', action: 'ACCEPT', note: 'inside the VPC' },
    { protocol: 'TCP', port: 'ALL', source: '100.64.0.0/10', action: 'ACCEPT', note: 'CLB health check' },
    { protocol: 'ALL', port: 'ALL', source: '0.0.0.0/0', action: 'DROP', note: 'all else' },
  ],
}

export const openAcl = (fields: Partial<Acl> = {}): Acl => ({
  id: 'acl-shopweb1',
  name: 'shop-web',
  vpcId: VPC,
  type: 'TRIPLE',
  ingress: [{ protocol: 'all', port: '', cidr: '0.0.0.0/0', action: 'Accept' }],
  egress: [{ protocol: 'all', port: '', cidr: '0.0.0.0/0', action: 'Accept' }],
  ...fields,
})

export const subnet = (fields: Partial<Subnet> & Pick<Subnet, 'id' | 'cidr'>): Subnet => ({
  vpcId: VPC,
  ipv6Cidr: '',
  aclId: null,
  routeTableId: 'rtb-l2h8d7c2',
  ...fields,
})

/** The machines of the shop's pool, by the last number of their address. */
const SHOP_HOSTS = [16, 17, 18, 19, 20] as const

/** The world of the shop, with direct access to the parts that scenarios change. */
export interface Shop {
  readonly world: World
  readonly machines: Machine[]
  readonly acl: Acl
  readonly front: Balancer
  /** The one pool of shop-front. */
  readonly pool: Rule
  readonly listener: Listener
  machine(host: number): Machine
}

export function shop(): Shop {
  const machines = SHOP_HOSTS.map((host) => machine(host))
  const caches = [41, 42].map((host) => machine(host, { name: `shop-cache-${host}`, guest: guest(6379) }))
  const apis = [31, 32].map((host) => machine(host, { name: `shop-api-${host}`, guest: guest(443) }))
  const acl = openAcl()
  const pool = rule({
    domain: 'shop.example.com',
    url: '/',
    check: check(),
    backends: machines.map((own) => backend(own, 8080)),
  })
  const listener: Listener = {
    id: 'lbl-shop0443',
    name: 'shop-https',
    protocol: 'HTTPS',
    port: 443,
    stopped: false,
    rules: [pool],
  }
  const front = balancer({ listeners: [listener] })
  const tcp = (id: string, port: number, backends: Backend[], source: 0 | 1): Listener => ({
    id,
    name: `tcp-${port}`,
    protocol: 'TCP',
    port,
    stopped: false,
    rules: [
      rule({
        id: `loc-${id.slice(4)}`,
        check: check({ type: 'TCP', source, method: null, host: null, path: null }),
        backends,
      }),
    ],
  })
  const world: World = {
    region: REGION,
    exempts10064: true,
    expandedKeepIndex: true,
    aclEgressPort: 'destination',
    probers: [
      '100.64.0.5',
      '100.70.12.9',
      '100.77.201.14',
      '100.84.3.77',
      '100.91.40.2',
      '100.95.255.1',
      '100.96.0.1',
      '100.103.7.31',
      '100.110.66.6',
      '100.117.128.90',
      '100.121.9.9',
      '100.127.200.9',
    ],
    vpcs: [
      { id: VPC, numericId: 86323, cidr: '10.0.0.0/16' },
      { id: 'vpc-staging1', numericId: 90211, cidr: '10.0.0.0/16' },
    ],
    subnets: [
      subnet({ id: 'subnet-web00001', cidr: '10.0.1.0/24', aclId: acl.id }),
      subnet({ id: 'subnet-clb00001', cidr: '10.0.0.0/24' }),
      subnet({
        id: 'subnet-staging1',
        vpcId: 'vpc-staging1',
        cidr: '10.0.0.0/24',
        routeTableId: 'rtb-staging1',
      }),
    ],
    acls: [acl],
    groups: [structuredClone(shopWeb)],
    addressTemplates: {},
    addressGroups: {},
    serviceTemplates: {},
    serviceGroups: {},
    machines: [...machines, ...caches, ...apis],
    interfaces: [],
    remotes: [],
    services: [],
    pods: [],
    clusters: [],
    ccns: [],
    routeTables: [
      { id: 'rtb-l2h8d7c2', vpcId: VPC, routes: [] },
      { id: 'rtb-staging1', vpcId: 'vpc-staging1', routes: [] },
    ],
    others: {},
    audit: [],
    healthLogs: {},
    targetGroups: [],
    balancers: [
      front,
      balancer({
        id: 'lb-p2x4k8aa',
        name: 'cache-int',
        type: 'INTERNAL',
        vip: '10.0.0.10',
        subnetId: 'subnet-clb00001',
        listeners: [
          tcp(
            'lbl-cache001',
            6379,
            caches.map((own) => backend(own, 6379)),
            0,
          ),
        ],
      }),
      // The same private VIP in another VPC. Only the VPC id distinguishes the two.
      balancer({
        id: 'lb-stagcach',
        name: 'cache-int-staging',
        type: 'INTERNAL',
        vip: '10.0.0.10',
        vpcId: 'vpc-staging1',
        subnetId: 'subnet-staging1',
        listeners: [],
      }),
      balancer({
        id: 'lb-shoptcp1',
        name: 'shop-tcp',
        vip: '203.0.113.31',
        listeners: [
          tcp(
            'lbl-shoptcp1',
            443,
            apis.map((own) => backend(own, 443)),
            1,
          ),
        ],
      }),
    ],
  }
  return {
    world,
    machines,
    acl,
    front,
    pool,
    listener,
    machine(host) {
      const found = machines.find(({ ip }) => ip === `10.0.1.${host}`)
      if (!found) throw new Error(`no machine ${host}`)
      return found
    },
  }
}
