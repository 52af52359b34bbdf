import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { type Shop, shop } from '../../src/simulator/base.ts'
import { joinDataCentre } from '../../src/simulator/data-centre.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { diagnoseSimulated, type SimulatedRun } from '../support/simulated.ts'

// Answers with a value of the wrong type: that fact is malformed and becomes a gap, and everything else is diagnosed.

type Fields = Record<string, unknown>
const lists = (value: unknown): Fields[] => value as Fields[]
const changed = (change: (answer: Fields) => void): Fault => ({ kind: 'changed', change })

/** No machine listens, so every backend is Dead and the API shows no cause. */
function down(): Shop {
  const made = shop()
  for (const machine of made.machines) machine.guest.listens = []
  return made
}

/** The same machines behind a security group that denies everything. */
function blocked(): Shop {
  const made = down()
  for (const group of made.world.groups) group.rules = []
  return made
}

const causes = ({ findings }: Diagnosis): readonly string[] =>
  findings.filter(({ role }) => role === 'cause').map(({ code, certainty }) => `${code} ${certainty}`)

function expectMalformed({ diagnosis, lookupFailure }: SimulatedRun, action: string, code: string): void {
  expect(lookupFailure).toBeNull()
  expect(diagnosis.gaps).toContainEqual(expect.objectContaining({ action, errorCode: code }))
}

describe('a null or a string in the list of', () => {
  it.each<[string, string, (answer: Fields, stranger: unknown) => void]>([
    [
      'interfaces',
      'vpc:DescribeNetworkInterfaces',
      ({ NetworkInterfaceSet }, it) => lists(NetworkInterfaceSet).unshift(it as Fields),
    ],
    ['machines', 'cvm:DescribeInstances', ({ InstanceSet }, it) => lists(InstanceSet).unshift(it as Fields)],
    ['subnets', 'vpc:DescribeSubnets', ({ SubnetSet }, it) => lists(SubnetSet).unshift(it as Fields)],
    [
      'ACLs',
      'vpc:DescribeNetworkAcls',
      ({ NetworkAclSet }, it) => lists(NetworkAclSet).unshift(it as Fields),
    ],
    ['listeners', 'clb:DescribeListeners', ({ Listeners }, it) => lists(Listeners).unshift(it as Fields)],
    ['backends', 'clb:DescribeTargets', ({ Listeners }, it) => lists(Listeners).unshift(it as Fields)],
    [
      'health',
      'clb:DescribeTargetHealth',
      ({ LoadBalancers }, it) => lists(LoadBalancers).unshift(it as Fields),
    ],
    [
      'rules',
      'vpc:DescribeSecurityGroupPolicies',
      ({ SecurityGroupPolicySet }, it) =>
        lists((SecurityGroupPolicySet as Fields).Ingress).unshift(it as Fields),
    ],
  ])('%s makes only that fact malformed', async (_, action, put) => {
    const made = down()
    for (const backend of made.pool.backends) Object.assign(backend, { type: 'ENI', machineId: null })
    const { world } = action === 'vpc:DescribeNetworkInterfaces' ? made : down()
    for (const stranger of [null, 'retyped']) {
      const run = await diagnoseSimulated(world, { [action]: changed((answer) => put(answer, stranger)) })
      expectMalformed(run, action, 'WrongShape')
      expect(causes(run.diagnosis)).toEqual([])
    }
  })

  it('tags changes nothing', async () => {
    const run = await diagnoseSimulated(blocked().world, {
      'clb:DescribeLoadBalancers': changed(({ LoadBalancerSet }) => {
        for (const balancer of lists(LoadBalancerSet)) balancer.Tags = [null, 'retyped']
      }),
    })
    expect(run.diagnosis.gaps).toEqual([])
    expect(causes(run.diagnosis)).toEqual(['security-group/probe-blocked certain'])
  })

  it('users of a security group removes no cause', async () => {
    const run = await diagnoseSimulated(blocked().world, {
      'vpc:DescribeSecurityGroupAssociationStatistics': changed(
        ({ SecurityGroupAssociationStatisticsSet: set }) => lists(set).unshift(null as unknown as Fields),
      ),
    })
    expect(run.lookupFailure).toBeNull()
    expect(causes(run.diagnosis)).toEqual(['security-group/probe-blocked certain'])
  })
})

