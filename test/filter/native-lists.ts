import fc from 'fast-check'
import { type Answer, addressMatches, allOf, notOf, type Packet, portMatches } from './native-packet.ts'

// Random native tables as a person writes them for `nft -f`. Each match and each effect has its text and its meaning, so
// that nobody needs to read the text again: the evaluator and the kernel do.

export interface Match {
  readonly text: string
  readonly holds: (packet: Packet) => Answer
  /** A packet without what the match asks for does not match, inverted or not. */
  readonly isThere?: (packet: Packet) => boolean
  /** Words that no tool here reads. */
  readonly isForeign?: true
}

export type Outcome =
  | 'accept'
  | 'drop'
  | 'return'
  | 'next'
  | 'queue'
  | 'reset'
  | `reject ${string}`
  | { readonly how: 'jump' | 'goto'; readonly chain: string }

/** The first case that holds. A case that may hold is asked by chance. None: the next rule. */
export interface Effect {
  readonly text: string
  readonly isMap?: true
  readonly cases: readonly {
    readonly holds: (packet: Packet) => Answer
    readonly outcome: Outcome
    readonly change?: (packet: Packet) => void
  }[]
}

export interface Rule {
  readonly matches: readonly Match[]
  readonly effect: Effect
}

export interface Chain {
  readonly name: string
  readonly base: Base | null
  readonly rules: readonly Rule[]
}

export interface Base {
  readonly hook: 'ingress' | 'prerouting' | 'input' | 'output' | 'postrouting'
  readonly priority: number
  readonly policy: 'accept' | 'drop'
  readonly head: string
}

export const always = (): true => true
export const NETS = ['100.64.0.0/25', '100.65.1.0/24', '100.66.0.0-100.66.0.200']
export const IPS = ['100.64.0.7', '100.65.0.7']
export const PAIRS: readonly (readonly [string, string])[] = [
  ['100.64.0.0/16', '80'],
  ['100.65.0.0/16', '22-100'],
]

/** `prober` and `service`: which side of the packet is whose, in the chains of one direction. */
export interface Side {
  readonly prober: 'saddr' | 'daddr'
  readonly service: 'sport' | 'dport'
  readonly device: 'iifname' | 'oifname'
  readonly own: 'saddr' | 'daddr'
}

export const IN: Side = { prober: 'saddr', own: 'daddr', service: 'dport', device: 'iifname' }
export const OUT: Side = { prober: 'daddr', own: 'saddr', service: 'sport', device: 'oifname' }

/** Addresses close together, so that rules overlap. */
export const cidr = fc
  .tuple(fc.constantFrom(64, 65, 66), fc.constantFrom(0, 1, 128), fc.constantFrom(10, 16, 24, 25, 32))
  .map(([b, c, bits]) =>
    bits === 10
      ? '100.64.0.0/10'
      : bits === 16
        ? `100.${b}.0.0/16`
        : `100.${b}.${c}.${bits === 24 ? '0/24' : bits === 25 ? '128/25' : '7'}`,
  )

const inverted = (match: fc.Arbitrary<(not: string) => Match>): fc.Arbitrary<Match> =>
  fc.tuple(match, fc.constantFrom('', '', '!= ')).map(([of, not]) => {
    const { text, holds, isThere = always } = of(not)
    return {
      text,
      holds: (packet) => (isThere(packet) ? (not ? notOf(holds(packet)) : holds(packet)) : false),
    }
  })

export const address =
  (field: 'saddr' | 'daddr', values: readonly string[]) =>
  (packet: Packet): Answer =>
    addressMatches(field === 'saddr' ? packet.source : packet.destination, values)

export const port =
  (field: 'sport' | 'dport', values: readonly string[]) =>
  (packet: Packet): Answer =>
    portMatches(packet[field], values)

export const isOf =
  (protocol: string) =>
  (packet: Packet): boolean =>
    packet.protocol === protocol

const addressMatch = ({ prober, own }: Side): fc.Arbitrary<Match> => {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['@nets', NETS],
    ['@ips', IPS],
    ['{ 100.64.0.0/24, 100.65.0.0-100.65.0.99 }', ['100.64.0.0/24', '100.65.0.0-100.65.0.99']],
    ['100.64.0.9-100.65.1.77', ['100.64.0.9-100.65.1.77']],
  ]
  const field = fc.constantFrom(prober, prober, prober, own)
  return inverted(
    fc.oneof(
      fc.tuple(field, cidr).map(([at, text]) => (not: string) => ({
        text: `ip ${at} ${not}${text}`,
        holds: address(at, [text]),
      })),
      fc.tuple(field, fc.constantFrom(...lists)).map(([at, [text, values]]) => (not: string) => ({
        text: `ip ${at} ${not}${text}`,
        holds: address(at, values),
      })),
      fc
        .constantFrom('10.0.1.16', '10.0.0.0/16')
        .map((text) => (not: string) => ({ text: `ip ${own} ${not}${text}`, holds: address(own, [text]) })),
    ),
  )
}

