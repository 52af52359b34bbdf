// Simulates the account of the scan bench in a separate process. Arguments: number of CLBs, listeners per CLB, targets
// per listener, latency in ms, requests per second.
import { bundled } from './bundled.mjs'

const { startSimulator, shop, balancer, backend, check, machine, rule } = await bundled([
  'src/simulator/index.ts',
  'src/simulator/base.ts',
])

const [clbs, listeners, targets, latencyMs, requestsPerSecond] = process.argv.slice(2).map(Number)
const { world } = shop()
const VPCS = 20

world.balancers = []
world.machines = []
world.groups = Array.from({ length: 50 }, (_, g) => ({
  id: `sg-bench${String(g).padStart(3, '0')}`,
  name: `bench-${g}`,
  rules: [
    { protocol: 'TCP', port: '22', source: '198.51.100.0/24', action: 'ACCEPT' },
    // Every tenth group does not allow the VIPs, so its backends are Dead.
    ...(g % 10 === 9 ? [] : [{ protocol: 'TCP', port: '8080', source: '203.0.0.0/8', action: 'ACCEPT' }]),
    ...Array.from({ length: 20 }, (_, i) => ({
      protocol: 'TCP',
      port: String(9000 + i),
      source: `10.${i}.0.0/16`,
      action: 'ACCEPT',
    })),
  ],
}))
world.vpcs = Array.from({ length: VPCS }, (_, v) => ({
  id: `vpc-bench${String(v).padStart(3, '0')}`,
  numericId: 1000 + v,
  cidr: `10.${v}.0.0/16`,
}))
world.acls = world.vpcs.map(({ id }, v) => ({
  id: `acl-bench${String(v).padStart(3, '0')}`,
  name: `bench-${v}`,
  vpcId: id,
  type: 'TRIPLE',
  ingress: [{ protocol: 'all', port: '', cidr: '0.0.0.0/0', action: 'Accept' }],
  egress: [{ protocol: 'all', port: '', cidr: '0.0.0.0/0', action: 'Accept' }],
}))
world.subnets = world.vpcs.flatMap(({ id }, v) =>
  Array.from({ length: 8 }, (_, s) => ({
    id: `subnet-b${String(v).padStart(3, '0')}s${s}`,
    vpcId: id,
    cidr: `10.${v}.${s * 32}.0/19`,
    ipv6Cidr: '',
    aclId: world.acls[v].id,
    routeTableId: 'rtb-l2h8d7c2',
  })),
)

let next = 0
const inVpcs = world.vpcs.map(() => 0)
const machineFor = (v, group) => {
  const n = next++
  const inVpc = inVpcs[v]++
  const own = machine(0, {
    id: `ins-bench${n.toString(36).padStart(4, '0')}`,
    name: `bench-${n}`,
    vpcId: world.vpcs[v].id,
    ip: `10.${v}.${(inVpc >> 8) & 255}.${inVpc & 255}`,
    subnetId: world.subnets[v * 8 + (inVpc >> 13)].id,
    groups: [group.id],
  })
  world.machines.push(own)
  return own
}
for (let n = 0; n < clbs; n++) {
  const v = n % VPCS
  const id = n.toString(36).padStart(4, '0')
  world.balancers.push(
    balancer({
      id: `lb-bench${id}`,
      name: `bench-${n}`,
      vip: `203.0.${n >> 8}.${n & 255}`,
      vpcId: world.vpcs[v].id,
      listeners: Array.from({ length: listeners }, (_, l) => ({
        id: `lbl-b${id}${l}`,
        name: `tcp-${80 + l}`,
        protocol: 'TCP',
        port: 80 + l,
        stopped: false,
        rules: [
          rule({
            id: `loc-b${id}${l}`,
            check: check({ type: 'TCP', source: 0, method: null, host: null, path: null }),
            backends: Array.from({ length: targets }, () =>
              backend(machineFor(v, world.groups[n % world.groups.length]), 8080),
            ),
          }),
        ],
      })),
    }),
  )
}

const simulator = await startSimulator(world, { latencyMs, requestsPerSecond })
// Its parent may have failed.
process.on('disconnect', () => process.exit(1))
process.on('message', (message) => {
  if (message === 'calls') {
    const byAction = {}
    let refused = 0
    for (const { action, code } of simulator.calls.log()) {
      byAction[action] = (byAction[action] ?? 0) + 1
      if (code !== null) refused += 1
    }
    process.send({ calls: byAction, refused, cpuSeconds: process.cpuUsage().user / 1e6 })
  } else simulator.close().then(() => process.exit(0))
})
process.send({ origin: simulator.origin, credentials: simulator.credentials })
