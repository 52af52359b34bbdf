import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { machine } from '../../src/simulator/base.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { richWorld } from './rich.ts'
import { ask, codeOf, type Response } from './support.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator(richWorld(), { requestsPerSecond: 1000 })
})
afterAll(() => simulator.close())

const SHOP = 'lb-7dpmqwcu'
const BALANCERS = 'clb:DescribeLoadBalancers'
const INTERFACES = 'vpc:DescribeNetworkInterfaces'
const many = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(8, '0')}`)

describe('a limit of the API', () => {
  it.each([
    [BALANCERS, 'LoadBalancerIds', 20, 'lb-', {}],
    ['clb:DescribeTargets', 'ListenerIds', 20, 'lbl-', { LoadBalancerId: SHOP }],
    ['clb:DescribeListeners', 'ListenerIds', 100, 'lbl-', { LoadBalancerId: SHOP }],
    [INTERFACES, 'NetworkInterfaceIds', 100, 'eni-', {}],
    ['vpc:DescribeSubnets', 'SubnetIds', 100, 'subnet-', {}],
    ['vpc:DescribeNetworkAcls', 'NetworkAclIds', 100, 'acl-', {}],
  ])(
    'of %s, parameter %s: %i values are accepted, one more is refused',
    async (action, name, most, prefix, rest) => {
      await ask(simulator, action, { ...rest, [name]: many(most, prefix) })
      expect(await codeOf(ask(simulator, action, { ...rest, [name]: many(most + 1, prefix) }))).toBe(
        'LimitExceeded',
      )
    },
  )

  it('is 30 CLBs for DescribeTargetHealth and 100 ids for DescribeInstances', async () => {
    const health = (count: number) =>
      ask(simulator, 'clb:DescribeTargetHealth', { LoadBalancerIds: Array(count).fill(SHOP) })
    expect((await health(30)).LoadBalancers).toHaveLength(30)
    expect(await codeOf(health(31))).toBe('LimitExceeded')
    const instances = ask(simulator, 'cvm:DescribeInstances', { InstanceIds: many(101, 'ins-') })
    expect(await codeOf(instances)).toBe('LimitExceeded')
  })

  it('is five values for a filter of DescribeNetworkInterfaces', async () => {
    const by = (count: number) =>
      ask(simulator, INTERFACES, { Filters: [{ Name: 'address-ip', Values: many(count, '10.0.') }] })
    expect((await by(5)).TotalCount).toBe(0)
    expect(await codeOf(by(6))).toBe('InvalidParameterValue.LimitExceeded')
  })

  it('is 1 to 100 for Limit, and at least 0 for Offset', async () => {
    for (const Limit of [0, 101, 2.5])
      expect(await codeOf(ask(simulator, BALANCERS, { Limit }))).toBe('InvalidParameterValue.Range')
    expect(await codeOf(ask(simulator, BALANCERS, { Offset: -1 }))).toBe('InvalidParameterValue.Range')
    expect(await codeOf(ask(simulator, 'vpc:DescribeSubnets', { Limit: '101' }))).toBe(
      'InvalidParameterValue.Range',
    )
  })
})

describe('a parameter', () => {
  it.each([
    ['is refused if the action does not have it', BALANCERS, { LoadBalancerId: SHOP }, 'UnknownParameter'],
    ['is required', 'clb:DescribeListeners', {}, 'MissingParameter'],
    ['is required', 'clb:DescribeTargetHealth', {}, 'MissingParameter'],
    ['is required', 'clb:DescribeTargetGroupInstances', { Limit: 20 }, 'MissingParameter'],
    ['must be a list', BALANCERS, { LoadBalancerIds: SHOP }, 'InvalidParameter'],
    [
      'must be one id, not a list',
      'vpc:DescribeSecurityGroupPolicies',
      { SecurityGroupId: ['sg-shopweb1'] },
      'InvalidParameter',
    ],
    ['must be a number', BALANCERS, { Limit: '20' }, 'InvalidParameter'],
    ['must be a string', 'vpc:DescribeSubnets', { Limit: 20 }, 'InvalidParameter'],
    ['must be a string', 'vpc:DescribeAddressTemplates', { Offset: 0 }, 'InvalidParameter'],
    ['must be a number', 'vpc:DescribeNetworkAcls', { Limit: '20' }, 'InvalidParameter'],
  ])('%s: %s %j', async (_, action, request, code) => {
    expect(await codeOf(ask(simulator, action, request))).toBe(code)
  })

  it.each([
    ['vpc:DescribeSubnets', 'SubnetIds', 'subnet-web00001'],
    ['vpc:DescribeNetworkAcls', 'NetworkAclIds', 'acl-shopweb1'],
    [INTERFACES, 'NetworkInterfaceIds', 'eni-web00016'],
  ])('with ids is refused together with filters: %s', async (action, name, id) => {
    const request = { [name]: [id], Filters: [{ Name: 'vpc-id', Values: ['vpc-1ywqac83'] }] }
    expect(await codeOf(ask(simulator, action, request))).toBe('InvalidParameter.Coexist')
  })

  it('with a filter is refused if the filter is unknown or has no values', async () => {
    const by = (Name: string, Values: string[]) =>
      codeOf(ask(simulator, INTERFACES, { Filters: [{ Name, Values }] }))
    expect(await by('vpc', ['vpc-1ywqac83'])).toBe('InvalidParameter.FilterInvalidKey')
    expect(await by('vpc-id', [])).toBe('InvalidParameterValue')
  })
})

describe('an id that does not exist or does not fit', () => {
  it('gives an empty list of CLBs or subnets', async () => {
    expect(await ask(simulator, BALANCERS, { LoadBalancerIds: ['lb-nobody00'] })).toMatchObject({
      TotalCount: 0,
      LoadBalancerSet: [],
    })
    expect(await ask(simulator, 'vpc:DescribeSubnets', { SubnetIds: ['subnet-nobody00'] })).toMatchObject({
      TotalCount: 0,
      SubnetSet: [],
    })
  })

  it.each([
    ['clb:DescribeListeners', { LoadBalancerId: 'lb-nobody00' }, 'InvalidParameter.LBIdNotFound'],
    ['clb:DescribeTargets', { LoadBalancerId: 'lb-nobody00' }, 'InvalidParameter.LBIdNotFound'],
    ['clb:DescribeTargetHealth', { LoadBalancerIds: [SHOP, 'lb-nobody00'] }, 'InvalidParameter.LBIdNotFound'],
    [
      'cvm:DescribeInstances',
      { InstanceIds: ['ins-web00016', 'ins-nobody00'] },
      'InvalidInstanceId.NotFound',
    ],
    ['cvm:DescribeInstances', { InstanceIds: ['i-12345678'] }, 'InvalidInstanceId.Malformed'],
    ['vpc:DescribeSecurityGroupPolicies', { SecurityGroupId: 'sg-nobody00' }, 'ResourceNotFound'],
    ['vpc:DescribeNetworkAclQuintupleEntries', { NetworkAclId: 'acl-nobody00' }, 'ResourceNotFound'],
    ['vpc:DescribeNetworkAclQuintupleEntries', { NetworkAclId: 'acl-shopweb1' }, 'UnsupportedOperation'],
  ])('makes %s fail for %j', async (action, request, code) => {
    expect(await codeOf(ask(simulator, action, request))).toBe(code)
  })

  it('can be the id of a resource in another region', async () => {
    const elsewhere = { region: 'ap-shanghai' }
    const asked = { LoadBalancerIds: [SHOP] }
    expect((await ask(simulator, BALANCERS, asked, elsewhere)).TotalCount).toBe(0)
    expect((await ask(simulator, 'vpc:DescribeAddressTemplates', {}, elsewhere)).TotalCount).toBe(0)
    expect(await codeOf(ask(simulator, 'clb:DescribeTargets', { LoadBalancerId: SHOP }, elsewhere))).toBe(
      'InvalidParameter.LBIdNotFound',
    )
  })
})

describe('CLBs are found', () => {
  const found = async (request: object): Promise<string[]> =>
    (await ask(simulator, BALANCERS, request)).LoadBalancerSet.map((lb: Response) => lb.LoadBalancerId)

  it('by VIP, and by VIP and VPC if several CLBs have the same private VIP', async () => {
    expect(await found({ LoadBalancerVips: ['203.0.113.26'] })).toEqual([SHOP])
    expect(await found({ LoadBalancerVips: ['10.0.0.10'] })).toEqual(['lb-p2x4k8aa', 'lb-stagcach'])
    expect(await found({ LoadBalancerVips: ['10.0.0.10'], VpcId: 'vpc-1ywqac83' })).toEqual(['lb-p2x4k8aa'])
    expect(await found({ LoadBalancerVips: ['203.0.113.2'] })).toEqual([])
  })

  it('by IPv6 VIP in any spelling', async () => {
    expect(await found({ LoadBalancerVips: ['2402:4E00:1000:2600::9300:1a2b:3c4d'] })).toEqual([
      'lb-sixsix66',
    ])
  })

  it('by type', async () => {
    expect(await found({ LoadBalancerType: 'INTERNAL' })).toEqual([
      'lb-p2x4k8aa',
      'lb-stagcach',
      'lb-classic1',
    ])
  })
})

describe('interfaces are found', () => {
  const found = async (...Filters: { Name: string; Values: string[] }[]): Promise<string[]> =>
    (await ask(simulator, INTERFACES, { Filters })).NetworkInterfaceSet.map(
      (nic: Response) => nic.NetworkInterfaceId,
    )
  const ip = (...Values: string[]) => ({ Name: 'address-ip', Values })

  it('by the end of a single address, and exactly if there are several addresses or ip-exact-match is set', async () => {
    expect(await found(ip('.1.16'))).toEqual(['eni-web00016'])
    expect(await found(ip('61'))).toEqual(['eni-second01'])
    expect(await found(ip('61', '10.0.1.16'))).toEqual(['eni-web00016'])
    expect(await found(ip('.1.16'), { Name: 'ip-exact-match', Values: ['true'] })).toEqual([])
  })

  it('by IPv6 address only with the filter address-ipv6', async () => {
    const six = '2402:4e00:1000:2601:0::60'
    expect(await found({ Name: 'address-ipv6', Values: [six] })).toEqual(['eni-web00060'])
    expect(await found(ip('2402:4e00:1000:2601::60'))).toEqual([])
  })

  it('only in the VPC or on the machine that a filter names', async () => {
    expect(await found(ip('10.0.1.161'), { Name: 'vpc-id', Values: ['vpc-staging1'] })).toEqual([])
    expect(await found({ Name: 'attachment.instance-id', Values: ['ins-web00060'] })).toEqual([
      'eni-web00060',
      'eni-second01',
    ])
  })
})

describe('a list', () => {
  it('comes in pages of 20 if Limit is not set, with the total count on each page', async () => {
    const world = richWorld()
    for (let host = 100; host < 130; host++) world.machines.push(machine(host, { id: `ins-more0${host}` }))
    const large = await startSimulator(world)
    const page = async (request: object) => {
      const { TotalCount, InstanceSet } = await ask(large, 'cvm:DescribeInstances', request)
      return [TotalCount, InstanceSet.length, InstanceSet[0]?.InstanceId]
    }
    expect(await page({})).toEqual([40, 20, 'ins-web00016'])
    expect(await page({ Offset: 20, Limit: 100 })).toEqual([40, 20, 'ins-more0110'])
    expect(await page({ Offset: 40 })).toEqual([40, 0, undefined])
    // A list of requested ids is paged too.
    expect(await page({ InstanceIds: world.machines.map(({ id }) => id) })).toEqual([40, 20, 'ins-web00016'])
    await large.close()
  })

  it('of subnets has pages of 20 even if the request names more ids', async () => {
    const world = richWorld()
    for (let i = 0; i < 25; i++)
      world.subnets.push({
        id: `subnet-more00${i}`.padEnd(15, '0'),
        vpcId: 'vpc-staging1',
        cidr: `10.0.${i + 100}.0/24`,
        ipv6Cidr: '',
        routeTableId: 'rtb-l2h8d7c2',
        aclId: null,
      })
    const large = await startSimulator(world)
    const ids = world.subnets.map(({ id }) => id)
    const { TotalCount, SubnetSet } = await ask(large, 'vpc:DescribeSubnets', { SubnetIds: ids })
    expect([TotalCount, SubnetSet.length]).toEqual([28, 20])
    const { SubnetSet: rest } = await ask(large, 'vpc:DescribeSubnets', {
      SubnetIds: ids,
      Offset: '20',
      Limit: '20',
    })
    expect(rest).toHaveLength(8)
    await large.close()
  })

  it('can be narrowed to one listener, rule, member of a target group or template', async () => {
    const { Listeners } = await ask(simulator, 'clb:DescribeListeners', {
      LoadBalancerId: SHOP,
      Protocol: 'UDP',
      Port: 53,
    })
    expect(Listeners.map((one: Response) => one.ListenerId)).toEqual(['lbl-udp00053'])
    const { LoadBalancers } = await ask(simulator, 'clb:DescribeTargetHealth', {
      LoadBalancerIds: [SHOP],
      ListenerIds: ['lbl-shop0443'],
      LocationIds: ['loc-group001'],
    })
    expect(LoadBalancers[0].Listeners).toMatchObject([{ Rules: [{ LocationId: 'loc-group001' }] }])
    const { TargetGroupInstanceSet } = await ask(simulator, 'clb:DescribeTargetGroupInstances', {
      Filters: [
        { Name: 'TargetGroupId', Values: ['lbtg-first001'] },
        { Name: 'BindIP', Values: ['10.0.1.17'] },
      ],
    })
    expect(TargetGroupInstanceSet).toMatchObject([{ InstanceId: 'ins-web00017' }])
    expect(
      await ask(simulator, 'vpc:DescribeServiceTemplates', {
        Filters: [{ Name: 'service-template-id', Values: ['ppm-dns00001'] }],
      }),
    ).toMatchObject({ ServiceTemplateSet: [{ ServiceTemplateId: 'ppm-dns00001', ServiceSet: ['udp:53'] }] })
  })
})
