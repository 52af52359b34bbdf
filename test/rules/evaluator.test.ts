import { describe, expect, it, vi } from 'vitest'
import type { AclEntry, NetworkAcl, SecurityGroup } from '../../src/model/snapshot.ts'
import { createEvaluator, PROBE_100_64, type Probe, parseAddresses } from '../../src/rules/index.ts'
import { entry, noReferences, probeWith, rule } from './builders.ts'

const probe = probeWith()

const group = (id: string, address: string): SecurityGroup => ({
  id,
  region: 'ap-guangzhou',
  version: null,
  ingress: [
    rule({ protocol: 'TCP', port: '80', address: { id: address, groupId: null }, action: 'ACCEPT' }),
    rule({ index: 1, protocol: 'ALL', cidr: '0.0.0.0/0', action: 'DROP' }),
  ],
})

const acl = (kind: NetworkAcl['kind']): NetworkAcl => ({
  id: `acl-${kind}`,
  name: '',
  vpcId: null,
  region: 'ap-guangzhou',
  subnetIds: null,
  kind,
  ingress: [
    kind === 'triple'
      ? entry({ priority: 1, protocol: 'TCP', port: '80', cidr: '0.0.0.0/0', action: 'ACCEPT' })
      : entry({
          priority: 1,
          protocol: 'ALL',
          sourceCidr: '0.0.0.0/0',
          destinationCidr: '10.0.1.16/32',
          action: 'ACCEPT',
        }),
  ],
  egress: [entry({ priority: 1, protocol: 'TCP', port: '80', cidr: '0.0.0.0/0', action: 'ACCEPT' })],
})

/** The same entry for packets in the other direction. */
const turned = (one: AclEntry): AclEntry => ({
  ...one,
  sourceCidr: one.destinationCidr,
  destinationCidr: one.sourceCidr,
})

