import type { Family } from '../../rules/index.ts'
import { icmpType, numberOf, tcpFlags } from '../names.ts'
import {
  ALWAYS,
  addressIn,
  addressTypeIs,
  anyTest,
  comesByItsRoute,
  connectionAddressIn,
  connectionPortIn,
  ctMarkOf,
  ctStateOf,
  ctStatusOf,
  deviceIs,
  familyIs,
  icmpTypeOf,
  isOfReply,
  isTracked,
  MAYBE,
  markOf,
  NEVER,
  notTest,
  portIn,
  protocolIs,
  type Side,
  tcpFlagsOf,
} from '../tests.ts'
import { absent, addresses, bits, type Field, field, named, ports, protocol, unclear } from './field.ts'
import type { Cursor } from './tokens.ts'

const STATES = named({ invalid: 1, established: 2, related: 4, new: 8, untracked: 64 })
const STATUSES = named({
  expected: 1,
  'seen-reply': 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  dying: 512,
})

const device = (side: 'input' | 'output'): Field =>
  field((text) =>
    deviceIs(
      side,
      text.endsWith('*') && !text.endsWith('\\*')
        ? { name: text.slice(0, -1), isPrefix: true }
        : { name: text.replace('\\*', '*'), isPrefix: false },
    ),
  )

const icmp = (family: Family): Field =>
  field(
    (text) => {
      const type = icmpType(family, text)
      return type === null
        ? null
        : (flow) => (icmpTypeOf(flow) === null ? 'maybe' : icmpTypeOf(flow) === type)
    },
    protocolIs(family === 4 ? 1 : 58),
  )

/** nft prints codes of ICMP by name, even that of a ping. */
const CODES = {
  4: { 'net-unreachable': 0, 'host-unreachable': 1, 'prot-unreachable': 2, 'port-unreachable': 3 },
  6: { 'no-route': 0, 'admin-prohibited': 1, 'addr-unreachable': 3, 'port-unreachable': 4 },
} as const satisfies Readonly<Record<Family, Readonly<Record<string, number>>>>

/** The code of a ping is 0. That of a notice tells how a rule rejects. */
const icmpCode = (family: Family): Field => {
  const codes: Readonly<Record<string, number>> = CODES[family]
  return field(
    (text) => {
      const code = codes[text] ?? numberOf(text)
      return code === null ? null : ({ notice }) => (notice === null ? code === 0 : 'maybe')
    },
    protocolIs(family === 4 ? 1 : 58),
  )
}

const number = (value: number): Field => field((text) => (numberOf(text) === value ? ALWAYS : NEVER))

const addressType = (side: Side): Field => field((text) => addressTypeIs(side, text))

/** `exists` or `missing`, or the name of the device. */
const route: Field = field((text) =>
  text === 'exists' ? comesByItsRoute(false) : text === 'missing' ? notTest(comesByItsRoute(false)) : MAYBE,
)
const anyRoute: Field = field((text) =>
  text === 'exists' ? comesByItsRoute(true) : text === 'missing' ? notTest(comesByItsRoute(true)) : MAYBE,
)

const familyField = (...names: readonly [string, string]): Field =>
  field((text) => {
    const at = names.indexOf(text)
    return at < 0 ? NEVER : familyIs(at === 0 ? 4 : 6)
  })

const direction: Field = field(
  (text) => (flow) => (flow.ct === null ? 'maybe' : isOfReply(flow) === (text === 'reply' || text === '1')),
  isTracked,
)

const pkttype: Field = field((text) => (/^(?:host|unicast)$/.test(text) ? ALWAYS : NEVER))

const TCP = protocolIs(6)
const UDP = protocolIs(17)
const TRANSPORT = anyTest([TCP, UDP])

/** nft compares what stands where TCP and UDP have their ports, whatever the protocol. */
const anyPort = (side: Side): Field =>
  ports((set) => (flow) => (TRANSPORT(flow) === false ? 'maybe' : portIn(side, set)(flow)))

/** Of a prefix with whole bytes nft 1.0 prints the bytes turned: `ct original saddr 10.0.0.0/8` as `0.0.0.10`. */
const unlessTurned = (own: Field): Field => {
  const isTurned = (text: string): boolean => /^(?:0\.|::)[^/-]*$/.test(text)
  return {
    ...own,
    is: (text) => (isTurned(text) ? null : own.is(text)),
    isAny: (texts) => (texts.some(isTurned) ? null : (own.isAny?.(texts) ?? null)),
  }
}

const connection = (of: 'original' | 'reply'): readonly (readonly [string, Field])[] =>
  (['source', 'destination'] as const).flatMap((side) => {
    const [addr, port] = side === 'source' ? ['saddr', 'proto-src'] : ['daddr', 'proto-dst']
    const [four, six] = ([4, 6] as const).map((family) =>
      unlessTurned(addresses((set) => connectionAddressIn(of, side, set), family, isTracked)),
    ) as [Field, Field]
    return [
      [`ct ${of} ${addr}`, { ...four, needs: [isTracked] }],
      [`ct ${of} ip ${addr}`, four],
      [`ct ${of} ip6 ${addr}`, six],
      [`ct ${of} ${port}`, ports((set) => connectionPortIn(of, side, set), isTracked)],
    ]
  })

const both = (name: string, one: Field): readonly (readonly [string, Field])[] => [
  [name, one],
  [`meta ${name}`, one],
]

