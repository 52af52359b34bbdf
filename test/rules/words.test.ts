import { describe, expect, it } from 'vitest'
import { aclEntryLine, aclEntryWords, securityRuleLine, securityRuleWords } from '../../src/rules/words.ts'
import { entry, rule } from './builders.ts'

describe('the words of a security group rule', () => {
  it.each([
    [{ action: 'drop', protocol: 'tcp', port: '80', cidr: '10.0.0.0/8' }, 'DROP TCP:80 from 10.0.0.0/8'],
    [{ action: 'ACCEPT', protocol: 'all', port: 'ALL', cidr: '0.0.0.0/0' }, 'ACCEPT ALL from 0.0.0.0/0'],
    [{ action: 'ACCEPT', protocol: 'icmp', port: null, ipv6Cidr: '::/0' }, 'ACCEPT ICMP from ::/0'],
    [{ action: 'ACCEPT', protocol: 'TCP', port: 'ALL', sourceGroupId: 'sg-1' }, 'ACCEPT TCP:ALL from sg-1'],
    [
      { action: 'ACCEPT', service: { id: 'ppm-1', groupId: null }, address: { id: null, groupId: 'ipmg-1' } },
      'ACCEPT ppm-1 from ipmg-1',
    ],
    [{ address: { id: null, groupId: null }, cidr: '10.0.0.1' }, '? ? from 10.0.0.1'],
    [{}, '? ? from ?'],
  ])('for %j are "%s"', (fields, words) => {
    expect(securityRuleWords(rule(fields))).toBe(words)
  })

  it('contain the description, which is cut after 40 whole characters', () => {
    const withDescription = (description: string) =>
      securityRuleWords(rule({ description })).replace('? ? from ? ', '')
    expect(withDescription('from the office')).toBe('"from the office"')
    expect(withDescription('x'.repeat(40))).toBe(`"${'x'.repeat(40)}"`)
    expect(withDescription('𝕏'.repeat(41))).toBe(`"${'𝕏'.repeat(40)}…"`)
  })
})

describe('the words of an ACL entry', () => {
  it.each([
    ['ingress', { cidr: '10.0.0.0/8' }, 'DROP TCP:80 from 10.0.0.0/8'],
    ['egress', { ipv6Cidr: '::/0' }, 'DROP TCP:80 to ::/0'],
    ['egress', {}, 'DROP TCP:80 to ?'],
  ] as const)('for a triple %s entry with %j are "%s"', (direction, ends, words) => {
    const own = entry({ action: 'Drop', protocol: 'tcp', port: '80', ...ends })
    expect(aclEntryWords(own, 'triple', direction)).toBe(words)
  })

  it.each([
    [
      { sourceCidr: '10.0.0.0/8', sourcePort: '80', destinationCidr: '0.0.0.0/0', destinationPort: 'ALL' },
      'DROP UDP from 10.0.0.0/8 port 80 to 0.0.0.0/0 port ALL',
    ],
    [{ sourceIpv6Cidr: '::/0', destinationIpv6Cidr: '2001:db8::/32' }, 'DROP UDP from ::/0 to 2001:db8::/32'],
    [{ sourcePort: '80' }, 'DROP UDP from ? port 80 to ?'],
    [{ protocol: null }, 'DROP ? from ? to ?'],
  ])('for a quintuple entry with %j are "%s"', (fields, words) => {
    const own = entry({ action: 'DROP', protocol: 'udp', ...fields })
    expect(aclEntryWords(own, 'quintuple', 'ingress')).toBe(words)
  })

  it('contain the description', () => {
    expect(aclEntryWords(entry({ description: 'why' }), 'quintuple', 'egress')).toBe('? ? from ? to ? "why"')
    expect(aclEntryWords(entry({ description: 'why' }), 'triple', 'egress')).toBe('? ? to ? "why"')
  })
})

describe('the parts of a rule', () => {
  it('are what it does, what it matches and its description', () => {
    const own = rule({ action: 'DROP', protocol: 'tcp', port: '8000-9000', cidr: '203.0.113.0/24' })
    expect(securityRuleLine({ ...own, description: 'block scanners' })).toEqual({
      verdict: 'deny',
      action: 'DROP',
      match: 'TCP 8000-9000 ← 203.0.113.0/24',
      remark: 'block scanners',
    })
    expect(securityRuleLine(rule({ action: 'ACCEPT', protocol: 'ALL', cidr: '::/0' }))).toMatchObject({
      verdict: 'accept',
      match: 'ALL ← ::/0',
      remark: null,
    })
  })

  it('point out of the subnet for an outbound entry, and name both ends of a quintuple entry', () => {
    const triple = entry({ protocol: 'TCP', port: '1024-65535', cidr: '10.0.0.0/8' })
    expect(aclEntryLine(triple, 'triple', 'egress').match).toBe('TCP 1024-65535 → 10.0.0.0/8')
    const quintuple = entry({
      protocol: 'tcp',
      sourceCidr: '10.0.0.0/8',
      sourcePort: 'ALL',
      destinationCidr: '10.0.1.0/24',
      destinationPort: '8080',
    })
    expect(aclEntryLine(quintuple, 'quintuple', 'ingress').match).toBe('TCP 10.0.0.0/8 → 10.0.1.0/24 8080')
  })

  it('are cut if they are long', () => {
    const ports = Array.from({ length: 40 }, (_, i) => 8000 + 2 * i).join(',')
    const { match } = securityRuleLine(rule({ protocol: 'TCP', port: ports, cidr: '10.0.0.0/8' }))
    expect(match.length).toBeLessThan(80)
    expect(match).toMatch(/^TCP 8000,8002,.*… ← 10\.0\.0\.0\/8$/)
  })
})

describe('the line of an ACL entry without a protocol', () => {
  it('has a question mark in its place', () => {
    expect(aclEntryLine(entry({ protocol: null }), 'quintuple', 'ingress').match).toBe('? ? → ?')
  })
})
