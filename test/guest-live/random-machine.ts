import fc from 'fast-check'
import type { GuestCheck } from '../../src/guest/evaluation.ts'
import { BACKEND, POD } from './lab.ts'
import {
  cards,
  ingress,
  type Lines,
  native,
  plainRules,
  restored,
  rewriting,
  routes,
  settings,
  six,
  smallTables,
} from './random-lines.ts'
import type { NodeServer, Server } from './servers.ts'

// A backend, composed at random: a check, servers, and what is set on the machine.

export interface Machine {
  readonly check: Partial<GuestCheck>
  readonly servers: readonly Server[]
  /** Scripts of their own. One that this kernel refuses changes nothing. */
  readonly lines: readonly string[]
}

/** The same number makes the same machine. */
export function machineOf(seed: number): Machine {
  // Numbers next to each other make machines that are not alike.
  const [machine] = fc.sample(machines, { seed: Math.imul(seed, 2_654_435_761), numRuns: 1 })
  if (!machine) throw new Error(`no machine of seed ${seed}`)
  return machine
}

const NOTHING: Lines = fc.constant([])
const maybe = (weight: number, lines: Lines): Lines =>
  fc.oneof({ weight: 10 - weight, arbitrary: NOTHING }, { weight, arbitrary: lines })
const all = (...parts: readonly Lines[]): Lines => fc.tuple(...parts).map((lists) => lists.flat())

const BODIES = [
  ...Array<string>(8).fill('location / { return 200 "ok\\n"; }'),
  ...['302 /login', '404', '503', '401', '444'].map((answer) => `return ${answer};`),
  'if ($request_method = HEAD) { return 405; } location / { return 200 "ok\\n"; }',
  'allow 10.0.0.0/8; deny all; location / { root /nowhere; }',
  'allow 100.64.0.0/16; allow 127.0.0.1; deny all; location / { root /; }',
  'location /health { return 200 "ok\\n"; } location / { return 404; }',
]
const ADDRESSES = ['', '', '', '', '[::]:', '127.0.0.1:', `${BACKEND[4]}:`, '172.17.0.1:', '[::1]:']

const nginx = (port: number): fc.Arbitrary<Server> =>
  fc
    .record({
      address: fc.constantFrom(...ADDRESSES),
      words: fc.constantFrom('', '', '', '', ' ssl', ' deferred', ' backlog=2', ' ipv6only=off'),
      body: fc.constantFrom(...BODIES),
    })
    .map(({ address, words, body }) => ({
      kind: 'nginx',
      listen: [`${address}${port}${words === ' ipv6only=off' && !address.includes('[') ? '' : words}`],
      body,
    }))
const BAD: readonly NodeServer[] = [
  'mute',
  'slow-1',
  'slow-3',
  'reset',
  'empty',
  'tls',
  'garbage',
  'own-only',
]
const bad = (port: number): fc.Arbitrary<Server> =>
  fc
    .record({
      does: fc.constantFrom(...BAD),
      address: fc.constantFrom('0.0.0.0', '0.0.0.0', '::', BACKEND[4], '127.0.0.1', '172.17.0.1'),
    })
    .map(({ does, address }) => ({ kind: 'node', does, address, port }))
const silent = (port: number): fc.Arbitrary<Server> =>
  fc
    .record({
      backlog: fc.constantFrom(0, 1, 128),
      device: fc.constantFrom('', '', 'eth0', 'cni0'),
      option: fc.constantFrom('' as const, 'filter' as const, 'defer' as const),
    })
    .map(({ device, option, backlog }) => ({
      kind: 'perl',
      backlog,
      port,
      ...(device ? { device } : {}),
      ...(option ? { option } : {}),
    }))
const onPod: fc.Arbitrary<Server> = fc
  .constantFrom(...BODIES)
  .map((body) => ({ kind: 'nginx', listen: ['80'], body, on: 'pod' }))

const serverAt = (port: number): fc.Arbitrary<readonly Server[]> =>
  fc.oneof(
    { weight: 12, arbitrary: nginx(port).map((one) => [one]) },
    { weight: 4, arbitrary: bad(port).map((one) => [one]) },
    { weight: 1, arbitrary: silent(port).map((one) => [one]) },
    { weight: 1, arbitrary: fc.constant([]) },
  )

