import {
  backend,
  balancer,
  check,
  guest,
  machine,
  rule,
  shop,
  subnet,
  VPC,
} from '../../src/simulator/base.ts'
import type { Machine, World } from '../../src/simulator/world.ts'

// An account of many CLBs with trouble. `causes`: that many security groups deny the probes, each of them those of every
// n-th CLB. Without causes the backends do not listen, which the API does not show: each CLB is an incident of its own.

export interface Fleet {
  readonly clbs: number
  /** 0: no cause that CLBs share. */
  readonly causes: number
}

const padded = (n: number): string => String(n).padStart(5, '0')

export const clbOf = (n: number): string => `lb-storm${padded(n)}`
export const groupOf = (n: number): string => `sg-storm${padded(n)}`
export const vipOf = (n: number): string => `203.0.${113 + Math.floor(n / 250)}.${(n % 250) + 1}`

const SUBNET = 'subnet-storm001'
/** It lets in the probes of any CLB. */
const OPEN = 'sg-stormopen'

/** The account as it is when the storm comes. */
export function fleetWorld({ clbs, causes }: Fleet): World {
  const { world } = shop()
  world.balancers = []
  world.machines = []
  world.subnets.push(subnet({ id: SUBNET, cidr: '10.0.64.0/18' }))
  world.groups.push({
    id: OPEN,
    name: 'storm-open',
    rules: [{ protocol: 'ALL', port: 'ALL', source: '0.0.0.0/0', action: 'ACCEPT', note: '' }],
  })
  for (let n = 0; n < causes; n++)
    world.groups.push({
      id: groupOf(n),
      name: `storm-${n}`,
      rules: [
        { protocol: 'TCP', port: '8080', source: '203.0.0.0/16', action: 'DROP', note: '' },
        { protocol: 'ALL', port: 'ALL', source: '0.0.0.0/0', action: 'ACCEPT', note: '' },
      ],
    })
  for (let n = 0; n < clbs; n++) {
    const own = machineOf(n, causes)
    world.machines.push(own)
    world.balancers.push(
      balancer({
        id: clbOf(n),
        name: `storm-${n}`,
        vip: vipOf(n),
        listeners: [
          {
            id: `lbl-storm${padded(n)}`,
            name: 'tcp-80',
            protocol: 'TCP',
            port: 80,
            stopped: false,
            rules: [
              rule({
                check: check({ type: 'TCP', source: 0, method: null, host: null, path: null }),
                backends: [backend(own, 8080)],
              }),
            ],
          },
        ],
      }),
    )
  }
  return world
}

const machineOf = (n: number, causes: number): Machine => ({
  ...machine(0, {
    id: `ins-storm${padded(n)}`,
    name: `storm-${n}`,
    ip: `10.0.${64 + Math.floor(n / 250)}.${(n % 250) + 1}`,
    guest: guest(causes > 0 ? 8080 : 9999),
    groups: causes > 0 ? [groupOf(n % causes)] : [OPEN],
  }),
  vpcId: VPC,
  subnetId: SUBNET,
})

/** The callback of one CLB. `round`: which of its firings. `recoveredAt`: set for a recovery. Times in Beijing time. */
export const callbackOf = (n: number, round: number, recoveredAt: string | null = null): object => ({
  sessionId: `s-${n}-${round}-${recoveredAt ?? ''}`,
  alarmStatus: recoveredAt === null ? '1' : '0',
  alarmType: 'metric',
  alarmObjInfo: {
    region: 'gz',
    namespace: 'qce/lb_public',
    dimensions: { loadBalancerId: clbOf(n), vip: vipOf(n), vport: '80', protocol: 'tcp' },
  },
  alarmPolicyInfo: { policyId: 'policy-storm001', conditions: { metricName: 'UnhealthRsCount' } },
  firstOccurTime: `2026-11-28 10:${String(round).padStart(2, '0')}:00`,
  durationTime: 60,
  recoverTime: recoveredAt ?? '0',
})