it.each(['EgressEntries', 'IngressEntries'])(
  'an ACL whose %s is not a list is malformed and not a cause',
  async (field) => {
    for (const value of ['retyped', 7, { retyped: 1 }]) {
      const run = await diagnoseSimulated(down().world, {
        'vpc:DescribeNetworkAcls': changed(({ NetworkAclSet }) => {
          for (const acl of lists(NetworkAclSet)) acl[field] = value
        }),
      })
      expectMalformed(run, 'vpc:DescribeNetworkAcls', 'WrongShape')
      expect(causes(run.diagnosis)).toEqual([])
    }
  },
)

describe('an answer about a resource that was not requested', () => {
  it('is malformed, and the requested machine is not reported as gone', async () => {
    const run = await diagnoseSimulated(down().world, {
      'cvm:DescribeInstances': changed(({ InstanceSet }) => {
        for (const machine of lists(InstanceSet)) machine.InstanceId = `${machine.InstanceId}0`
      }),
    })
    expectMalformed(run, 'cvm:DescribeInstances', 'WrongShape')
    expect(causes(run.diagnosis)).toEqual([])
  })

  it('is malformed, and the requested CLB is still diagnosed', async () => {
    const run = await diagnoseSimulated(blocked().world, {
      'clb:DescribeLoadBalancers': changed(({ LoadBalancerSet }) => {
        for (const balancer of lists(LoadBalancerSet)) balancer.LoadBalancerId = 'lb-other001'
      }),
    })
    expectMalformed(run, 'clb:DescribeLoadBalancers', 'WrongShape')
    expect(run.diagnosis.pools.flatMap(({ targets }) => targets)).toHaveLength(5)
  })
})

it('an empty list of CLBs with a total of one is incomplete, and the CLB is still diagnosed', async () => {
  const run = await diagnoseSimulated(blocked().world, {
    'clb:DescribeLoadBalancers': changed((answer) => {
      answer.LoadBalancerSet = []
      answer.TotalCount = 1
    }),
  })
  expectMalformed(run, 'clb:DescribeLoadBalancers', 'IncompleteList')
  expect(run.diagnosis.pools.flatMap(({ targets }) => targets)).toHaveLength(5)
})

it('an empty list of CLBs with a total of one is unread, not "unknown CLB", although no other call knows the CLB', async () => {
  const run = await diagnoseSimulated(
    blocked().world,
    {
      'clb:DescribeLoadBalancers': changed((answer) => {
        answer.TotalCount = 1
      }),
    },
    'lb-nosuch00',
  )
  expectMalformed(run, 'clb:DescribeLoadBalancers', 'IncompleteList')
})

it.each([-1, 65_536, 2 ** 53, 80.5])(
  'a health record with port %d is malformed and leads to no cause',
  async (port) => {
    const run = await diagnoseSimulated(blocked().world, {
      'clb:DescribeTargetHealth': changed(({ LoadBalancers }) => {
        for (const balancer of lists(LoadBalancers))
          for (const listener of lists(balancer.Listeners))
            for (const rule of lists(listener.Rules))
              for (const target of lists(rule.Targets)) target.Port = port
      }),
    })
    expectMalformed(run, 'clb:DescribeTargetHealth', 'WrongShape')
    expect(run.diagnosis.verdict).toBe('inconclusive')
    expect(causes(run.diagnosis)).toEqual([])
  },
)

