import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { check, type Shop, shop } from '../../src/simulator/base.ts'
import { joinDataCentre } from '../../src/simulator/data-centre.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import type { World } from '../../src/simulator/world.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

// Answers that lack a field, or that can mean two things: they never lead to a certain cause or to "healthy".

type Fields = Record<string, unknown>

const lists = (value: unknown): readonly Fields[] => value as readonly Fields[]

/** Sets fields of every item in one list of the answer. */
const each = (list: string, fields: Fields): Fault => ({
  kind: 'changed',
  change: (answer) => {
    for (const item of lists(answer[list])) Object.assign(item, fields)
  },
})
const DENIED: Fault = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' }

/** No machine listens, and the API does not show that. */
function serviceDown(made: Shop = shop()): Shop {
  for (const machine of made.machines) machine.guest.listens = []
  return made
}

const causesOf = ({ findings }: Diagnosis): readonly string[] =>
  findings.filter(({ role }) => role === 'cause').map(({ code, certainty }) => `${code} ${certainty}`)

/** The causes that are likely or certain. */
async function likelyCauses(world: World, faults: Record<string, Fault> = {}): Promise<readonly string[]> {
  const { diagnosis } = await diagnoseSimulated(world, faults)
  return causesOf(diagnosis).filter((cause) => !cause.endsWith(' possible'))
}

async function certainCauses(world: World, faults: Record<string, Fault> = {}): Promise<readonly string[]> {
  const { diagnosis } = await diagnoseSimulated(world, faults)
  return causesOf(diagnosis).filter((cause) => cause.endsWith(' certain'))
}

describe('a listener or rule that only the health answer names', () => {
  /** A CLB with two listeners: one has only healthy backends, the other has a Dead backend. */
  function twoListeners(): World {
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
    [
      'a rule of a listener that is listed without rules',
      changed(([first]) => Object.assign(first ?? {}, { Rules: null })),
    ],
    [
      'a rule that is listed without its id',
      changed(([first]) => {
        for (const rule of lists(first?.Rules)) rule.LocationId = null
      }),
    ],
    ['a listener that is not listed', changed((listeners) => listeners.shift())],
  ])('is a pool of its own: %s', async (_, fault) => {
    const { diagnosis } = await diagnoseSimulated(twoListeners(), { 'clb:DescribeListeners': fault })
    expect(diagnosis.pools.flatMap(({ targets }) => targets.map(({ status }) => status))).toContain('Dead')
    expect(diagnosis.verdict).toBe('degraded')
  })
})

describe('a CLB whose answer does not say whether it serves', () => {
  it.each(['Isolation', 'IsBlock', 'AttributeFlags', 'Status'])(
    'is inconclusive if %s is missing',
    async (field) => {
      const { diagnosis } = await diagnoseSimulated(shop().world, {
        'clb:DescribeLoadBalancers': each('LoadBalancerSet', { [field]: null }),
      })
      expect(diagnosis.verdict).toBe('inconclusive')
      expect(diagnosis.gaps).toContainEqual(expect.objectContaining({ errorCode: field }))
    },
  )
})

describe('a backend whose type was not read', () => {
  /** Machines that are bound by address as type CCN. The security groups and the ACL let in the probes from the SNAT IPs. */
  function bySnat(): Shop {
    const made = serviceDown()
    Object.assign(made.front, { snatPro: true, snatIps: ['10.0.0.77', '10.0.0.78'] })
    for (const group of made.world.groups)
      group.rules = [{ protocol: 'TCP', port: 'ALL', source: '10.0.0.0/16', action: 'ACCEPT' }]
    for (const backend of made.pool.backends) Object.assign(backend, { type: 'CCN', machineId: null })
    return made
  }

  it('may be probed from the SNAT IPs, so a security group that lets these in is not a cause', async () => {
    expect(await likelyCauses(bySnat().world)).toEqual([])
    expect(await likelyCauses(bySnat().world, { 'clb:DescribeTargets': DENIED })).toEqual([])
  })

  it('may be probed from the SNAT IPs, so a network ACL that lets these in is not a cause', async () => {
    const { world, acl } = bySnat()
    acl.ingress = [{ protocol: 'tcp', port: '8080', cidr: '10.0.0.0/24', action: 'Accept' }]
    acl.egress = [{ protocol: 'tcp', port: '1024-65535', cidr: '10.0.0.0/24', action: 'Accept' }]
    expect(await likelyCauses(world, { 'clb:DescribeTargets': DENIED })).toEqual([])
  })
})

describe('a network ACL', () => {
  function quintuple(): World {
    const { world, acl } = serviceDown()
    acl.type = 'QUINTUPLE'
    for (const entry of [...acl.ingress, ...acl.egress])
      Object.assign(entry, { port: 'all', sourcePort: 'all', destinationCidr: '0.0.0.0/0' })
    return world
  }

  it.each<[string, World, Record<string, Fault>]>([
    [
      'whose entries are missing',
      serviceDown().world,
      { 'vpc:DescribeNetworkAcls': each('NetworkAclSet', { IngressEntries: null, EgressEntries: null }) },
    ],
    [
      'whose type is unknown and that lists no entries',
      quintuple(),
      { 'vpc:DescribeNetworkAcls': each('NetworkAclSet', { NetworkAclType: '1' }) },
    ],
    [
      'whose entries have no direction',
      quintuple(),
      {
        'vpc:DescribeNetworkAclQuintupleEntries': each('NetworkAclQuintupleSet', {
          NetworkAclDirection: null,
        }),
      },
    ],
  ])('%s is not treated as one that denies everything', async (_, world, faults) => {
    expect(await likelyCauses(world, faults)).toEqual([])
  })
})

