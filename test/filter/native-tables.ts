import fc from 'fast-check'
import {
  address,
  always,
  type Base,
  type Chain,
  type Effect,
  IN,
  IPS,
  isOf,
  isTracked,
  type Kind,
  matchOf,
  NETS,
  OUT,
  type Outcome,
  PAIRS,
  port,
  type Rule,
  type Side,
} from './native-lists.ts'
import { allOf, type Packet } from './native-packet.ts'

// What the rules of random native tables do, and the tables as `nft -f` reads them.

const effect = (text: string, outcome: Outcome, change?: (packet: Packet) => void): Effect => ({
  text,
  cases: [{ holds: always, outcome, ...(change ? { change } : {}) }],
})

/** nft resets TCP alone. */
const RESET: Effect = {
  text: 'meta l4proto tcp reject with tcp reset',
  cases: [{ holds: isOf('tcp'), outcome: 'reset' }],
}

const PLAIN: readonly Effect[] = [
  effect('accept', 'accept'),
  effect('accept', 'accept'),
  effect('drop', 'drop'),
  effect('return', 'return'),
  effect('continue', 'next'),
  effect('counter', 'next'),
  effect('log prefix "x drop "', 'next'),
  effect('counter drop comment "accept"', 'drop'),
  effect('update @grown { ip saddr }', 'next'),
]

const connectionMark =
  (mark: number) =>
  (packet: Packet): void => {
    if (isTracked(packet)) packet.connection.mark = mark
  }

const MARKS: readonly Effect[] = [
  effect('meta mark set 1', 'next', (packet) => {
    packet.mark = 1
  }),
  effect('meta mark set mark or 2', 'next', (packet) => {
    packet.mark |= 2
  }),
  effect('meta mark set mark xor 3', 'next', (packet) => {
    packet.mark ^= 3
  }),
  effect('meta mark set mark and 0xfffffffe', 'next', (packet) => {
    packet.mark &= ~1
  }),
  effect('meta mark set 0x20000', 'next', (packet) => {
    packet.mark = 0x20000
  }),
  effect('ct mark set 4', 'next', connectionMark(4)),
  effect('ct mark set 4 accept', 'accept', connectionMark(4)),
  effect('meta mark set ct mark', 'next', (packet) => {
    if (isTracked(packet)) packet.mark = packet.connection.mark
  }),
]

const REJECTS: readonly Effect[] = [
  RESET,
  effect('reject with icmpx port-unreachable', 'reject icmp-port-unreachable'),
  effect('reject with icmp host-prohibited', 'reject icmp-host-prohibited'),
  effect('reject', 'reject icmp-port-unreachable'),
]

const CHANCES: readonly Effect[] = [
  {
    text: 'numgen random mod 3 vmap { 0 : accept, 1 : drop, 2 : continue }',
    isMap: true,
    cases: [
      { holds: () => 'chance', outcome: 'accept' },
      { holds: () => 'chance', outcome: 'drop' },
      { holds: always, outcome: 'next' },
    ],
  },
]

/** Not every kernel has it. */
const QUEUE = effect('queue to 0', 'queue')

type Key = readonly [text: string, holds: (packet: Packet) => ReturnType<typeof allOf>]

/** A verdict map: each key with its outcome. */
const map = (field: string, cases: readonly (readonly [Key, Outcome])[], name?: string): Effect => ({
  text: `${field} vmap ${name ?? `{ ${cases.map(([[key], outcome]) => `${key} : ${wordOf(outcome)}`).join(', ')} }`}`,
  cases: cases.map(([[, holds], outcome]) => ({ holds, outcome })),
  isMap: true,
})

const wordOf = (outcome: Outcome): string =>
  typeof outcome === 'object' ? `${outcome.how} ${outcome.chain}` : outcome === 'next' ? 'continue' : outcome

const outcome = (later: readonly string[]): fc.Arbitrary<Outcome> =>
  fc.oneof(
    fc.constantFrom<Outcome>('accept', 'drop', 'return', 'next'),
    ...later.map((chain) => fc.constantFrom<Outcome>({ how: 'jump', chain }, { how: 'goto', chain })),
  )

