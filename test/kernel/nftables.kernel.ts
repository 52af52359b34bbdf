import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NetworkAcl, SecurityGroup } from '../../src/model/snapshot.ts'
import { type Probe, parseAddresses } from '../../src/rules/index.ts'
import { entry, rule } from '../rules/builders.ts'
import { journeyOf } from '../rules/packets.ts'
import { decidedBy, type Lists, type Rule, rulesetOf } from './firewall.ts'
import { BACKEND, layWire, type Wire, whyNot } from './namespaces.ts'

// Random rule lists, real packets, a real kernel. The evaluator names the rule that decides each packet at each stage, in
// both directions.

const PORTS = [80, 443, 8080]
const ROUNDS = Number(process.env.CLB_DOCTOR_KERNEL_ROUNDS ?? 20)
const SEED = Number(process.env.CLB_DOCTOR_KERNEL_SEED ?? Math.floor(Math.random() * 2 ** 31))
const SCRIPT = fileURLToPath(new URL('packets.mjs', import.meta.url))

interface Packet {
  readonly protocol: 'tcp' | 'udp'
  readonly from: string
  readonly sourcePort: number
  readonly to: string
  readonly port: number
}

const cidr = (family: 4 | 6) =>
  family === 4
    ? fc
        .tuple(fc.integer({ min: 64, max: 127 }), fc.constantFrom(9, 10, 11, 12, 14, 16))
        .map(([b, bits]) => cidr4(b, bits))
    : fc
        .tuple(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(47, 48, 49, 50, 52, 56, 64))
        .map(([group, bits]) => cidr6(group, bits))

/** The host bits are zero, because nft requires it. */
const cidr4 = (b: number, bits: number): string => {
  const value = (100 * 2 ** 24 + b * 2 ** 16) & (bits === 0 ? 0 : -1 << (32 - bits))
  return `${[24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')}/${bits}`
}
const cidr6 = (group: number, bits: number): string => {
  const kept = bits <= 48 ? 0 : group & (0xffff << (64 - bits)) & 0xffff
  const third = bits === 47 ? 0x64 & ~1 : 0x64
  return `2001:db8:${third.toString(16)}:${kept.toString(16)}::/${bits}`
}

const anyRule = (family: 4 | 6, ports: readonly string[]): fc.Arbitrary<Rule> =>
  fc
    .record({
      protocol: fc.constantFrom('TCP', 'UDP', 'UDP', 'ALL'),
      port: fc.constantFrom(...ports),
      cidr: fc.oneof(cidr(family), fc.constant(family === 4 ? '0.0.0.0/0' : '::/0')),
      action: fc.constantFrom('ACCEPT', 'ACCEPT', 'DROP'),
    } as const)
    .map((one) => (one.protocol === 'ALL' ? { ...one, port: 'ALL' } : one))

const into = ['ALL', '80', '80,443', '443-9000', '8080', '1-100,8080']
const out = ['ALL', '1024-65535', '32768-60999', '1024-20000', '20001-65535']
const openOut = (family: 4 | 6): Rule => ({
  protocol: 'ALL',
  port: 'ALL',
  cidr: family === 4 ? '0.0.0.0/0' : '::/0',
  action: 'ACCEPT',
})

const listsOf = (family: 4 | 6): fc.Arbitrary<Lists> =>
  fc
    .record({
      aclIn: fc.array(anyRule(family, into), { maxLength: 5 }),
      groups: fc.array(fc.array(anyRule(family, into), { maxLength: 5 }), { minLength: 1, maxLength: 4 }),
      aclOut: fc.array(anyRule(family, out), { maxLength: 5 }),
      isOpen: fc.tuple(fc.boolean(), fc.boolean()),
    })
    // Some lists end with an allow-all rule. Without it, few packets pass the first stage.
    .map(({ isOpen: [inward, outward], ...lists }) => ({
      ...lists,
      family,
      aclIn: inward ? [...lists.aclIn, openOut(family)] : lists.aclIn,
      aclOut: outward ? [...lists.aclOut, openOut(family)] : lists.aclOut,
    }))

