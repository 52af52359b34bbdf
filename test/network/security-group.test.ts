import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SecurityGroup, SecurityRule } from '../../src/model/snapshot.ts'
import {
  type AddressSet,
  covers,
  isEmpty,
  PROBE_100_64,
  type Probe,
  parseAddresses,
  type References,
  toCidrs,
} from '../../src/network/index.ts'
import { judgeGroups, judgeOrder, noReferences, rule } from './builders.ts'

const group = (id: string, ...rules: readonly Partial<SecurityRule>[]): SecurityGroup => ({
  id,
  version: null,
  ingress: rules.map((fields, index) => rule({ index, ...fields })),
})

const setOf = (text: string) => {
  const parsed = parseAddresses(text)
  if (parsed === null) throw new Error(text)
  return parsed
}

const probe = (fields: Partial<Probe> = {}): Probe => ({
  sources: PROBE_100_64,
  destination: '10.0.1.16',
  protocol: 'tcp',
  port: 80,
  ...fields,
})

const verdictOf = (
  fields: Partial<SecurityRule>,
  asked: Partial<Probe> = {},
  templates: References = noReferences,
) =>
  judgeGroups(
    [group('sg-0', { protocol: 'TCP', port: '80', cidr: '0.0.0.0/0', action: 'ACCEPT', ...fields })],
    probe(asked),
    templates,
  ).verdict

describe('the port of a rule', () => {
  it.each([
    ['all', 'pass'],
    ['ALL', 'pass'],
    ['80', 'pass'],
    ['22,80', 'pass'],
    ['79-81', 'pass'],
    ['443,70-90', 'pass'],
    ['443', 'block'],
    ['81-90,8080', 'block'],
    [null, 'unknown'],
    ['80-', 'unknown'],
    ['65536', 'unknown'],
    ['90-70', 'unknown'],
  ])('%j gives %s for a probe to port 80', (port, verdict) => {
    expect(verdictOf({ port })).toBe(verdict)
  })

  it.each([
    [null, 'pass'],
    ['ALL', 'pass'],
    ['1-65535', 'pass'],
    ['-', 'unknown'],
    ['80', 'unknown'],
    ['eighty', 'unknown'],
  ])('%j of a rule for every protocol, which has none, gives %s', (port, verdict) => {
    expect(verdictOf({ protocol: 'ALL', port })).toBe(verdict)
  })

  it.each(['ICMP', 'icmp', 'ALL'])('does not matter to an echo request under %s', (protocol) => {
    expect(verdictOf({ protocol, port: null }, { protocol: 'icmp', port: null })).toBe('pass')
  })

  it('is needed where a rule asks for one and the probe has none', () => {
    expect(verdictOf({}, { port: null })).toBe('unknown')
    expect(verdictOf({ port: 'ALL' }, { port: null })).toBe('pass')
    expect(verdictOf({ protocol: 'ALL' }, { protocol: 'icmp', port: null })).toBe('unknown')
  })
})

describe('the protocol of a rule', () => {
  it.each([
    ['tcp', 'pass'],
    [' Tcp ', 'pass'],
    ['all', 'pass'],
    ['UDP', 'block'],
    ['ICMP', 'block'],
    ['GRE', 'block'],
    [null, 'unknown'],
    ['SCTP', 'unknown'],
  ])('%j gives %s for TCP', (protocol, verdict) => {
    expect(verdictOf({ protocol, port: 'all' })).toBe(verdict)
  })

  it('ICMP and ICMPv6 are two', () => {
    const echo = { sources: setOf('2001:db8::1'), protocol: 'icmpv6', port: null } as const
    const from = { cidr: null, ipv6Cidr: '::/0', port: null }
    expect(verdictOf({ ...from, protocol: 'ICMP' }, echo)).toBe('block')
    expect(verdictOf({ ...from, protocol: 'ICMPv6' }, echo)).toBe('pass')
  })
})

