import { describe, expect, it } from 'vitest'
import type { AclEntry } from '../../src/model/snapshot.ts'
import { createEvaluator, largest } from '../../src/rules/index.ts'
import { aclWith, noReferences, probeWith, setOf } from './builders.ts'

// The ACL of the subnet that a probe leaves. The probe goes from any port of the SNAT IP 10.0.0.9 to 172.20.5.11:80.

const target = probeWith({ sources: setOf('172.20.5.11'), destination: '10.0.0.9' })
const evaluator = () => createEvaluator(noReferences)
const out = (kind: 'triple' | 'quintuple', entry: Partial<AclEntry>) =>
  evaluator().snatSubnetAclOut(aclWith(kind, 'egress', [entry]), target)
const back = (kind: 'triple' | 'quintuple', entry: Partial<AclEntry>) =>
  evaluator().snatSubnetAclBack(aclWith(kind, 'ingress', [entry]), target)

describe('the ACL of the SNAT subnet', () => {
  it.each([
    [{ protocol: 'TCP', port: '80', cidr: '172.20.0.0/16', action: 'ACCEPT' }, 'pass'],
    [{ protocol: 'TCP', port: '1024-65535', cidr: '172.20.0.0/16', action: 'ACCEPT' }, 'block'],
    [{ protocol: 'TCP', port: '80', cidr: '10.0.0.0/8', action: 'ACCEPT' }, 'block'],
    [{ protocol: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }, 'pass'],
  ] as const)(
    'compares a triple egress entry %j with the address and port of the backend: %s',
    (entry, verdict) => {
      expect(out('triple', entry).verdict).toBe(verdict)
    },
  )

  it.each([
    [{ protocol: 'TCP', port: '1024-65535', cidr: '172.20.0.0/16', action: 'ACCEPT' }, 'pass'],
    [{ protocol: 'TCP', port: '80', cidr: '172.20.0.0/16', action: 'ACCEPT' }, 'block'],
  ] as const)(
    'compares a triple egress entry %j with the port of the prober, if its port means the source port: %s',
    (entry, verdict) => {
      const acl = aclWith('triple', 'egress', [entry])
      expect(evaluator().snatSubnetAclOut(acl, target, 'source').verdict).toBe(verdict)
    },
  )

  it.each([
    [{ protocol: 'TCP', port: '1024-65535', cidr: '172.20.0.0/16', action: 'ACCEPT' }, 'pass'],
    [{ protocol: 'TCP', port: '1024-2047', cidr: '172.20.0.0/16', action: 'ACCEPT' }, 'partial'],
    [{ protocol: 'TCP', port: '80', cidr: '172.20.0.0/16', action: 'ACCEPT' }, 'block'],
    [{ protocol: 'TCP', port: '1024-65535', cidr: '10.0.0.0/8', action: 'ACCEPT' }, 'block'],
  ] as const)('compares a triple ingress entry %j with the reply: %s', (entry, verdict) => {
    expect(back('triple', entry).verdict).toBe(verdict)
  })

  it.each([
    [{}, 'pass'],
    [{ sourceCidr: '10.0.1.0/24' }, 'block'],
    [{ destinationCidr: '10.0.0.0/24' }, 'block'],
    [{ destinationPort: '443' }, 'block'],
    [{ sourcePort: '1024-2047' }, 'partial'],
  ] as const)(
    'compares the packet from the SNAT IP with a quintuple egress entry, changed by %j: %s',
    (fields, verdict) => {
      const entry = {
        protocol: 'TCP',
        sourceCidr: '10.0.0.0/24',
        sourcePort: 'ALL',
        destinationCidr: '172.20.5.0/24',
        destinationPort: '80',
        action: 'ACCEPT',
        ...fields,
      }
      expect(out('quintuple', entry).verdict).toBe(verdict)
    },
  )

  it.each([
    [{}, 'pass'],
    [{ sourceCidr: '10.0.0.0/24' }, 'block'],
    [{ sourcePort: '443' }, 'block'],
    [{ destinationPort: '1024-2047' }, 'partial'],
  ] as const)(
    'compares the packet to the SNAT IP with a quintuple ingress entry, changed by %j: %s',
    (fields, verdict) => {
      const entry = {
        protocol: 'TCP',
        sourceCidr: '172.20.5.0/24',
        sourcePort: '80',
        destinationCidr: '10.0.0.0/24',
        destinationPort: 'ALL',
        action: 'ACCEPT',
        ...fields,
      }
      expect(back('quintuple', entry).verdict).toBe(verdict)
    },
  )

  it('matches an IPv6 entry only in the direction of its addresses', () => {
    const entry = {
      protocol: 'ALL',
      sourceIpv6Cidr: '2001:db8:1::/48',
      destinationIpv6Cidr: '2001:db8:2::/48',
      action: 'ACCEPT',
    }
    const probe = probeWith({ sources: setOf('2001:db8:2::5'), destination: '2001:db8:1::9' })
    expect(evaluator().snatSubnetAclOut(aclWith('quintuple', 'egress', [entry]), probe).verdict).toBe('pass')
    expect(evaluator().snatSubnetAclBack(aclWith('quintuple', 'ingress', [entry]), probe).verdict).toBe(
      'block',
    )
  })

  it('names the deciding entry as the console shows it, in its direction', () => {
    const entry = { protocol: 'TCP', port: '80', cidr: '172.20.0.0/16', action: 'DROP', priority: 3 }
    expect(largest(out('triple', entry).pieces)?.by).toMatchObject({
      kind: 'network-acl',
      index: 3,
      words: 'DROP TCP:80 to 172.20.0.0/16',
    })
  })

  it('gives separate verdicts as the ACL that a probe leaves and as the ACL that it enters', () => {
    const own = evaluator()
    const acl = aclWith('triple', 'ingress', [{ protocol: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }])
    expect([
      own.aclIngress(acl, probeWith()).verdict,
      own.snatSubnetAclOut(acl, target).verdict,
      own.snatSubnetAclBack(acl, target).verdict,
      own.aclReply(acl, probeWith(), 'destination').verdict,
    ]).toEqual(['pass', 'block', 'pass', 'block'])
  })
})