/** Each list of keys is disjoint: a map has one element for a key. */
const maps = ({ prober, service }: Side, later: readonly string[]): readonly fc.Arbitrary<Effect>[] => {
  const net = (text: string): Key => [text, address(prober, [text])]
  const tcp = (text: string): Key => [text, (packet) => isOf('tcp')(packet) && port(service, [text])(packet)]
  const pair = (protocol: string, text: string): Key => [
    `${protocol} . ${text}`,
    (packet) => isOf(protocol)(packet) && port(service, [text])(packet),
  ]
  const state = (text: Packet['ct']): Key => [text, ({ ct }) => ct === text]
  const both = (one: string, text: string): Key => [
    `${one} . ${text}`,
    (packet) => isOf('tcp')(packet) && allOf([address(prober, [one])(packet), port(service, [text])(packet)]),
  ]
  const lists: readonly (readonly [string, readonly Key[]])[] = [
    [`tcp ${service}`, ['22', '80-90', '8080'].map(tcp)],
    [`ip ${prober}`, ['100.64.0.0/24', '100.64.1.0/24', '100.65.0.0/16', '100.66.0.3-100.66.1.4'].map(net)],
    ['ct state', (['established', 'new', 'invalid'] as const).map(state)],
    [`meta l4proto . th ${service}`, [pair('tcp', '80'), pair('udp', '22-90'), pair('tcp', '8080')]],
    [`ip ${prober} . tcp ${service}`, [both('100.64.0.0/16', '80'), both('100.65.0.0/16', '22-100')]],
  ]
  return lists.map(([field, keys]) =>
    fc.tuple(...keys.map(() => outcome(later))).map((outcomes) =>
      map(
        field,
        keys.map((key, i) => [key, outcomes[i] as Outcome] as const),
      ),
    ),
  )
}

interface Place {
  readonly side: Side
  /** The chains that its rules may lead to. */
  readonly later: readonly string[]
  /** nft allows a reject at some hooks only. */
  readonly rejects: boolean
  readonly kind: Kind
}

const effectOf = ({ side, later, rejects, kind }: Place): fc.Arbitrary<Effect> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...PLAIN) },
    { weight: 2, arbitrary: fc.constantFrom(...MARKS) },
    { weight: rejects ? 2 : 0, arbitrary: fc.constantFrom(...REJECTS) },
    { weight: later.length > 0 ? 3 : 0, arbitrary: fc.oneof(...jumps(later)) },
    { weight: 3, arbitrary: fc.oneof(...maps(side, later)) },
    { weight: kind.unclear ? 1 : 0, arbitrary: fc.constantFrom(...CHANCES) },
    { weight: kind.unclear === 'foreign' ? 1 : 0, arbitrary: fc.constant(QUEUE) },
  )

const jumps = (later: readonly string[]): readonly fc.Arbitrary<Effect>[] =>
  (later.length > 0 ? later : ['']).map((chain) =>
    fc
      .constantFrom('jump' as const, 'jump' as const, 'goto' as const)
      .map((how) => effect(`${how} ${chain}`, { how, chain })),
  )

/** nft refuses a rule that asks for two protocols. */
const asksForProtocol = ({ text }: { readonly text: string }): boolean =>
  /\b(?:tcp|udp|th|l4proto|ip protocol)\b/.test(text)

const rules = (place: Place): fc.Arbitrary<Rule[]> =>
  fc.array(
    fc
      .tuple(fc.array(matchOf(place.side, place.kind), { maxLength: 2 }), effectOf(place))
      .map(([all, what]): Rule => {
        const [first] = asksForProtocol(what) ? [] : all.filter(asksForProtocol)
        const matches = all.filter((match) => !asksForProtocol(match) || match === first)
        return asRead({ matches, effect: what })
      }),
    { maxLength: 5 },
  )

/** Where words that are not understood end, nobody can tell. What stands behind them may belong to them. */
function asRead(rule: Rule): Rule {
  const at = rule.matches.findIndex(({ isForeign }) => isForeign)
  if (at < 0) return rule
  const { effect: what } = rule
  const matches = rule.matches.map((match, i) => (i <= at ? match : { ...match, holds: always }))
  const outcome: Outcome | undefined = what.isMap ? 'queue' : what.cases[0]?.outcome
  const cases = what.cases
    .slice(0, 1)
    .map((one) => ({ ...one, holds: always, outcome: outcome ?? one.outcome }))
  return { matches, effect: { ...what, cases } }
}

