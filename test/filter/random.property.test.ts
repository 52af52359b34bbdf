import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FilterPart } from '../../src/filter/index.ts'
import { contains, emptySet, intersect, isEmpty, sizeOf, toCidrs, union } from '../../src/rules/index.ts'
import { endsOf } from './packet-walker.ts'
import { ruleTexts, SETS, source } from './random-lists.ts'
import { BACKEND, partsOf, setOf } from './support.ts'

const SOURCES = '100.64.0.0/10'
const device = 'eth0'

const probes = fc.record({
  protocol: fc.constantFrom('tcp', 'tcp', 'udp'),
  port: fc.constantFrom(22, 80, 8080),
} as const)

/** As the walker puts it. */
function fateOf({ verdict, rejectWith, leg, by }: FilterPart): string {
  if (verdict === 'pass' || verdict === 'unknown') return verdict
  return `${verdict}${rejectWith ? ` ${rejectWith}` : ''} at the ${leg}: ${by?.chain} ${by?.index ?? by?.text}`
}

/** The outcome alone. */
const outcomeOf = (end: string): string => end.split(' at the ')[0] ?? ''

/** One address of each part, and some others. */
const addressesOf = (parts: readonly FilterPart[], others: readonly string[]): readonly string[] => [
  ...parts.flatMap(({ sources }) =>
    toCidrs(sources)
      .slice(0, 3)
      .map((cidr) => cidr.split('/')[0] ?? ''),
  ),
  ...others,
]

describe('random rule lists', () => {
  it('give every source the end that a single packet has there', () => {
    fc.assert(
      fc.property(
        ruleTexts({ device }),
        probes,
        fc.array(source, { maxLength: 8 }),
        (text, probe, others) => {
          const parts = partsOf({ iptables: text, ipset: SETS }, SOURCES, probe)
          for (const address of addressesOf(parts, others)) {
            const found = parts.filter(({ sources }) => contains(sources, setOf(address))).map(fateOf)
            const packet = { ...probe, source: address, destination: BACKEND, device }
            expect([address, found]).toEqual([address, [...endsOf(text, SETS, packet)]])
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  it('are unknown exactly where the answers of what nobody can tell make a difference', () => {
    fc.assert(
      fc.property(
        ruleTexts({ device, isUnclear: true }),
        probes,
        fc.array(source, { maxLength: 4 }),
        (text, probe, others) => {
          const parts = partsOf({ iptables: text, ipset: SETS }, SOURCES, probe)
          for (const address of addressesOf(parts, others)) {
            const found = parts.filter(({ sources }) => contains(sources, setOf(address))).map(fateOf)
            const packet = { ...probe, source: address, destination: BACKEND, device }
            const outcomes = new Set([...endsOf(text, SETS, packet)].map(outcomeOf))
            expect([address, found.map(outcomeOf)]).toEqual([
              address,
              outcomes.size > 1 ? ['unknown'] : [...outcomes],
            ])
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('give parts that are disjoint and make up all sources', () => {
    fc.assert(
      fc.property(ruleTexts({ device, isUnclear: true }), probes, (text, probe) => {
        const parts = partsOf({ iptables: text, ipset: SETS }, SOURCES, probe)
        const all = parts.reduce((sum, part) => union(sum, part.sources), emptySet(4))
        expect(toCidrs(all)).toEqual([SOURCES])
        expect(parts.reduce((sum, part) => sum + sizeOf(part.sources), 0n)).toBe(sizeOf(all))
        expect(parts.filter(({ sources }) => isEmpty(sources))).toEqual([])
      }),
    )
  })

  it('name a rule with no more sources than it can match, and no fewer than it decides', () => {
    fc.assert(
      fc.property(ruleTexts({ device }), probes, (text, probe) => {
        for (const { by, sources } of partsOf({ iptables: text, ipset: SETS }, SOURCES, probe))
          if (by) expect(contains(by.sources, intersect(sources, setOf(SOURCES)))).toBe(true)
      }),
    )
  })
})
