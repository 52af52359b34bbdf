import { describe, expect, it } from 'vitest'
import type { NetworkAcl } from '../../src/model/snapshot.ts'
import { type Probe, parseAddresses, toCidrs } from '../../src/network/index.ts'
import { entry, judgeIngress, judgeReply } from './builders.ts'

const probe = (sources: string, fields: Partial<Probe> = {}): Probe => {
  const parsed = parseAddresses(sources)
  if (parsed === null) throw new Error(sources)
  return { sources: parsed, destination: '10.0.1.16', protocol: 'tcp', port: 80, ...fields }
}

describe('an echo request over IPv6', () => {
  const outcome = (protocol: string) => {
    const from = { priority: 1, protocol, ipv6Cidr: '::/0', action: 'ACCEPT' }
    const acl: NetworkAcl = {
      id: 'acl-1',
      name: '',
      vpcId: null,
      subnetIds: null,
      kind: 'triple',
      ingress: [entry(from)],
      egress: [],
    }
    return judgeIngress(acl, probe('2001:db8::1', { protocol: 'icmpv6', port: null })).verdict
  }

  it('cannot be told of an ICMP entry: an ACL has no other word, and what it means is not documented', () => {
    expect(['ICMP', 'ICMPv6', 'ALL', 'TCP'].map(outcome)).toEqual(['unknown', 'pass', 'pass', 'block'])
  })
})

describe('a reply', () => {
  const acl = (egress: Parameters<typeof entry>[0][]) => ({
    id: 'acl-1',
    name: '',
    vpcId: null,
    subnetIds: null,
    kind: 'triple' as const,
    ingress: [],
    egress: egress.map((one) => entry({ protocol: 'TCP', cidr: '0.0.0.0/0', action: 'ACCEPT', ...one })),
  })

  it('that some of the prober ports can take is partial, with the closed ports and no blocked address', () => {
    const outcome = judgeReply(
      acl([{ priority: 1, port: '32768-60999' }]),
      probe('100.64.0.0/10'),
      'destination',
    )
    expect([outcome.verdict, toCidrs(outcome.blocked), outcome.closedPorts]).toEqual([
      'partial',
      [],
      ['1024-32767', '61000-65535'],
    ])
  })

  it('cannot be told while an entry has no priority', () => {
    const lists = acl([
      { priority: null, port: 'ALL', action: 'DROP' },
      { priority: 1, port: 'ALL' },
    ])
    expect(judgeReply(lists, probe('100.64.0.0/10'), 'destination').verdict).toBe('unknown')
  })
})
