import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SERVICES } from '../../src/cloud/actions.ts'
import { ACTIONS } from '../../src/model/actions/index.ts'
import { SIMULATED_ACTIONS } from '../../src/simulator/actions.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { RICH, richWorld } from './rich.ts'
import { ask, type Response } from './support.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator(richWorld(), { requestsPerSecond: 1000 })
})
afterAll(() => simulator.close())

const SHOP = 'lb-7dpmqwcu'
/** A new action needs a line here only if it needs a parameter that is not here yet. */
const REQUESTS: Readonly<Record<string, object>> = {
  'clb:DescribeLoadBalancers': {},
  'clb:DescribeListeners': { LoadBalancerId: SHOP },
  'clb:DescribeTargets': { LoadBalancerId: SHOP },
  'clb:DescribeTargetHealth': { LoadBalancerIds: [SHOP] },
  'clb:DescribeTargetGroups': {},
  'clb:DescribeTargetGroupInstances': { Filters: [{ Name: 'TargetGroupId', Values: ['lbtg-first001'] }] },
  'clb:DescribeCrossTargets': {},
  'clb:DescribeClassicalLBListeners': { LoadBalancerId: RICH.classic },
  'clb:DescribeClassicalLBTargets': { LoadBalancerId: RICH.classic },
  'clb:DescribeClassicalLBHealthStatus': { LoadBalancerId: RICH.classic },
  'cvm:DescribeInstances': {},
  'vpc:DescribeNetworkInterfaces': {},
  'vpc:DescribeSubnets': {},
  'vpc:DescribeNetworkAcls': {},
  'vpc:DescribeNetworkAclQuintupleEntries': { NetworkAclId: 'acl-five0001' },
  'vpc:DescribeSecurityGroupPolicies': { SecurityGroupId: 'sg-tmpl0001' },
  'vpc:DescribeSecurityGroupExpandedPolicies': { SecurityGroupId: 'sg-tmpl0001' },
  'vpc:DescribeSecurityGroupAssociationStatistics': { SecurityGroupIds: ['sg-tmpl0001'] },
  'vpc:DescribeAddressTemplates': {},
  'vpc:DescribeAddressTemplateGroups': {},
  'vpc:DescribeServiceTemplates': {},
  'vpc:DescribeServiceTemplateGroups': {},
  'vpc:DescribeVpcs': {},
  'vpc:DescribeUsedIpAddress': { VpcId: 'vpc-1ywqac83', IpAddresses: ['10.0.1.16', RICH.cache] },
  'vpc:DescribeVpcPrivateIpAddresses': { VpcId: 'vpc-1ywqac83', PrivateIpAddresses: [RICH.cache] },
  'vpc:DescribeRouteTables': {},
  'vpc:DescribeCcnAttachedInstances': {},
  'vpc:DescribeCcnRoutes': { CcnId: 'ccn-shop0001' },
  'cdb:DescribeDBSecurityGroups': { InstanceId: 'cdb-rich0001' },
  'redis:DescribeDBSecurityGroups': { Product: 'redis', InstanceId: 'crs-rich0001' },
  'mongodb:DescribeSecurityGroup': { InstanceId: 'cmgo-rich0001' },
  'postgres:DescribeDBInstanceSecurityGroups': { DBInstanceId: 'postgres-rich0001' },
  'ckafka:DescribeSecurityGroupRoutes': {},
  'region:DescribeRegions': { Product: 'clb' },
  'tke:DescribeClusters': {},
  'tke:DescribeClusterInstances': { ClusterId: 'cls-rich0001' },
  'cloudaudit:DescribeEvents': { StartTime: 1_800_000_000, EndTime: 1_800_086_400, MaxResults: 1 },
  'cls:SearchLog': { TopicId: 'topic-health1', From: 0, To: 2_000_000_000_000 },
  'monitor:DescribeAlarmHistories': { Module: 'monitor' },
  'scf:Invoke': { FunctionName: 'clb-doctor', InvocationType: 'Event', ClientContext: '{}' },
  'tat:DescribeAutomationAgentStatus': {},
  'tat:DescribeCommands': { CommandIds: ['cmd-rich0001'] },
  'tat:InvokeCommand': { CommandId: 'cmd-rich0001', InstanceIds: ['ins-web00016'] },
  'tat:RunCommand': { Content: 'bHM=', InstanceIds: ['ins-web00016'] },
  'tat:DescribeInvocationTasks': { Filters: [{ Name: 'invocation-id', Values: ['inv-sim0001'] }] },
  'vpc:CheckNetDetectState': {
    DetectDestinationIp: ['172.20.5.11'],
    VpcId: 'vpc-1ywqac83',
    SubnetId: 'subnet-clb00001',
    NextHopType: 'CCN',
    NextHopDestination: 'ccn-shop0001',
  },
}