describe('the source of a rule', () => {
  it.each([
    ['100.64.0.0/10', 'pass'],
    ['100.127.255.255/10', 'pass'],
    ['0.0.0.0/8', 'pass'],
    ['100.64.0.0', 'partial'],
    ['10.0.0.0/8', 'block'],
    ['2001:db8::/32', 'block'],
    ['0.0.0.0/99', 'unknown'],
    ['100.64.0.0/010', 'unknown'],
    ['anywhere', 'unknown'],
    [null, 'unknown'],
  ])('%j gives %s for 100.64.0.0/10', (cidr, verdict) => {
    expect(verdictOf({ cidr })).toBe(verdict)
  })

  it('an IPv6 network counts in either field', () => {
    const from = { sources: setOf('2001:db8::1') }
    expect(verdictOf({ cidr: null, ipv6Cidr: '2001:db8::/32' }, from)).toBe('pass')
    expect(verdictOf({ cidr: '2001:db8::/32' }, from)).toBe('pass')
    expect(verdictOf({ cidr: '0.0.0.0/0' }, from)).toBe('block')
  })

  it('given twice, which the API excludes, counts for both families, and of two kinds for one at most', () => {
    expect(verdictOf({ ipv6Cidr: '::/0' })).toBe('pass')
    expect(verdictOf({ sourceGroupId: 'sg-other' })).toBe('unknown')
    expect(verdictOf({ address: { id: 'ipm-1', groupId: null } })).toBe('unknown')
    expect(verdictOf({ cidr: '10.0.0.0/8', ipv6Cidr: '::/0' })).toBe('block')
  })

  it('by reference to a group never covers the probe range, and says nothing of a VIP', () => {
    const byGroup = { cidr: null, sourceGroupId: 'sg-other' }
    expect(verdictOf(byGroup)).toBe('block')
    for (const vip of ['203.0.113.26', '2001:db8::1'])
      expect(verdictOf(byGroup, { sources: setOf(vip) })).toBe('unknown')
  })

  it('by reference to a group is the machines known to carry it, and none that are known not to', () => {
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
    // That a group stands for its machines' IPv6 addresses as well is not documented.
    expect(from('2001:db8::16')).toBe('unknown')
    expect(from('2001:db8::17')).toBe('unknown')
  })

  it('by an address template is its members: addresses, CIDRs and ranges', () => {
    const templates = {
      ...noReferences,
      addresses: () => ['100.64.0.0/11', '100.96.0.0-100.127.255.254', '100.127.255.255'],
    }
    const byTemplate = { cidr: null, address: { id: 'ipm-1', groupId: null } }
    expect(verdictOf(byTemplate, {}, templates)).toBe('pass')
    expect(verdictOf(byTemplate)).toBe('unknown')
  })

  it('by a template without members is nobody', () => {
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
    [['tcp:8080'], 'block'],
    [['icmp:-'], 'block'],
    [['udp:all', 'icmp', 'gre'], 'block'],
    [['tcp:80:90'], 'unknown'],
    [['all:443'], 'unknown'],
    [['sctp:80'], 'unknown'],
    [['tcp'], 'unknown'],
    [[''], 'unknown'],
  ])('of members %j gives %s', (list, verdict) => {
    expect(verdictOf({ protocol: null, port: null, service }, {}, members(...list))).toBe(verdict)
  })

  it('that cannot be read is open for the addresses of the rule alone', () => {
    const outcome = judgeGroups(
      [group('sg-0', { service, cidr: '100.64.0.0/11', action: 'ACCEPT' })],
      probe(),
    )
    expect(outcome.pieces.map(({ verdict, sources }) => [verdict, toCidrs(sources)])).toEqual([
      ['unknown', ['100.64.0.0/11']],
      ['deny', ['100.96.0.0/11']],
    ])
  })

  it.each([
    ['ALL', 'all', 'tcp:80', 'pass'],
    ['TCP', '80', 'tcp:80', 'pass'],
    ['TCP', null, 'tcp:80', 'pass'],
    ['TCP', '443', 'tcp:80', 'unknown'],
    ['TCP', '80', 'tcp:443', 'unknown'],
    ['TCP', '443', 'tcp:22', 'block'],
    [' udp ', '53', 'udp:53', 'block'],
  ])('and a protocol %j, port %j beside member %j gives %s', (protocol, port, member, verdict) => {
    expect(verdictOf({ protocol, port, service }, {}, members(member))).toBe(verdict)
  })
})

describe('a rule whose templates are written out', () => {
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

  it('matches where one of its rows does, and needs no template', () => {
    const expanded = [row('443', '0.0.0.0/0'), row('80', '100.64.0.0/11'), row('80', '100.96.0.0/12')]
    const outcome = judgeGroups([group('sg-0', { ...byTemplate, expanded, action: 'ACCEPT' })], probe())
    expect(outcome.pieces.map(({ verdict, sources }) => [verdict, ...toCidrs(sources)])).toEqual([
      ['accept', '100.64.0.0/11', '100.96.0.0/12'],
      ['deny', '100.112.0.0/12'],
    ])
    expect(outcome.pieces[0]?.by).toEqual({
      kind: 'security-group',
      id: 'sg-0',
      index: 0,
      ruleId: null,
      words: 'ACCEPT ? from ipm-1',
    })
  })

  it('is nobody without a row', () => {
    expect(verdictOf({ ...byTemplate, expanded: [] })).toBe('block')
  })
})

