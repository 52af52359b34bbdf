import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { check, type Shop, shop } from '../../src/simulator/base.ts'
import { joinDataCentre } from '../../src/simulator/data-centre.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import type { World } from '../../src/simulator/world.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

// Answers that lack a field, or that leave more than one reading: never a certain cause, and never "healthy".

type Fields = Record<string, unknown>

const lists = (value: unknown): readonly Fields[] => value as readonly Fields[]

/** Sets fields of every item of a list of the answer. */
const each = (list: string, fields: Fields): Fault => ({
  kind: 'changed',
  change: (answer) => {
    for (const item of lists(answer[list])) Object.assign(item, fields)
  },
})
const DENIED: Fault = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' }

/** The only fault is one that the API does not show: nothing listens. */
function serviceDown(made: Shop = shop()): Shop {
  for (const machine of made.machines) machine.guest.listens = []
  return made
}

const causesOf = ({ findings }: Diagnosis): readonly string[] =>
  findings.filter(({ role }) => role === 'cause').map(({ code, certainty }) => `${code} ${certainty}`)

async function sure(world: World, faults: Record<string, Fault> = {}): Promise<readonly string[]> {
  const { diagnosis } = await diagnoseSimulated(world, faults)
  return causesOf(diagnosis).filter((cause) => !cause.endsWith(' possible'))
}

async function certain(world: World, faults: Record<string, Fault> = {}): Promise<readonly string[]> {
  const { diagnosis } = await diagnoseSimulated(world, faults)
  return causesOf(diagnosis).filter((cause) => cause.endsWith(' certain'))
}

describe('what only the health answer names', () => {
  /** Two listeners of one CLB: all is well behind one, and behind the other a backend is Dead. */
  function two(): World {
    const { world, front, machine } = shop()
    machine(17).guest.listens = []
    const [other] = world.balancers.find(({ id }) => id === 'lb-shoptcp1')?.listeners ?? []
    if (!other) throw new Error('no TCP listener')
    front.listeners.push({ ...other, id: 'lbl-second01' })
    for (const group of world.groups)
      group.rules.unshift({ protocol: 'ALL', port: 'ALL', source: '0.0.0.0/0', action: 'ACCEPT' })
    return world
  }
  const changed = (change: (listeners: Fields[]) => void): Fault => ({
    kind: 'changed',
    change: ({ Listeners }) => change(Listeners as Fields[]),
  })

  it.each<[string, Fault]>([
    ['a rule of a listener without rules', changed(([first]) => Object.assign(first ?? {}, { Rules: null }))],
    [
      'a rule that the list knows by no id',
      changed(([first]) => {
        for (const rule of lists(first?.Rules)) rule.LocationId = null
      }),
    ],
    ['a listener that is not listed', changed((listeners) => listeners.shift())],
  ])('is a pool of its own: %s', async (_, fault) => {
    const { diagnosis } = await diagnoseSimulated(two(), { 'clb:DescribeListeners': fault })
    expect(diagnosis.pools.flatMap(({ targets }) => targets.map(({ status }) => status))).toContain('Dead')
    expect(diagnosis.verdict).toBe('degraded')
  })
})

describe('a CLB of which the answer does not say whether it serves', () => {
  it.each(['Isolation', 'IsBlock', 'AttributeFlags', 'Status'])(
    'is not healthy without %s',
    async (field) => {
      const { diagnosis } = await diagnoseSimulated(shop().world, {
        'clb:DescribeLoadBalancers': each('LoadBalancerSet', { [field]: null }),
      })
      expect(diagnosis.verdict).toBe('inconclusive')
      expect(diagnosis.gaps).toContainEqual(expect.objectContaining({ errorCode: field }))
    },
  )
})

