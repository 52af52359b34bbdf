import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AclEntry } from '../../src/model/snapshot.ts'
import { contains, type Outcome, type PortReading, type Probe } from '../../src/rules/index.ts'
import { holds } from '../../src/rules/intervals.ts'
import { aclWith, judgeIngress, judgeReply, probeWith, setOf } from './builders.ts'

const from = (text: string, fields: Partial<Probe> = {}): Probe =>
  probeWith({ sources: setOf(text), ...fields })

const RANGE = from('100.64.0.0/10')

describe('a quintuple entry', () => {
  const five = {
    protocol: 'TCP',
    sourceCidr: '100.64.0.0/10',
    sourcePort: 'ALL',
    destinationCidr: '10.0.1.0/24',
    destinationPort: '80',
  }
  const verdict = (fields: Partial<AclEntry>, asked: Probe = RANGE) =>
    judgeIngress(aclWith('quintuple', 'ingress', [{ ...five, ...fields }]), asked).verdict

  it.each([
    [{}, 'pass'],
    [{ destinationPort: '81' }, 'block'],
    [{ destinationPort: 'eighty' }, 'unknown'],
    [{ destinationCidr: '10.0.2.0/24' }, 'block'],
    [{ destinationCidr: 'anywhere' }, 'unknown'],
    [{ destinationCidr: null }, 'unknown'],
    [{ sourceCidr: '100.64.0.0/11' }, 'partial'],
    [{ sourceCidr: null }, 'unknown'],
    [{ sourcePort: '1024-65535' }, 'pass'],
    [{ sourcePort: '1024-2047' }, 'partial'],
    [{ sourcePort: '22' }, 'block'],
    [{ sourcePort: 'any' }, 'unknown'],
    [{ protocol: 'UDP' }, 'block'],
    [{ protocol: 'ALL', sourcePort: null, destinationPort: null }, 'pass'],
  ] as const)('for ingress with %j gives %s', (fields, found) => {
    expect(verdict(fields)).toBe(found)
  })

  it('is unknown for a target whose address is not understood', () => {
    expect(verdict({}, { ...RANGE, destination: 'web-1' })).toBe('unknown')
  })

  it('for IPv6 has its own fields', () => {
    const six = {
      sourceCidr: null,
      destinationCidr: null,
      sourceIpv6Cidr: '::/0',
      destinationIpv6Cidr: '2001:db8::/32',
    }
    const asked = { ...from('2001:db8::1'), destination: '2001:db8::16' }
    expect(verdict(six, asked)).toBe('pass')
    expect(verdict(six, { ...asked, destination: '2001:db9::16' })).toBe('block')
    expect(verdict(six)).toBe('block')
  })

  it('for egress matches packets from the target to the prober', () => {
    const back = {
      protocol: 'TCP',
      sourceCidr: '10.0.1.0/24',
      sourcePort: '80',
      destinationCidr: '100.64.0.0/10',
      destinationPort: '1024-65535',
    }
    const reply = (fields: Partial<AclEntry>, reading: PortReading = 'destination') =>
      judgeReply(aclWith('quintuple', 'egress', [{ ...back, ...fields }]), RANGE, reading).verdict
    expect(reply({})).toBe('pass')
    expect(reply({}, 'source')).toBe('pass')
    expect(reply({ sourcePort: '81' })).toBe('block')
    expect(reply({ sourceCidr: '10.0.2.0/24' })).toBe('block')
    expect(reply({ destinationCidr: '100.64.0.0/11' })).toBe('partial')
    expect(reply({ destinationPort: '32768-65535' })).toBe('partial')
  })
})

describe('entries with ports on both sides', () => {
  const ports = fc.constantFrom('ALL', '1024-2047', '2000-3000', '2500', '80', '1024-65535')
  const five = fc
    .record({
      protocol: fc.constantFrom('TCP', 'ALL', 'UDP'),
      sourceCidr: fc.constantFrom('100.64.0.0/11', '100.96.0.0/11', '100.64.0.0/12', '0.0.0.0/0'),
      sourcePort: ports,
      destinationCidr: fc.constantFrom('10.0.1.0/24', '10.0.2.0/24', '0.0.0.0/0'),
      destinationPort: fc.constantFrom('80', '443', 'ALL'),
      action: fc.constantFrom('ACCEPT', 'DROP'),
    })
    .map((one) => (one.protocol === 'ALL' ? { ...one, sourcePort: 'ALL', destinationPort: 'ALL' } : one))

  const has = (text: string, port: number): boolean => {
    const [from = 0, to = from] = text.split('-').map(Number)
    return text === 'ALL' || (from <= port && port <= to)
  }

  const naive = (list: readonly { [K in keyof AclEntry]?: string }[], from: string, port: number): string => {
    const at = list.findIndex(
      (one) =>
        one.protocol !== 'UDP' &&
        contains(setOf(one.sourceCidr ?? ''), setOf(from)) &&
        contains(setOf(one.destinationCidr ?? ''), setOf('10.0.1.16')) &&
        has(one.sourcePort ?? '', port) &&
        has(one.destinationPort ?? '', 80),
    )
    return at < 0 ? 'deny null' : `${list[at]?.action === 'ACCEPT' ? 'accept' : 'deny'} ${at + 1}`
  }

  const pieceAt = ({ pieces }: Outcome, from: string, port: number) =>
    pieces.filter(({ sources, ports }) => contains(sources, setOf(from)) && holds(ports, port))

  it('put each packet in exactly one piece, with the verdict and the entry of a walk over the entries', () => {
    fc.assert(
      fc.property(fc.array(five, { maxLength: 7 }), (list) => {
        const outcome = judgeIngress(aclWith('quintuple', 'ingress', list), RANGE)
        const closed = new Set<number>()
        for (const port of [1024, 1999, 2000, 2047, 2048, 2500, 3000, 3001, 65535])
          for (const from of ['100.64.0.1', '100.80.0.1', '100.96.0.1']) {
            const found = pieceAt(outcome, from, port)
            expect(found.map(({ verdict, by }) => `${verdict} ${by.index}`)).toEqual([
              naive(list, from, port),
            ])
            if (found[0]?.verdict === 'deny' && !contains(outcome.blocked, setOf(from))) closed.add(port)
          }
        const shown = outcome.closedPorts.map((text) => (text.includes('-') ? text : `${text}-${text}`))
        for (const port of closed) expect(shown.some((text) => has(text, port))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
