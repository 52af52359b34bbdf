import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilterPart, FilterTexts } from '../../src/filter/index.ts'
import { contains } from '../../src/rules/index.ts'
import { nativeTables } from '../filter/native-tables.ts'
import { ruleTexts, SETS, source } from '../filter/random-lists.ts'
import { inSix } from '../filter/six.ts'
import { CLEAN, partsOf, setOf } from '../filter/support.ts'
import { MORE_RULE_SETS } from './more-rule-sets.ts'
import { BACKEND, layWire, type Wire, whyNot } from './namespaces.ts'
import { knowNeighbours, setQueue } from './neighbours.ts'
import { RULE_SETS } from './rule-sets.ts'

// Random packet filters, real probes, a real kernel. The texts are what Debian's own tools print of the rules.

const PORTS = [22, 80, 8080]
const ROUNDS = Number(process.env.CLB_DOCTOR_KERNEL_ROUNDS ?? 20)
const SEED = Number(process.env.CLB_DOCTOR_KERNEL_SEED ?? Math.floor(Math.random() * 2 ** 31))
const SCRIPT = fileURLToPath(new URL('probes.mjs', import.meta.url))
/**
 * Milliseconds for a packet and its answer between the two hosts, at first and when in doubt. After a second the kernel
 * sends the first packet of TCP again.
 */
const SETTLE = [150, 700, 1800] as const

/** The chains of which a policy may be left over. */
const BUILT_IN = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
}

interface Probe {
  readonly protocol: 'tcp' | 'udp'
  readonly from: string
  readonly sourcePort: number
  readonly to: string
  readonly port: number
}

const probesOf: fc.Arbitrary<Probe[]> = fc.uniqueArray(
  fc
    .record({
      protocol: fc.constantFrom('tcp', 'tcp', 'udp'),
      from: source.map((address) => address.replace(/\.(0|255)$/, '.7')),
      sourcePort: fc.integer({ min: 1024, max: 65535 }),
      port: fc.constantFrom(...PORTS),
    } as const)
    .map((one) => ({ ...one, to: BACKEND[4] })),
  { minLength: 25, maxLength: 40, selector: ({ from, sourcePort }) => `${from} ${sourcePort}` },
)

/** The texts and the probes of a family. The random ones are IPv4. */
const FAMILIES = {
  4: { text: (text: string): string => text, tool: 'iptables', nft: 'iptables', legacy: 'iptablesLegacy' },
  6: { text: inSix, tool: 'ip6tables', nft: 'ip6tables', legacy: 'ip6tablesLegacy' },
} as const

const probesIn = (family: 4 | 6, packets: readonly Probe[]): readonly Probe[] =>
  packets.map((one) => ({ ...one, from: FAMILIES[family].text(one.from), to: BACKEND[family] }))

/** What the prober meets. Null: it is not known. */
function expectedOf({ verdict, rejectWith, leg, sources }: FilterPart): string | null {
  if (verdict === 'unknown') return null
  // Over IPv6 the reset may be rejected in its turn, and the prober gets that ICMP. That is not followed.
  if (leg === 'reply' && verdict === 'reset' && sources.family === 6) return null
  if (verdict === 'pass') return 'answer'
  if (leg === 'reply') return 'time-out'
  if (leg === 'data') return verdict === 'reset' ? 'open, then reset' : 'open, then time-out'
  if (verdict === 'drop') return 'time-out'
  return verdict === 'reset' || /^icmp6?-port-unreachable$/.test(rejectWith ?? '') ? 'refused' : 'unreachable'
}

/**
 * The kernel tells a program that asks whether a connection opened, as Node does, of what came in the meantime: ICMP, which
 * does not end the connection, or a reset.
 */
const EARLY: Readonly<Record<string, readonly string[]>> = {
  'open, then time-out': ['unreachable', 'refused'],
  'open, then reset': ['reset'],
}

const isLike = (expected: string | null, met = ''): boolean =>
  expected === null || expected === met || EARLY[expected]?.includes(met) === true

interface Miss {
  readonly packet: Probe
  readonly expected: string | null
  readonly met: string
}

const portOf = ({ sourcePort }: Probe, round: number): number => 1024 + ((sourcePort + 7777 * round) % 64000)

