import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SecurityGroup, SecurityRule } from '../../src/model/snapshot.ts'
import { contains, sizeOf } from '../../src/rules/addresses.ts'
import { emptySet, type Family, type Probe, parseAddresses, toCidrs, union } from '../../src/rules/index.ts'
import { judgeGroups, judgeOrder, permutations, probeWith, rule, setOf } from './builders.ts'

const octet = fc.integer({ min: 0, max: 255 })
const v4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'))
/** Addresses close together, so that rules overlap. */
const near = fc.tuple(fc.integer({ min: 62, max: 66 }), octet).map(([b, d]) => `100.${b}.0.${d}`)
const cidr4 = fc.tuple(fc.oneof(near, v4), fc.integer({ min: 6, max: 32 })).map(([a, n]) => `${a}/${n}`)
const cidr6 = fc
  .tuple(
    fc.integer({ min: 0, max: 15 }),
    fc.integer({ min: 0, max: 0xffff }),
    fc.integer({ min: 32, max: 128 }),
  )
  .map(([a, b, n]) => `2001:db8:${a.toString(16)}::${b.toString(16)}/${n}`)
const cidr = (family: Family) => (family === 4 ? cidr4 : cidr6)

const anyRule = (family: Family): fc.Arbitrary<Partial<SecurityRule>> =>
  fc
    .record({
      protocol: fc.constantFrom('TCP', 'tcp', 'UDP', 'ALL', 'ICMP', 'GRE'),
      port: fc.constantFrom('ALL', '80', '80,443', '1-1024', '8080'),
      action: fc.constantFrom('ACCEPT', 'accept', 'DROP', 'Drop'),
      at: cidr(family),
    })
    .map(({ at, port, ...rest }) => ({
      ...rest,
      // Only TCP and UDP rules have ports.
      port: ['TCP', 'tcp', 'UDP'].includes(rest.protocol) ? port : 'ALL',
      ...(family === 4 ? { cidr: at } : { ipv6Cidr: at }),
    }))

const groupsOf = (lists: readonly (readonly Partial<SecurityRule>[])[]): SecurityGroup[] =>
  lists.map((rules, i) => ({
    id: `sg-${i}`,
    region: 'ap-guangzhou',
    version: null,
    // Stored in reverse order, because the index decides and not the array.
    ingress: rules.map((one, index) => rule({ index, ...one })).reverse(),
  }))

const probe = (sources: string): Probe => probeWith({ sources: setOf(sources) })

/** A simple walk over the rules for one address. */
function naive(groups: readonly SecurityGroup[], address: string): string {
  for (const group of groups)
    for (const one of [...group.ingress].sort((a, b) => a.index - b.index)) {
      const protocol = one.protocol?.toUpperCase()
      if (protocol !== 'ALL' && protocol !== 'TCP') continue
      if (protocol === 'TCP' && !['ALL', '80', '80,443', '1-1024'].includes(one.port ?? '')) continue
      if (!contains(setOf(one.cidr ?? one.ipv6Cidr ?? ''), setOf(address))) continue
      return `${one.action?.toUpperCase() === 'ACCEPT' ? 'accept' : 'deny'} ${group.id} ${one.index}`
    }
  return `deny ${groups[0]?.id} null`
}