const STOPPED =
  "for p in $(ss -Hlntp 'sport = :80' | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u); do kill -STOP $p; done"
/** What becomes of the servers. */
const afterwards: Lines = fc.constantFrom<readonly string[]>(...Array<readonly string[]>(14).fill([]), [
  STOPPED,
])

const firewall: Lines = fc.oneof(
  { weight: 6, arbitrary: plainRules },
  { weight: 1, arbitrary: restored },
  { weight: 1, arbitrary: native },
  { weight: 3, arbitrary: smallTables },
  { weight: 1, arbitrary: ingress },
  { weight: 3, arbitrary: NOTHING },
)
const rest = all(maybe(4, routes), maybe(4, settings), maybe(3, cards), afterwards)

const kinds = fc.constantFrom<Partial<GuestCheck>>(
  ...Array<Partial<GuestCheck>>(4).fill({ kind: 'tcp' }),
  ...Array<Partial<GuestCheck>>(2).fill({ kind: 'http' }),
  { kind: 'http', method: 'HEAD' },
  { kind: 'http', httpVersion: 'HTTP/1.1', host: 'example.com', path: '/health' },
  { kind: 'http', httpCodes: 2 },
  { kind: 'https' },
)
const ping: Partial<GuestCheck> = { kind: 'ping', port: null }

/** The machine itself answers. */
const direct: fc.Arbitrary<Machine> = fc.record({
  check: fc.oneof({ weight: 8, arbitrary: kinds }, { weight: 1, arbitrary: fc.constant(ping) }),
  servers: serverAt(80),
  lines: all(firewall, maybe(2, rewriting(80)), rest),
})
const datagrams: fc.Arbitrary<Machine> = fc.record({
  check: fc.constant<Partial<GuestCheck>>({ kind: 'udp' }),
  servers: fc
    .constantFrom('0.0.0.0', '0.0.0.0', BACKEND[4], '127.0.0.1')
    .map((address): readonly Server[] => [{ kind: 'node', does: 'udp', address, port: 80 }]),
  lines: all(firewall, rest),
})
/** The machine sends probes on, to itself or to a pod. */
const sentOn: fc.Arbitrary<Machine> = fc.record({
  check: fc.tuple(kinds, fc.constantFrom(80, 30080)).map(([check, port]) => ({ ...check, port })),
  servers: fc.tuple(serverAt(80), onPod).map(([own, pod]) => [...own, pod]),
  lines: fc
    .constantFrom(80, 30080)
    .chain((port) => all(rewriting(port), maybe(4, firewall), maybe(4, settings), maybe(2, routes))),
})
const toPod: fc.Arbitrary<Machine> = fc.record({
  check: fc
    .tuple(kinds, fc.constantFrom<Partial<GuestCheck>>({}, {}, {}, ping))
    .map(([check, more]) => ({ ...check, ...more, ip: POD })),
  servers: fc.tuple(onPod, fc.boolean()).map(([pod, isThere]) => (isThere ? [pod] : [])),
  lines: all(firewall, maybe(5, settings), maybe(3, routes), maybe(2, rewriting(80))),
})
const onSix: fc.Arbitrary<Machine> = fc.record({
  check: fc
    .oneof({ weight: 8, arbitrary: kinds }, { weight: 2, arbitrary: fc.constant(ping) })
    .map((check) => ({ ...check, ip: BACKEND[6] })),
  servers: fc
    .tuple(serverAt(80), fc.constantFrom('[::]:80', `[${BACKEND[6]}]:80`))
    .map(([own, listen]): readonly Server[] =>
      own[0]?.kind === 'node' && own[0].address === '::'
        ? own
        : [{ kind: 'nginx', listen: [listen], body: 'return 200 "ok\\n";' }],
    ),
  lines: all(six, maybe(3, smallTables), maybe(4, settings)),
})

const machines: fc.Arbitrary<Machine> = fc.oneof(
  { weight: 12, arbitrary: direct },
  { weight: 2, arbitrary: datagrams },
  { weight: 3, arbitrary: sentOn },
  { weight: 2, arbitrary: toPod },
  { weight: 2, arbitrary: onSix },
)

/** For a person: all that makes the machine what it is. */
export const shown = ({ check, servers, lines }: Machine): string =>
  [JSON.stringify(check), ...servers.map((one) => JSON.stringify(one)), ...lines].join('\n')
