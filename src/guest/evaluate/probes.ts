import {
  type AddressSet,
  intersect,
  isEmpty,
  parseAddresses,
  subtract,
  toCidrs,
  unionOf,
} from '../../rules/index.ts'
import type { ProbesSeen } from '../evaluation.ts'
import type { Connection } from '../facts.ts'
import type { Given } from './given.ts'
import { isPing } from './reasons.ts'
import { inDoubt, NOTHING, type Verdicts, verdictsOf } from './stops.ts'

// The kernel has met the real probes: their connections are in its tables.

const HALF_OPEN = new Set(['SYN_RECV', 'NEW_SYN_RECV'])
const CONNECTED = new Set([
  'ESTABLISHED',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'CLOSING',
])

/** Connections of probers that ended while something was left to read or to send. An idle moment does not look like that. */
const HAS_ASKED = new Set(['CLOSE_WAIT'])
const HAS_ANSWERED = new Set(['FIN_WAIT1', 'CLOSING', 'LAST_ACK'])
/** The end of a connection counts as one byte. */
const END = 1

/** Has one of these probers connected to the port of the check? */
export function hasConnected(sources: AddressSet, given: Given): boolean {
  const { port } = given.check
  return !isEmpty(probesSeen(sources, port === null ? [] : [port], given).connected)
}

/** Peers of `sources` with a connection to one of these ports. */
export function probesSeen(sources: AddressSet, ports: readonly number[], given: Given): ProbesSeen {
  const own = connectionsTo(ports, given)
  const peers = (states: ReadonlySet<string>): AddressSet =>
    peersIn(
      own.filter(({ state }) => states.has(state)),
      sources,
      given,
    )
  return { connected: peers(CONNECTED), halfOpen: peers(HALF_OPEN) }
}

/**
 * What the connections of the probes say against "gets through". Every kind has an innocent reading, too, so nothing is
 * certain: the kernel may wait for data before it opens a connection (TCP_DEFER_ACCEPT), and chance may catch one in the
 * making.
 */
export function observed(sources: AddressSet, ports: readonly number[], given: Given): Verdicts {
  if (isPing(given.check)) return NOTHING
  if (given.facts.connections === null) return withoutList(sources)
  const { connected, halfOpen } = probesSeen(sources, ports, given)
  const own = connectionsTo(ports, given)
  const unread = own.filter(({ state, unread }) => HAS_ASKED.has(state) && unread > END)
  const unsent = own.filter(({ state, unsent }) => HAS_ANSWERED.has(state) && unsent > END)
  // If nobody has got through, then those who were not caught have not either.
  const never = subtract(halfOpen, connected)
  const lost = isEmpty(connected) && !isEmpty(never) ? sources : never
  return verdictsOf([
    inDoubt({
      sources: lost,
      stage: 'guest-firewall',
      decidedBy: `half-open connections of ${textOf(never)}: the SYN came in, and no ACK followed`,
      observed: { kind: 'half-open', peers: addressesIn(never) },
      notSeen: [],
    }),
    ofAnswer('unread', peersIn(unread, sources, given), given),
    ofAnswer('unacknowledged', peersIn(unsent, sources, given), given),
  ])
}

/** They could speak against it. */
const withoutList = (sources: AddressSet): Verdicts =>
  inDoubt({
    sources,
    stage: 'guest-firewall',
    decidedBy: null,
    could: ['timeout', 'http-timeout'],
    notSeen: [{ layer: 'connections', why: 'left-out', what: 'ss -nt' }],
  })

const WORDS = {
  unread: 'gave up, and the application had not read the request',
  unacknowledged: 'did not acknowledge the answer',
} as const

function ofAnswer(kind: keyof typeof WORDS, peers: AddressSet, { check }: Given): Verdicts {
  if (check.kind === 'tcp' || check.kind === 'udp') return NOTHING
  return inDoubt({
    sources: peers,
    stage: 'application',
    decidedBy: `${textOf(peers)} ${WORDS[kind]}`,
    could: ['http-timeout'],
    observed: { kind, peers: addressesIn(peers) },
    notSeen: [],
  })
}

const MOST_PEERS = 3

const addressesIn = (peers: AddressSet): readonly string[] =>
  toCidrs(peers).map((cidr) => cidr.replace(/\/(?:32|128)$/, ''))

function textOf(peers: AddressSet): string {
  const addresses = addressesIn(peers)
  const some = addresses.slice(0, MOST_PEERS).join(', ')
  return addresses.length > MOST_PEERS ? `${some} …` : some
}

const connectionsTo = (ports: readonly number[], { facts }: Given): readonly Connection[] =>
  (facts.connections ?? []).filter(({ localPort }) => ports.includes(localPort))

const peersIn = (all: readonly Connection[], sources: AddressSet, { machine }: Given): AddressSet =>
  subtract(
    intersect(
      unionOf(
        sources.family,
        all.flatMap(({ peerAddress }) => parseAddresses(peerAddress) ?? []),
      ),
      sources,
    ),
    machine.own,
  )