const packetsOf = (family: 4 | 6): fc.Arbitrary<Packet[]> =>
  fc.uniqueArray(
    fc
      .record({
        protocol: fc.constantFrom('udp', 'udp', 'tcp'),
        from:
          family === 4
            ? fc
                .tuple(
                  fc.integer({ min: 64, max: 127 }),
                  fc.integer({ min: 0, max: 255 }),
                  fc.integer({ min: 1, max: 254 }),
                )
                .map(([b, c, d]) => `100.${b}.${c}.${d}`)
            : fc
                .tuple(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 1, max: 0xffff }))
                .map(([subnet, host]) => `2001:db8:64:${subnet.toString(16)}::${host.toString(16)}`),
        sourcePort: fc.integer({ min: 1024, max: 65535 }),
        port: fc.constantFrom(...PORTS),
      } as const)
      .map((one) => ({ ...one, to: BACKEND[family] })),
    { minLength: 25, maxLength: 40, selector: ({ from, sourcePort }) => `${from} ${sourcePort}` },
  )

const source = (text: string) => (text.includes(':') ? { ipv6Cidr: text } : { cidr: text })

const groupsOf = ({ groups }: Lists): SecurityGroup[] =>
  groups.map((rules, g) => ({
    id: `sg-${g}`,
    region: 'ap-guangzhou',
    version: null,
    ingress: rules.map(({ protocol, port, action, cidr }, index) =>
      rule({ index, protocol, port, action, ...source(cidr) }),
    ),
  }))

function aclOf({ aclIn, aclOut }: Lists): NetworkAcl {
  const entries = (rules: readonly Rule[]) =>
    rules.map(({ protocol, port, action, cidr }, priority) =>
      entry({ priority, protocol, port, action, ...source(cidr) }),
    )
  return {
    id: 'acl-0',
    name: '',
    vpcId: null,
    region: 'ap-guangzhou',
    subnetIds: null,
    kind: 'triple',
    ingress: entries(aclIn),
    egress: entries(aclOut),
  }
}

const reason = whyNot()
if (reason !== null) process.stdout.write(`kernel: skipped, this machine does not offer it: ${reason}\n`)

// CI installs the tools, so in CI this test fails instead of being skipped.
describe.skipIf(reason !== null && process.env.CI === undefined)('packets through nftables', () => {
  let wire: Wire
  const listeners: ReturnType<Wire['start']>[] = []

  beforeAll(async () => {
    wire = layWire()
    for (const address of Object.values(BACKEND)) {
      const listener = wire.start('backend', [process.execPath, SCRIPT, 'listen', address, PORTS.join()])
      listeners.push(listener)
      await once(listener.stdout ?? listener, 'data')
    }
    process.stdout.write(`kernel: ${ROUNDS} rounds for each family, seed ${SEED}\n`)
  })
  afterAll(() => {
    for (const listener of listeners) listener.kill()
    wire?.close()
  })

  it.each([4, 6] as const)(
    'are decided at each stage by the rule that the evaluator names: IPv%i',
    (family) => {
      let compared = 0
      const stages = new Set<string>()
      fc.assert(
        fc.property(listsOf(family), packetsOf(family), (lists, packets) => {
          wire.run('backend', ['nft', '-f', '-'], rulesetOf(lists))
          wire.run('prober', [process.execPath, SCRIPT, 'send'], JSON.stringify(packets))
          const decided = decidedBy(wire.run('backend', ['nft', '-j', 'list', 'table', 'inet', 'clbd']))
          const [groups, acl] = [groupsOf(lists), aclOf(lists)]
          for (const { protocol, from, sourcePort, port, to } of packets) {
            const sources = parseAddresses(from)
            if (sources === null) throw new Error(from)
            const probe: Probe = { sources, destination: to, protocol, port }
            const { deciders } = journeyOf(groups, acl, probe, sourcePort, 'destination')
            const seen = decided.get(`${from} ${sourcePort} ${port}`) ?? []
            // A TCP packet to a port without a server gets a reset. A reset is a reply too.
            expect([from, sourcePort, port, [...seen].sort()]).toEqual([
              from,
              sourcePort,
              port,
              [...deciders].sort(),
            ])
            compared++
            for (const one of deciders) stages.add(one.split(' ')[0] ?? '')
          }
        }),
        { numRuns: ROUNDS, seed: SEED, endOnFailure: true },
      )
      expect(compared).toBeGreaterThan(20 * ROUNDS)
      expect([...stages].sort()).toEqual(['acl-in', 'acl-out', 'sg-in'])
    },
    600_000,
  )
})