const reason = whyNot()
if (reason !== null) process.stdout.write(`kernel: skipped, this machine does not offer it: ${reason}\n`)

describe.skipIf(reason !== null && process.env.CI === undefined)('probes through packet filters', () => {
  let wire: Wire
  let listeners: readonly ReturnType<Wire['start']>[] = []

  beforeAll(async () => {
    wire = layWire()
    listeners = [BACKEND[4], BACKEND[6]].map((address) =>
      wire.start('backend', [process.execPath, SCRIPT, 'listen', address, PORTS.join()]),
    )
    await Promise.all(listeners.map((one) => once(one.stdout ?? one, 'data')))
    knowNeighbours(wire)
    // Every rejected probe gets its ICMP.
    wire.run('backend', [
      'sh',
      '-c',
      'cd /proc/sys/net; for one in ipv4/icmp_ratelimit ipv4/icmp_ratemask ipv6/icmp/ratelimit; do echo 0 > $one; done',
    ])
    wire.run('backend', ['ipset', 'restore'], `${SETS}${inSix(SETS)}`)
    process.stdout.write(`kernel: filters, ${ROUNDS} rounds for each tool, seed ${SEED}\n`)
  })
  afterAll(() => {
    for (const one of listeners) one.kill()
    wire?.close()
  })

  /** The first packet does not wait in the queue. Nobody looks at what it meets. */
  function probe(packets: readonly Probe[], ms: number): readonly string[] {
    const first = packets.slice(0, 1).map((one) => ({ ...one, protocol: 'tcp', sourcePort: portOf(one, 5) }))
    const input = JSON.stringify({ packets: [...first, ...packets], ms })
    return JSON.parse(wire.run('prober', [process.execPath, SCRIPT, 'probe'], input)).slice(1)
  }

  /** Compares what the texts say with what each probe meets. Gives what was expected. */
  function compare(texts: Partial<FilterTexts>, packets: readonly Probe[]): Set<string> {
    const expected = packets.map(({ from, protocol, port }) => {
      const deviceTo = (address: string): string => (address.startsWith('172.17.') ? 'docker0' : 'wire')
      const parts = partsOf({ ...CLEAN, ...texts }, from, { protocol, port, device: 'wire' }, { deviceTo })
      return parts.filter(({ sources }) => contains(sources, setOf(from))).map(expectedOf)[0] ?? null
    })
    // A machine that is busy answers late. Another connection has a port of its own.
    const wrong = SETTLE.reduce<readonly Miss[]>(
      (open, ms, round) => {
        if (open.length === 0) return open
        const again = open.map(({ packet }) => ({ ...packet, sourcePort: portOf(packet, round) }))
        const met = probe(again, ms)
        return open
          .map((one, i) => ({ ...one, met: met[i] ?? '' }))
          .filter((one) => !isLike(one.expected, one.met))
      },
      packets.map((packet, i) => ({ packet, expected: expected[i] ?? null, met: '' })),
    )
    expect(wrong).toEqual([])
    return new Set(expected.filter((word) => word !== null))
  }

  const run = (command: readonly string[], input?: string): string => wire.run('backend', command, input)

  /** Kernels are built without the legacy backend more and more. */
  function hasLegacy(tool: string): boolean {
    try {
      return (
        run([`${tool}-legacy-save`, '-t', 'filter']).length >= 0 && run([`${tool}-legacy`, '-S']).length > 0
      )
    } catch {
      return false
    }
  }

  function clean(): void {
    run(['nft', 'flush', 'ruleset'])
    const empty = Object.entries(BUILT_IN).map(
      ([table, chains]) => `*${table}\n${chains.map((chain) => `:${chain} ACCEPT [0:0]\n`).join('')}COMMIT\n`,
    )
    for (const { tool } of Object.values(FAMILIES))
      if (hasLegacy(tool)) run([`${tool}-legacy-restore`], empty.join(''))
  }

  /** Fewer rounds for IPv6: most of what it needs is compared with IPv4. */
  const roundsOf = (family: 4 | 6): number => (family === 4 ? ROUNDS : Math.ceil(ROUNDS / 3))

  it.each([
    ['nft', 4],
    ['legacy', 4],
    ['nft', 6],
    ['legacy', 6],
  ] as const)(
    'iptables-%s, IPv%d',
    (backend, family) => {
      setQueue(wire, family === 6)
      const words = new Set<string>()
      const { text: written, tool, [backend]: key } = FAMILIES[family]
      fc.assert(
        fc.property(ruleTexts({ device: 'wire' }), probesOf, (text, packets) => {
          clean()
          run([`${tool}-${backend}-restore`], written(text))
          const saved = run([`${tool}-${backend}-save`, '-c'])
          const nft = run(['nft', 'list', 'ruleset'])
          const texts = { [key]: saved, nft, ipset: run(['ipset', 'save']) }
          for (const word of compare(texts, probesIn(family, packets))) words.add(word)
        }),
        { numRuns: roundsOf(family), seed: SEED, endOnFailure: true },
      )
      if (roundsOf(family) >= 20) expect([...words]).toEqual(expect.arrayContaining(['answer', 'time-out']))
    },
    600_000,
  )

  it.each([4, 6] as const)(
    'native nft, IPv%d',
    (family) => {
      setQueue(wire, family === 6)
      const words = new Set<string>()
      fc.assert(
        fc.property(nativeTables({ device: 'wire', unclear: 'chance' }), probesOf, ({ text }, packets) => {
          clean()
          run(['nft', '-f', '-'], FAMILIES[family].text(text))
          const texts = { nft: run(['nft', 'list', 'ruleset']) }
          for (const word of compare(texts, probesIn(family, packets))) words.add(word)
        }),
        { numRuns: roundsOf(family), seed: SEED, endOnFailure: true },
      )
      if (roundsOf(family) >= 20) expect([...words]).toEqual(expect.arrayContaining(['answer', 'time-out']))
    },
    600_000,
  )

  const POD = `clbd-c-${process.pid}`
  const ip = (...words: readonly string[]): void => {
    execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] })
  }

  /** A pod behind docker0, in a namespace of its own. */
  function layPod(): void {
    const backend = `clbd-b-${process.pid}`
    ip('netns', 'add', POD)
    ip('-n', backend, 'link', 'add', 'docker0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', POD)
    ip('-n', backend, 'link', 'set', 'docker0', 'up')
    ip('-n', backend, 'addr', 'add', '172.17.0.1/16', 'dev', 'docker0')
    ip('-n', POD, 'link', 'set', 'eth0', 'up')
    ip('-n', POD, 'addr', 'add', '172.17.0.2/16', 'dev', 'eth0')
    ip('-n', POD, 'route', 'add', 'default', 'via', '172.17.0.1')
    run(['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward'])
  }

  it('rule sets as programs make them', async () => {
    setQueue(wire, false)
    layPod()
    const pod = spawn(
      'ip',
      ['netns', 'exec', POD, process.execPath, SCRIPT, 'listen', '172.17.0.2', '80,8080'],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    try {
      await once(pod.stdout ?? pod, 'data')
      const froms = ['100.64.0.5', '100.64.200.9', '100.65.0.5', '100.65.9.9', '100.66.0.5', '100.66.1.5']
      for (const [name, { tool, text }] of Object.entries({ ...RULE_SETS, ...MORE_RULE_SETS })) {
        clean()
        run(tool === 'nft' ? ['nft', '-f', '-'] : ['iptables-nft-restore'], text)
        const packets = froms.flatMap((from, i) =>
          PORTS.flatMap((port, k) =>
            (['tcp', 'udp'] as const).map((protocol) => ({
              protocol,
              from,
              port,
              to: BACKEND[4],
              sourcePort: 20_000 + i * 100 + k,
            })),
          ),
        )
        const texts = {
          iptables: run(['iptables-nft-save', '-c']),
          nft: run(['nft', 'list', 'ruleset']),
          ipset: run(['ipset', 'save']),
        }
        const words = compare(texts, packets)
        expect([name, words.size > 1 || /^(?:kube|tailscale)/.test(name)]).toEqual([name, true])
        // What nft prints of iptables is enough, or it is not known.
        compare({ ...texts, iptables: null }, packets)
      }
    } finally {
      pod.kill()
      ip('netns', 'del', POD)
    }
  }, 300_000)
})
