import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilterPart, FilterTexts } from '../../src/filter/index.ts'
import { contains } from '../../src/rules/index.ts'
import { ruleTexts, SETS, source } from '../filter/random-lists.ts'
import { nativeTexts } from '../filter/random-native.ts'
import { CLEAN, partsOf, setOf } from '../filter/support.ts'
import { BACKEND, layWire, type Wire, whyNot } from './namespaces.ts'
import { RULE_SETS } from './rule-sets.ts'

// Random packet filters, real probes, a real kernel. The texts are what Debian's own tools print of the rules.

const PORTS = [22, 80, 8080]
const ROUNDS = Number(process.env.CLB_DOCTOR_KERNEL_ROUNDS ?? 20)
const SEED = Number(process.env.CLB_DOCTOR_KERNEL_SEED ?? Math.floor(Math.random() * 2 ** 31))
const SCRIPT = fileURLToPath(new URL('probes.mjs', import.meta.url))
/** Milliseconds for a packet and its answer between the two hosts, at first and when in doubt. */
const SETTLE = [150, 700] as const

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

/** What the prober meets. Null: it is not known. */
function expectedOf({ verdict, rejectWith, leg }: FilterPart): string | null {
  if (verdict === 'unknown') return null
  if (verdict === 'pass') return 'answer'
  if (leg === 'reply') return 'time-out'
  if (leg === 'data') return verdict === 'reset' ? 'open, then reset' : 'open, then time-out'
  if (verdict === 'drop') return 'time-out'
  return verdict === 'reset' || rejectWith === 'icmp-port-unreachable' ? 'refused' : 'unreachable'
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

const reason = whyNot()
if (reason !== null) process.stdout.write(`kernel: skipped, this machine does not offer it: ${reason}\n`)

describe.skipIf(reason !== null && process.env.CI === undefined)('probes through packet filters', () => {
  let wire: Wire
  let listener: ReturnType<Wire['start']> | undefined

  beforeAll(async () => {
    wire = layWire()
    listener = wire.start('backend', [process.execPath, SCRIPT, 'listen', BACKEND[4], PORTS.join()])
    await once(listener.stdout ?? listener, 'data')
    // Every rejected probe gets its ICMP.
    wire.run('backend', [
      'sh',
      '-c',
      'echo 0 > /proc/sys/net/ipv4/icmp_ratelimit; echo 0 > /proc/sys/net/ipv4/icmp_ratemask',
    ])
    wire.run('backend', ['ipset', 'restore'], SETS)
    process.stdout.write(`kernel: filters, ${ROUNDS} rounds for each tool, seed ${SEED}\n`)
  })
  afterAll(() => {
    listener?.kill()
    wire?.close()
  })

  const probe = (packets: readonly Probe[], ms: number): readonly string[] =>
    JSON.parse(wire.run('prober', [process.execPath, SCRIPT, 'probe'], JSON.stringify({ packets, ms })))

  /** Compares what the texts say with what each probe meets. Gives what was expected. */
  function compare(texts: Partial<FilterTexts>, packets: readonly Probe[]): Set<string> {
    const expected = packets.map(({ from, protocol, port }) => {
      const deviceTo = (address: string): string => (address.startsWith('172.17.') ? 'docker0' : 'wire')
      const parts = partsOf({ ...CLEAN, ...texts }, from, { protocol, port, device: 'wire' }, { deviceTo })
      return parts.filter(({ sources }) => contains(sources, setOf(from))).map(expectedOf)[0] ?? null
    })
    const met = probe(packets, SETTLE[0])
    const open = packets.flatMap((_, i) => (isLike(expected[i] ?? null, met[i]) ? [] : [i]))
    // A machine that is busy answers late. A second connection has a port of its own.
    const again = open.map((i) => ({
      ...(packets[i] as Probe),
      sourcePort: 1024 + (((packets[i]?.sourcePort ?? 0) + 7777) % 64000),
    }))
    const second = open.length > 0 ? probe(again, SETTLE[1]) : []
    const wrong = open.flatMap((i, k) =>
      isLike(expected[i] ?? null, second[k]) ? [] : [[packets[i], expected[i], second[k]]],
    )
    expect(wrong).toEqual([])
    return new Set(expected.filter((word) => word !== null))
  }

  const run = (command: readonly string[], input?: string): string => wire.run('backend', command, input)

  /** Kernels are built without the legacy backend more and more. */
  function hasLegacy(): boolean {
    try {
      return (
        run(['iptables-legacy-save', '-t', 'filter']).length >= 0 && run(['iptables-legacy', '-S']).length > 0
      )
    } catch {
      return false
    }
  }

  function clean(): void {
    run(['nft', 'flush', 'ruleset'])
    if (!hasLegacy()) return
    for (const [table, chains] of Object.entries(BUILT_IN))
      run(
        ['iptables-legacy-restore', '-T', table],
        `*${table}\n${chains.map((chain) => `:${chain} ACCEPT [0:0]\n`).join('')}COMMIT\n`,
      )
  }

  it.each(['nft', 'legacy'] as const)(
    'iptables-%s',
    (backend) => {
      const words = new Set<string>()
      const key = backend === 'nft' ? 'iptables' : 'iptablesLegacy'
      fc.assert(
        fc.property(ruleTexts({ device: 'wire' }), probesOf, (text, packets) => {
          clean()
          run([`iptables-${backend}-restore`], text)
          const saved = run([`iptables-${backend}-save`, '-c'])
          const nft = run(['nft', 'list', 'ruleset'])
          for (const word of compare({ [key]: saved, nft, ipset: run(['ipset', 'save']) }, packets))
            words.add(word)
        }),
        { numRuns: ROUNDS, seed: SEED, endOnFailure: true },
      )
      if (ROUNDS >= 20) expect([...words]).toEqual(expect.arrayContaining(['answer', 'time-out']))
    },
    600_000,
  )

  it('native nft', () => {
    const words = new Set<string>()
    fc.assert(
      fc.property(nativeTexts('wire'), probesOf, (text, packets) => {
        clean()
        run(['nft', '-f', '-'], text)
        for (const word of compare({ nft: run(['nft', 'list', 'ruleset']) }, packets)) words.add(word)
      }),
      { numRuns: ROUNDS, seed: SEED, endOnFailure: true },
    )
    if (ROUNDS >= 20) expect([...words]).toEqual(expect.arrayContaining(['answer', 'time-out']))
  }, 600_000)

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

  it('rule sets as ufw, Docker, kube-proxy and firewalld make them', async () => {
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
      for (const [name, { tool, text }] of Object.entries(RULE_SETS)) {
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
        const texts = { iptables: run(['iptables-nft-save', '-c']), nft: run(['nft', 'list', 'ruleset']) }
        const words = compare(texts, packets)
        expect([name, words.size > 1 || name.startsWith('kube')]).toEqual([name, true])
        // What nft prints of iptables is enough, or it is not known.
        compare({ iptables: null, nft: texts.nft }, packets)
      }
    } finally {
      pod.kill()
      ip('netns', 'del', POD)
    }
  }, 300_000)
})
