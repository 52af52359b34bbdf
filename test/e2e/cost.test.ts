import { describe, expect, it } from 'vitest'
import { SHOP, SHOP_VIP, shop, VPC } from '../../src/simulator/base.ts'
import type { Call, Calls } from '../../src/simulator/calls.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { type Kind, largeWorld } from '../support/large.ts'
import { type Asked, measure } from '../support/measured.ts'

// The cost of one diagnosis of 1,000 targets, counted by the simulated API: 50 listeners, 20 groups, 10 subnets, 2 ACLs.

const FRONT = {
  'clb:DescribeLoadBalancers': 1,
  'clb:DescribeListeners': 1,
  'clb:DescribeTargets': 1,
  'clb:DescribeTargetHealth': 1,
}
/** One call per security group. The rules name address templates, a template group and a service template. */
const AROUND = {
  'vpc:DescribeSubnets': 1,
  'vpc:DescribeNetworkAcls': 1,
  'vpc:DescribeNetworkAclQuintupleEntries': 1,
  'vpc:DescribeSecurityGroupPolicies': 20,
  'vpc:DescribeSecurityGroupAssociationStatistics': 1,
  'vpc:DescribeAddressTemplates': 1,
  'vpc:DescribeAddressTemplateGroups': 1,
  'vpc:DescribeServiceTemplates': 1,
}
/** Only if a target is Dead: who changed what before the onset. */
const HISTORY = { 'cloudaudit:DescribeEvents': 1 }
const MACHINES = { 'cvm:DescribeInstances': 10 }
/** Only if a machine is Dead behind a public CLB, and may have no public bandwidth. */
const ACCOUNT = { 'vpc:DescribeNetworkAccountType': 1 }
const denied = { kind: 'error', code: 'UnauthorizedOperation' } as const

const CASES: readonly {
  readonly name: string
  readonly kind: Kind
  readonly backends: Readonly<Record<string, number>>
  readonly waves?: number
  readonly by?: 'vip'
  readonly denies?: string
  readonly dead?: number
  /** One wave has more calls than connections to a service, so some calls wait for others. */
  readonly queues?: true
}[] = [
  { name: 'machines', kind: 'machines', backends: { ...MACHINES, ...ACCOUNT } },
  {
    name: 'machines of a CLB that is named by its VIP',
    kind: 'machines',
    backends: { ...MACHINES, ...ACCOUNT },
    by: 'vip',
    waves: 5,
  },
  { name: 'machines with IPv6 addresses', kind: 'ipv6', backends: MACHINES, dead: 0 },
  {
    name: 'interfaces, and the machines of the Dead ones',
    kind: 'interfaces',
    backends: { 'vpc:DescribeNetworkInterfaces': 10, 'cvm:DescribeInstances': 1 },
  },
  {
    name: 'interfaces of which only the addresses are known',
    kind: 'interfaces',
    backends: { 'vpc:DescribeNetworkInterfaces': 200, 'cvm:DescribeInstances': 1 },
    denies: 'clb:DescribeTargets',
    queues: true,
  },
  {
    name: 'members of version 1 target groups',
    kind: 'groups-v1',
    backends: {
      ...MACHINES,
      ...ACCOUNT,
      'clb:DescribeTargetGroups': 4,
      'clb:DescribeTargetGroupInstances': 75,
    },
    queues: true,
  },
  {
    name: 'members of version 2 target groups',
    kind: 'groups-v2',
    backends: {
      ...MACHINES,
      ...ACCOUNT,
      'clb:DescribeTargetGroups': 4,
      'clb:DescribeTargetGroupInstances': 75,
    },
    queues: true,
  },
]

const counts = (calls: Calls): Record<string, number> =>
  Object.fromEntries(calls.log().map(({ action }) => [action, calls.count(action)]))

/** Each thing that a call asks for: its ids, or the values of its filters if it has no ids. */
function asked({ action, region, body }: Call): readonly string[] {
  const { Offset = 0, Limit: _, Filters = [], ...rest } = JSON.parse(body)
  const lists = Object.values(rest).filter(Array.isArray)
  const filters = Filters.filter(({ Name }: { Name: string }) => Filters.length === 1 || Name !== 'vpc-id')
  const values = [...lists, ...filters.map(({ Values }: { Values: string[] }) => Values)].flat()
  const ids = values.length > 0 ? values : Object.values(rest)
  return ids.map((id) => `${action} ${region} ${JSON.stringify(id)} from ${Offset}`)
}