const KNOWN: Readonly<Record<string, unknown>> = Object.assign({}, ...Object.values(REQUESTS))

function requestOf(action: string): object {
  const needed = SIMULATED_ACTIONS[action]?.needs
  return REQUESTS[action] ?? (needed === undefined ? {} : { [needed]: KNOWN[needed] })
}

/** These actions have no documented example. Only their SDK models are compared. */
const WITHOUT_EXAMPLE = [
  'cls:SearchLog',
  'monitor:DescribeAlarmHistories',
  'region:DescribeRegions',
  'scf:Invoke',
]

/** Every path in an answer, such as `Listeners[].Port`, with the kinds of its values. */
function kinds(value: unknown, path: string, found: Map<string, Set<string>>): Map<string, Set<string>> {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value
  found.set(path, (found.get(path) ?? new Set()).add(kind))
  if (Array.isArray(value)) for (const one of value) kinds(one, `${path}[]`, found)
  else if (value !== null && typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) kinds(inner, `${path}.${key}`, found)
  return found
}

const exampleOf = (action: string): URL =>
  new URL(`../fixtures/tencent-api/${action.replace(':', '-')}.json`, import.meta.url)

const documented = (action: string): Map<string, Set<string>> => {
  const { examples } = JSON.parse(readFileSync(exampleOf(action), 'utf8')) as {
    examples: { response: Response }[]
  }
  const found = new Map<string, Set<string>>()
  for (const { response } of examples) kinds(response.Response, '', found)
  return found
}

const MODELS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SERVICES).map(([service, version]) => {
    const folder = `v${version.replaceAll('-', '')}`
    const file = `../../node_modules/tencentcloud-sdk-nodejs/tencentcloud/services/${service}/${folder}/${service}_models.d.ts`
    return [service, readFileSync(new URL(file, import.meta.url), 'utf8')]
  }),
)

describe('the simulated cloud', () => {
  it('has exactly the actions that the product can call', () => {
    expect(Object.keys(SIMULATED_ACTIONS).sort()).toEqual([...ACTIONS].sort())
  })

  it.each(ACTIONS)('%s answers only with fields of the SDK models', async (action) => {
    const models = MODELS[action.split(':')[0] ?? ''] ?? ''
    const places = kinds(await ask(simulator, action, requestOf(action)), '', new Map())
    const fields = [...places.keys()].map((path) => path.split('.').at(-1)?.replace('[]', '') ?? '')
    const unknown = fields.filter(
      (field) => field !== '' && !new RegExp(`^    ${field}\\??:`, 'm').test(models),
    )
    expect(fields.length).toBeGreaterThan(2)
    expect(unknown).toEqual([])
  })

  const withExample = ACTIONS.filter((action) => existsSync(exampleOf(action)))

  it('is compared with a documented example for all but four actions', () => {
    expect(
      Object.keys(REQUESTS)
        .filter((action) => !withExample.some((own) => own === action))
        .sort(),
    ).toEqual(WITHOUT_EXAMPLE)
  })

  it.each(withExample)('%s answers with the kinds of values in the examples', async (action) => {
    const examples = documented(action)
    const places = kinds(await ask(simulator, action, requestOf(action)), '', new Map())
    const strange = [...places].flatMap(([path, found]) => {
      const known = examples.get(path)
      // The API gives null for unset fields, so null in an example does not show the type.
      if (!known || known.has('null')) return []
      return [...found].filter((kind) => kind !== 'null' && !known.has(kind)).map((kind) => `${path} ${kind}`)
    })
    expect([...places.keys()].filter((path) => examples.has(path)).length).toBeGreaterThan(2)
    expect(strange).toEqual([])
  })
})

describe('a CLB', () => {
  const lb = async (id: string): Promise<Response> =>
    (await ask(simulator, 'clb:DescribeLoadBalancers', { LoadBalancerIds: [id] })).LoadBalancerSet[0]

  it('of IPv4 has its VIP in the list, and null in the fields for IPv6', async () => {
    expect(await lb(SHOP)).toMatchObject({
      LoadBalancerVips: ['203.0.113.26'],
      AddressIPv6: null,
      IPv6Mode: null,
      VpcId: 'vpc-1ywqac83',
      NumericalVpcId: 86323,
      SubnetId: '',
      SnatPro: false,
      SnatIps: [],
      LoadBalancerPassToTarget: false,
    })
  })

  it('of IPv6 has its address in AddressIPv6, and an empty list of VIPs', async () => {
    expect(await lb('lb-sixsix66')).toMatchObject({
      LoadBalancerVips: [],
      AddressIPv6: '2402:4e00:1000:2600:0:9300:1a2b:3c4d',
      AddressIPVersion: 'ipv6',
      IPv6Mode: 'IPv6FullChain',
      SnatIps: [{ Ip: '10.0.0.201' }],
    })
  })
})

