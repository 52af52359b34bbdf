import { describe, expect, it } from 'vitest'
import { known, ok } from '../../src/model/fact.ts'
import { readInstances, readInterfaces } from '../../src/snapshot/computers.ts'
import { readHealth, readListeners, readRegistrations } from '../../src/snapshot/listeners.ts'
import { readGroupMembers } from '../../src/snapshot/target-groups.ts'
import { sessionOf } from '../support/cloud.ts'
import { diagnosisOfSnapshot, snapshotOf } from '../support/snapshots.ts'

// One IPv6 address can be written in several ways (RFC 5952), and each answer may use another way.

const WHERE = { region: 'ap-guangzhou', wave: 1 }
const SHORT = '2402:4e00:1000:2600::1'
const FULL = '2402:4E00:1000:2600:0000:0000:0000:0001'
const LISTENER = { ListenerId: 'lbl-1', Protocol: 'TCP', Port: 443 }
const CHECK = { HealthSwitch: 1, CheckType: 'TCP', SourceIpType: 0 }
const backend = (ip: string) => ({ Type: 'ENI', PrivateIpAddresses: [ip], Port: 8080, Weight: 10 })

const answers = (registered: string, probed: string): Readonly<Record<string, object>> => ({
  'clb:DescribeListeners': {
    TotalCount: 1,
    Listeners: [{ ...LISTENER, AttrFlags: [], HealthCheck: CHECK }],
  },
  'clb:DescribeTargets': { Listeners: [{ ...LISTENER, Targets: [backend(registered)] }] },
  'clb:DescribeTargetHealth': {
    LoadBalancers: [
      {
        LoadBalancerId: 'lb-7dpmqwcu',
        Listeners: [
          { ...LISTENER, Rules: [{ Targets: [{ IP: probed, Port: 8080, HealthStatusDetail: 'Alive' }] }] },
        ],
      },
    ],
  },
})

describe('an address', () => {
  it.each([
    ['shortened', 'in full', SHORT, FULL],
    ['in full', 'shortened', FULL, SHORT],
  ])(
    'that is IPv6, registered %s and probed %s, is one healthy backend',
    async (_, __, registered, probed) => {
      const cloud = sessionOf((action) => answers(registered, probed)[action] ?? {})
      const front = {
        listeners: ok(await readListeners(cloud, 'lb-7dpmqwcu', WHERE)),
        registrations: ok(await readRegistrations(cloud, 'lb-7dpmqwcu', WHERE)),
        health: ok(await readHealth(cloud, 'lb-7dpmqwcu', WHERE)),
      }
      const balancer = { ipVersion: 'ipv6', vips: ['2402:4e00::1'] } as const
      const diagnosis = diagnosisOfSnapshot({ ...snapshotOf({ machines: [], balancer }), ...front })
      expect(diagnosis.pools[0]?.targets.map(({ ip, status }) => [ip, status])).toEqual([[SHORT, 'Alive']])
      expect(diagnosis.verdict).toBe('healthy')
    },
  )

  it('that is IPv6 is shortened for interfaces, machines and members of target groups', async () => {
    const given: Readonly<Record<string, object>> = {
      'vpc:DescribeNetworkInterfaces': {
        TotalCount: 1,
        NetworkInterfaceSet: [
          { NetworkInterfaceId: 'eni-1', VpcId: 'vpc-1', Ipv6AddressSet: [{ Address: FULL }] },
        ],
      },
      'cvm:DescribeInstances': {
        TotalCount: 1,
        InstanceSet: [{ InstanceId: 'ins-00000001', InstanceState: 'RUNNING', IPv6Addresses: [FULL] }],
      },
      'clb:DescribeTargetGroupInstances': { TotalCount: 1, TargetGroupInstanceSet: [backend(FULL)] },
    }
    const cloud = sessionOf((action) => given[action] ?? {})
    const interfaces = await readInterfaces(cloud, [SHORT], 'vpc-1', WHERE)
    const instances = await readInstances(cloud, ['ins-00000001'], WHERE)
    const members = await readGroupMembers(cloud, ['lbtg-1'], WHERE)
    expect(known(interfaces[SHORT] ?? ok(null))?.ips).toEqual([SHORT])
    expect(known(instances['ins-00000001'] ?? ok(null))?.ipv6Addresses).toEqual([SHORT])
    expect(known(members['lbtg-1'] ?? ok([]))?.map(({ ip }) => ip)).toEqual([SHORT])
  })

  it('that is not plain IPv6 stays unchanged', async () => {
    for (const ip of ['10.0.1.16', 'fe80::1%eth0', 'backend-1']) {
      const cloud = sessionOf(() => ({ TotalCount: 1, TargetGroupInstanceSet: [backend(ip)] }))
      const members = await readGroupMembers(cloud, ['lbtg-1'], WHERE)
      expect(known(members['lbtg-1'] ?? ok([]))?.map((one) => one.ip)).toEqual([ip])
    }
  })
})
