import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import { aclLetsIn, aclLetsReplyOut, groupsLetIn, type Packet } from '../../src/simulator/gates.ts'
import type { Acl, AclEntry, Group, GroupRule, World } from '../../src/simulator/world.ts'

const world = (fields: Partial<World> = {}): World => ({ ...shop().world, ...fields })

const packet = (fields: Partial<Packet> = {}): Packet => ({
  source: '100.64.0.5',
  sourcePort: 40_000,
  target: '10.0.1.16',
  protocol: 'tcp',
  port: 8080,
  ...fields,
})

const rule = (fields: Partial<GroupRule> = {}): GroupRule => ({
  protocol: 'TCP',
  port: '8080',
  source: '100.64.0.0/10',
  action: 'ACCEPT',
  ...fields,
})

const group = (id: string, ...rules: GroupRule[]): Group => ({ id, name: id, rules })

describe('security groups', () => {
  const passes = (rules: GroupRule[], sent: Partial<Packet> = {}, fields: Partial<World> = {}): boolean =>
    groupsLetIn(world({ groups: [group('sg-0', ...rules)], ...fields }), ['sg-0'], packet(sent))

  it('let nothing in if there is no rule, no group, or a group that no longer exists', () => {
    expect(passes([])).toBe(false)
    expect(groupsLetIn(world(), [], packet())).toBe(false)
    expect(groupsLetIn(world(), ['sg-gone0000'], packet())).toBe(false)
  })

  it('apply the first rule that matches', () => {
    expect(passes([rule({ action: 'DROP' }), rule()])).toBe(false)
    expect(passes([rule(), rule({ action: 'DROP' })])).toBe(true)
    expect(passes([rule({ port: '22', action: 'DROP' }), rule()])).toBe(true)
  })

  it('apply in the order in which they are bound', () => {
    const groups = [group('sg-yes', rule()), group('sg-no', rule({ action: 'DROP' })), group('sg-mute')]
    const made = world({ groups })
    expect(groupsLetIn(made, ['sg-yes', 'sg-no'], packet())).toBe(true)
    expect(groupsLetIn(made, ['sg-no', 'sg-yes'], packet())).toBe(false)
    expect(groupsLetIn(made, ['sg-mute', 'sg-yes'], packet())).toBe(true)
  })

  it.each([
    ['8080', 8080, true],
    ['80,8080', 8080, true],
    ['8000-9000', 9000, true],
    ['8000-9000', 9001, false],
    ['22,8000-8100', 8080, true],
    ['ALL', 1, true],
    ['all', 65_535, true],
    ['808', 8080, false],
  ])('match port %s with %i: %s', (port, sent, expected) => {
    expect(passes([rule({ port })], { port: sent })).toBe(expected)
  })

  it.each([
    ['100.64.0.0/10', '100.127.255.255', true],
    ['100.64.0.0/10', '100.128.0.0', false],
    ['100.64.0.5', '100.64.0.5', true],
    ['0.0.0.0/0', '203.0.113.26', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['::/0', '10.0.0.1', false],
  ])('match source %s with %s: %s', (source, sent, expected) => {
    expect(passes([rule({ source })], { source: sent })).toBe(expected)
  })

  it('match ICMP of the same family, without ports', () => {
    const icmp = { protocol: 'icmp' } as const
    expect(passes([rule({ protocol: 'ICMP', port: 'ALL' })], icmp)).toBe(true)
    expect(passes([rule({ protocol: 'TCP', port: 'ALL' })], icmp)).toBe(false)
    const six = { ...icmp, source: '2001:db8::1', target: '2001:db8::2' }
    expect(passes([rule({ protocol: 'ICMPv6', source: '::/0' })], six)).toBe(true)
    expect(passes([rule({ protocol: 'ICMP', source: '::/0' })], six)).toBe(false)
  })

  it('match address templates, ranges in them, and groups of them', () => {
    const templates = {
      addressTemplates: {
        'ipm-range001': ['198.51.100.1', '100.64.0.1-100.64.0.9'],
        'ipm-other001': ['10.9.0.0/16'],
      },
      addressGroups: { 'ipmg-both0001': ['ipm-other001', 'ipm-range001'] },
    }
    for (const source of ['ipm-range001', 'ipmg-both0001']) {
      expect(passes([rule({ source })], {}, templates)).toBe(true)
      expect(passes([rule({ source })], { source: '100.64.0.10' }, templates)).toBe(false)
    }
    expect(passes([rule({ source: 'ipm-gone0001' })], {}, templates)).toBe(false)
  })

  it('match service templates and groups of them', () => {
    const templates = {
      serviceTemplates: { 'ppm-web00001': ['tcp:80,443', 'tcp:8000-9000'], 'ppm-dns00001': ['udp:53'] },
      serviceGroups: { 'ppmg-all00001': ['ppm-dns00001', 'ppm-web00001'] },
    }
    for (const service of ['ppm-web00001', 'ppmg-all00001']) {
      expect(passes([rule({ service })], {}, templates)).toBe(true)
      expect(passes([rule({ service })], { protocol: 'udp' }, templates)).toBe(false)
    }
  })

  it('match a source group by the addresses of its machines and interfaces', () => {
    const made = world()
    const nic = { id: 'eni-extra001', vpcId: '', subnetId: '', ips: ['10.0.7.7'], machineId: null }
    const interfaces = [{ ...nic, groups: ['sg-shopweb1'] }]
    const from = (source: string): boolean =>
      groupsLetIn(
        { ...made, interfaces, groups: [group('sg-0', rule({ source: 'sg-shopweb1' }))] },
        ['sg-0'],
        packet({ source }),
      )
    expect([from('10.0.1.16'), from('10.0.7.7'), from('100.64.0.5')]).toEqual([true, true, false])
  })

  it("match a source group by a CLB's addresses only if the CLB counts as its member", () => {
    const made = world()
    const from = (memberOf: string[], source: string): boolean =>
      groupsLetIn(
        {
          ...made,
          balancers: made.balancers.map((own) => ({ ...own, snatIps: ['10.0.9.201'], memberOf })),
          groups: [group('sg-0', rule({ source: 'sg-front001' }))],
        },
        ['sg-0'],
        packet({ source }),
      )
    for (const source of ['203.0.113.26', '10.0.9.201'])
      expect([from([], source), from(['sg-other001'], source), from(['sg-front001'], source)]).toEqual([
        false,
        false,
        true,
      ])
  })
})

const entry = (fields: Partial<AclEntry> = {}): AclEntry => ({
  protocol: 'tcp',
  port: '8080',
  cidr: '100.64.0.0/10',
  action: 'Accept',
  ...fields,
})
const acl = (fields: Partial<Acl>): Acl => ({
  id: 'acl-0',
  name: '',
  vpcId: '',
  type: 'TRIPLE',
  ingress: [],
  egress: [],
  ...fields,
})

describe('a network ACL', () => {
  it('without entries lets nothing in and nothing out', () => {
    expect(aclLetsIn(acl({}), packet())).toBe(false)
    expect(aclLetsReplyOut(world(), acl({}), packet())).toBe(false)
  })

  it('applies the first entry that matches', () => {
    const open = entry({ protocol: 'all', port: '', cidr: '0.0.0.0/0' })
    expect(aclLetsIn(acl({ ingress: [entry({ action: 'Drop' }), open] }), packet())).toBe(false)
    expect(aclLetsIn(acl({ ingress: [open, entry({ action: 'Drop' })] }), packet())).toBe(true)
  })

  it.each([
    ['destination', '8080', false],
    ['destination', '1024-65535', true],
    ['source', '8080', true],
    ['source', '1024-8079', false],
  ] as const)(
    'with egress ports read as %s ports lets the reply out through %s: %s',
    (aclEgressPort, port, expected) => {
      const egress = [entry({ port })]
      expect(aclLetsReplyOut(world({ aclEgressPort }), acl({ egress }), packet())).toBe(expected)
    },
  )

  it('of type QUINTUPLE compares both addresses and both ports, in both directions', () => {
    const five = acl({
      type: 'QUINTUPLE',
      ingress: [entry({ sourcePort: '32768-65535', destinationCidr: '10.0.1.0/24' })],
      egress: [
        entry({
          cidr: '10.0.1.0/24',
          destinationCidr: '100.64.0.0/10',
          port: '32768-65535',
          sourcePort: '8080',
        }),
      ],
    })
    const cases: [Partial<Packet>, boolean][] = [
      [{}, true],
      [{ sourcePort: 1024 }, false],
      [{ port: 8081 }, false],
      [{ target: '10.0.2.16' }, false],
      [{ source: '203.0.113.26' }, false],
    ]
    for (const [sent, expected] of cases) {
      expect([sent, aclLetsIn(five, packet(sent))]).toEqual([sent, expected])
      expect([sent, aclLetsReplyOut(world(), five, packet(sent))]).toEqual([sent, expected])
    }
  })
})

// The fixture has rule lists and what a real Linux kernel did with real packets. Its `meta` explains the columns.

type Line = [protocol: string, port: string, cidr: string, action: string]
type Five = Record<
  'protocol' | 'sourceCidr' | 'destinationCidr' | 'sourcePort' | 'destinationPort' | 'action',
  string
>
interface Case {
  readonly id: string
  readonly tag: string
  readonly sgs: Line[][]
  readonly acl: { ingress: (Line | Five)[]; egress: (Line | Five)[] } | null
  readonly aclEgressPort?: 'src'
  readonly probes: [string, number, string, string, number, string, string | null, ...unknown[]][]
}

const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/policy-cases.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

const entryOf = (line: Line | Five): AclEntry => {
  const accepts = (Array.isArray(line) ? line[3] : line.action).toUpperCase() === 'ACCEPT'
  const action = accepts ? 'Accept' : 'Drop'
  if (Array.isArray(line)) return { protocol: line[0], port: line[1], cidr: line[2], action }
  const { protocol, sourceCidr: cidr, destinationCidr, sourcePort, destinationPort: port } = line
  return { protocol, port, cidr, destinationCidr, sourcePort, action }
}

describe('rule lists give the result of a real kernel', () => {
  it.each(cases.map((one) => [`${one.id} ${one.tag}`, one] as const))('%s', (_, one) => {
    const groups = one.sgs.map((rules, i) =>
      group(
        `sg-${i}`,
        ...rules.map(([protocol, port, source, action]): GroupRule => {
          return { protocol, port, source, action: action.toUpperCase() === 'ACCEPT' ? 'ACCEPT' : 'DROP' }
        }),
      ),
    )
    const made = world({ groups, aclEgressPort: one.aclEgressPort === 'src' ? 'source' : 'destination' })
    const all = one.acl && [...one.acl.ingress, ...one.acl.egress]
    const filter = one.acl
      ? acl({
          type: all?.some((line) => !Array.isArray(line)) ? 'QUINTUPLE' : 'TRIPLE',
          ingress: one.acl.ingress.map(entryOf),
          egress: one.acl.egress.map(entryOf),
        })
      : null
    for (const [source, sourcePort, target, name, port, , droppedAt] of one.probes) {
      const protocol = name.toLowerCase() as Packet['protocol']
      const sent = { source, sourcePort, target, protocol, port }
      const dropped = (): string | null => {
        if (filter && !aclLetsIn(filter, sent)) return 'acl-in'
        if (
          !groupsLetIn(
            made,
            groups.map(({ id }) => id),
            sent,
          )
        )
          return 'sg-in'
        if (filter && !aclLetsReplyOut(made, filter, sent)) return 'acl-out'
        return null
      }
      expect([sent, dropped()]).toEqual([sent, droppedAt])
    }
  })
})
