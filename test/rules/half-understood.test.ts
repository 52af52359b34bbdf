import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SecurityGroup } from '../../src/model/snapshot.ts'
import { contains, isEmpty, sizeOf, subtract } from '../../src/rules/addresses.ts'
import {
  type AddressSet,
  PROBE_100_64,
  parseAddresses,
  type References,
  toCidrs,
} from '../../src/rules/index.ts'
import { judgeGroups, noReferences, probeWith, rule, setOf } from './builders.ts'

const probe = probeWith()

interface Listed {
  readonly members: readonly string[]
  readonly action: 'ACCEPT' | 'DROP'
}

/** One group. Each of its rules names one template. */
const groupOf = (rules: readonly Listed[]): SecurityGroup => ({
  id: 'sg-0',
  region: 'ap-guangzhou',
  version: null,
  ingress: rules.map(({ action }, index) =>
    rule({ index, protocol: 'TCP', port: '80', address: { id: `ipm-${index}`, groupId: null }, action }),
  ),
})

const membersOf = (rules: readonly Listed[]): References => ({
  ...noReferences,
  addresses: ({ id }) => rules[Number(id?.slice('ipm-'.length))]?.members ?? null,
})

const judged = (rules: readonly Listed[]) => judgeGroups([groupOf(rules)], probe, membersOf(rules))

describe('a template with a member that is not understood', () => {
  const half = ['100.64.0.0/11', 'the office']

  it('decides for its other members, and leaves the other addresses unknown', () => {
    const { verdict, pieces } = judged([{ members: half, action: 'ACCEPT' }])
    expect(verdict).toBe('unknown')
    expect(pieces.map(({ verdict: own, by, sources }) => [own, by.index, ...toCidrs(sources)])).toEqual([
      ['accept', 0, '100.64.0.0/11'],
      ['unknown', 0, '100.96.0.0/11'],
    ])
  })

  it('does not matter if the default deny gives the same verdict', () => {
    const { verdict, blocked } = judged([{ members: half, action: 'DROP' }])
    expect(verdict).toBe('block')
    expect(toCidrs(blocked)).toEqual(['100.64.0.0/10'])
  })

  it('gives one piece for the members that are understood and another for the unknown addresses', () => {
    for (const sure of ['100.64.0.0/11', '100.96.0.0/11', '100.80.0.0/12']) {
      const { pieces } = judged([{ members: ['what', sure], action: 'ACCEPT' }])
      const own = (verdict: string) => pieces.find((piece) => piece.verdict === verdict)?.sources
      expect(toCidrs(own('accept') ?? PROBE_100_64)).toEqual([sure])
      expect(own('unknown')).toEqual(subtract(PROBE_100_64, setOf(sure)))
    }
  })

  const member = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('100.64.0.0/11', '100.96.0.0/11', '100.80.0.0/12') },
    { weight: 5, arbitrary: fc.constantFrom('100.64.0.0-100.70.0.255', '100.127.255.255', '10.0.0.0/8') },
    { weight: 1, arbitrary: fc.constantFrom('the office', '100.64.0.0/40') },
  )
  const listed: fc.Arbitrary<Listed> = fc.record({
    members: fc.array(member, { maxLength: 3 }),
    action: fc.constantFrom('ACCEPT', 'DROP'),
  })

  /** Rule by rule: a clear member decides, unless an earlier rule with the other action may include the address. */
  function walk(rules: readonly Listed[], address: AddressSet): string {
    const open: { action: string; index: number }[] = []
    const end = (action: string, index: number | null): string => {
      const other = open.find((one) => one.action !== action)
      return other ? `unknown ${other.index}` : `${action === 'ACCEPT' ? 'accept' : 'deny'} ${index}`
    }
    for (const [index, { members, action }] of rules.entries()) {
      const sets = members.map((text) => parseAddresses(text))
      if (sets.some((set) => set && contains(set, address))) return end(action, index)
      if (sets.includes(null)) open.push({ action, index })
    }
    return end('DROP', null)
  }

  it('gives the verdicts of a walk over the rules, also beside other templates', () => {
    const addresses = [
      '100.64.0.1',
      '100.70.1.0',
      '100.80.0.1',
      '100.95.255.255',
      '100.96.0.0',
      '100.127.255.255',
    ]
    fc.assert(
      fc.property(fc.array(listed, { maxLength: 6 }), (rules) => {
        const { pieces } = judged(rules)
        expect(pieces.reduce((sum, { sources }) => sum + sizeOf(sources), 0n)).toBe(sizeOf(PROBE_100_64))
        expect(pieces.some(({ sources }) => isEmpty(sources))).toBe(false)
        for (const own of addresses.map(setOf)) {
          const found = pieces.filter(({ sources }) => contains(sources, own))
          expect(found.map(({ verdict, by }) => `${verdict} ${by.index}`)).toEqual([walk(rules, own)])
        }
      }),
      { numRuns: 500 },
    )
  })
})
