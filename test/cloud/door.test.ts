import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { admit } from '../../src/cloud/door.ts'
import { CloudError } from '../../src/cloud/errors.ts'
import { ACTIONS, type Action } from '../../src/model/actions/index.ts'

const samples = (action: Action): readonly { readonly title: string; readonly answer: unknown }[] => {
  const file = new URL(`../fixtures/tencent-api/${action.replace(':', '-')}.json`, import.meta.url)
  if (!existsSync(file)) return []
  const { examples } = JSON.parse(readFileSync(file, 'utf8')) as {
    examples: { title: string; response: { Response: unknown } }[]
  }
  return examples.map(({ title, response }) => ({ title, answer: response.Response }))
}
const all = ACTIONS.flatMap((action) =>
  samples(action).map(({ title, answer }) => ({ action, title, answer })),
)

describe('admit on the vendor’s samples', () => {
  it.each(all)('accepts $action, $title', ({ action, answer }) => {
    expect(admit(action, {}, answer)).toBeDefined()
  })
})

const refusal = (action: Action, request: object, answer: unknown): string => {
  try {
    admit(action, request, answer)
    return 'accepted'
  } catch (error) {
    return error instanceof CloudError ? `${error.code}: ${error.message}` : String(error)
  }
}

it('admit makes texts well-formed, because half of a surrogate pair fits into no address', () => {
  const answer = { InstanceSet: [{ InstanceId: 'ins-1\ud800', InstanceName: '\udc00web' }] }
  expect(admit('cvm:DescribeInstances', {}, answer)).toMatchObject({
    InstanceSet: [{ InstanceId: 'ins-1\ufffd', InstanceName: '\ufffdweb' }],
  })
})

describe('admit refuses', () => {
  it.each<[string, unknown, string]>([
    [
      'a field of another type',
      { InstanceSet: [{ InstanceId: 7 }] },
      'WrongShape: InstanceSet[0].InstanceId is not a text',
    ],
    ['an object for a list', { InstanceSet: {} }, 'WrongShape: InstanceSet is not a list'],
    ['a null in a list', { InstanceSet: [null] }, 'WrongShape: InstanceSet[0] is null'],
    ['a text in a list', { InstanceSet: ['retyped'] }, 'WrongShape: InstanceSet[0] is not an object'],
    [
      'an item without its id',
      { InstanceSet: [{ InstanceName: 'web' }] },
      'IncompleteList: InstanceSet[0] came without its InstanceId',
    ],
    [
      'an id that was not requested',
      { InstanceSet: [{ InstanceId: 'ins-2' }] },
      'WrongShape: InstanceSet[0].InstanceId was not requested',
    ],
    [
      'a text for an object',
      { InstanceSet: [{ InstanceId: 'ins-1', VirtualPrivateCloud: 'vpc-1' }] },
      'WrongShape: InstanceSet[0].VirtualPrivateCloud is not an object',
    ],
  ])('%s', (_, answer, message) => {
    expect(refusal('cvm:DescribeInstances', { InstanceIds: ['ins-1'] }, answer)).toBe(message)
  })

  it.each([-1, 65_536, 2 ** 53, 80.5, 'http'])('%s as a port', (ListenerPort) => {
    expect(
      refusal('clb:DescribeClassicalLBListeners', {}, { Listeners: [{ ListenerId: 'lbl-1', ListenerPort }] }),
    ).toMatch(/^WrongShape: Listeners\[0\]\.ListenerPort is not a(n integer| port)$/)
  })

  it.each([-2, 100_001, 2 ** 53, 1.5, 'slow'])('%s as seconds, a threshold or a weight', (value) => {
    for (const field of ['IntervalTime', 'TimeOut', 'HealthNum'])
      expect(
        refusal('clb:DescribeClassicalLBListeners', {}, { Listeners: [{ ListenerId: 'l', [field]: value }] }),
      ).toContain(field)
    const targets = { Targets: [{ InstanceId: 'ins-1', Weight: value }] }
    expect(refusal('clb:DescribeClassicalLBTargets', {}, targets)).toContain('Weight')
  })
})

