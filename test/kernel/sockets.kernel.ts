import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, evaluated, type Files, folder, outcomeIn } from '../guest/recordings.ts'
import { BACKEND, layWire, type Wire, whyNot } from './namespaces.ts'
import { knowNeighbours } from './neighbours.ts'

// Random sockets on a real kernel, and real connections from a prober. Each list of sockets that a machine may have is
// evaluated alone: of ss, of netstat, of BusyBox and of /proc.

const ROUNDS = Number(process.env.CLB_DOCTOR_KERNEL_ROUNDS ?? 20)
const SEED = Number(process.env.CLB_DOCTOR_KERNEL_SEED ?? Math.floor(Math.random() * 2 ** 31))
/** Only ends a test that hangs. */
const TIMEOUT_MS = 60_000 + ROUNDS * 10_000
const PORT = 8080
const PROBER = { 4: '100.64.0.5', 6: '2001:db8:64::5' } as const
const SCRIPT = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const socketsOf = fc.array(
  fc.record({
    protocol: fc.constantFrom('tcp', 'tcp', 'tcp', 'udp'),
    host: fc.constantFrom(
      ...['0.0.0.0', '127.0.0.1', BACKEND[4], '10.0.1.99', '::', '::', '::1', BACKEND[6], '2001:db8:1::99'],
      ...[`::ffff:${BACKEND[4]}`, '::ffff:127.0.0.1', '::ffff:0.0.0.0'],
    ),
    port: fc.constantFrom(PORT, PORT, PORT, 8081),
    ipv6Only: fc.boolean(),
  }),
  { maxLength: 4 },
)

const socket = (host: string) => ({ protocol: 'tcp', host, port: PORT, ipv6Only: false }) as const
/** So that both outcomes are met in every run. */
const EXAMPLES: [ReturnType<typeof socket>[], boolean][] = [
  [[socket('::')], true],
  [[socket('127.0.0.1')], true],
]

/** The lists of a machine, by the names under which guest-judge takes them. */
const LISTS: Readonly<Record<string, Files>> = {
  ss: { ss: 'ss -H -lntu -p' },
  'ss with a header, without processes': { 'ss-header': 'ss -lntu' },
  'ss, with connections of netstat': { ss: 'ss -H -lntu -p', netstat: 'netstat -anltu' },
  netstat: { netstat: 'netstat -anltu' },
  BusyBox: { 'busybox-netstat': 'busybox netstat -lntu' },
  proc: {
    'proc-net-tcp': 'cat /proc/net/tcp',
    'proc-net-tcp6': 'cat /proc/net/tcp6',
    'proc-net-udp': 'cat /proc/net/udp',
    'proc-net-udp6': 'cat /proc/net/udp6',
  },
}
const MACHINE: Files = {
  'ip-addr': 'ip -br addr',
  'ip-route': 'ip route show table all; ip -6 route show table all',
  'ip-rule': 'ip rule',
  tc: 'tc -s filter show dev wire ingress',
  'ip6tables-legacy-save': 'ip6tables-legacy-save -c',
}
const OTHERS = Object.keys(folder('healthy').files).filter(
  (name) => !/^(?:ss|netstat|busybox|proc-net|curl|gnu-wget|ip-)/.test(name),
)

const reason = whyNot()
if (reason !== null) process.stdout.write(`kernel: skipped, this machine does not offer it: ${reason}\n`)

describe.skipIf(reason !== null && process.env.CI === undefined)('sockets', () => {
  let wire: Wire
  let opener: ReturnType<Wire['start']>
  let said: Interface

  beforeAll(() => {
    wire = layWire()
    knowNeighbours(wire)
    wire.run('backend', ['ip', 'addr', 'add', '10.0.1.99/24', 'dev', 'wire'])
    wire.run('backend', ['ip', '-6', 'addr', 'add', '2001:db8:1::99/64', 'dev', 'wire', 'nodad'])
    opener = wire.start('backend', [process.execPath, SCRIPT('sockets.mjs')])
    said = createInterface({ input: opener.stdout ?? process.stdin })
    process.stdout.write(`kernel: sockets, ${ROUNDS} rounds, seed ${SEED}\n`)
  })
  afterAll(() => {
    opener?.stdin?.end()
    wire?.close()
  })

  async function open(sockets: unknown): Promise<void> {
    const line = once(said, 'line')
    opener.stdin?.write(`${JSON.stringify(sockets)}\n`)
    await line
  }

  /** As the samples record them: the command, what it printed, how it ended. */
  function recorded(commands: Files): Files {
    const names = Object.keys(commands)
    const script = names
      .map(
        (name) => `echo '$ ${commands[name]}'; ${commands[name]} 2>/dev/null; echo "--exit $?--"; echo =====`,
      )
      .join('\n')
    const texts = wire.run('backend', ['sh', '-c', script]).split('=====\n')
    return Object.fromEntries(names.map((name, i) => [name, texts[i] ?? '']))
  }

  function met(family: 4 | 6): string {
    const packet = { protocol: 'tcp', from: PROBER[family], sourcePort: 0, to: BACKEND[family], port: PORT }
    const input = JSON.stringify({ packets: [packet], ms: 3_000 })
    const [word = ''] = JSON.parse(
      wire.run('prober', [process.execPath, SCRIPT('probes.mjs'), 'probe'], input),
    )
    return word === 'refused' ? 'refused' : 'ok'
  }

  it(
    'take the probes that the kernel hands to them',
    async () => {
      const outcomes = new Set<string>()
      await fc.assert(
        fc.asyncProperty(socketsOf, fc.boolean(), async (sockets, isAsked) => {
          await open(sockets)
          const ask = (family: 4 | 6) =>
            `busybox timeout 3 busybox nc -w 2 ${BACKEND[family]} ${PORT} </dev/null`
          const own: Files = isAsked ? { 'busybox-nc': ask(4), 'busybox-nc-six': ask(6) } : {}
          const machine = recorded({ ...MACHINE, ...own })
          const others = Object.fromEntries(OTHERS.map((name) => [name, folder('healthy').files[name] ?? '']))
          const truth = { 4: met(4), 6: met(6) }
          for (const [list, commands] of Object.entries(LISTS)) {
            const files = { ...others, ...machine, ...recorded(commands) }
            for (const family of [4, 6] as const) {
              const evaluation = evaluated(
                files,
                check(PORT, { kind: 'tcp', ip: BACKEND[family] }),
                PROBER[family],
              )
              const outcome = outcomeIn(evaluation, PROBER[family])
              outcomes.add(`${family} ${list}: ${outcome}`)
              const isRight = outcome === 'unknown' || outcome === truth[family]
              expect(
                isRight ? 'right' : `${list}, IPv${family}: ${outcome}, the prober met ${truth[family]}`,
                Object.values(files).join(''),
              ).toBe('right')
            }
          }
        }),
        // A smaller case takes long to find: each one starts programs.
        { seed: SEED, numRuns: ROUNDS, endOnFailure: true, examples: EXAMPLES },
      )
      // What lists no connections cannot say that the probes get through.
      for (const list of ['ss, with connections of netstat', 'netstat', 'proc'])
        for (const family of [4, 6]) expect(outcomes).toContain(`${family} ${list}: ok`)
      for (const list of Object.keys(LISTS)) expect(outcomes).toContain(`4 ${list}: refused`)
    },
    TIMEOUT_MS,
  )
})