type Place0 = readonly [hook: Base['hook'], words: string, priority: number]
const PLACES: readonly Place0[] = [
  ['prerouting', 'raw', -300],
  ['prerouting', 'mangle + 5', -145],
  ['input', '-7', -7],
  ['input', 'filter', 0],
  ['input', 'filter + 10', 10],
  ['output', 'raw', -300],
  ['output', 'filter - 1', -1],
  ['output', 'security', 50],
  ['postrouting', 'srcnat - 10', 90],
]

const UNTRACKED = effect('notrack', 'next', (packet) => {
  if (packet.ct === 'invalid') packet.ct = 'untracked'
})

const ownChains = (side: Side): readonly string[] =>
  ['a', 'b', 'c'].map((name) => `${side === IN ? 'in' : 'out'}_${name}`)

/** nft checks each chain from each hook that leads to it, so chains that reject are for hooks that may. */
function baseOf([hook, words, priority]: Place0, i: number, kind: Kind): fc.Arbitrary<Chain | null> {
  const side = hook === 'output' || hook === 'postrouting' ? OUT : IN
  const rejects = hook !== 'postrouting'
  const place = { side, later: rejects ? ownChains(side) : [], rejects, kind }
  const isRaw = priority === -300
  const untracked = isRaw
    ? fc.option(
        matchOf(side, kind).map((match): Rule => ({ matches: [match], effect: UNTRACKED })),
        { freq: 1 },
      )
    : fc.constant(null)
  return fc
    .tuple(
      rules(place),
      fc.constantFrom('accept' as const, 'accept' as const, 'accept' as const, 'drop' as const),
      untracked,
      fc.integer({ min: 0, max: 2 }),
    )
    .map(([all, policy, first, absent]) =>
      absent > 0
        ? null
        : {
            name: `base_${i}`,
            base: {
              hook,
              priority,
              policy,
              head: `type filter hook ${hook} priority ${words}; policy ${policy};`,
            },
            rules: first ? [first, ...all] : all,
          },
    )
}

export interface Tables {
  readonly text: string
  readonly chains: readonly Chain[]
}

/** One table, with chains of its own for each direction, of which each leads to later ones only. */
export function nativeTables(kind: Kind): fc.Arbitrary<Tables> {
  const own = [IN, OUT].flatMap((side) =>
    ownChains(side).map((name, i, all) =>
      rules({ side, later: all.slice(i + 1), rejects: true, kind }).map(
        (list): Chain => ({ name, base: null, rules: list }),
      ),
    ),
  )
  return fc
    .tuple(fc.tuple(...own), fc.tuple(...PLACES.map((place, i) => baseOf(place, i, kind))))
    .map(([inner, bases]) => {
      const chains = [...inner, ...bases.filter((chain) => chain !== null)]
      return { chains, text: textOf(chains) }
    })
}

const SETS = ` set nets { type ipv4_addr; flags interval; elements = { ${NETS.join(', ')} }; }
 set ips { type ipv4_addr; elements = { ${IPS.join(', ')} }; }
 set ports { type inet_service; flags interval; elements = { 22, 8080-8090 }; }
 set pairs { type ipv4_addr . inet_service; flags interval; elements = { ${PAIRS.map((pair) => pair.join(' . ')).join(', ')} }; }
 set grown { type ipv4_addr; flags dynamic; size 65535; }
 chain grows {
  update @grown { ip saddr }
 }
`

/** A chain stands before those that jump to it. */
const textOf = (chains: readonly Chain[]): string =>
  `table inet t {\n${SETS}${[
    ...chains.filter(({ base }) => base === null).reverse(),
    ...chains.filter(({ base }) => base !== null),
  ]
    .map(
      ({ name, base, rules: all }) =>
        ` chain ${name} {\n${base ? `  ${base.head}\n` : ''}${all.map((rule) => `  ${lineOf(rule)}\n`).join('')} }\n`,
    )
    .join('')}}\n`

const lineOf = ({ matches, effect: what }: Rule): string =>
  [...matches.map(({ text }) => text), what.text].join(' ')