describe.each([4, 6] as const)('first match over IPv%i sets', (family) => {
  const lists = fc.array(fc.array(anyRule(family), { maxLength: 6 }), { minLength: 1, maxLength: 4 })
  const source = family === 4 ? fc.constant('100.64.0.0/10') : cidr6

  it('covers each source address exactly once', () => {
    fc.assert(
      fc.property(lists, source, (rules, from) => {
        const { pieces } = judgeGroups(groupsOf(rules), probe(from))
        const all = pieces.reduce((sum, piece) => union(sum, piece.sources), emptySet(family))
        expect(toCidrs(all)).toEqual(toCidrs(setOf(from)))
        const total = pieces.reduce((sum, piece) => sum + sizeOf(piece.sources), 0n)
        expect(total).toBe(sizeOf(all))
      }),
    )
  })

  it('gives the same verdict, group and rule as a walk over the rules for each address', () => {
    fc.assert(
      fc.property(lists, source, fc.array(cidr(family), { maxLength: 8 }), (rules, from, others) => {
        const groups = groupsOf(rules)
        const { pieces } = judgeGroups(groups, probe(from))
        const addresses = [...pieces.map(({ sources }) => toCidrs(sources)[0] ?? ''), ...others].map(
          (text) => text.split('/')[0] ?? '',
        )
        for (const address of addresses) {
          const own = setOf(address)
          const piece = pieces.find(({ sources }) => contains(sources, own))
          if (!piece) continue
          expect(`${piece.verdict} ${piece.by.id} ${piece.by.index}`).toBe(naive(groups, address))
        }
      }),
    )
  })

  it('does not depend on the order of rules with the same action', () => {
    fc.assert(
      fc.property(
        fc.array(anyRule(family), { maxLength: 8 }),
        fc.constantFrom('ACCEPT', 'DROP'),
        source,
        (rules, action, from) => {
          const alike = rules.map((one) => ({ ...one, action }))
          const accepted = (list: readonly Partial<SecurityRule>[]) =>
            judgeGroups(groupsOf([list]), probe(from)).pieces.map(({ verdict, sources }) => [
              verdict,
              toCidrs(sources),
            ])
          const bySet = (list: readonly Partial<SecurityRule>[]) => {
            const all = accepted(list).flatMap(([verdict, cidrs]) =>
              verdict === 'accept' ? cidrs : [],
            ) as string[]
            return toCidrs(all.map(setOf).reduce(union, emptySet(family)))
          }
          expect(bySet([...alike].reverse())).toEqual(bySet(alike))
        },
      ),
    )
  })

  it('reports an order conflict if and only if another order of groups blocks other addresses', () => {
    fc.assert(
      fc.property(lists, source, (rules, from) => {
        const groups = groupsOf(rules.slice(0, 3))
        const blocked = (order: readonly SecurityGroup[]) =>
          toCidrs(judgeGroups(order, probe(from)).blocked).join()
        const orders = permutations(groups).map(blocked)
        expect(judgeOrder(groups, probe(from)) !== null).toBe(new Set(orders).size > 1)
      }),
    )
  })
})

