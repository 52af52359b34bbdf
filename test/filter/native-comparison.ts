import fc from 'fast-check'
import { expect } from 'vitest'
import type { FilterPart } from '../../src/filter/index.ts'
import { contains, toCidrs } from '../../src/rules/index.ts'
import type { Kind } from './native-lists.ts'
import { nativeTables } from './native-tables.ts'
import { endsOf } from './native-walker.ts'
import { source } from './random-lists.ts'
import { BACKEND, partsOf, setOf } from './support.ts'

const SOURCES = '100.64.0.0/10'
const device = 'eth0'

const probes = fc.oneof(
  fc.record({ protocol: fc.constantFrom('tcp', 'tcp', 'udp'), port: fc.constantFrom(22, 80, 8080) } as const),
  fc.constant({ protocol: 'icmp', port: null } as const),
)

/** As the walker puts it. */
function fateOf({ verdict, rejectWith, leg, by }: FilterPart): string {
  if (verdict === 'pass' || verdict === 'unknown') return verdict
  return `${verdict}${rejectWith ? ` ${rejectWith}` : ''} at the ${leg}: ${by?.chain} ${by?.index ?? by?.text}`
}

/** The outcome alone. */
const outcomeOf = (end: string): string => end.split(' at the ')[0] ?? ''

/** Compares random tables with a walker. A failure prints its seed. */
export function testTables({ runs, unclear }: { readonly runs: number } & Pick<Kind, 'unclear'>): void {
  const kind = { device, ...(unclear ? { unclear } : {}) }
  fc.assert(
    fc.property(
      nativeTables(kind),
      probes,
      fc.array(source, { maxLength: 6 }),
      ({ chains, text }, probe, others) => {
        const parts = partsOf({ nft: text }, SOURCES, probe)
        const first = parts.flatMap(({ sources }) =>
          toCidrs(sources)
            .slice(0, 3)
            .map((cidr) => cidr.split('/')[0] ?? ''),
        )
        for (const address of [...first, ...others]) {
          const found = parts.filter(({ sources }) => contains(sources, setOf(address))).map(fateOf)
          const ends = [...endsOf(chains, { ...probe, source: address, destination: BACKEND, device })]
          if (ends.length === 0) continue
          const outcomes = [...new Set(ends.map(outcomeOf))]
          if (outcomes.length > 1) expect([address, found]).toEqual([address, ['unknown']])
          else if (ends.length > 1) expect([address, found.map(outcomeOf)]).toEqual([address, outcomes])
          else expect([address, found]).toEqual([address, ends])
        }
      },
    ),
    { numRuns: runs },
  )
}