const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['ip saddr', addresses((set) => addressIn('source', set), 4)],
  ['ip daddr', addresses((set) => addressIn('destination', set), 4)],
  ['ip6 saddr', addresses((set) => addressIn('source', set), 6)],
  ['ip6 daddr', addresses((set) => addressIn('destination', set), 6)],
  ['ip protocol', protocol(familyIs(4))],
  ['ip6 nexthdr', protocol(familyIs(6))],
  ['meta l4proto', protocol()],
  ['ct protocol', protocol(isTracked)],
  ['meta nfproto', familyField('ipv4', 'ipv6')],
  ['ct l3proto', familyField('ipv4', 'ipv6')],
  ['meta protocol', familyField('ip', 'ip6')],
  ['ether type', familyField('ip', 'ip6')],
  ['ip version', number(4)],
  ['tcp sport', ports((set) => portIn('source', set), TCP)],
  ['tcp dport', ports((set) => portIn('destination', set), TCP)],
  ['udp sport', ports((set) => portIn('source', set), UDP)],
  ['udp dport', ports((set) => portIn('destination', set), UDP)],
  ['th sport', anyPort('source')],
  ['th dport', anyPort('destination')],
  ['tcp flags', { ...bits(tcpFlagsOf, tcpFlags, TCP), isFlags: true }],
  ['icmp type', icmp(4)],
  ['icmpv6 type', icmp(6)],
  ['icmp code', icmpCode(4)],
  ['icmpv6 code', icmpCode(6)],
  [
    'ip frag-off',
    { ...number(0), needs: [familyIs(4)], bits: () => ({ on: 0, unsure: 0x4000 }), bitOf: numberOf },
  ],
  ['ct state', { ...bits(ctStateOf, STATES), isFlags: true }],
  ['ct status', { ...bits(ctStatusOf, STATUSES, isTracked), isFlags: true }],
  ['ct mark', bits(ctMarkOf, numberOf, isTracked)],
  ['ct direction', direction],
  ...connection('original'),
  ...connection('reply'),
  ...both('mark', bits(markOf, numberOf)),
  ...both('iif', device('input')),
  ...both('iifname', device('input')),
  ...both('oif', device('output')),
  ...both('oifname', device('output')),
  ...both('pkttype', pkttype),
  ['fib daddr type', addressType('destination')],
  ['fib saddr type', addressType('source')],
  ['fib saddr . iif oif', route],
  ['fib saddr . mark . iif oif', route],
  ['fib saddr oif', anyRoute],
  ['fib saddr . mark oif', anyRoute],
])

/** Fields that are understood, of which the value is not known. */
const UNCLEAR: Readonly<Record<string, readonly string[]>> = {
  ip: ['ttl', 'dscp', 'ecn', 'length', 'id', 'hdrlength', 'checksum'],
  ip6: ['hoplimit', 'dscp', 'ecn', 'length', 'flowlabel'],
  meta: [
    ...['length', 'priority', 'random', 'skuid', 'skgid', 'cgroup', 'time', 'day', 'hour', 'rtclassid'],
    ...['iifgroup', 'oifgroup', 'iiftype', 'oiftype', 'cpu', 'iifkind', 'oifkind', 'ibrname', 'obrname'],
  ],
  ether: ['saddr', 'daddr'],
  ct: ['expiration', 'helper', 'zone', 'bytes', 'packets', 'avgpkt', 'id', 'label'],
  tcp: ['window', 'sequence', 'ackseq', 'doff', 'checksum'],
  udp: ['length', 'checksum'],
  socket: ['transparent', 'mark', 'wildcard'],
}

const SHORT = ['skuid', 'skgid', 'iifgroup', 'oifgroup', 'iiftype', 'oiftype', 'rtclassid', 'cpu']

/** Headers that probes do not have. */
const ABSENT = new Set([
  'rt',
  'frag',
  'hbh',
  'dst',
  'mh',
  'ah',
  'esp',
  'comp',
  'sctp',
  'dccp',
  'udplite',
  'gre',
  'igmp',
  'arp',
  'vlan',
])

const ROUTE = new Set(['classid', 'nexthop', 'mtu', 'ipsec', 'ip', 'ip6'])

const LONGEST = 7

/** The field that begins here, with the cursor behind it. Null: these words are not understood. */
export function takeField(cursor: Cursor): Field | null {
  if (cursor.token()?.isQuoted) return null
  const words: string[] = []
  for (let i = 0; i < LONGEST; i++) words.push(cursor.peek(i))
  for (let length = LONGEST; length > 0; length--) {
    const found = FIELDS.get(words.slice(0, length).join(' '))
    if (found === undefined) continue
    cursor.skip(length)
    return found
  }
  return takeOther(cursor, words[0] ?? '', words[1] ?? '')
}

function takeOther(cursor: Cursor, first: string, second: string): Field | null {
  if (UNCLEAR[first]?.includes(second)) {
    cursor.skip(2)
    return first === 'ip' || first === 'ip6' ? unclear(familyIs(first === 'ip' ? 4 : 6)) : unclear()
  }
  if (SHORT.includes(first)) {
    cursor.skip(1)
    return unclear()
  }
  // The route of the packet, and no header.
  if (first === 'rt' && ROUTE.has(second)) return null
  if (ABSENT.has(first)) {
    cursor.skip(2)
    return absent
  }
  return first === 'numgen' || first === 'jhash' || first === 'symhash' ? takeNumber(cursor) : null
}

/** `numgen random mod 2 offset 10`, `jhash ip saddr . tcp dport mod 4` */
function takeNumber(cursor: Cursor): Field | null {
  while (!cursor.isAtEnd() && cursor.peek() !== 'mod') cursor.skip(1)
  cursor.skip(1)
  const count = numberOf(cursor.next())
  if (cursor.take('seed')) cursor.skip(1)
  if (cursor.take('offset')) cursor.skip(1)
  return count === null ? null : { ...unclear(), chance: count }
}