describe('a backend of a type that was not read', () => {
  /** Own machines by their addresses, behind CCN as it were: probed from the SNAT IPs, which everything lets in. */
  function bySnat(): Shop {
    const made = serviceDown()
    Object.assign(made.front, { snatPro: true, snatIps: ['10.0.0.77', '10.0.0.78'] })
    for (const group of made.world.groups)
      group.rules = [{ protocol: 'TCP', port: 'ALL', source: '10.0.0.0/16', action: 'ACCEPT' }]
    for (const backend of made.pool.backends) Object.assign(backend, { type: 'CCN', machineId: null })
    return made
  }

  it('may be probed from the SNAT IPs, so that a group which lets these in is no cause', async () => {
    expect(await sure(bySnat().world)).toEqual([])
    expect(await sure(bySnat().world, { 'clb:DescribeTargets': DENIED })).toEqual([])
  })

  it('and neither is an ACL that does', async () => {
    const { world, acl } = bySnat()
    acl.ingress = [{ protocol: 'tcp', port: '8080', cidr: '10.0.0.0/24', action: 'Accept' }]
    acl.egress = [{ protocol: 'tcp', port: '1024-65535', cidr: '10.0.0.0/24', action: 'Accept' }]
    expect(await sure(world, { 'clb:DescribeTargets': DENIED })).toEqual([])
  })
})

describe('an ACL', () => {
  function quintuple(): World {
    const { world, acl } = serviceDown()
    acl.type = 'QUINTUPLE'
    for (const entry of [...acl.ingress, ...acl.egress])
      Object.assign(entry, { port: 'all', sourcePort: 'all', destinationCidr: '0.0.0.0/0' })
    return world
  }

  it.each<[string, World, Record<string, Fault>]>([
    [
      'whose entries were not given',
      serviceDown().world,
      { 'vpc:DescribeNetworkAcls': each('NetworkAclSet', { IngressEntries: null, EgressEntries: null }) },
    ],
    [
      'whose kind is not named and that lists no entries',
      quintuple(),
      { 'vpc:DescribeNetworkAcls': each('NetworkAclSet', { NetworkAclType: '1' }) },
    ],
    [
      'whose entries came without a direction',
      quintuple(),
      {
        'vpc:DescribeNetworkAclQuintupleEntries': each('NetworkAclQuintupleSet', {
          NetworkAclDirection: null,
        }),
      },
    ],
  ])('%s is not taken to deny everything', async (_, world, faults) => {
    expect(await sure(world, faults)).toEqual([])
  })
})

it('a group whose rules came without their order is not judged by the order of the answer', async () => {
  const { world } = serviceDown()
  const reversed: Fault = {
    kind: 'changed',
    change: ({ SecurityGroupPolicySet: set }) => {
      const { Ingress } = set as { Ingress: { PolicyIndex: number | null }[] }
      Ingress.reverse()
      for (const policy of Ingress) policy.PolicyIndex = null
    },
  }
  expect(await sure(world, { 'vpc:DescribeSecurityGroupPolicies': reversed })).toEqual([])
})

it('a VIP in the backends’ own subnet, of a CLB whose network is not known, may not be filtered there', async () => {
  const { world, front, acl } = serviceDown()
  Object.assign(front, { type: 'INTERNAL', vip: '10.0.1.200', subnetId: 'subnet-web00001' })
  acl.ingress = []
  expect(
    await sure(world, { 'clb:DescribeLoadBalancers': each('LoadBalancerSet', { LoadBalancerType: null }) }),
  ).toEqual([])
})

it('an interface that is attached to what is not named is not said to be detached', async () => {
  const { world, pool } = serviceDown()
  for (const backend of pool.backends) Object.assign(backend, { type: 'ENI', machineId: null })
  const unnamed: Fault = {
    kind: 'changed',
    change: ({ NetworkInterfaceSet }) => {
      for (const eni of lists(NetworkInterfaceSet)) Object.assign(eni.Attachment ?? {}, { InstanceId: '' })
    },
  }
  expect(await sure(world, { 'vpc:DescribeNetworkInterfaces': unnamed })).toEqual([])
})

it('an answer that does not know machines which answer probes proves no other to be gone', async () => {
  const { world, machine } = shop()
  machine(17).guest.listens = []
  const none: Fault = {
    kind: 'changed',
    change: (answer) => Object.assign(answer, { InstanceSet: [], TotalCount: 0 }),
  }
  const { diagnosis } = await diagnoseSimulated(world, { 'cvm:DescribeInstances': none })
  expect(causesOf(diagnosis)).toEqual(['instance-state/not-found possible'])
})

it('a route table that came without its routes is not one that has none', async () => {
  const made = shop()
  joinDataCentre(made.world, '172.20.0.0/16')
  Object.assign(made.front, { snatPro: true, snatIps: ['10.0.0.201'] })
  made.world.remotes = [{ ip: '172.20.5.11', guest: { ...made.machine(16).guest, listens: [] } }]
  made.pool.backends = [{ type: 'CCN', machineId: null, ip: '172.20.5.11', port: 8080, weight: 10 }]
  expect(
    await sure(made.world, { 'vpc:DescribeRouteTables': each('RouteTableSet', { RouteSet: null }) }),
  ).toEqual([])
})

