import { describe, expect, it } from 'vitest'
import { toCidrs } from '../../src/rules/index.ts'
import { groupWith, judgeGroups, probeWith, setOf, verdictOf } from './builders.ts'

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
    ['0-65535', 'pass'],
    ['-', 'unknown'],
    ['80', 'unknown'],
    ['eighty', 'unknown'],
  ])('%j gives %s in a rule for every protocol', (port, verdict) => {
    expect(verdictOf({ protocol: 'ALL', port })).toBe(verdict)
  })

  it.each(['ICMP', 'icmp', 'ALL'])('does not matter to an echo request in a rule for %s', (protocol) => {
    expect(verdictOf({ protocol, port: null }, { protocol: 'icmp', port: null })).toBe('pass')
  })

  it('gives unknown if the rule has one and the probe has none', () => {
    expect(verdictOf({}, { port: null })).toBe('unknown')
    expect(verdictOf({ port: 'ALL' }, { port: null })).toBe('pass')
    expect(verdictOf({ protocol: 'ALL' }, { protocol: 'icmp', port: null })).toBe('unknown')
  })

  it('is judged separately for each rule of a group, even if the texts are similar', () => {
    const pairs = [
      ['ALL', 'null'],
      ['ALL', null],
      ['null', 'ALL'],
      [null, 'ALL'],
      ['ALL', 'all'],
    ] as const
    const alone = pairs.map(([protocol, port]) => verdictOf({ protocol, port }))
    expect(alone).toEqual(['unknown', 'pass', 'unknown', 'unknown', 'pass'])
    for (const [first, verdict] of pairs.map((pair, i) => [pair, alone[i]] as const)) {
      const rules = [first, ...pairs].map(([protocol, port], i) => ({
        protocol,
        port,
        cidr: i === 0 ? '100.64.0.0/10' : '10.0.0.0/8',
        action: 'ACCEPT',
      }))
      expect(judgeGroups([groupWith('sg-0', ...rules.reverse())], probeWith()).verdict).toBe(verdict)
    }
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

  it('does not match ICMPv6 if it is ICMP', () => {
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
    [' 0.0.0.0/24 ', 'pass'],
    ['0.0.0.0/32', 'pass'],
    ['0.0.0.0/33', 'unknown'],
    ['10.0.0.0/0', 'pass'],
    ['100.64.0.0', 'block'],
    ['100.64.0.0/20', 'block'],
    ['100.64.0.0/19', 'partial'],
    ['10.0.0.0/8', 'block'],
    ['2001:db8::/32', 'block'],
    ['0.0.0.0/99', 'unknown'],
    ['100.64.0.0/010', 'unknown'],
    ['anywhere', 'unknown'],
    [null, 'unknown'],
  ])('%j gives %s for 100.64.0.0/10', (cidr, verdict) => {
    expect(verdictOf({ cidr })).toBe(verdict)
  })

  it('matches IPv6 with an IPv6 network in either field', () => {
    const from = { sources: setOf('2001:db8::1') }
    expect(verdictOf({ cidr: null, ipv6Cidr: '2001:db8::/32' }, from)).toBe('pass')
    expect(verdictOf({ cidr: '2001:db8::/32' }, from)).toBe('pass')
    expect(verdictOf({ cidr: '0.0.0.0/0' }, from)).toBe('block')
  })

  // The API excludes two sources in one rule.
  it('counts for both families if it has two networks, and is unknown if it has two kinds', () => {
    expect(verdictOf({ ipv6Cidr: '::/0' })).toBe('pass')
    expect(verdictOf({ ipv6Cidr: '::/0' }, { sources: setOf('2001:db8::1') })).toBe('pass')
    expect(verdictOf({ sourceGroupId: 'sg-other' })).toBe('unknown')
    expect(verdictOf({ address: { id: 'ipm-1', groupId: null } })).toBe('unknown')
    expect(verdictOf({ cidr: '10.0.0.0/8', ipv6Cidr: '::/0' })).toBe('block')
  })
})

describe('a list of groups', () => {
  it('is matched in binding order, and the implicit deny names all groups', () => {
    const outcome = judgeGroups(
      [
        groupWith('sg-a', { protocol: 'TCP', port: '80', cidr: '100.64.0.0/11', action: 'DROP' }),
        groupWith('sg-b', { protocol: 'TCP', port: '80', cidr: '100.64.0.0/12', action: 'ACCEPT' }),
      ],
      probeWith(),
    )
    expect(outcome.pieces.map(({ by, sources }) => [by.id, by.index, by.groups, toCidrs(sources)])).toEqual([
      ['sg-a', 0, undefined, ['100.64.0.0/11']],
      ['sg-a', null, ['sg-a', 'sg-b'], ['100.96.0.0/11']],
    ])
    expect(outcome.verdict).toBe('block')
  })

  it('is unknown for an empty set of sources, and blocks if it has no group', () => {
    const sources = { family: 4, borders: [] } as const
    const open = { protocol: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }
    const outcome = judgeGroups([groupWith('sg-a', open)], probeWith({ sources }))
    expect([outcome.verdict, outcome.pieces]).toEqual(['unknown', []])
    const { verdict, pieces } = judgeGroups([], probeWith())
    expect([verdict, pieces.map(({ by }) => by)]).toEqual([
      'block',
      [{ kind: 'security-group', id: '', index: null, ruleId: null, words: null, groups: [] }],
    ])
  })
})