const portMatch = ({ service }: Side): fc.Arbitrary<Match> => {
  const other = service === 'dport' ? 'sport' : 'dport'
  const lists = [['22'], ['80'], ['8080'], ['22', '80'], ['80-9000'], ['22', '8000-9000'], ['1024-65535']]
  return inverted(
    fc
      .tuple(
        fc.constantFrom('tcp', 'tcp', 'udp', 'th'),
        fc.constantFrom(service, service, service, other),
        fc.constantFrom(...lists, '@ports'),
      )
      .map(([protocol, field, list]) => (not: string) => {
        const values = typeof list === 'string' ? ['22', '8080-8090'] : list
        const text = typeof list === 'string' ? list : list.length === 1 ? list[0] : `{ ${list.join(', ')} }`
        return {
          text: `${protocol} ${field} ${not}${text}`,
          holds: port(field, values),
          isThere: protocol === 'th' ? () => true : isOf(protocol),
        }
      }),
  )
}

const pairMatch = ({ prober, service }: Side): fc.Arbitrary<Match> =>
  inverted(
    fc
      .constantFrom<readonly [string, readonly (readonly [string, string])[]]>(
        ['@pairs', PAIRS],
        [
          '{ 100.64.0.7 . 80, 100.65.0.7 . 22 }',
          [
            ['100.64.0.7', '80'],
            ['100.65.0.7', '22'],
          ],
        ],
      )
      .map(([text, pairs]) => (not: string) => ({
        text: `ip ${prober} . tcp ${service} ${not}${text}`,
        isThere: isOf('tcp'),
        holds: (packet: Packet) =>
          pairs.some(
            ([one, number]) =>
              allOf([address(prober, [one])(packet), port(service, [number])(packet)]) === true,
          ),
      })),
  )

const simple = (text: string, holds: Match['holds']): Match => ({ text, holds })
export const isTracked = ({ ct }: Packet): boolean => ['new', 'established', 'related'].includes(ct)

/** Does the connection lead to this network? */
const isToward = ({ isReply, source, destination }: Packet, network: string): boolean =>
  addressMatches(isReply ? source : destination, [network])
const isBetween = ({ source, destination }: Packet, network: string): boolean =>
  addressMatches(source, [network]) || addressMatches(destination, [network])

const CT: readonly Match[] = [
  ...['new', 'established', 'invalid', 'untracked', 'related'].map((state) =>
    simple(`ct state ${state}`, ({ ct }) => ct === state),
  ),
  simple('ct state established,related', ({ ct }) => ct === 'established' || ct === 'related'),
  simple('ct state != established', ({ ct }) => ct !== 'established'),
  simple('ct state { new, untracked }', ({ ct }) => ct === 'new' || ct === 'untracked'),
  simple('ct direction original', (packet) => isTracked(packet) && !packet.isReply),
  simple('ct direction reply', (packet) => isTracked(packet) && packet.isReply),
  simple('ct status dnat', () => false),
  simple('ct status seen-reply', (packet) => isTracked(packet) && packet.hasReply),
  simple('ct status confirmed', (packet) => isTracked(packet) && packet.hasReply),
  simple('ct original ip daddr 10.0.1.16', (packet) => isTracked(packet) && isToward(packet, '10.0.1.16')),
  simple(
    'ct original ip saddr 100.64.0.0/16',
    (packet) => isTracked(packet) && !isToward(packet, '100.64.0.0/16') && isBetween(packet, '100.64.0.0/16'),
  ),
  simple(
    'meta l4proto tcp ct original proto-dst 80',
    (packet) =>
      isTracked(packet) && packet.protocol === 'tcp' && (packet.isReply ? packet.sport : packet.dport) === 80,
  ),
  simple('ct mark 4', (packet) => isTracked(packet) && packet.connection.mark === 4),
  simple('ct mark != 4', (packet) => isTracked(packet) && packet.connection.mark !== 4),
]

