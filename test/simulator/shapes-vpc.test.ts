import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { richWorld } from './rich.ts'
import { ask, type Response } from './support.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator(richWorld(), { requestsPerSecond: 1000 })
})
afterAll(() => simulator.close())

describe('rules', () => {
  it('of a security group are not listed in the order of PolicyIndex, and an unset CIDR is an empty string', async () => {
    const { SecurityGroupPolicySet } = await ask(simulator, 'vpc:DescribeSecurityGroupPolicies', {
      SecurityGroupId: 'sg-tmpl0001',
    })
    const { Ingress, PolicyStatistics } = SecurityGroupPolicySet
    expect(Ingress.map((one: Response) => one.PolicyIndex)).toEqual([3, 2, 1, 0])
    expect(Ingress[0]).toMatchObject({ Ipv6CidrBlock: '2402:4e00::/32', CidrBlock: '', Action: 'DROP' })
    expect(Ingress[1]).toMatchObject({
      SecurityGroupId: 'sg-shopweb1',
      CidrBlock: '',
      Protocol: 'TCP',
      Port: 'ALL',
    })
    expect(Ingress[2]).toMatchObject({
      ServiceTemplate: { ServiceId: '', ServiceGroupId: 'ppmg-all00001' },
      AddressTemplate: { AddressId: '', AddressGroupId: 'ipmg-all0001' },
    })
    expect(Ingress[3]).toMatchObject({
      ServiceTemplate: { ServiceId: 'ppm-web00001', ServiceGroupId: '' },
      AddressTemplate: { AddressId: 'ipm-clb00001', AddressGroupId: '' },
    })
    expect(Ingress[3]).not.toHaveProperty('Protocol')
    expect(PolicyStatistics).toMatchObject({ IngressIPv4TotalCount: 3, IngressIPv6TotalCount: 1 })
  })

  it('of a triple ACL say Accept and all, with priorities per family; a quintuple ACL has an empty list here', async () => {
    const world = richWorld()
    world.acls[0]?.ingress.push({ protocol: 'all', port: '', cidr: '::/0', action: 'Drop' })
    const other = await startSimulator(world)
    const { NetworkAclSet } = await ask(other, 'vpc:DescribeNetworkAcls')
    const [triple, five] = NetworkAclSet
    expect(triple.IngressEntries).toMatchObject([
      { Protocol: 'all', CidrBlock: '0.0.0.0/0', Action: 'Accept', Priority: 1 },
      { Protocol: 'all', Ipv6CidrBlock: '::/0', Action: 'Drop', Priority: 1 },
    ])
    expect(triple.IngressEntries[0]).not.toHaveProperty('Port')
    expect(triple.SubnetSet).toMatchObject([{ SubnetId: 'subnet-web00001', NetworkAclId: 'acl-shopweb1' }])
    expect([five.NetworkAclType, five.IngressEntries, five.EgressEntries]).toEqual(['QUINTUPLE', [], []])
    await other.close()
  })

  it('of a quintuple ACL have a call of their own, say ACCEPT, and are one list for both directions', async () => {
    const { NetworkAclQuintupleSet } = await ask(simulator, 'vpc:DescribeNetworkAclQuintupleEntries', {
      NetworkAclId: 'acl-five0001',
    })
    expect(NetworkAclQuintupleSet).toMatchObject([
      {
        NetworkAclDirection: 'INGRESS',
        Action: 'ACCEPT',
        SourceCidr: '100.64.0.0/10',
        SourcePort: 'ALL',
        DestinationCidr: '10.0.1.0/24',
        DestinationPort: '8080',
        SourceIPv6Cidr: '',
      },
      {
        NetworkAclDirection: 'INGRESS',
        Action: 'DROP',
        SourceCidr: '',
        SourceIPv6Cidr: '::/0',
        DestinationIPv6Cidr: '::/0',
      },
      {
        NetworkAclDirection: 'EGRESS',
        DestinationPort: '1024-65535',
        SourcePort: '8080',
        DestinationCidr: '0.0.0.0/0',
      },
    ])
  })
})

describe('machines and interfaces', () => {
  it('a machine lists only the address of its primary interface', async () => {
    const { InstanceSet } = await ask(simulator, 'cvm:DescribeInstances', { InstanceIds: ['ins-web00060'] })
    expect(InstanceSet).toMatchObject([
      {
        InstanceState: 'RUNNING',
        RestrictState: 'NORMAL',
        PrivateIpAddresses: ['10.0.1.60'],
        IPv6Addresses: ['2402:4e00:1000:2601::60'],
        SecurityGroupIds: ['sg-shopweb1'],
      },
    ])
  })

  it('an interface lists its own groups, and its Attachment is null if it is not attached', async () => {
    const { NetworkInterfaceSet } = await ask(simulator, 'vpc:DescribeNetworkInterfaces', {
      NetworkInterfaceIds: ['eni-second01', 'eni-loose001', 'eni-web00060'],
    })
    expect(NetworkInterfaceSet).toMatchObject([
      {
        NetworkInterfaceId: 'eni-web00060',
        Primary: true,
        Ipv6AddressSet: [{ Address: '2402:4e00:1000:2601::60' }],
      },
      {
        NetworkInterfaceId: 'eni-second01',
        GroupSet: ['sg-tmpl0001'],
        Attachment: { InstanceId: 'ins-web00060' },
      },
      { NetworkInterfaceId: 'eni-loose001', GroupSet: [], Attachment: null },
    ])
  })

  it('a subnet without an ACL has an empty NetworkAclId', async () => {
    const { SubnetSet } = await ask(simulator, 'vpc:DescribeSubnets', { SubnetIds: ['subnet-clb00001'] })
    expect(SubnetSet).toMatchObject([{ NetworkAclId: '', Ipv6CidrBlock: '', CidrBlock: '10.0.0.0/24' }])
  })
})
