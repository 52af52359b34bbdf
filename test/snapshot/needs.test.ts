import { describe, expect, it } from 'vitest'
import type { Instance, NetworkInterface, Registration } from '../../src/model/snapshot.ts'
import { REGION } from '../../src/simulator/base.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { type KindName, type Known, NOTHING_READ } from '../../src/snapshot/known.ts'
import { learn } from '../../src/snapshot/learn.ts'
import { isKind, KINDS, NEEDS } from '../../src/snapshot/needs.ts'
import { loadBalancer, subnet } from '../support/snapshots.ts'
import { apiOf } from './api.ts'
import { CLB, denied, entry, knownOf } from './known.ts'

// The table of needs takes the known facts and returns the ids to read next.

const registration = (fields: Partial<Registration>): Registration => ({
  listenerId: 'lbl-1',
  locationId: null,
  type: 'CVM',
  instanceId: null,
  eniId: null,
  targetGroupId: null,
  name: null,
  ip: '10.0.0.1',
  port: 80,
  weight: 10,
  ...fields,
})

const instance = (id: string, fields: Partial<Instance> = {}): Instance => ({
  id,
  name: id,
  state: 'RUNNING',
  restrictState: 'NORMAL',
  vpcId: 'vpc-1',
  subnetId: 'subnet-1',
  privateIps: [],
  ipv6Addresses: [],
  securityGroupIds: [],
  ...fields,
})

const networkInterface = (id: string, fields: Partial<NetworkInterface> = {}): NetworkInterface => ({
  id,
  name: id,
  vpcId: 'vpc-1',
  subnetId: 'subnet-1',
  state: 'AVAILABLE',
  instanceId: null,
  business: null,
  ips: [],
  securityGroupIds: [],
  ...fields,
})

/** A CLB with these backends, read in the first wave. */
const front = (registrations: readonly Registration[], balancer = loadBalancer({ vpcId: 'vpc-1' })) => ({
  loadBalancer: { 'lb-1': entry(balancer, 1) },
  listeners: { 'lb-1': entry([], 1) },
  registrations: { 'lb-1': entry(registrations, 1) },
  health: { 'lb-1': entry([], 1) },
})

const wanted = (kind: KindName, known: Known): readonly string[] =>
  NEEDS[kind].ids(known).map(({ id, depth }) => `${id} after ${depth}`)

