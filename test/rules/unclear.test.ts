import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AclEntry, SecurityRule } from '../../src/model/snapshot.ts'
import type { Outcome, Probe, References } from '../../src/rules/index.ts'
import {
  aclWith,
  groupWith,
  judgeGroups,
  judgeIngress,
  judgeReply,
  noReferences,
  probeWith,
  setOf,
} from './builders.ts'

const VIP = setOf('203.0.113.26')
const open = { protocol: 'TCP', port: '80', cidr: '0.0.0.0/0', action: 'ACCEPT' }
const service = { id: 'ppm-1', groupId: null }
const address = { id: null, groupId: 'ipmg-1' }

const unclearIn = ({ pieces }: Outcome) =>
  pieces.filter(({ verdict }) => verdict === 'unknown').map(({ by, unclear }) => [by.index, unclear])

const ofRule = (
  fields: Partial<SecurityRule>,
  probe: Partial<Probe> = {},
  references: References = noReferences,
) => unclearIn(judgeGroups([groupWith('sg-0', { ...open, ...fields })], probeWith(probe), references))

describe('an unknown piece of a group names the rule and what is unclear in it', () => {
  it.each<[string, Partial<SecurityRule>, Partial<Probe>, readonly object[]]>([
    ['the action', { action: 'MAYBE' }, {}, [{ part: 'action', text: 'MAYBE' }]],
    ['the missing action', { action: null }, {}, [{ part: 'action', text: null }]],
    ['the protocol', { protocol: 'SCTP' }, {}, [{ part: 'protocol', text: 'SCTP' }]],
    ['the port', { port: 'eighty' }, {}, [{ part: 'port', text: 'eighty' }]],
    [
      'the protocol and the port',
      { protocol: '6', port: 'x' },
      {},
      [
        { part: 'protocol', text: '6' },
        { part: 'port', text: 'x' },
      ],
    ],
    ['the port of the probe', {}, { port: null }, [{ part: 'probe-port' }]],
    ['the source', { cidr: 'the office' }, {}, [{ part: 'address', text: 'the office' }]],
    ['the missing source', { cidr: null }, {}, [{ part: 'address', text: null }]],
    ['the IPv6 source', { cidr: null, ipv6Cidr: '::x' }, {}, [{ part: 'address', text: '::x' }]],
    [
      'a group as the source',
      { cidr: null, sourceGroupId: 'sg-lb' },
      { sources: VIP },
      [{ part: 'source-group', id: 'sg-lb' }],
    ],
    ['an address template', { cidr: null, address }, {}, [{ part: 'address-template', reference: address }]],
    ['a service template', { service }, {}, [{ part: 'service-template', reference: service }]],
    ['several sources', { sourceGroupId: 'sg-lb' }, {}, [{ part: 'several-sources' }]],
    [
      'several sources, each of them unclear',
      { cidr: null, sourceGroupId: 'sg-lb', address },
      { sources: VIP },
      [
        { part: 'source-group', id: 'sg-lb' },
        { part: 'address-template', reference: address },
        { part: 'several-sources' },
      ],
    ],
  ])('%s', (_, fields, probe, unclear) => {
    expect(ofRule(fields, probe)).toEqual([[0, unclear]])
  })

  it('a service template beside another port of the rule itself', () => {
    const references = { ...noReferences, services: () => ['tcp:443'] }
    expect(ofRule({ service }, {}, references)).toEqual([[0, [{ part: 'two-services' }]]])
  })

  it('a part that is unclear in several expanded rows is named once, and other rows do not count', () => {
    const row = { protocol: 'tcp', ipv6Cidr: null, sourceGroupId: null, service: null, address: null }
    const expanded = [
      { ...row, port: 'x', cidr: '0.0.0.0/0' },
      { ...row, port: 'x', cidr: '100.64.0.0/10' },
      { ...row, port: 'y', cidr: '10.0.0.0/8' },
      { ...row, port: '443', cidr: 'the office' },
    ]
    expect(ofRule({ cidr: null, address, expanded })).toEqual([[0, [{ part: 'port', text: 'x' }]]])
  })

  it('only for the sources that are unclear', () => {
    const references = { ...noReferences, addresses: () => ['100.64.0.0/11', 'the office'] }
    expect(ofRule({ cidr: null, address: service }, {}, references)).toEqual([
      [0, [{ part: 'address-template', reference: service }]],
    ])
    expect(ofRule({ cidr: '10.0.0.0/8', address: service, action: 'DROP' }, {}, references)).toEqual([])
  })
})

