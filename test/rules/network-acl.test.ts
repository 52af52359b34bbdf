import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AclEntry } from '../../src/model/snapshot.ts'
import {
  contains,
  emptySet,
  type Outcome,
  type Probe,
  parseAddresses,
  toCidrs,
  union,
} from '../../src/rules/index.ts'
import { formatPorts } from '../../src/rules/ports.ts'
import { aclWith, judgeIngress, judgeReply, probeWith, setOf } from './builders.ts'

const from = (text: string, fields: Partial<Probe> = {}): Probe =>
  probeWith({ sources: setOf(text), ...fields })

const RANGE = from('100.64.0.0/10')

const into = (fields: Partial<AclEntry>, asked: Probe = RANGE) =>
  judgeIngress(
    aclWith('triple', 'ingress', [{ protocol: 'TCP', port: '80', cidr: '0.0.0.0/0', ...fields }]),
    asked,
  ).verdict

describe('a triple ingress entry', () => {
  it.each([
    [{}, 'pass'],
    [{ port: 'ALL' }, 'pass'],
    [{ port: '79-81' }, 'pass'],
    [{ port: '81' }, 'block'],
    [{ port: '80,443' }, 'pass'],
    [{ port: 'eighty' }, 'unknown'],
    [{ port: null }, 'unknown'],
    [{ protocol: 'all', port: null }, 'pass'],
    [{ protocol: 'ALL', port: '80' }, 'unknown'],
    [{ protocol: 'UDP' }, 'block'],
    [{ protocol: 'SCTP' }, 'unknown'],
    [{ protocol: null }, 'unknown'],
    [{ cidr: '100.64.0.0/11' }, 'partial'],
    [{ cidr: '10.0.0.0/8' }, 'block'],
    [{ cidr: null }, 'unknown'],
    [{ cidr: 'anywhere' }, 'unknown'],
    [{ cidr: null, ipv6Cidr: '100.64.0.0/10' }, 'pass'],
    [{ ipv6Cidr: '::/0' }, 'pass'],
    [{ cidr: '::/0' }, 'block'],
    [{ action: 'Accept' }, 'pass'],
    [{ action: 'Drop' }, 'block'],
    [{ action: 'Maybe' }, 'unknown'],
    [{ priority: null }, 'unknown'],
  ] as const)('with %j gives %s', (fields, verdict) => {
    expect(into(fields)).toBe(verdict)
  })

  it('matches an IPv6 probe with an IPv6 network in either field, and not with an IPv4 network', () => {
    const six = from('2001:db8::1')
    expect(into({ cidr: null, ipv6Cidr: '2001:db8::/32' }, six)).toBe('pass')
    expect(into({ cidr: '2001:db8::/32' }, six)).toBe('pass')
    expect(into({ cidr: '0.0.0.0/0', ipv6Cidr: '2001:db8::/32' }, six)).toBe('pass')
    expect(into({ cidr: '0.0.0.0/0' }, six)).toBe('block')
  })

  it('matches every port of the prober', () => {
    const { pieces } = judgeIngress(
      aclWith('triple', 'ingress', [{ protocol: 'TCP', port: '80', cidr: '0.0.0.0/0' }]),
      RANGE,
    )
    expect(pieces.map(({ ports }) => formatPorts(ports))).toEqual([['1024-65535']])
  })
})

describe('entries', () => {
  const list = [
    { priority: 2, protocol: 'ALL', cidr: '0.0.0.0/0', action: 'DROP', id: 'acli4-2' },
    { priority: 1, protocol: 'ALL', cidr: '100.64.0.0/11', action: 'ACCEPT', id: 'acli4-1' },
    { priority: 1, protocol: 'ALL', ipv6Cidr: '::/0', action: 'DROP', id: 'acli6-1' },
  ]

  it('are matched by priority, IPv4 and IPv6 separately, and named by id and words', () => {
    const { pieces } = judgeIngress(aclWith('triple', 'ingress', list), RANGE)
    expect(pieces.map(({ verdict, by, sources }) => [verdict, by, toCidrs(sources)])).toMatchObject([
      [
        'accept',
        {
          kind: 'network-acl',
          id: 'acl-1',
          index: 1,
          ruleId: 'acli4-1',
          words: 'ACCEPT ALL from 100.64.0.0/11',
        },
        ['100.64.0.0/11'],
      ],
      [
        'deny',
        { kind: 'network-acl', id: 'acl-1', index: 2, ruleId: 'acli4-2', words: 'DROP ALL from 0.0.0.0/0' },
        ['100.96.0.0/11'],
      ],
    ])
  })

  it('end in a default deny that has no index', () => {
    const { pieces } = judgeIngress(aclWith('triple', 'ingress', []), RANGE)
    expect(pieces.map(({ by }) => by)).toEqual([
      { kind: 'network-acl', id: 'acl-1', index: null, ruleId: null, words: null },
    ])
  })

  it('without a priority make the verdict unknown, unless the other entry gives the same verdict', () => {
    const adrift = (action: string) =>
      judgeIngress(
        aclWith('triple', 'ingress', [
          list[1] ?? {},
          { priority: null, protocol: 'ALL', cidr: '0.0.0.0/0', action },
        ]),
        RANGE,
      ).verdict
    expect(adrift('DROP')).toBe('unknown')
    expect(adrift('ACCEPT')).toBe('unknown')
    const both = { protocol: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }
    expect(
      judgeIngress(aclWith('triple', 'ingress', [both, { ...both, priority: null }]), RANGE).verdict,
    ).toBe('pass')
  })
})