describe('the needs', () => {
  it('of a CLB named by its id are its four calls in the first wave', () => {
    const known = knownOf({})
    const first = KINDS.filter((kind) => NEEDS[kind].ids(known).length > 0)
    expect(first).toEqual(['loadBalancer', 'listeners', 'registrations', 'health'])
  })

  it('of a CLB named by its VIP are the CLB, and its listeners only after that', () => {
    const reference = { loadBalancerId: null, vip: '203.0.113.26', vpcId: null, numericVpcId: null }
    const root = { ...CLB, reference }
    expect(KINDS.filter((kind) => wanted(kind, knownOf({}, root)).length > 0)).toEqual(['loadBalancer'])
    const known = knownOf({ loadBalancer: { '203.0.113.26': entry(loadBalancer({ id: 'lb-9' }), 1) } }, root)
    expect(wanted('listeners', known)).toEqual(['lb-9 after 1'])
  })

  it('of a classic CLB are the classic calls', () => {
    const known = knownOf({ loadBalancer: { 'lb-1': entry(loadBalancer({ generation: 'classic' }), 1) } })
    expect(wanted('classic', known)).toEqual(['lb-7dpmqwcu after 1'])
  })

  it('of a backend include its machine only after registrations and health are both known', () => {
    const { health: _, ...without } = front([registration({ instanceId: 'ins-1' })])
    expect(wanted('instances', knownOf(without))).toEqual([])
    expect(wanted('instances', knownOf(front([registration({ instanceId: 'ins-1' })])))).toEqual([
      'ins-1 after 1',
    ])
  })

  it('of a machine are its subnet, its groups and the ACLs of its VPC', () => {
    const machine = instance('ins-1', { vpcId: 'vpc-2', securityGroupIds: ['sg-1', 'sg-2'] })
    const known = knownOf({
      ...front([registration({ instanceId: 'ins-1' })]),
      instances: { 'ins-1': entry(machine, 2) },
    })
    expect(wanted('subnets', known)).toEqual(['subnet-1 after 2'])
    expect(wanted('securityGroups', known)).toEqual(['sg-1 after 2', 'sg-2 after 2'])
    expect(wanted('securityGroupUse', known)).toEqual(['sg-1 after 2', 'sg-2 after 2'])
    expect(wanted('aclLists', known)).toEqual(['vpc-1 after 1', 'vpc-2 after 2'])
  })

  it('of an address that its machine does not have are its interface, after the machine', () => {
    const backends = front([registration({ instanceId: 'ins-1', ip: '10.0.0.9' })])
    expect(wanted('addressInterfaces', knownOf(backends))).toEqual([])
    const instances = { 'ins-1': entry(instance('ins-1', { privateIps: ['10.0.0.1'] }), 2) }
    expect(wanted('addressInterfaces', knownOf({ ...backends, instances }))).toEqual(['10.0.0.9 after 2'])
    const own = { 'ins-1': entry(instance('ins-1', { privateIps: ['10.0.0.9'] }), 2) }
    expect(wanted('addressInterfaces', knownOf({ ...backends, instances: own }))).toEqual([])
  })

  it('of an address without an interface are its owner, and then the groups and the subnet of the owner', () => {
    const backends = front([registration({ type: 'EVM', ip: '10.0.0.9' })])
    expect(wanted('usedAddresses', knownOf(backends))).toEqual([])
    const unowned = { ...backends, addressInterfaces: { '10.0.0.9': entry(null, 2) } }
    expect(wanted('usedAddresses', knownOf(unowned))).toEqual(['10.0.0.9 after 2'])
    const owner = { type: 'REDIS', id: 'crs-1', subnetId: 'subnet-7' }
    const known = knownOf({ ...unowned, usedAddresses: { '10.0.0.9': entry(owner, 3) } })
    expect(wanted('serviceGroups', known)).toEqual(['crs-1 after 3'])
    expect(wanted('subnets', known)).toEqual(['subnet-7 after 3'])
    expect(wanted('addressProducts', known)).toEqual([])
  })

  it('of an interface that has the address are its groups, and not the owner of the address', () => {
    const eni = networkInterface('eni-1', { ips: ['10.0.0.9'], securityGroupIds: ['sg-1'] })
    const known = knownOf({
      ...front([registration({ type: 'ENI', eniId: 'eni-1', ip: '10.0.0.9' })]),
      interfaces: { 'eni-1': entry(eni, 2) },
    })
    expect(wanted('securityGroups', known)).toEqual(['sg-1 after 2'])
    expect(wanted('usedAddresses', known)).toEqual([])
  })

  it('of a subnet are the quintuple entries of its ACL if the list does not contain them', () => {
    const acl = {
      id: 'acl-1',
      region: REGION,
      name: '',
      vpcId: 'vpc-1',
      subnetIds: [],
      ingress: [],
      egress: [],
    }
    const facts = (quintuple: boolean) => ({
      ...front([]),
      subnets: { 'subnet-1': entry(subnet({ vpcId: 'vpc-1', networkAclId: 'acl-1' }), 3) },
      aclLists: {
        'vpc-1': entry([{ acl: { ...acl, kind: 'quintuple' as const }, quintuple, complete: true }], 2),
      },
    })
    expect(wanted('quintupleAcls', knownOf(facts(true)))).toEqual(['acl-1 after 3'])
    expect(wanted('quintupleAcls', knownOf(facts(false)))).toEqual([])
  })

  it('of a denied machine are neither groups nor a subnet', () => {
    const known = knownOf({
      ...front([registration({ instanceId: 'ins-1' })]),
      instances: { 'ins-1': denied(2) },
    })
    expect(wanted('securityGroups', known)).toEqual([])
    expect(wanted('subnets', known)).toEqual([])
  })

  it('of machines in another region are the same as in the region of the CLB', () => {
    const target = { ip: '10.9.0.1', region: 'ap-shanghai', vpcId: 'vpc-9', eniId: null, instanceId: 'ins-9' }
    const root = { of: 'machines', region: 'ap-shanghai', targets: [target] } as const
    const machine = instance('ins-9', { securityGroupIds: ['sg-9'] })
    expect(wanted('instances', knownOf({}, root, 2))).toEqual(['ins-9 after 2'])
    expect(wanted('aclLists', knownOf({}, root, 2))).toEqual(['vpc-9 after 2'])
    const known = knownOf({ instances: { 'ins-9': entry(machine, 3) } }, root, 2)
    expect(wanted('securityGroups', known)).toEqual(['sg-9 after 3'])
  })
})

describe('the table of needs', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'is pure, and each line reads only earlier lines: %s',
    async (_, scenario) => {
      const { cloud } = apiOf(scenario.build())
      const reference = {
        loadBalancerId: scenario.loadBalancerId,
        vip: null,
        vpcId: null,
        numericVpcId: null,
      }
      const { known } = await learn(cloud, { ...CLB, reference }, NOTHING_READ)
      for (const [line, kind] of KINDS.entries()) {
        const seen = new Set<string>()
        const view = new Proxy(known, {
          get(target, name, receiver) {
            if (typeof name === 'string' && isKind(name)) seen.add(name)
            return Reflect.get(target, name, receiver)
          },
        })
        const ids = NEEDS[kind].ids(view)
        expect(NEEDS[kind].ids(known)).toEqual(ids)
        const later = KINDS.slice(line)
        expect([kind, later.filter((other) => seen.has(other))]).toEqual([kind, []])
      }
    },
  )
})
