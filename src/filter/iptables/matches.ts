import { type AddressSet, type Family, parseAddresses, unionOf } from '../../rules/index.ts'
import type { Matched } from '../matched.ts'
import {
  icmpType,
  numberOf,
  portListOf,
  portsOf,
  protocolNumber,
  tcpFlags,
  UNKNOWN_PROTOCOL,
} from '../names.ts'
import type { Flow, Test } from '../program.ts'
import {
  ALWAYS,
  addressIn,
  addressTypeIs,
  allTests,
  anyTest,
  bitsAre,
  CT_STATES,
  comesByItsRoute,
  connectionAddressIn,
  connectionPortIn,
  ctMarkOf,
  ctStateOf,
  ctStatusOf,
  deviceIs,
  eitherPortIn,
  hasBit,
  icmpTypeOf,
  inverted,
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
import { maskedAddresses } from './addresses.ts'
import type { Option } from './words.ts'

/** `match-set` of ipset: the members of a set by its name. Null: not known. */
export type SetTest = (name: string, sides: string) => Test | null

export interface MatchContext {
  readonly family: Family
  readonly matchSet: SetTest
}

type Read = (values: readonly string[], context: MatchContext) => Test | null

const port =
  (test: (side: Side, set: readonly number[]) => Test, side: Side): Read =>
  ([text = '']) => {
    const ports = portsOf(text)
    return ports && test(side, ports)
  }

const ports =
  (test: (set: readonly number[]) => Test): Read =>
  ([text = '']) => {
    const set = portListOf(text)
    return set && test(set)
  }

const address =
  (test: (set: AddressSet) => Test): Read =>
  ([text = ''], { family }) => {
    const sets = text.split(',').map((one) => parseAddresses(one) ?? maskedAddresses(one))
    return sets.includes(null) ? null : test(unionOf(family, sets as readonly AddressSet[]))
  }

const device =
  (side: 'input' | 'output'): Read =>
  ([name = '']) =>
    deviceIs(
      side,
      name.endsWith('+') ? { name: name.slice(0, -1), isPrefix: true } : { name, isPrefix: false },
    )

const protocol: Read = ([text = '']) =>
  text === 'all' || text === '0' ? ALWAYS : protocolIs(protocolNumber(text) ?? UNKNOWN_PROTOCOL)

const flags: Read = ([mask = '', wanted = '']) => {
  const [under, value] = [tcpFlags(mask), tcpFlags(wanted)]
  return under === null || value === null ? null : (flow) => bitsAre(tcpFlagsOf(flow), value, under)
}

const icmp =
  (family: Family): Read =>
  ([text = '']) => {
    const [name = '', code = ''] = text.split('/')
    if (name === 'any' || name === '255') return ALWAYS
    const type = icmpType(family, name)
    return type === null ? null : (flow) => icmpIs(flow, type, code)
  }

function icmpIs(flow: Flow, type: number, code: string): Matched {
  const own = icmpTypeOf(flow)
  if (own === null) return 'maybe'
  if (own !== type) return false
  // The code of a notice tells how a rule rejects.
  return code === '' || (flow.notice === null ? code === '0' : 'maybe')
}

/** Without SNAT and DNAT: the state itself. */
const STATES: Readonly<Record<string, number>> = CT_STATES
const NAT: Readonly<Record<string, number>> = { SNAT: 16, DNAT: 32 }

const states: Read = ([text = '']) => {
  const names = text.split(',')
  if (names.some((name) => STATES[name] === undefined && NAT[name] === undefined)) return null
  const sum = (known: Readonly<Record<string, number>>): number =>
    names.reduce((total, name) => total | (known[name] ?? 0), 0)
  const [state, nat] = [sum(STATES), sum(NAT)]
  return anyTest([(flow) => hasBit(ctStateOf(flow), state), (flow) => hasBit(ctStatusOf(flow), nat)])
}

const STATUS: Readonly<Record<string, number>> = { EXPECTED: 1, SEEN_REPLY: 2, ASSURED: 4, CONFIRMED: 8 }

const statuses: Read = ([text = '']) => {
  const bits = text.split(',').map((name) => STATUS[name] ?? null)
  if (bits.includes(null)) return null
  const some = bits.reduce<number>((total, bit) => total | (bit ?? 0), 0)
  return (flow) => hasBit(ctStatusOf(flow), some)
}

const direction: Read = ([text = '']) =>
  /^(?:ORIGINAL|REPLY)$/.test(text)
    ? (flow) => (flow.ct === null ? 'maybe' : isOfReply(flow) === (text === 'REPLY'))
    : null

const mark =
  (of: typeof markOf): Read =>
  ([text = '']) => {
    const [value, mask] = text.split('/').map(numberOf)
    return value == null || mask === null ? null : (flow) => bitsAre(of(flow), value, mask)
  }

const addressType =
  (side: Side): Read =>
  ([text = '']) =>
    anyTest(text.split(',').map((type) => addressTypeIs(side, type)))

/** A neighbour asks by multicast, and later by unicast. */
const isUnicast: Read = ([text = '']) =>
  /^(?:unicast|broadcast|multicast)$/.test(text)
    ? ({ trip }) => (trip.isNeighbour && text !== 'broadcast' ? 'maybe' : text === 'unicast')
    : null

/** What does not come from the link itself is no neighbour discovery (RFC 4861). Of probes it is not known. */
const hopLimit: Read =
  ([text = '']) =>
  ({ trip }) =>
    trip.isNeighbour ? text === '255' : 'maybe'

/** No probe is encrypted. */
const policy: Read = ([text = '']) => (text === 'none' ? ALWAYS : text === 'ipsec' ? NEVER : null)

/** A forwarded packet has no socket. Which socket sends an answer is not known. */
const owner: Read = () => (flow) => (flow.isForwarded || flow.output === '' ? false : 'maybe')

const READS: Readonly<Record<string, Read>> = {
  ' -s': address((set) => addressIn('source', set)),
  ' -d': address((set) => addressIn('destination', set)),
  ' -i': device('input'),
  ' -o': device('output'),
  ' -p': protocol,
  ' -f': () => NEVER,
  ' -m': ([name = '']) => (KNOWN.has(name) ? ALWAYS : ABSENT.has(name) ? NEVER : null),
  'tcp --tcp-flags': flags,
  'icmp --icmp-type': icmp(4),
  'icmp6 --icmpv6-type': icmp(6),
  'multiport --sports': ports((set) => portIn('source', set)),
  'multiport --dports': ports((set) => portIn('destination', set)),
  'multiport --ports': ports(eitherPortIn),
  'conntrack --ctstate': states,
  'state --state': states,
  'conntrack --ctstatus': statuses,
  'conntrack --ctdir': direction,
  'conntrack --ctproto': protocol,
  'mark --mark': mark(markOf),
  'connmark --mark': mark(ctMarkOf),
  'addrtype --src-type': addressType('source'),
  'addrtype --dst-type': addressType('destination'),
  'iprange --src-range': address((set) => addressIn('source', set)),
  'iprange --dst-range': address((set) => addressIn('destination', set)),
  'pkttype --pkt-type': isUnicast,
  'hl --hl-eq': hopLimit,
  'policy --pol': policy,
  'policy --dir': () => ALWAYS,
  'physdev --physdev-is-bridged': () => NEVER,
  'owner --uid-owner': owner,
  'owner --gid-owner': owner,
  'owner --socket-exists': owner,
  'set --match-set': ([name = '', sides = ''], { matchSet }) => matchSet(name, sides),
  'nfacct --nfacct-name': () => ALWAYS,
  'comment --comment': () => ALWAYS,
  ...Object.fromEntries(
    ['tcp', 'udp'].flatMap((name) => [
      [`${name} --sport`, port(portIn, 'source')],
      [`${name} --dport`, port(portIn, 'destination')],
    ]),
  ),
  ...Object.fromEntries(
    (['orig', 'repl'] as const).flatMap((of) =>
      (['source', 'destination'] as const).flatMap((side) => {
        const name = `conntrack --ct${of}${side === 'source' ? 'src' : 'dst'}`
        const tuple = of === 'orig' ? 'original' : 'reply'
        return [
          [name, address((set) => connectionAddressIn(tuple, side, set))],
          [`${name}port`, port((end, set) => connectionPortIn(tuple, end, set), side)],
        ]
      }),
    ),
  ),
}

/** Matches that ask nothing but their options. */
const KNOWN = new Set([
  ...['tcp', 'udp', 'icmp', 'icmp6', 'multiport', 'conntrack', 'state', 'mark', 'connmark', 'addrtype'],
  ...['iprange', 'pkttype', 'policy', 'physdev', 'owner', 'set', 'nfacct', 'comment', 'rpfilter', 'hl'],
])

/** They match packets with a header that probes do not have. */
const ABSENT = new Set(['rt', 'frag', 'hbh', 'dst', 'ah', 'esp', 'mh', 'sctp', 'dccp', 'ipcomp'])

/** Options that only count, or write something down. */
const IDLE = new Set(['rpfilter --invert', 'rpfilter --loose', 'rpfilter --validmark', 'policy --strict'])

/** What all options together ask. An option that is not understood may match. */
export function testOf(options: readonly Option[], context: MatchContext): Test {
  const matches = options.filter(({ match, name }) => match !== 'target' && name !== '-j' && name !== '-g')
  const hasState = matches.some(({ name }) => name === '--ctstate')
  const tests = matches.flatMap((option) => readOption(option, context, hasState))
  return allTests([...tests, ...reversePath(matches)])
}

function readOption(option: Option, context: MatchContext, hasState: boolean): readonly Test[] {
  const { match, name, values, isInverted } = option
  const key = `${match} ${name}`
  if (IDLE.has(key)) return []
  const test = inverted(READS[key]?.(values, context) ?? MAYBE, isInverted)
  if (match === 'connmark') return [isTracked, test]
  // Without a connection, xt_conntrack asks for the state alone.
  if (match === 'conntrack' && name !== '--ctstate')
    return hasState ? [anyTest([notTest(isTracked), test])] : [isTracked, test]
  return [test]
}

/** `-m rpfilter` asks by its name, and its options change the question. */
function reversePath(options: readonly Option[]): readonly Test[] {
  if (!options.some(({ name, values }) => name === '-m' && values[0] === 'rpfilter')) return []
  const has = (wanted: string): boolean => options.some(({ name }) => name === wanted)
  const test = comesByItsRoute(has('--loose'))
  return [has('--invert') ? notTest(test) : test]
}