describe('an echo request', () => {
  it('over IPv6 is unknown for an ICMP entry, because the documents do not say whether ICMP includes ICMPv6', () => {
    const six = from('2001:db8::1', { protocol: 'icmpv6', port: null })
    const verdicts = ['ICMP', ' icmp ', 'ICMPv6', 'ALL', 'TCP', null].map((protocol) =>
      into({ protocol, port: null, cidr: null, ipv6Cidr: '::/0' }, six),
    )
    expect(verdicts).toEqual(['unknown', 'unknown', 'pass', 'pass', 'block', 'unknown'])
  })

  it('has no ports, so that no port blocks it or its reply', () => {
    const ping = from('100.64.0.0/10', { protocol: 'icmp', port: null })
    expect(into({ protocol: 'ICMP', port: null }, ping)).toBe('pass')
    const out = aclWith('triple', 'egress', [{ protocol: 'ICMP', port: null, cidr: '0.0.0.0/0' }])
    for (const reading of ['destination', 'source'] as const) {
      const { verdict, pieces } = judgeReply(out, ping, reading)
      expect([verdict, pieces.map(({ ports }) => formatPorts(ports))]).toEqual(['pass', [['0-65535']]])
    }
  })
})

describe('a reply', () => {
  const out = (...entries: readonly Partial<AclEntry>[]) =>
    aclWith(
      'triple',
      'egress',
      entries.map((one) => ({ protocol: 'TCP', cidr: '0.0.0.0/0', ...one })),
    )
  const verdicts = (...entries: readonly Partial<AclEntry>[]) =>
    (['destination', 'source'] as const).map((reading) => judgeReply(out(...entries), RANGE, reading).verdict)

  it.each([
    ['ALL', ['pass', 'pass']],
    ['1024-65535', ['pass', 'block']],
    ['80', ['block', 'pass']],
    ['80,1024-65535', ['pass', 'pass']],
    ['443', ['block', 'block']],
    ['eighty', ['unknown', 'unknown']],
  ])(
    'through a triple entry with port %j gives %j for the destination and the source reading',
    (port, found) => {
      expect(verdicts({ port })).toEqual(found)
    },
  )

  it('that reaches only some ports of the prober is partial, with the closed ports and no blocked address', () => {
    const outcome = judgeReply(out({ port: '32768-60999' }), RANGE, 'destination')
    expect([outcome.verdict, toCidrs(outcome.blocked), outcome.closedPorts]).toEqual([
      'partial',
      [],
      ['1024-32767', '61000-65535'],
    ])
  })

  it('that reaches no port of some addresses has them as blocked, and the closed ports of the other addresses', () => {
    const outcome = judgeReply(out({ port: '1024-32767', cidr: '100.64.0.0/11' }), RANGE, 'destination')
    expect([outcome.verdict, toCidrs(outcome.blocked), outcome.closedPorts]).toEqual([
      'partial',
      ['100.96.0.0/11'],
      ['32768-65535'],
    ])
  })

  it('is one piece for all ports with the same deciding entry', () => {
    const entries = [
      { port: '1024-2047', cidr: '100.96.0.0/11', action: 'DROP' },
      { port: 'ALL', cidr: '100.64.0.0/11' },
      { port: 'ALL', cidr: '100.96.0.0/11' },
    ]
    const { pieces } = judgeReply(out(...entries), RANGE, 'destination')
    expect(
      pieces.map(({ by, ports, sources }) => [by.index, formatPorts(ports).join(), ...toCidrs(sources)]),
    ).toEqual([
      [1, '1024-2047', '100.96.0.0/11'],
      [2, '1024-65535', '100.64.0.0/11'],
      [3, '2048-65535', '100.96.0.0/11'],
    ])
  })
})

describe('garbage in an entry', () => {
  const garbage = fc.oneof(
    fc.string(),
    fc.constantFrom('', 'SCTP', '10.0.0.0/99', '1-', '70000', 'MAYBE', '-1', ' '),
  )
  const sane = fc.record({
    protocol: fc.constantFrom('TCP', 'ALL'),
    port: fc.constant('ALL'),
    cidr: fc.constantFrom('100.64.0.0/11', '100.96.0.0/11', '0.0.0.0/0'),
    action: fc.constantFrom('ACCEPT', 'DROP'),
  })
  const odd = fc.record({ protocol: garbage, port: garbage, cidr: garbage, action: garbage })

  it('never throws, and never turns a deny into a pass', () => {
    fc.assert(
      fc.property(fc.array(sane, { maxLength: 4 }), odd, fc.nat(4), (list, one, at) => {
        const clear = ['ACCEPT', 'DROP'].includes(one.action.trim().toUpperCase())
        if (clear && parseAddresses(one.cidr) !== null) return
        for (const direction of ['ingress', 'egress'] as const) {
          const judge = (entries: readonly Partial<AclEntry>[]) =>
            direction === 'ingress'
              ? judgeIngress(aclWith('triple', direction, entries), RANGE)
              : judgeReply(aclWith('triple', direction, entries), RANGE, 'destination')
          const accepted = ({ pieces }: Outcome) =>
            pieces
              .filter(({ verdict }) => verdict === 'accept')
              .flatMap(({ sources }) => toCidrs(sources))
              .map(setOf)
              .reduce(union, emptySet(4))
          const [without, with_] = [judge(list), judge([...list.slice(0, at), one, ...list.slice(at)])]
          expect(contains(accepted(without), accepted(with_))).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})