it('a security group whose rules have no index is not evaluated in the order of the answer', async () => {
  const { world } = serviceDown()
  const reversed: Fault = {
    kind: 'changed',
    change: ({ SecurityGroupPolicySet: set }) => {
      const { Ingress } = set as { Ingress: { PolicyIndex: number | null }[] }
      Ingress.reverse()
      for (const policy of Ingress) policy.PolicyIndex = null
    },
  }
  expect(await likelyCauses(world, { 'vpc:DescribeSecurityGroupPolicies': reversed })).toEqual([])
})

it('an ACL is not a likely cause if the VIP is in the backends’ subnet and the type of the CLB is unknown', async () => {
  const { world, front, acl } = serviceDown()
  Object.assign(front, { type: 'INTERNAL', vip: '10.0.1.200', subnetId: 'subnet-web00001' })
  acl.ingress = []
  expect(
    await likelyCauses(world, {
      'clb:DescribeLoadBalancers': each('LoadBalancerSet', { LoadBalancerType: null }),
    }),
  ).toEqual([])
})

it('an interface whose attachment names no machine is not reported as detached', async () => {
  const { world, pool } = serviceDown()
  for (const backend of pool.backends) Object.assign(backend, { type: 'ENI', machineId: null })
  const unnamed: Fault = {
    kind: 'changed',
    change: ({ NetworkInterfaceSet }) => {
      for (const eni of lists(NetworkInterfaceSet)) Object.assign(eni.Attachment ?? {}, { InstanceId: '' })
    },
  }
  expect(await likelyCauses(world, { 'vpc:DescribeNetworkInterfaces': unnamed })).toEqual([])
})

it('a machine that the answer lacks is only possibly gone if the answer also lacks healthy machines', async () => {
  const { world, machine } = shop()
  machine(17).guest.listens = []
  const none: Fault = {
    kind: 'changed',
    change: (answer) => Object.assign(answer, { InstanceSet: [], TotalCount: 0 }),
  }
  const { diagnosis } = await diagnoseSimulated(world, { 'cvm:DescribeInstances': none })
  expect(causesOf(diagnosis)).toEqual(['instance-state/not-found possible'])
})

it('a route table whose routes are missing is not treated as an empty one', async () => {
  const made = shop()
  joinDataCentre(made.world, '172.20.0.0/16')
  Object.assign(made.front, { snatPro: true, snatIps: ['10.0.0.201'] })
  made.world.remotes = [{ ip: '172.20.5.11', guest: { ...made.machine(16).guest, listens: [] } }]
  made.pool.backends = [{ type: 'CCN', machineId: null, ip: '172.20.5.11', port: 8080, weight: 10 }]
  expect(
    await likelyCauses(made.world, { 'vpc:DescribeRouteTables': each('RouteTableSet', { RouteSet: null }) }),
  ).toEqual([])
})

it('an address is not reported as released if one of the two lists of addresses is denied', async () => {
  const { world, pool } = shop()
  pool.backends.push({ type: 'ENI', machineId: null, ip: '10.0.1.99', port: 8080, weight: 10 })
  const { diagnosis } = await diagnoseSimulated(world, { 'vpc:DescribeVpcPrivateIpAddresses': DENIED })
  expect(causesOf(diagnosis)).toEqual([])
  expect(diagnosis.gaps).toContainEqual(
    expect.objectContaining({ action: 'vpc:DescribeVpcPrivateIpAddresses' }),
  )
})

it('a backend is listed only once if the health answer leaves out its port', async () => {
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

it('machines are not reported as gone if the answer leaves out their ids', async () => {
  expect(
    await likelyCauses(serviceDown().world, {
      'cvm:DescribeInstances': each('InstanceSet', { InstanceId: null }),
    }),
  ).toEqual([])
})

describe('a cause that rests on an inference', () => {
  it('is only likely for the pings of a classic CLB', async () => {
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
    expect(await certainCauses(world)).toEqual([])
    expect(await likelyCauses(world)).toEqual(['network-acl/probe-blocked likely'])
  })

  it('is not certain if only the check of the target group is blocked, and not the check of the listener', async () => {
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
    expect(await certainCauses(world)).toEqual([])
  })

  it('is not certain for backends of type EVM', async () => {
    const { world, pool } = serviceDown()
    for (const backend of pool.backends) Object.assign(backend, { type: 'EVM', machineId: null })
    for (const group of world.groups) group.rules = []
    expect(await certainCauses(world)).toEqual([])
  })
})

it('a block is not certain if probes from one of the two possible sources reach the backend', async () => {
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
  expect(await certainCauses(world, { 'clb:DescribeTargetHealth': mixed })).toEqual([])
})