describe('a list of groups', () => {
  it('is asked in binding order, and the implicit deny names them all', () => {
    const outcome = judgeGroups(
      [
        group('sg-a', { protocol: 'TCP', port: '80', cidr: '100.64.0.0/11', action: 'DROP' }),
        group('sg-b', { protocol: 'TCP', port: '80', cidr: '100.64.0.0/12', action: 'ACCEPT' }),
      ],
      probe(),
    )
    expect(outcome.pieces.map(({ by, sources }) => [by.id, by.index, by.groups, toCidrs(sources)])).toEqual([
      ['sg-a', 0, undefined, ['100.64.0.0/11']],
      ['sg-a', null, ['sg-a', 'sg-b'], ['100.96.0.0/11']],
    ])
    expect(outcome.verdict).toBe('block')
  })

  it('says nothing of no address at all, and of no group at all', () => {
    const sources = { family: 4, borders: [] } as const
    const open = { protocol: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }
    const outcome = judgeGroups([group('sg-a', open)], probe({ sources }))
    expect([outcome.verdict, outcome.pieces]).toEqual(['unknown', []])
    const { verdict, pieces } = judgeGroups([], probe())
    expect([verdict, pieces.map(({ by }) => by)]).toEqual([
      'block',
      [{ kind: 'security-group', id: '', index: null, ruleId: null, words: null, groups: [] }],
    ])
  })
})

describe('the order of groups', () => {
  const accept = { protocol: 'TCP', port: '80', cidr: '100.64.0.0/11', action: 'ACCEPT' }
  const conflict = (...groups: readonly SecurityGroup[]) => {
    const found = judgeOrder(groups, probe())
    return (
      found && [
        ...found.outcomes.map(({ first, outcome }) => `${first} ${outcome.verdict}`),
        ...toCidrs(found.sources),
      ]
    )
  }

  it('decides nothing for one group, or where only one speaks of an address', () => {
    expect(conflict(group('sg-a', accept, { ...accept, action: 'DROP' }))).toBeNull()
    const other = { ...accept, cidr: '100.96.0.0/11', action: 'DROP' }
    expect(conflict(group('sg-a', accept), group('sg-b', other), group('sg-c'))).toBeNull()
  })

  it('decides where one group accepts what another denies', () => {
    expect(conflict(group('sg-a', { ...accept, action: 'DROP' }), group('sg-b', accept))).toEqual([
      'sg-a block',
      'sg-b pass',
      '100.64.0.0/11',
    ])
  })

  it('decides where a rule that is not understood may contradict one that is', () => {
    const mayDeny = group('sg-b', { ...accept, port: 'eighty', action: 'DROP' })
    expect(conflict(group('sg-a', accept), mayDeny)).toEqual(['sg-a pass', 'sg-b unknown', '100.64.0.0/11'])
    const mayAccept = group('sg-b', { ...accept, port: 'eighty' })
    const denies = group('sg-a', { ...accept, action: 'DROP' })
    expect(conflict(denies, mayAccept)).toEqual(['sg-a block', 'sg-b unknown', '100.64.0.0/11'])
    expect(conflict(group('sg-a', accept), mayAccept)).toBeNull()
  })

  it('is a conflict exactly where some order gives another verdict, rules that are not understood included', () => {
    const oddRule = fc.record({
      protocol: fc.constant('TCP'),
      port: fc.constantFrom('80', 'eighty'),
      action: fc.constantFrom('ACCEPT', 'DROP', 'PERHAPS'),
      cidr: fc.constantFrom('100.64.0.0/11', '100.96.0.0/11', '100.64.0.0/10', '100.64.0.0/12'),
    })
    const lists = fc.array(fc.array(oddRule, { maxLength: 3 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(lists, (rules) => {
        const groups = rules.map((list, i) => group(`sg-${i}`, ...list))
        const answers = permutations(groups).map((order) => {
          const { pieces } = judgeGroups(order, probe())
          return ['100.64.0.1', '100.80.0.1', '100.96.0.1']
            .map((at) => pieces.find(({ sources }) => has(sources, at))?.verdict)
            .join()
        })
        const found = judgeOrder(groups, probe())
        expect(found !== null).toBe(new Set(answers).size > 1)
        if (found) expect(isEmpty(found.sources)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})

const has = (set: AddressSet, at: string): boolean => covers(set, setOf(at))

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items]
  return items.flatMap((one, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [one, ...rest]),
  )
}