describe('listeners and targets', () => {
  it('a layer-4 listener has a health check and no rules; a layer-7 listener has health checks in its rules', async () => {
    const { Listeners } = await ask(simulator, 'clb:DescribeListeners', { LoadBalancerId: SHOP })
    const [https, udp, tcp] = Listeners
    expect(Listeners.map((one: Response) => one.ListenerId)).toEqual(RICH.listeners)
    expect([https.HealthCheck, udp.Rules]).toEqual([null, null])
    expect(udp.HealthCheck).toMatchObject({
      CheckType: 'PING',
      CheckPort: null,
      HttpCode: null,
      SourceIpType: 0,
    })
    expect(https.Rules[0].HealthCheck).toMatchObject({ CheckType: 'HTTP', HttpCode: 6, HealthSwitch: 1 })
    expect([tcp.AttrFlags, tcp.TargetType, tcp.TargetGroup.TargetGroupId]).toEqual([
      ['Stop'],
      'TARGETGROUP-V2',
      'lbtg-second01',
    ])
    expect(https.Rules[1]).toMatchObject({
      TargetType: 'TARGETGROUP',
      TargetGroup: { TargetGroupId: 'lbtg-first001' },
    })
  })

  it('layer 4 lists Targets with Rules null, layer 7 the reverse, and members of target groups are not listed', async () => {
    const { Listeners } = await ask(simulator, 'clb:DescribeTargets', { LoadBalancerId: SHOP })
    const [https, udp, tcp] = Listeners
    expect([https.Targets, udp.Rules, tcp.Targets]).toEqual([null, null, []])
    expect(https.Rules.map((rule: Response) => rule.Targets.length)).toEqual([5, 0])
    expect(https.Rules[0].Targets[0]).toMatchObject({
      Type: 'cvm',
      InstanceId: 'ins-web00016',
      EniId: '',
      PrivateIpAddresses: ['10.0.1.16'],
      PublicIpAddresses: null,
    })
    expect(udp.Targets).toMatchObject([
      { Type: 'ENI', InstanceId: '', EniId: 'eni-second01', PrivateIpAddresses: ['10.0.1.161'] },
      { Type: 'ENI', InstanceId: '', EniId: 'eni-web00060', PrivateIpAddresses: ['2402:4e00:1000:2601::60'] },
    ])
  })

  it('layer 4 also lists target health under Rules, with a location id and null as domain and URL', async () => {
    const { LoadBalancers } = await ask(simulator, 'clb:DescribeTargetHealth', { LoadBalancerIds: [SHOP] })
    const [https, udp, tcp] = LoadBalancers[0].Listeners
    expect(udp.Rules).toMatchObject([{ LocationId: 'loc-udp00053', Domain: null, Url: null }])
    expect(https.Rules[0]).toMatchObject({ LocationId: 'loc-shop0001', Domain: 'shop.example.com', Url: '/' })
    expect(https.Rules[0].Targets[0]).not.toHaveProperty('TargetGroupId')
    expect(https.Rules[1].Targets[0]).toMatchObject({ TargetGroupId: 'lbtg-first001', IP: '10.0.1.16' })
    expect(tcp.Rules[0].Targets.map((one: Response) => one.HealthStatusDetail)).toEqual([
      'Close',
      'Close',
      'Close',
    ])
  })

  it('a target can have HealthStatus true and Dead, as in the documented example', async () => {
    const world = richWorld()
    for (const machine of world.machines) machine.guest.listens = []
    const down = await startSimulator(world)
    const { LoadBalancers } = await ask(down, 'clb:DescribeTargetHealth', {
      LoadBalancerIds: [SHOP],
      LocationIds: ['loc-shop0001'],
    })
    const [{ Targets }] = LoadBalancers[0].Listeners[0].Rules
    expect(Targets.map((one: Response) => one.HealthStatusDetail)).toEqual(Array(5).fill('Dead'))
    expect(Targets.map((one: Response) => one.HealthStatus)).toEqual([true, false, false, false, false])
    await down.close()
  })

  it('the members of a target group are listed by group, and only a v2 group has a health check', async () => {
    const { TargetGroupSet } = await ask(simulator, 'clb:DescribeTargetGroups')
    expect(
      TargetGroupSet.map((one: Response) => [one.TargetGroupType, one.HealthCheck?.HealthSwitch]),
    ).toEqual([
      ['v1', undefined],
      ['v2', true],
    ])
    const { TargetGroupInstanceSet } = await ask(simulator, 'clb:DescribeTargetGroupInstances', {
      Filters: [{ Name: 'TargetGroupId', Values: ['lbtg-second01'] }],
    })
    expect(TargetGroupInstanceSet.map((one: Response) => one.InstanceId)).toEqual([
      'ins-web00018',
      'ins-web00019',
      'ins-web00020',
    ])
  })
})
