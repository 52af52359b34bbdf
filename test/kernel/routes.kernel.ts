import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routesTo } from '../../src/guest/evaluate/lookup.ts'
import { policyRulesIn, routesIn } from '../../src/guest/evaluate/routes.ts'
import { contains, everything, type Family, parseAddresses } from '../../src/rules/index.ts'
import { check, evaluated, folder, outcomeIn } from '../guest/recordings.ts'
import { whyNot } from './namespaces.ts'

// Random routes and rules for them, on a real kernel. What `ip route show table all` and `ip rule` print is evaluated, and
// compared with the kernel's own answer for one address after the other.

const ROUNDS = Number(process.env.CLB_DOCTOR_KERNEL_ROUNDS ?? 20)
const SEED = Number(process.env.CLB_DOCTOR_KERNEL_SEED ?? Math.floor(Math.random() * 2 ** 31))
/** Only ends a test that hangs. */
const TIMEOUT_MS = 60_000 + ROUNDS * 5_000
const NAME = `clbd-r-${process.pid}`
const DEVICES = ['eth0', 'eth1', 'cni0']

interface World {
  /** Of the devices, in order. The first one is the target's. */
  readonly own: readonly string[]
  readonly gateways: readonly string[]
  readonly length: number
  readonly prefixes: readonly string[]
  readonly addresses: readonly string[]
}

const WORLDS: Readonly<Record<Family, World>> = {
  4: {
    own: ['10.0.1.16', '10.0.2.16', '172.16.0.1'],
    gateways: ['10.0.1.1', '10.0.2.1', '172.16.0.9'],
    length: 24,
    prefixes: [
      ...['default', '100.64.0.0/10', '100.64.0.0/11', '100.96.0.0/11', '100.64.7.0/24', '100.64.7.9'],
      ...['203.0.113.0/24', '203.0.113.26', '10.0.0.0/8', '10.0.1.0/25', '128.0.0.0/1'],
    ],
    addresses: [
      ...['100.64.0.5', '100.95.255.255', '100.96.0.0', '100.64.7.8', '100.64.7.9', '100.127.255.255'],
      ...['203.0.113.26', '203.0.113.27', '10.0.1.77', '10.0.1.200', '10.9.9.9', '10.0.2.77', '198.18.0.1'],
      ...['10.0.1.16', '8.8.8.8', '127.0.0.1'],
    ],
  },
  6: {
    own: ['2001:db8:1::16', '2001:db8:2::16', '2001:db8:3::16'],
    gateways: ['2001:db8:1::1', '2001:db8:2::1', '2001:db8:3::1'],
    length: 64,
    prefixes: [
      ...['default', '2001:db8:64::/48', '2001:db8:64::/49', '2001:db8:64:8000::/49', '2001:db8:64:7::/64'],
      ...['2001:db8:64:7::9', '2001:db8::/32', '8000::/1', '2001:db8:1::/96'],
    ],
    addresses: [
      ...['2001:db8:64::5', '2001:db8:64:8000::5', '2001:db8:64:7::8', '2001:db8:64:7::9', '2001:db8:1::77'],
      ...[
        '2001:db8:1:0:1::7',
        '2001:db8:9::9',
        '2400:3200::1',
        'fd00::1',
        '2001:db8:1::16',
        '2001:db8:2::77',
      ],
    ],
  },
}

const TABLES = ['main', '100', '200']
const STOPS = ['blackhole', 'unreachable', 'prohibit']

function routeOf({ gateways, prefixes }: World): fc.Arbitrary<string> {
  const at = fc.nat({ max: DEVICES.length - 1 })
  const hop = (index: number) => `via ${gateways[index]} dev ${DEVICES[index]}`
  return fc
    .record({
      to: fc.constantFrom(...prefixes),
      table: fc.constantFrom(...TABLES),
      metric: fc.constantFrom('', '', ' metric 50', ' metric 2000'),
      where: fc.oneof(
        { weight: 4, arbitrary: at.map((index) => ({ type: '', hops: hop(index) })) },
        { weight: 2, arbitrary: at.map((index) => ({ type: '', hops: `dev ${DEVICES[index]}` })) },
        {
          weight: 2,
          arbitrary: fc.constantFrom(...STOPS, 'throw').map((type) => ({ type: `${type} `, hops: '' })),
        },
        {
          weight: 1,
          arbitrary: fc
            .tuple(at, at)
            .map(([a, b]) => ({ type: '', hops: `nexthop ${hop(a)} nexthop ${hop(b)}` })),
        },
      ),
    })
    .map(
      ({ to, table, metric, where: { type, hops } }) =>
        `route add ${type}${to} table ${table}${metric} ${hops}`,
    )
}