it('an address is nobody’s only if both lists of addresses were read', async () => {
  const { world, pool } = shop()
  pool.backends.push({ type: 'ENI', machineId: null, ip: '10.0.1.99', port: 8080, weight: 10 })
  const { diagnosis } = await diagnoseSimulated(world, { 'vpc:DescribeVpcPrivateIpAddresses': DENIED })
  expect(causesOf(diagnosis)).toEqual([])
  expect(diagnosis.gaps).toContainEqual(
    expect.objectContaining({ action: 'vpc:DescribeVpcPrivateIpAddresses' }),
  )
})

it('a backend is one, if the health answer leaves out its port', async () => {
  const portless: Fault = {
    kind: 'changed',
    change: ({ LoadBalancers }) => {
      for (const balancer of lists(LoadBalancers))
        for (const listener of lists(balancer.Listeners))
          for (const rule of lists(listener.Rules))
            for (const target of lists(rule.Targets)) target.Port = null
    },
  }
  const { diagnosis } = await diagnoseSimulated(serviceDown().world, { 'clb:DescribeTargetHealth': portless })
  expect(diagnosis.pools[0]?.targets.map(({ port, status }) => `${port} ${status}`)).toEqual(
    Array(5).fill('8080 Dead'),
  )
})

it('machines that came without their ids are not missing', async () => {
  expect(
    await sure(serviceDown().world, { 'cvm:DescribeInstances': each('InstanceSet', { InstanceId: null }) }),
  ).toEqual([])
})

describe('what is inferred', () => {
  it('of the pings of a classic CLB is no certainty', async () => {
    const { world, front, listener, pool, acl } = shop()
    Object.assign(front, { classic: true, type: 'INTERNAL', vip: '10.0.0.200', subnetId: 'subnet-clb00001' })
    listener.protocol = 'UDP'
    pool.check = check({ type: 'PING' })
    acl.ingress = ['udp', 'tcp'].map((protocol) => ({
      protocol,
      port: 'all',
      cidr: '0.0.0.0/0',
      action: 'Accept' as const,
    }))
    expect(await certain(world)).toEqual([])
    expect(await sure(world)).toEqual(['network-acl/probe-blocked likely'])
  })

  it('of a target group’s own check, if the listener’s would pass, is no certainty', async () => {
    const { world, listener, pool, acl } = serviceDown()
    listener.protocol = 'TCP'
    pool.check = check({ type: 'TCP', source: 0 })
    pool.targetGroupId = 'lbtg-aaaaaaaa'
    world.targetGroups.push({
      id: 'lbtg-aaaaaaaa',
      name: 'own',
      vpcId: 'vpc-1ywqac83',
      type: 'v2',
      check: check({ type: 'TCP', source: 0, port: 9999 }),
      members: pool.backends,
    })
    acl.ingress = [{ protocol: 'tcp', port: '8080', cidr: '0.0.0.0/0', action: 'Accept' }]
    expect(await certain(world)).toEqual([])
  })

  it('of backends of type EVM is no certainty', async () => {
    const { world, pool } = serviceDown()
    for (const backend of pool.backends) Object.assign(backend, { type: 'EVM', machineId: null })
    for (const group of world.groups) group.rules = []
    expect(await certain(world)).toEqual([])
  })
})

it('a rule that lets a healthy backend be probed from one of two possible sources is no certain block', async () => {
  const { world, front, listener, pool, acl } = shop()
  front.listeners.push({
    ...listener,
    id: 'lbl-two00001',
    port: 444,
    rules: [{ ...pool, id: 'loc-two00001', check: check({ source: null }) }],
  })
  acl.ingress = []
  const mixed: Fault = {
    kind: 'changed',
    change: ({ LoadBalancers }) => {
      const [balancer] = lists(LoadBalancers)
      for (const [i, one] of lists(balancer?.Listeners).entries())
        for (const rule of lists(one.Rules))
          for (const target of lists(rule.Targets)) target.HealthStatusDetail = i === 0 ? 'Alive' : 'Dead'
    },
  }
  expect(await certain(world, { 'clb:DescribeTargetHealth': mixed })).toEqual([])
})