it.each([2 ** 53, 8.64e12])(
  'a time-out of %d seconds makes only the check malformed, also for a backend that was just bound',
  async (seconds) => {
    const made = blocked()
    for (const one of made.pool.backends) one.warming = true
    const run = await diagnoseSimulated(made.world, {
      'clb:DescribeListeners': changed(({ Listeners }) => {
        for (const listener of lists(Listeners))
          for (const rule of lists(listener.Rules)) (rule.HealthCheck as Fields).TimeOut = seconds
      }),
    })
    expectMalformed(run, 'clb:DescribeListeners', 'WrongShape')
  },
)

it('a weight of -1 is not known, and not 0', async () => {
  const run = await diagnoseSimulated(shop().world, {
    'clb:DescribeTargets': changed(({ Listeners }) => {
      for (const listener of lists(Listeners))
        for (const rule of lists(listener.Rules)) for (const one of lists(rule.Targets)) one.Weight = -1
    }),
  })
  expect(run.diagnosis.findings.map(({ code }) => code)).not.toContain('pool-membership/all-weights-zero')
})

it('a route table without any route counts as incomplete', async () => {
  const made = shop()
  joinDataCentre(made.world, '172.20.0.0/16')
  Object.assign(made.front, { snatPro: true, snatIps: ['10.0.0.201'] })
  made.world.remotes = [{ ip: '172.20.5.11', guest: { ...made.machine(16).guest, listens: [] } }]
  made.pool.backends = [{ type: 'CCN', machineId: null, ip: '172.20.5.11', port: 8080, weight: 10 }]
  const run = await diagnoseSimulated(made.world, {
    'vpc:DescribeRouteTables': changed(({ RouteTableSet }) => {
      for (const table of lists(RouteTableSet)) table.RouteSet = []
    }),
  })
  expectMalformed(run, 'vpc:DescribeRouteTables', 'IncompleteList')
  expect(causes(run.diagnosis)).toEqual(['snat/confirm-idc-firewall possible'])
})

describe('an unattached interface of a Dead backend', () => {
  const loose = (): Shop => {
    const made = shop()
    const [first] = made.machines
    if (!first) throw new Error('no machine')
    made.world.interfaces = [
      {
        id: 'eni-loose001',
        vpcId: first.vpcId,
        subnetId: 'subnet-web00001',
        ips: ['10.0.1.170'],
        groups: [],
        machineId: null,
      },
    ]
    made.pool.backends.push({ type: 'ENI', machineId: null, ip: '10.0.1.170', port: 8080, weight: 10 })
    return made
  }

  it('is reported as detached if the answer says so', async () => {
    const { diagnosis } = await diagnoseSimulated(loose().world)
    expect(causes(diagnosis)).toContain('instance-state/eni-detached certain')
  })

  it('is not reported as detached if the answer leaves out Attachment', async () => {
    const run = await diagnoseSimulated(loose().world, {
      'vpc:DescribeNetworkInterfaces': changed(({ NetworkInterfaceSet }) => {
        for (const eni of lists(NetworkInterfaceSet)) delete eni.Attachment
      }),
    })
    expectMalformed(run, 'vpc:DescribeNetworkInterfaces', 'Attachment')
    expect(causes(run.diagnosis)).not.toContain('instance-state/eni-detached certain')
  })
})

it('the port of a rule may be a number, as in the sample of the vendor', async () => {
  const made = down()
  const whole = await diagnoseSimulated(made.world)
  const run = await diagnoseSimulated(made.world, {
    'vpc:DescribeSecurityGroupPolicies': changed(({ SecurityGroupPolicySet }) => {
      for (const rule of lists((SecurityGroupPolicySet as Fields).Ingress))
        if (/^\d+$/.test(String(rule.Port))) rule.Port = Number(rule.Port)
    }),
  })
  expect(run.diagnosis.pools).toEqual(whole.diagnosis.pools)
  expect(run.diagnosis.gaps).toEqual(whole.diagnosis.gaps)
})