function ruleOf({ own, prefixes }: World): fc.Arbitrary<string> {
  const rarely = (some: readonly string[]): fc.Arbitrary<string> =>
    fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 2, arbitrary: fc.constantFrom(...some) })
  return fc
    .record({
      priority: fc.integer({ min: 1, max: 330 }),
      not: fc.constantFrom('', '', '', 'not '),
      from: rarely(own.flatMap((one) => [`from ${one} `, `from ${one}/20 `])),
      to: rarely(prefixes.filter((one) => one !== 'default').map((one) => `to ${one} `)),
      iif: rarely(['iif lo ', 'iif eth0 ', 'iif eth1 ', 'iif gone0 ']),
      oif: fc.constantFrom('', '', '', '', '', 'oif eth1 '),
      mark: fc.constantFrom('', '', '', 'fwmark 0x1 ', 'fwmark 0x0/0xff '),
      by: fc.constantFrom('', '', 'protocol static '),
      action: fc.oneof(
        {
          weight: 6,
          arbitrary: fc
            .tuple(
              fc.constantFrom(...TABLES, 'local', '300'),
              fc.constantFrom('', '', ' suppress_prefixlength 0'),
            )
            .map(([table, suppress]) => `lookup ${table}${suppress}`),
        },
        { weight: 2, arbitrary: fc.constantFrom(...STOPS) },
        { weight: 2, arbitrary: fc.integer({ min: 1, max: 330 }).map((to) => `goto ${to * 100}`) },
        { weight: 1, arbitrary: fc.constant('nop') },
      ),
    })
    .map(
      ({ priority, not, from, to, iif, oif, mark, by, action }) =>
        `rule add ${not}${from || 'from all '}${to}${iif}${oif}${mark}${by}priority ${priority * 100} ${action}`,
    )
}

const reason = whyNot()
if (reason !== null) process.stdout.write(`kernel: skipped, this machine does not offer it: ${reason}\n`)

