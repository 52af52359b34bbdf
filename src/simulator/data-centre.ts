import { REGION, VPC } from './base.ts'
import type { World } from './world.ts'

/** The shop's VPC and a data centre, joined by a CCN, with routes both ways. */
export function joinDataCentre(world: World, cidr: string): void {
  world.ccns = [
    {
      id: 'ccn-shop0001',
      attached: [
        { type: 'VPC', id: VPC, region: REGION, state: 'ACTIVE' },
        { type: 'DIRECTCONNECT', id: 'dcg-office01', region: REGION, state: 'ACTIVE' },
      ],
      routes: [
        { id: 'ccnr-shop0001', cidr: '10.0.0.0/16', type: 'VPC', instanceId: VPC, enabled: true },
        { id: 'ccnr-office01', cidr, type: 'DIRECTCONNECT', instanceId: 'dcg-office01', enabled: true },
      ],
    },
  ]
  world.routeTables
    .find(({ vpcId }) => vpcId === VPC)
    ?.routes.push({
      id: 'rti-office01',
      cidr,
      gatewayType: 'CCN',
      gatewayId: 'ccn-shop0001',
      enabled: true,
    })
}