describe('an answer after admit', () => {
  it('has only the fields of its shape; null stays null, and a missing field stays missing', () => {
    const answer = {
      SubnetSet: [{ SubnetId: 'subnet-1', VpcId: null, Zone: 'ap-guangzhou-2' }],
      RequestId: 'r',
    }
    expect(admit('vpc:DescribeSubnets', { SubnetIds: ['subnet-1'] }, answer)).toStrictEqual({
      SubnetSet: [{ SubnetId: 'subnet-1', VpcId: null }],
    })
  })

  it.each<[string, Action, object]>([
    [
      'an entry of an ACL',
      'vpc:DescribeNetworkAcls',
      {
        NetworkAclSet: [
          {
            NetworkAclId: 'acl-1',
            IngressEntries: [{ Port: 8080, Protocol: 6, CidrBlock: 10, Action: 1, Description: 7 }],
          },
        ],
      },
    ],
    [
      'a quintuple entry',
      'vpc:DescribeNetworkAclQuintupleEntries',
      { NetworkAclQuintupleSet: [{ SourcePort: 1024, DestinationPort: 80, Protocol: 6, SourceCidr: 10 }] },
    ],
    [
      'a rule of a group',
      'vpc:DescribeSecurityGroupPolicies',
      { SecurityGroupPolicySet: { Ingress: [{ Port: 8080, Protocol: 6, CidrBlock: 10 }] } },
    ],
    [
      'an expanded rule of a group',
      'vpc:DescribeSecurityGroupExpandedPolicies',
      { SecurityGroupPolicySet: { Ingress: [{ Port: 8080, Ipv6CidrBlock: 20 }] } },
    ],
    [
      'an address template',
      'vpc:DescribeAddressTemplates',
      { AddressTemplateSet: [{ AddressTemplateId: 'ipm-1', AddressSet: [10] }] },
    ],
    [
      'a service template',
      'vpc:DescribeServiceTemplates',
      { ServiceTemplateSet: [{ ServiceTemplateId: 'ppm-1', ServiceSet: [8080] }] },
    ],
    [
      'a listener of a classic CLB',
      'clb:DescribeClassicalLBListeners',
      { Listeners: [{ ListenerId: 'lbl-1', ListenerName: 443, HttpCheckPath: 7 }] },
    ],
    [
      'a rule of a listener and its health check',
      'clb:DescribeListeners',
      {
        Listeners: [
          { ListenerId: 'lbl-1', Rules: [{ Domain: 10, Url: 7, HealthCheck: { HttpCheckDomain: 10 } }] },
        ],
      },
    ],
    [
      'a name and a tag of a CLB',
      'clb:DescribeLoadBalancers',
      {
        LoadBalancerSet: [
          { LoadBalancerId: 'lb-1', LoadBalancerName: 7, Tags: [{ TagKey: 'tier', TagValue: 1 }] },
        ],
      },
    ],
  ])('has a number as its text where people write a text: in %s', (_, action, answer) => {
    const asTexts = JSON.parse(
      JSON.stringify(answer)
        .replace(/:(\d+)/g, ':"$1"')
        .replace(/\[(\d+)\]/g, '["$1"]'),
    )
    expect(admit(action, {}, answer)).toStrictEqual(asTexts)
  })

  it.each([1.5, 2 ** 53, true, {}])('takes no %s for a text', (Port) => {
    const policies = { SecurityGroupPolicySet: { Ingress: [{ Port }] } }
    expect(refusal('vpc:DescribeSecurityGroupPolicies', {}, policies)).toBe(
      'WrongShape: SecurityGroupPolicySet.Ingress[0].Port is not a text',
    )
  })

  it('has numbers in texts as numbers, ports of rules as texts, and "" as null', () => {
    const listeners = [{ ListenerId: 'lbl-1', ListenerPort: '443', InstancePort: '', HealthSwitch: 1 }]
    expect(
      admit('clb:DescribeClassicalLBListeners', { LoadBalancerId: 'lb-1' }, { Listeners: listeners }),
    ).toStrictEqual({
      Listeners: [{ ListenerId: 'lbl-1', ListenerPort: 443, InstancePort: null, HealthSwitch: true }],
    })
    const entry = { Port: 8080, Protocol: 'tcp' }
    const acl = { NetworkAclId: 'acl-1', IngressEntries: [entry], EgressEntries: [] }
    expect(admit('vpc:DescribeNetworkAcls', {}, { NetworkAclSet: [acl] }).NetworkAclSet?.[0]).toMatchObject({
      IngressEntries: [{ Port: '8080' }],
    })
  })

  it.each([
    [0, false],
    [true, true],
    ['1', true],
    [2, null],
  ])('has a switch as a boolean, or null for another value: %j', (given, switched) => {
    const listeners = [{ ListenerId: 'lbl-1', HealthCheck: { HealthSwitch: given } }]
    const { Listeners } = admit('clb:DescribeListeners', { LoadBalancerId: 'lb-1' }, { Listeners: listeners })
    expect(Listeners?.[0]?.HealthCheck?.HealthSwitch).toBe(switched)
  })

  it('leaves out a field that only informs if its type is wrong', () => {
    const answer = { SubnetSet: [], InstanceSet: [{ InstanceId: 'ins-1', InstanceName: { retyped: 1 } }] }
    expect(admit('cvm:DescribeInstances', { InstanceIds: ['ins-1'] }, answer)).toStrictEqual({
      InstanceSet: [{ InstanceId: 'ins-1' }],
    })
  })
})
