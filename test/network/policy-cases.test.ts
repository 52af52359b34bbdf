import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AclEntry, NetworkAcl, SecurityGroup } from '../../src/model/snapshot.ts'
import { type Decider, type Probe, parseAddresses } from '../../src/network/index.ts'
import { evaluateAclIngress, evaluateAclReply } from '../../src/network/network-acl.ts'
import { ALL_PORTS, hasPort } from '../../src/network/ports.ts'
import { evaluateSecurityGroups } from '../../src/network/security-group.ts'
import { entry, noTemplates, rule } from './builders.ts'

// Rule lists with verdicts that a real Linux kernel gave to real packets; `meta` in the fixture explains the columns.

type Rule = [protocol: string, port: string, cidr: string, action: string]
type Quintuple = Record<
  'protocol' | 'sourceCidr' | 'destinationCidr' | 'sourcePort' | 'destinationPort' | 'action',
  string
>
type Line = Rule | Quintuple
type Packet = [
  source: string,
  sourcePort: number,
  destination: string,
  protocol: string,
  port: number,
  verdict: 'allow' | 'deny',
  droppedAt: 'acl-in' | 'sg-in' | 'acl-out' | null,
  aclIn: number | null,
  group: [number, number] | -1 | null,
  aclOut: number | null,
]

interface Case {
  readonly id: string
  readonly tag: string
  readonly sgs: Rule[][]
  readonly acl: { ingress: Line[]; egress: Line[] } | null
  readonly aclEgressPort?: 'src'
  readonly probes: Packet[]
  readonly coverage: { proto: string; dport: number; ranges: [string, string, string][] } | null
}

const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/policy-cases.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

const groupsOf = ({ sgs }: Case): SecurityGroup[] =>
  sgs.map((rules, i) => ({
    id: `sg-${i}`,
    version: null,
    ingress: rules.map(([protocol, port, cidr, action], index) =>
      rule({ index, protocol, port, action, ...(cidr.includes(':') ? { ipv6Cidr: cidr } : { cidr }) }),
    ),
  }))

function aclOf({ acl }: Case): NetworkAcl | null {
  if (!acl) return null
  const quintuple = [...acl.ingress, ...acl.egress].some((line) => !Array.isArray(line))
  const lines = (list: Line[]): AclEntry[] =>
    list.map((line, priority) => {
      if (!Array.isArray(line)) return entry({ ...line, priority })
      const [protocol, port, cidr, action] = line
      return entry({
        priority,
        protocol,
        port,
        action,
        ...(cidr.includes(':') ? { ipv6Cidr: cidr } : { cidr }),
      })
    })
  return {
    id: 'acl-0',
    name: '',
    vpcId: null,
    kind: quintuple ? 'quintuple' : 'triple',
    ingress: lines(acl.ingress),
    egress: lines(acl.egress),
  }
}

function probeOf([source, , destination, protocol, port]: Packet): Probe {
  const parsed = parseAddresses(source)
  if (!parsed.ok) throw new Error(source)
  const icmp = protocol === 'ICMP'
  // On the wire an echo request between IPv6 addresses is ICMPv6; the fixture writes ICMP for both.
  const name = (icmp && source.includes(':') ? 'icmpv6' : protocol.toLowerCase()) as Probe['protocol']
  return { sources: parsed.set, destination, protocol: name, port: icmp ? null : port }
}

/** The piece that holds the one packet, by its source port. */
function pieceFor(outcome: ReturnType<typeof evaluateSecurityGroups>, sourcePort: number) {
  const found = outcome.pieces.filter(({ ports }) => hasPort(ports, sourcePort))
  expect(found).toHaveLength(1)
  const [piece] = found
  if (!piece) throw new Error('no piece')
  return piece
}

const indexOf = (by: Decider): number => by.index ?? -1

describe('rule lists judged by a real kernel', () => {
  it.each(cases.map((one) => [`${one.id} ${one.tag}`, one] as const))('%s', (_, one) => {
    const groups = groupsOf(one)
    const acl = aclOf(one)
    for (const packet of one.probes) {
      const [, sourcePort, , , , verdict, droppedAt, aclIn, group, aclOut] = packet
      const probe = probeOf(packet)
      const reached: string[] = []
      const decide = (): string | null => {
        if (acl) {
          const piece = pieceFor(evaluateAclIngress(acl, probe, ALL_PORTS), sourcePort)
          reached.push(`aclIn ${indexOf(piece.by)}`)
          if (piece.verdict === 'deny') return 'acl-in'
        }
        const piece = pieceFor(evaluateSecurityGroups(groups, probe, noTemplates), sourcePort)
        reached.push(`group ${piece.by.index === null ? -1 : `${piece.by.id.slice(3)},${piece.by.index}`}`)
        if (piece.verdict === 'deny') return 'sg-in'
        if (acl) {
          const reading = one.aclEgressPort === 'src' ? 'source' : 'destination'
          const out = pieceFor(evaluateAclReply(acl, probe, reading, ALL_PORTS), sourcePort)
          reached.push(`aclOut ${indexOf(out.by)}`)
          if (out.verdict === 'deny') return 'acl-out'
        }
        return null
      }
      const dropped = decide()
      const expected = [
        ...(aclIn === null ? [] : [`aclIn ${aclIn}`]),
        ...(group === null ? [] : [`group ${group === -1 ? -1 : group.join(',')}`]),
        ...(aclOut === null ? [] : [`aclOut ${aclOut}`]),
      ]
      expect([packet, dropped, reached]).toEqual([packet, droppedAt, expected])
      expect(dropped === null ? 'allow' : 'deny').toBe(verdict)
    }
  })
})
