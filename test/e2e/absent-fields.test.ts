import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { type Shop, shop } from '../../src/simulator/base.ts'
import { joinDataCentre } from '../../src/simulator/data-centre.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import type { World } from '../../src/simulator/world.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

// A field that is null stands for none. A field that the answer leaves out says nothing: no cause and no pass follows.

type Fields = Record<string, unknown>

const lists = (value: unknown): readonly Fields[] => value as readonly Fields[]

/** Leaves a field out of every item in one list of the answer, or sets it. */
const without = (list: string, field: string): Fault => ({
  kind: 'changed',
  change: (answer) => {
    for (const item of lists(answer[list])) delete item[field]
  },
})
const nulled = (list: string, field: string): Fault => ({
  kind: 'changed',
  change: (answer) => {
    for (const item of lists(answer[list])) item[field] = null
  },
})

const causesOf = ({ findings }: Diagnosis): readonly string[] =>
  findings.filter(({ role }) => role === 'cause').map(({ code, certainty }) => `${code} ${certainty}`)

const hopsOf = ({ pools }: Diagnosis, stage: string): ReadonlySet<string> =>
  new Set(
    pools.flatMap(({ targets }) =>
      targets.flatMap(({ path }) => path.filter((hop) => hop.stage === stage).map(({ verdict }) => verdict)),
    ),
  )

/** A Dead backend in a data centre, behind CCN. */
function behindCcn(snatIps: string[]): World {
  const made: Shop = shop()
  joinDataCentre(made.world, '172.20.0.0/16')
  Object.assign(made.front, { snatPro: true, snatIps })
  made.world.remotes = [{ ip: '172.20.5.11', guest: { ...made.machine(16).guest, listens: [] } }]
  made.pool.backends = [{ type: 'CCN', machineId: null, ip: '172.20.5.11', port: 8080, weight: 10 }]
  return made.world
}

function serviceDown(): World {
  const made = shop()
  for (const machine of made.machines) machine.guest.listens = []
  return made.world
}

describe('the SNAT IPs of a CLB', () => {
  const action = 'clb:DescribeLoadBalancers'

  it('are missing if the answer says null', async () => {
    const faults = { [action]: nulled('LoadBalancerSet', 'SnatIps') }
    const { diagnosis } = await diagnoseSimulated(behindCcn(['10.0.0.201']), faults)
    expect(causesOf(diagnosis)).toContain('snat/no-snat-ip likely')
  })

  it('are not known if the answer leaves them out', async () => {
    const faults = { [action]: without('LoadBalancerSet', 'SnatIps') }
    const { diagnosis } = await diagnoseSimulated(behindCcn(['10.0.0.201']), faults)
    expect(diagnosis.findings.map(({ code }) => code)).not.toContain('snat/no-snat-ip')
    expect(causesOf(diagnosis)).toEqual([])
    expect(diagnosis.gaps).toContainEqual(expect.objectContaining({ action, errorCode: 'SnatIps' }))
    expect(diagnosis.checks.find(({ check }) => check === 'snat')).toMatchObject({ outcome: 'unknown' })
  })

  it('are no gap for a CLB without such backends', async () => {
    const faults = { [action]: without('LoadBalancerSet', 'SnatIps') }
    const { diagnosis } = await diagnoseSimulated(shop().world, faults)
    expect([diagnosis.verdict, diagnosis.gaps]).toEqual(['healthy', []])
  })
})

describe('the ACL of a subnet', () => {
  it('does not exist if the answer says null', async () => {
    const faults = { 'vpc:DescribeSubnets': nulled('SubnetSet', 'NetworkAclId') }
    const { diagnosis } = await diagnoseSimulated(serviceDown(), faults)
    expect(hopsOf(diagnosis, 'acl-in')).toEqual(new Set(['pass']))
  })

  it('is not known if the answer leaves it out', async () => {
    const faults = { 'vpc:DescribeSubnets': without('SubnetSet', 'NetworkAclId') }
    const { diagnosis } = await diagnoseSimulated(serviceDown(), faults)
    for (const stage of ['acl-in', 'acl-out']) expect(hopsOf(diagnosis, stage)).toEqual(new Set(['unknown']))
    expect(diagnosis.gaps).toContainEqual(expect.objectContaining({ action: 'vpc:DescribeSubnets' }))
  })
})

describe('the rules of a security group', () => {
  const action = 'vpc:DescribeSecurityGroupPolicies'
  const changed = (change: (set: Fields) => unknown): Fault => ({
    kind: 'changed',
    change: (answer) => {
      change(answer.SecurityGroupPolicySet as Fields)
    },
  })

  it('are an empty list if the answer says null', async () => {
    const faults = { [action]: changed((set) => Object.assign(set, { Ingress: null })) }
    const { diagnosis } = await diagnoseSimulated(serviceDown(), faults)
    expect(causesOf(diagnosis)).toEqual(['security-group/probe-blocked certain'])
  })

  it.each<[string, Fault]>([
    ['them', changed((set) => Reflect.deleteProperty(set, 'Ingress'))],
    [
      'the whole set',
      {
        kind: 'changed',
        change: (answer) => {
          Reflect.deleteProperty(answer, 'SecurityGroupPolicySet')
        },
      },
    ],
  ])('are not known if the answer leaves out %s', async (_, fault) => {
    const { diagnosis } = await diagnoseSimulated(serviceDown(), { [action]: fault })
    expect(causesOf(diagnosis)).toEqual([])
    expect(hopsOf(diagnosis, 'security-group')).toEqual(new Set(['unknown']))
    expect(diagnosis.gaps).toContainEqual(expect.objectContaining({ action }))
  })
})

describe('the security groups of a backend', () => {
  it.each([
    ['a machine', 'cvm:DescribeInstances', 'InstanceSet', 'SecurityGroupIds', 'CVM'],
    ['an interface', 'vpc:DescribeNetworkInterfaces', 'NetworkInterfaceSet', 'GroupSet', 'ENI'],
  ] as const)('of %s are not known if the answer leaves them out', async (_, action, list, field, type) => {
    const made = shop()
    for (const machine of made.machines) machine.guest.listens = []
    if (type === 'ENI') for (const backend of made.pool.backends) Object.assign(backend, { type })
    const { diagnosis } = await diagnoseSimulated(made.world, { [action]: without(list, field) })
    expect(causesOf(diagnosis)).toEqual([])
    expect(hopsOf(diagnosis, 'security-group')).toEqual(new Set(['unknown']))
    expect(JSON.stringify(diagnosis.gaps)).toMatch(/security group|安全组/)
  })
})