describe('an unknown piece of an ACL names the entry and what is unclear in it', () => {
  const entryOf = (fields: Partial<AclEntry>, probe: Partial<Probe> = {}) =>
    unclearIn(judgeIngress(aclWith('triple', 'ingress', [{ ...open, ...fields }]), probeWith(probe)))

  it.each<[string, Partial<AclEntry>, Partial<Probe>, readonly object[]]>([
    ['the action', { action: 'MAYBE' }, {}, [{ part: 'action', text: 'MAYBE' }]],
    ['the place', { priority: null }, {}, [{ part: 'priority' }]],
    ['the protocol', { protocol: 'SCTP' }, {}, [{ part: 'protocol', text: 'SCTP' }]],
    ['the port', { port: 'eighty' }, {}, [{ part: 'port', text: 'eighty' }]],
    ['the port of the probe', {}, { port: null }, [{ part: 'probe-port' }]],
    ['the address', { cidr: 'the office' }, {}, [{ part: 'address', text: 'the office' }]],
    ['the missing address', { cidr: null }, {}, [{ part: 'address', text: null }]],
    [
      'ICMP for an ICMPv6 probe',
      { protocol: 'ICMP', port: 'ALL', cidr: null, ipv6Cidr: '::/0' },
      { protocol: 'icmpv6', port: null, sources: setOf('2001:db8::1') },
      [{ part: 'icmpv6' }],
    ],
  ])('%s', (_, fields, probe, unclear) => {
    const index = fields.priority === null ? null : 1
    expect(entryOf(fields, probe)).toEqual([[index, unclear]])
  })

  it('the port of a reply, under both readings', () => {
    const acl = aclWith('triple', 'egress', [{ ...open, port: 'eighty' }])
    for (const reading of ['destination', 'source'] as const)
      expect(unclearIn(judgeReply(acl, probeWith(), reading))).toEqual([
        [1, [{ part: 'port', text: 'eighty' }]],
      ])
  })

  it.each<[string, Partial<AclEntry>, readonly object[]]>([
    ['the source port', { sourcePort: 'x' }, [{ part: 'port', text: 'x' }]],
    ['the destination port', { destinationPort: 'y' }, [{ part: 'port', text: 'y' }]],
    ['the source', { sourceCidr: 'here' }, [{ part: 'address', text: 'here' }]],
    ['the destination', { destinationCidr: 'there' }, [{ part: 'address', text: 'there' }]],
  ])('of five parts: %s', (_, fields, unclear) => {
    const five = {
      protocol: 'TCP',
      sourcePort: 'ALL',
      destinationPort: '80',
      sourceCidr: '0.0.0.0/0',
      destinationCidr: '10.0.1.0/24',
      action: 'ACCEPT',
    }
    const judged = judgeIngress(aclWith('quintuple', 'ingress', [{ ...five, ...fields }]), probeWith())
    expect(unclearIn(judged)).toEqual([[1, unclear]])
    const reply = judgeReply(
      aclWith('quintuple', 'egress', [{ ...five, destinationPort: 'z', destinationCidr: '0.0.0.0/0' }]),
      probeWith({ destination: 'nowhere' }),
      'destination',
    )
    expect(unclearIn(reply)).toEqual([
      [
        1,
        [
          { part: 'port', text: 'z' },
          { part: 'address', text: 'nowhere' },
        ],
      ],
    ])
  })
})

describe('every unknown piece', () => {
  const texts = (...some: readonly (string | null)[]) => fc.constantFrom(...some)
  const rules = fc.record({
    protocol: texts('TCP', 'ALL', 'UDP', 'what', null),
    port: texts('80', 'ALL', '1-90', 'what', null),
    cidr: texts('100.64.0.0/11', '0.0.0.0/0', 'what', null),
    sourceGroupId: texts(null, null, 'sg-lb'),
    service: fc.constantFrom(null, null, service),
    address: fc.constantFrom(null, null, address),
    action: texts('ACCEPT', 'DROP', 'what', null),
  })
  const probes = fc.record({
    sources: fc.constantFrom(probeWith().sources, VIP),
    port: fc.constantFrom(80, null),
  })
  const references = fc.constantFrom(noReferences, {
    ...noReferences,
    services: () => ['tcp:80', 'what'],
    addresses: () => ['100.64.0.0/12', 'what'],
  })

  it('of a group names at least one unclear part, and no other piece does', () => {
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 4 }), probes, references, (own, probe, known) => {
        const { pieces } = judgeGroups([groupWith('sg-0', ...own)], probeWith(probe), known)
        for (const { verdict, unclear } of pieces)
          expect(unclear === undefined ? null : unclear.length > 0).toBe(verdict === 'unknown' ? true : null)
      }),
      { numRuns: 400 },
    )
  })

  it('of an ACL names at least one unclear part, and no other piece does', () => {
    const entries = fc.record({
      priority: fc.constantFrom(1, 2, null),
      protocol: texts('TCP', 'ALL', 'what', null),
      port: texts('80', 'ALL', '1024-40000', 'what', null),
      cidr: texts('100.64.0.0/11', '0.0.0.0/0', 'what', null),
      action: texts('ACCEPT', 'DROP', 'what'),
    })
    const sides = fc.constantFrom('ingress' as const, 'egress' as const)
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 4 }), sides, probes, (own, side, probe) => {
        const acl = aclWith('triple', side, own)
        const { pieces } =
          side === 'ingress'
            ? judgeIngress(acl, probeWith(probe))
            : judgeReply(acl, probeWith(probe), 'destination')
        for (const { verdict, unclear } of pieces)
          expect(unclear === undefined ? null : unclear.length > 0).toBe(verdict === 'unknown' ? true : null)
      }),
      { numRuns: 400 },
    )
  })
})
