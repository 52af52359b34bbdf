import { describe, expect, it } from 'vitest'
import { intersect, subtract } from '../../src/rules/addresses.ts'
import {
  type AddressSet,
  emptySet,
  PROBE_100_64,
  type Probe,
  parseAddresses,
  toCidrs,
  union,
} from '../../src/rules/index.ts'
import { judgeGroups, judgeIngress, judgeReply } from './builders.ts'
import { aclOf, cases, groupsOf, type Packet } from './kernel-cases.ts'
import { journeyOf } from './packets.ts'

function probeOf([source, , destination, protocol, port]: Packet): Probe {
  const parsed = parseAddresses(source)
  if (parsed === null) throw new Error(source)
  const icmp = protocol === 'ICMP'
  // An echo request between IPv6 addresses is ICMPv6. The fixture writes ICMP for both.
  const name = (icmp && source.includes(':') ? 'icmpv6' : protocol.toLowerCase()) as Probe['protocol']
  return { sources: parsed, destination, protocol: name, port: icmp ? null : port }
}

describe('the evaluator', () => {
  it.each(cases.map((one) => [`${one.id} ${one.tag}`, one] as const))(
    'agrees with a real kernel on each packet: %s',
    (_, one) => {
      const groups = groupsOf(one)
      const acl = aclOf(one)
      const reading = one.aclEgressPort === 'src' ? 'source' : 'destination'
      for (const packet of one.probes) {
        const [, sourcePort, , , , verdict, droppedAt, aclIn, group, aclOut] = packet
        const journey = journeyOf(groups, acl, probeOf(packet), sourcePort, reading)
        const named = (stage: string, rule: string | number | null): readonly string[] =>
          rule === null ? [] : [`${stage} ${rule === -1 ? 'default' : rule}`]
        const deciders = [
          ...named('acl-in', aclIn),
          ...named('sg-in', group === null || group === -1 ? group : group.join()),
          ...named('acl-out', aclOut),
        ]
        expect([packet, journey]).toEqual([packet, { droppedAt, deciders }])
        expect(droppedAt === null ? 'allow' : 'deny').toBe(verdict)
      }
    },
  )
})

const setOf = (texts: readonly string[]): AddressSet =>
  texts.reduce((all, text) => {
    const parsed = parseAddresses(text)
    if (parsed === null) throw new Error(text)
    return union(all, parsed)
  }, emptySet(4))

const probed = cases.flatMap((one) => (one.coverage ? [{ ...one, coverage: one.coverage }] : []))

// The kernel was probed at every border of a rule.
describe('the blocked part of 100.64.0.0/10', () => {
  it.each(probed.map((one) => [`${one.id} ${one.tag}`, one] as const))(
    'is the part that a real kernel blocks: %s',
    (_, one) => {
      const { proto, dport, ranges } = one.coverage
      // Quintuple entries need the address of the target. It is the IPv4 address of the packets in this case.
      const destination = one.probes.map((packet) => packet[2]).find((at) => !at.includes(':')) ?? ''
      const probe: Probe = {
        sources: PROBE_100_64,
        destination,
        protocol: proto.toLowerCase() as Probe['protocol'],
        port: proto === 'ICMP' ? null : dport,
      }
      const outcomes = [judgeGroups(groupsOf(one), probe)]
      const acl = aclOf(one)
      if (acl) {
        const reading = one.aclEgressPort === 'src' ? 'source' : 'destination'
        // The kernel sent from one port. The column is null if that port decides.
        outcomes.push(judgeIngress(acl, probe), judgeReply(acl, probe, reading))
      }
      for (const { pieces } of outcomes) expect(pieces.map(({ verdict }) => verdict)).not.toContain('unknown')
      const blocked = outcomes.map((outcome) => outcome.blocked).reduce(union, emptySet(4))
      const parts = (verdict: string) =>
        setOf(ranges.filter((range) => range[2] === verdict).map(([from, to]) => `${from}-${to}`))
      expect(toCidrs(blocked)).toEqual(toCidrs(intersect(parts('deny'), PROBE_100_64)))
      expect(toCidrs(subtract(PROBE_100_64, blocked))).toEqual(toCidrs(parts('allow')))
    },
  )
})