describe('a rule that is not understood', () => {
  const garbage = fc.oneof(
    fc.string(),
    fc.constantFrom('', 'SCTP', '10.0.0.0/99', '1-', '70000', 'MAYBE', '-1'),
  )

  it('never throws, and never turns a deny into a pass', () => {
    fc.assert(
      fc.property(
        fc.array(anyRule(4), { maxLength: 4 }),
        fc.record({ protocol: garbage, port: garbage, cidr: garbage, action: garbage }),
        fc.nat(4),
        (rules, odd, at) => {
          const without = judgeGroups(groupsOf([rules]), probe('100.64.0.0/10'))
          const mixed = [...rules.slice(0, at), odd, ...rules.slice(at)]
          const understood =
            ['ACCEPT', 'DROP'].includes(odd.action.trim().toUpperCase()) && parseAddresses(odd.cidr) !== null
          const after = judgeGroups(groupsOf([mixed]), probe('100.64.0.0/10'))
          if (understood) return
          const accepted = (pieces: typeof after.pieces) =>
            pieces
              .filter(({ verdict }) => verdict === 'accept')
              .reduce((sum, { sources }) => union(sum, sources), emptySet(4))
          // A clear CIDR with an unclear action decides nothing, so the accepted addresses can only become fewer.
          expect(contains(accepted(without.pieces), accepted(after.pieces))).toBe(true)
        },
      ),
    )
  })

  it('makes only those addresses unknown that it could decide', () => {
    const groups = groupsOf([
      [
        { protocol: 'TCP', port: '80', cidr: '100.64.0.0/11', action: 'PERHAPS' },
        { protocol: 'TCP', port: '80', cidr: '100.96.0.0/11', action: 'ACCEPT' },
      ],
    ])
    const outcome = judgeGroups(groups, probe('100.64.0.0/10'))
    expect(outcome.verdict).toBe('unknown')
    expect(outcome.pieces.map(({ verdict, sources }) => [verdict, toCidrs(sources)])).toEqual([
      ['unknown', ['100.64.0.0/11']],
      ['accept', ['100.96.0.0/11']],
    ])
  })

  it('does not matter if the verdict is the same with and without it', () => {
    const groups = groupsOf([[{ protocol: 'TCP', port: 'eighty', cidr: '0.0.0.0/0', action: 'DROP' }]])
    expect(judgeGroups(groups, probe('100.64.0.0/10')).verdict).toBe('block')
  })

  it('does not matter if one of its clear fields does not match', () => {
    const groups = groupsOf([
      [
        { protocol: 'TCP', port: '22', cidr: '0.0.0.0/0', action: 'PERHAPS' },
        { protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' },
      ],
    ])
    expect(judgeGroups(groups, probe('100.64.0.0/10')).verdict).toBe('pass')
  })
})

describe('lists of hundreds of rules', () => {
  const unclearOrNot = fc.record({
    protocol: fc.constant('TCP'),
    port: fc.constantFrom('80', '80', '80', 'eighty'),
    action: fc.constantFrom('ACCEPT', 'DROP', 'ACCEPT', 'DROP', 'PERHAPS'),
    cidr: fc
      .tuple(fc.integer({ min: 64, max: 67 }), fc.nat(3), fc.integer({ min: 18, max: 32 }))
      .map(([b, c, bits]) => `100.${b}.${c}.128/${bits}`),
  })

  /** Rule by rule: a clear rule decides, unless an earlier unclear rule may decide something else. */
  function walk(rules: readonly { port: string; action: string; cidr: string }[], address: string): string {
    const own = setOf(address)
    const open: { verdict: string; index: number }[] = []
    const end = (verdict: string, index: number | null): string => {
      const other = open.find((one) => one.verdict !== verdict || one.verdict === 'unknown')
      return other ? `unknown ${other.index}` : `${verdict} ${index}`
    }
    for (const [index, { port, action, cidr }] of rules.entries()) {
      if (!contains(setOf(cidr), own)) continue
      const verdict = action === 'ACCEPT' ? 'accept' : action === 'DROP' ? 'deny' : 'unknown'
      if (port === '80') return end(verdict, index)
      open.push({ verdict, index })
    }
    return end('deny', null)
  }

  it('give the verdicts of a walk over the rules, also with rules that are not understood', () => {
    fc.assert(
      fc.property(fc.array(unclearOrNot, { minLength: 100, maxLength: 420, size: 'max' }), (rules) => {
        const { pieces, blocked } = judgeGroups(groupsOf([rules]), probe('100.64.0.0/10'))
        expect(pieces.reduce((sum, { sources }) => sum + sizeOf(sources), 0n)).toBe(1n << 22n)
        const addresses = [
          ...pieces.map(({ sources }) => toCidrs(sources)[0] ?? ''),
          ...rules.map(({ cidr }) => cidr),
        ]
        for (const address of addresses.map((text) => text.split('/')[0] ?? '')) {
          const found = pieces.filter(({ sources }) => contains(sources, setOf(address)))
          const expected = walk(rules, address)
          expect(found.map(({ verdict, by }) => `${verdict} ${by.index}`)).toEqual([expected])
          expect(contains(blocked, setOf(address))).toBe(expected.startsWith('deny'))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('give the verdict of the last rule if no earlier rule matches', () => {
    const idle = Array.from({ length: 700 }, () => ({
      protocol: 'TCP',
      port: '81',
      cidr: '0.0.0.0/0',
      action: 'DROP',
    }))
    const late = { protocol: 'TCP', port: '80', cidr: '0.0.0.0/0', action: 'ACCEPT' }
    for (const before of [0, 127, 128, 129, 383, 384, 385, 700]) {
      const narrow = idle
        .slice(0, before)
        .map((one, i) => ({ ...one, port: '80', cidr: `10.0.${i >> 8}.${i & 255}` }))
      const outcome = judgeGroups(groupsOf([[...narrow, late]]), probe('100.64.0.0/10'))
      expect([outcome.verdict, outcome.pieces.map(({ by }) => by.index)]).toEqual(['pass', [before]])
    }
  })

  it('keep an early unclear rule in the verdict of a rule hundreds of places later', () => {
    const unclear = { protocol: 'TCP', port: 'eighty', cidr: '0.0.0.0/0', action: 'DROP' }
    const narrow = Array.from({ length: 600 }, (_, i) => ({
      protocol: 'TCP',
      port: '80',
      cidr: `100.64.${i >> 8}.${i & 255}`,
      action: 'DROP',
    }))
    const late = { protocol: 'TCP', port: '80', cidr: '0.0.0.0/0', action: 'ACCEPT' }
    const outcome = judgeGroups(groupsOf([[unclear, ...narrow, late]]), probe('100.64.0.0/10'))
    expect(outcome.verdict).toBe('unknown')
    expect(outcome.pieces.filter(({ verdict }) => verdict === 'unknown').map(({ by }) => by.index)).toEqual([
      0,
    ])
    expect(outcome.pieces.filter(({ verdict }) => verdict === 'deny')).toHaveLength(600)
  })

  it('have one piece for the unknown addresses of one rule, even if hundreds of later rules decide', () => {
    const unclear = { protocol: 'TCP', port: 'eighty', cidr: '0.0.0.0/0', action: 'DROP' }
    const accepted = Array.from({ length: 600 }, (_, i) => ({
      protocol: 'TCP',
      port: '80',
      cidr: `100.64.${i >> 7}.${(i & 127) * 2}`,
      action: 'ACCEPT',
    }))
    const { verdict, pieces } = judgeGroups(groupsOf([[unclear, ...accepted]]), probe('100.64.0.0/10'))
    expect(verdict).toBe('unknown')
    expect(pieces.map((piece) => [piece.verdict, piece.by.index, sizeOf(piece.sources)])).toEqual([
      ['unknown', 0, 600n],
      ['deny', null, (1n << 22n) - 600n],
    ])
  })
})
