import { describe, expect, it } from 'vitest'
import { type References, toCidrs } from '../../src/rules/index.ts'
import { groupWith, judgeGroups, noReferences, probeWith, setOf, verdictOf } from './builders.ts'

describe('a source', () => {
  it('that is a security group never covers 100.64.0.0/10, and is unknown for a VIP', () => {
    const byGroup = { cidr: null, sourceGroupId: 'sg-other' }
    expect(verdictOf(byGroup)).toBe('block')
    for (const vip of ['203.0.113.26', '2001:db8::1'])
      expect(verdictOf(byGroup, { sources: setOf(vip) })).toBe('unknown')
  })

  it('that is a security group covers its known members, and is unknown for an unknown machine', () => {
    const references: References = {
      ...noReferences,
      members: (id) => ({
        inside: id === 'sg-other' ? ['10.0.1.16', '2001:db8::16', '100.64.0.9'] : [],
        outside: ['10.0.1.17', '10.0.1.16'],
      }),
    }
    const from = (source: string) =>
      verdictOf({ cidr: null, sourceGroupId: 'sg-other' }, { sources: setOf(source) }, references)
    expect(from('10.0.1.16')).toBe('pass')
    expect(from('10.0.1.17')).toBe('block')
    expect(from('10.0.1.18')).toBe('unknown')
    expect(from('169.254.130.1')).toBe('block')
    // The documents do not say whether a group also means the IPv6 addresses of its machines.
    expect(from('2001:db8::16')).toBe('unknown')
    expect(from('2001:db8::17')).toBe('unknown')
  })

  it('that is a security group covers its own members in each of two rules', () => {
    const references: References = {
      ...noReferences,
      members: (id) =>
        id === 'sg-one'
          ? { inside: ['10.0.1.16'], outside: ['10.0.1.17'] }
          : { inside: ['10.0.1.17'], outside: ['10.0.1.16'] },
    }
    const from = (sourceGroupId: string) => ({
      protocol: 'TCP',
      port: '80',
      sourceGroupId,
      action: sourceGroupId === 'sg-one' ? 'DROP' : 'ACCEPT',
    })
    const groups = [groupWith('sg-0', from('sg-one'), from('sg-two'))]
    const { pieces } = judgeGroups(groups, probeWith({ sources: setOf('10.0.1.16-10.0.1.17') }), references)
    expect(pieces.map(({ verdict, sources }) => [verdict, ...toCidrs(sources)])).toEqual([
      ['deny', '10.0.1.16/32'],
      ['accept', '10.0.1.17/32'],
    ])
  })

  it('that is an address template covers its members: addresses, CIDRs and ranges', () => {
    const templates = {
      ...noReferences,
      addresses: () => ['100.64.0.0/11', '100.96.0.0-100.127.255.254', '100.127.255.255'],
    }
    const byTemplate = { cidr: null, address: { id: 'ipm-1', groupId: null } }
    expect(verdictOf(byTemplate, {}, templates)).toBe('pass')
    expect(verdictOf(byTemplate)).toBe('unknown')
  })

  it('that is a template without members matches nothing', () => {
    const empty = { ...noReferences, addresses: () => [], services: () => [] }
    expect(verdictOf({ cidr: null, address: { id: 'ipm-1', groupId: null } }, {}, empty)).toBe('block')
    const service = { id: 'ppm-1', groupId: null }
    expect(verdictOf({ protocol: null, port: null, service }, {}, empty)).toBe('block')
  })
})

describe('a rule with a service template', () => {
  const service = { id: 'ppm-1', groupId: null }
  const members = (...list: readonly string[]): References => ({
    ...noReferences,
    services: () => list,
  })

  it.each([
    [['tcp:80'], 'pass'],
    [['tcp:443', 'tcp:70-90'], 'pass'],
    [['tcp:80,443'], 'pass'],
    [['TCP:ALL'], 'pass'],
    [['all'], 'pass'],
    [['all:-'], 'pass'],
    [[' all : - '], 'pass'],
    [['all: '], 'pass'],
    [['tcp:8080'], 'block'],
    [['icmp:-'], 'block'],
    [['udp:all', 'icmp', 'gre'], 'block'],
    [['tcp:80:90'], 'unknown'],
    [['all:443'], 'unknown'],
    [['sctp:80'], 'unknown'],
    [['tcp'], 'unknown'],
    [['TCP '], 'unknown'],
    [[''], 'unknown'],
  ])('with the members %j gives %s', (list, verdict) => {
    expect(verdictOf({ protocol: null, port: null, service }, {}, members(...list))).toBe(verdict)
  })

  it('that cannot be read is unknown only for the addresses of the rule', () => {
    const outcome = judgeGroups(
      [groupWith('sg-0', { service, cidr: '100.64.0.0/11', action: 'ACCEPT' })],
      probeWith(),
    )
    expect(outcome.pieces.map(({ verdict, sources }) => [verdict, toCidrs(sources)])).toEqual([
      ['unknown', ['100.64.0.0/11']],
      ['deny', ['100.96.0.0/11']],
    ])
  })

  it.each([
    ['ALL', 'all', 'tcp:80', 'pass'],
    [' all ', 'all', 'tcp:443', 'block'],
    [null, '80', 'tcp:80', 'pass'],
    ['TCP', '80', 'tcp:80', 'pass'],
    ['TCP', null, 'tcp:80', 'pass'],
    ['TCP', '443', 'tcp:80', 'unknown'],
    ['TCP', '80', 'tcp:443', 'unknown'],
    ['TCP', '443', 'tcp:22', 'block'],
    [' udp ', '53', 'udp:53', 'block'],
  ])(
    'with the protocol %j and the port %j beside the member %j gives %s',
    (protocol, port, member, verdict) => {
      expect(verdictOf({ protocol, port, service }, {}, members(member))).toBe(verdict)
    },
  )
})

describe('a rule with expanded rows', () => {
  const row = (port: string, cidr: string) => ({
    protocol: 'tcp',
    port,
    cidr,
    ipv6Cidr: null,
    sourceGroupId: null,
    service: null,
    address: null,
  })
  const byTemplate = { cidr: null, address: { id: 'ipm-1', groupId: null } }

  it('matches if one of its rows matches, and needs no template', () => {
    const expanded = [row('443', '0.0.0.0/0'), row('80', '100.64.0.0/11'), row('80', '100.96.0.0/12')]
    const outcome = judgeGroups(
      [groupWith('sg-0', { ...byTemplate, expanded, action: 'ACCEPT' })],
      probeWith(),
    )
    expect(outcome.pieces.map(({ verdict, sources }) => [verdict, ...toCidrs(sources)])).toEqual([
      ['accept', '100.64.0.0/11', '100.96.0.0/12'],
      ['deny', '100.112.0.0/12'],
    ])
    expect(outcome.pieces[0]?.by).toMatchObject({
      kind: 'security-group',
      id: 'sg-0',
      index: 0,
      ruleId: null,
      words: 'ACCEPT ? from ipm-1',
    })
  })

  it('matches nothing if it has no rows', () => {
    expect(verdictOf({ ...byTemplate, expanded: [] })).toBe('block')
  })
})
