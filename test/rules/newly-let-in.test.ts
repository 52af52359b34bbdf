import { describe, expect, it } from 'vitest'
import type { SecurityRule } from '../../src/model/snapshot.ts'
import { createEvaluator, formatPorts, joinedLetIn, newlyLetIn, toCidrs } from '../../src/rules/index.ts'
import { noReferences, rule } from './builders.ts'

const groupOf = (...rules: readonly Partial<SecurityRule>[]) => ({
  id: 'sg-x',
  region: 'ap-guangzhou',
  version: '1',
  ingress: rules.map((fields, index) => rule({ ...fields, index })),
})

const drop = (port: string, fields: Partial<SecurityRule> = {}) =>
  rule({ protocol: 'TCP', port, cidr: '203.0.113.0/24', action: 'DROP', ...fields })
const allow = (port: string, fields: Partial<SecurityRule> = {}) =>
  rule({ protocol: 'TCP', port, cidr: '0.0.0.0/0', action: 'ACCEPT', ...fields })

/** What is let in once `gone` is deleted from a group with these other rules. */
function letInWithout(gone: SecurityRule, others: readonly SecurityRule[], alone: readonly number[] = []) {
  const change = { before: [groupOf(gone, ...others)], after: [groupOf(...others)], touched: [gone] }
  const found = newlyLetIn(createEvaluator(noReferences), change, alone)
  return (
    found &&
    joinedLetIn(found).map(
      ({ protocol, ports, sources }) =>
        `${protocol} ${formatPorts(ports).join(',')} ← ${toCidrs(sources).join(',')}`,
    )
  )
}

describe('what a deleted rule had kept out', () => {
  it('is what the rules behind it let in', () => {
    expect(letInWithout(drop('8000-9000'), [allow('8080')])).toEqual(['tcp 8080 ← 203.0.113.0/24'])
  })

  it('is nothing if no rule behind it lets anything in', () => {
    expect(letInWithout(drop('8000-9000'), [])).toEqual([])
    expect(letInWithout(drop('8000-9000'), [allow('443')])).toEqual([])
  })

  it('is every protocol of a rule without one, and IPv6 has its own', () => {
    const all = rule({ cidr: '203.0.113.7', action: 'DROP' })
    expect(letInWithout(all, [rule({ cidr: '0.0.0.0/0', action: 'ACCEPT' })])).toEqual([
      'tcp 0-65535 ← 203.0.113.7/32',
      'udp 0-65535 ← 203.0.113.7/32',
      'icmp 0-65535 ← 203.0.113.7/32',
    ])
    const six = drop('8080', { cidr: null, ipv6Cidr: '2001:db8::/32' })
    expect(letInWithout(six, [allow('8080', { cidr: null, ipv6Cidr: '::/0' })])).toEqual([
      'tcp 8080 ← 2001:db8::/32',
    ])
  })

  it('is every source of a rule whose source is not an address', () => {
    const named = drop('8080', { cidr: null, sourceGroupId: 'sg-other' })
    expect(letInWithout(named, [allow('8080')])).not.toBeNull()
  })

  it('is joined over ports that were answered apart', () => {
    expect(letInWithout(drop('8000-9000'), [allow('8080-8082')], [8081])).toEqual([
      'tcp 8080-8082 ← 203.0.113.0/24',
    ])
  })

  it('cannot be told for port templates, for unread ports or for very many ranges of ports', () => {
    const template = { id: 'ppm-1', groupId: null }
    expect(letInWithout(drop('8080'), [allow('ALL', { service: template })])).toBeNull()
    expect(letInWithout(drop('eighty'), [allow('eighty')])).not.toBeNull()
    const many = Array.from({ length: 400 }, (_, i) => allow(String(1000 + 2 * i)))
    expect(letInWithout(drop('1-65535'), many)).toBeNull()
  })
})
