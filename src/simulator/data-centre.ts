import { machine, REGION, subnet, VPC } from './base.ts'
import type { Ccn, Elsewhere, World } from './world.ts'

// One CCN joins the shop's VPC with other networks. It has routes in both directions.

const CCN = 'ccn-shop0001'
export const SHANGHAI = 'ap-shanghai'
const FAR_VPC = 'vpc-shanghai'
const FAR_CIDR = '10.8.0.0/16'

function join(world: World, cidr: string, to: Ccn['attached'][number], name: string): void {
  if (world.ccns.length === 0)
    world.ccns = [
      {
        id: CCN,
        attached: [{ type: 'VPC', id: VPC, region: REGION, state: 'ACTIVE' }],
        routes: [{ id: 'ccnr-shop0001', cidr: '10.0.0.0/16', type: 'VPC', instanceId: VPC, enabled: true }],
      },
    ]
  for (const ccn of world.ccns) {
    ccn.attached.push(to)
    ccn.routes.push({ id: `ccnr-${name}`, cidr, type: to.type, instanceId: to.id, enabled: true })
  }
  world.routeTables
    .find(({ vpcId }) => vpcId === VPC)
    ?.routes.push({ id: `rti-${name}`, cidr, gatewayType: 'CCN', gatewayId: CCN, enabled: true })
}

/** Attaches a data centre with this CIDR to the CCN. */
export const joinDataCentre = (world: World, cidr: string): void =>
  join(
    world,
    cidr,
    { type: 'DIRECTCONNECT', id: 'dcg-office01', region: REGION, state: 'ACTIVE' },
    'office01',
  )

/** Attaches a VPC in Shanghai. It has the machines 10.8.1.x, and their group allows the shop's VPC. */
export function joinShanghai(world: World, hosts: readonly number[]): Elsewhere {
  join(world, FAR_CIDR, { type: 'VPC', id: FAR_VPC, region: SHANGHAI, state: 'ACTIVE' }, 'far00001')
  const far: Elsewhere = {
    vpcs: [{ id: FAR_VPC, numericId: 90_001, cidr: FAR_CIDR }],
    subnets: [
      subnet({
        id: 'subnet-far00001',
        vpcId: FAR_VPC,
        cidr: '10.8.1.0/24',
        routeTableId: 'rtb-far00001',
      }),
    ],
    acls: [],
    groups: [
      {
        id: 'sg-far00001',
        name: 'shop-far',
        rules: [{ protocol: 'TCP', port: 'ALL', source: '10.0.0.0/16', action: 'ACCEPT', note: 'the shop' }],
      },
    ],
    machines: hosts.map((host) =>
      machine(host, {
        id: `ins-far000${host}`,
        name: `shop-far-${host}`,
        ip: `10.8.1.${host}`,
        vpcId: FAR_VPC,
        subnetId: 'subnet-far00001',
        groups: ['sg-far00001'],
      }),
    ),
    interfaces: [],
    routeTables: [
      {
        id: 'rtb-far00001',
        vpcId: FAR_VPC,
        routes: [
          { id: 'rti-far00001', cidr: '10.0.0.0/16', gatewayType: 'CCN', gatewayId: CCN, enabled: true },
        ],
      },
    ],
  }
  world.others[SHANGHAI] = far
  return far
}