const repeated = (all: readonly string[]): readonly string[] => all.filter((one, i) => all.indexOf(one) !== i)

describe('the calls for 1,000 targets', () => {
  it.each(CASES)('that are $name repeat no request and no id, and need few waves', async (given) => {
    const { name: _, kind, backends, by = 'id', waves = 4, denies, dead = 26, queues } = given
    const large = largeWorld({ kind })
    const faults = denies === undefined ? {} : { [denies]: denied }
    const { diagnosis, calls } = await measure(large, { by, faults })

    expect(counts(calls)).toEqual({ ...FRONT, ...AROUND, ...backends, ...(dead > 0 ? HISTORY : {}) })
    expect(repeated(calls.log().map(({ action, region, body }) => `${action} ${region} ${body}`))).toEqual([])
    expect(repeated(calls.log().flatMap(asked))).toEqual([])
    expect(diagnosis.stats).toMatchObject({ apiCalls: calls.total(), retries: 0, waves })
    if (!queues) expect(calls.waves()).toBe(waves)

    const targets = diagnosis.pools.flatMap((pool) => pool.targets)
    expect(targets).toHaveLength(1000)
    expect(targets.filter(({ status }) => status === 'Dead')).toHaveLength(dead)
    const causes = diagnosis.findings.filter(({ role }) => role === 'cause')
    // The health check of a version 2 target group does not say where its probes come from.
    const named = dead === 0 || kind === 'groups-v2' ? [] : [large.blocking]
    expect(causes.map(({ resources }) => resources[0]?.id)).toEqual(named)
  })
})

describe('the number of waves in a diagnosis', () => {
  const scenario = (name: string): Asked => {
    const found = findScenario(name)
    if (!found) throw new Error(name)
    return { world: found.build(), loadBalancerId: found.loadBalancerId, vip: found.vip }
  }
  /** A backend on a secondary interface whose security group names a template. */
  const onSecondInterface = (): Asked => {
    const { world, pool } = shop()
    world.addressTemplates = { 'ipm-office01': ['198.51.100.0/24'] }
    world.groups.push({
      id: 'sg-second01',
      name: 'second',
      rules: [{ protocol: 'TCP', port: '22', source: 'ipm-office01', action: 'ACCEPT' }],
    })
    world.interfaces.push({
      id: 'eni-second01',
      vpcId: VPC,
      subnetId: 'subnet-web00001',
      ips: ['10.0.1.60'],
      groups: ['sg-second01'],
      machineId: 'ins-web00016',
    })
    pool.backends.push({ type: 'CVM', machineId: 'ins-web00016', ip: '10.0.1.60', port: 8080, weight: 10 })
    return { world, loadBalancerId: SHOP, vip: SHOP_VIP }
  }

  it.each<[string, () => Asked, number]>([
    ['rules with templates', () => scenario('sg-template-first'), 4],
    ['a machine of another region', () => scenario('cross-region-healthy'), 4],
    ['a managed service and its groups', () => scenario('redis-group'), 5],
    ['a secondary address, then its security group, then the templates of that group', onSecondInterface, 5],
  ])('is the number that the API counts: %s', async (_, build, waves) => {
    const { diagnosis, calls } = await measure(build())
    expect([diagnosis.stats.waves, calls.waves()]).toEqual([waves, waves])
  })
})

describe('the templates of a template group', () => {
  const few = () => largeWorld({ targets: 100 })

  it('are read by id, one wave later, if they are not among the first 100 of the region', async () => {
    const { world, ...large } = few()
    const others = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`ipm-other${n}`, ['192.0.2.1']]))
    world.addressTemplates = { ...others, ...world.addressTemplates }
    const { diagnosis, snapshot, calls } = await measure({ world, ...large })
    expect(calls.count('vpc:DescribeAddressTemplates')).toBe(2)
    expect(diagnosis.stats.waves).toBe(5)
    expect(Object.keys(snapshot?.addressTemplates ?? {}).sort()).toEqual([
      'ipm-large001',
      'ipm-large002',
      'ipm-large003',
    ])
    expect(diagnosis.gaps).toEqual([])
  })

  it('become a gap that names the action if they cannot be listed', async () => {
    const faults = { 'vpc:DescribeAddressTemplates': denied }
    const { diagnosis } = await measure(few(), { faults })
    expect(diagnosis.gaps.map(({ grant }) => grant)).toContain('vpc:DescribeAddressTemplates')
  })
})
