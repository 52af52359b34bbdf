import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SecurityMatch, SecurityRule } from '../../src/model/snapshot.ts'
import { shop } from '../../src/simulator/base.ts'
import { type ExpandedRow, namesTemplate, withRows } from '../../src/snapshot/expanded.ts'
import { rule } from '../rules/builders.ts'
import { findingOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

const plain = fc.record({
  protocol: fc.constantFrom('TCP', 'UDP'),
  port: fc.constantFrom('80', '443'),
  cidr: fc.constantFrom('10.0.0.0/8', '100.64.0.0/10'),
  action: fc.constantFrom('ACCEPT', 'DROP'),
})
const byTemplate = fc.record({
  protocol: fc.constant('TCP'),
  port: fc.constantFrom('80', '443'),
  address: fc.constant({ id: 'ipm-1', groupId: null }),
  action: fc.constantFrom('ACCEPT', 'DROP'),
})
const someRules = fc
  .array(fc.oneof(plain, byTemplate), { maxLength: 6 })
  .map((list) => list.map((fields, index) => rule({ index, ...fields })))
const members = fc.array(fc.constantFrom('10.0.0.0/8', '10.1.0.0/16', '192.0.2.1'), {
  minLength: 1,
  maxLength: 3,
})

/** The rows that the platform returns for a rule. */
const rowsOf = (one: SecurityRule, cidrs: readonly string[]): readonly ExpandedRow[] =>
  (namesTemplate(one) ? cidrs : [one.cidr]).map((cidr) => ({
    ...match(one),
    index: one.index,
    action: one.action?.toLowerCase() ?? null,
    address: null,
    cidr,
  }))

const match = ({
  protocol,
  port,
  service,
  ipv6Cidr,
  sourceGroupId,
  address,
  cidr,
}: SecurityRule): SecurityMatch => ({
  protocol,
  port,
  service,
  cidr,
  ipv6Cidr,
  sourceGroupId,
  address,
})

const sourcesOf = (rules: readonly SecurityRule[] | null) =>
  rules?.map((one) => (one.expanded ? one.expanded.map(({ cidr }) => cidr) : one.cidr))

describe('the expanded rows of rules', () => {
  it('go to their rules with the old or a new index, or are rejected if they could go to several rules', () => {
    let matched = 0
    fc.assert(
      fc.property(
        someRules,
        fc.array(members, { minLength: 6, maxLength: 6 }),
        fc.boolean(),
        (rules, lists, keep) => {
          const rows = rules.flatMap((one, i) => rowsOf(one, lists[i] ?? []))
          const sent = keep ? rows : rows.map((row, index) => ({ ...row, index }))
          const found = withRows([...rules].reverse(), sent)
          if (found === null) return
          matched++
          expect(sourcesOf(found)).toEqual(rules.map((one, i) => (namesTemplate(one) ? lists[i] : one.cidr)))
        },
      ),
      { numRuns: 1000 },
    )
    expect(matched).toBeGreaterThan(200)
  })

  it('are rejected if they do not match the rules, because a rule may have changed', () => {
    const rules = [rule({ protocol: 'TCP', port: '80', cidr: '10.0.0.0/8', action: 'ACCEPT' })]
    const [row] = rules.flatMap((one) => rowsOf(one, []))
    expect(withRows(rules, row ? [row] : [])).toEqual(rules)
    expect(withRows(rules, row ? [{ ...row, port: '443' }] : [])).toBeNull()
    expect(withRows(rules, row ? [row, row] : [])).toBeNull()
    expect(withRows(rules, [])).toBeNull()
  })
})

describe('a template without a row', () => {
  const rules = [
    rule({ protocol: 'TCP', port: '80', address: { id: 'ipm-1', groupId: null }, action: 'DROP' }),
    rule({ index: 1, protocol: 'TCP', port: '80', cidr: '0.0.0.0/0', action: 'ACCEPT' }),
  ]
  const [first, last] = rules.map((one) => rowsOf(one, ['10.0.0.0/8', '192.0.2.1']))

  it('does not count as empty, so that the rows are rejected', () => {
    expect(withRows(rules, last ?? [])).toBeNull()
    expect(withRows(rules, [...(last ?? []), ...(last ?? [])])).toBeNull()
    expect(sourcesOf(withRows(rules, [...(first ?? []), ...(last ?? [])]))).toEqual([
      ['10.0.0.0/8', '192.0.2.1'],
      '0.0.0.0/0',
    ])
  })
})

describe('a group whose rules name templates', () => {
  const world = (keep: boolean) => {
    const made = shop()
    made.world.expandedKeepIndex = keep
    made.world.addressTemplates = { 'ipm-scanners': ['198.51.100.7', '203.0.113.0/24'] }
    made.world.groups[0]?.rules.unshift({
      protocol: 'TCP',
      port: '8080',
      source: 'ipm-scanners',
      action: 'DROP',
    })
    return made.world
  }

  it.each([true, false])(
    'takes one call for all templates, and the finding names the template (index kept: %s)',
    async (keep) => {
      const { diagnosis, calls } = await diagnoseSimulated(world(keep))
      expect(calls.count('vpc:DescribeSecurityGroupExpandedPolicies')).toBe(1)
      expect(calls.count('vpc:DescribeAddressTemplates')).toBe(0)
      const cause = findingOf(diagnosis, 'security-group/probe-blocked')
      expect([cause?.code, cause?.certainty]).toEqual(['security-group/probe-blocked', 'certain'])
      expect(cause?.detail).toContain('inbound rule 1 (denies TCP 8080 ← ipm-scanners) matches')
    },
  )

  it('is read template by template if the rows are denied', async () => {
    const denied = {
      'vpc:DescribeSecurityGroupExpandedPolicies': { kind: 'error', code: 'UnauthorizedOperation' },
    } as const
    const { diagnosis, calls } = await diagnoseSimulated(world(true), denied)
    expect(calls.count('vpc:DescribeAddressTemplates')).toBe(1)
    expect(findingOf(diagnosis, 'security-group/probe-blocked').detail).toContain(
      'denies TCP 8080 ← ipm-scanners',
    )
    expect(diagnosis.gaps).toEqual([])
  })

  it('has a gap with the missing grant if neither the rows nor the templates can be read', async () => {
    const denied = Object.fromEntries(
      ['vpc:DescribeSecurityGroupExpandedPolicies', 'vpc:DescribeAddressTemplates'].map((action) => [
        action,
        { kind: 'error', code: 'UnauthorizedOperation' } as const,
      ]),
    )
    const { diagnosis } = await diagnoseSimulated(world(true), denied)
    expect(diagnosis.findings.map(({ code }) => code)).not.toContain('security-group/probe-blocked')
    expect(diagnosis.gaps.map(({ grant }) => grant)).toContain('vpc:DescribeAddressTemplates')
  })
})