describe('an evaluator', () => {
  const addresses = vi.fn(() => ['0.0.0.0/0'])
  const evaluator = createEvaluator({ ...noReferences, addresses })
  const groups = [group('sg-a', 'ipm-1'), group('sg-b', 'ipm-1')]

  it('gives one answer to equal probes of different targets', () => {
    const first = evaluator.securityGroups(groups, probe)
    expect(first.verdict).toBe('pass')
    expect(evaluator.securityGroups(groups, { ...probe, destination: '10.0.9.9' })).toBe(first)
    const sources = parseAddresses('100.64.0.0/10') ?? PROBE_100_64
    expect(evaluator.securityGroups(groups, { ...probe, sources })).toBe(first)
    expect(evaluator.orderMatters(groups, probe)).toBe(evaluator.orderMatters([...groups], probe))
  })

  it.each(['arrival', 'departure'] as const)(
    'gives one answer to all targets that match the same entries of a quintuple ACL (%s)',
    (side) => {
      const own = createEvaluator(noReferences)
      const two = { ...acl('quintuple'), egress: acl('quintuple').ingress.map(turned) }
      const questions: readonly ((asked: Probe) => unknown)[] =
        side === 'arrival'
          ? [(asked) => own.aclIngress(two, asked), (asked) => own.aclReply(two, asked, 'source')]
          : [(asked) => own.snatSubnetAclOut(two, asked), (asked) => own.snatSubnetAclBack(two, asked)]
      for (const ask of questions) {
        const [named, one, other, unclear] = ['10.0.1.16', '10.0.1.17', '10.0.9.9', 'web-1'].map(
          (destination) => ask({ ...probe, destination }),
        )
        expect([named, one, unclear]).toMatchObject(
          ['pass', 'block', 'unknown'].map((verdict) => ({ verdict })),
        )
        expect(other).toBe(one)
      }
    },
  )

  it('reads a template once for all rules and groups that name it', () => {
    evaluator.securityGroups([...groups].reverse(), { ...probe, port: 443 })
    expect(addresses).toHaveBeenCalledTimes(1)
  })

  it('judges each port and protocol by each service template', () => {
    const own = createEvaluator({
      ...noReferences,
      services: ({ id }) => (id === 'ppm-1' ? ['tcp:80', 'udp:53'] : ['tcp:443']),
    })
    const by = (id: string): SecurityGroup => ({
      id: `sg-${id}`,
      region: 'ap-guangzhou',
      version: null,
      ingress: [rule({ service: { id, groupId: null }, cidr: '0.0.0.0/0', action: 'ACCEPT' })],
    })
    const verdict = (id: string, fields: Partial<Probe>) =>
      own.securityGroups([by(id)], { ...probe, ...fields }).verdict
    expect(verdict('ppm-1', { port: 80 })).toBe('pass')
    expect(verdict('ppm-2', { port: 80 })).toBe('block')
    expect(verdict('ppm-1', { port: 443 })).toBe('block')
    expect(verdict('ppm-2', { port: 443 })).toBe('pass')
    expect(verdict('ppm-1', { port: 53, protocol: 'udp' })).toBe('pass')
    expect(verdict('ppm-1', { port: 53 })).toBe('block')
  })

  it('gives another answer for other sources, ports, protocols and orders of groups', () => {
    const first = evaluator.securityGroups(groups, probe)
    const sources = parseAddresses('203.0.113.26') ?? PROBE_100_64
    for (const other of [{ sources }, { port: 81 }, { protocol: 'udp' as const }])
      expect(evaluator.securityGroups(groups, { ...probe, ...other })).not.toBe(first)
    expect(evaluator.securityGroups([...groups].reverse(), probe)).not.toBe(first)
    expect(evaluator.securityGroups(groups, { ...probe, port: 81 }).verdict).toBe('block')
  })

  it('gives another answer for the same port and protocol of the other address family', () => {
    const sources = parseAddresses('::/0') ?? PROBE_100_64
    expect(evaluator.securityGroups(groups, { ...probe, sources }).verdict).toBe('block')
  })

  it('uses the address of the target for a quintuple ACL, and not for a triple ACL', () => {
    const elsewhere = { ...probe, destination: '10.0.9.9' }
    const [triple, quintuple] = [acl('triple'), acl('quintuple')]
    expect(evaluator.aclIngress(triple, elsewhere)).toBe(evaluator.aclIngress(triple, probe))
    expect(evaluator.aclIngress(quintuple, probe).verdict).toBe('pass')
    expect(evaluator.aclIngress(quintuple, elsewhere).verdict).toBe('block')
  })

  it('has one ACL key for all probes to which the ACL gives equal answers', () => {
    const quintuple = acl('quintuple')
    const [elsewhere, alike] = [{ ...probe, destination: '10.0.9.9' }, { ...probe }]
    expect(evaluator.aclKeyOf(quintuple, alike)).toBe(evaluator.aclKeyOf(quintuple, probe))
    expect(evaluator.aclKeyOf(quintuple, elsewhere)).not.toBe(evaluator.aclKeyOf(quintuple, probe))
    const triple = acl('triple')
    expect(evaluator.aclKeyOf(triple, elsewhere)).toBe(evaluator.aclKeyOf(triple, probe))
    expect(evaluator.aclIngress(triple, elsewhere)).toEqual(evaluator.aclIngress(triple, probe))
    expect(evaluator.aclReply(triple, elsewhere, 'destination')).toEqual(
      evaluator.aclReply(triple, probe, 'destination'),
    )
  })

  it('gives a separate answer for each direction and each reading of the port', () => {
    const triple = acl('triple')
    expect(evaluator.aclIngress(triple, probe).verdict).toBe('pass')
    expect(evaluator.aclReply(triple, probe, 'destination').verdict).toBe('block')
    expect(evaluator.aclReply(triple, probe, 'source').verdict).toBe('pass')
  })

  it('finds no order conflict in one group', () => {
    expect(evaluator.orderMatters([group('sg-a', 'ipm-1')], probe)).toBeNull()
  })
})
