import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { known, ok } from '../../src/model/fact.ts'
import { diagnosisOf, diagnosisOfSnapshot, snapshotOf, subnet, type World } from '../support/snapshots.ts'

// If one command fixes the fault, the finding has that command with the ids filled in.

const dead = (more: object = {}) => ({ host: 16, status: 'Dead', ...more })
const linesOf = ({ findings }: Diagnosis, code: string): readonly string[] =>
  findings.find((one) => one.code === code)?.fix?.commands?.map(({ line }) => line) ?? []

const gone = (fields: Partial<World> = {}): World => ({ machines: [dead({ instance: null })], ...fields })

describe('the command of a fix', () => {
  it('starts a stopped machine', () => {
    const diagnosis = diagnosisOf({ machines: [dead({ instance: { state: 'STOPPED' } })] })
    expect(linesOf(diagnosis, 'instance-state/not-running')).toEqual([
      `tccli cvm StartInstances --region ap-guangzhou --InstanceIds '["ins-00000016"]'`,
    ])
  })

  it.each(['TERMINATING', 'LAUNCH_FAILED'])('unbinds a machine that cannot run again: %s', (state) => {
    const diagnosis = diagnosisOf({ machines: [dead({ instance: { state } })] })
    expect(linesOf(diagnosis, 'instance-state/not-running')).toEqual([
      `tccli clb DeregisterTargets --region ap-guangzhou --LoadBalancerId lb-7dpmqwcu --ListenerId lbl-aaaaaaaa --Targets '[{"InstanceId":"ins-00000016","Port":8080}]'`,
    ])
  })

  it.each(['PENDING', 'SHUTDOWN', 'STOPPING'])('is left out for a machine that is %s', (state) => {
    const diagnosis = diagnosisOf({ machines: [dead({ instance: { state } })] })
    expect(linesOf(diagnosis, 'instance-state/not-running')).toEqual([])
  })

  it('unbinds a machine that no longer exists from its listener', () => {
    expect(linesOf(diagnosisOf(gone()), 'instance-state/not-found')).toEqual([
      `tccli clb DeregisterTargets --region ap-guangzhou --LoadBalancerId lb-7dpmqwcu --ListenerId lbl-aaaaaaaa --Targets '[{"InstanceId":"ins-00000016","Port":8080}]'`,
    ])
  })

  it('unbinds a secondary address by the address, because the instance id means the primary one', () => {
    const second = { registration: { type: 'ENI', ip: '10.0.1.99' } }
    const diagnosis = diagnosisOf({ machines: [dead({ instance: null, ...second })] })
    expect(linesOf(diagnosis, 'instance-state/not-found')).toEqual([
      `tccli clb DeregisterTargets --region ap-guangzhou --LoadBalancerId lb-7dpmqwcu --ListenerId lbl-aaaaaaaa --Targets '[{"EniIp":"10.0.1.99","Port":8080}]'`,
    ])
  })

  it('unbinds an unused address by the address, and from a rule by its LocationId', () => {
    const rule = {
      locationId: 'loc-aaaaaaaa',
      domain: 'shop.example.com',
      url: '/',
      healthCheck: null,
      forwardType: 'HTTP',
      targetType: 'NODE',
      targetGroupIds: [],
      redirectsTo: null,
    }
    const snapshot = snapshotOf({
      listener: { protocol: 'HTTP', rules: [rule] },
      machines: [dead({ registration: { type: 'ENI', instanceId: null, locationId: 'loc-aaaaaaaa' } })],
    })
    const diagnosis = diagnosisOfSnapshot({
      ...snapshot,
      instances: {},
      interfaces: { '10.0.1.16': ok(null) },
      addressOwners: { '10.0.1.16': ok(null) },
      health: ok((known(snapshot.health) ?? []).map((record) => ({ ...record, locationId: 'loc-aaaaaaaa' }))),
    })
    expect(linesOf(diagnosis, 'instance-state/not-found')).toEqual([
      `tccli clb DeregisterTargets --region ap-guangzhou --LoadBalancerId lb-7dpmqwcu --ListenerId lbl-aaaaaaaa --LocationId loc-aaaaaaaa --Targets '[{"EniIp":"10.0.1.16","Port":8080}]'`,
    ])
  })

  it.each([
    [
      'a member of a target group',
      { machines: [dead({ instance: null, registration: { targetGroupId: 'lbtg-1' } })] },
    ],
    ['a backend of a classic CLB', gone({ balancer: { generation: 'classic' } })],
  ])('is left out for %s, which needs another API action', (_, world) => {
    expect(linesOf(diagnosisOf(world), 'instance-state/not-found')).toEqual([])
  })

  it('starts a stopped CLB or a stopped listener', () => {
    const stopped = { machines: [{ host: 16, status: 'Alive' }], balancer: { attributeFlags: ['Stop'] } }
    expect(linesOf(diagnosisOf(stopped), 'load-balancer-state/stopped')).toEqual([
      'tccli clb SetLoadBalancerStartStatus --region ap-guangzhou --OperationType Start --LoadBalancerId lb-7dpmqwcu',
    ])
    const idle = { machines: [{ host: 16, status: 'Close' }], listener: { stopped: true } }
    expect(linesOf(diagnosisOf(idle), 'load-balancer-state/listener-stopped')).toEqual([
      `tccli clb SetLoadBalancerStartStatus --region ap-guangzhou --OperationType Start --LoadBalancerId lb-7dpmqwcu --ListenerIds '["lbl-aaaaaaaa"]'`,
    ])
  })

  it.each(['EnableCcnRoutes', 'EnableRoutes'])('enables a disabled route: %s', (action) => {
    const route = (id: string, cidr: string, enabled: boolean) => ({
      id,
      cidr,
      ipv6Cidr: null,
      gatewayType: 'CCN',
      gatewayId: 'ccn-1',
      instanceType: 'VPC',
      instanceId: 'vpc-1ywqac83',
      region: null,
      enabled,
    })
    const inTable = action === 'EnableCcnRoutes'
    const diagnosis = diagnosisOf({
      machines: [dead({ registration: { type: 'CCN', instanceId: null } })],
      balancer: { snatPro: true, snatIps: [{ ip: '10.0.0.9', subnetId: 'subnet-snat' }] },
      replace: {
        instances: {},
        subnets: {
          'subnet-snat': ok(subnet({ id: 'subnet-snat', cidr: '10.0.0.0/24', routeTableId: 'rtb-1' })),
        },
        routeTables: {
          'vpc-1ywqac83': ok([
            {
              id: 'rtb-1',
              region: 'ap-guangzhou',
              vpcId: 'vpc-1ywqac83',
              routes: [route('rti-1', '10.0.1.0/24', inTable)],
            },
          ]),
        },
        vpcs: { 'vpc-1ywqac83': ok({ id: 'vpc-1ywqac83', cidrs: ['10.0.0.0/24'] }) },
        ccnAttachments: {
          'vpc-1ywqac83': ok([
            { ccnId: 'ccn-1', instanceType: 'VPC', instanceId: 'vpc-1ywqac83', state: 'ACTIVE' },
          ]),
        },
        ccnRoutes: {
          'ccn-1': ok([route('ccnr-1', '10.0.1.0/24', false), route('ccnr-2', '10.0.0.0/24', true)]),
        },
      },
    })
    expect(linesOf(diagnosis, 'snat/ccn-route-missing')).toEqual([
      inTable
        ? `tccli vpc EnableCcnRoutes --region ap-guangzhou --CcnId ccn-1 --RouteIds '["ccnr-1"]'`
        : `tccli vpc EnableRoutes --region ap-guangzhou --RouteTableId rtb-1 --RouteItemIds '["rti-1"]'`,
    ])
  })
})