const META: readonly Match[] = [
  simple('meta mark 1', ({ mark }) => mark === 1),
  simple('meta mark != 1', ({ mark }) => mark !== 1),
  simple('meta mark & 2 == 2', ({ mark }) => (mark & 2) === 2),
  simple('mark and 3 == 3', ({ mark }) => (mark & 3) === 3),
  simple('meta mark { 1, 2 }', ({ mark }) => mark === 1 || mark === 2),
  simple('meta mark 1-2', ({ mark }) => mark === 1 || mark === 2),
  simple('meta mark > 1', ({ mark }) => mark > 1),
  simple('meta mark 0x20000', ({ mark }) => mark === 0x20000),
  simple('meta mark <= 2', ({ mark }) => mark <= 2),
  simple('meta l4proto 2-6', ({ protocol }) => protocol === 'tcp'),
  simple('meta l4proto != 7-17', ({ protocol }) => protocol !== 'udp'),
  simple('meta l4proto tcp', ({ protocol }) => protocol === 'tcp'),
  simple('meta l4proto != udp', ({ protocol }) => protocol !== 'udp'),
  simple('ip protocol { tcp, udp }', ({ protocol }) => protocol !== 'icmp'),
  simple('meta nfproto ipv4', () => true),
  simple('pkttype host', () => true),
  simple('fib daddr type multicast', () => false),
]

const tcp = (text: string, holds: (flags: readonly string[]) => Answer): Match =>
  simple(text, ({ protocol, flags }) => protocol === 'tcp' && holds(flags))

const FLAGS: readonly Match[] = [
  tcp('tcp flags syn', (flags) => flags.includes('syn')),
  tcp('tcp flags & (syn | ack) == syn', (flags) => flags.includes('syn') && !flags.includes('ack')),
  tcp('tcp flags == syn', (flags) => flags.join() === 'syn'),
  tcp('tcp flags & syn == 0', (flags) => !flags.includes('syn')),
  tcp('tcp flags rst', (flags) => flags.includes('rst')),
]

const device = ({ device: field }: Side, name: string): fc.Arbitrary<Match> => {
  const of = (packet: Packet): string => (field === 'iifname' ? packet.input : packet.output)
  const begin = name.slice(0, 2)
  return fc.constantFrom(
    simple(`${field} "${name}"`, (packet) => of(packet) === name),
    simple(`${field} != "${name}"`, (packet) => of(packet) !== name),
    simple(`${field} "${begin}*"`, (packet) => of(packet).startsWith(begin)),
    simple(`${field} != "${begin}*"`, (packet) => !of(packet).startsWith(begin)),
    simple(`${field} { "lo", "other0" }`, (packet) => ['lo', 'other0'].includes(of(packet))),
    simple(`${field} != { "lo", "${name}" }`, (packet) => !['lo', name].includes(of(packet))),
  )
}

/** What nobody can tell from the text. */
const CHANCES: readonly Match[] = [
  ...[
    'limit rate 3/minute',
    'ip ttl 64',
    'meta length > 99',
    'numgen random mod 2 == 1',
    'meta cpu 0',
    'ip saddr & 0.0.0.7 == 0.0.0.1',
  ],
  ...['quota over 10 mbytes', 'ip saddr @grown', 'jhash ip saddr mod 4 == 1', 'ip dscp cs1', 'ct zone 0'],
].map((text) => simple(text, () => 'chance'))

/** Words of a tool that is newer than this code. */
const FOREIGN: readonly Match[] = ['foo bar 1', 'ip newfield != { 1, 2 }', 'meta newkey "x"'].map((text) => ({
  ...simple(text, () => 'chance'),
  isForeign: true,
}))

export interface Kind {
  readonly device: string
  /** `chance`: matches that nobody can tell. `foreign`: no tool reads these texts. */
  readonly unclear?: 'chance' | 'foreign'
}

export const matchOf = (side: Side, { device: name, unclear }: Kind): fc.Arbitrary<Match> =>
  fc.oneof(
    { weight: 3, arbitrary: addressMatch(side) },
    { weight: 3, arbitrary: portMatch(side) },
    { weight: 1, arbitrary: pairMatch(side) },
    { weight: 3, arbitrary: fc.constantFrom(...CT) },
    { weight: 3, arbitrary: fc.constantFrom(...META) },
    { weight: 2, arbitrary: fc.constantFrom(...FLAGS) },
    { weight: 2, arbitrary: device(side, name) },
    { weight: unclear ? 2 : 0, arbitrary: fc.constantFrom(...CHANCES) },
    { weight: unclear === 'foreign' ? 2 : 0, arbitrary: fc.constantFrom(...FOREIGN) },
  )