describe.skipIf(reason !== null && process.env.CI === undefined)('routes of answers', () => {
  /** What the command printed. Fails only if the namespace is not there. */
  function sh(script: string, input = ''): string {
    const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', NAME, 'sh', '-c', script], {
      encoding: 'utf8',
      input,
    })
    if (status !== 0) throw new Error(`${script}: ${stderr}`)
    return stdout
  }

  beforeAll(() => {
    const made = spawnSync('ip', ['netns', 'add', NAME], { encoding: 'utf8' })
    if (made.status !== 0) throw new Error(made.stderr)
    for (const [index, device] of DEVICES.entries())
      sh(
        [
          `ip link add ${device} type veth peer name p${index}`,
          `ip link set p${index} up`,
          `ip link set ${device} up`,
          `ip addr add ${WORLDS[4].own[index]}/${WORLDS[4].length} dev ${device}`,
          `ip -6 addr add ${WORLDS[6].own[index]}/${WORLDS[6].length} dev ${device} nodad`,
        ].join(' && '),
      )
    sh('ip link set lo up')
    process.stdout.write(`kernel: routes, ${ROUNDS} rounds for each family, seed ${SEED}\n`)
  })
  afterAll(() => void spawnSync('ip', ['netns', 'del', NAME]))

  /** Adds what the kernel takes, and takes away what the round before left. */
  function set(family: Family, commands: readonly string[]): void {
    const clear = [
      ...TABLES.map((table) => `ip -${family} route flush table ${table} proto boot || :`),
      `ip -${family} route flush table all proto boot || :`,
      `ip -${family} rule flush`,
      ...(family === 4 ? ['ip rule add priority 32767 lookup default'] : []),
      `ip -${family} rule add priority 32766 lookup main`,
    ]
    sh(`${clear.join('; ')}; ip -${family} -force -batch - || :`, `${commands.join('\n')}\n`)
  }

  /** What the kernel says to each address. `one` is the address in the query. */
  function answers(family: Family, query: string): readonly string[] {
    const input = `${WORLDS[family].addresses.join('\n')}\n`
    const ask = `while read -r one; do ip -${family} -o route get ${query} 2>&1 | head -n 1; done`
    return sh(ask, input)
      .trim()
      .split('\n')
      .map((line) => {
        const error = /answers: (.*)/.exec(line)?.[1]
        const type = /^(?:blackhole|unreachable|prohibit)\b/.exec(line)?.[0]
        return (
          type ?? (error === undefined ? `dev ${/ dev (\S+)/.exec(line)?.[1]}` : (ERRORS[error] ?? error))
        )
      })
  }

  it.each([4, 6] as const)(
    'go where the kernel sends them, IPv%i',
    (family) => {
      const world = WORLDS[family]
      const [from = ''] = world.own
      const met = new Map<string, number>()
      fc.assert(
        fc.property(
          fc.array(routeOf(world), { minLength: 2, maxLength: 14 }),
          fc.array(ruleOf(world), { maxLength: 6 }),
          (routes, rules) => {
            set(family, [...routes, ...rules])
            const texts = [sh(`ip -${family} route show table all`), sh(`ip -${family} rule`)] as const
            const tables = {
              family,
              routes: routesIn(texts[0], family),
              rules: policyRulesIn(texts[1], family),
            }
            const flow = { from, iif: 'lo', canBeMarked: () => false }
            const evaluated = routesTo(everything(family), flow, tables)
            const kernel = answers(family, `"$one" from ${from}`)
            const wrong = world.addresses.flatMap((address, i) => {
              const to = parseAddresses(address)
              const own = evaluated.find((one) => to !== null && contains(one.to, to))
              const kind = own?.kind ?? 'missing'
              met.set(kind, (met.get(kind) ?? 0) + 1)
              return isLike(own, kernel[i] ?? '')
                ? []
                : [`${address}: ${kind} ${own?.devices} "${own?.text}", kernel: ${kernel[i]}`]
            })
            expect(wrong, `${texts.join('\n')}`).toEqual([])
          },
        ),
        { seed: SEED, numRuns: ROUNDS },
      )
      expect(unknownShare(met)).toBeLessThan(MOST_UNKNOWN)
      expect([...met.keys()]).toEqual(expect.arrayContaining(['unicast', 'local', 'blackhole', 'none']))
    },
    TIMEOUT_MS,
  )

  it(
    'let requests in and answers out as the kernel does',
    () => {
      const world = WORLDS[4]
      const [target = ''] = world.own
      // The machine's own addresses and its loopback are no probers.
      const probers = world.addresses.filter((one) => one !== target && !one.startsWith('127.'))
      const met = new Map<string, number>()
      fc.assert(
        fc.property(
          fc.array(routeOf(world), { minLength: 2, maxLength: 14 }),
          fc.array(ruleOf(world), { maxLength: 6 }),
          fc.constantFrom(0, 1, 2),
          fc.constantFrom(0, 1),
          // Some products move the table of own addresses behind their rules.
          fc.constantFrom(0, 0, 0, 20_000),
          (routes, rules, rpFilter, forwarding, local) => {
            set(4, [
              ...routes,
              ...rules,
              ...(local > 0 ? [`rule add priority ${local} lookup local`, 'rule del priority 0'] : []),
            ])
            sh(
              `echo ${rpFilter} > /proc/sys/net/ipv4/conf/eth0/rp_filter; echo ${forwarding} > /proc/sys/net/ipv4/conf/eth0/forwarding`,
            )
            const files = {
              ...folder('healthy').files,
              ...Object.fromEntries(
                Object.entries(PRINTED).map(([name, command]) => [
                  name,
                  `$ ${command}\n${sh(command)}--exit 0--\n`,
                ]),
              ),
            }
            const evaluation = evaluated(files, check(80), ...probers)
            const [comes, leaves] = [
              answers(4, `${target} from "$one" iif eth0`),
              answers(4, `"$one" from ${target}`),
            ]
            if (local > 0) sh('ip rule add priority 0 lookup local; ip rule del priority 20000 lookup local')
            const wrong = world.addresses.flatMap((prober, i) => {
              if (!probers.includes(prober)) return []
              const outcome = outcomeIn(evaluation, prober)
              met.set(outcome, (met.get(outcome) ?? 0) + 1)
              const [comesTo = '', leavesBy = ''] = [comes[i], leaves[i]]
              const isIn = comesTo === 'dev lo'
              // An answer over another card may arrive, and the evaluation says that it does not know.
              const isAway = isIn && leavesBy.startsWith('dev ') && leavesBy !== 'dev eth0'
              const isRight =
                outcome === 'unknown' || (isIn && leavesBy === 'dev eth0') === (outcome === 'ok')
              return isRight || isAway
                ? []
                : [`${prober}: ${outcome}, kernel: in ${comesTo}, out ${leavesBy}`]
            })
            const shown = Object.keys(PRINTED)
              .map((name) => files[name as keyof typeof files])
              .join('')
            expect(wrong, shown).toEqual([])
          },
        ),
        { seed: SEED, numRuns: ROUNDS },
      )
      expect(unknownShare(met)).toBeLessThan(MOST_UNKNOWN)
      expect([...met.keys()]).toEqual(expect.arrayContaining(['ok', 'timeout']))
    },
    TIMEOUT_MS,
  )
})

/** By the names under which guest-judge takes them. */
const PRINTED = {
  'ip-addr': 'ip -br addr',
  'ip-route': 'ip route show table all',
  'ip-rule': 'ip rule',
  'sysctl-forwarding': "sysctl -a 2>/dev/null | grep '[.]forwarding'",
  'sysctl-rp_filter': "sysctl -a 2>/dev/null | grep '[.]rp_filter'",
} as const

/** A test that says `unknown` to everything would show nothing. */
const MOST_UNKNOWN = 0.2

function unknownShare(met: ReadonlyMap<string, number>): number {
  const all = [...met.values()].reduce((sum, one) => sum + one, 0)
  return (met.get('unknown') ?? 0) / all
}

const ERRORS: Readonly<Record<string, string>> = {
  'Invalid argument': 'blackhole',
  'No route to host': 'unreachable',
  'Permission denied': 'prohibit',
  // A rule of this type and no route at all look the same.
  'Network is unreachable': 'none',
}

interface Said {
  readonly kind: string
  readonly devices: readonly string[]
}

function isLike(own: Said | undefined, kernel: string): boolean {
  if (own === undefined) return false
  if (own.kind === 'unknown') return true
  if (own.kind === 'local') return kernel === 'dev lo'
  if (kernel.startsWith('dev ')) return own.devices.includes(kernel.slice(4))
  return own.kind === kernel || (kernel === 'none' && own.kind === 'unreachable')
}
